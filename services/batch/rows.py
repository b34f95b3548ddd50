"""The rows of a list (名单) as records: what a column is headed with is the answer that it prefills."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from types import MappingProxyType

from forms.summaries import REDUCTIONS, ROSTER
from services.answers import field_at, label_at, scalars
from services.carriers import box
from services.carriers.reading import UnreadableError
from services.check import Context, check_reading
from services.findings import Finding, Problem, Severity, found
from services.form import Form
from services.kinds import Picture
from services.kinds.text import fold
from services.record import Record, build
from services.survey.table_in import HEAD_ROWS, below_heads, table_of

_WHAT = "名单"
_UNASKED = ("", "序号")
"""Heads that nobody expects to be printed in a form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One form to be issued: the row it stands in (from 1) and the record that prefills it."""

    number: int
    record: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a list holds: its rows in order, and what is wrong with single cells or columns of it."""

    form: Form
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]


def read_list(form: Form, data: bytes, name: str, context: Context) -> Listed:
    """Return the records that the rows of a list (xlsx or csv, the file `name`) prefill.

    A value that cannot be taken is left out of its form and told; rows that state nothing are passed over.

    Raises:
        UnreadableError: it is no such file, or no row of heads says whose the forms are.
    """
    table: list[list[str]] = box.run("services.batch.rows:table_here", data, {})
    start, columns = _heads(form, table)
    rows: list[Row] = []
    findings = [*_unused(table[start - 1], columns, name)]
    for number, cells in enumerate(table[start:], start + 1):
        raw = {path: cells[at].strip() for at, path in columns.items() if at < len(cells) and cells[at].strip()}
        if raw:
            record, said = _read(form, raw, f"{name} 第 {number} 行", context)
            rows.append(Row(number=number, record=record))
            findings += said
    if not rows:
        raise UnreadableError(
            "roster",
            f"{_WHAT}“{name}”里没有可用的行:表头下面每行填一份表的内容。",
            "the list has heads, but no row below them",
        )
    findings += _twice(form, rows, name)
    return Listed(form=form, rows=tuple(rows), findings=tuple(findings))


def table_here(data: bytes) -> list[list[str]]:
    """Return the texts of a list. Runs in the box.

    Raises:
        UnreadableError: it is no table, or has too many rows.
    """
    return table_of(data, _WHAT, "roster")


def _read(form: Form, raw: Mapping[str, str], place: str, context: Context) -> tuple[Record, list[Finding]]:
    """Return the record of a row, and what the rules say of the answers that it gives."""
    places = dict.fromkeys(raw, place)
    checked = check_reading(form, raw, {}, places, context)
    said = [finding for finding in checked.findings if finding.field in raw]
    wrong = {finding.field for finding in said if finding.severity is Severity.MUST_FIX}
    kept = {path: checked.record.values.get(path) for path in raw if path not in wrong}
    return build(form, kept), [*said, *_unnamed(form, raw, place)]


# ---- heads ------------------------------------------------------------------------------------------


def _heads(form: Form, table: Sequence[Sequence[str]]) -> tuple[int, dict[int, str]]:
    """Return the number of rows up to the heads, and the answer that each column prefills."""
    found = below_heads(table, partial(_columns, form))
    if found is None:
        wanted = label_at(form, form.known_by[0])
        blank = "也可以用 census roster 给出的空名单。" if _takes_roster(form) else ""
        raise UnreadableError(
            "roster",
            f"这不像{_WHAT}:前 {HEAD_ROWS} 行中没有写着“{wanted}”的表头。"
            f"表头照《{form.short_title}》的栏目名写,每列一栏。{blank}",
            f"not a list: no row of heads with {form.known_by[0]}",
        )
    return found


def _columns(form: Form, heads: Sequence[str]) -> dict[int, str] | None:
    known = _named(form)
    columns: dict[int, str] = {}
    for at, head in enumerate(heads):
        path = known.get(head)
        if path and path not in columns.values():
            columns[at] = path
    return columns if form.known_by[0] in columns.values() else None


def _takes_roster(form: Form) -> bool:
    return _named(form).get(fold(ROSTER[0].label)) == form.known_by[0]


@lru_cache(maxsize=64)
def _named(form: Form) -> Mapping[str, str]:
    """Return the answers by what a column may be headed with: label, key, or the heads of a roster."""
    paths = [key for key, field in scalars(form).items() if not isinstance(field.kind, Picture)]
    taken = {take.fact: take.paths[0] for kept in REDUCTIONS if kept.form == form.id for take in kept.takes}
    heads = {fold(head): taken[column.fact] for column in ROSTER if column.fact in taken for head in column.heads}
    keys = {fold(path): path for path in paths}
    return MappingProxyType(heads | keys | {fold(label_at(form, path)): path for path in paths})


def _unused(heads: Sequence[str], columns: Mapping[int, str], name: str) -> Iterator[Finding]:
    """Yield that columns prefill nothing, in one finding."""
    unused = [head.strip() for at, head in enumerate(heads) if head.strip() not in _UNASKED and at not in columns]
    if unused:
        problem = Problem(
            code="batch.unused",
            rule="D02",
            severity=Severity.NOTE,
            phrase=f"这几列没有用上:{'、'.join(unused)}。表头与表中栏目名相同的列才会预填",
            phrase_en=f"columns that prefill nothing: {', '.join(unused)}",
            got="、".join(unused),
        )
        yield found(problem, field="", label="", place=f"{name} 表头")


def _twice(form: Form, rows: Sequence[Row], name: str) -> Iterator[Finding]:
    """Yield that two rows are one owner's: both forms are made."""
    key = form.known_by[0]
    first: dict[str, int] = {}
    for row in rows:
        owner = text_of(form, row.record, key)
        before = first.setdefault(owner, row.number)
        if owner and before != row.number:
            problem = Problem(
                code="batch.twice",
                rule="D09",
                severity=Severity.CONFIRM,
                phrase=f"与第 {before} 行相同,两份表都生成了",
                phrase_en=f"is that of row {before} again, both forms were made",
                got=owner,
                remedy="请核对名单,多余的一份删去",
            )
            yield found(problem, field=key, label=label_at(form, key), place=f"{name} 第 {row.number} 行")


def _unnamed(form: Form, raw: Mapping[str, str], place: str) -> Iterator[Finding]:
    """Yield that a row does not say whose form it is."""
    key = form.known_by[0]
    if not raw.get(key):
        problem = Problem(
            code="batch.unnamed",
            rule="D07",
            severity=Severity.CONFIRM,
            phrase="没有填写,这份表仍会生成,但不知道是谁的",
            phrase_en="is empty, the form does not say whose it is",
            remedy=f"请在{place}补填后重新生成",
        )
        yield found(problem, field=key, label=label_at(form, key), place=place)


def text_of(form: Form, record: Record, path: str) -> str:
    """Return an answer as it is printed, '' for an empty one."""
    return field_at(form, path).kind.show(record.values.get(path))
