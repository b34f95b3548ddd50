"""A workbook of computed tables: a sheet a table, ready to be filtered and printed, its sums as formulas.

Written row by row, so that memory does not grow with the number of rows; every formula carries the
value that was computed here, so that viewers that do not calculate show the same figures.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from math import ceil
from pathlib import Path
from typing import Any, BinaryIO, cast

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from services.kinds import Value
from services.paper.typeset_cells import MM_PER_PT
from services.paper.typeset_labels import balanced, em
from services.summary import Column, Shown, Tally
from services.survey.tables import Made

_MADE_ON = datetime(2006, 7, 3, tzinfo=UTC).replace(tzinfo=None)
"""The creation date in every workbook: a clock would make the bytes differ."""
_HEAD = 3
"""The row of the heads, from 0; mark, title and subtitle stand above it."""
_PX_PER_MM = 96 / 25.4
_A4 = 9
_LONG_MM = 24
"""A text column at least this wide reads better at the left."""
_PT = 9
_LINE_PX, _PADDING_PX, _SIDES_MM = 16, 6, 3.5
_NUMBERS: Mapping[Shown, str] = {
    "text": "@",
    "day": "yyyy-mm-dd",
    "score": "0.0",
    "mean": "0.00",
    "count": "0",
    "percent": "0.0%",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A sheet being written: `first` and `last` are its data rows."""

    book: xlsxwriter.Workbook
    sheet: Worksheet
    made: Made
    looks: Mapping[str, Format]

    @property
    def first(self) -> int:
        return _HEAD + 1

    @property
    def last(self) -> int:
        return _HEAD + len(self.made.rows)

    def span(self, column: int) -> str:
        """Return the data cells of a column, from 1 (0 is the numbers'): B5:B40."""
        return f"{xl_rowcol_to_cell(self.first, column)}:{xl_rowcol_to_cell(self.last, column)}"


def workbook(tables: Sequence[Made], heading: str) -> bytes:
    """Return the workbook of `tables`; `heading` stands at the top of every printed page."""
    data = io.BytesIO()
    write(data, tables, heading)
    return data.getvalue()


def write(target: Path | BinaryIO, tables: Sequence[Made], heading: str) -> None:
    """Write the workbook of `tables`: the same bytes for the same tables."""
    where: Any = str(target) if isinstance(target, Path) else target
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(where, options) as book:
        book.set_properties({"title": heading, "author": "职业技能鉴定所(站)质量普查", "created": _MADE_ON})
        looks = _looks(book)
        for made in tables:
            page = _Page(book=book, sheet=book.add_worksheet(made.table.sheet), made=made, looks=looks)
            _set_up(page, heading)
            _top(page)
            _rows(page)
            _foot(page)


def _looks(book: xlsxwriter.Workbook) -> dict[str, Format]:
    """Return every look of the sheets, by name; a data cell's is its way of showing, * where it reads at the left."""
    framed = {"border": 1, "valign": "vcenter", "text_wrap": True}
    cell = framed | {"font_name": "仿宋", "font_size": _PT}
    bold = framed | {"font_name": "黑体", "font_size": _PT, "bg_color": "#F2F2F2", "align": "center"}
    made: dict[str, dict[str, Any]] = {
        "mark": {"font_name": "黑体", "font_size": 14},
        "title": {"font_name": "宋体", "font_size": 18, "bold": True, "align": "center", "valign": "vcenter"},
        "subtitle": {"font_name": "仿宋", "font_size": 11},
        "head": bold,
        "label": bold,
        "note": {"font_name": "宋体", "font_size": 9, "text_wrap": True, "valign": "top"},
        "text*": cell | {"num_format": "@", "align": "left", "indent": 1},
    }
    for kind, number in _NUMBERS.items():
        made[kind] = cell | {"num_format": number, "align": "center"}
        made[f"{kind}+"] = bold | {"num_format": number}
    return {name: book.add_format(properties) for name, properties in made.items()}


def _set_up(page: _Page, heading: str) -> None:
    """Set the paper, the print titles, what stays in view and the filter."""
    sheet, table = page.sheet, page.made.table
    _ = sheet.set_landscape() if table.landscape else sheet.set_portrait()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.79, right=0.79, top=0.98, bottom=0.79)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.set_header(f'&L&"宋体"&9{_plain(heading)}&R&"宋体"&9{_plain(table.mark or page.made.title)}')
    sheet.set_footer('&C&"宋体"&14— &P —')
    sheet.repeat_rows(_HEAD)
    sheet.freeze_panes(_HEAD + 1, 2)
    widths = (table.number_mm, *(column.width_mm for column in table.columns))
    for number, width in enumerate(widths):
        sheet.set_column_pixels(number, number, round(width * _PX_PER_MM))
    if page.made.rows:
        sheet.autofilter(_HEAD, 0, page.last, len(table.columns))


def _plain(text: str) -> str:
    """Return a text as a header prints it: & begins a code there."""
    return text.replace("&", "&&")


def _top(page: _Page) -> None:
    sheet, made, width = page.sheet, page.made, len(page.made.table.columns)
    sheet.write_string(0, 0, made.table.mark, page.looks["mark"])
    sheet.set_row_pixels(1, 40)
    sheet.merge_range(1, 0, 1, width, made.title, page.looks["title"])
    sheet.write_string(2, 0, made.subtitle, page.looks["subtitle"])
    sheet.set_row_pixels(_HEAD, 36)
    widths = (made.table.number_mm, *(column.width_mm for column in made.table.columns))
    for number, head in enumerate(("序号", *(column.label for column in made.table.columns))):
        sheet.write_string(_HEAD, number, balanced(head, _room_em(widths[number]) + 1), page.looks["head"])


