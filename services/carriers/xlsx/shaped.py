"""An uploaded worksheet cut into rows of cells as the form was issued, for the aligner.

A sheet is a grid: it has no cells but columns, and after an inserted column or a copy of the values
alone the merges are gone. So the columns are found first by the labels that stand in them, and each
row is then cut the way the issued row with the same labels is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType

from services.carriers.layout import Cell, Piece, Row
from services.carriers.likeness import bare
from services.carriers.xlsx.address import cell_name
from services.carriers.xlsx.cells import Grid
from services.carriers.xlsx.columns import GONE, Columns, columns_of, head_columns
from services.carriers.xlsx.homes import homes_of
from services.carriers.xlsx.issued import IssuedCell, IssuedRow, IssuedSheet, issued
from services.carriers.xlsx.opened import Opened
from services.carriers.xlsx.values import CellValue, cell_text, is_number
from services.form import Form
from services.identity import parse_token

ALIKE = 0.5
"""A row of the upload is cut as an issued row when it has at least this share of its labels."""

_IDENTITY_ROWS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaped:
    """A row for the aligner, and where it comes from: sheet, its row from 0, the issued row and columns it was cut by.

    `stale` are the answers whose names point at another answer's or a label's cell in it: the names of a
    workbook stay behind when a program inserts rows without moving them.
    """

    row: Row
    sheet: str
    at: int
    like: IssuedRow | None
    columns: Columns
    stale: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cut:
    """How one uploaded sheet is cut: its name, the sheet as issued, the uploaded column of each issued one."""

    name: str
    sheet: IssuedSheet
    columns: Columns
    formulas: frozenset[bytes]


def shaped_rows(form: Form, opened: Opened) -> tuple[Shaped, ...]:
    """Return the written rows of the form's sheets, in issued order."""
    homes = homes_of(form, opened)
    order = {sheet.name: number for number, sheet in enumerate(issued(form))}
    names = sorted(homes, key=lambda name: order[homes[name].name])
    return tuple(row for name in names for row in _sheet_rows(opened, name, homes[name]))


# ---- rows ---------------------------------------------------------------------------------------


def _sheet_rows(opened: Opened, name: str, sheet: IssuedSheet) -> Iterator[Shaped]:
    held = opened.sheet(name)
    grid = held.grid if held else ()
    mirrors = any(cell.mirror for row in sheet.rows for cell in row.cells)
    cut = _Cut(
        name=name,
        sheet=sheet,
        columns=columns_of(sheet, grid),
        formulas=opened.formula_cells(name) if mirrors else frozenset(),
    )
    written = [at for at, row in enumerate(grid) if any(value != "" for value in row) and not _is_top(cut, at, row)]
    likes = dict(zip(written, _likes(cut, [grid[at] for at in written]), strict=True))
    likes |= _below_their_heads(sheet, likes)
    names = _names_by_cell(opened, name)
    told = _told_tables(opened, name, likes)
    tables = _columns_of_tables(cut, grid, likes)
    for at, like in sorted(likes.items()):
        values = grid[at] if at < len(grid) else ()
        mine = replace(cut, columns=tables.get(like.head_of or like.schedule, cut.columns)) if like else cut
        cells = tuple(_cut_cells(mine, like, at, values) if like else _loose_cells(cut, at, values))
        stale = tuple(path for cell in cells for path in names.get(cell.address, ()) if _is_stale(like, cell, path))
        claimed = tuple(_claimed(cell, names, told, stale) for cell in cells)
        where = f"工作表“{name}” 第{at + 1}行"
        yield Shaped(
            row=Row(cells=claimed, where=where), sheet=name, at=at, like=like, stale=stale, columns=mine.columns
        )


def _columns_of_tables(cut: _Cut, grid: Grid, likes: Mapping[int, IssuedRow | None]) -> dict[str, Columns]:
    """Return the columns of each table by its head, by key."""
    heads = ((at, like) for at, like in likes.items() if like is not None and like.head_of)
    return {head.head_of: head_columns(head, grid[at], cut.columns) for at, head in heads}


