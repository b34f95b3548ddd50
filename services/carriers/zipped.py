"""Zip files written by hand: the same parts give the same bytes, and unchanged parts are deflated once."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

LEVEL = 6
_SMALL = 24 * 1024
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_VERSION, _UTF8, _DEFLATED = 20, 0x0800, 8
# 1980-01-01 00:00, the first day that a zip can name.
_TIME, _DAY = 0, 0x21


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A part as it stands in the zip: deflated, with the CRC-32 and length of its content."""

    name: bytes
    crc: int
    size: int
    deflated: bytes


def _squeezer(size: int) -> Any:
    """Return a compressor for `size` bytes: a large window takes time to lay out, and a small part needs none."""
    return zlib.compressobj(LEVEL, zlib.DEFLATED, *((-14, 7) if size <= _SMALL else (-15, 8)))


def member(name: str, *pieces: bytes) -> Member:
    """Return the part `name` whose content is `pieces` in turn."""
    data = b"".join(pieces)
    squeezer = _squeezer(len(data))
    deflated = squeezer.compress(data) + squeezer.flush()
    return Member(name=name.encode(), crc=zlib.crc32(data), size=len(data), deflated=deflated)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """The last stretch of a part that never changes, deflated on its own."""

    data: bytes
    deflated: bytes


def ending(data: bytes) -> Ending:
    """Return `data` deflated so that it can be set behind any other stretch."""
    squeezer = zlib.compressobj(LEVEL, zlib.DEFLATED, -15)
    return Ending(data=data, deflated=squeezer.compress(data) + squeezer.flush())


def ended(name: str, data: bytes, end: Ending) -> Member:
    """Return the part `name` whose content is `data` and then `end`, of which only `data` is deflated now."""
    squeezer = _squeezer(len(data))
    # A full flush ends on a whole byte without ending the stream, so that another may follow.
    deflated = squeezer.compress(data) + squeezer.flush(zlib.Z_FULL_FLUSH) + end.deflated
    crc = zlib.crc32(end.data, zlib.crc32(data))
    return Member(name=name.encode(), crc=crc, size=len(data) + len(end.data), deflated=deflated)


def zipped(members: Iterable[Member]) -> bytes:
    """Return the zip of `members` in their order."""
    out: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for m in members:
        shared = (_VERSION, _UTF8, _DEFLATED, _TIME, _DAY, m.crc, len(m.deflated), m.size, len(m.name), 0)
        out += (_LOCAL.pack(b"PK\x03\x04", *shared), m.name, m.deflated)
        directory += (_CENTRAL.pack(b"PK\x01\x02", _VERSION, *shared, 0, 0, 0, 0, offset), m.name)
        offset += _LOCAL.size + len(m.name) + len(m.deflated)
    index = b"".join(directory)
    count = len(directory) // 2
    end = _END.pack(b"PK\x05\x06", 0, 0, count, count, len(index), offset, 0)
    return b"".join((*out, index, end))


def packed(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """Return the zip of parts given by name and content."""
    return zipped(member(name, data) for name, data in parts)
