"""Choices: one of several options, several of them, 是/否, or a single tick (rule N04)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from services.findings import Problem, Severity
from services.kinds.kind import NOTHING, JsonValue, Parsed, Value, wrong_json
from services.kinds.marks import Ticked, read_marks
from services.kinds.text import fold

TICKED = "√"
EMPTY = "□"

_SAME = {"是": ("是", "有", "true", "True", "1", "Y"), "否": ("否", "无", "false", "False", "0", "N")}


def _problem(text: str, ticked: Ticked, want: str, remedy: str = "请在选中的一项打√,其余留空") -> Problem:
    if ticked.unsure:
        said = f"“{'、'.join(ticked.unsure)}”处画了 ×,看不出是选中还是不选"
    elif len(ticked.on) > 1:
        said = f"选了 {len(ticked.on)} 项:{'、'.join(ticked.on)}"
    else:
        said = f"现在是“{text.strip()}”,读不出选了哪一项"
    return Problem(
        rule="N04",
        code="choice.unclear",
        severity=Severity.MUST_FIX,
        phrase=f"{want},{said}",
        phrase_en=f"should be one of the printed options, is {text.strip()!r}",
        got=text.strip(),
        want=want,
        remedy=remedy,
    )


def _more_words(text: str, option: str) -> Problem:
    return Problem(
        rule="N04",
        code="choice.words",
        severity=Severity.CONFIRM,
        phrase=f"现在是“{text.strip()}”,已读为“{option}”,多写的文字不保留",
        phrase_en=f"is {text.strip()!r}, read as {option!r} without its other words",
        got=text.strip(),
        want=option,
        remedy="请核对选中的一项;需要说明的写在备注或附页",
    )


@lru_cache(maxsize=256)
def _spellings(options: tuple[str, ...], synonyms: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """Return every way to write an option alone, folded, with the option it stands for."""
    return MappingProxyType({fold(name): option for name, option in (*((o, o) for o in options), *synonyms)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of `options`; the value is the printed label. `boxes` prints every option with its box."""

    options: tuple[str, ...]
    boxes: bool = False
    synonyms: tuple[tuple[str, str], ...] = ()

    def parse(self, text: str) -> Parsed:
        """Return the ticked or written option (rule N04)."""
        folded = fold(text)
        if not folded or (folded in NOTHING and "无" not in self.options):
            return None, ()
        spellings = _spellings(self.options, self.synonyms)
        if folded in spellings:
            return spellings[folded], ()
        ticked = read_marks(text, self.options)
        if len(ticked.on) == 1 and not ticked.unsure and (ticked.understood or ticked.marked):
            return ticked.on[0], () if ticked.understood else (_more_words(text, ticked.on[0]),)
        if not ticked.on and not ticked.unsure and ticked.understood:
            return None, ()
        return None, (_problem(text, ticked, f"应从 {'/'.join(self.options)} 中选一项"),)

    def show(self, value: Value) -> str:
        """Return the option, or with `boxes` all options with their boxes."""
        if not self.boxes:
            return "" if value is None else str(value)
        return " ".join(f"{TICKED if option == value else EMPTY}{option}" for option in self.options)

    def to_json(self, value: Value) -> JsonValue:
        """Return the option."""
        return None if value is None else str(value)

    def from_json(self, value: JsonValue) -> Parsed:
        """Return the option of a record file."""
        if value is None:
            return None, ()
        return (str(value), ()) if value in self.options else wrong_json(value, f"{'/'.join(self.options)} 之一")

    def schema(self) -> dict[str, Any]:
        """Return an enumeration."""
        return {"type": "string", "enum": list(self.options)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Any of `options`, as a tuple of (value, printed label); the value holds the first of each, in printed order.

    None is "nothing stated"; an empty tuple never occurs.
    """

    options: tuple[tuple[str, str], ...]
    synonyms: tuple[tuple[str, str], ...] = ()

    def parse(self, text: str) -> Parsed:
        """Return the values of all ticked or listed options (rules N04, L07)."""
        if not fold(text) or fold(text) in NOTHING:
            return None, ()
        values = ((value, value) for value, _ in self.options)
        labels = {label: value for value, label in (*values, *self.options, *((v, s) for s, v in self.synonyms))}
        ticked = read_marks(text, tuple(labels))
        if ticked.unsure or not ticked.understood:
            want = f"应从 {'、'.join(label for _, label in self.options)} 中选"
            return None, (_problem(text, ticked, want, "请在选中的各项打√,其余留空"),)
        chosen = {labels[label] for label in ticked.on}
        return tuple(value for value, _ in self.options if value in chosen) or None, ()

    def show(self, value: Value) -> str:
        """Return all options with their boxes."""
        chosen = value if isinstance(value, tuple) else ()
        return " ".join(f"{TICKED if key in chosen else EMPTY}{label}" for key, label in self.options)

    def to_json(self, value: Value) -> JsonValue:
        """Return the list of values."""
        return list(value) if isinstance(value, tuple) else None

    def from_json(self, value: JsonValue) -> Parsed:
        """Return the values of a record file's list."""
        if value is None or value == []:
            return None, ()
        known = tuple(key for key, _ in self.options)
        if not isinstance(value, list | tuple) or any(item not in known for item in value):
            return wrong_json(value, f"由 {'/'.join(known)} 组成的列表")
        return tuple(key for key in known if key in value), ()

    def schema(self) -> dict[str, Any]:
        """Return an array of the values."""
        return {"type": "array", "uniqueItems": True, "items": {"enum": [key for key, _ in self.options]}}


@dataclass(frozen=True, slots=True, kw_only=True)
class YesNo:
    """是 or 否; the value is a bool, None when neither is ticked."""

    def parse(self, text: str) -> Parsed:
        """Return True for 是 or 有, False for 否 or 无 (rule N04)."""
        folded = fold(text)
        if folded in _SAME["是"] or folded in _SAME["否"]:
            return folded in _SAME["是"], ()
        value, problems = Choice(options=("是", "否")).parse(text)
        return None if value is None else value == "是", problems

    def show(self, value: Value) -> str:
        """Return √是 □否, □是 √否 or □是 □否."""
        return Choice(options=("是", "否"), boxes=True).show(None if value is None else "是" if value else "否")

    def to_json(self, value: Value) -> JsonValue:
        """Return the bool."""
        return value if isinstance(value, bool) else None

    def from_json(self, value: JsonValue) -> Parsed:
        """Return the bool of a record file."""
        return (value, ()) if value is None or isinstance(value, bool) else wrong_json(value, "true 或 false")

    def schema(self) -> dict[str, Any]:
        """Return a boolean schema."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """One box that is ticked or not, printed before its `label`; the value is a bool, never None."""

    label: str

    def parse(self, text: str) -> Parsed:
        """Return whether the box is ticked (rule N04); an empty cell is not ticked."""
        ticked = read_marks(text, (self.label,))
        if fold(text) in ("√", "✓", "是", "V", "v", "■", "☑", "对"):
            return True, ()
        if ticked.unsure:
            return None, (_problem(text, ticked, f"“{self.label}”有此情形打√,没有留空"),)
        bare = fold(text) == fold(self.label)
        return bool(ticked.on) and not bare, ()

    def show(self, value: Value) -> str:
        """Return the box and its label."""
        return f"{TICKED if value else EMPTY}{self.label}"

    def to_json(self, value: Value) -> JsonValue:
        """Return the bool."""
        return bool(value)

    def from_json(self, value: JsonValue) -> Parsed:
        """Return the bool of a record file; null is not ticked."""
        return (bool(value), ()) if value is None or isinstance(value, bool) else wrong_json(value, "true 或 false")

    def schema(self) -> dict[str, Any]:
        """Return a boolean schema."""
        return {"type": "boolean"}
