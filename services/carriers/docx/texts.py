"""A Word document cut at its texts: a line of texts with a stretch of XML (a frame) before each and behind the last."""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.carriers.docx.scan import resolved
from services.carriers.docx.signs import FIRST_BYTES

TEXT, TEXT_END = b'<w:t xml:space="preserve">', b"</w:t>"
_BREAK = TEXT_END + b"<w:br/>" + TEXT
_TEXTS = re.compile(TEXT + b"([^<]*(?:" + _BREAK + b"[^<]*)*)" + TEXT_END)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The frames of a document, and the text that follows each; an empty one follows the last."""

    frames: list[bytes]
    texts: list[str]


def cut(part: bytes) -> Cut | None:
    """Return a document part cut at its texts, None where one holds what only a parser tells right.

    A line break within an answer is a line end in its text.
    """
    pieces = [*_TEXTS.split(part), b""]
    line = b"\0".join(pieces[1::2])
    if b"\n" in line or b"\r" in line or FIRST_BYTES in line:
        return None
    try:
        texts = line.replace(_BREAK, b"\n").decode().split("\0")
    except UnicodeDecodeError:
        return None
    if b"&" in line:
        texts = [resolved(text) if "&" in text else text for text in texts]
    frames = pieces[::2]
    return Cut(frames=frames, texts=texts) if len(texts) == len(frames) else None
