"""Fonts of one packet embedded once: chunks that were typeset apart share what is the same in them."""

from __future__ import annotations

import hashlib
from typing import Any

import pikepdf

from services.bundle.copied import Copied

Fonts = dict[bytes, int]
"""The fonts of an output by the digest of all that they say."""


def share_fonts(page: Any, source: Copied, fonts: Fonts) -> None:
    """Let the fonts that a page names be those that stand in the output, where they are the same byte by byte."""
    named = page.get("/Resources", pikepdf.Dictionary()).get("/Font", pikepdf.Dictionary())
    for name in sorted(named.keys()):  # a set, in another order in each process
        font = named[name]
        if not font.is_indirect or source.known(font):
            continue
        digest = _digest(font)
        if digest in fonts:
            source.stands(font, fonts[digest])
        else:
            fonts[digest] = source.number(font)


def _digest(font: Any) -> bytes:
    digest = hashlib.sha256()
    _feed(digest, font)
    return digest.digest()


def _feed(digest: Any, node: Any) -> None:
    if isinstance(node, pikepdf.Stream):
        digest.update(b"s" + node.read_raw_bytes())
    if isinstance(node, pikepdf.Dictionary | pikepdf.Stream):
        for key in sorted(node.keys()):
            digest.update(key.encode())
            _feed(digest, node[key])
    elif isinstance(node, pikepdf.Array):
        digest.update(b"[")
        for member in node:
            _feed(digest, member)
    else:
        digest.update(str(node).encode() + b";")
