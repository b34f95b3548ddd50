"""The tables of rows: schedules (附表), scored items, and what a region adds at fill time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from services.answers import item_fields, schedules, section_items
from services.carriers.docx.build_answers import Sheet, answer_paragraph, answer_runs, answer_style
from services.carriers.docx.build_labels import broken
from services.carriers.docx.build_styles import head_points
from services.carriers.docx.ooxml import KEEP_NEXT, NEW_PAGE, Cell, directive, paragraph, row, run, table
from services.form import Field, Item, Part, Schedule, ScheduleTable, ScoreTable
from services.kinds.number import plain

REGION = "R"
SCORE_HEADS = ("序号", "项目", "满分", "评分标准", "证明材料", "自评分", "复核分", "扣分原因/备注")
NO_REGIONAL_ITEMS = "本地区无增加项目"
_HEAD_MM = 10
_ROW_MM = 8
_ITEM_MM = 11
_REGIONAL_MM = (0.25, 0.75)


def schedule_table(sheet: Sheet, part: Part, block: ScheduleTable) -> str:
    """Return the table of a schedule: its title unless the part's title above it says so, the table, the note."""
    schedule = schedules(sheet.form)[block.schedule]
    widths = (schedule.number_mm, *(column.width_mm for column in schedule.columns))
    is_named = block == part.blocks[0] and _named_by_title(sheet, part) == (block,)
    start = KEEP_NEXT + NEW_PAGE * block.new_page
    title = "" if is_named else paragraph(run(schedule.label), "ZPTableTitle", properties=start)
    rows = (
        _head(sheet, ("序号", *(column.label for column in schedule.columns)), widths),
        *(_fixed_rows(sheet, schedule, widths) if schedule.totals_of else _open_rows(schedule, widths)),
    )
    note = paragraph(run(f"注:{block.note}"), "ZPTableNote") if block.note else ""
    return title + table(widths, rows, style="ZPRows") + note


def _named_by_title(sheet: Sheet, part: Part) -> tuple[ScheduleTable, ...]:
    """Return the schedules of a part whose labels its title holds."""
    tables = (block for block in part.blocks if isinstance(block, ScheduleTable))
    return tuple(table for table in tables if schedules(sheet.form)[table.schedule].label in part.title)


def _head(sheet: Sheet, labels: Sequence[str], widths: Sequence[float]) -> str:
    points = head_points(sheet.form.id)
    cells = (
        Cell(content=paragraph(run(broken(label, width, points)), "ZPHead", properties=KEEP_NEXT), width_mm=width)
        for label, width in zip(labels, widths, strict=True)
    )
    return row(cells, _HEAD_MM, is_head=True)


def _open_rows(schedule: Schedule, widths: Sequence[float]) -> Iterator[str]:
    """Yield the loop over the record's rows, blank ones after them."""
    yield directive(f"{{%tr for row in {schedule.key} %}}", widths)
    number = Cell(content=paragraph(run("{{ loop.index }}"), "ZPNumber"), width_mm=widths[0])
    answers = (
        _row_cell(column, f"{schedule.key}.{column.key}", f"row.{column.key}", width)
        for column, width in zip(schedule.columns, widths[1:], strict=True)
    )
    yield row((number, *answers), _ROW_MM)
    yield directive("{%tr endfor %}", widths)


def _row_cell(column: Field, tag: str, expression: str, width_mm: float) -> Cell:
    runs = answer_runs(column, tag, expression, is_locked=False)
    return Cell(content=paragraph(runs, answer_style(column, width_mm, "ZPRow")), width_mm=width_mm)


def _fixed_rows(sheet: Sheet, schedule: Schedule, widths: Sequence[float]) -> Iterator[str]:
    """Yield a row for each group of a schedule of totals; the group itself is printed."""
    for number, group in enumerate(schedule.groups):
        printed = (str(number + 1), group)
        # The totals stand on one page: each row keeps to the next.
        together = KEEP_NEXT if number + 1 < len(schedule.groups) else ""
        cells = [
            Cell(content=paragraph(run(text), "ZPNumber", properties=together), width_mm=width)
            for text, width in zip(printed, widths[:2], strict=True)
        ]
        for column, width in zip(schedule.columns[1:], widths[2:], strict=True):
            path = f"{schedule.key}.{number}.{column.key}"
            content = answer_paragraph(sheet, path, column, "ZPRowCenter")
            cells.append(Cell(content=content, width_mm=width))
        yield row(cells, _ROW_MM)


