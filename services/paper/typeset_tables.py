"""The tables of a form as form.typ prints them: grids of labels and answers, schedules, scored items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.answers import ITEM_COLUMNS, field_at, schedules, section_items
from services.form import AnswerCell, Field, Form, Grid, GridCell, Item, Part, Schedule, ScheduleTable, ScoreTable
from services.kinds import Choice, Choices, Day, Month, Picture, Score, Text, Tick, YesNo
from services.kinds.number import plain
from services.paper.typeset_cells import (
    LABEL_PT,
    MM_PER_PT,
    SIDE_MM,
    Cell,
    date_cell,
    label_cell,
    option_cell,
    row,
    text_cell,
)
from services.paper.typeset_labels import balanced, typographic
from services.record import Record, row_counts

PAGES_MM = {"portrait": 215.0, "landscape": 130.0}
"""Rows that may be higher than this are let break: a page without its heads."""

_SHORT = 30
_SCHEDULE_ROW_MM = 8
_SCORE_ROW_MM = 11
_HEAD_ROW_MM = 9
_KEPT_MM = 100
"""Grids and totals up to this height stay on one page."""
_SMALL_PT = 9
_SCORE_HEADS = ("序号", "项目", "满分", "评分标准", "证明材料", "自评分", "复核分", "扣分原因/备注")
_SCORE_STYLES = ("number", "item", "number", "standard", "standard", "centred", "centred", "answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """What the blocks of a form are printed from: `texts` are fit for print, by path."""

    form: Form
    record: Record
    texts: Mapping[str, str]
    pictures: Mapping[str, str]
    key: str
    answer_pt: float


def blank_day(gap: float = 1) -> str:
    """Return 年 月 日 with room to write in; `gap` is the room for a two-digit number, in 字."""
    wide, narrow = "\u3000" * round(2 * gap), "\u3000" * round(gap)
    return f"{wide}年{narrow}月{narrow}日"


def _made(
    job: Print, name: str, columns: tuple[float, ...], rows: list[Any], head: list[Any] | None = None
) -> dict[str, Any]:
    return {
        "block": "table",
        "piece": job.key,
        "key": name,
        "title": "",
        "note": "",
        "whole": False,
        "columns": list(columns),
        "head": head or [],
        "rows": rows,
        "below": 0,
    }


def grid(job: Print, part: Part, block: Grid) -> dict[str, Any]:
    """Return a table of labels and answers; rows that the edition left empty are not printed."""
    taken: set[tuple[int, int]] = set()
    rows = [
        row(_grid_row(job, block, number, taken), declared.height_mm, PAGES_MM[part.orientation])
        for number, declared in enumerate(block.rows)
        if declared.cells
    ]
    is_whole = sum(declared.height_mm for declared in block.rows) <= _KEPT_MM
    made = _made(job, f"{part.key}-{block.title}", block.columns_mm, rows)
    return made | {"title": typographic(block.title), "whole": is_whole}


def _grid_row(job: Print, block: Grid, number: int, taken: set[tuple[int, int]]) -> list[Cell]:
    """Return the cells of a row; `taken` are the places (row, column) that cells from above reach into.

    The last cell takes what is left of the width, since an edition may have fewer answers.
    """
    declared = block.rows[number].cells
    free = [column for column in range(len(block.columns_mm)) if (number, column) not in taken]
    made: list[Cell] = []
    for cell in declared:
        span = len(free) if cell is declared[-1] else cell.span
        columns, free = free[:span], free[span:]
        width = sum(block.columns_mm[column] for column in columns)
        made.append(_grid_cell(job, cell, width) | {"c": len(columns), "r": cell.row_span})
        taken.update((number + down, column) for down in range(1, cell.row_span) for column in columns)
    return made


def _grid_cell(job: Print, cell: GridCell, width: float) -> Cell:
    if isinstance(cell, AnswerCell):
        return _answer_cell(job, cell.key, width)
    return label_cell(cell.text or field_at(job.form, cell.key).label, width)


def _answer_cell(job: Print, path: str, width: float) -> Cell:
    """Return the cell of an answer that stands once."""
    asked = field_at(job.form, path)
    if isinstance(asked.kind, Picture):
        return _picture_cell(job, path, asked.kind)
    return _text_answer(asked, job.texts[path], job.answer_pt, width) | {"piece": job.key, "path": path}


def _text_answer(asked: Field, text: str, size_pt: float, width: float) -> Cell:
    """Return the cell of an answer that stands once and is text, with what a blank form prints there."""
    if has_boxes(asked.kind):
        return option_cell(text, size_pt, width)
    if isinstance(asked.kind, Day | Month):
        blank = blank_day() if isinstance(asked.kind, Day) else ""
        return date_cell(text or blank, "answer", size_pt if text else LABEL_PT, width)
    style = "centred" if isinstance(asked.kind, Score) or asked.total_of else "answer"
    return text_cell(_with_unit(asked, text), style, size_pt, width)


def _with_unit(asked: Field, text: str) -> str:
    """Return a figure with its unit, room before it on a blank form; a label may have said the unit."""
    unit = getattr(asked.kind, "unit", "")
    return f"{text or chr(0x3000) * 2}{unit}" if unit and unit not in asked.label else text


def has_boxes(kind: object) -> bool:
    """Return whether an answer is printed as options with boxes to tick."""
    return isinstance(kind, Choices | YesNo | Tick) or (isinstance(kind, Choice) and kind.boxes)


def _picture_cell(job: Print, path: str, kind: Picture) -> Cell:
    label = field_at(job.form, path).label
    return {
        "s": "centred",
        "z": _SMALL_PT,
        "k": "photo",
        "x": "",
        "mm": kind.width_mm,
        "file": job.pictures.get(path, ""),
        "text": label.replace("(", "\n("),
        "width": kind.width_mm,
        "height": kind.height_mm,
    }


# ---- schedules and scores -----------------------------------------------------------------------


def schedule_table(job: Print, part: Part, block: ScheduleTable) -> dict[str, Any]:
    """Return the table of a schedule with its rows, at least as many as a blank form has.

    Its title is not repeated where the part's title says it.
    """
    schedule = schedules(job.form)[block.schedule]
    columns = (schedule.number_mm, *(column.width_mm for column in schedule.columns))
    heads = [
        label_cell(text, mm)
        for text, mm in zip(("序号", *(column.label for column in schedule.columns)), columns, strict=True)
    ]
    page_mm = PAGES_MM[part.orientation]
    count = max(row_counts(job.form, job.record).get(schedule.key, 0), len(schedule.groups) or schedule.blank_rows)
    rows = [row(list(_schedule_row(job, schedule, number)), _SCHEDULE_ROW_MM, page_mm) for number in range(count)]
    made = _made(job, schedule.key, columns, rows, [row(heads, _HEAD_ROW_MM, page_mm)])
    is_whole = bool(schedule.totals_of) and count * _SCHEDULE_ROW_MM <= _KEPT_MM
    # A part that begins with its one schedule is titled with the schedule's own name.
    is_titled = part.blocks[0] is block and schedule.label in part.title and not _is_shared(job.form, part)
    title = "" if is_titled else schedule.label
    return made | {"title": title, "note": typographic(block.note), "whole": is_whole, "new_page": block.new_page}


def _is_shared(form: Form, part: Part) -> bool:
    """Return whether the part's title names several of its schedules."""
    printed = (schedules(form)[block.schedule].label for block in part.blocks if isinstance(block, ScheduleTable))
    return sum(label in part.title for label in printed) > 1


