"""Letters as text: lines from above, letters from the left, paragraphs where a line ends early."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from services.carriers.pdf.drawn import Letter

_LINE = 0.45
_BLANK, _WIDE_BLANK = 0.22, 0.6
_ROOM, _SHORT = 2.4, 0.35
"""A line that ends so many em before the longest one, or such a share before its cell's edge, was ended on purpose."""
_INDENT = 1.4
_PARAGRAPH = 1.9


def lines_of(letters: Sequence[Letter]) -> list[list[Letter]]:
    """Return the letters by line, from above and from the left."""
    lines: list[list[Letter]] = []
    for letter in sorted(letters, key=lambda letter: -letter.base):
        if lines and abs(lines[-1][0].base - letter.base) <= _LINE * max(letter.size, lines[-1][0].size):
            lines[-1].append(letter)
        else:
            lines.append([letter])
    return [sorted(line, key=lambda letter: letter.left) for line in lines]


def line_text(line: Sequence[Letter]) -> str:
    """Return a line with a blank wherever a gap is too wide to be none."""
    text = ""
    before: Letter | None = None
    for letter in line:
        if before is not None:
            least = _BLANK if before.text.isascii() and letter.text.isascii() else _WIDE_BLANK
            text += " " if letter.left - before.right > least * letter.size else ""
        text += letter.text
        before = letter
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def text_of(letters: Sequence[Letter], right: float) -> str:
    """Return the text of a cell whose right edge is at `right`: lines joined where the text merely ran on."""
    lines = lines_of(letters)
    if not lines:
        return ""
    edge, reach = min(line[0].left for line in lines), max(line[-1].right for line in lines)
    text = line_text(lines[0])
    for above, line in pairwise(lines):
        size = line[0].size
        is_short = reach - above[-1].right > _ROOM * size or right - above[-1].right > _SHORT * (right - edge)
        is_ended = is_short or line[0].left - edge > _INDENT * size
        is_apart = above[0].base - line[0].base > _PARAGRAPH * 1.6 * size
        text += ("\n" if is_ended else "") + ("\n" if is_ended and is_apart else "") + line_text(line)
    return text
