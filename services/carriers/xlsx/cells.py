"""The cells of a worksheet part as Excel, WPS, LibreOffice and the common libraries write them, read in one pass.

Whatever is written in any other way (prefixes, cells without address, comments, errors, times of day) is
left to calamine: `scanned` says None, and nothing is guessed. Both give the same values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import compress
from operator import call
from types import MappingProxyType
from typing import Any, cast

from services.carriers.xlsx.address import Cell, cell_name, column_name, read_cell
from services.carriers.xlsx.formats import day_styles, share_styles
from services.carriers.xlsx.known import Known, Reader, known_in
from services.carriers.xlsx.texts import hides, plain_texts, texts_of
from services.carriers.xlsx.values import CellValue
from services.kinds.number import plain

Grid = Sequence[Sequence[CellValue]]
"""The values of a sheet from A1, rows of one width, '' for nothing."""

TOP_ROWS = 3
"""The identity line is one of these."""

_TOP = tuple(f"{column_name(col)}{row}".encode() for row in range(1, TOP_ROWS + 1) for col in range(26))
_MOST_CELLS = 200_000
# Within 26 columns and 9,999 rows no two cells are too far apart to be laid out as a grid.
_NEAR = rb'<c r="([A-Z]\d{1,4}+)"([^/>]*+)>'
_FORMULA = rb"(<f(?: [^>]*+)?>(?:[^<]*+</f>)?)"
_TEXT_IN_CELL = rb"<(?:v>|is><t>|(?:is><t|v) xml:space=\"preserve\">)([^<]*+)</(?:v|t></is)></c>"
# An empty alternative is tried faster than what may be there or not.
_CELL = re.compile(_NEAR + rb"(?:" + _FORMULA + rb"|)(?:" + _TEXT_IN_CELL + rb"|(?:<v ?/>|)</c>)")
_TYPE = re.compile(rb' t="(\w+)"')
_STYLE = re.compile(rb' s="(\d+)"')
_EPOCH = date(1899, 12, 30)
_FIRST_DAY, _LAST_DAY = 61, 2_958_465
"""Serial numbers that every program counts alike: 1900-03-01 to 9999-12-31."""


_read = cast("Callable[[Reader, str], CellValue]", call)

_GROUPS = _CELL.groups + 1
_NONE: frozenset[bytes] = frozenset()


class _UnusualError(Exception):
    """A cell is written in a way that is left to calamine."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tables:
    """What cells refer to: the shared texts by their number, and the styles that show a number as a day or as %.

    `readers` are what reads a cell, by its attributes: each is looked for once in a workbook. `known` are the
    sheets that may be among those of the workbook, by what stands before their rows.
    """

    texts: Mapping[str, str]
    days: frozenset[int]
    shares: frozenset[int] = frozenset()
    readers: dict[bytes, Reader] = field(default_factory=dict)
    known: Mapping[bytes, Sequence[Known]] = field(default_factory=dict)


def tables_of(strings: bytes, styles: bytes) -> Tables | None:
    """Return the tables in the parts of shared texts and styles, None when they are written in an unusual way."""
    texts = texts_of(strings) if strings else {}
    if texts is None:
        return None
    return Tables(texts=texts, days=day_styles(styles), shares=share_styles(styles), known=known_in(strings, styles))


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What a worksheet holds: its values by address (b"F12"), empty cells left out, and which are computed.

    `lowest` are cells one of which is the lowest, none where the last one is it.
    """

    cells: dict[bytes, CellValue]
    formulas: frozenset[bytes] = frozenset()
    lowest: tuple[bytes, ...] = ()

    @cached_property
    def grid(self) -> Grid:
        """The values in rows."""
        return _grid({_cell(name): value for name, value in self.cells.items()})

    @property
    def height(self) -> int:
        """The number of rows, when the last cell of the file is the lowest."""
        return max(_cell(name)[0] for name in self.lowest or (next(reversed(self.cells)),)) + 1 if self.cells else 0

    @property
    def top(self) -> Iterator[CellValue]:
        """The values at the top left of the sheet."""
        return filter(None, map(self.cells.get, _TOP))


def of_grid(grid: Grid) -> Sheet:
    """Return the sheet that holds the values of a grid."""
    values = ((cell_name(row, col), value) for row, line in enumerate(grid) for col, value in enumerate(line))
    return Sheet(cells={name.encode(): value for name, value in values if value != ""})


def scanned(part: bytes, tables: Tables) -> Sheet | None:
    """Return the cells of a worksheet part, None for one that is written in an unusual way."""
    start, end = part.find(b"<sheetData"), part.rfind(b"</sheetData>")
    if end < 0 and start >= 0 and part.startswith(b"<sheetData/>", start):
        return Sheet(cells={})
    if min(start, end) < 0 or not part.rstrip().endswith(b"</worksheet>") or hides(part):
        return None
    rows = part[start:end]
    try:
        for known in tables.known.get(part[:start], ()):
            texts = known.texts(rows)
            if texts is not None:
                return _filled(known, texts)
        return _sheet(rows, tables)
    except (_UnusualError, ValueError, KeyError, OverflowError):
        return None


def _sheet(data: bytes, tables: Tables) -> Sheet | None:
    """Return the cells of a sheet's data; when not every cell that is closed was understood, None."""
    closed = data.count(b"</c>")
    pieces: list[Any] = _CELL.split(data) if closed <= _MOST_CELLS else []
    # What stands between two cells comes first, then the groups of a cell: long slices instead of many tuples.
    names, looks, formulas, texts = (pieces[group::_GROUPS] for group in range(1, _GROUPS))
    if len(names) != closed:
        return None
    computed = frozenset(compress(names, formulas)) if any(formulas) else _NONE
    if not all(texts):
        names, looks, texts = ([*compress(column, texts)] for column in (names, looks, texts))
    return Sheet(cells=dict(zip(names, _values(looks, texts, tables), strict=True)), formulas=computed)


