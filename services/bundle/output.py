"""A PDF file written object by object: what is written is not held any longer, only where each object stands.

Objects that are no streams are packed together as they come (object streams), streams are written as they
are. Numbers are reserved before their objects are known, so that anything can point anywhere.
"""

from __future__ import annotations

import hashlib
import zlib
from array import array
from typing import BinaryIO

_HEAD = b"%PDF-1.7\n%\xbf\xf7\xa2\xfe\n"
_AT_ONCE = 200
"""So many objects are packed together: what stands near is read together."""
_PACKED = 1 << 63
_WIDTHS = (1, 5, 2)
_FREE = b"\0" * 6 + b"\xff\xff"


class Output:
    """A PDF being written to a file; of each object written, eight bytes are kept."""

    def __init__(self, file: BinaryIO) -> None:
        """Begin the PDF in a file that is empty."""
        self._file = file
        self._at = 0
        self._digest = hashlib.sha256()
        self._places = array("Q", (0,))
        self._held: list[tuple[int, bytes]] = []
        self._write(_HEAD)

    def reserve(self, count: int = 1) -> int:
        """Return the first of `count` numbers that follow one another and are given to no other object."""
        first = len(self._places)
        self._places.frombytes(bytes(self._places.itemsize * count))
        return first

    def put(self, number: int, body: bytes) -> None:
        """Write an object that is no stream."""
        self._held.append((number, body))
        if len(self._held) == _AT_ONCE:
            self._pack()

    def put_stream(self, number: int, entries: bytes, data: bytes) -> None:
        """Write a stream: the entries of its dictionary without its length, and its data as they are stored."""
        self._places[number] = self._at
        self._write(b"%d 0 obj\n<< %s /Length %d >>\nstream\n" % (number, entries, len(data)))
        self._write(data)
        self._write(b"\nendstream\nendobj\n")

    def end(self, root: int, info: int) -> None:
        """Write where everything stands, the catalogue (`root`) and the properties (`info`); same objects, same bytes.

        Raises:
            ValueError: an object was promised and not written.
        """
        if self._held:
            self._pack()
        number = self.reserve()
        at = self._places[number] = self._at
        digits = self._digest.hexdigest()[:32].encode()
        rows = zlib.compress(_predicted(self._rows(), sum(_WIDTHS)))
        entries = b"/Type /XRef /Size %d /W [ %d %d %d ] /Root %d 0 R /Info %d 0 R /ID [ <%s> <%s> ] "
        entries %= (len(self._places), *_WIDTHS, root, info, digits, digits)
        packing = b"/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns %d >>" % sum(_WIDTHS)
        self.put_stream(number, entries + packing, rows)
        self._write(b"startxref\n%d\n%%%%EOF\n" % at)

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._digest.update(data)
        self._at += len(data)

    def _pack(self) -> None:
        """Write the objects that wait as one stream."""
        number = self.reserve()
        heads, at = [], 0
        for index, (held, body) in enumerate(self._held):
            heads.append(b"%d %d" % (held, at))
            at += len(body) + 1
            self._places[held] = _PACKED | number << 16 | index
        head = b" ".join(heads) + b"\n"
        entries = b"/Type /ObjStm /N %d /First %d /Filter /FlateDecode" % (len(self._held), len(head))
        self.put_stream(number, entries, zlib.compress(head + b"\n".join(body for _, body in self._held)))
        self._held.clear()

    def _rows(self) -> bytes:
        """Return where each object stands, eight bytes for each."""
        rows = bytearray(_FREE)
        for place in self._places[1:]:
            if not place:
                raise ValueError("an object was promised and not written")
            kind, second, third = (2, (place ^ _PACKED) >> 16, place & 0xFFFF) if place & _PACKED else (1, place, 0)
            rows += kind.to_bytes(1) + second.to_bytes(5) + third.to_bytes(2)
        return bytes(rows)


def _predicted(rows: bytes, width: int) -> bytes:
    """Return rows as what each adds to the one above it (PNG's predictor Up), which packs far better."""
    above = bytes(width) + rows
    added = bytes((new - old) & 0xFF for new, old in zip(rows, above, strict=False))
    return b"".join(b"\x02" + added[at : at + width] for at in range(0, len(added), width))
