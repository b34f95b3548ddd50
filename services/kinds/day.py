"""Days and months, in every way that clerks write a date (rule N02)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from services.findings import Problem, Severity
from services.kinds.kind import NOTHING, JsonValue, Parsed, Value, wrong_json
from services.kinds.number import chinese_number
from services.kinds.text import fold

_DAY = re.compile(r"(\d{4})(?:年|[-./])(\d{1,2})(?:月|[-./])(\d{1,2})[日号]?(?:T?00:00:00)?")
_MONTH = re.compile(r"(\d{4})(?:年|[-./])(\d{1,2})月?份?")
_COMPACT_MONTH = re.compile(r"((?:19|20)\d{2})(0[1-9]|1[0-2])")
_CHINESE_DATE = re.compile(
    "([零〇○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十]{1,3})[日号]?)?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"[1-6]\d{4}(?:\.0+)?")
_EPOCH = date(1899, 12, 30)
_ZEROS = str.maketrans({"O": "〇", "o": "〇", "0": "〇"})


def _arabic(text: str) -> str:
    """Return a date in Chinese numerals, with any of the zeros 〇 ○ O, as digits."""
    match = _CHINESE_DATE.fullmatch(text.translate(_ZEROS))
    if match is None:
        return text
    year, month, day = (chinese_number(part) if part else None for part in match.groups())
    return f"{year}年{month}月{day}日" if day is not None else f"{year}年{month}月"


def read_day(text: str) -> date | None:
    """Return the day that `text` names, or None when it names none (an impossible day included)."""
    folded = _arabic(fold(text))
    if _SERIAL.fullmatch(folded):
        return _EPOCH + timedelta(days=int(float(folded)))
    match = _DAY.fullmatch(folded) or _COMPACT.fullmatch(folded)
    try:
        return date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        return None


def read_month(text: str) -> date | None:
    """Return the first day of the month that `text` names; a whole day names its month too."""
    folded = _arabic(fold(text))
    match = _MONTH.fullmatch(folded) or _COMPACT_MONTH.fullmatch(folded)
    try:
        return date(int(match[1]), int(match[2]), 1) if match else _first_of(read_day(text))
    except ValueError:
        return None


def _first_of(day: date | None) -> date | None:
    return day.replace(day=1) if day else None


def show_day(day: date) -> str:
    """Return 2006年8月5日: Arabic digits, no leading zero."""
    return f"{day.year}年{day.month}月{day.day}日"


def _unreadable(text: str, example: str) -> Parsed:
    problem = Problem(
        rule="N02",
        code="date.unreadable",
        severity=Severity.MUST_FIX,
        phrase=f"应为日期,现在是“{text.strip()}”",
        phrase_en=f"should be a date, is {text.strip()!r}",
        got=text.strip(),
        want=f"如 {example}",
        remedy=f"请写成 {example} 的样子,并核对是否有这一天",
    )
    return None, (problem,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A calendar day."""

    def parse(self, text: str) -> Parsed:
        """Return the day (rule N02)."""
        if not fold(text) or fold(text) in NOTHING:
            return None, ()
        day = read_day(text)
        return (day, ()) if day else _unreadable(text, "2006年8月15日")

    def show(self, value: Value) -> str:
        """Return 2006年8月5日."""
        return show_day(value) if isinstance(value, date) else ""

    def to_json(self, value: Value) -> JsonValue:
        """Return the ISO date."""
        return value.isoformat() if isinstance(value, date) else None

    def from_json(self, value: JsonValue) -> Parsed:
        """Return the day of a record file's ISO date."""
        if value is None:
            return None, ()
        try:
            return date.fromisoformat(str(value)), ()
        except ValueError:
            return wrong_json(value, "日期 YYYY-MM-DD")

    def schema(self) -> dict[str, Any]:
        """Return a date schema."""
        return {"type": "string", "format": "date"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month; the value is its first day."""

    def parse(self, text: str) -> Parsed:
        """Return the first day of the month (rule N02); 至今, the open end of a span, is nothing."""
        if not fold(text) or fold(text) in NOTHING | {"至今"}:
            return None, ()
        month = read_month(text)
        return (month, ()) if month else _unreadable(text, "2005年6月")

    def show(self, value: Value) -> str:
        """Return 1966年5月."""
        return f"{value.year}年{value.month}月" if isinstance(value, date) else ""

    def to_json(self, value: Value) -> JsonValue:
        """Return YYYY-MM."""
        return f"{value:%Y-%m}" if isinstance(value, date) else None

    def from_json(self, value: JsonValue) -> Parsed:
        """Return the month of a record file's YYYY-MM."""
        if value is None:
            return None, ()
        month = read_month(value) if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}", value) else None
        return (month, ()) if month else wrong_json(value, "月份 YYYY-MM")

    def schema(self) -> dict[str, Any]:
        """Return a year-month schema."""
        return {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"}
