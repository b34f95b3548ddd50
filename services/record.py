"""A record: the typed values of one completed form, and its passage from raw text and from JSON.

The values have one canonical shape, so that equal contents are equal values: every scalar key of the
form is present (None when empty), schedules are tuples of rows without wholly empty ones, items are
keyed by item id with `self`, `review`, `reason`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from services.answers import ITEM_COLUMNS, field_at, item_fields, items, label_at, place_at, scalars, schedules
from services.findings import Finding, Problem, Severity, found
from services.form import Field, Form, Item, Schedule
from services.kinds import Value

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The values of one form: `values[key]`, `values[schedule][row][column]`, `values["items"][id]["self"]`."""

    form: str
    edition: str
    region: str
    values: Values


def at(record: Record, path: str) -> Value:
    """Return the value at `path`, None where there is none."""
    node: Any = record.values
    for step in path.split("."):
        if isinstance(node, MappingProxyType | dict):  # Mapping itself is asked ten times slower
            node = node.get(step)
        elif isinstance(node, tuple) and step.isdigit() and int(step) < len(node):
            node = node[int(step)]
        else:
            return None
    return node


def rows(record: Record, schedule: str) -> tuple[Mapping[str, Any], ...]:
    """Return the rows of a schedule."""
    return record.values.get(schedule) or ()


def row_counts(form: Form, record: Record) -> dict[str, int]:
    """Return how many rows each schedule of the record has."""
    return {schedule.key: len(rows(record, schedule.key)) for schedule in form.schedules}


def build(form: Form, entries: Mapping[str, Value]) -> Record:
    """Return the canonical record of `entries` (path → value); paths that are not there are empty."""
    values: dict[str, Any] = {key: _filled(field, entries.get(key)) for key, field in scalars(form).items()}
    numbers = _numbers(entries)
    for schedule in form.schedules:
        values[schedule.key] = _rows(schedule, entries, sorted(numbers.get(schedule.key, ())))
    if form.items:
        values["items"] = MappingProxyType({item.id: _item(item, entries) for item in form.items})
    edition = form.edition.id if form.edition else ""
    return Record(form=form.id, edition=edition, region=form.region, values=MappingProxyType(values))


def _filled(field: Field, value: Value) -> Value:
    """Return an empty answer's canonical value: False for a tick box, None for anything else."""
    return field.kind.parse("")[0] if value is None or value == "" else value


def _numbers(entries: Iterable[str]) -> dict[str, set[int]]:
    """Return the row numbers that occur in paths, by schedule."""
    numbers: dict[str, set[int]] = {}
    for path in entries:
        schedule, _, rest = path.partition(".")
        number = rest.partition(".")[0]
        if number.isdecimal():
            numbers.setdefault(schedule, set()).add(int(number))
    return numbers


def _rows(schedule: Schedule, entries: Mapping[str, Value], numbers: Sequence[int]) -> tuple[Mapping[str, Any], ...]:
    """Return the rows of a schedule, those that state nothing left out (fixed rows always stay)."""
    prefix = f"{schedule.key}."
    if schedule.totals_of:
        numbers = range(len(schedule.groups))
    kept = []
    for number in numbers:
        row = {column.key: entries.get(f"{prefix}{number}.{column.key}") for column in schedule.columns}
        if schedule.totals_of:
            row[schedule.columns[0].key] = schedule.groups[number]
        if schedule.totals_of or any(value is not None for value in row.values()):
            kept.append(MappingProxyType(row))
    return tuple(kept)


def _item(item: Item, entries: Mapping[str, Value]) -> Mapping[str, Any]:
    return MappingProxyType({column: entries.get(f"items.{item.id}.{column}") for column in ITEM_COLUMNS})


def entries_of(form: Form, record: Record) -> dict[str, Value]:
    """Return the values of a record by path: the reverse of `build`."""
    flat: dict[str, Value] = {key: record.values.get(key) for key in scalars(form)}
    for schedule in form.schedules:
        for number, row in enumerate(rows(record, schedule.key)):
            flat |= {f"{schedule.key}.{number}.{key}": value for key, value in row.items()}
    for item in form.items:
        cells = record.values.get("items", {}).get(item.id, {})
        flat |= {f"items.{item.id}.{column}": cells.get(column) for column in ITEM_COLUMNS}
    return flat


def empty(form: Form) -> Record:
    """Return the record of a blank form."""
    return build(form, {})


def shown(form: Form, record: Record) -> dict[str, str]:
    """Return the text of every answer by path, as the carriers print it ('' for an empty one)."""
    return {path: field_at(form, path).kind.show(value) for path, value in entries_of(form, record).items()}


# ---- from raw text ------------------------------------------------------------------------------


def parse(
    form: Form, raw: Mapping[str, str], pictures: Mapping[str, bytes], places: Mapping[str, str]
) -> tuple[Record, tuple[Finding, ...]]:
    """Return the record that the raw texts stand for, and what is wrong with single texts.

    `places` says where each answer stands in the clerk's file; where it is silent the printed form's
    own place is named.
    """
    entries: dict[str, Value] = dict(pictures)
    findings: list[Finding] = []
    for path, text in raw.items():
        if path in pictures:
            continue
        value, problems = field_at(form, path).kind.parse(text)
        entries[path] = value
        findings += (
            found(p, field=path, label=label_at(form, path), place=places.get(path) or place_at(form, path))
            for p in problems
        )
    return build(form, entries), tuple(findings)


