"""The Word template of a form, in the docxtpl dialect, built from its declaration."""

from __future__ import annotations

from collections.abc import Iterator

from services.carriers.docx.build_answers import Sheet
from services.carriers.docx.build_blocks import cover, grid, notes, opinion_box, page_start, text_box
from services.carriers.docx.build_package import TEXT_WIDTH_MM, parts_of, section
from services.carriers.docx.build_tables import regional_fields, schedule_table, score_table
from services.carriers.docx.ooxml import NEW_PAGE, paragraph
from services.carriers.zipped import packed
from services.form import (
    Block,
    Cover,
    Form,
    Grid,
    Notes,
    OpinionBox,
    Part,
    ScheduleTable,
    ScoreTable,
    TextBox,
)

REGIONAL_PART = "regional"


def build_template(form: Form) -> bytes:
    """Return the docx template of a form as issued in its edition to no region; equal forms give equal bytes."""
    widths = dict(TEXT_WIDTH_MM)
    sheet = Sheet(form=form, width_mm=widths["portrait"])
    body = ""
    for number, part in enumerate(form.parts):
        turned = Sheet(form=form, width_mm=widths[part.orientation], numbers=sheet.numbers)
        previous = form.parts[number - 1] if number else None
        turns = previous is not None and previous.orientation != part.orientation
        if previous and turns:
            first = all(p.orientation == previous.orientation for p in form.parts[:number])
            body += paragraph("", "ZPGap", properties=section(previous.orientation, is_first=first))
        body += _part(turned, part, breaks=bool(previous) and not turns)
    last = form.parts[-1].orientation
    is_only = all(part.orientation == last for part in form.parts)
    return packed(parts_of(form, body + section(last, is_first=is_only)))


def _part(sheet: Sheet, part: Part, *, breaks: bool) -> str:
    """Return a part: its title and blocks, on a new page when `breaks` (a new section begins one anyway)."""
    blocks = tuple(_blocks(sheet, part))
    if part.title:
        title = part.title + ("{{ issued_to }}" if part.key == REGIONAL_PART else "")
        return page_start("ZPPart", title, breaks=breaks) + "".join(blocks)
    return (paragraph("", "ZPGap", properties=NEW_PAGE) if breaks else "") + "".join(blocks)


def _blocks(sheet: Sheet, part: Part) -> Iterator[str]:
    """Yield the blocks with a gap between them: Word joins tables that touch."""
    for number, block in enumerate(part.blocks):
        yield (paragraph("", "ZPGap") if number else "") + _block(sheet, part, block)
    if part.key == REGIONAL_PART:
        yield regional_fields(sheet)


def _block(sheet: Sheet, part: Part, block: Block) -> str:
    match block:
        case Cover():
            return cover(sheet, block)
        case Notes():
            return notes(block)
        case Grid():
            return grid(sheet, block)
        case TextBox():
            return text_box(sheet, block)
        case _:
            return _table(sheet, part, block)


def _table(sheet: Sheet, part: Part, block: OpinionBox | ScheduleTable | ScoreTable) -> str:
    match block:
        case OpinionBox():
            return opinion_box(sheet, next(o for o in sheet.form.opinions if o.key == block.opinion))
        case ScheduleTable():
            return schedule_table(sheet, part, block)
        case ScoreTable():
            return score_table(sheet, block)
