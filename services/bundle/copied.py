"""Objects of a PDF copied into an output, renumbered; none of them is held when it is written.

A page or a node of the page tree is only copied when it is asked for: what else points to one points to nothing.
"""

from __future__ import annotations

import re
import secrets
import sys
import zlib
from array import array
from typing import Any

import pikepdf

from services.bundle.output import Output

_TEXT_OR_REFERENCE = rb"\((?:[^\\()]|\\.)*\)|<[0-9a-fA-F]*>|(\d+) (\d+) R"
"""As qpdf writes objects: every bracket inside a text has a backslash before it."""
_MOST = 8_388_607
"""No PDF has more objects (ISO 32000-1, annex C): what is referred to beyond is nothing, as object 0."""
_LEAST = 64
"""A stream of fewer bytes is not packed."""


class Copied:
    """The objects of one PDF by their numbers in the output. The PDF may be closed and opened again between calls."""

    def __init__(self, out: Output) -> None:
        """Begin with nothing copied."""
        self._out = out
        self._numbers = array("I")
        self._waiting: list[tuple[int, int]] = []
        # What stands for an object of the output has a name that nobody can have written into a PDF before.
        self._token = f"/to.{secrets.token_hex(16)}."
        self._pattern = re.compile(_TEXT_OR_REFERENCE + rb"|" + re.escape(self._token.encode()) + rb"(\d+)", re.DOTALL)

    def stands(self, obj: Any, number: int) -> None:
        """Take it that an object stands in the output as `number`, or will."""
        self._numbers.extend(0 for _ in range(obj.objgen[0] + 1 - len(self._numbers)))
        self._numbers[obj.objgen[0]] = number

    def known(self, obj: Any) -> bool:
        """Return whether an object has a number in the output."""
        return self._known(obj.objgen[0]) > 0

    def number(self, obj: Any) -> int:
        """Return an object's number in the output; one that has none gets it and waits to be copied."""
        return self._number(*obj.objgen)

    def pointer(self, number: int) -> Any:
        """Return what stands in a PDF for an object of the output; for a new object qpdf would read all there are."""
        return pikepdf.Name(f"{self._token}{number}")

    def put(self, obj: Any) -> int:
        """Write an object as it is now and return its number; what it refers to waits to be copied."""
        if not self.known(obj):
            self.stands(obj, self._out.reserve())
        number = self.number(obj)
        if isinstance(obj, pikepdf.Stream):
            self._out.put_stream(number, *self._stream(obj))
        else:
            self._out.put(number, self._renumbered(obj.unparse(resolved=True)))
        return number

    @property
    def waits(self) -> bool:
        """Whether anything waits to be copied."""
        return bool(self._waiting)

    def copy(self, pdf: pikepdf.Pdf, most: int = sys.maxsize) -> None:
        """Write what waits and what that refers to, at most so many objects."""
        for _ in range(most):
            if not self._waiting:
                break
            mark = self._waiting.pop()
            obj = pdf.get_object(mark) if mark[0] else None
            plain = _plain(obj)
            if plain is None:
                self.put(obj)
            else:
                self._out.put(self._number(*mark), plain)

    def _stream(self, stream: Any) -> tuple[bytes, bytes]:
        """Return the entries of a stream's dictionary, and its data: packed, but for XMP, which stays readable."""
        data, entries = stream.read_raw_bytes(), stream.stream_dict
        if "/Length" in entries:
            del entries["/Length"]
        if "/Filter" not in entries and entries.get("/Type") != "/Metadata" and len(data) >= _LEAST:
            data, entries.Filter = zlib.compress(data), pikepdf.Name.FlateDecode
        return self._renumbered(entries.unparse(resolved=True)[2:-2].strip()), data

    def _renumbered(self, text: bytes) -> bytes:
        return self._pattern.sub(self._replaced, text)

    def _replaced(self, found: re.Match[bytes]) -> bytes:
        if found[1]:
            return b"%d 0 R" % self._number(int(found[1]), int(found[2]))
        return b"%d 0 R" % int(found[3]) if found[3] else found[0]

    def _number(self, own: int, generation: int) -> int:
        if own > _MOST:
            own = generation = 0
        if not self._known(own):
            self._numbers.extend(0 for _ in range(own + 1 - len(self._numbers)))
            self._numbers[own] = self._out.reserve()
            self._waiting.append((own, generation))
        return self._numbers[own]

    def _known(self, own: int) -> int:
        return self._numbers[own] if own < len(self._numbers) else 0


def _plain(obj: Any) -> bytes | None:
    """Return the text of what is not copied as an object of its own: plain values, and nothing for a page."""
    if obj is None or (isinstance(obj, pikepdf.Dictionary) and obj.get("/Type") in ("/Page", "/Pages")):
        return b"null"
    if isinstance(obj, bool):
        return b"true" if obj else b"false"
    return None if isinstance(obj, pikepdf.Object) else str(obj).encode()
