"""Files as a person gives them at a terminal: single ones, and every file of a folder or zip under its name there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from services.bundle.flatten import DEPTH, holds_files
from services.bundle.source import sources_in
from services.carriers.reading import UnreadableError
from services.carriers.unzip import unpack_zip

INSIDE = " · "
"""Stands between a zip's name and that of a file in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A file: what it is called, its bytes or why there are none, whether it lay in a folder or zip."""

    name: str
    data: bytes = b""
    error: UnreadableError | None = None
    lay_inside: bool = False


def given(file: str, read: Callable[[str], bytes]) -> Iterator[Given]:
    """Yield a file that `read` reads, or every file of a folder or zip, zips in it opened too."""
    if not Path(file).is_dir():
        yield from _opened(Given(name=file, data=read(file)))
        return
    sources = tuple(sources_in([file]))
    if not sources:
        error = UnreadableError("empty", "文件夹里没有文件。请把填好的表放进去", "the folder holds no file")
        yield Given(name=file, error=error)
    for source in sources:
        yield from _opened(Given(name=str(source.path), data=source.read(), lay_inside=True))


def _opened(one: Given, depth: int = 0) -> Iterator[Given]:
    if depth == DEPTH or not holds_files(one.data):
        yield one
        return
    try:
        inner = unpack_zip(one.data)
    except UnreadableError as error:
        yield replace(one, error=error)
        return
    for name, data in inner:
        yield from _opened(Given(name=f"{one.name}{INSIDE}{name}", data=data, lay_inside=True), depth + 1)
