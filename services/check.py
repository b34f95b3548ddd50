"""Checking: a record, or the raw text of a completed file, against the rules that its form lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from services.answers import field_at, label_at, place_at, rank, schedules
from services.catalogue import region
from services.findings import Finding, Problem, Severity, found
from services.form import Form
from services.kinds.kind import NOTHING
from services.kinds.text import fold
from services.record import Record, at, parse, rows
from services.rules.calendar import brought_forward
from services.rules.catalogue import CHECKS
from services.rules.rule import Context, Facts, Fault, facts_of
from services.rules.source import statements

__all__ = ["Checked", "Context", "check_reading", "check_record"]

_EMPTY = ".empty"
SHORT = 4
"""No longer text can be one of the ways to write 无, which spares folding every answer."""
_GRAVITY = (Severity.MUST_FIX, Severity.CONFIRM, Severity.NOTE)
_NO_PLACES: Mapping[str, str] = MappingProxyType({})
_NO_PICTURES: Mapping[str, bytes] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a completed file holds and everything that is wrong with it, in printed order.

    Rows of a schedule are counted in `findings` as they stand in the file, blank rows included.
    """

    record: Record
    findings: tuple[Finding, ...]


def check_record(
    form: Form, record: Record, context: Context, places: Mapping[str, str] = _NO_PLACES
) -> tuple[Finding, ...]:
    """Return everything that is wrong with a record, in printed order.

    `places` says where each answer stands in the clerk's file; where it is silent the printed form's
    own place is named.
    """
    facts = facts_of(form, record, _regional(form, context))
    return _in_order(form, (_finding(form, fault, rule, places, fault.field) for rule, fault in _faults(facts)))


def check_reading(
    form: Form,
    raw: Mapping[str, str],
    pictures: Mapping[str, bytes] = _NO_PICTURES,
    places: Mapping[str, str] = _NO_PLACES,
    context: Context | None = None,
) -> Checked:
    """Return the record of a completed file and everything that is wrong with it, single texts included."""
    record, misread = parse(form, raw, pictures, places)
    printed = _printed_rows(form, record, raw)
    kept = {f"{key}.{row}.": f"{key}.{number}." for key, found in printed.items() for number, row in enumerate(found)}
    unread = {_moved(finding.field, kept) for finding in misread if at(record, _moved(finding.field, kept)) is None}
    nothing = {_moved(path, kept) for path, text in raw.items() if len(text) <= SHORT and fold(text) in NOTHING}
    facts = facts_of(form, record, _regional(form, context or Context()), frozenset(unread), frozenset(nothing))
    back = {record_row: file_row for file_row, record_row in kept.items()}
    judged = (_finding(form, fault, rule, places, _moved(fault.field, back)) for rule, fault in _faults(facts))
    return Checked(record=record, findings=_in_order(form, (*map(_sourced, misread), *judged)))


def _regional(form: Form, context: Context) -> Context:
    """Return the context with the region that the form was issued for, and its calendar."""
    own = context.region or (region(form.region) if form.region else None)
    if own is None:
        return context
    return replace(context, region=own, calendar=brought_forward(context.calendar, dict(own.dates)))


def _faults(facts: Facts) -> Iterator[tuple[str, Fault]]:
    for rule, check in CHECKS.items():
        if rule in facts.form.rules:
            yield from ((rule, fault) for fault in check(facts))


def _finding(form: Form, fault: Fault, rule: str, places: Mapping[str, str], path: str) -> Finding:
    statement = statements()[rule]
    problem = Problem(
        code=f"{rule}.{fault.name}",
        rule=rule,
        severity=fault.severity or statement.severity,
        phrase=fault.phrase,
        phrase_en=fault.english,
        got=fault.got,
        want=fault.want,
        remedy=fault.remedy,
        source=statement.source,
    )
    place = places.get(path) or place_at(form, path)
    return found(problem, field=path, label=label_at(form, path) if path else "", place=place)


def _sourced(finding: Finding) -> Finding:
    """Return a finding of the kinds with the clause of its rule."""
    return replace(finding, source=finding.source or statements()[finding.rule].source)


def _in_order(form: Form, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings in printed order, at one place the gravest first, each once.

    Of several that say “empty” of one answer the gravest is kept, and of those the most special rule's.
    """
    kept: dict[tuple[str, str], Finding] = {}
    for finding in sorted(findings, key=lambda f: _GRAVITY.index(f.severity), reverse=True):
        kept[_EMPTY if finding.code.endswith(_EMPTY) else finding.code, finding.field] = finding
    return tuple(sorted(kept.values(), key=lambda f: (f.field != "", rank(form, f.field), _GRAVITY.index(f.severity))))


# ---- rows: a record leaves out the blank ones between the written ones -----------------------------


def _printed_rows(form: Form, record: Record, raw: Mapping[str, str]) -> dict[str, tuple[int, ...]]:
    """Return the row numbers in the file of each schedule's rows in the record."""
    written: dict[str, set[int]] = {key: set() for key in schedules(form)}
    for path in raw:
        head, _, rest = path.partition(".")
        if head in written:
            written[head].add(int(rest.partition(".")[0]))
    return {
        key: _kept_rows(form, raw, key, sorted(numbers), len(rows(record, key))) for key, numbers in written.items()
    }


def _kept_rows(form: Form, raw: Mapping[str, str], key: str, numbers: list[int], count: int) -> tuple[int, ...]:
    if len(numbers) == count or schedules(form)[key].totals_of:
        return tuple(numbers)
    paths = {
        number: tuple(f"{key}.{number}.{column.key}" for column in schedules(form)[key].columns) for number in numbers
    }
    return tuple(
        number
        for number in numbers
        if any(field_at(form, path).kind.parse(raw.get(path, ""))[0] is not None for path in paths[number])
    )


def _moved(path: str, moved: Mapping[str, str]) -> str:
    """Return `path` with its row as `moved` renumbers it."""
    head, _, rest = path.partition(".")
    row, _, column = rest.partition(".")
    start = f"{head}.{row}."
    return f"{moved[start]}{column}" if start in moved else path
