"""The blocks of a form laid out as cells of a sheet, in millimetres."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import ceil

import services.carriers.xlsx.style as look
from services.answers import opinion_fields, scalars
from services.carriers.xlsx.measure import INDENT_MM, height_mm
from services.carriers.xlsx.plan import Draft, Piece
from services.carriers.xlsx.style import Style
from services.form import (
    Cover,
    Field,
    Form,
    Grid,
    LabelCell,
    Notes,
    OpinionBox,
    Row,
    TextBox,
)
from services.kinds import Text

SLAB_MM = 25.0
"""A long answer's cell is merged over rows of at most this height: one row of Excel ends at 144 mm."""

_LEFT_FROM_MM = 56.0
"""Answers in cells at least this wide stand at the left, others in the middle."""

_FIGURES = frozenset({"Day", "Whole", "Number", "Score"})

_ADVICE = (
    "电子表填写方法：",
    "1.白色格子填写答案；灰色格子和算出的格子已锁定，不用填写：小计、总分和封面上重复的内容会自动算出。",
    "2.有下拉箭头的格子从列表中选；可多选的，选项之间用顿号分开，如“五级、四级”。",
    "3.附表行数不够时，接着最后一行往下填即可；不要合并、拆分格子，不要改动表头。",
    "4.填好后保存为 xlsx 文件上报，不必解除保护。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What every block is laid out with: the form, the width of the sheet, the sizes of what grows, what is repeated.

    `sizes` is printed rows by schedule and slabs by long answer; `mirrors` the answers of the block
    that stand on another sheet.
    """

    form: Form
    width_mm: float
    sizes: Mapping[str, int]
    mirrors: frozenset[str] = frozenset()


def answer_style(field: Field, width_mm: float, base: Style = look.ANSWER) -> Style:
    """Return the look of an answer's cell: where its text stands, its number format, whether it is locked."""
    middle = width_mm < _LEFT_FROM_MM and not (isinstance(field.kind, Text) and field.kind.lines)
    across = base.across if base.across == "center" else "center" if middle else "left"
    return replace(formatted(base, field), across=across, locked=bool(field.total_of))


def formatted(base: Style, field: Field) -> Style:
    """Return a look with the number format of an answer."""
    return replace(base, number=number_format(field), shrinks=type(field.kind).__name__ in _FIGURES)


def number_format(field: Field) -> str:
    """Return the number format that keeps an answer as it was typed (codes and texts stay text)."""
    if isinstance(field.kind, Text) and field.kind.lines:
        return ""  # Excel shows a long text as ##### in a cell of text format
    match type(field.kind).__name__:
        case "Day":
            return look.DAY_FORMAT
        case "Whole" | "Number" | "Score":
            return ""
        case _:
            return look.TEXT_FORMAT


# ---- cover and notes ----------------------------------------------------------------------------


def cover(page: Page, block: Cover) -> Piece:
    """Return the cover: mark, title, a line for each answer, the maker at the foot."""
    width = page.width_mm
    gap, title_mm, line_mm = 30.0, 14.0, 13.0
    heights = [12.0, gap, *([title_mm] * len(block.title)), gap + 6, *([line_mm] * len(block.lines)), gap + 14, 14.0]
    drafts = [Draft(row=0, left=0, right=width * 0.7, style=look.COVER_MARK, text=block.mark)]
    drafts += [Draft(row=2 + n, left=0, right=width, style=look.TITLE, text=line) for n, line in enumerate(block.title)]
    first = 3 + len(block.title)
    for number, key in enumerate(block.lines):
        field = scalars(page.form)[key]
        role = "mirror" if key in page.mirrors else "answer"
        locked = role == "mirror" or bool(field.total_of)
        ground = replace(formatted(look.COVER_ANSWER, field), locked=locked)
        left, middle, right = width * 0.14, width * 0.42, width * 0.88
        drafts.append(Draft(row=first + number, left=left, right=middle, style=look.COVER_LABEL, text=field.label))
        drafts.append(
            Draft(row=first + number, left=middle, right=right, style=ground, role=role, path=key, field=field)
        )
    maker = page.form.edition.ministry if page.form.edition else ""
    drafts.append(Draft(row=len(heights) - 1, left=0, right=width, style=look.COVER_FOOT, text=maker))
    return Piece(heights=tuple(heights), drafts=tuple(drafts))


def notes(page: Page, block: Notes) -> Piece:
    """Return the filling instructions, with advice for the workbook below."""
    width = page.width_mm
    lines = tuple(f"{number}.{line}" for number, line in enumerate(block.lines, 1))
    texts = ((block.title, look.NOTE_TITLE, "fixed"), *((line, look.NOTE_LINE, "fixed") for line in lines))
    advice = (("", look.REMARK, "remark"), *((line, look.NOTE_LINE, "remark") for line in _ADVICE))
    drafts = tuple(
        Draft(row=row, left=0, right=width, style=style, text=text, role="fixed" if role == "fixed" else "remark")
        for row, (text, style, role) in enumerate((*texts, *advice))
    )
    heights = tuple(max(7.0, height_mm(d.text, width, d.style.size) + 1) for d in drafts)
    return Piece(heights=(14.0, *heights[1:]), drafts=drafts)


# ---- grids --------------------------------------------------------------------------------------


def grid(page: Page, block: Grid) -> Piece:
    """Return a table of labels and answers, under its title when it has one."""
    title = (caption(page, block.title),) if block.title else ()
    edges = edges_of(block.columns_mm)
    drafts: list[Draft] = []
    heights: list[float] = []
    taken: dict[int, int] = {}
    for number, row in enumerate(block.rows):
        placed = tuple(_placed(page, row, edges, taken))
        drafts += (replace(draft, row=number) for draft in placed)
        needed = (needed_mm(d) for d in placed if d.rows == 1)
        heights.append(max((row.height_mm, *needed)))
    body = Piece(heights=tuple(heights), drafts=tuple(drafts))
    return stacked((*title, body))


def _placed(page: Page, row: Row, edges: tuple[float, ...], taken: dict[int, int]) -> Iterator[Draft]:
    """Yield the cells of a row from left to right; `taken` counts the rows that a high cell above still covers."""
    last = len(edges) - 1
    covered = {column for column, rows in taken.items() if rows > 0}
    for column in covered:
        taken[column] -= 1
    column = 0
    for index, cell in enumerate(row.cells):
        while column in covered:
            column += 1
        span = last - column if index == len(row.cells) - 1 and cell.row_span == 1 and not covered else cell.span
        for step in range(span):
            if cell.row_span > 1:
                taken[column + step] = cell.row_span - 1
        yield _grid_cell(page, cell, edges[column], edges[min(column + span, last)])
        column += span


def _grid_cell(page: Page, cell: object, left: float, right: float) -> Draft:
    fields = scalars(page.form)
    if isinstance(cell, LabelCell):
        text = cell.text or fields[cell.key].label
        return Draft(row=0, left=left, right=right, rows=cell.row_span, style=look.LABEL, text=text)
    key, rows = str(getattr(cell, "key", "")), int(getattr(cell, "row_span", 1))
    role = "mirror" if key in page.mirrors else "answer"
    style = answer_style(fields[key], right - left)
    return Draft(row=0, left=left, right=right, rows=rows, style=style, role=role, path=key, field=fields[key])


def edges_of(widths: tuple[float, ...]) -> tuple[float, ...]:
    """Return the edges of columns of these widths, from 0."""
    edges = [0.0]
    for width in widths:
        edges.append(edges[-1] + width)
    return tuple(edges)


# ---- boxes --------------------------------------------------------------------------------------


def text_box(page: Page, block: TextBox) -> Piece:
    """Return a long answer under its head, its cell merged over as many slabs as it needs."""
    field = scalars(page.form)[block.key]
    slabs = page.sizes.get(block.key, slabs_for(block.height_mm))
    head = Draft(row=0, left=0, right=page.width_mm, style=replace(look.LABEL, across="left"), text=field.label)
    body = Draft(
        row=1,
        left=0,
        right=page.width_mm,
        rows=slabs,
        style=look.TEXT_ANSWER,
        role="answer",
        path=block.key,
        field=field,
    )
    return Piece(heights=(9.0, *([block.height_mm / slabs_for(block.height_mm)] * slabs)), drafts=(head, body))


def slabs_for(mm: float) -> int:
    """Return how many slabs make `mm`."""
    return max(1, ceil(mm / SLAB_MM - 0.001))


def opinion_box(page: Page, block: OpinionBox) -> Piece:
    """Return the box of an opinion: title at the left, text above, signature, seal and date below."""
    opinion = next(o for o in page.form.opinions if o.key == block.opinion)
    text, signer, day = opinion_fields(opinion)
    width, foot = page.width_mm, 12.0
    at = tuple(width * share for share in (0.0, 0.16, 0.36, 0.56, 0.7, 1.0))
    seal = "(公章) 日期:" if opinion.has_seal else "日期:"
    drafts = (
        Draft(row=0, left=0, right=at[1], rows=2, style=look.LABEL, text=opinion.label),
        _boxed(text, (at[1], at[5]), look.OPINION_TEXT),
        Draft(row=1, left=at[1], right=at[2], style=look.SIGN_LABEL_FIRST, text=f"{signer.label}:"),
        replace(_boxed(signer, (at[2], at[3]), look.SIGN_ANSWER), row=1),
        Draft(row=1, left=at[3], right=at[4], style=look.SIGN_LABEL, text=seal),
        replace(_boxed(day, (at[4], at[5]), look.SIGN_ANSWER_LAST), row=1),
    )
    return Piece(heights=(opinion.height_mm - foot, foot), drafts=drafts)


def _boxed(field: Field, span: tuple[float, float], base: Style) -> Draft:
    style = formatted(base, field)
    return Draft(row=0, left=span[0], right=span[1], style=style, role="answer", path=field.key, field=field)


def needed_mm(draft: Draft) -> float:
    """Return the height that a cell's printed text needs."""
    width = draft.right - draft.left - draft.style.indent * INDENT_MM
    return height_mm(draft.text, width, draft.style.size)


# ---- lines and stacks ---------------------------------------------------------------------------


def caption(page: Page, text: str) -> Piece:
    """Return a line that stands above a table."""
    return Piece(heights=(9.0,), drafts=(Draft(row=0, left=0, right=page.width_mm, style=look.CAPTION, text=text),))


def part_title(page: Page, text: str) -> Piece:
    """Return the title of a part."""
    return Piece(heights=(11.0,), drafts=(Draft(row=0, left=0, right=page.width_mm, style=look.PART_TITLE, text=text),))


def remark(page: Page, text: str) -> Piece:
    """Return a line of small print above a table."""
    height = height_mm(text, page.width_mm, look.REMARK.size) + 1
    draft = Draft(row=0, left=0, right=page.width_mm, style=look.REMARK, text=text)
    return Piece(heights=(max(6.0, height),), drafts=(draft,))


def stacked(pieces: tuple[Piece, ...]) -> Piece:
    """Return pieces one below the other as one, the table being that of the last."""
    heights: list[float] = []
    drafts: list[Draft] = []
    head = -1
    for piece in pieces:
        drafts += (replace(draft, row=draft.row + len(heights)) for draft in piece.drafts)
        head = piece.head + len(heights) if piece.head >= 0 else head
        heights += piece.heights
    last = pieces[-1]
    return replace(last, heights=tuple(heights), drafts=tuple(drafts), head=head)
