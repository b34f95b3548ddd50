"""Counts, measures and scores, in whatever way a clerk writes a number (rules N01, N05, T03)."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from services.findings import Problem, Severity
from services.kinds.kind import NOTHING, JsonValue, Parsed, Value, wrong_json
from services.kinds.text import fold

UNITS = (
    "平方米",
    "人次",
    "m2",
    "㎡",
    "人",
    "名",
    "台",
    "套",
    "个",
    "次",
    "岁",
    "年",
    "分",
    "批",
    "份",
    "元",
    "间",
    "本",
    "处",
)
_UNIT = re.compile("(?:" + "|".join(map(re.escape, UNITS)) + r")(?:\([^)]*\))?$")
_PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_TWO_LINES = re.compile(r"\d[^\S\n]*\n\s*\d")
_CHINESE = re.compile("[零〇○一二两三四五六七八九十百千万]{1,20}")
_DIGITS = MappingProxyType(
    {"零": 0, "〇": 0, "○": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
)
_WEIGHTS = MappingProxyType({"十": 10, "百": 100, "千": 1000, "万": 10000})


def chinese_number(text: str) -> int | None:
    """Return the whole number that Chinese numerals (十二, 两百, 二〇〇六) stand for, or None."""
    if not _CHINESE.fullmatch(text):
        return None
    if not any(c in _WEIGHTS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total, section, digit = 0, 0, 0
    for c in text:
        weight = _WEIGHTS.get(c)
        if weight is None:
            digit = _DIGITS[c]
        elif weight == _WEIGHTS["万"]:
            total, section, digit = (total + section + digit) * weight, 0, 0
        else:
            section, digit = section + (digit or 1) * weight, 0
    return total + section + digit * _implied(text)


def _implied(text: str) -> int:
    """Return what a last digit counts when its own weight is left out: 一百五 is 150, 两千三 2300, 三万五 35000."""
    before = _WEIGHTS.get(text[-2], 0) if len(text) > 1 else 0
    return before // 10 if before >= _WEIGHTS["百"] else 1


def plain(value: Decimal) -> str:
    """Return a decimal without exponent and without trailing zeros: 12.50 → 12.5, 2.0 → 2."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number(text: str) -> tuple[Decimal | None, tuple[Problem, ...]]:
    if _TWO_LINES.search(text):
        return None, ()  # two numbers, one below the other: neither is meant alone, and they are no third one
    folded = _UNIT.sub("", fold(text))
    if _GROUPED.fullmatch(folded):
        folded = folded.replace(",", "")
    if _PLAIN.fullmatch(folded):
        return Decimal(folded), ()
    numeral = chinese_number(folded)
    if numeral is None:
        return None, ()
    return Decimal(numeral), (_converted(text, numeral),)


def _converted(text: str, numeral: int) -> Problem:
    return Problem(
        rule="N05",
        code="number.chinese",
        severity=Severity.CONFIRM,
        phrase=f"应填阿拉伯数字,现在是“{text.strip()}”,已读为 {numeral}",
        phrase_en=f"should be in Arabic digits, is {text.strip()!r}, read as {numeral}",
        got=text.strip(),
        want=str(numeral),
        remedy=f"请核对,并改写为 {numeral}",
    )


def _not_a_number(text: str, want: str, rule: str) -> Parsed:
    problem = Problem(
        rule=rule,
        code="number.unreadable",
        severity=Severity.MUST_FIX,
        phrase=f"应为 {want},现在是“{text.strip()}”",
        phrase_en=f"should be a number, is {text.strip()!r}",
        got=text.strip(),
        want=want,
        remedy="请只填一个阿拉伯数字",
    )
    return None, (problem,)


