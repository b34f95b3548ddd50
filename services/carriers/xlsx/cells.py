"""The cells of a worksheet part as Excel, WPS, LibreOffice and the common libraries write them, read in one pass.

Whatever is written in any other way (prefixes, cells without address, comments, errors, times of day) is
left to calamine: `scanned` says None, and nothing is guessed. Both give the same values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
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
_PLAIN = re.compile(rb'<c r="([A-Z]++\d++)"([^/>]*+)><(?:v|is><t)' + _END)
_OTHER = re.compile(
    rb'<c r="([A-Z]++\d++)"([^/>]*+)>(?:(<f(?: [^>]*+)?>(?:[^<]*+</f>)?)(?:<v ?/></c>|</c>|<v'
    + _END
    + rb")|(?:<v ?/>)?</c>)"
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


class _UnusualError(Exception):
    """A cell is written in a way that is left to calamine."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tables:
    """What cells refer to: the shared texts by their number, and the styles that show a number as a day or as %."""

    texts: Mapping[bytes, str]
    days: frozenset[int]
    shares: frozenset[int] = frozenset()


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
    text_of = plain_text if b"&" in data or b"_x" in data else bytes.decode
    cells = [*((name, looks, text) for name, looks, _, text in others if text), *cells]
    readers = _readers({looks for _, looks, _ in cells}, tables, text_of)
    return Sheet(
        cells={name: readers[looks](text) for name, looks, text in cells if text},
        formulas=frozenset(name for name, _, formula, _ in others if formula),
    )


def _hides(part: bytes) -> bool:
    """Return whether a part may hold text that looks like cells and is none: comments, instructions."""
    return (b"!" in part and b"<!" in part) or (part.count(b"?") > 2 and part.count(b"<?") > 1)  # noqa: PLR2004 - the declaration has two


_Reader = Callable[[bytes], CellValue]


def _readers(looks: set[bytes], tables: Tables, text_of: _Reader) -> Mapping[bytes, _Reader]:
    """Return what reads the text of a cell, by its attributes."""
    of_kind: dict[bytes, _Reader] = {
        b"s": tables.texts.__getitem__,
        b"str": text_of,
        b"inlineStr": text_of,
        b"b": _truth,
        b"e": text_of,
        b"d": _iso,
    }
    parsed = ((look, *_kind_and_style(look)) for look in looks)
    return {look: _of_number(style, tables) if kind == b"n" else of_kind[kind] for look, kind, style in parsed}


def _of_number(style: int, tables: Tables) -> _Reader:
    if style in tables.days:
        return _day
    return _share if style in tables.shares else float


@lru_cache(maxsize=4096)
def _kind_and_style(look: bytes) -> tuple[bytes, int]:
    kind, style = _TYPE.search(look), _STYLE.search(look)
    return kind[1] if kind else b"n", int(style[1]) if style else 0


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
    plain = text.decode()
    if "&" in plain:
        plain = _ENTITY.sub(_resolved, plain)
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), plain) if "_x" in plain else plain


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
