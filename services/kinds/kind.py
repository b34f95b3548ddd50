"""The verbs that every kind answers, and the helpers they share for saying what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from services.findings import Problem, Severity

type_of_value = str | int | Decimal | bool | date | bytes | tuple[str, ...]
Value = type_of_value | None
"""What a record holds in one place; None is an empty cell."""

JsonValue = str | int | float | bool | None | Sequence[Any] | Mapping[str, Any]

Parsed = tuple[Value, tuple[Problem, ...]]
"""A value (None when empty or unreadable) and what was noticed while reading it."""


class Kind(Protocol):
    """One kind of value: text in a cell, value in a record, value in JSON."""

    def parse(self, text: str) -> Parsed:
        """Return the value that `text` (as a clerk wrote it) stands for, and what is wrong with it."""
        ...

    def show(self, value: Value) -> str:
        """Return `value` as the text printed on the form; '' for None. `parse` gives it back."""
        ...

    def to_json(self, value: Value) -> JsonValue:
        """Return `value` as it stands in a record file."""
        ...

    def from_json(self, value: JsonValue) -> Parsed:
        """Return the value of a record file's entry, and what is wrong with it."""
        ...

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a non-empty value."""
        ...


NOTHING = frozenset({"无", "/", "—", "-", "--", "无。"})
"""What clerks write to say that there is nothing here (rule D07), after folding."""


def wrong_json(value: JsonValue, want: str) -> Parsed:
    """Return nothing, with the problem that a record file holds another JSON type than `want`."""
    problem = Problem(
        rule="D07",
        code="record.type",
        severity=Severity.MUST_FIX,
        phrase=f"在记录文件中应为{want},现在是 {value!r}",
        phrase_en=f"should be {want} in the record file, is {value!r}",
        got=repr(value),
        want=want,
        remedy="请按 census forms --json 给出的格式改正",
    )
    return None, (problem,)
