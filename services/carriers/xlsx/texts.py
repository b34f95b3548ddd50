"""The texts in the parts of a workbook: plain, hundreds at once; and the table of those that cells share."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from services.carriers.container import parse_mended
from services.carriers.reading import UnreadableError

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ENTITY = re.compile(r"&(lt|gt|amp|quot|apos|#\d+|#[xX][0-9a-fA-F]+);")
_NAMED = MappingProxyType({"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"})
_ITEM = re.compile(rb"<si>(.*?)</si>", re.DOTALL)
_PLAIN_ITEM = re.compile(rb"<si>\s*+<t(?: [^>]*+)?>([^<]*+)</t>\s*+(?:<phoneticPr[^>]*+>\s*+)?</si>")
_SPOKEN = re.compile(rb"<rPh\b.*?</rPh>", re.DOTALL)
_TEXT = re.compile(rb"<t(?: [^>]*)?>([^<]*)</t>")
_DECLARED = (b"<?xml ", b"\xef\xbb\xbf<?xml ")
_APART = "\ufdd0"
"""Between texts that are made plain together: a character that Unicode gives to nobody."""


def hides(part: bytes) -> bool:
    """Return whether a part may hold text that looks like cells and is none: comments, instructions."""
    start = part.find(b"?>") + 2 if part.startswith(_DECLARED) else 0
    # Single bytes are found many times as fast as two.
    return any(part.find(sign, start) >= 0 and part.find(b"<" + sign, start) >= 0 for sign in (b"?", b"!"))


def plain_texts(texts: Sequence[bytes]) -> list[str]:
    """Return the texts of elements: entities resolved, Excel's own _x000D_ too. All at once, for there are hundreds."""
    together = b"<".join(texts)  # no text holds one
    if b"&" not in together and b"_x" not in together:
        return together.decode().split("<") if texts else []
    resolved = _resolved_at_once(together)
    if resolved is None or len(resolved) != len(texts):
        return [*map(_plain_text, texts)]
    return [*map(_unescaped, resolved)]


def _resolved_at_once(together: bytes) -> list[str] | None:
    """Return texts that stand behind each other, < between them, entities resolved.

    None where a parser of XML finds fault with them, or would say anything else of them.
    """
    try:
        root, mended = parse_mended(b"<t>" + together.replace(b"<", _APART.encode()) + b"</t>")
    except UnreadableError:
        return None
    return None if mended or b"\r" in together or root.text is None else root.text.split(_APART)


def _plain_text(text: bytes) -> str:
    return _unescaped(_ENTITY.sub(_resolved, text.decode()))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _resolved(match: re.Match[str]) -> str:
    name = match[1]
    if name[0] != "#":
        return _NAMED[name]
    return chr(int(f"0{name[1:]}", 0) if name[1] in "xX" else int(name[1:]))


@lru_cache(maxsize=8)
def texts_of(part: bytes) -> Mapping[str, str] | None:
    """Return the table of shared texts, what is only spoken left out; None when it is written in an unusual way."""
    if hides(part):
        return None
    count = part.count(b"<si")
    try:
        plain = _PLAIN_ITEM.findall(part)
        texts = plain_texts(plain) if len(plain) == count else [*map(_text_of, _ITEM.findall(part))]
    except (ValueError, OverflowError):
        return None
    return {str(number): text for number, text in enumerate(texts)} if len(texts) == count else None


def _text_of(item: bytes) -> str:
    if b"<rPh" in item:
        item = _SPOKEN.sub(b"", item)
    texts = _TEXT.findall(item)
    if len(texts) != item.count(b"</t>"):
        raise ValueError(item)
    return "".join(map(_plain_text, texts))
