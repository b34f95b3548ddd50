"""The shape of a form's record, worked out once for each form: its keys, and how each answer is read and written.

Everything here follows from the declaration; `services.record` goes through it for every record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, repeat
from types import MappingProxyType

from services.answers import item_fields, scalars
from services.form import Field, Form, Schedule
from services.kinds import JsonValue, Parsed, Value
from services.kinds.memory import Known, Memory, parser_of, reader_of, writer_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The keys of an object in a record file, in declared order and to be looked up."""

    order: tuple[str, ...]
    known: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Answers that stand beside each other: those that stand once, a schedule's columns, an item's three.

    `readers` and `writers` go from JSON and to JSON, in declared order: a key, the answers that are known by
    type and value, and how others are worked out (`services.kinds.memory`).
    """

    keys: Keys
    readers: tuple[tuple[str, Known[Parsed], Callable[[JsonValue], Parsed]], ...]
    writers: tuple[tuple[str, Known[JsonValue], Callable[[Value], JsonValue]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A schedule: its declaration and its row; `groups` are the fixed first cells of a schedule of totals."""

    schedule: Schedule
    row: Row
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A form's record: its keys, the answers that stand once, the schedules, the items by id.

    `blanks` are the values of the empty answers that stand once. `parsers` tell how the text of an answer
    is read, by path; of a schedule's column by the path without the number of the row (`staff..name`).
    """

    keys: Keys
    scalars: Row
    blanks: Mapping[str, Value]
    tables: tuple[Table, ...]
    item_ids: Keys
    items: Mapping[str, Row]
    parsers: Mapping[str, Memory[Parsed, str]]


@lru_cache(maxsize=64)
def shape_of(form: Form) -> Shape:
    """Return the shape of the form's record."""
    once = scalars(form)
    asked = dict(once)
    asked |= {f"items.{item.id}.{field.key}": field for item in form.items for field in item_fields(item)}
    asked |= {f"{schedule.key}..{field.key}": field for schedule in form.schedules for field in schedule.columns}
    return Shape(
        keys=_keys((*once, *(schedule.key for schedule in form.schedules), *(("items",) if form.items else ()))),
        scalars=_row(once.values()),
        blanks=MappingProxyType({key: field.kind.parse("")[0] for key, field in once.items()}),
        tables=tuple(_table(schedule) for schedule in form.schedules),
        item_ids=_keys(item.id for item in form.items),
        items=MappingProxyType({item.id: _row(item_fields(item)) for item in form.items}),
        parsers=MappingProxyType({path: parser_of(field.kind) for path, field in asked.items()}),
    )


def _table(schedule: Schedule) -> Table:
    return Table(schedule=schedule, row=_row(schedule.columns), groups=schedule.groups if schedule.totals_of else ())


def _row(fields: Iterable[Field]) -> Row:
    fields = tuple(fields)
    return Row(
        keys=_keys(field.key for field in fields),
        readers=tuple((field.key, *reader_of(field.kind)) for field in fields),
        writers=tuple((field.key, *writer_of(field.kind)) for field in fields),
    )


def _keys(names: Iterable[str]) -> Keys:
    order = tuple(names)
    return Keys(order=order, known=frozenset(order))


def filled(values: dict[str, Value], blanks: Mapping[str, Value]) -> dict[str, Value]:
    """Return the answers that stand once, an empty one as its canonical value: False for a tick box, else None."""
    return {key: blanks[key] if value is None or value == "" else value for key, value in values.items()}


def kept(table: Table, given: Iterable[Mapping[str, Value]]) -> tuple[Mapping[str, Value], ...]:
    """Return the rows of a schedule without those that state nothing; fixed rows always stand, each with its group."""
    if not table.groups:
        return tuple(MappingProxyType(row) for row in given if any(value is not None for value in row.values()))
    first, blank = table.row.keys.order[0], dict.fromkeys(table.row.keys.order)
    fixed = zip(table.groups, chain(given, repeat(blank)), strict=False)
    return tuple(MappingProxyType({**row, first: group}) for group, row in fixed)