def score_table(sheet: Sheet, block: ScoreTable) -> str:
    """Return the table of a section's items; section R loops over what the region adds."""
    rows = (
        _regional_rows(block)
        if block.section == REGION
        else (_item_row(sheet, item, block) for item in section_items(sheet.form, block.section))
    )
    return table(block.columns_mm, (_head(sheet, SCORE_HEADS, block.columns_mm), *rows))


def _item_row(sheet: Sheet, item: Item, block: ScoreTable) -> str:
    printed = (item.id, item.label, plain(item.points), item.standard, item.evidence)
    answers = (
        answer_paragraph(sheet, f"items.{item.id}.{field.key}", field, _score_style(field))
        for field in item_fields(item)
    )
    return row(_score_cells(printed, tuple(answers), block), _ITEM_MM)


def _score_cells(printed: Sequence[str], answers: Sequence[str], block: ScoreTable) -> Iterator[Cell]:
    styles = ("ZPNumber", "ZPItem", "ZPNumber", "ZPStandard", "ZPStandard")
    texts = tuple(paragraph(run(text), style) for text, style in zip(printed, styles, strict=True))
    for content, width in zip((*texts, *answers), block.columns_mm, strict=True):
        yield Cell(content=content, width_mm=width)


def _score_style(field: Field) -> str:
    return "ZPRow" if field.key == "reason" else "ZPRowCenter"


def _regional_rows(block: ScoreTable) -> Iterator[str]:
    """Yield the loop over the regional items, and the line that says that there are none."""
    widths = block.columns_mm
    yield directive("{%tr for item in regional_items %}", widths)
    printed = tuple(f"{{{{ item.{key} }}}}" for key in ("id", "label", "points", "standard", "evidence"))
    answers = tuple(
        paragraph(answer_runs(field, f"items.{{{{ item.id }}}}.{field.key}", f"item.{field.key}"), _score_style(field))
        for field in item_fields(_ANY_ITEM)
    )
    yield row(_score_cells(printed, answers, block), _ITEM_MM)
    yield directive("{%tr endfor %}", widths)
    yield directive("{%tr if not regional_items %}", widths)
    nothing = paragraph(run(NO_REGIONAL_ITEMS), "ZPNumber")
    yield row((Cell(content=nothing, width_mm=sum(widths), span=len(widths)),), _ITEM_MM)
    yield directive("{%tr endif %}", widths)


_ANY_ITEM = Item(id="R", section=REGION, label="", points=Decimal(0), marking="ladder", standard="", evidence="")


def regional_fields(sheet: Sheet) -> str:
    """Return the table of the region's own answers; a form issued to no region prints nothing here."""
    widths = tuple(share * sheet.width_mm for share in _REGIONAL_MM)
    label = Cell(content=paragraph(run("{{ field.label }}"), "ZPLabel"), width_mm=widths[0])
    answer = (
        '<w:sdt><w:sdtPr><w:alias w:val="{{ field.label }}"/><w:tag w:val="{{ field.key }}"/>'
        '<w:lock w:val="sdtLocked"/><w:placeholder><w:docPart w:val="ZPBlank"/></w:placeholder></w:sdtPr>'
        f"<w:sdtContent>{run('{{ field.value }}')}</w:sdtContent></w:sdt>"
    )
    rows = (
        directive("{%tr for field in regional_fields %}", widths),
        row((label, Cell(content=paragraph(answer, "ZPAnswer"), width_mm=widths[1])), 12),
        directive("{%tr endfor %}", widths),
    )
    opening, closing = (paragraph(run(tag), "ZPMark") for tag in ("{%p if regional_fields %}", "{%p endif %}"))
    return opening + paragraph("", "ZPGap") + table(widths, rows) + closing
