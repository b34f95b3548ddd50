"""What is drawn on the pages of a PDF: letters with their places, straight rules, pictures.

Form fields and notes are flattened into the pages first, so that whatever is seen is read: what was typed
with the pen of a viewer counts as what was filled into a field.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from services.carriers.pdf.refusals import damaged
from services.carriers.pdf.shapes import edges_of, is_shape, is_tick
from services.carriers.pdf.twins import ordinary

MOST_LETTERS = 1_000_000
MOST_OBJECTS = 200_000
_STRAIGHT = 0.7
_SHORTEST = 4.0
_DEEPEST = 6
_COLOURED = 60
_FIRST_VISIBLE = 0x20
_BREAK = 0x200B
_NEAR = 4.0
_UNSEEN = frozenset({0xA0, _BREAK, 0x3000, 0xFFFE, 0xFFFF})
_TICK_SIZE = 10.0


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter: its middle and edges across, its base line and size, in points from the lower left corner.

    `run` numbers the text of a form field that it is part of, 0 for what is printed on the page itself.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    run: int = 0

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the letter."""
        return (self.left + self.right) / 2, self.base + 0.38 * self.size


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line: `at` is its x when upright, its y when level; it runs from `start` to `stop`."""

    at: float
    start: float
    stop: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A page as drawn, `wide` and `high` in points."""

    wide: float
    high: float
    letters: tuple[Letter, ...]
    level: tuple[Rule, ...]
    upright: tuple[Rule, ...]
    pictures: tuple[tuple[float, float, float, float, int], ...] = ()


@lru_cache(maxsize=1)
def drawn_pages(data: bytes) -> tuple[Drawn, ...]:
    """Return what is drawn on each page.

    Raises:
        UnreadableError: the file cannot be opened, or holds far more than a form does.
    """
    try:
        with pypdfium2.PdfDocument(data) as document:
            document.init_forms()
            for number in range(len(document)):
                _flatten(document, number)
            return tuple(_drawn(document, number) for number in range(len(document)))
    except pypdfium2.PdfiumError:
        raise damaged() from None


def printed_pages(data: bytes, *, has_notes: bool = True) -> tuple[Drawn, ...]:
    """Return what is printed on each page itself, without its form fields and notes.

    Without any (`has_notes`) that is what is drawn, which the reading has found out already.

    Raises:
        UnreadableError: the file cannot be opened.
    """
    if not has_notes:
        return drawn_pages(data)
    try:
        with pypdfium2.PdfDocument(data) as document:
            return tuple(_drawn(document, number) for number in range(len(document)))
    except pypdfium2.PdfiumError:
        raise damaged() from None


def _flatten(document: pypdfium2.PdfDocument, number: int) -> None:
    page = document[number]
    pdfium.FPDFPage_Flatten(page, pdfium.FLAT_PRINT)
    page.close()


def _drawn(document: pypdfium2.PdfDocument, number: int) -> Drawn:
    page = document[number]
    wide, high = page.get_size()
    level, upright, ticks = _rules(page)
    letters = (*_letters(page), *ticks)
    made = Drawn(wide=wide, high=high, letters=letters, level=tuple(level), upright=tuple(upright))
    page.close()
    return made


def _letters(page: pypdfium2.PdfPage) -> Iterator[Letter]:
    text = page.get_textpage()
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    matrix = pdfium.FS_MATRIX()
    homes = _homes(page)
    for index in range(min(text.count_chars(), MOST_LETTERS)):
        code = pdfium.FPDFText_GetUnicode(text, index)
        if code <= _FIRST_VISIBLE or code in _UNSEEN:
            continue
        if pdfium.FPDFText_IsGenerated(text, index) == 1 or not pdfium.FPDFText_GetLooseCharBox(text, index, box):
            continue
        pdfium.FPDFText_GetCharOrigin(text, index, x, y)
        pdfium.FPDFText_GetMatrix(text, index, matrix)
        # A face's own idea of its height differs from program to program; the size it is set in does not.
        size = pdfium.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d)
        left, right, base = box.left, box.right, y.value
        run = _number(pdfium.FPDFText_GetTextObject(text, index)) if homes else 0
        home = homes.get(run)
        if home and not home.is_on_page(left, base) and pdfium.FPDFText_GetUnicode(text, index + 1) == _BREAK:
            # pdfium places a letter whose glyph stands for two where it is in the form that holds it, not on the page.
            (left, base), (right, _) = home.matrix.on_point(left, base), home.matrix.on_point(right, base)
        yield Letter(ordinary(chr(code)), left, right, base, size, run if home is not None else 0)
    text.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Home:
    """A text in a form that is drawn on the page, and the matrix that brings it there."""

    matrix: pypdfium2.PdfMatrix
    text: pypdfium2.PdfObject

    def is_on_page(self, x: float, y: float) -> bool:
        """Return whether a point lies where the text is seen."""
        left, bottom, right, top = self.matrix.on_rect(*self.text.get_bounds())
        return left - _NEAR <= x <= right + _NEAR and bottom - _NEAR <= y <= top + _NEAR


