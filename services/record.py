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

from services.answers import ITEM_COLUMNS, field_at, label_at, place_at, scalars
from services.findings import Finding, Problem, Severity, found
from services.form import Form
from services.kinds import Parsed, Value
from services.kinds.memory import parser_of
from services.shape import Keys, Row, Shape, Table, filled, kept, shape_of

Values = Mapping[str, Any]
_MAPPINGS = (MappingProxyType, dict)
"""Mapping itself is asked ten times slower."""


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
        if isinstance(node, _MAPPINGS):
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
    shape = shape_of(form)
    values: dict[str, Any] = filled({key: entries.get(key) for key in shape.scalars.keys.order}, shape.blanks)
    numbers = _numbers(entries)
    for table in shape.tables:
        values[table.schedule.key] = _built_rows(table, entries, sorted(numbers.get(table.schedule.key, ())))
    if form.items:
        values["items"] = MappingProxyType(
            {item: MappingProxyType(_cells(row, entries, f"items.{item}.")) for item, row in shape.items.items()}
        )
    return _record(form, values)


def _record(form: Form, values: Values) -> Record:
    edition = form.edition.id if form.edition else ""
    return Record(form=form.id, edition=edition, region=form.region, values=MappingProxyType(values))


def _numbers(entries: Iterable[str]) -> dict[str, set[int]]:
    """Return the row numbers that occur in paths, by schedule."""
    numbers: dict[str, set[int]] = {}
    for row in {path.rpartition(".")[0] for path in entries}:
        schedule, _, rest = row.partition(".")
        number = rest.partition(".")[0]
        if number.isdecimal():
            numbers.setdefault(schedule, set()).add(int(number))
    return numbers


def _built_rows(table: Table, entries: Mapping[str, Value], numbers: Sequence[int]) -> tuple[Values, ...]:
    """Return the rows of a schedule, from its paths."""
    wanted = range(len(table.groups)) if table.groups else numbers
    return kept(table, [_cells(table.row, entries, f"{table.schedule.key}.{number}.") for number in wanted])


def _cells(row: Row, entries: Mapping[str, Value], prefix: str) -> dict[str, Value]:
    return {key: entries.get(prefix + key) for key in row.keys.order}


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
        entries[path], problems = _parsed(form, path, text)
        if problems:
            findings += _said(form, path, problems, places.get(path, ""))
    return build(form, entries), tuple(findings)


def _parsed(form: Form, path: str, text: str) -> Parsed:
    """Return what the text of an answer stands for.

    Raises:
        KeyError: the form asks nothing there.
    """
    parsers = shape_of(form).parsers
    head, _, rest = path.partition(".")
    parser = parsers.get(path) or parsers.get(f"{head}..{rest.partition('.')[2]}")
    known, ask = parser or parser_of(field_at(form, path).kind)
    return known[str].get(text) or ask(text)


def _said(form: Form, path: str, problems: Iterable[Problem], place: str = "") -> Iterable[Finding]:
    """Yield what is wrong with the answer at `path`, at the printed form's own place if no other is known."""
    for problem in problems:
        yield found(problem, field=path, label=label_at(form, path), place=place or place_at(form, path))


# ---- JSON ---------------------------------------------------------------------------------------


def to_json(form: Form, record: Record) -> dict[str, Any]:
    """Return the record as the contract's JSON object."""
    shape = shape_of(form)
    values: dict[str, Any] = _written(shape.scalars, record.values)
    for table in shape.tables:
        values[table.schedule.key] = [_written(table.row, row) for row in rows(record, table.schedule.key)]
    if form.items:
        cells = record.values.get("items", {})
        values["items"] = {item: _written(row, cells.get(item, {})) for item, row in shape.items.items()}
    return {"form": record.form, "edition": record.edition, "region": record.region, "values": values}


def _written(row: Row, values: Values) -> dict[str, Any]:
    written: dict[str, Any] = {}
    for key, known, ask in row.writers:
        try:
            value = values[key]
            written[key] = known[value.__class__][value]
        except KeyError:
            written[key] = ask(values.get(key))
    return written


def digest(form: Form, record: Record) -> str:
    """Return the SHA-256 of the record's canonical JSON, in hex."""
    tree = to_json(form, record)
    text = json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False)
    return hashlib.sha256(text.encode()).hexdigest()