# ---- JSON ---------------------------------------------------------------------------------------


def to_json(form: Form, record: Record) -> dict[str, Any]:
    """Return the record as the contract's JSON object."""
    values: dict[str, Any] = {key: field.kind.to_json(record.values.get(key)) for key, field in scalars(form).items()}
    for schedule in form.schedules:
        values[schedule.key] = [
            {column.key: column.kind.to_json(row.get(column.key)) for column in schedule.columns}
            for row in rows(record, schedule.key)
        ]
    if form.items:
        cells = record.values.get("items", {})
        values["items"] = {
            item.id: {f.key: f.kind.to_json(cells.get(item.id, {}).get(f.key)) for f in item_fields(item)}
            for item in form.items
        }
    return {"form": record.form, "edition": record.edition, "region": record.region, "values": values}


def digest(form: Form, record: Record) -> str:
    """Return the SHA-256 of the record's canonical JSON, in hex."""
    text = json.dumps(to_json(form, record), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def from_json(form: Form, data: Mapping[str, Any], *, partial: bool = False) -> tuple[Record, tuple[Finding, ...]]:
    """Return the record of a record file's `values`, and what is wrong with it.

    Unknown keys are always reported; missing ones unless `partial`, which reads them as empty.
    """
    values = data.get("values")
    if not isinstance(values, Mapping):
        return empty(form), (_whole_file("values 应为对象", "`values` should be an object"),)
    entries: dict[str, Value] = {}
    findings = [*_unknown(values, _known(form), ""), *([] if partial else _missing(values, _known(form), ""))]
    for path, value in _flat(form, values, findings, partial=partial):
        parsed, problems = field_at(form, path).kind.from_json(value)
        entries[path] = parsed
        findings += (found(p, field=path, label=label_at(form, path), place=place_at(form, path)) for p in problems)
    return build(form, entries), tuple(findings)


def _known(form: Form) -> tuple[str, ...]:
    return (*scalars(form), *schedules(form), *(("items",) if form.items else ()))


def _flat(
    form: Form, values: Mapping[str, Any], findings: list[Finding], *, partial: bool
) -> Iterable[tuple[str, Any]]:
    yield from ((key, values[key]) for key in scalars(form) if key in values)
    for schedule in form.schedules:
        yield from _flat_rows(schedule, values.get(schedule.key, []), findings, partial=partial)
    if form.items:
        yield from _flat_items(form, values.get("items", {}), findings, partial=partial)


def _flat_rows(schedule: Schedule, table: Any, findings: list[Finding], *, partial: bool) -> Iterable[tuple[str, Any]]:
    if not isinstance(table, list) or not all(isinstance(row, Mapping) for row in table):
        findings.append(
            _whole_file(f"“{schedule.label}”应为对象的列表", f"`{schedule.key}` should be a list of objects")
        )
        return
    keys = tuple(column.key for column in schedule.columns)
    for number, row in enumerate(table):
        prefix = f"{schedule.key}.{number}."
        findings += _unknown(row, keys, prefix)
        findings += [] if partial else _missing(row, keys, prefix)
        yield from ((prefix + key, row[key]) for key in keys if key in row)


def _flat_items(form: Form, cells: Any, findings: list[Finding], *, partial: bool) -> Iterable[tuple[str, Any]]:
    if not isinstance(cells, Mapping) or not all(isinstance(cell, Mapping) for cell in cells.values()):
        findings.append(_whole_file("items 应为以项目号为键的对象", "`items` should be an object keyed by item id"))
        return
    findings += _unknown(cells, tuple(items(form)), "items.")
    findings += [] if partial else _missing(cells, tuple(items(form)), "items.")
    for key in (key for key in items(form) if key in cells):
        findings += _unknown(cells[key], ITEM_COLUMNS, f"items.{key}.")
        findings += [] if partial else _missing(cells[key], ITEM_COLUMNS, f"items.{key}.")
        yield from ((f"items.{key}.{c}", cells[key][c]) for c in ITEM_COLUMNS if c in cells[key])


def _unknown(given: Mapping[str, Any], known: Iterable[str], prefix: str) -> list[Finding]:
    known = frozenset(known)
    extra = [key for key in given if key not in known]
    return [
        _whole_file(
            f"记录文件中的键 {prefix}{key} 不在本表内,请删去或改正", f"`{prefix}{key}` is not a key of this form"
        )
        for key in extra
    ]


def _missing(given: Mapping[str, Any], known: Iterable[str], prefix: str) -> list[Finding]:
    return [
        _whole_file(
            f"记录文件缺少键 {prefix}{key};没有内容的填 null", f"`{prefix}{key}` is missing; use null for nothing"
        )
        for key in known
        if key not in given
    ]


def _whole_file(message: str, english: str) -> Finding:
    problem = Problem(
        rule="D02", code="record.shape", severity=Severity.MUST_FIX, phrase=message, phrase_en=english, got="", want=""
    )
    return found(problem, field="", label="", place="记录文件")
