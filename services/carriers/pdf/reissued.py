"""The form typeset again as it was issued: what is printed on each page, and where answers stand.

What is printed comes in units, each the text of a cell or a line outside tables, so that a change is named
as a clerk sees it. What is typed later moves nothing: the places hold however a form was filled in.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pikepdf

from services.answers import label_at, scalars
from services.carriers.likeness import bare
from services.carriers.pdf.drawn import Drawn, Letter, printed_pages
from services.carriers.pdf.fill import fill
from services.carriers.pdf.grid import GridRow, grid_rows
from services.carriers.pdf.untouched import page_digests
from services.carriers.pdf.written import line_text, lines_of
from services.form import Form
from services.identity import Stamp
from services.kinds import Picture
from services.record import Record

Rect = tuple[float, float, float, float]
_AGAIN = "(续)"
_BAND = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A cell, or a line outside tables: its page from 0, its letters, its edges, the part it stands in.

    `asks` tells that answers stand in it, `pictured` that a picture may be placed over its words.
    """

    page: int
    letters: tuple[Letter, ...]
    rect: Rect
    is_cell: bool
    part: str = ""
    asks: bool = False
    pictured: bool = False

    @property
    def text(self) -> str:
        """Its printed text, lines joined."""
        return "".join(line_text(line) for line in lines_of(self.letters))

    def holds(self, letter: Letter) -> bool:
        """Return whether the middle of a letter lies in it."""
        return within(self.rect, letter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A page as issued: what is drawn on it, its units from above, the rectangles of its form fields."""

    drawn: Drawn
    units: tuple[Unit, ...]
    holes: tuple[Rect, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reissued:
    """The PDF as issued, the digests of its pages (`untouched`), and what stands on them."""

    data: bytes
    digests: tuple[str, ...]
    leaves: tuple[Leaf, ...]


def within(rect: Rect, letter: Letter, margin: float = 0.0) -> bool:
    """Return whether the middle of a letter lies in a rectangle widened by `margin` points."""
    left, bottom, right, top = rect
    x, y = letter.middle
    return left - margin <= x <= right + margin and bottom - margin <= y <= top + margin


def reissued(form: Form, record: Record, stamp: Stamp) -> Reissued:
    """Return the form with its record as it was issued (0.1–0.6 s)."""
    data = fill(form, record, stamp).data
    pages = printed_pages(data)
    with pikepdf.open(io.BytesIO(data)) as document:
        holes = [tuple(_rect(note) for note in page.obj.get("/Annots", [])) for page in document.pages]
        digests = tuple(page_digests(document))
    rows: dict[int, list[GridRow]] = {}
    for row in grid_rows(pages):
        rows.setdefault(row.page, []).append(row)
    units = _in_parts(form, [_units(number, page, rows.get(number, [])) for number, page in enumerate(pages)])
    leaves = (
        Leaf(drawn=page, holes=there, units=tuple(_asking(form, unit, there) for unit in own))
        for page, there, own in zip(pages, holes, units, strict=True)
    )
    return Reissued(data=data, digests=digests, leaves=tuple(leaves))


def _rect(note: pikepdf.Object) -> Rect:
    left, bottom, right, top = (float(edge) for edge in note.Rect)
    return left, bottom, right, top


def _units(number: int, page: Drawn, rows: Sequence[GridRow]) -> list[Unit]:
    cells = [cell for row in rows for cell in row.cells]
    units = [
        Unit(
            page=number,
            letters=tuple(cell.letters),
            rect=(cell.left, cell.bottom, cell.right, cell.top),
            is_cell=True,
        )
        for cell in cells
    ]
    inside = {id(letter) for cell in cells for letter in cell.letters}
    units += (_line(number, page, line) for line in lines_of([x for x in page.letters if id(x) not in inside]))
    return sorted(units, key=lambda unit: (-round(unit.rect[3]), unit.rect[0]))


def _line(number: int, page: Drawn, line: Sequence[Letter]) -> Unit:
    base, size = line[0].base, max(letter.size for letter in line)
    rect = (0.0, base - _BAND * size, page.wide, base + (1 - _BAND) * size)
    return Unit(page=number, letters=tuple(line), rect=rect, is_cell=False)


def _in_parts(form: Form, pages: Sequence[Sequence[Unit]]) -> Iterator[list[Unit]]:
    """Yield the units of each page with the title of the part that they stand in."""
    titles = {bare(part.title): part.title for part in form.parts if part.title}
    current = ""
    for units in pages:
        made: list[Unit] = []
        for unit in units:
            said = bare(unit.text).removesuffix(_AGAIN)
            current = titles.get(said, current) if not unit.is_cell else current
            made.append(replace(unit, part=current))
        # A title stands below the head of its page, which belongs to it.
        yield [replace(unit, part=made[-1].part) if not unit.is_cell else unit for unit in made]


def _asking(form: Form, unit: Unit, holes: Sequence[Rect]) -> Unit:
    left, bottom, right, top = unit.rect
    asks = any(left <= (a + c) / 2 <= right and bottom <= (b + d) / 2 <= top for a, b, c, d in holes)
    photos = {bare(label_at(form, key)) for key, asked in scalars(form).items() if isinstance(asked.kind, Picture)}
    is_picture = unit.is_cell and (bare(unit.text) in photos or not (unit.letters or asks))
    return replace(unit, asks=asks, pictured=is_picture)
