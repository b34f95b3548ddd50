"""Fonts of one packet embedded once: chunks that were typeset apart share what is the same in them."""

from __future__ import annotations

import hashlib
from typing import Any

import pikepdf


def share_fonts(pdf: pikepdf.Pdf) -> None:
    """Let fonts that are the same byte by byte be one object, wherever a page names them."""
    known: dict[str, Any] = {}
    seen: dict[tuple[int, int], Any] = {}
    for page in pdf.pages:
        fonts = page.obj.get("/Resources", pikepdf.Dictionary()).get("/Font")
        if fonts is not None:
            for name in list(fonts.keys()):
                fonts[name] = _one(fonts[name], known, seen)


def _one(font: Any, known: dict[str, Any], seen: dict[tuple[int, int], Any]) -> Any:
    """Return the first font that says the same as `font`."""
    if font.objgen not in seen:
        seen[font.objgen] = known.setdefault(_digest(font), font)
    return seen[font.objgen]


def _digest(font: Any) -> str:
    digest = hashlib.sha256()
    _feed(digest, font, 0)
    return digest.hexdigest()


def _feed(digest: Any, node: Any, depth: int) -> None:
    if isinstance(node, pikepdf.Stream):
        digest.update(b"s" + node.read_raw_bytes())
    if isinstance(node, pikepdf.Dictionary | pikepdf.Stream):
        for key in sorted(node.keys()):
            digest.update(key.encode())
            _feed(digest, node[key], depth + 1)
    elif isinstance(node, pikepdf.Array):
        digest.update(b"[")
        for member in node:
            _feed(digest, member, depth + 1)
    else:
        digest.update(str(node).encode() + b";")