def _below_their_heads(sheet: IssuedSheet, likes: Mapping[int, IssuedRow | None]) -> dict[int, IssuedRow]:
    """Return the rows below a head that hold its long answer alone, empty ones included."""
    bodies = {head.row: body for head, body in pairwise(sheet.rows) if not body.labels and not body.schedule}
    found = {at + 1: bodies[like.row] for at, like in likes.items() if like is not None and like.row in bodies}
    return {at: body for at, body in found.items() if likes.get(at) is None}


def _told_tables(opened: Opened, name: str, likes: Mapping[int, IssuedRow | None]) -> frozenset[str]:
    """Return the schedules whose names point at their own head."""
    heads = {key: likes.get(table.head) for key, table in opened.tables.items() if table.sheet == name}
    return frozenset(key for key, like in heads.items() if like is not None and like.head_of == key)


def _is_stale(like: IssuedRow | None, cell: Cell, path: str) -> bool:
    """Return whether a name points at a cell that its row's labels give to something else."""
    own = cell.pieces[0].path if cell.pieces else ""
    return (
        like is not None
        and own != path
        and (bool(own) or any(bare(label.text) == bare(cell.text) for label in like.labels))
    )


def _is_top(cut: _Cut, at: int, row: Sequence[CellValue]) -> bool:
    """Return whether a row is the identity line, or advice of ours that is nobody's answer."""
    text = " ".join(cell_text(value) for value in row if value != "")
    return (at < _IDENTITY_ROWS and parse_token(text) is not None) or bare(text) in cut.sheet.top


def _likes(cut: _Cut, rows: Sequence[Sequence[CellValue]]) -> list[IssuedRow | None]:
    """Return the issued row that each row is cut as: by its labels, by its table, or by its place."""
    table = _tables(cut.sheet)
    likes: list[IssuedRow | None] = []
    current: IssuedRow | None = None
    last = -1
    for row in rows:
        like = _by_labels(cut, row, last)
        if like is not None:
            current, last = table.get(like.head_of or like.schedule), like.row
        likes.append(like or (current if current is not None and _may_belong(cut, current, row) else None))
    _by_place(cut.sheet, likes)
    return likes


def _may_belong(cut: _Cut, body: IssuedRow, values: Sequence[CellValue]) -> bool:
    """Return whether a row may be one of a table: a line of words beside it, or at its number, is somebody's own."""
    own = {cut.columns[col] for cell in body.cells for col in range(cell.col, cell.end)}
    numbers = {cut.columns[cell.col] for cell in body.cells if cell.counted}
    written = {col for col, value in enumerate(values) if value != ""}
    return bool(written & own) and (not written <= numbers or all(is_number(values[col]) for col in written))


def _tables(sheet: IssuedSheet) -> dict[str, IssuedRow]:
    return {row.schedule: row for row in sheet.rows if row.schedule}


def _by_labels(cut: _Cut, values: Sequence[CellValue], last: int) -> IssuedRow | None:
    """Return the issued row that shares most labels with a row, of several the next below row `last`."""
    shares: Counter[int] = Counter()
    rows = _rows_by_label(cut.sheet)
    texts = {text for value in values if value != "" and (text := bare(cell_text(value)))}
    for text in texts:
        shares.update(rows.get(text, ()))
    issued_rows = cut.sheet.rows

    def worth(number: int) -> tuple[int, float, bool, int]:
        share = shares[number] / len(issued_rows[number].labels)
        return shares[number], share, issued_rows[number].row > last, -number

    alike = [number for number, shared in shares.items() if shared >= ALIKE * len(issued_rows[number].labels)]
    return issued_rows[max(alike, key=worth)] if alike else None


