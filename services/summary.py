"""The vocabulary that summaries and lists are declared in: what is kept of a form, and which columns print it.

A *fact* is one thing kept of an accepted form under a name of its own, so that a column can be declared
once for several forms whose answers differ in name (forms/summaries.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Shown = Literal["text", "day", "score", "count", "mean", "percent"]
"""How a cell is printed: a score with one decimal, a mean with two, a percent with one."""

Total = Literal["", "sum", "mean"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """Where a fact stands in a form: the first of `paths` that is filled."""

    fact: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A schedule of yearly figures: its columns of year, level ('' where it has none) and figures.

    `issued` is '' where the schedule does not count certificates.
    """

    schedule: str
    year: str
    examined: str
    passed: str
    level: str = ""
    issued: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """The schedule of what is being put right, and the progress that means done."""

    schedule: str
    problem: str
    measure: str
    due_on: str
    progress: str
    done: str


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """A roster of people: its schedule and the columns of number and name (rule T09)."""

    schedule: str
    number: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Licensed:
    """The schedule of licensed occupations: its columns of name and levels."""

    schedule: str
    name: str
    levels: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reduction:
    """What is kept of an accepted form; `texts` are the long answers compared with other stations' (rule D11).

    `role` is what the form says of a station or person. `exempt` is the answer whose 是 claims exemption
    (rule X01); `filled_on` the day the form states as its own.
    """

    form: str
    role: Literal["evaluation", "station", "worker"]
    takes: tuple[Take, ...]
    filled_on: str
    texts: tuple[str, ...] = ()
    exempt: str = ""
    figures: Figures | None = None
    corrections: Corrections | None = None
    people: People | None = None
    licensed: Licensed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A printed column: its head, the fact in it, how it is shown, its width.

    `words` are shorter words printed for a value; `ratio` makes it the first fact over the second;
    `total` is what stands under it in the line of totals.
    """

    label: str
    fact: str
    width_mm: float
    shown: Shown = "text"
    total: Total = ""
    words: tuple[tuple[str, str], ...] = ()
    ratio: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A count under a table: the rows whose `fact` begins with `start` ('' counts the rows that have it).

    With `others` it counts the rows with a name whose fact is empty.
    """

    label: str
    fact: str
    start: str = ""
    others: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as it is printed and as a sheet of a workbook: `rows` names where its rows come from.

    `mark` stands above the title (汇总表1). Rows that agree in the fact `group` get a line of sums.
    Widths are 257 mm lying, 170 mm upright, with the column of numbers (`number_mm`). `signed` are the
    words that signatures and dates are written after, by hand.
    """

    key: str
    mark: str
    title: str
    sheet: str
    rows: str
    columns: tuple[Column, ...]
    note: str = ""
    total_label: str = ""
    tallies: tuple[Tally, ...] = ()
    group: str = ""
    number_mm: float = 10
    row_mm: float = 7
    landscape: bool = True
    signed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterColumn:
    """A column of the roster of stations in scope (应查名单): its fact, its printed head and other heads clerks use."""

    fact: str
    label: str
    heads: tuple[str, ...]
    width_mm: float
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """How many stations and workers may be recommended from `at_least` certificates issued on."""

    at_least: int
    stations: int
    workers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A unit's own numbers, which go before the bands; None leaves one open.

    `stations` and `workers` limit the unit's own list, `forwarded_…` the part handed on to the ministry.
    """

    unit: str
    stations: int | None = None
    workers: int | None = None
    forwarded_stations: int | None = None
    forwarded_workers: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotas:
    """How many may be recommended (rule X05): by certificates issued, or by unit. Empty means no limit."""

    id: str
    title: str
    source: str
    bands: tuple[Band, ...] = ()
    shares: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """The bands of a figure: (least, name), greatest first; `none` names those without the figure."""

    fact: str
    steps: tuple[tuple[int, str], ...]
    none: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """An official notice (公文): its text has marks in braces for figures and the edition's own names.

    `body` are paragraphs with their level: 0 text, 1 一、, 2 (一), 3 1.
    """

    title: str
    to: str
    body: tuple[tuple[int, str], ...]
    attachments: tuple[str, ...]
    office: str
