"""Lines that a program set wider than they were, so that the beginning of a line runs over its end.

LibreOffice Draw sets every stretch of one face anew where it began, without pulling punctuation together: the
words before a figure or a mark of another face then lie over it, and by their places the letters are in
another order. Nothing was changed: the letters are drawn in the order of the form, each stretch begins where
it was issued and is set without gaps, and where two stretches changed places they are printed on each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from services.carriers.likeness import bare
from services.carriers.pdf.drawn import Drawn, Letter
from services.carriers.pdf.written import lines_of

_HOME = 2.0
_GAP, _PULLED = 0.35, 0.6
"""How far letters of a stretch stand apart at most, and how far they are pulled together, in em."""
_LEVEL = 0.35
"""A face that stands in for another sets its letters lower or higher, in em."""
_OVER = 0.5


def in_order(page: Drawn, letters: Sequence[Letter]) -> list[Letter]:
    """Return letters of a page in the order in which they are drawn."""
    wanted = frozenset(map(id, letters))
    return [letter for letter in page.letters if id(letter) in wanted]


def runs_over(issued: Sequence[Letter], drawn: Sequence[Letter]) -> bool:
    """Return whether letters, in the order in which they are drawn, are the issued ones with stretches set wider."""
    wanted = [letter for line in lines_of(issued) for letter in line]
    if not wanted or [_said(letter) for letter in wanted] != [_said(letter) for letter in drawn]:
        return False
    stretches = _stretches(drawn)
    starts = [0]
    for stretch in stretches[:-1]:
        starts.append(starts[-1] + len(stretch))
    if not all(_is_home(stretch[0], wanted[start]) for stretch, start in zip(stretches, starts, strict=True)):
        return False
    return all(_lie_over(one, other) for one, other in combinations(stretches, 2) if _changed_places(one, other))


def _said(letter: Letter) -> str:
    return bare(letter.text) or letter.text


def _stretches(letters: Sequence[Letter]) -> list[list[Letter]]:
    """Return the letters in stretches that are set without gaps, one letter behind the other."""
    stretches: list[list[Letter]] = []
    for letter in letters:
        before = stretches[-1][-1] if stretches else None
        if before is not None and _follows(before, letter):
            stretches[-1].append(letter)
        else:
            stretches.append([letter])
    return stretches


def _follows(before: Letter, letter: Letter) -> bool:
    gap = (letter.left - before.right) / before.size if before.size else 0.0
    is_level = abs(letter.base - before.base) <= _LEVEL * before.size
    return is_level and letter.left > before.left and -_PULLED <= gap <= _GAP


def _is_home(letter: Letter, issued: Letter) -> bool:
    is_level = abs(letter.base - issued.base) <= max(_HOME, _LEVEL * issued.size)
    return is_level and abs(letter.left - issued.left) <= _HOME


def _changed_places(one: Sequence[Letter], other: Sequence[Letter]) -> bool:
    """Return whether a letter of `one`, which is drawn first, stands behind one of `other` on the same line."""
    return any(a.left > b.left and abs(a.base - b.base) <= _LEVEL * a.size for a in one for b in other)


def _lie_over(one: Sequence[Letter], other: Sequence[Letter]) -> bool:
    """Return whether a letter of one stretch covers half of one of the other, so that neither is read there."""
    return any(
        min(a.right, b.right) - max(a.left, b.left) >= _OVER * min(a.right - a.left, b.right - b.left)
        for a in one
        for b in other
    )
