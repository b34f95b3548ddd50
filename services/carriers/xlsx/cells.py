"""The cells of a worksheet part as Excel, WPS, LibreOffice and the common libraries write them, read in one pass.

Whatever is written in any other way (prefixes, cells without address, comments, errors, times of day) is
left to calamine: `scanned` says None, and nothing is guessed. Both give the same values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from operator import itemgetter
from types import MappingProxyType

from services.carriers.xlsx.address import Cell, cell_name, column_name, read_cell
from services.carriers.xlsx.values import CellValue
from services.kinds.number import plain

Grid = Sequence[Sequence[CellValue]]
"""The values of a sheet from A1, rows of one width, '' for nothing."""

TOP_ROWS = 3
"""The identity line is one of these."""

_TOP = tuple(f"{column_name(col)}{row}".encode() for row in range(1, TOP_ROWS + 1) for col in range(26))
_MOST_CELLS = 200_000
_END = rb"(?: xml:space=\"preserve\")?>([^<]*+)</(?:v|t></is)></c>"
# Within 26 columns and 9,999 rows no two cells are too far apart to be laid out as a grid.
_NEAR = rb'<c r="([A-Z]\d{1,4}+)"([^/>]*+)>'
_PLAIN = re.compile(_NEAR + rb"<(?:v|is><t)" + _END)
_OTHER = re.compile(
    _NEAR + rb"(?:(<f(?: [^>]*+)?>(?:[^<]*+</f>)?)(?:<v ?/></c>|</c>|<v" + _END + rb")|(?:<v ?/>)?</c>)"
)
_TYPE = re.compile(rb' t="(\w+)"')
_STYLE = re.compile(rb' s="(\d+)"')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ENTITY = re.compile(r"&(lt|gt|amp|quot|apos|#\d+|#[xX][0-9a-fA-F]+);")
_NAMED = MappingProxyType({"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"})
_ITEM = re.compile(rb"<si>(.*?)</si>", re.DOTALL)
_SPOKEN = re.compile(rb"<rPh\b.*?</rPh>", re.DOTALL)
_TEXT = re.compile(rb"<t(?: [^>]*)?>([^<]*)</t>")
_EPOCH = date(1899, 12, 30)
_FIRST_DAY, _LAST_DAY = 61, 2_958_465
"""Serial numbers that every program counts alike: 1900-03-01 to 9999-12-31."""


Reader = Callable[[bytes], CellValue]
"""What makes a value of the text of a cell."""

_LOOKS = itemgetter(1)


class _UnusualError(Exception):
    """A cell is written in a way that is left to calamine."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tables:
    """What cells refer to: the shared texts by their number, and the styles that show a number as a day or as %.

    `readers` are what reads the text of a cell, by its attributes: each is looked for once in a workbook.
    """

    texts: Mapping[bytes, str]
    days: frozenset[int]
    shares: frozenset[int] = frozenset()
    readers: dict[bytes, Reader] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What a worksheet holds: its values by address (b"F12"), empty cells left out, and which are computed."""

    cells: dict[bytes, CellValue]
    formulas: frozenset[bytes] = frozenset()

    @cached_property
    def grid(self) -> Grid:
        """The values in rows."""
        return _grid({_cell(name): value for name, value in self.cells.items()})

    @property
    def height(self) -> int:
        """The number of rows, when the last cell of the file is the lowest."""
        return _cell(next(reversed(self.cells)))[0] + 1 if self.cells else 0

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
    if min(start, end) < 0 or not part.rstrip().endswith(b"</worksheet>") or _hides(part):
        return None
    try:
        return _sheet(part[start:end], tables)
    except (_UnusualError, ValueError, KeyError, OverflowError):
        return None


def _sheet(data: bytes, tables: Tables) -> Sheet | None:
    """Return the cells of a sheet's data; when not every cell that is closed was understood, None."""
    closed = data.count(b"</c>")
    cells = _PLAIN.findall(data) if closed <= _MOST_CELLS else []
    others = _OTHER.findall(data) if len(cells) != closed else ()
    if len(cells) + len(others) != closed:
        return None
    if others:
        cells = [*((name, looks, text) for name, looks, _, text in others if text), *cells]
    readers = tables.readers
    for looks in set(map(_LOOKS, cells)) - readers.keys():
        readers[looks] = _reader(looks, tables)
    return Sheet(
        cells={name: readers[looks](text) for name, looks, text in cells if text},
        formulas=frozenset(name for name, _, formula, _ in others if formula),
    )


def _hides(part: bytes) -> bool:
    """Return whether a part may hold text that looks like cells and is none: comments, instructions."""
    # Single bytes are found many times as fast as two; the declaration has two question marks.
    instructions = part.count(b"?") > 2 and part.count(b"<?") > 1  # noqa: PLR2004
    return instructions or (b"!" in part and any(piece.endswith(b"<") for piece in part.split(b"!")[:-1]))


def _reader(looks: bytes, tables: Tables) -> Reader:
    """Return what reads the text of the cells of these attributes.

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
    return _share if style in tables.shares else float


def _truth(text: bytes) -> bool:
    return text == b"1"


def _day(text: bytes) -> date:
    number = float(text)
    if not (number.is_integer() and _FIRST_DAY <= number <= _LAST_DAY):
        raise _UnusualError
    return _EPOCH + timedelta(days=int(number))


def _iso(text: bytes) -> date:
    # Strict files write a day as 2006-08-10 or 2006-08-10T00:00:00.
    day, _, time = text.decode().partition("T")
    if time.strip("0:.Z"):
        raise _UnusualError
    return date.fromisoformat(day)


def _share(text: bytes) -> str:
    return f"{plain(Decimal(text.decode()) * 100)}%"


def plain_text(text: bytes) -> str:
    """Return the text of an element: entities resolved, Excel's own _x000D_ too."""
    if b"&" not in text and b"_" not in text:
        return text.decode()
    plain = _ENTITY.sub(_resolved, text.decode())
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), plain)


_READERS: Mapping[bytes, Reader] = MappingProxyType(
    {b"str": plain_text, b"inlineStr": plain_text, b"b": _truth, b"e": plain_text, b"d": _iso}
)
"""What reads the text of a cell, by its type."""


def _resolved(match: re.Match[str]) -> str:
    name = match[1]
    if name[0] != "#":
        return _NAMED[name]
    return chr(int(name, 0) if name[1] in "xX" else int(name[1:]))


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


# ---- what cells refer to ------------------------------------------------------------------------


@lru_cache(maxsize=8)
def texts_of(part: bytes) -> Mapping[bytes, str] | None:
    """Return the table of shared texts, what is only spoken left out; None when it is written in an unusual way."""
    items = _ITEM.findall(part)
    if len(items) != part.count(b"<si") or _hides(part):
        return None
    try:
        return {b"%d" % number: _text_of(item) for number, item in enumerate(items)}
    except (_UnusualError, ValueError):
        return None


def _text_of(item: bytes) -> str:
    if b"<rPh" in item:
        item = _SPOKEN.sub(b"", item)
    texts = _TEXT.findall(item)
    if len(texts) != item.count(b"</t>"):
        raise _UnusualError
    return "".join(map(plain_text, texts))
