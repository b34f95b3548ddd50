"""The vocabulary that a form is declared in: answers, items, opinion boxes, and its layout on paper.

A declaration is one `Form`: what is asked (`fields`, `schedules`, `items`, `opinions`) and how it
stands on paper (`parts`, made of blocks). Everything else is derived from it in `services.answers`.
Lengths are millimetres, scores Decimal points. `source` holds the marks a/b/c of the domain page.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from services.kinds import Kind

Stage = Literal["station", "city", "review", "region", "ministry"]
"""Who fills an answer: the station, the city, the inspection team, province or industry, the ministry."""

STAGES: tuple[Stage, ...] = ("station", "city", "review", "region", "ministry")

Marking = Literal["ladder", "deduct", "count", "binary", "formula"]
Orientation = Literal["portrait", "landscape"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """An answer that is asked only when `field` holds one of `values` (as JSON values)."""

    field: str
    values: tuple[str | bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One answer: its key in the record, its printed label and its kind.

    `total_of` marks a figure that is computed and never trusted as typed: `items.A.self` (the sum of
    section A's self scores), `items.*.review` (of all base sections), `items.R.self` (regional
    items) or `grade`. `copied` marks an answer that repeats form 1 (rule X04) and is locked.
    `instead_of` is the answer that another edition asks in this one's place.
    """

    key: str
    label: str
    kind: Kind
    required: bool = False
    required_when: Condition | None = None
    stage: Stage = "station"
    editions: tuple[str, ...] = ()
    total_of: str = ""
    copied: bool = False
    instead_of: str = ""
    hint: str = ""
    width_mm: float = 0
    source: str = "c"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A table of repeating rows (附表): `columns` are the answers of a row, in printed order.

    The 序号 column is printed and never an answer. `blank_rows` are printed on a blank form.
    With `totals_of` the rows are fixed, one for each of `groups` (the value of the first column),
    and each other column is the sum of that column of schedule `totals_of` over the rows whose
    `group_by` is the group; the last group is the grand total.
    """

    key: str
    label: str
    columns: tuple[Field, ...]
    min_rows: int = 0
    max_rows: int = 300
    blank_rows: int = 12
    number_mm: float = 10
    totals_of: str = ""
    group_by: str = ""
    groups: tuple[str, ...] = ()
    source: str = "c"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One scored item (评估项目) with its standard as printed.

    `steps` are the only legal scores of a ladder, binary, count or formula item, highest first; a
    deduct item takes any multiple of 0.5. `evidence_count` is the least number of attachments that
    a score above 0 needs (rule P10).
    """

    id: str
    section: str
    label: str
    points: Decimal
    marking: Marking
    standard: str
    evidence: str
    steps: tuple[Decimal, ...] = ()
    evidence_count: int = 1
    source: str = "c"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section of items with its printed title and its cap in points (rule P03)."""

    key: str
    label: str
    points: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """An opinion box (意见栏): text, signature, seal and date.

    It gives three answers: `key` (the text, at most `limit` 字), `key_signer` and `key_on`.
    """

    key: str
    label: str
    limit: int
    signed_by: str
    has_seal: bool = True
    stage: Stage = "station"
    required: bool = False
    height_mm: float = 45
    source: str = "c"


# ---- layout on paper ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelCell:
    """A printed label: the label of answer `key`, or `text` where it differs or stands alone."""

    key: str = ""
    text: str = ""
    span: int = 1
    row_span: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCell:
    """The cell that holds the answer `key`. `row_span` is only for a picture."""

    key: str
    span: int = 1
    row_span: int = 1


GridCell = LabelCell | AnswerCell


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a grid, at least `height_mm` high; it never breaks over a page."""

    cells: tuple[GridCell, ...]
    height_mm: float = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """The cover: attachment mark, title, one line for each answer of `lines`, the maker at the foot."""

    mark: str
    title: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """The filling instructions (填表说明); `{ministry}`, `{copies}`, `{version}` name the edition's own."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table of labels and answers with fixed column widths; `title` is printed above it when given."""

    columns_mm: tuple[float, ...]
    rows: tuple[Row, ...]
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleTable:
    """The table of a schedule: number column, then its columns by their own widths; the head repeats.

    With `new_page` it begins on a new page, so that a longer table before it does not move its rows.
    """

    schedule: str
    note: str = ""
    new_page: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreTable:
    """The table of a section's items; the head repeats.

    Columns: 序号 · 项目 · 满分 · 评分标准 · 证明材料 · 自评分 · 复核分 · 扣分原因/备注. Section `R` holds the
    regional items; with none it prints the line 本地区无增加项目.
    """

    section: str
    columns_mm: tuple[float, ...] = (14, 28, 12, 84, 50, 16, 16, 37)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBox:
    """A long answer under its printed head, at least `height_mm` high; over pages the head repeats."""

    key: str
    height_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionBox:
    """The box of an opinion: title at the left, text above, signature, seal and date below."""

    opinion: str


Block = Cover | Notes | Grid | ScheduleTable | ScoreTable | TextBox | OpinionBox


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the form, starting on a new page: printed `title` (none on the cover), blocks in order.

    `sheet` is the name of its worksheet; parts with the same `sheet` share it.
    """

    key: str
    title: str
    sheet: str
    blocks: tuple[Block, ...]
    orientation: Orientation = "portrait"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """An edition of a form: whose names, codes and calendar it uses.

    `version` is printed and never reused for a changed form. `profile` chooses the rules that differ
    between 2006 and today.
    """

    id: str
    version: str
    profile: Literal["2006", "today"]
    ministry: str
    department: str
    copies: int = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Form:
    """A declared form. Compared by identity: a concrete form is made once and shared.

    `edition` and `region` are empty in a declaration and set by `services.catalogue.concrete`.
    `rules` are the ids of rules.csv that this form is checked by, `code` the mark 表1/表2/表3.
    `known_by` are the answers that say whose form it is: the number first, then the name.
    """

    id: str
    code: str
    title: str
    short_title: str
    editions: tuple[Edition, ...]
    fields: tuple[Field, ...]
    parts: tuple[Part, ...]
    rules: tuple[str, ...]
    schedules: tuple[Schedule, ...] = ()
    sections: tuple[Section, ...] = ()
    items: tuple[Item, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    edition: Edition | None = None
    region: str = ""
    region_name: str = ""
    region_version: str = ""
    known_by: tuple[str, ...] = ()