def _homes(page: pypdfium2.PdfPage) -> Mapping[int, _Home]:
    """Return the home of each text in a form that is drawn on the page."""
    texts = page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_TEXT,), max_depth=_DEEPEST)
    return {_number(t.raw): _Home(matrix=_holding(t), text=t) for t in texts if t.container is not None}


def _number(thing: Any) -> int:
    return ctypes.cast(thing, ctypes.c_void_p).value or 0


def _holding(thing: pypdfium2.PdfObject) -> pypdfium2.PdfMatrix:
    """Return the matrix of the forms that hold an object."""
    matrix, holder = pypdfium2.PdfMatrix(), thing.container
    while holder is not None:
        matrix = matrix.multiply(holder.get_matrix())
        holder = holder.container
    return matrix


# ---- rules --------------------------------------------------------------------------------------


def _rules(page: pypdfium2.PdfPage) -> tuple[list[Rule], list[Rule], list[Letter]]:
    """Return the level and the upright rules, and the ticks that are drawn as shapes."""
    level: list[Rule] = []
    upright: list[Rule] = []
    ticks: list[Letter] = []
    for path, holding in _paths(page):
        edges = edges_of(path, holding)
        if is_shape(path, edges):
            ticks += [_tick(edges)] if is_tick(path, edges) else []
            continue
        for (x0, y0), (x1, y1) in _segments(path, path.get_matrix().multiply(holding)):
            if abs(y1 - y0) <= _STRAIGHT and abs(x1 - x0) >= _SHORTEST:
                level.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
            elif abs(x1 - x0) <= _STRAIGHT and abs(y1 - y0) >= _SHORTEST:
                upright.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
    return level, upright, ticks


def _tick(edges: tuple[float, float, float, float]) -> Letter:
    """Return the letter that a tick stands for, as wide as the box that it fills."""
    middle, half = (edges[0] + edges[2]) / 2, _TICK_SIZE / 2
    return Letter("√", middle - half, middle + half, (edges[1] + edges[3]) / 2 - 0.38 * _TICK_SIZE, _TICK_SIZE)


def _paths(page: pypdfium2.PdfPage) -> Iterator[tuple[pypdfium2.PdfObject, pypdfium2.PdfMatrix]]:
    """Yield the paths of a page with the matrix of the forms that hold each."""
    things = page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_PATH,), max_depth=_DEEPEST)
    for thing in islice(things, MOST_OBJECTS):
        if not _is_coloured(thing):
            yield thing, _holding(thing)


def _is_coloured(path: pypdfium2.PdfObject) -> bool:
    """Return whether a path is drawn in a colour: the rules of forms are black, boxes of marks and seals are not."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetStrokeColor(path, red, green, blue, alpha):
        return False
    shades = (red.value, green.value, blue.value)
    return max(shades) - min(shades) > _COLOURED


_Point = tuple[float, float]


def _segments(path: pypdfium2.PdfObject, matrix: pypdfium2.PdfMatrix) -> Iterator[tuple[_Point, _Point]]:
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = (0.0, 0.0)
    for index in range(min(pdfium.FPDFPath_CountSegments(path), MOST_OBJECTS)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.on_point(x.value, y.value)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield last, point
        last = point
        if pdfium.FPDFPathSegment_GetClose(segment):
            yield point, start
            last = start