def _is_finite_number(value: JsonValue) -> bool:
    """Return whether a record file's value is a number (a float cannot tell of an int of 400 digits that it is)."""
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def _json_number(value: Value) -> JsonValue:
    """Return a number as it stands in a record file, an int when it is whole."""
    if value is None:
        return None
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    return int(number) if number == number.to_integral_value() else float(number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A count, `minimum` to `maximum`; `unit` stands in the label and is stripped when read."""

    minimum: int = 0
    maximum: int = 9_999_999
    unit: str = ""

    def parse(self, text: str) -> Parsed:
        """Return an int (rules N05, T03)."""
        if not fold(text) or fold(text) in NOTHING:
            return None, ()
        value, problems = _number(text)
        if value is None:
            return _not_a_number(text, self._want(), "T03")
        return self._judge(value, problems)

    def _want(self) -> str:
        return f"{self.minimum}–{self.maximum} 的整数"

    def _judge(self, value: Decimal, problems: tuple[Problem, ...]) -> Parsed:
        if value == value.to_integral_value() and self.minimum <= value <= self.maximum:
            return int(value), problems
        outside = Problem(
            rule="T03",
            code="number.range",
            severity=Severity.MUST_FIX,
            phrase=f"应为 {self._want()},现在是 {plain(value)}",
            phrase_en=f"should be a whole number {self.minimum}-{self.maximum}, is {plain(value)}",
            got=plain(value),
            want=self._want(),
            remedy="请核对后改正",
        )
        return None, (*problems, outside)

    def show(self, value: Value) -> str:
        """Return the digits."""
        return "" if value is None else str(value)

    def to_json(self, value: Value) -> JsonValue:
        """Return the number."""
        return None if value is None else int(str(value))

    def from_json(self, value: JsonValue) -> Parsed:
        """Return the number of a record file."""
        if value is None:
            return None, ()
        if not _is_finite_number(value):
            return wrong_json(value, "整数")
        return self._judge(Decimal(str(value)), ())

    def schema(self) -> dict[str, Any]:
        """Return an integer schema with its range."""
        return {"type": "integer", "minimum": self.minimum, "maximum": self.maximum}


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A measure of at most `places` decimals, `minimum` to `maximum`."""

    minimum: Decimal = Decimal(0)
    maximum: Decimal = Decimal(9_999_999)
    places: int = 2
    unit: str = ""

    def parse(self, text: str) -> Parsed:
        """Return a Decimal (rule N05)."""
        if not fold(text) or fold(text) in NOTHING:
            return None, ()
        value, problems = _number(text)
        if value is None:
            return _not_a_number(text, f"数字,最多 {self.places} 位小数", "N05")
        return self._judge(value, problems)

    def _judge(self, value: Decimal, problems: tuple[Problem, ...]) -> Parsed:
        within = self.minimum <= value <= self.maximum
        if within and value.quantize(Decimal(1).scaleb(-self.places)) == value:
            return Decimal(plain(value)), problems
        want = f"{plain(self.minimum)}–{plain(self.maximum)},最多 {self.places} 位小数"
        outside = Problem(
            rule="N05",
            code="number.range",
            severity=Severity.MUST_FIX,
            phrase=f"应为 {want},现在是 {plain(value)}",
            phrase_en=f"should be {plain(self.minimum)}-{plain(self.maximum)}, is {plain(value)}",
            got=plain(value),
            want=want,
            remedy="请核对后改正",
        )
        return None, (*problems, outside)

    def show(self, value: Value) -> str:
        """Return the number without trailing zeros."""
        return plain(value) if isinstance(value, Decimal) else "" if value is None else str(value)

    def to_json(self, value: Value) -> JsonValue:
        """Return the number, an int when it is whole."""
        return _json_number(value)

    def from_json(self, value: JsonValue) -> Parsed:
        """Return the number of a record file."""
        if value is None:
            return None, ()
        if not _is_finite_number(value):
            return wrong_json(value, "数字")
        return self._judge(Decimal(str(value)), ())

    def schema(self) -> dict[str, Any]:
        """Return a number schema with its range."""
        return {
            "type": "number",
            "minimum": float(self.minimum),
            "maximum": float(self.maximum),
            "x-places": self.places,  # not multipleOf: 20.29 is no multiple of 0.01 in floats
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A score of an item: any number is read here; rules P01 and P09 judge it against the item."""

    points: Decimal

    def parse(self, text: str) -> Parsed:
        """Return a Decimal."""
        if not fold(text) or fold(text) in NOTHING:
            return None, ()
        value, problems = _number(text)
        if value is None:
            return _not_a_number(text, f"0–{plain(self.points)} 的分数", "P01")
        return Decimal(plain(value)), problems

    def show(self, value: Value) -> str:
        """Return the score without trailing zeros."""
        return plain(value) if isinstance(value, Decimal) else "" if value is None else str(value)

    def to_json(self, value: Value) -> JsonValue:
        """Return the number, an int when it is whole."""
        return _json_number(value)

    def from_json(self, value: JsonValue) -> Parsed:
        """Return the score of a record file."""
        if value is None:
            return None, ()
        if not _is_finite_number(value):
            return wrong_json(value, "分数")
        return Decimal(plain(Decimal(str(value)))), ()

    def schema(self) -> dict[str, Any]:
        """Return a number schema with its range."""
        return {"type": "number", "minimum": 0, "maximum": float(self.points)}
