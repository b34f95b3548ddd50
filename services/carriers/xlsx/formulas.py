"""The formulas of a workbook: sums of scores, the grade, sums by year, and what the cover repeats.

They compute what `services.totals` computes (rules P02, P07, P11, T02): nothing where there is nothing to sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from services.answers import base_items, scalars, schedules, section_items
from services.carriers.xlsx.address import column_name, fixed_name, quoted
from services.carriers.xlsx.plan import Sheet, Spot, Table
from services.form import Field, Form, Schedule
from services.kinds import Tick
from services.kinds.choice import TICKED
from services.kinds.number import plain
from services.totals import FAILED, GRADES


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where the answers of a workbook stand: reference by path, and each schedule's sheet, table and columns."""

    cells: Mapping[str, tuple[str, Spot]]
    tables: Mapping[str, tuple[str, Table]]

    def reference(self, path: str) -> str:
        """Return the reference of an answer's cell, with its sheet."""
        sheet, spot = self.cells[path]
        return f"{quoted(sheet)}!{fixed_name(spot.row, spot.col)}"


def places_of(sheets: Iterable[Sheet]) -> Places:
    """Return where the answers stand on `sheets`; what is repeated elsewhere is left out."""
    cells = {spot.path: (sheet.name, spot) for sheet in sheets for spot in sheet.spots if spot.role == "answer"}
    tables = {table.schedule: (sheet.name, table) for sheet in sheets for table in sheet.tables}
    return Places(cells=cells, tables=tables)


def formulas(form: Form, sheets: Sequence[Sheet]) -> dict[str, str]:
    """Return the formula of every computed answer by path, and of every repeated one by `=path`."""
    places = places_of(sheets)
    found: dict[str, str] = {}
    for key, field in scalars(form).items():
        if field.total_of and key in places.cells:
            found[key] = _total(form, places, field)
    for schedule in form.schedules:
        if schedule.totals_of and schedule.key in places.tables:
            found |= _group_sums(form, places, schedule)
    repeated = {spot.path for sheet in sheets for spot in sheet.spots if spot.role == "mirror"}
    return found | {f"={key}": _repeat(places, key) for key in sorted(repeated)}


def _repeat(places: Places, key: str) -> str:
    reference = places.reference(key)
    return f'IF({reference}="","",{reference})'


def _total(form: Form, places: Places, field: Field) -> str:
    if field.total_of == "grade":
        return _grade(form, places)
    _, section, column = field.total_of.split(".")
    scored = base_items(form) if section == "*" else section_items(form, section)
    return _sum([f"items.{item.id}.{column}" for item in scored], places)


def _sum(paths: list[str], places: Places) -> str:
    """Return the sum of score cells, "" while all are empty; the cells of a column in one range each run."""
    spots = sorted((places.cells[path] for path in paths if path in places.cells), key=lambda p: (p[0], p[1].row))
    if not spots:
        return '""'
    runs = groupby(enumerate(spots), key=lambda pair: (pair[1][0], pair[1][1].col, pair[1][1].row - pair[0]))
    ranges = ",".join(_range([spot for _, (_, spot) in run], sheet) for (sheet, _, _), run in runs)
    return f'IF(COUNT({ranges})=0,"",SUM({ranges}))'


def _range(spots: list[Spot], sheet: str) -> str:
    first, last = spots[0], spots[-1]
    return f"{quoted(sheet)}!{fixed_name(first.row, first.col)}:{fixed_name(last.row, last.col)}"


def _grade(form: Form, places: Places) -> str:
    """Return the grade of the reviewed total, else of the self score; a veto fails (rule P07)."""
    totals = {field.total_of: key for key, field in scalars(form).items()}
    ticks = [k for k, f in scalars(form).items() if isinstance(f.kind, Tick) and k in places.cells]
    graded = '""'
    for column in ("self", "review"):
        key = totals.get(f"items.*.{column}", "")
        if key in places.cells:
            reference = places.reference(key)
            graded = f"IF(ISNUMBER({reference}),{_grade_of(reference)},{graded})"
    vetoes = ",".join(f'LEFT({places.reference(key)},1)="{TICKED}"' for key in ticks)
    return f'IF(OR({vetoes}),"{FAILED}",{graded})' if ticks else graded


def _grade_of(reference: str) -> str:
    text = f'"{FAILED}"'
    for least, name in reversed(GRADES[:-1]):
        text = f'IF({reference}>={plain(least)},"{name}",{text})'
    return text


def _group_sums(form: Form, places: Places, totals: Schedule) -> dict[str, str]:
    """Return the sums of a schedule of totals, by group and over all (rule T02)."""
    base = schedules(form)[totals.totals_of]
    groups = _column(places, base, totals.group_by) if totals.group_by else ""
    found: dict[str, str] = {}
    for number, group in enumerate(totals.groups):
        whole = number == len(totals.groups) - 1
        for column in totals.columns[1:]:
            values = _column(places, base, column.key)
            by_group = f'IF(COUNTIFS({groups},"{group}",{values},">=0")=0,"",SUMIF({groups},"{group}",{values}))'
            text = f'IF(COUNT({values})=0,"",SUM({values}))' if whole else by_group
            found[f"{totals.key}.{number}.{column.key}"] = text
    return found


def _column(places: Places, schedule: Schedule, key: str) -> str:
    """Return the range of a column, down to the last row that the schedule may have."""
    sheet, table = places.tables[schedule.key]
    col = column_name(places.cells[f"{schedule.key}.0.{key}"][1].col)
    last = table.first + max(table.count, schedule.max_rows if table.open_end else 0)
    return f"{quoted(sheet)}!${col}${table.first + 1}:${col}${last}"
