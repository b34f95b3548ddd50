"""The answers of a fillable form, taken out of the pages that they were typeset on.

Typst draws every line of text as `q … cm/c1 cs r g b scn BT … ET Q`, in page coordinates and on its own.
An answer's lines have a colour of their own (`services.paper.typeset_ink`); they are cut out and become the
appearance of its form field, so that a field looks exactly as the typeset form does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_LINE = re.compile(rb"q 1 0 0 -1 (\S+) (\S+) cm/c\d+ cs (\S+) (\S+) (\S+) scn\n(BT.*?\nET)\nQ\n", re.DOTALL)
_SIZE = re.compile(rb"/f\d+ ([\d.]+) Tf")
_FULL = 255
_ABOVE_EM, _BELOW_EM = 0.88, 0.12


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of an answer: where it begins, in points from the lower left corner; its size; what draws it."""

    x: float
    y: float
    size: float
    text: bytes

    @property
    def top(self) -> float:
        """The upper edge of its letters."""
        return self.y + _ABOVE_EM * self.size

    @property
    def bottom(self) -> float:
        """The lower edge of its letters."""
        return self.y - _BELOW_EM * self.size

    def drawn(self, left: float, bottom: float) -> bytes:
        """Return what draws the line when (`left`, `bottom`) is the origin."""
        return b"q 1 0 0 -1 %.4f %.4f cm 0 g\n%s\nQ\n" % (self.x - left, self.y - bottom, self.text)


def cut_out(content: bytes) -> tuple[bytes, Mapping[int, tuple[Line, ...]]]:
    """Return a page's content without its answers, and their lines by colour.

    Raises:
        AssertionError: something coloured is left: Typst draws otherwise than this module expects.
    """
    lines: dict[int, tuple[Line, ...]] = {}

    def take(match: re.Match[bytes]) -> bytes:
        ink = _ink(match)
        size = _SIZE.search(match[6])
        if size is None:
            raise AssertionError("a line of text without a font size")
        line = Line(x=float(match[1]), y=float(match[2]), size=float(size[1]), text=match[6])
        lines[ink] = (*lines.get(ink, ()), line)
        return b""

    rest = _LINE.sub(take, content)
    if re.search(rb"cs \S+ \S+ \S+ scn", rest):
        raise AssertionError("coloured text was left on a fillable page")
    return rest, lines


def _ink(match: re.Match[bytes]) -> int:
    red, green, blue = (round(float(match[part]) * _FULL) for part in (3, 4, 5))
    return red << 16 | green << 8 | blue