def from_json(form: Form, data: Mapping[str, Any], *, partial: bool = False) -> tuple[Record, tuple[Finding, ...]]:
    """Return the record of a record file's `values`, and what is wrong with it.

    Unknown keys are always reported; missing ones unless `partial`, which reads them as empty.
    """
    given = data.get("values")
    if not isinstance(given, Mapping):
        return empty(form), (_whole_file("values 应为对象", "`values` should be an object"),)
    shape = shape_of(form)
    file = _File(form=form, partial=partial, findings=[])
    _tell_keys(file, given, shape.keys, "")
    values: dict[str, Any] = filled(_read(file, given, shape.scalars, ""), shape.blanks)
    for table in shape.tables:
        values[table.schedule.key] = _read_rows(file, given.get(table.schedule.key, []), table)
    if form.items:
        values["items"] = _read_items(file, given.get("items", {}), shape)
    return _record(form, values), tuple(file.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """A record file being read: the form it is of, whether it may leave keys out, what was wrong so far."""

    form: Form
    partial: bool
    findings: list[Finding]


def _read(file: _File, given: Mapping[str, Any], row: Row, prefix: str) -> dict[str, Value]:
    """Return the answers that stand beside each other in a record file, None for one that is not there."""
    values: dict[str, Value] = {}
    for key, known, ask in row.readers:
        if key in given:
            value = given[key]
            try:
                values[key], problems = known[value.__class__][value]
            except KeyError:
                values[key], problems = ask(value)
            if problems:
                file.findings.extend(_said(file.form, prefix + key, problems))
        else:
            values[key] = None
    return values


def _read_rows(file: _File, given: Any, table: Table) -> tuple[Values, ...]:
    key, label = table.schedule.key, table.schedule.label
    if not isinstance(given, list) or not _are_objects(given):
        file.findings.append(_whole_file(f"“{label}”应为对象的列表", f"`{key}` should be a list of objects"))
        return kept(table, ())
    found: list[dict[str, Value]] = []
    for number, cells in enumerate(given):
        prefix = f"{key}.{number}."
        _tell_keys(file, cells, table.row.keys, prefix)
        found.append(_read(file, cells, table.row, prefix))
    return kept(table, found)


def _read_items(file: _File, given: Any, shape: Shape) -> Values:
    if not isinstance(given, Mapping) or not _are_objects(given.values()):
        message = "items 应为以项目号为键的对象"
        file.findings.append(_whole_file(message, "`items` should be an object keyed by item id"))
        return MappingProxyType({item: MappingProxyType(_cells(row, {}, "")) for item, row in shape.items.items()})
    _tell_keys(file, given, shape.item_ids, "items.")
    values: dict[str, Values] = {}
    for item, row in shape.items.items():
        cells, prefix = given.get(item, {}), f"items.{item}."
        if item in given:
            _tell_keys(file, cells, row.keys, prefix)
        values[item] = MappingProxyType(_read(file, cells, row, prefix))
    return MappingProxyType(values)


def _are_objects(given: Iterable[Any]) -> bool:
    return all(value.__class__ is dict or isinstance(value, Mapping) for value in given)


def _tell_keys(file: _File, given: Mapping[str, Any], keys: Keys, prefix: str) -> None:
    """Put down the keys that the form does not have, and unless a part is enough those that are missing."""
    if len(given) == len(keys.known) and keys.known.issuperset(given):
        return
    for key in given:
        if key not in keys.known:
            message = f"记录文件中的键 {prefix}{key} 不在本表内,请删去或改正"
            file.findings.append(_whole_file(message, f"`{prefix}{key}` is not a key of this form"))
    for key in () if file.partial else keys.order:
        if key not in given:
            message = f"记录文件缺少键 {prefix}{key};没有内容的填 null"
            file.findings.append(_whole_file(message, f"`{prefix}{key}` is missing; use null for nothing"))


def _whole_file(message: str, english: str) -> Finding:
    problem = Problem(
        rule="D02", code="record.shape", severity=Severity.MUST_FIX, phrase=message, phrase_en=english, got="", want=""
    )
    return found(problem, field="", label="", place="记录文件")
