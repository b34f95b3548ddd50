"""Printed labels broken into lines of like length, at a bracket or a comma where there is one."""

from __future__ import annotations

import math

POINT_MM = 25.4 / 72
_CELL_MARGINS_MM = 2.0
_BEFORE = "(（〔"
_AFTER = "、/·,;:)）"


def width_em(text: str) -> float:
    """Return the width of `text` in ems: a Chinese character is one, a Latin one a half."""
    return sum(0.55 if character.isascii() else 1.0 for character in text)


def broken(label: str, width_mm: float, size_pt: float) -> str:
    """Return a label with a new line wherever it has to break to stand in a cell of `width_mm`."""
    room = (width_mm - _CELL_MARGINS_MM) / (size_pt * POINT_MM)
    lines = math.ceil(width_em(label) / room)
    if lines < 2 or "\n" in label:  # noqa: PLR2004 - one line needs no break
        return label
    cut = _cut(label, width_em(label) / lines, room)
    rest = broken(label[cut:], width_mm, size_pt)
    return f"{label[:cut]}\n{rest}"


def _cut(label: str, ideal: float, room: float) -> int:
    """Return where the first line ends: within `room`, near `ideal`, gladly at a natural break."""
    fitting = [end for end in range(1, len(label)) if width_em(label[:end]) <= room]
    natural = [end for end in fitting if label[end] in _BEFORE or label[end - 1] in _AFTER]
    allowed = [end for end in fitting if label[end] not in _AFTER and label[end - 1] not in _BEFORE]
    wide_enough = [end for end in natural if end in allowed and width_em(label[:end]) >= ideal - 1.5]
    best = wide_enough or allowed or fitting or [1]
    return min(best, key=lambda end: abs(width_em(label[:end]) - ideal - 0.5))