@lru_cache(maxsize=256)
def _rows_by_label(sheet: IssuedSheet) -> Mapping[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for number, row in enumerate(sheet.rows):
        for text in {bare(cell.text) for cell in row.labels}:
            found[text] = (*found.get(text, ()), number)
    return MappingProxyType(found)


def _by_place(sheet: IssuedSheet, likes: list[IssuedRow | None]) -> None:
    """Cut rows that no label tells as the issued rows that stand between the same neighbours, when as many do."""
    numbers = {row.row: number for number, row in enumerate(sheet.rows)}
    start, before = 0, -1
    for at in range(len(likes) + 1):
        like = likes[at] if at < len(likes) else None
        if at < len(likes) and like is None:
            continue
        after = numbers[like.row] if like is not None else len(sheet.rows)
        between = sheet.rows[before + 1 : after]
        gap = range(start, at)
        asked = [row for row in between if row.labels]
        if gap and len(gap) == len(asked):
            for place, row in zip(gap, asked, strict=True):
                likes[place] = row
        elif gap and len(gap) == len(between):
            for place, row in zip(gap, between, strict=True):
                likes[place] = row
        start, before = at + 1, after


# ---- cells --------------------------------------------------------------------------------------


def _cut_cells(cut: _Cut, like: IssuedRow, at: int, values: Sequence[CellValue]) -> Iterator[Cell]:
    """Yield the cells of a row in the shape of an issued row, then what is written beside them."""
    taken: set[int] = set()
    placed: list[tuple[IssuedCell, tuple[int, ...]]] = []
    for cell in like.cells:
        columns = _span(cut, cell, len(values), widens=not (like.schedule or like.head_of))
        if not columns:
            continue
        placed.append((cell, columns))
        taken.update(columns)
    for cell, columns in placed:
        yield _cell(cut, cell, at, values, columns)
    for col, value in enumerate(values):
        if value != "" and col not in taken:
            yield Cell(text=cell_text(value), start=col + len(like.cells), address=f"{cut.name}!{cell_name(at, col)}")


def _span(cut: _Cut, cell: IssuedCell, width: int, *, widens: bool) -> tuple[int, ...]:
    """Return the uploaded columns of a cell, none when they are gone."""
    there = [cut.columns[col] for col in range(cell.col, cell.end) if cut.columns[col] != GONE]
    if not there:
        return ()
    # A column that was inserted behind the last one of a merged cell may hold its text; in a table it has its own head.
    after, last = cut.columns.get(cell.end, GONE), there[-1] + 1
    while widens and last < min(after, width) and last not in cut.columns.values():
        last += 1
    return tuple(range(there[0], last)) if last > there[0] else (there[0],)


def _cell(cut: _Cut, cell: IssuedCell, at: int, values: Sequence[CellValue], columns: tuple[int, ...]) -> Cell:
    written = [col for col in columns if col < len(values) and values[col] != ""]
    col = written[0] if written else columns[0]
    name = cell_name(at, col)
    repeated = cell.mirror and name.encode() in cut.formulas
    text = "" if repeated else "\n".join(cell_text(values[col]) for col in written)
    pieces = (Piece(text=text, path=cell.path),) if cell.path else ()
    return Cell(text=text, start=cell.col, span=cell.end - cell.col, address=f"{cut.name}!{name}", pieces=pieces)


def _loose_cells(cut: _Cut, at: int, values: Sequence[CellValue]) -> Iterator[Cell]:
    for col, value in enumerate(values):
        if value != "":
            yield Cell(text=cell_text(value), start=col, address=f"{cut.name}!{cell_name(at, col)}")


def _names_by_cell(opened: Opened, sheet: str) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for path, (named, cell) in opened.names.items():
        if named == sheet:
            address = f"{sheet}!{cell_name(*cell)}"
            found[address] = (*found.get(address, ()), path)
    return found


def _claimed(cell: Cell, names: Mapping[str, tuple[str, ...]], told: frozenset[str], stale: tuple[str, ...]) -> Cell:
    """Return the cell with the answers that a name claims for it; a table's name claims all its columns."""
    own = cell.pieces[0].path if cell.pieces else ""
    by_table = (own,) if "." in own and own.partition(".")[0] in told else ()
    claims = (*(path for path in names.get(cell.address, ()) if path not in stale), *by_table)
    return cell._replace(claims=claims) if claims else cell
