"""How alike two printed texts are, once what does not count is taken away.

Widths, blanks, the kind of dash and a trailing colon or star do not count: clerks and editors change
them without meaning anything by it.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_DASHES = dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212), "-")
_NOTHING = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\ufeff\u00ad"), None)
_TABLE = {**_DASHES, **_NOTHING, ord("〔"): "(", ord("〕"): ")", ord("["): "(", ord("]"): ")", ord("○"): "〇"}


@lru_cache(maxsize=50_000)
def bare(text: str) -> str:
    """Return `text` as labels are compared: NFKC, no blanks, one dash and bracket, no trailing colon or star."""
    if not text:
        return ""
    folded = unicodedata.normalize("NFKC", text).translate(_TABLE)
    return "".join(folded.split()).strip("*").rstrip(":*")


@lru_cache(maxsize=50_000)
def _grams(text: str) -> frozenset[str]:
    return frozenset((*text, *(text[i : i + 2] for i in range(len(text) - 1))))


def likeness(one: str, other: str) -> float:
    """Return 0–1: the share of characters and pairs of characters that two bare texts have in common (Dice)."""
    if one == other:
        return 1.0 if one else 0.0
    if not one or not other:
        return 0.0
    a, b = _grams(one), _grams(other)
    return 2 * len(a & b) / (len(a) + len(b))
