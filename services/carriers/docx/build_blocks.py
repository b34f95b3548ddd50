"""The blocks of a form that stand once: cover, filling instructions, grids, long answers, opinion boxes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services.answers import opinion_fields, scalars
from services.carriers.docx.build_answers import Sheet, answer_paragraph, answer_runs, answer_style
from services.carriers.docx.build_labels import broken
from services.carriers.docx.build_styles import LABEL_POINTS
from services.carriers.docx.ooxml import KEEP_NEXT, NEW_PAGE, Cell, corner_picture, paragraph, row, run, table
from services.form import AnswerCell, Cover, Grid, GridCell, LabelCell, Notes, Opinion, Row, TextBox
from services.kinds import Picture

QR_MM = 22
QR_RELATION = "rIdIdentity"
QR_NAME = "identity-qr"
_OPINION_TITLE_MM = 26
_SEAL_MM = 52
_SIGN_LABEL_MM = 34
_DATE_LABEL_MM = 16
_SIGN_ROW_MM = 10
_SEAL_HIGH_MM = 45


def cover(sheet: Sheet, block: Cover) -> str:
    """Return the cover: attachment mark and QR code, title, lines to fill in, the maker at the foot."""
    qr = f"<w:r>{corner_picture(QR_RELATION, 1, QR_NAME, QR_MM)}</w:r>"
    top = paragraph(qr + run(block.mark), "ZPAttachment")
    title = paragraph(run("\n".join(block.title)), "ZPCoverTitle")
    widths = (60.0, 92.0)
    lines = table(widths, (_cover_line(sheet, key, widths) for key in block.lines), style="ZPOpen")
    maker = sheet.form.edition.ministry if sheet.form.edition else ""
    return top + title + lines + paragraph(run(f"{maker}制"), "ZPMaker")


def _cover_line(sheet: Sheet, key: str, widths: tuple[float, float]) -> str:
    field = scalars(sheet.form)[key]
    stands_once = key not in _grid_keys(sheet)
    style = "ZPCoverAnswer"
    answer = (
        answer_paragraph(sheet, key, field, style) if stands_once else paragraph(answer_runs(field, key, key), style)
    )
    return row(
        (
            Cell(content=paragraph(run(field.label), "ZPCoverLabel"), width_mm=widths[0], align="bottom"),
            Cell(content=answer, width_mm=widths[1], align="bottom", closed_sides=("bottom",)),
        ),
        14,
    )


def _grid_keys(sheet: Sheet) -> frozenset[str]:
    grids = (b for part in sheet.form.parts for b in part.blocks if isinstance(b, Grid))
    return frozenset(c.key for grid in grids for r in grid.rows for c in r.cells if isinstance(c, AnswerCell))


def notes(block: Notes) -> str:
    """Return the filling instructions, numbered."""
    lines = (paragraph(run(f"{number}.\t{line}"), "ZPNote") for number, line in enumerate(block.lines, 1))
    return paragraph(run(block.title), "ZPTitle") + "".join(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Merge:
    """A cell that reaches into the rows below."""

    columns: int
    rows_left: int


def grid(sheet: Sheet, block: Grid) -> str:
    """Return a table of labels and answers, with its title when it has one."""
    merges: dict[int, _Merge] = {}
    rows = [_grid_row(sheet, block, declared, merges) for declared in block.rows if declared.cells]
    title = paragraph(run(block.title), "ZPTableTitle", properties=KEEP_NEXT) if block.title else ""
    return title + table(block.columns_mm, rows)


def _grid_row(sheet: Sheet, block: Grid, declared: Row, merges: dict[int, _Merge]) -> str:
    cells: list[Cell] = []
    column = 0
    for index, cell in enumerate(declared.cells):
        column += _continued(block, column, merges, cells)
        is_last = index == len(declared.cells) - 1
        free = next((c for c in sorted(merges) if c >= column), len(block.columns_mm))
        span = free - column if is_last else cell.span
        width = sum(block.columns_mm[column : column + span])
        cells.append(_grid_cell(sheet, cell, width, span))
        if cell.row_span > 1:
            merges[column] = _Merge(columns=span, rows_left=cell.row_span)
        column += span
    _continued(block, column, merges, cells)
    for start, merge in tuple(merges.items()):
        merges[start] = _Merge(columns=merge.columns, rows_left=merge.rows_left - 1)
        if merge.rows_left == 1:
            del merges[start]
    return row(cells, declared.height_mm)


def _continued(block: Grid, column: int, merges: dict[int, _Merge], cells: list[Cell]) -> int:
    """Append the lower parts of merged cells that begin at `column`; return how many columns they take."""
    taken = 0
    while column + taken in merges:
        merge = merges[column + taken]
        width = sum(block.columns_mm[column + taken : column + taken + merge.columns])
        empty = paragraph("", "ZPLabel")
        cells.append(Cell(content=empty, width_mm=width, span=merge.columns, merge="continue"))
        taken += merge.columns
    return taken


def _grid_cell(sheet: Sheet, cell: GridCell, width_mm: float, span: int) -> Cell:
    merge = "restart" if cell.row_span > 1 else ""
    if isinstance(cell, LabelCell):
        text = cell.text or scalars(sheet.form)[cell.key].label
        label = paragraph(run(broken(text, width_mm, LABEL_POINTS)), "ZPLabel")
        return Cell(content=label, width_mm=width_mm, span=span, merge=merge)
    field = scalars(sheet.form)[cell.key]
    style = answer_style(field, width_mm, "ZPAnswer")
    content = answer_paragraph(sheet, cell.key, field, style)
    is_picture = isinstance(field.kind, Picture)
    return Cell(content=content, width_mm=width_mm, span=span, merge=merge, tight=is_picture)


def text_box(sheet: Sheet, block: TextBox) -> str:
    """Return a long answer under its head; the body may run over pages, the head repeats there."""
    field = scalars(sheet.form)[block.key]
    head = f"{field.label}({field.hint})" if field.hint else field.label
    widths = (sheet.width_mm,)
    body = Cell(content=answer_paragraph(sheet, block.key, field, "ZPLongAnswer"), width_mm=widths[0], align="top")
    title = Cell(content=paragraph(run(head), "ZPBoxHead", properties=KEEP_NEXT), width_mm=widths[0])
    return table(widths, (row((title,), 10, is_head=True), row((body,), block.height_mm, splits=True)))


def opinion_box(sheet: Sheet, opinion: Opinion) -> str:
    """Return the box of an opinion: title at the left, text and room for the seal, signer and date below."""
    _, signer, day = opinion_fields(opinion)
    seal_mm = _SEAL_MM
    text_mm = sheet.width_mm - _OPINION_TITLE_MM - seal_mm
    widths = (_OPINION_TITLE_MM, _SIGN_LABEL_MM, text_mm - _SIGN_LABEL_MM - _DATE_LABEL_MM, _DATE_LABEL_MM, seal_mm)
    label = broken(opinion.label, _OPINION_TITLE_MM, LABEL_POINTS)
    title = paragraph(run(label), "ZPLabel", properties=KEEP_NEXT)
    above = (
        Cell(content=title, width_mm=widths[0], merge="restart"),
        *_opinion_text(sheet, opinion, widths),
    )
    below = (
        Cell(content=paragraph("", "ZPLabel"), width_mm=widths[0], merge="continue"),
        *_opinion_foot(sheet, (signer.key, day.key), widths),
    )
    high = max(opinion.height_mm - _SIGN_ROW_MM, _SEAL_HIGH_MM)
    return table(widths, (row(above, high), row(below, _SIGN_ROW_MM)))


def _opinion_text(sheet: Sheet, opinion: Opinion, widths: tuple[float, ...]) -> Iterator[Cell]:
    field = scalars(sheet.form)[opinion.key]
    answer = answer_paragraph(sheet, opinion.key, field, "ZPOpinion")
    if not opinion.has_seal:
        yield Cell(content=answer, width_mm=sum(widths[1:]), span=4, align="top", open_sides=("bottom",))
        return
    seal = paragraph(run("(公章)"), "ZPSeal")
    yield Cell(content=answer, width_mm=sum(widths[1:4]), span=3, align="top", open_sides=("bottom", "right"))
    yield Cell(content=seal, width_mm=widths[4], align="bottom", open_sides=("left", "bottom"))


def _opinion_foot(sheet: Sheet, keys: tuple[str, str], widths: tuple[float, ...]) -> Iterator[Cell]:
    """Yield signature label, signer, date label and date: four cells without lines between them."""
    fields = tuple(scalars(sheet.form)[key] for key in keys)
    contents = (
        paragraph(run(f"{fields[0].label}:"), "ZPSign"),
        answer_paragraph(sheet, keys[0], fields[0], "ZPAnswer"),
        paragraph(run(f"{fields[1].label}:"), "ZPSign"),
        answer_paragraph(sheet, keys[1], fields[1], "ZPAnswerCenter"),
    )
    for index, content in enumerate(contents, 1):
        sides = ["top", *(["left"] if index > 1 else []), *(["right"] if index < len(contents) else [])]
        yield Cell(content=content, width_mm=widths[index], open_sides=sides)


def page_start(style: str, text: str, *, breaks: bool) -> str:
    """Return the heading of a part, on a new page when `breaks`."""
    return paragraph(run(text), style, properties=(KEEP_NEXT + NEW_PAGE) if breaks else KEEP_NEXT)
