"""The manifest of a packet: every piece with its source, its pages and their digests, and one root hash.

The digest of a page is taken over what it shows (content, resources, size), not over how the file
stores it, so that it can be recomputed from the packet alone, whoever saved the PDF again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pikepdf

FORMAT = "census-packet/1"
_SKIPPED = frozenset({"/Parent", "/StructParent", "/StructParents", "/Metadata", "/PieceInfo", "/LastModified", "/OC"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One piece in the packet. `file` is its original's path in the zip, empty for what the service made itself."""

    number: int
    key: str
    title: str
    first_page: int
    last_page: int
    pages_sha256: str
    file: str = ""
    file_sha256: str = ""
    file_size: int = 0
    record: str = ""
    record_sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a packet says of itself. `root` is the SHA-256 over everything else in it."""

    recipe: str
    title: str
    unit: str
    agency_code: str
    edition: str
    region: str
    region_version: str
    template_versions: Mapping[str, str]
    rules_sha256: str
    page_count: int
    entries: tuple[Entry, ...]


def as_json(manifest: Manifest) -> dict[str, Any]:
    """Return the manifest as it stands in manifest.json, root hash included."""
    body = {"format": FORMAT, **asdict(manifest), "entries": [asdict(entry) for entry in manifest.entries]}
    body["template_versions"] = dict(manifest.template_versions)
    return {**body, "root_sha256": root(body)}


def root(body: Mapping[str, Any]) -> str:
    """Return the SHA-256 over a manifest's canonical JSON without its own root hash, in hex."""
    bare = {key: value for key, value in body.items() if key != "root_sha256"}
    return sha256(json.dumps(bare, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())


def dump(body: Mapping[str, Any]) -> bytes:
    """Return the bytes of manifest.json."""
    return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode()


def sha256(data: bytes) -> str:
    """Return the SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def pages_digest(pdf: pikepdf.Pdf, first: int, last: int) -> str:
    """Return the digest of pages `first` to `last` (1 is the first page), in hex.

    Raises:
        IndexError: the PDF has no such page.
    """
    total = hashlib.sha256()
    for number in range(first - 1, last):
        total.update(_page_digest(pdf.pages[number]))
    return total.hexdigest()


def _page_digest(page: pikepdf.Page) -> bytes:
    digest = hashlib.sha256()
    for chunk in _shown(page):
        digest.update(chunk)
    return digest.digest()


def _shown(page: pikepdf.Page) -> Iterator[bytes]:
    yield repr([round(float(side), 3) for side in page.mediabox]).encode()
    yield str(page.obj.get("/Rotate", 0)).encode()
    contents = page.obj.get("/Contents", pikepdf.Array())
    streams = contents if isinstance(contents, pikepdf.Array) else [contents]
    for stream in streams:
        yield stream.read_bytes()
    yield from _tokens(page.obj.get("/Resources", pikepdf.Dictionary()), set())
    for note in page.obj.get("/Annots", pikepdf.Array()):
        yield str(note.get("/Subtype", "")).encode() + str(note.get("/Rect", "")).encode()


def _tokens(node: Any, seen: set[tuple[int, int]]) -> Iterator[bytes]:
    """Yield what identifies a PDF object, in an order that does not depend on how it is stored."""
    if not _is_new(node, seen):
        return
    if isinstance(node, pikepdf.Stream):
        yield from _dictionary(node, seen, frozenset({"/Length", "/Filter", "/DecodeParms"}))
        yield _bytes_of(node)
    elif isinstance(node, pikepdf.Dictionary):
        yield from _dictionary(node, seen, frozenset())
    elif isinstance(node, pikepdf.Array):
        yield b"["
        for member in node:
            yield from _tokens(member, seen)
        yield b"]"
    else:
        yield (str(node) + ";").encode()


def _is_new(node: Any, seen: set[tuple[int, int]]) -> bool:
    """Return whether an object comes up for the first time; direct objects always do."""
    mark = getattr(node, "objgen", (0, 0))
    if mark == (0, 0):
        return True
    known = mark in seen
    seen.add(mark)
    return not known


def _dictionary(node: Any, seen: set[tuple[int, int]], left_out: frozenset[str]) -> Iterator[bytes]:
    yield b"<"
    for key in sorted(node.keys()):
        if key not in _SKIPPED and key not in left_out:
            yield key.encode()
            yield from _tokens(node[key], seen)
    yield b">"


def _bytes_of(stream: pikepdf.Stream) -> bytes:
    """Return what a stream says: decoded where the filter only packs it, as stored for pictures."""
    try:
        return stream.read_bytes()
    except pikepdf.PdfError:
        return stream.read_raw_bytes()
