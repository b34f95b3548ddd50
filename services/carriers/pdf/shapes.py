"""Small filled shapes on a page: ticks and dots in boxes, and the buttons of lists, which are no rules of a table.

A viewer that draws the fields of a form by itself, and flattens or prints them so, draws a tick as a shape
without any letter, leaves empty boxes away, and puts a button behind each list.
"""

from __future__ import annotations

import ctypes

import pypdfium2
import pypdfium2.raw as pdfium

_THIN, _NARROW = 2.3, 20.0
_SMALLEST, _LARGEST, _LONGEST = 2.4, 14.0, 2.0
_FEWEST_SIDES = 5
"""The arrow of a button has three, a tick and a dot are round."""
_DARK = 90

Edges = tuple[float, float, float, float]


def edges_of(path: pypdfium2.PdfObject, matrix: pypdfium2.PdfMatrix) -> Edges:
    """Return left, bottom, right and top of a path on the page, `matrix` being that of what holds it."""
    left, bottom, right, top = path.get_bounds()
    corners = [matrix.on_point(x, y) for x in (left, right) for y in (bottom, top)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def is_shape(path: pypdfium2.PdfObject, edges: Edges) -> bool:
    """Return whether a path is filled and neither thin as a rule nor as wide as a table."""
    wide, high = edges[2] - edges[0], edges[3] - edges[1]
    return _is_filled_only(path) and min(wide, high) > _THIN and min(wide, high) < _NARROW


def is_tick(path: pypdfium2.PdfObject, edges: Edges) -> bool:
    """Return whether a shape is as large as a tick in a box, dark, and no mere triangle or rectangle."""
    wide, high = edges[2] - edges[0], edges[3] - edges[1]
    return (
        min(wide, high) >= _SMALLEST
        and max(wide, high) <= min(_LARGEST, _LONGEST * min(wide, high))
        and pdfium.FPDFPath_CountSegments(path) > _FEWEST_SIDES
        and _is_dark(path)
    )


def _is_filled_only(path: pypdfium2.PdfObject) -> bool:
    filled, stroked = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, filled, stroked)
    return bool(filled.value) and not stroked.value


def _is_dark(path: pypdfium2.PdfObject) -> bool:
    shades = tuple(ctypes.c_uint() for _ in range(4))
    return bool(pdfium.FPDFPageObj_GetFillColor(path, *shades)) and max(s.value for s in shades[:3]) < _DARK
