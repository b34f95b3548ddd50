"""Values as the cells of a sheet hold them: inline text, numbers, days as serials; and back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

from services.kinds import Choices, Kind, Value
from services.kinds.number import plain

LONGEST = 32_767
"""Excel's limit of characters in a cell."""

Tail = Callable[[Value], bytes]
"""Writes what follows `<c r="F12" s="5"`."""

_EPOCH = date(1899, 12, 30)
_FIRST_SAFE_DAY = date(1900, 3, 1)  # before it Excel and LibreOffice count differently
_EXACT_DIGITS = 15
_EXACT = 10.0**_EXACT_DIGITS
_SPECIAL = re.compile(r"[&<>]|[^\t\n -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|_x[0-9A-Fa-f]{4}_")
_UNPRINTABLE = re.compile(r"[^\t\n -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
EMPTY = b"/>"


def xml_text(text: str) -> bytes:
    """Return `text` as it stands in a `<t>`: escaped, without unprintable characters, never a formula."""
    if _SPECIAL.search(text):
        text = _ESCAPED.sub("_x005F_", _UNPRINTABLE.sub("", text))
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text[:LONGEST].encode()


def text_tail(value: Value) -> bytes:
    """Write a text."""
    if not value:
        return EMPTY
    text = value if isinstance(value, str) else str(value)
    if text[0] <= " " or text[-1] <= " ":
        return b' t="inlineStr"><is><t xml:space="preserve">%b</t></is></c>' % xml_text(text)
    return b' t="inlineStr"><is><t>%b</t></is></c>' % xml_text(text)


def number_text(value: Value) -> str:
    """Return a number's digits where a double keeps them all, '' otherwise."""
    if value.__class__ is int:
        digits = str(value)
    elif isinstance(value, Decimal) and value.is_finite():
        digits = str(value)
        digits = digits if digits.isdecimal() else plain(value)
    else:
        return ""
    return digits if len(digits.strip("-").replace(".", "")) <= _EXACT_DIGITS else ""


def number_tail(value: Value) -> bytes:
    """Write a number."""
    if value is None:
        return EMPTY
    if isinstance(value, int) and not isinstance(value, bool) and -_EXACT < value < _EXACT:
        return b"><v>%d</v></c>" % value
    digits = number_text(value)
    return b"><v>%b</v></c>" % digits.encode() if digits else text_tail(str(value))


def serial(day: date) -> int | None:
    """Return a day's serial number, None for one that programs disagree about."""
    return (day - _EPOCH).days if day >= _FIRST_SAFE_DAY else None


def day_tail(value: Value) -> bytes:
    """Write a day as a serial number."""
    if not isinstance(value, date):
        return EMPTY
    number = serial(value)
    return text_tail(value.isoformat()) if number is None else b"><v>%d</v></c>" % number


def as_text(kind: Kind) -> Callable[[Value], str]:
    """Return how a value of `kind` is written in a cell: an option alone, several joined by 、."""
    match type(kind).__name__:
        case "Choices":
            labels = dict(kind.options) if isinstance(kind, Choices) else {}
            return lambda value: "、".join(labels[v] for v in value) if isinstance(value, tuple) else ""
        case "YesNo":
            return lambda value: "" if value is None else "是" if value else "否"
        case "Text" | "Code" | "Choice":
            return lambda value: value if isinstance(value, str) else ""
        case _:
            return kind.show


def tail_of(kind: Kind) -> Tail:
    """Return how a cell of `kind` is written."""
    match type(kind).__name__:
        case "Day":
            return day_tail
        case "Whole" | "Number" | "Score":
            return number_tail
        case "Text" | "Code":
            return text_tail
        case _:
            return _of_few(as_text(kind))


def _of_few(text: Callable[[Value], str]) -> Tail:
    """Return how a cell of a kind with few values is written: each value is made once."""
    return lru_cache(maxsize=512)(lambda value: text_tail(text(value)))


def formula_tail(kind: Kind, formula: str) -> Tail:
    """Return how a computed cell is written: formula, with the record's value as what it last came to."""
    head = b"<f>" + xml_text(formula) + b"</f>"
    plain_tail = tail_of(kind)

    def write(value: Value) -> bytes:
        tail = plain_tail(value)
        if tail == EMPTY:
            return b">" + head + b"</c>"
        if tail.startswith(b"><v>"):
            return b">" + head + tail[1:]
        inner = tail[tail.index(b">", tail.index(b"<t")) + 1 : tail.rindex(b"</t>")]
        return b' t="str">' + head + b"<v>" + inner + b"</v></c>"

    return write


# ---- and back -----------------------------------------------------------------------------------

CellValue = int | float | str | bool | date | datetime | time | timedelta


def cell_text(value: CellValue) -> str:
    """Return what a cell holds as text: 3.0 → 3, a day as 2006-08-15, an empty or faulty cell as ''."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else plain(Decimal(repr(value)))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date | time) else str(value)


_NUMBERED = 4
"""As many characters as the number of a row has at most: 12, 十二, (12)."""


def is_number(value: CellValue) -> bool:
    """Return whether a value may stand where a row is numbered."""
    return not isinstance(value, str) or len(value.strip()) <= _NUMBERED
