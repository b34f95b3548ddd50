"""Whether the pages of a PDF are as they were issued: their digests travel with the record.

What is typed into fields changes no page. Any program that changes a page writes its content anew, or lays a
note over it; such a file is then compared with the form typeset again (`services.carriers.pdf.tampering`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import pikepdf

_FRAMES = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit")


def page_digests(document: pikepdf.Pdf) -> list[str]:
    """Return the SHA-256 of each page: its content, its size, and the places of its form fields."""
    return [_digest(page.obj) for page in document.pages]


def is_untouched(document: pikepdf.Pdf, content: Mapping[str, Any]) -> bool:
    """Return whether all pages are as `content`, which travels in the file, says they were issued."""
    digests = page_digests(document)
    return all(digests) and content.get("pages") == digests


def _digest(page: pikepdf.Object) -> str:
    """Return the digest of a page, '' for one that no program of ours wrote."""
    try:
        streams = [stream.read_bytes().strip() for stream in _streams(page)]
        frames = [_numbers(page.get(name)) for name in _FRAMES]
        notes = sorted(_note(note) for note in page.get("/Annots", []))
    except (pikepdf.PdfError, AttributeError, TypeError, ValueError):
        return ""
    return hashlib.sha256(b"\n".join((*streams, *frames, *notes))).hexdigest()


def _streams(page: pikepdf.Object) -> list[Any]:
    content = page.get("/Contents")
    return list(content) if isinstance(content, pikepdf.Array) else [] if content is None else [content]


def _note(note: Any) -> bytes:
    if not isinstance(note, pikepdf.Dictionary):
        return b"?"
    return str(note.get("/Subtype", "")).encode() + _numbers(note.get("/Rect"))


def _numbers(value: Any) -> bytes:
    edges = list(value) if isinstance(value, pikepdf.Array) else [] if value is None else [value]
    return " ".join(f"{float(edge):.1f}" for edge in edges).encode()
