"""A worksheet before it is written: its columns, its rows, and what stands in which cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from services.carriers.xlsx.style import Style
from services.form import Field, Orientation

Role = Literal["fixed", "answer", "mirror", "number", "identity", "remark"]
"""`fixed` is printed text of the form (rule D02), `mirror` repeats an answer of another sheet,
`number` is 序号 or another figure that is printed but never compared, `remark` is our own advice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A cell in millimetres from the left edge, its row counted from the top of its block."""

    row: int
    left: float
    right: float
    style: Style
    role: Role = "fixed"
    rows: int = 1
    text: str = ""
    path: str = ""
    field: Field | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A block laid out: heights of its rows, its cells, its head (repeated on each page), its table, its band."""

    heights: tuple[float, ...]
    drafts: tuple[Draft, ...]
    head: int = -1
    schedule: str = ""
    open_end: bool = False
    band: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A cell of a sheet: address of its first cell from 0, extent, look, role and contents."""

    row: int
    col: int
    rows: int
    cols: int
    width_mm: float
    style: Style
    role: Role
    text: str = ""
    path: str = ""
    field: Field | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A schedule on a sheet: row of its head, first row of answers, printed rows, and whether it may go on below."""

    schedule: str
    head: int
    first: int
    count: int
    open_end: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A worksheet laid out. `heads` are rows whose heads repeat, `breaks` rows that begin a printed page."""

    name: str
    page: Orientation
    widths_mm: tuple[float, ...]
    heights_mm: tuple[float, ...]
    spots: tuple[Spot, ...]
    tables: tuple[Table, ...] = ()
    heads: tuple[int, ...] = ()
    breaks: tuple[int, ...] = ()
    sizes: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
