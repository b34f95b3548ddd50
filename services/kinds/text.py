"""Text as a clerk writes it, and the folding that rule N01 asks for before anything is judged."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from services.findings import Problem, Severity
from services.kinds.kind import JsonValue, Parsed, Value, wrong_json

_BLANKS = re.compile(r"[\s\u00a0\u3000\u200b\u200e\u200f\ufeff]+")
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d\ufe63", "-"))
_BRACKETS = str.maketrans({"（": "(", "）": ")", "：": ":", "，": ",", "．": ".", "／": "/"})
_UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EDGE = " \t\u00a0\u3000\n"
_SHORT = 64
_WORD = re.compile(r"[0-9A-Za-z]+(?:['.\-/][0-9A-Za-z]+)*|[^\s\u3000]")


def fold(text: str) -> str:
    """Return `text` with widths, brackets, colons and dashes in one form, without blanks and unprintables (rule N01).

    For codes, numbers, dates and ticks, where none of these differences means anything.
    """
    return _folded_once(text) if len(text) <= _SHORT else _folded(text)


def _folded(text: str) -> str:
    if text.isascii():
        return text.replace(" ", "") if text.isprintable() else _BLANKS.sub("", _UNPRINTABLE.sub("", text))
    printable = _UNPRINTABLE.sub("", text.translate(_BRACKETS))
    folded = _BLANKS.sub("", unicodedata.normalize("NFKC", printable).translate(_DASHES))
    return unicodedata.normalize("NFKC", folded)  # a letter may now stand beside its accent


_folded_once = lru_cache(maxsize=8192)(_folded)
"""A form repeats its short answers (自有, 五级, a name) many times over."""


def clean(text: str) -> str:
    """Return free text with one kind of line end, no unprintable characters and no outer blanks."""
    if not text.isprintable():  # what Python calls printable has no line ends, and no blank but the common one
        text = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text.strip(_EDGE)


def unprintable(text: str) -> tuple[str, ...]:
    """Return the characters of `text` that no XML file may hold, as U+XXXX, in order of appearance."""
    if text.isprintable():
        return ()
    return tuple(dict.fromkeys(f"U+{ord(c):04X}" for c in _UNPRINTABLE.findall(text)))


def count_characters(text: str) -> int:
    """Return the number of 字 in `text`: Chinese characters and punctuation, a Latin word as one (rule D08)."""
    return len(_WORD.findall(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Free text of at most `limit` 字; `lines` says whether it may run over several paragraphs."""

    limit: int = 60
    lines: bool = False

    def parse(self, text: str) -> Parsed:
        """Return the cleaned text; longer than `limit` is asked about (rule D08), never cut."""
        value = clean(text)
        removed = removed_characters(text)
        if len(value) <= self.limit or (size := count_characters(value)) <= self.limit:
            return value or None, removed
        over = Problem(
            rule="D08",
            code="text.long",
            severity=Severity.CONFIRM,
            phrase=f"最多 {self.limit} 字,现在是 {size} 字",
            phrase_en=f"at most {self.limit} characters, now {size}",
            got=f"{size} 字",
            want=f"不超过 {self.limit} 字",
            remedy="请压缩文字;确需保留的,续页打印",
        )
        return value, (*removed, over)

    def show(self, value: Value) -> str:
        """Return the text itself."""
        return "" if value is None else str(value)

    def to_json(self, value: Value) -> JsonValue:
        """Return the text itself."""
        return None if value is None else str(value)

    def from_json(self, value: JsonValue) -> Parsed:
        """Return the text of a record file."""
        if value is None:
            return None, ()
        return self.parse(value) if isinstance(value, str) else wrong_json(value, "文字")

    def schema(self) -> dict[str, Any]:
        """Return a string schema; the limit is asked about, so it is not a maximum there."""
        return {"type": "string", "x-limit": self.limit}


def removed_characters(text: str) -> tuple[Problem, ...]:
    """Return the problem that `text` holds characters that no file may hold, () when it does not."""
    gone = unprintable(text)
    if not gone:
        return ()
    names = "、".join(gone)
    return (
        Problem(
            rule="N01",
            code="text.unprintable",
            severity=Severity.CONFIRM,
            phrase=f"含有不能打印的字符 {names},已去掉",
            phrase_en=f"held unprintable characters {', '.join(gone)}, removed",
            got=names,
            want="可打印的文字",
            remedy="请核对这一格的文字是否完整",
        ),
    )
