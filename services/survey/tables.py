"""Summaries computed from a survey: the cells of every declared table, the same for workbook and print (rule K03)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from forms.summaries import SUMMARIES
from services.kinds import Value
from services.kinds.number import plain
from services.summary import Column, Shown, Table, Tally
from services.survey.rows import SOURCES, Facts
from services.survey.stations import Survey

STEPS: Mapping[Shown, str] = {"score": "0.1", "mean": "0.01", "percent": "0.1"}
SUBTOTAL = "小计"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A declared table with its cells: `rows` and `totals` have a value a column, the number column left out.

    `sums` are the lines of a group's sums among the rows, by index: (first row, last row) summed up.
    `tallies` are the counts below, in declared order.
    """

    table: Table
    title: str
    subtitle: str = ""
    rows: tuple[tuple[Value, ...], ...] = ()
    sums: Mapping[int, tuple[int, int]]
    totals: tuple[Value, ...] = ()
    tallies: tuple[tuple[Tally, int], ...] = ()

    @property
    def count(self) -> int:
        """How many rows there are, lines of sums left out."""
        return len(self.rows) - len(self.sums)


def summaries(survey: Survey) -> tuple[Made, ...]:
    """Return 汇总表1 to 6."""
    return tuple(made(table, SOURCES[table.rows](survey)) for table in SUMMARIES)


def made(table: Table, facts: Iterable[Facts], *, subtitle: str = "", title: str = "") -> Made:
    """Return a table with the rows that `facts` are, its sums, totals and counts."""
    listed = tuple(facts)
    rows: list[tuple[Value, ...]] = []
    sums: dict[int, tuple[int, int]] = {}
    for _, members in groupby(listed, key=lambda row: row.get(table.group)) if table.group else (("", listed),):
        group = tuple(members)
        first = len(rows)
        rows += (tuple(_cell(column, row) for column in table.columns) for row in group)
        if table.group:
            sums[len(rows)] = (first, len(rows) - 1)
            rows.append(_summed(table, group, {table.group: group[0].get(table.group), _second(table): SUBTOTAL}))
    totals = _summed(table, listed, {}) if table.total_label and listed else ()
    tallies = tuple((tally, _count(tally, listed)) for tally in table.tallies)
    return Made(
        table=table,
        title=title or table.title,
        subtitle=subtitle,
        rows=tuple(rows),
        sums=sums,
        totals=totals,
        tallies=tallies,
    )


def _second(table: Table) -> str:
    """Return the fact whose column says 小计 in a line of sums: the one after the group's."""
    facts = [column.fact for column in table.columns]
    return facts[facts.index(table.group) + 1]


def _cell(column: Column, row: Facts) -> Value:
    if column.ratio:
        return _ratio(row.get(column.ratio[0]), row.get(column.ratio[1]))
    value = row.get(column.fact)
    return dict(column.words).get(value, value) if isinstance(value, str) else value


def _ratio(part: Value, whole: Value) -> Decimal | None:
    """Return part / whole, None when nothing is counted."""
    if not isinstance(part, int) or not isinstance(whole, int) or not whole:
        return None
    return Decimal(part) / Decimal(whole)


def _summed(table: Table, rows: Sequence[Facts], named: Mapping[str, Value]) -> tuple[Value, ...]:
    """Return a line of sums or means over `rows`; `named` are the facts that say whose sums they are."""
    facts = dict(named) | {column.fact: _total(column, rows) for column in table.columns if column.total}
    return tuple(_cell(column, facts) for column in table.columns)


def _total(column: Column, rows: Sequence[Facts]) -> Value:
    """Return the sum or the mean of a column, empty cells left out; None when all are empty."""
    values = [value for row in rows if isinstance(value := row.get(column.fact), int | Decimal)]
    if not values:
        return None
    whole = sum(values)
    return whole if column.total == "sum" else Decimal(whole) / len(values)


def _count(tally: Tally, rows: Sequence[Facts]) -> int:
    if tally.others:
        return sum(1 for row in rows if not row.get(tally.fact))
    return sum(1 for row in rows if str(row.get(tally.fact) or "").startswith(tally.start) and row.get(tally.fact))


# ---- as printed ---------------------------------------------------------------------------------


def shown(column: Column, value: Value, *, total: bool = False) -> str:
    """Return a cell as it is printed; in the line of totals a mean has two decimals."""
    kind: Shown = "mean" if total and column.total == "mean" else column.shown
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if kind in STEPS and isinstance(value, int | Decimal):
        number = Decimal(value) * (100 if kind == "percent" else 1)
        text = str(number.quantize(Decimal(STEPS[kind]), ROUND_HALF_UP))
        return f"{text}%" if kind == "percent" else text
    return plain(value) if isinstance(value, Decimal) else str(value)


def texts(table: Made) -> Iterator[tuple[str, ...]]:
    """Yield every line of a table as it is printed: number and cells, then the totals, then label and count."""
    columns, number = table.table.columns, 0
    for index, row in enumerate(table.rows):
        number += index not in table.sums
        first = "" if index in table.sums else str(number)
        yield (first, *(shown(column, value) for column, value in zip(columns, row, strict=True)))
    if table.totals:
        cells = (shown(column, value, total=True) for column, value in zip(columns, table.totals, strict=True))
        yield (table.table.total_label, *cells)
    for tally, count in table.tallies:
        yield (tally.label, str(count))
