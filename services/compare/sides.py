"""One of two forms that are compared: its answers as people read them.

A chosen option stands alone without its boxes, a picture is told by its size and digest, identity
numbers may be shown masked (rule I06).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from services.answers import field_at, label_at, place_at, schedules
from services.findings import Finding
from services.form import Field, Form
from services.kinds import Choice, Choices, Code, Kind, Picture, Tick, Value, YesNo
from services.record import Record, at, rows
from services.rules.resident import mask_id

_UNREAD = ("choice.", "code.", "date.", "number.", "record.", "text.")
"""How the codes of those findings begin that are about reading one answer, not about what it says."""
_NOTHING: Mapping[str, str] = MappingProxyType({})
_DIGITS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A form and its record, what stands where an answer could not be read, and where its answers stand.

    With `masked` identity numbers are shown in part.
    """

    form: Form
    record: Record
    unread: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    places: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    masked: bool = False


def written(findings: tuple[Finding, ...]) -> Mapping[str, str]:
    """Return what stands where an answer may not have been read, by path: the clerk's own words."""
    return MappingProxyType({f.field: f.got for f in findings if f.got and f.code.startswith(_UNREAD)})


def content(side: Side, path: str) -> str:
    """Return what is compared of an answer: its whole text, of a picture its digest."""
    value = at(side.record, path)
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    return plain(field_at(side.form, path).kind, value) or side.unread.get(path, "")


def text(side: Side, path: str) -> str:
    """Return an answer as it is shown beside another."""
    kind, value = field_at(side.form, path).kind, at(side.record, path)
    if isinstance(value, bytes):
        return f"照片({len(value) // 1024 + 1} KB,校验值 {content(side, path)[:_DIGITS]})"
    is_resident = isinstance(kind, Code) and kind.scheme == "resident"
    return mask_id(content(side, path)) if side.masked and is_resident else content(side, path)


def plain(kind: Kind, value: Value) -> str:
    """Return a value in words: the chosen option alone, 是 or 否; '' for nothing and for a picture."""
    match kind:
        case Picture():
            return ""
        case Tick() | YesNo():
            return {True: "是", False: "否"}.get(value, "") if isinstance(value, bool) else ""
        case Choice():
            return str(value or "")
        case Choices():
            return "、".join(label for key, label in kind.options if isinstance(value, tuple) and key in value)
        case _:
            return kind.show(value)


def place(side: Side, path: str) -> str:
    """Return where an answer, an item or a table stands in the file, or on the printed form."""
    return side.places.get(path) or place_at(side.form, path)


def label(side: Side, path: str) -> str:
    """Return the printed label of an answer, an item or a table."""
    return label_at(side.form, path)


def columns(form: Form, key: str) -> tuple[Field, ...]:
    """Return the columns of a table, none when the form has no such table."""
    return schedules(form)[key].columns if key in schedules(form) else ()


def row_count(side: Side, key: str) -> int:
    """Return how many rows a table has, 0 when the form has no such table."""
    return len(rows(side.record, key)) if key in schedules(side.form) else 0


def row_text(side: Side, row: str) -> str:
    """Return all that stands in a row of a table: 姓名:张三;性别:男."""
    cells = ((column.label, text(side, f"{row}.{column.key}")) for column in columns(side.form, row.partition(".")[0]))
    return ";".join(f"{name}:{said}" for name, said in cells if said)
