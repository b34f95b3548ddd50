"""A sheet as issued, cut where it may grow: each stretch moves down as a whole, so it is compared as a whole.

Everything that a stretch is compared by, and everything that its answers are called, is worked out once
for each place that it may stand at. Reading one is then a few comparisons of long tuples.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from services.carriers.xlsx.address import cell_name, fixed_name, place_of
from services.carriers.xlsx.issued import IssuedCell, IssuedRow, IssuedSheet
from services.carriers.xlsx.values import CellValue
from services.kinds import Code, Text

_Cells = tuple[tuple[int, IssuedCell], ...]
"""Cells with the row that they are issued in."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Body:
    """The rows of a table that may be any number: its sheet and key, its first row as issued, its cells.

    `numbers` are the cells of 序号, `codes` and `texts` say which of the others are codes and which plain texts.
    """

    sheet: str
    key: str
    row: int
    cells: tuple[IssuedCell, ...]
    numbers: tuple[IssuedCell, ...]
    codes: tuple[int, ...]
    texts: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Stretch:
    """Rows that keep their distance to each other, the first of them `first`, from 0.

    `head` are the labels of the first row and `labels` those of all, `answers` the cells of single answers,
    `mirrors` those that repeat an answer, `numbers` those of 序号. `heads` are the tables whose head stands
    here with its row, `bodies` those whose rows repeat.
    """

    sheet: str
    first: int
    head: tuple[IssuedCell, ...]
    labels: _Cells
    answers: _Cells
    mirrors: _Cells
    numbers: _Cells
    heads: tuple[tuple[str, int], ...]
    bodies: tuple[Body, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Placed:
    """A stretch where it stands: tuples that run beside each other.

    `labels` and `values` are the addresses of the labels and what stands there, `truths` those where a true or
    false cell would equal it; `cells` are the addresses of the answers,
    with their `paths`, `anchors` (sheet!A1) and `places`; `mirrors` and `numbers` are addresses as well.
    `names` are the defined names, `named` the index of their answer, `targets` what they refer to there;
    `tables` the table of each answer that has no name of its own, with its index; `heads` the tables with the
    row of their head; `groups` the anchors of items, rows and tables.
    """

    labels: tuple[bytes, ...]
    values: tuple[CellValue, ...]
    truths: tuple[int, ...]
    cells: tuple[bytes, ...]
    paths: tuple[str, ...]
    anchors: tuple[str, ...]
    places: tuple[str, ...]
    codes: tuple[int, ...]
    mirrors: tuple[tuple[bytes, str], ...]
    numbers: tuple[bytes, ...]
    names: tuple[str, ...]
    named: tuple[int, ...]
    targets: tuple[str, ...]
    tables: tuple[tuple[str, int], ...]
    heads: tuple[tuple[str, int], ...]
    groups: Mapping[str, str]


@lru_cache(maxsize=256)
def stretches(sheet: IssuedSheet) -> tuple[Stretch, ...]:
    """Return the sheet's rows in stretches."""
    return tuple(_stretch(sheet, rows) for rows in _cut(sheet))


def _cut(sheet: IssuedSheet) -> Iterator[tuple[IssuedRow, ...]]:
    rows: list[IssuedRow] = []
    grew = False
    for row in sheet.rows:
        if grew and row.labels:
            yield tuple(rows)
            rows, grew = [], False
        rows.append(row)
        grew = grew or row.row in sheet.grows_after
    if rows:
        yield tuple(rows)


def _stretch(sheet: IssuedSheet, rows: Sequence[IssuedRow]) -> Stretch:
    single = tuple((row.row, cell) for row in rows if not row.schedule for cell in row.others)
    return Stretch(
        sheet=sheet.name,
        first=rows[0].row,
        head=rows[0].labels,
        labels=tuple((row.row, cell) for row in rows for cell in row.labels),
        answers=tuple((at, cell) for at, cell in single if not cell.mirror and not cell.counted),
        mirrors=tuple((at, cell) for at, cell in single if cell.mirror),
        numbers=tuple((at, cell) for at, cell in single if cell.counted),
        heads=tuple((row.head_of, row.row) for row in rows if row.head_of),
        bodies=tuple(_body(sheet, row) for row in rows if row.schedule),
    )


def _body(sheet: IssuedSheet, row: IssuedRow) -> Body:
    cells = tuple(cell for cell in row.cells if cell.path)
    return Body(
        sheet=sheet.name,
        key=row.schedule,
        row=row.row,
        cells=cells,
        numbers=tuple(cell for cell in row.cells if cell.counted),
        codes=tuple(number for number, cell in enumerate(cells) if isinstance(cell.kind, Code)),
        texts=tuple(number for number, cell in enumerate(cells) if isinstance(cell.kind, Text)),
    )


@lru_cache(maxsize=2048)
def placed(stretch: Stretch, shift: int) -> Placed:
    """Return a stretch that stands `shift` rows below its printed place."""
    cells = [(at + shift, cell) for at, cell in stretch.answers]
    named = [n for n, (_, cell) in enumerate(cells) if "." not in cell.path or cell.path.startswith("items.")]
    anchors = tuple(f"{stretch.sheet}!{cell_name(at, cell.col)}" for at, cell in cells)
    groups = {cell.group: anchor for (_, cell), anchor in reversed([*zip(cells, anchors, strict=True)]) if cell.group}
    return Placed(
        labels=_addresses(stretch.labels, shift),
        values=tuple(cell.value for _, cell in stretch.labels),
        truths=tuple(n for n, (_, cell) in enumerate(stretch.labels) if cell.value in (0, 1)),
        cells=_addresses(stretch.answers, shift),
        paths=tuple(cell.path for _, cell in cells),
        anchors=anchors,
        places=tuple(map(place_of, anchors)),
        codes=tuple(n for n, (_, cell) in enumerate(cells) if isinstance(cell.kind, Code)),
        mirrors=tuple(
            (address, cell.path)
            for address, (_, cell) in zip(_addresses(stretch.mirrors, shift), stretch.mirrors, strict=True)
        ),
        numbers=_addresses(stretch.numbers, shift),
        names=tuple(cells[n][1].name for n in named),
        named=tuple(named),
        targets=tuple(f"{stretch.sheet}!{fixed_name(cells[n][0], cells[n][1].col)}" for n in named),
        tables=tuple((cell.group.partition(".")[0], n) for n, (_, cell) in enumerate(cells) if n not in named),
        heads=tuple((key, at + shift) for key, at in stretch.heads),
        groups=groups | {key: f"{stretch.sheet}!{cell_name(at + shift, 0)}" for key, at in stretch.heads},
    )


def _addresses(cells: _Cells, shift: int) -> tuple[bytes, ...]:
    return tuple(cell_name(at + shift, cell.col).encode() for at, cell in cells)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """Rows of a table where they stand, one after the other: addresses of answers and of 序号, anchors, places."""

    cells: tuple[bytes, ...]
    numbers: tuple[bytes, ...]
    anchors: tuple[str, ...]
    places: tuple[str, ...]


@lru_cache(maxsize=512)
def block(body: Body, first: int, end: int) -> Block:
    """Return the rows of a table from `first` to before `end`."""
    names = tuple(cell_name(at, cell.col) for at in range(first, end) for cell in body.cells)
    numbers = (cell_name(at, cell.col) for at in range(first, end) for cell in body.numbers)
    anchors = tuple(f"{body.sheet}!{name}" for name in names)
    return Block(
        cells=tuple(name.encode() for name in names),
        numbers=tuple(name.encode() for name in numbers),
        anchors=anchors,
        places=tuple(map(place_of, anchors)),
    )


@lru_cache(maxsize=512)
def row_paths(body: Body, rows: int) -> tuple[str, ...]:
    """Return the paths of the answers of a table's first rows."""
    columns = tuple(cell.path.rpartition(".")[2] for cell in body.cells)
    return tuple(f"{body.key}.{number}.{column}" for number in range(rows) for column in columns)


@lru_cache(maxsize=512)
def row_groups(body: Body, rows: int) -> tuple[str, ...]:
    """Return the paths of a table's first rows."""
    return tuple(f"{body.key}.{number}" for number in range(rows))
