"""The figures a form computes and never trusts as typed (rules P02, P07, P11, T02).

Sums are exact (Decimal scores, int counts). What has nothing to sum is None: an unanswered form has
no totals, not zeros.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from services.answers import base_items, scalars, schedules, section_items
from services.form import Form, Item, Schedule
from services.kinds import Tick, Value
from services.record import Record, at, build, entries_of, rows

GRADES: tuple[tuple[Decimal, str], ...] = (
    (Decimal(90), "优秀"),
    (Decimal(75), "合格"),
    (Decimal(60), "基本合格"),
    (Decimal(0), "不合格"),
)
"""The least total of each grade, best first (rule P07; the names b G2, the cut points c)."""

FAILED = GRADES[-1][1]
_NUMBERS = frozenset({int, Decimal})


def expected(form: Form, record: Record) -> Mapping[str, Value]:
    """Return the right value of every computed answer of `form`, by path."""
    values = dict(expected_once(form, record))
    for schedule in form.schedules:
        values |= _summed(form, record, schedule) if schedule.totals_of else {}
    return values


def expected_once(form: Form, record: Record) -> Mapping[str, Value]:
    """Return the right value of every computed answer that stands once, by path."""
    return {key: _computed(form, record, field.total_of) for key, field in scalars(form).items() if field.total_of}


def completed(form: Form, record: Record) -> Record:
    """Return `record` with every computed answer that is empty filled in; what was typed stays."""
    entries = entries_of(form, record)
    return build(form, entries | {path: v for path, v in expected(form, record).items() if entries.get(path) is None})


def grade_of(total: Decimal | None, *, vetoed: bool) -> str | None:
    """Return the grade that a total earns, None for no total; any veto fails (rule P07)."""
    if vetoed:
        return FAILED
    return None if total is None else next((name for least, name in GRADES if total >= least), FAILED)


def _computed(form: Form, record: Record, total_of: str) -> Value:
    if total_of == "grade":
        return grade_of(final_total(form, record), vetoed=bool(vetoes(form, record)))
    _, section, column = total_of.split(".")
    return _sum_of(base_items(form) if section == "*" else section_items(form, section), record, column)


def _sum_of(scored: Iterable[Item], record: Record, column: str) -> Decimal | None:
    cells: Mapping[str, Mapping[str, Value]] = record.values.get("items", {})
    return _sum((cells.get(item.id, {}).get(column) for item in scored), Decimal(0))


def _sum(values: Iterable[Value], start: Any) -> Any:
    """Return the sum of the numbers among `values`, None when there are none."""
    numbers: list[Any] = [value for value in values if value.__class__ in _NUMBERS]
    return sum(numbers, start) if numbers else None


def final_total(form: Form, record: Record) -> Decimal | None:
    """Return the total the grade follows from: the reviewed one once an item is reviewed, else the station's own."""
    reviewed = _sum_of(base_items(form), record, "review")
    return _sum_of(base_items(form), record, "self") if reviewed is None else reviewed


def vetoes(form: Form, record: Record) -> tuple[str, ...]:
    """Return the keys of the ticked veto answers (否决事项, rule P08): the single ticks of the form."""
    return tuple(
        key for key, field in scalars(form).items() if isinstance(field.kind, Tick) and at(record, key) is True
    )


def _summed(form: Form, record: Record, totals: Schedule) -> dict[str, Value]:
    """Return the cells of a schedule of totals (rule T02)."""
    base = rows(record, schedules(form)[totals.totals_of].key)
    values: dict[str, Value] = {}
    for number, group in enumerate(totals.groups):
        whole = number == len(totals.groups) - 1
        chosen = [row for row in base if whole or row.get(totals.group_by) == group]
        values[f"{totals.key}.{number}.{totals.columns[0].key}"] = group
        values |= {
            f"{totals.key}.{number}.{column.key}": _sum((row.get(column.key) for row in chosen), 0)
            for column in totals.columns[1:]
        }
    return values
