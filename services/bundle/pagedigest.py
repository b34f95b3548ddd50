"""The digest of what pages show: recomputed from a packet alone, by this module and by the offline page.

A page is content, resources, size and turn, and the place of its links; how the file stores them does not
count, so that a packet which another program only saved again keeps its digests.

The definition, which web/static/verify.js follows word for word (⟨x⟩ is the SHA-256 of x in hex):

- null `n;` · true `t;` · false `f;` · a number `#` floor(x · 1000 + ½) `;` (`#+;` or `#-;` from 10¹² on)
- a name `/` its bytes `;` · a string `(` its bytes in hex `)`
- an array `@` ⟨`[` its members `]`⟩ `;`
- a dictionary `@` ⟨`<` for each key in order of its bytes: the key as a name, its value `>`⟩ `;`
- a stream `@` ⟨its dictionary's text without the `@⟨⟩`, `{` ⟨its data⟩ `}`⟩ `;`: its data unpacked where it is
  packed with FlateDecode alone (then the keys Filter and DecodeParms do not count), else as stored
- what is being digested already (a circle) `^;`
- the keys in `_SKIPPED`, and a stream's Length, do not count

A page is the dictionary's text of MediaBox, CropBox, Rotate, UserUnit (its own or inherited), Resources,
`Contents` (a string: the SHA-256 in hex of its streams, each followed by a line feed) and `Annots` (of each its
Subtype, Rect, Contents, AP, and of its action the URI). Pages are ⟨the pages' hashes as bytes, one after the other⟩.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pikepdf

_SKIPPED = frozenset(
    {"/Parent", "/P", "/Pg", "/StructParent", "/StructParents", "/Metadata", "/PieceInfo", "/LastModified", "/OC"}
)
_PACKING = frozenset({"/Length", "/Filter", "/DecodeParms"})
INHERITED = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources")
"""What a page may have from the tree that it hangs on."""
_NOTED = ("/Subtype", "/Rect", "/Contents", "/AP")
_DEPTH = 60
_BIG = 1e12
_HASH = 32

Mark = tuple[int, int]


class Digests:
    """The digests of pages taken one after the other, when the pages themselves are no longer held."""

    def __init__(self, first: int) -> None:
        """Begin with page `first`."""
        self.first = first
        self._hashes = bytearray()

    def add(self, digest: str) -> None:
        """Add the digest of the next page, in hex."""
        self._hashes += bytes.fromhex(digest)

    def digest(self, first: int, last: int) -> str:
        """Return the digest of pages `first` to `last`, in hex."""
        begin, end = (number - self.first for number in (first, last + 1))
        return hashlib.sha256(self._hashes[begin * _HASH : end * _HASH]).hexdigest()


class Pages:
    """The pages of one PDF; what several pages share (fonts, pictures) is digested once."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        """Keep the PDF, which must stay open."""
        self._pdf = pdf
        self._known: dict[Mark, str] = {}
        self._open: set[Mark] = set()
        self._circles = 0

    def page(self, index: int) -> str:
        """Return the digest of one page (0 is the first), in hex.

        Raises:
            IndexError: the PDF has no such page.
            pikepdf.PdfError: the page is damaged.
        """
        return self.of(self._pdf.pages[index].obj)

    def of(self, page: Any) -> str:
        """Return the digest of a page of the PDF, in hex."""
        parts: dict[bytes, bytes] = {}
        for key in INHERITED:
            value = inherited(page, key)
            if value is not None:
                parts[key[1:].encode()] = self._text(value)
        parts[b"Contents"] = b"(" + _content(page).encode() + b")"
        notes = b"".join(self._note(note) for note in page.get("/Annots", pikepdf.Array()))
        parts[b"Annots"] = b"[" + notes + b"]"
        return _hex(_listed(parts))

    def _note(self, note: Any) -> bytes:
        parts = {key[1:].encode(): self._text(note[key]) for key in _NOTED if key in note}
        address = note.get("/A", pikepdf.Dictionary()).get("/URI")
        if address is not None:
            parts[b"URI"] = self._text(address)
        return _listed(parts)

    def _text(self, node: Any) -> bytes:
        """Return the text of an object of whatever kind."""
        plain = _plain(node)
        return b"@" + self._container(node).encode() + b";" if plain is None else plain

    def _container(self, node: Any) -> str:
        mark: Mark = getattr(node, "objgen", (0, 0))
        if mark == (0, 0):
            return _hex(self._inside(node))
        if mark in self._known:
            return self._known[mark]
        if mark in self._open:
            self._circles += 1
            return "^"
        return self._entered(node, mark)

    def _entered(self, node: Any, mark: Mark) -> str:
        circles = self._circles
        self._open.add(mark)
        try:
            result = _hex(self._inside(node))
        finally:
            self._open.discard(mark)
        if self._circles == circles:  # else it depends on where the circle was entered
            self._known[mark] = result
        return result

    def _inside(self, node: Any) -> bytes:
        if isinstance(node, pikepdf.Array):
            return b"[" + b"".join(self._text(member) for member in node) + b"]"
        if not isinstance(node, pikepdf.Stream):
            return _listed(dict(self._entries(node, frozenset())))
        is_packed, data = _data(node)
        text = _listed(dict(self._entries(node, _PACKING if is_packed else frozenset({"/Length"}))))
        return text + b"{" + _hex(data).encode() + b"}"

    def _entries(self, node: Any, left_out: frozenset[str]) -> Iterator[tuple[bytes, bytes]]:
        for key in node.keys():  # noqa: SIM118 - a PDF dictionary, not a mapping
            if key not in _SKIPPED and key not in left_out:
                yield _bytes(key[1:]), self._text(node[key])


def _listed(entries: dict[bytes, bytes]) -> bytes:
    return b"<" + b"".join(b"/" + key + b";" + entries[key] for key in sorted(entries)) + b">"


def _plain(node: Any) -> bytes | None:
    """Return the text of what is no container; None for a container."""
    if node is None:
        return b"n;"
    if isinstance(node, bool):
        return b"t;" if node else b"f;"
    if isinstance(node, int | float | Decimal):
        return _number(float(node))
    if isinstance(node, pikepdf.Name):
        return b"/" + _bytes(str(node)[1:]) + b";"
    if isinstance(node, pikepdf.String):
        return b"(" + bytes(node).hex().encode() + b")"
    return None if isinstance(node, pikepdf.Object) else b"n;"


def _number(value: float) -> bytes:
    if abs(value) >= _BIG:
        return b"#+;" if value > 0 else b"#-;"
    return b"#%d;" % math.floor(value * 1000 + 0.5)


def _bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def _hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _data(stream: Any) -> tuple[bool, bytes]:
    """Return whether a stream is packed at most with FlateDecode, and its data unpacked or else as stored."""
    packing = stream.get("/Filter", pikepdf.Array())
    names = [str(name) for name in packing] if isinstance(packing, pikepdf.Array) else [str(packing)]
    is_packed = names in ([], ["/FlateDecode"])
    return is_packed, stream.read_bytes() if is_packed else stream.read_raw_bytes()


def _content(page: Any) -> str:
    contents = page.get("/Contents", pikepdf.Array())
    digest = hashlib.sha256()
    for stream in contents if isinstance(contents, pikepdf.Array) else [contents]:
        digest.update(_data(stream)[1] + b"\n")
    return digest.hexdigest()


def inherited(page: Any, key: str) -> Any:
    """Return what a page says under a key, itself or by the tree that it hangs on; None where nothing does."""
    node = page
    for _ in range(_DEPTH):
        if key in node:
            return node[key]
        if "/Parent" not in node:
            break
        node = node["/Parent"]
    return None
