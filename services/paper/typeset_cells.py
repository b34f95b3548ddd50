"""Texts fitted into cells: how many lines they take at most, and where a long word may be divided.

The widths are upper bounds, so that a text that surely fits gets a row of fixed height and only the
others cost the typesetter a measurement.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import ceil
from typing import Any

from services.paper.typeset_labels import balanced, em, typographic, widest_word

Cell = dict[str, Any]
"""A cell as form.typ wants it: s style, x text, z size, c and r spans, k kind, b breakable."""

MM_PER_PT = 25.4 / 72
SIDE_MM = 1.2
"""The blank at each side of a cell; form.typ has the same."""
LEAST_PT = 9
"""Nothing is set smaller, issue 2 and forms-and-rules §11.2 (小五)."""
LABEL_PT = 10.5
LABEL_LINE_EM = 1.2
_LABEL_SIZES = (LABEL_PT, 10.0, 9.5, LEAST_PT)
LINE_EM = 1.4
"""From one line to the next in a cell."""
_PADDING_MM = 1.6

_DATE = re.compile(r"\d+年\d+月(?:\d+日)?")
_DATE_PART = re.compile(r"\d+[年月日]")
_WORD = re.compile(r"[!-~\u00a1-\u024f]{2,}")


def lines_at_most(text: str, width_mm: float, size_pt: float) -> int:
    """Return how many lines `text` takes at most in `width_mm`; a line's end may leave two em empty."""
    room = width_mm / (size_pt * MM_PER_PT)
    return sum(1 if em(line) <= room else ceil(em(line) / max(room - 2, 1)) for line in text.split("\n"))


def _height(cell: Cell) -> float:
    """Return the greatest height of a cell's text, blanks included, in mm."""
    text = "  ".join(cell["x"]) if isinstance(cell["x"], list) else cell["x"].replace("\u200b", "")
    count = lines_at_most(text, cell["mm"] - 2 * SIDE_MM, cell["z"])
    return (1 + (count - 1) * cell.get("line", LINE_EM)) * cell["z"] * MM_PER_PT + _PADDING_MM


def divided(text: str, width_mm: float, size_pt: float) -> str:
    """Return `text` with places to divide (U+200B) in words that are wider than their cell."""
    room = (width_mm - 2 * SIDE_MM) / (size_pt * MM_PER_PT)
    return _WORD.sub(lambda match: match[0] if em(match[0]) <= room else _parted(match[0], room), text)


def _parted(word: str, room_em: float) -> str:
    """Return a long word in parts that fit, divided after @ . / - _ where one of these stands."""
    parts: list[str] = []
    while em(word) > room_em:
        most = max(1, next(size for size in range(1, len(word) + 1) if em(word[: size + 1]) > room_em))
        stops = [index + 1 for index, letter in enumerate(word[:most]) if letter in "@./-_"]
        size = stops[-1] if stops else most
        parts.append(word[:size])
        word = word[size:]
    return "\u200b".join((*parts, word))


def size_for(text: str, width_mm: float, size_pt: float) -> float:
    """Return `size_pt`, or less (never below 9 pt) when only then the longest word stands on one line."""
    room_mm = width_mm - 2 * SIDE_MM
    longest = max((em(word) for word in _WORD.findall(text)), default=0) * MM_PER_PT
    if longest * size_pt <= room_mm:
        return size_pt
    return max(LEAST_PT, int(room_mm / longest * 4) / 4) if longest * LEAST_PT <= room_mm else size_pt


def text_cell(text: str, style: str, size_pt: float, width_mm: float) -> Cell:
    """Return a cell that prints `text`; words too wide for it get smaller or are divided."""
    size = size_for(text, width_mm, size_pt)
    return {"s": style, "z": size, "x": divided(text, width_mm, size), "mm": width_mm}


def label_cell(text: str, width_mm: float) -> Cell:
    """Return a cell that prints a label, its lines of even length; smaller (not below 9 pt) to keep words whole."""
    label = typographic(text)
    room_mm = width_mm - 2 * SIDE_MM
    needed = widest_word(label) * MM_PER_PT
    size = next((size for size in _LABEL_SIZES if needed * size <= room_mm), LABEL_PT)
    return text_cell(balanced(label, room_mm / (size * MM_PER_PT)), "label", size, width_mm) | {"line": LABEL_LINE_EM}


def option_cell(text: str, size_pt: float, width_mm: float) -> Cell:
    """Return a cell of options with boxes, each kept whole where the cell is wide enough for it."""
    pieces = text.split(" ")
    room = (width_mm - 2 * SIDE_MM) / (size_pt * MM_PER_PT)
    if all(em(piece) <= room for piece in pieces):
        return {"s": "answer", "z": size_pt, "k": "options", "x": pieces, "mm": width_mm}
    return text_cell(text, "answer", size_pt, width_mm)


def date_cell(text: str, style: str, size_pt: float, width_mm: float) -> Cell:
    """Return a cell of a date, divided only after 年 or 月 where it does not stand on one line."""
    made = text_cell(text, style, size_pt, width_mm)
    if em(text) * size_pt * MM_PER_PT <= width_mm - 2 * SIDE_MM or not _DATE.fullmatch(text):
        return made
    return made | {"k": "units", "x": _DATE_PART.findall(text)}


def row(cells: Sequence[Cell], height_mm: float, page_mm: float) -> dict[str, Any]:
    """Return a row at least `height_mm` high, of fixed height when all its texts surely fit.

    A row that may be higher than a page (`page_mm`) is allowed to break, so that nothing is cut.
    """
    heights = [0.0 if cell.get("r", 1) > 1 else _height(cell) for cell in cells]
    ready = [dict(cell) for cell in cells]
    fixed = max(heights, default=0) <= height_mm
    if not fixed:
        sure = next((index for index, high in enumerate(heights) if high <= height_mm), None)
        if sure is not None:
            ready[sure]["strut"] = height_mm
    if max(heights, default=0) > page_mm:
        for cell in ready:
            cell["b"] = True
    return {"h": height_mm, "fixed": fixed, "cells": ready, "most": max(height_mm, *heights)}
