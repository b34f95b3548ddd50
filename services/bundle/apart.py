"""Work done in processes of its own, one for each call: what a call took is given back when it is done.

A call is forked from a process that has everything loaded and does nothing itself, so that it starts at once;
forked from whoever asks, it would inherit the threads of a server.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

from services.workers import obey

Run = Callable[..., Any]
"""Calls a function with arguments, somewhere, and returns what it returns."""


def here(function: Callable[..., Any], *arguments: Any) -> Any:
    """Return what a function returns, called here."""
    return function(*arguments)


@contextmanager
def apart(ready: Callable[[], None]) -> Generator[Run]:
    """Give out what calls functions apart; `ready` is called once, and what it loads they all have."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_ready, initargs=(ready,)) as pool:
        yield lambda function, *arguments: pool.submit(_forked, function, *arguments).result()


def _ready(ready: Callable[[], None]) -> None:
    obey()
    ready()


def _forked(function: Callable[..., Any], *arguments: Any) -> Any:
    with ProcessPoolExecutor(1, mp_context=get_context("fork"), initializer=obey) as pool:
        return pool.submit(function, *arguments).result()