def _rows(page: _Page) -> None:
    number = 0
    for index, row in enumerate(page.made.rows):
        at = page.first + index
        members = page.made.sums.get(index)
        number += members is None
        page.sheet.set_row_pixels(at, _height_px(page, row))
        if members is None:
            page.sheet.write_number(at, 0, number, page.looks["count"])
        else:
            page.sheet.write_blank(at, 0, None, page.looks["label"])
        for column, value in enumerate(row, 1):
            _data_cell(page, (at, column), value, members)


def _height_px(page: _Page, row: Sequence[Value]) -> int:
    """Return the height that the longest text of a row needs: programs differ in whether they find it out."""
    lines = (
        sum(ceil(em(line) / _room_em(column.width_mm)) for line in value.split("\n"))
        for column, value in zip(page.made.table.columns, row, strict=True)
        if isinstance(value, str)
    )
    return _PADDING_PX + _LINE_PX * max(1, *lines, 1)


def _room_em(width_mm: float) -> float:
    """Return how many 字 stand on a line of a column."""
    return (width_mm - _SIDES_MM) / (_PT * MM_PER_PT) - 0.5


def _data_cell(page: _Page, cell: tuple[int, int], value: Value, members: tuple[int, int] | None) -> None:
    """Write a cell of a row, or of a line of sums over the rows `members`."""
    column = page.made.table.columns[cell[1] - 1]
    look = page.looks[f"{column.shown}+" if members else _look(column)]
    formula = ""
    if column.ratio:
        formula = _ratio(page, cell[0], column.ratio)
    elif members and column.total:
        letter = xl_col_to_name(cell[1])
        formula = f"=SUBTOTAL(9,{letter}{page.first + members[0] + 1}:{letter}{page.first + members[1] + 1})"
    _put(page.sheet, cell, value, (formula, look))


def _look(column: Column) -> str:
    return "text*" if column.shown == "text" and column.width_mm >= _LONG_MM else column.shown


def _ratio(page: _Page, row: int, facts: tuple[str, str]) -> str:
    part, whole = (xl_rowcol_to_cell(row, _column_of(page, fact)) for fact in facts)
    return f'=IF({whole}=0,"",{part}/{whole})'


def _column_of(page: _Page, fact: str) -> int:
    """Return the column of a fact, from 1."""
    return [column.fact for column in page.made.table.columns].index(fact) + 1


def _put(sheet: Worksheet, cell: tuple[int, int], value: Value, how: tuple[str, Format]) -> None:
    """Write a value, as the result of a formula where there is one; texts are never read as formulas."""
    formula, look = how
    if formula:
        sheet.write_formula(*cell, formula, look, cast("int", "" if value is None else _figure(value)))
    elif value is None:
        sheet.write_blank(*cell, None, look)
    elif isinstance(value, date):
        sheet.write_datetime(*cell, datetime.combine(value, time()), look)
    elif isinstance(value, int | Decimal):
        sheet.write_number(*cell, float(value), look)
    else:
        sheet.write_string(*cell, str(value), look)


def _figure(value: Value) -> int | float | str:
    return float(value) if isinstance(value, Decimal) else value if isinstance(value, int) else str(value)


def _foot(page: _Page) -> None:
    """Write the totals, the counts and the note, and end the print area there."""
    row, table, width = page.last + 1, page.made.table, len(page.made.table.columns)
    if page.made.totals:
        page.sheet.write_string(row, 0, table.total_label, page.looks["label"])
        for number, (column, value) in enumerate(zip(table.columns, page.made.totals, strict=True), 1):
            _put(page.sheet, (row, number), value, _total(page, row, number, column))
        row += 1
    for tally, count in page.made.tallies:
        page.sheet.merge_range(row, 0, row, 1, tally.label, page.looks["label"])
        _put(page.sheet, (row, 2), count, (_counting(page, tally), page.looks["count+"]))
        row += 1
    if table.note:
        page.sheet.set_row_pixels(row, 34)
        page.sheet.merge_range(row, 0, row, width, f"注：{table.note}", page.looks["note"])
        row += 1
    page.sheet.print_area(0, 0, max(row - 1, _HEAD), width)


def _total(page: _Page, row: int, number: int, column: Column) -> tuple[str, Format]:
    """Return the formula and the look of a cell in the line of totals."""
    if column.ratio:
        return _ratio(page, row, column.ratio), page.looks[f"{column.shown}+"]
    if column.total == "mean":
        return f"=SUBTOTAL(1,{page.span(number)})", page.looks["mean+"]
    if column.total == "sum":
        return f"=SUBTOTAL(9,{page.span(number)})", page.looks[f"{column.shown}+"]
    return "", page.looks["label"]


def _counting(page: _Page, tally: Tally) -> str:
    """Return the formula that counts a tally's rows, '' for a table without rows."""
    if not page.made.rows:
        return ""
    cells = page.span(_column_of(page, tally.fact))
    if tally.others:
        return f"=COUNTA({page.span(1)})-COUNTA({cells})"
    return f'=COUNTIF({cells},"{tally.start}*")' if tally.start else f"=COUNTA({cells})"
