"""The warm process that forks a child for each stranger's file (`services.carriers.box` speaks with it).

Started as `python -m services.carriers.nursery` with a Unix socket as its standard input; each message
there hands over the line to one client. It ends when the socket is closed.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import select
import signal
import socket
import traceback
from collections.abc import Iterator
from importlib import import_module
from itertools import chain
from typing import Any

from services.carriers.box import BYTES_ANSWER, FAILED, HEADER, JSON_ANSWER, REFUSED, WALL_S, find, unreadable
from services.carriers.reading import UnreadableError
from services.carriers.warming import warming

MEMORY = 1024 * 1024 * 1024
CPU_S = 20
PATIENCE = 16
OPEN_FILES = 64
LATER = ("services.bundle.attachments", "services.bundle.verify")
"""Modules of tasks above this one, named as the tasks are."""


def main() -> None:
    """Fork a child for each line that arrives, until there are no more; while none does, get warmer."""
    control = socket.socket(fileno=os.dup(0))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pieces = chain(warming(), _later())
    while True:
        if not select.select([control], [], [], 0)[0] and next(pieces, ""):
            # What is there now stays: the children share its memory untouched by their collector.
            gc.freeze()
            continue
        message, lines, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            return
        if os.fork() == 0:
            control.close()
            _serve(socket.socket(fileno=lines[0]))
        for line in lines:
            os.close(line)


def _later() -> Iterator[str]:
    """Import what attachments and packets need, yielding after each; a child need not do it then."""
    for name in LATER:
        import_module(name)
        yield name


def _serve(line: socket.socket) -> None:
    """Answer one request and end this process."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        gc.disable()  # it would only touch memory that is shared and gone in a moment
        signal.alarm(WALL_S)
        kind, answer = _answered(line)
        line.sendall(kind + len(answer).to_bytes(8, "big") + answer)
        line.shutdown(socket.SHUT_RDWR)
    finally:
        os._exit(0)


def _limit(patience: int) -> None:
    signal.alarm(WALL_S * patience)
    for what, most in (
        (resource.RLIMIT_AS, MEMORY * patience),
        (resource.RLIMIT_CPU, CPU_S * patience),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _answered(line: socket.socket) -> tuple[bytes, bytes]:
    try:
        request, data = _request(line)
        result: Any = find(request["task"])(data, **request["arguments"])
        return (BYTES_ANSWER, result) if isinstance(result, bytes) else (JSON_ANSWER, json.dumps(result).encode())
    except UnreadableError as error:
        return REFUSED, _refusal(error)
    except (MemoryError, RecursionError):
        return REFUSED, _refusal(unreadable())
    except BaseException:  # noqa: BLE001 - a Rust panic is no Exception; whatever it was, it is told and this process ends
        return FAILED, traceback.format_exc().encode("utf-8", "replace")


def _refusal(error: UnreadableError) -> bytes:
    return json.dumps({"code": error.code, "message": error.message, "message_en": error.message_en}).encode()


def _request(line: socket.socket) -> tuple[dict[str, Any], bytes]:
    request_size, data_size = HEADER.unpack(_exactly(line, HEADER.size))
    request = json.loads(_exactly(line, request_size))
    _limit(min(PATIENCE, request["patience"]))
    return request, _exactly(line, data_size)


def _exactly(line: socket.socket, size: int) -> bytes:
    data = bytearray(size)
    view = memoryview(data)
    filled = 0
    while filled < size:
        count = line.recv_into(view[filled:])
        if not count:
            raise EOFError("the client went away")
        filled += count
    return bytes(data)


if __name__ == "__main__":
    main()
