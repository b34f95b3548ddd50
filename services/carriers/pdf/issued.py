"""The PDF form as issued: the layout that the tables of an upload are aligned with, read from our own blank form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from services.answers import label_at, scalars
from services.carriers.layout import Layout, LayoutCell, Piece, compile_layout
from services.carriers.likeness import bare
from services.carriers.pdf.drawn import Letter, drawn_pages
from services.carriers.pdf.grid import GridCell, GridRow, grid_rows
from services.carriers.pdf.written import line_text, lines_of, text_of
from services.form import Form
from services.identity import stamp
from services.kinds import Picture
from services.paper.typeset import Box, sheet, typeset
from services.paper.typeset import Piece as Sheet
from services.record import empty


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """The place of one of several answers in a cell: points from its left and right edge and above its lower one.

    `hangs` tells that it reaches up to the upper edge, however high the cell is.
    """

    path: str
    left: float
    right: float
    top: float
    bottom: float
    hangs: bool

    def holds(self, cell: GridCell, letter: Letter, scale: float) -> bool:
        """Return whether a letter of `cell` stands in this area; `scale` is its width against the issued one."""
        x, y = letter.middle
        if not cell.left + self.left * scale <= x <= cell.right - self.right * scale:
            return False
        if self.hangs:
            return y >= cell.bottom + self.bottom * scale
        return cell.bottom + self.bottom * scale <= y <= cell.bottom + self.top * scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """The rows as issued, the areas of cells with several answers by those answers, and the width of such cells."""

    layout: Layout
    areas: Mapping[tuple[str, ...], tuple[Area, ...]]
    widths: Mapping[tuple[str, ...], float]


@lru_cache(maxsize=64)
def issued_form(form: Form) -> Issued:
    """Return the tables of the form as issued in PDF."""
    blank = empty(form)
    made = typeset((_tables(sheet(form, blank, stamp(form, blank, b"layout"), fillable=True)),), title=form.title)
    pages = drawn_pages(made.pdf)
    areas: dict[tuple[str, ...], tuple[Area, ...]] = {}
    widths: dict[tuple[str, ...], float] = {}
    rows = []
    for row in grid_rows(pages):
        cells = []
        for cell in row.cells:
            boxes = _boxes_in(made.boxes, row, cell, pages[row.page].high)
            cells.append(_layout_cell(cell, boxes, pages[row.page].high) if boxes else _printed(form, cell))
            if len(boxes) > 1:
                key = tuple(box.path for box in boxes)
                areas[key] = tuple(_area(cell, box, pages[row.page].high) for box in boxes)
                widths[key] = cell.right - cell.left
        rows.append(cells)
    open_rows = frozenset(schedule.key for schedule in form.schedules if not schedule.totals_of)
    return Issued(layout=compile_layout(rows, open_rows), areas=areas, widths=widths)


def _boxes_in(boxes: Sequence[Box], row: GridRow, cell: GridCell, high: float) -> tuple[Box, ...]:
    """Return the answers that stand in a cell, in the order they are read."""
    found = [
        box
        for box in boxes
        if box.page == row.page + 1
        and cell.left < (box.left + box.right) / 2 < cell.right
        and cell.bottom < high - (box.top + box.bottom) / 2 < cell.top
    ]
    return tuple(sorted(found, key=lambda box: (round(box.bottom), box.left)))


def _tables(piece: Sheet) -> Sheet:
    """Return the form without its cover, which holds no table and the only picture of a blank form."""
    parts = [part for part in piece.data["parts"] if all(block["block"] != "cover" for block in part["blocks"])]
    return replace(piece, data={**piece.data, "parts": parts}, pictures={})


def _printed(form: Form, cell: GridCell) -> LayoutCell:
    """Return a cell without a box: printed text, or the place of a picture, which says what belongs there."""
    text = text_of(cell.letters, cell.right)
    asked = (key for key, field in scalars(form).items() if isinstance(field.kind, Picture))
    path = next((key for key in asked if bare(label_at(form, key)) == bare(text)), "")
    return LayoutCell(pieces=(Piece(text=text, path=path),), start=cell.start, span=cell.span)


def _layout_cell(cell: GridCell, boxes: Sequence[Box], high: float) -> LayoutCell:
    if len(boxes) == 1:
        pieces: tuple[Piece, ...] = (Piece(text=text_of(cell.letters, cell.right), path=boxes[0].path),)
    else:
        pieces = pieces_of(cell, tuple(_area(cell, box, high) for box in boxes), 1.0)
    return LayoutCell(pieces=pieces, start=cell.start, span=cell.span)


def _area(cell: GridCell, box: Box, high: float) -> Area:
    top, bottom = high - box.top, high - box.bottom
    return Area(
        path=box.path,
        left=box.left - cell.left - 2,
        right=cell.right - box.right - 2,
        top=top - cell.bottom + 4,
        bottom=bottom - cell.bottom - 4,
        hangs=cell.top - top < top - bottom,
    )


def pieces_of(cell: GridCell, areas: Sequence[Area], scale: float) -> tuple[Piece, ...]:
    """Return the text of a cell by answer: what stands in no area is printed text."""
    homes: dict[str, list[Letter]] = {area.path: [] for area in areas}
    printed: list[Letter] = []
    for letter in cell.letters:
        area = next((area for area in areas if area.holds(cell, letter, scale)), None)
        (homes[area.path] if area else printed).append(letter)
    answers = (Piece(text=text_of(homes[area.path], cell.right - area.right * scale), path=area.path) for area in areas)
    return (*(Piece(text=line_text(line)) for line in lines_of(printed)), *answers)
