"""How much room a text takes in a cell: Excel fits no merged cell by itself, so the heights are counted here."""

from __future__ import annotations

from math import ceil

MM_PER_POINT = 25.4 / 72
POINTS_PER_MM = 72 / 25.4
LINE_EM = 1.34
"""Line pitch of 宋体 and 仿宋 in Excel, in em."""

SIDE_MM = 2.2
"""What a cell keeps free left and right together."""

INDENT_MM = 2.6
"""One of Excel's indents."""

EDGE_MM = 1.6
"""What a row keeps free above and below together."""

TALLEST_MM = 143.0
"""Excel's highest row is 409.5 points."""

_CELLS_PER_INCH_WIDTH = 8 * 25.4 / 96  # a character of the standard font is 8 pixels wide


def per_line(width_mm: float, size: float) -> float:
    """Return how many full-width characters of `size` points a line of `width_mm` holds."""
    return max(1.0, (width_mm - SIDE_MM) / (size * MM_PER_POINT))


def units(text: str) -> float:
    """Return the width of `text` in full-width characters."""
    wide = (len(text.encode("utf-8", "replace")) - len(text)) / 2  # a Chinese character is three bytes
    return wide + (len(text) - wide) * 0.52


def line_count(text: str, line: float) -> int:
    """Return the number of lines that `text` takes where a line holds `line` full-width characters."""
    if len(text) <= line and "\n" not in text:
        return 1
    room = line if text.isascii() else float(int(line))
    return sum(max(1, ceil(units(part) / room)) for part in text.split("\n"))


def height_mm(text: str, width_mm: float, size: float) -> float:
    """Return the height of a row that shows all of `text`."""
    return line_count(text, per_line(width_mm, size)) * size * LINE_EM * MM_PER_POINT + EDGE_MM


def column_width(mm: float) -> float:
    """Return a column width in Excel's unit, characters of the standard font with their padding."""
    return round(mm / _CELLS_PER_INCH_WIDTH, 3)
