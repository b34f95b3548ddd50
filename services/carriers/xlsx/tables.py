"""Schedules (附表) and score tables laid out as cells of a sheet, in millimetres."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import services.carriers.xlsx.style as look
from services.answers import item_fields, schedules, section_items
from services.carriers.xlsx.blocks import Page, answer_style, caption, edges_of, needed_mm, remark, stacked
from services.carriers.xlsx.plan import Draft, Piece
from services.form import Field, Form, ScheduleTable, ScoreTable
from services.kinds.number import plain

SCORE_HEADS = ("序号", "项目", "满分", "评分标准", "证明材料", "自评分", "复核分", "扣分原因/备注")
NO_REGIONAL_ITEMS = "本地区无增加项目"
NUMBER_HEAD = "序号"


# ---- tables -------------------------------------------------------------------------------------


def schedule_table(page: Page, block: ScheduleTable, *, open_end: bool, title: str) -> Piece:
    """Return a schedule: its label (unless `title` above says it), its note, head, and the printed rows."""
    schedule = schedules(page.form)[block.schedule]
    above = [] if schedule.label in title else [caption(page, schedule.label)]
    above += [remark(page, block.note)] if block.note else []
    edges = edges_of((schedule.number_mm, *_widths(page, schedule.number_mm, schedule.columns)))
    heads = (NUMBER_HEAD, *(column.label for column in schedule.columns))
    count = page.sizes.get(schedule.key, schedule.blank_rows)
    spans = tuple(pairwise(edges))
    head = tuple(Draft(row=0, left=a, right=b, style=look.HEAD, text=t) for t, (a, b) in zip(heads, spans, strict=True))
    drafts = [*head]
    for row in range(count):
        drafts.append(Draft(row=row + 1, left=0, right=edges[1], style=look.NUMBER, role="number", text=str(row + 1)))
        drafts += (_row_answer(schedule.key, row, column, span) for column, span in _columns(schedule.columns, spans))
    if schedule.totals_of:
        drafts = [_group(draft, schedule.groups, schedule.columns[0].key) for draft in drafts]
    body = Piece(
        heights=(_head_height(head), *([7.5] * count)),
        drafts=tuple(drafts),
        head=0,
        schedule=schedule.key,
        open_end=open_end,
    )
    return stacked((*above, body))


def _columns(
    columns: tuple[Field, ...], spans: tuple[tuple[float, float], ...]
) -> Iterator[tuple[Field, tuple[float, float]]]:
    return zip(columns, spans[1:], strict=True)


def _row_answer(key: str, row: int, column: Field, span: tuple[float, float]) -> Draft:
    left, right = span
    style = answer_style(column, right - left, look.ROW_ANSWER)
    return Draft(
        row=row + 1,
        left=left,
        right=right,
        style=style,
        role="answer",
        path=f"{key}.{row}.{column.key}",
        field=column,
    )


def _group(draft: Draft, groups: tuple[str, ...], first: str) -> Draft:
    """Return a totals row's cell: the group is printed, the sums are locked."""
    if draft.role != "answer":
        return draft
    _, row, key = draft.path.split(".")
    if key == first:
        return replace(draft, role="fixed", style=look.STANDARD_MIDDLE, text=groups[int(row)], path="", field=None)
    return replace(draft, style=replace(draft.style, locked=True))


def _widths(page: Page, number_mm: float, columns: tuple[Field, ...]) -> tuple[float, ...]:
    """Return the widths of the columns; those that declare none share what is left."""
    left = page.width_mm - number_mm - sum(column.width_mm for column in columns)
    silent = sum(1 for column in columns if not column.width_mm)
    return tuple(column.width_mm or max(12.0, left / silent) for column in columns)


def score_table(page: Page, block: ScoreTable, *, title: str, with_head: bool) -> Piece:
    """Return a section's items under a band with `title`; the head stands once on a sheet."""
    edges = edges_of(block.columns_mm)
    spans = tuple(pairwise(edges))
    items = section_items(page.form, block.section)
    rows: list[tuple[Draft, ...]] = []
    if with_head:
        texts = zip(SCORE_HEADS, spans, strict=True)
        rows.append(tuple(Draft(row=0, left=a, right=b, style=look.HEAD, text=t) for t, (a, b) in texts))
    band = len(rows) if title else -1
    if title:
        rows.append((Draft(row=0, left=0, right=edges[-1], style=look.BAND, text=title),))
    rows += (tuple(_item_cells(item.id, page.form, spans)) for item in items)
    if not items:
        rows.append((Draft(row=0, left=0, right=edges[-1], style=look.STANDARD_MIDDLE, text=NO_REGIONAL_ITEMS),))
    heights = tuple(max(7.5, *(needed_mm(d) for d in cells), 0) for cells in rows)
    drafts = tuple(replace(draft, row=number) for number, cells in enumerate(rows) for draft in cells)
    return Piece(heights=heights, drafts=drafts, head=0 if with_head else -1, band=band)


def _item_cells(item_id: str, form: Form, spans: tuple[tuple[float, float], ...]) -> Iterator[Draft]:
    item = next(item for item in form.items if item.id == item_id)
    middle, left = look.STANDARD_MIDDLE, look.STANDARD
    texts = (item.id, item.label, plain(item.points), item.standard, item.evidence)
    for text, style, (a, b) in zip(texts, (middle, left, middle, left, left), spans[:5], strict=True):
        yield Draft(row=0, left=a, right=b, style=style, text=text)
    for field, (a, b) in zip(item_fields(item), spans[5:], strict=True):
        style = answer_style(field, b - a, look.ROW_ANSWER)
        yield Draft(
            row=0, left=a, right=b, style=style, role="answer", path=f"items.{item.id}.{field.key}", field=field
        )


def _head_height(head: tuple[Draft, ...]) -> float:
    return max(9.0, *(needed_mm(draft) for draft in head))