def _schedule_row(job: Print, schedule: Schedule, number: int) -> Iterator[Cell]:
    yield text_cell(str(number + 1), "number", LABEL_PT, schedule.number_mm)
    columns = schedule.columns
    if schedule.totals_of:
        yield text_cell(schedule.groups[number], "strong", LABEL_PT, columns[0].width_mm)
        columns = columns[1:]
    for column in columns:
        path = f"{schedule.key}.{number}.{column.key}"
        text = job.texts.get(path) or column.kind.show(None)
        yield _schedule_answer(column, text) | {"piece": job.key, "path": path}


def _schedule_answer(column: Field, text: str) -> Cell:
    if has_boxes(column.kind):
        return option_cell(text, _SMALL_PT, column.width_mm)
    if isinstance(column.kind, Day | Month):
        return date_cell(text, "centred", LABEL_PT, column.width_mm)
    style = "answer" if isinstance(column.kind, Text) and column.kind.limit > _SHORT else "centred"
    return text_cell(text, style, LABEL_PT, column.width_mm)


def score_table(job: Print, part: Part, block: ScoreTable) -> dict[str, Any]:
    """Return the table of a section's items, or of the region's own, which may be none."""
    page_mm = PAGES_MM[part.orientation]
    heads = [label_cell(text, mm) for text, mm in zip(_SCORE_HEADS, block.columns_mm, strict=True)]
    asked = section_items(job.form, block.section)
    rows = [row(_score_row(job, item, block.columns_mm), _SCORE_ROW_MM, page_mm) for item in asked]
    if not asked:
        nothing = text_cell("本地区无增加项目", "centred", LABEL_PT, sum(block.columns_mm))
        rows = [row([nothing | {"c": len(block.columns_mm)}], _SCORE_ROW_MM, page_mm)]
    made = _made(job, f"items-{block.section}", block.columns_mm, rows, [row(heads, _HEAD_ROW_MM, page_mm)])
    regional = block.section == "R" and job.form.region
    return made | {"title": f"{job.form.region_name}增加项目({job.form.region_version})" if regional else ""}


def _score_row(job: Print, item: Item, widths: tuple[float, ...]) -> list[Cell]:
    answers = [f"items.{item.id}.{column}" for column in ITEM_COLUMNS]
    label = balanced(item.label, (widths[1] - 2 * SIDE_MM) / (LABEL_PT * MM_PER_PT))
    printed = (item.id, label, plain(item.points), typographic(item.standard), typographic(item.evidence))
    texts = (*printed, *(job.texts[p] for p in answers))
    cells: list[Cell] = [
        text_cell(text, style, _SMALL_PT if style == "standard" else LABEL_PT, mm)
        for text, style, mm in zip(texts, _SCORE_STYLES, widths, strict=True)
    ]
    for cell, path in zip(cells[-len(answers) :], answers, strict=True):
        cell |= {"piece": job.key, "path": path}
    return cells