def _filled(known: Known, texts: Sequence[bytes]) -> Sheet:
    """Return the cells of a known sheet whose answers have these texts."""
    names, readers = [*compress(known.names, texts)], compress(known.readers, texts)
    cells = known.issued.copy()
    cells.update(zip(names, map(_read, readers, plain_texts([*filter(None, texts)])), strict=True))
    lowest = (known.lowest, *names[-1:])
    return Sheet(cells=cells, formulas=known.formulas, lowest=tuple(filter(None, lowest)))


def _values(looks: Sequence[bytes], texts: Sequence[bytes], tables: Tables) -> Iterable[CellValue]:
    """Return the values of cells by their attributes and their texts.

    Raises:
        ValueError, KeyError, OverflowError, _UnusualError: one is nothing that programs write.
    """
    known = tables.readers
    known.update({unknown: reader_of(unknown, tables) for unknown in set(looks) - known.keys()})
    return map(_read, map(known.__getitem__, looks), plain_texts(texts))


def reader_of(looks: bytes, tables: Tables) -> Reader:
    """Return what reads the cells of these attributes.

    Raises:
        KeyError: no program writes such cells.
    """
    kind, style = _TYPE.search(looks), _STYLE.search(looks)
    if kind is None or kind[1] == b"n":
        return _of_number(int(style[1]) if style else 0, tables)
    return tables.texts.__getitem__ if kind[1] == b"s" else _READERS[kind[1]]


def _of_number(style: int, tables: Tables) -> Reader:
    if style in tables.days:
        return _day
    return _share if style in tables.shares else _figure


def _figure(text: str) -> float:
    if not text.isascii():  # Python reads the figures of other scripts as well
        raise _UnusualError
    return float(text)


def _truth(text: str) -> bool:
    return text == "1"


def _day(text: str) -> date:
    number = _figure(text)
    if not (number.is_integer() and _FIRST_DAY <= number <= _LAST_DAY):
        raise _UnusualError
    return _EPOCH + timedelta(days=int(number))


def _iso(text: str) -> date:
    # Strict files write a day as 2006-08-10 or 2006-08-10T00:00:00.
    day, _, time = text.partition("T")
    if time.strip("0:.Z"):
        raise _UnusualError
    return date.fromisoformat(day)


def _share(text: str) -> str:
    return f"{plain(Decimal(text) * 100)}%"


_READERS: Mapping[bytes, Reader] = MappingProxyType(
    {b"str": str, b"inlineStr": str, b"e": str, b"b": _truth, b"d": _iso}
)
"""What reads a cell, by its type."""


def _grid(values: Mapping[Cell, CellValue]) -> Grid:
    if not values:
        return []
    width = max([col for _, col in values]) + 1
    grid: list[list[CellValue]] = [[""] * width for _ in range(max([row for row, _ in values]) + 1)]
    for (row, col), value in values.items():
        grid[row][col] = value
    return grid


@lru_cache(maxsize=65_536)
def _cell(name: bytes) -> Cell:
    cell = read_cell(name.decode())
    if cell is None or cell[0] < 0:
        raise ValueError(name)
    return cell
