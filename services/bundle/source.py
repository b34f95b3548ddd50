"""Inputs of a packet and the room that they are kept in while it is bound, so that memory does not hold them all."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_LEFTOVERS = (".", "~$", "Thumbs.db", "desktop.ini")

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done and how much there is."""


def silent(_what: str, _done: int, _total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One input: a file's name, its bytes or where they stand, and the piece (or item id) it was called, if it was."""

    name: str
    data: bytes = b""
    kind: str = ""
    path: Path | None = None

    def read(self) -> bytes:
        """Return its bytes."""
        return self.path.read_bytes() if self.path else self.data


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A folder for what a packet is made of, kept until it is bound."""

    folder: Path

    def keep(self, data: bytes, name: str = "") -> Path:
        """Return where `data` now stands: under `name`, else under its own hash (the same bytes stand once)."""
        path = self.folder / (name or hashlib.sha256(data).hexdigest())
        if not path.exists():
            path.write_bytes(data)
        return path

    def kept(self, source: Source) -> Source:
        """Return the source with its bytes in the room and no longer in memory."""
        return source if source.path else Source(name=source.name, kind=source.kind, path=self.keep(source.data))


def sources_in(names: Sequence[str]) -> Iterator[Source]:
    """Yield the inputs that a person named: KIND=FILE, FILE, or every file of a folder, in the order of their names.

    A file of that very name wins over the reading as KIND=FILE.

    Raises:
        OSError: there is no such file or folder.
    """
    for text in names:
        kind, separator, file = text.partition("=")
        if not separator or Path(text).exists():
            kind, file = "", text
        path = Path(file)
        for found in sorted(_files(path)) if path.is_dir() else (path,):
            found.stat()
            yield Source(name=found.name, kind=kind, path=found)


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder and of those in it, leftovers of other programs left out."""
    for where, _, names in os.walk(folder):
        yield from (Path(where) / name for name in names if not name.startswith(_LEFTOVERS))
