"""A box for strangers' files: each is opened in a child process that may die without harm.

One warm process (`services.carriers.nursery`) has everything imported and forks a child for each file, so
that a child costs milliseconds and never inherits the threads of a web server. A child has limits on
memory, processor time, wall time and files; its answer crosses as JSON or plain bytes, never as pickled
objects. A child that dies says nothing: the file is then unreadable, the service goes on.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import socket
import struct
import subprocess
import sys
import threading
from typing import Any

from services.carriers.reading import UnreadableError
from services.settings import ROOT

WALL_S = 40
AT_ONCE = 4
HEADER = struct.Struct("!QQ")
JSON_ANSWER, BYTES_ANSWER, REFUSED, FAILED = b"J", b"B", b"R", b"F"

_log = logging.getLogger(__name__)


class _Nursery:
    """The warm process, started when it is first needed and again when it is gone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def child(self) -> socket.socket:
        """Return the line to a new child."""
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            for attempt in (1, 2):
                control = self._control or self._start()
                try:
                    socket.send_fds(control, [b"+"], [theirs.fileno()])
                    break
                except OSError:
                    self._control = None
                    if attempt == 2:  # noqa: PLR2004 - the second time it is our fault
                        ours.close()
                        raise
        return ours

    def prepare(self) -> None:
        """Start the process if it is not there."""
        with self._lock:
            if self._control is None:
                self._start()

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        # The key that signs identities has no business where strangers' files are opened.
        environment = {name: value for name, value in os.environ.items() if name != "CENSUS_SECRET"}
        environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), *filter(None, [environment.get("PYTHONPATH", "")])])
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "services.carriers.nursery"], stdin=theirs.fileno(), env=environment
            )
        self._control = ours
        return ours

    def close(self) -> None:
        """End the warm process: it goes when its line is closed."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.wait(WALL_S)

    def ask(self, request: bytes, data: bytes, patience: int) -> tuple[bytes, bytes]:
        """Return the kind of answer and the answer to a request; both empty when the child died."""
        with self._places, self.child() as line:
            line.settimeout(WALL_S * patience + 5)
            try:
                line.sendall(HEADER.pack(len(request), len(data)) + request)
                if data:  # a child that waits for none may have answered and gone: sending it nothing would fail
                    line.sendall(data)
                line.shutdown(socket.SHUT_WR)
                return _answer(line)
            except OSError:
                return b"", b""


_NURSERY = _Nursery()
atexit.register(_NURSERY.close)


def prepare() -> None:
    """Start the warm process now, so that the first file does not wait for it."""
    _NURSERY.prepare()


def _answer(line: socket.socket) -> tuple[bytes, bytes]:
    pieces: list[bytes] = []
    while piece := line.recv(1 << 20):
        pieces.append(piece)
    whole = b"".join(pieces)
    kind, size = whole[:1], whole[1:9]
    # An answer that was cut off by the child's end is no answer.
    if len(size) < 8 or len(whole) != 9 + int.from_bytes(size, "big"):  # noqa: PLR2004 - the head of an answer
        return b"", b""
    return kind, whole[9:]


def run(task: str, data: bytes, arguments: dict[str, Any], *, box: bool = True, patience: int = 1) -> Any:
    """Return what `task` (module:function) gives for `data` and JSON `arguments`, computed in a box.

    The function returns bytes or what JSON can hold. Without `box` it is called here (tests, benchmarks).
    `patience` (1-16) multiplies the limits for what is large by its nature: a packet, a long scan.

    Raises:
        UnreadableError: the task raised it; or the child died, took too long or too much memory.
    """
    if not box:
        return find(task)(data, **arguments)
    request = {"task": task, "arguments": arguments, "patience": patience}
    kind, answer = _NURSERY.ask(json.dumps(request).encode(), data, patience)
    if kind == BYTES_ANSWER:
        return answer
    if kind == JSON_ANSWER:
        return json.loads(answer)
    if kind == REFUSED:
        raise UnreadableError(**json.loads(answer))
    if kind == FAILED:
        _log.error("a task failed on an upload: %s", answer.decode("utf-8", "replace"))
    raise unreadable()


def find(task: str) -> Any:
    """Return the function that a task names."""
    module, _, function = task.partition(":")
    __import__(module)
    return getattr(sys.modules[module], function)


def unreadable() -> UnreadableError:
    """Return the refusal of a file on which the reader gave up."""
    return UnreadableError(
        "unreadable",
        "这个文件读不出来:内容过于庞大或有损坏。请重新下载空表,把内容填好后上传;仍不行的,请用 Word 或 Excel 另存一次。",
        "the file could not be read: too large inside, or damaged",
    )
