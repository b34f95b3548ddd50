"""Work shared with further processes: results in the order of what was given, interruptions left to who started it."""

from __future__ import annotations

import copyreg
import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from threading import Thread
from types import MappingProxyType
from typing import Any, TypeVar

_AHEAD = 2
"""So many pieces of work are given out to each process: one at hand and one that waits for it."""

Work = TypeVar("Work")
Result = TypeVar("Result")


def side_by_side(work: Callable[[Work], Result], given: Iterable[Work], others: int) -> Generator[Result]:
    """Yield what `work` makes of each piece, in the order they are given, worked out here and by `others`.

    `work`, pieces and results can be pickled. This process works too while the others are busy, so that it
    need not wait for them to start; what a process leaves undone that is killed is done here. Whoever stops
    asking, by an interruption or before the end, ends the others.
    """
    # Forked children would inherit the threads of whoever asked; these start clean.
    pool = ProcessPoolExecutor(others, mp_context=get_context("spawn"), initializer=obey)
    waiting: deque[tuple[Future[Result], Work]] = deque()
    try:
        for piece in given:
            busy = sum(not future.done() for future, _ in waiting)
            waiting.append((_begun(pool, work, piece) if busy < others * _AHEAD else _done(work, piece), piece))
            while waiting and waiting[0][0].done():
                yield _result(work, *waiting.popleft())
        while waiting:
            yield _result(work, *waiting.popleft())
    except BaseException:
        for process in list((pool._processes or {}).values()):  # noqa: SLF001 - Python 3.11 has no public way to end them
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begun(pool: ProcessPoolExecutor, work: Callable[[Work], Result], piece: Work) -> Future[Result]:
    """Return the work on a piece, given to another process if there still is one."""
    try:
        return pool.submit(work, piece)
    except BrokenProcessPool:
        return _done(work, piece)


def _done(work: Callable[[Work], Result], piece: Work) -> Future[Result]:
    """Return the work on a piece, done here; an error waits for its place among the results."""
    future: Future[Result] = Future()
    try:
        future.set_result(work(piece))
    except Exception as error:  # noqa: BLE001 - as another process hands over whatever was raised there
        future.set_exception(error)
    return future


def _result(work: Callable[[Work], Result], future: Future[Result], piece: Work) -> Result:
    try:
        return future.result()
    except BrokenProcessPool:
        return work(piece)


def obey() -> None:
    """Leave interruptions (Ctrl-C) to the process that started this one, and end when that one was killed."""

    def watch() -> None:
        if parent := parent_process():
            parent.join()
            os.kill(os.getpid(), signal.SIGTERM)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=watch, daemon=True).start()


def frozen(values: dict[str, Any]) -> MappingProxyType[str, Any]:
    """Return a mapping that nobody can change: what it was before it crossed over from another process."""
    return MappingProxyType(values)


def _crossing(values: MappingProxyType[str, Any]) -> tuple[Callable[..., MappingProxyType[str, Any]], tuple[Any, ...]]:
    return frozen, (dict(values),)


copyreg.pickle(MappingProxyType, _crossing)
