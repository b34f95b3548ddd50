"""A form as issued in Excel, for reading: what stands in which row and column of which sheet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from services.carriers.layout import ANY_ROW, Layout, LayoutCell, Piece, compile_layout
from services.carriers.likeness import bare
from services.carriers.xlsx.address import cell_name, fixed_name
from services.carriers.xlsx.book import cell_key
from services.carriers.xlsx.layout import blank_sheets
from services.carriers.xlsx.plan import Sheet, Spot
from services.carriers.xlsx.values import CellValue
from services.form import Form
from services.kinds import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCell:
    """A cell of an issued row: columns `col` to `end`, its fixed text ('' for an answer), its answer's path.

    `value` is the fixed text as a reader gives it back (figures as floats). `mirror` tells that the
    answer is asked elsewhere and only repeated here, `counted` that it is 序号. `name` is the defined
    name of an answer's cell and `target` what it refers to, `anchor` its address (sheet!A1) and `group`
    the path of its item or row.
    """

    col: int
    end: int
    text: str = ""
    path: str = ""
    value: CellValue = ""
    mirror: bool = False
    counted: bool = False
    kind: Kind | None = None
    name: str = ""
    target: str = ""
    anchor: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedRow:
    """A row with something in it: `labels` are its cells with fixed text, `others` the rest.

    `schedule` is the key of the table whose rows repeat here, '' otherwise.
    """

    row: int
    cells: tuple[IssuedCell, ...]
    labels: tuple[IssuedCell, ...]
    others: tuple[IssuedCell, ...]
    schedule: str = ""
    head_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IssuedSheet:
    """A sheet as issued: its rows without identity line and advice, its width in columns."""

    name: str
    rows: tuple[IssuedRow, ...]
    columns: int
    top: frozenset[str]
    grows_after: frozenset[int]


@lru_cache(maxsize=64)
def issued(form: Form) -> tuple[IssuedSheet, ...]:
    """Return the sheets of the form as issued."""
    return tuple(_sheet(page) for page in blank_sheets(form))


def _sheet(page: Sheet) -> IssuedSheet:
    rows: dict[int, list[Spot]] = defaultdict(list)
    for spot in page.spots:
        if spot.role not in {"identity", "remark"}:
            rows[spot.row].append(spot)
    repeating = {table.first: table.schedule for table in page.tables if _repeats(page, table.first)}
    heads = {table.head: table.schedule for table in page.tables}
    spare = {row for t in page.tables if t.first in repeating for row in range(t.first + 1, t.first + t.count)}
    kept = tuple(
        _row(page, number, spots, repeating.get(number, ""), heads.get(number, ""))
        for number, spots in sorted(rows.items())
        if number not in spare
    )
    return IssuedSheet(
        name=page.name,
        rows=kept,
        columns=len(page.widths_mm),
        top=frozenset(bare(s.text) for s in page.spots if s.role == "remark"),
        grows_after=frozenset(_growing(page)),
    )


def _repeats(page: Sheet, row: int) -> bool:
    """Return whether the table whose first row this is may have any number of rows: sums have printed groups."""
    return not any(spot.row == row and spot.role == "fixed" for spot in page.spots)


def _growing(page: Sheet) -> Iterator[int]:
    yield from (spot.row for spot in page.spots if spot.role == "answer" and spot.rows > 1)
    yield from (table.first for table in page.tables if _repeats(page, table.first))


def _row(page: Sheet, number: int, spots: list[Spot], schedule: str, head_of: str) -> IssuedRow:
    cells = tuple(_cell(page, spot, schedule) for spot in sorted(spots, key=lambda spot: spot.col))
    labels = tuple(cell for cell in cells if cell.text and not cell.counted)
    others = tuple(cell for cell in cells if cell not in labels)
    return IssuedRow(row=number, cells=cells, labels=labels, others=others, schedule=schedule, head_of=head_of)


def _cell(page: Sheet, spot: Spot, schedule: str) -> IssuedCell:
    path = spot.path
    if schedule and path:
        path = f"{schedule}.{ANY_ROW}.{path.rpartition('.')[2]}"
    fixed = spot.role in {"fixed", "number"}
    figure = fixed and spot.text.isdecimal() and spot.text.isascii()
    return IssuedCell(
        col=spot.col,
        end=spot.col + spot.cols,
        text=spot.text if fixed else "",
        path="" if fixed else path,
        value=float(spot.text) if figure else spot.text,
        mirror=spot.role == "mirror",
        counted=spot.role == "number",
        kind=spot.field.kind if spot.field else None,
        name=cell_key(path) if path else "",
        target=f"{page.name}!{fixed_name(spot.row, spot.col)}",
        anchor=f"{page.name}!{cell_name(spot.row, spot.col)}",
        group=path.rpartition(".")[0],
    )


@lru_cache(maxsize=64)
def sheet_of_rows(form: Form) -> tuple[str, ...]:
    """Return the sheet that each row of the layout stands on."""
    return tuple(sheet.name for sheet in issued(form) for _ in sheet.rows)


@lru_cache(maxsize=64)
def layout_of(form: Form) -> Layout:
    """Return the rows of all sheets as the aligner compares them."""
    rows = (tuple(_layout_cells(row)) for sheet in issued(form) for row in sheet.rows)
    return compile_layout(rows, frozenset(s.key for s in form.schedules if not s.totals_of))


def _layout_cells(row: IssuedRow) -> Iterator[LayoutCell]:
    for cell in row.cells:
        piece = Piece(text="", path=_numbered(cell.path)) if cell.path else Piece(text=cell.text)
        yield LayoutCell(pieces=(piece,), start=cell.col, span=cell.end - cell.col)


def _numbered(path: str) -> str:
    """Return the path with a row number, as the aligner's own compiling takes it out again."""
    return path.replace(f".{ANY_ROW}.", ".0.")
