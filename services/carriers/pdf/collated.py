"""A page of an upload against the same page as issued, letter by letter: what was printed otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.carriers.likeness import bare
from services.carriers.pdf.drawn import Drawn, Letter
from services.carriers.pdf.reissued import Leaf, Rect, Unit, within
from services.carriers.pdf.run_over import in_order, runs_over
from services.carriers.pdf.written import line_text, lines_of

_NEAR, _ABOUT = 2.0, 0.8
_ROW, _LOWER = 10.0, 0.35
"""A face that stands in for another sets its letters up to so many em lower or higher; lines are further apart."""
_MARGIN, _BAND = 1.5, 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What stands in place of a unit (`got` '' when it is gone), or besides all units.

    `over` tells that the unit is still there and `got` was printed over it or beside it.
    """

    unit: Unit | None
    got: str
    rect: Rect
    over: bool = False


class Index:
    """Letters found again by what and where they are, up to `lower` em lower or higher."""

    def __init__(self, letters: Sequence[Letter], lower: float = 0.0) -> None:
        self._lower = lower
        self._places: dict[tuple[str, int, int], list[Letter]] = {}
        for letter in letters:
            self._places.setdefault(self._key(letter), []).append(letter)

    def find(self, letter: Letter) -> Letter | None:
        """Return the same letter within a hair of where this one stands."""
        text, x, y = self._key(letter)
        near = (self._places.get((text, x + i, y + j), ()) for i in (0, -1, 1) for j in (0, -1, 1))
        there = (one for place in near for one in place)
        return next((one for one in there if _are_near(one, letter, self._lower)), None)

    def has(self, letter: Letter) -> bool:
        """Return whether the same letter stands within a hair of where this one does."""
        return self.find(letter) is not None

    @staticmethod
    def _key(letter: Letter) -> tuple[str, int, int]:
        # A letter may come in another width (： for :) from another program; where it stands tells it as well.
        return bare(letter.text) or letter.text, round(letter.left / _NEAR), round(letter.base / _ROW)


def _are_near(one: Letter, other: Letter, lower: float) -> bool:
    return abs(one.left - other.left) <= _NEAR and abs(one.base - other.base) <= max(_NEAR, lower * other.size)


def likeness(leaf: Leaf, page: Drawn) -> float:
    """Return the share of the issued letters that stand where they were issued."""
    index = Index(page.letters, _LOWER)
    letters = [letter for unit in leaf.units for letter in unit.letters]
    return sum(map(index.has, letters)) / max(1, len(letters))


def collated(leaf: Leaf, page: Drawn, *, has_fields: bool) -> Iterator[Difference]:
    """Yield what a page prints otherwise than it was issued.

    Without form fields the answers are printed too: then only what stands outside their cells is looked at.
    """
    issued, there = Index(leaf.drawn.letters), Index(page.letters)
    answers = frozenset() if has_fields else _answers(leaf, page)
    extra = [x for x in page.letters if not issued.has(x) and id(x) not in answers]
    for unit in leaf.units:
        if all(map(there.has, unit.letters)):
            yield from _over(unit, [x for x in extra if unit.holds(x)] if unit.is_cell else (), has_fields=has_fields)
            continue
        now = [x for x in page.letters if unit.holds(x) and (unit.is_cell or not _in_cell(leaf, x))]
        now += () if unit.is_cell else [x for x in extra if _is_beside(unit, x) and not _in_cell(leaf, x)]
        got = [x for x in now if id(x) not in answers]
        taken = frozenset(map(id, now))
        extra = [letter for letter in extra if id(letter) not in taken]
        if not _says_the_same(unit, got, () if has_fields else now) and not runs_over(
            unit.letters, in_order(page, got)
        ):
            yield Difference(unit=unit, got=_text(got), rect=unit.rect)
    for line in lines_of([letter for letter in extra if not _in_cell(leaf, letter)]):
        if _words(line_text(line)):
            yield Difference(unit=None, got=line_text(line), rect=_around(line))


def _is_beside(unit: Unit, letter: Letter) -> bool:
    """Return whether a letter that was not issued stands about as high as a line, not within it."""
    size = max(one.size for one in unit.letters)
    return not unit.holds(letter) and abs(letter.base - unit.letters[0].base) <= _ABOUT * size


def _answers(leaf: Leaf, page: Drawn) -> frozenset[int]:
    """Return the letters in form fields, and those of flattened fields, by their id."""
    high = _bands(leaf.holes)
    inside = [x for x in page.letters if any(within(h, x, _MARGIN) for h in high.get(int(x.middle[1] // _BAND), ()))]
    begun: dict[int, bool] = {}
    held = frozenset(map(id, inside))
    for letter in page.letters:
        begun.setdefault(letter.run, id(letter) in held)
    return frozenset(id(x) for x in page.letters if id(x) in held or (x.run and begun[x.run]))


def _bands(holes: Sequence[Rect]) -> dict[int, list[Rect]]:
    """Return the form fields by the bands of the page that they reach into."""
    bands: dict[int, list[Rect]] = {}
    for hole in holes:
        for band in range(int((hole[1] - _MARGIN) // _BAND), int((hole[3] + _MARGIN) // _BAND) + 1):
            bands.setdefault(band, []).append(hole)
    return bands


def _in_cell(leaf: Leaf, letter: Letter) -> bool:
    return any(unit.is_cell and unit.holds(letter) for unit in leaf.units)


def _over(unit: Unit, extra: Sequence[Letter], *, has_fields: bool) -> Iterator[Difference]:
    text = _text(extra)
    if text and (has_fields or not unit.asks):
        yield Difference(unit=unit, got=text, rect=unit.rect, over=True)


def _says_the_same(unit: Unit, got: Sequence[Letter], mixed: Sequence[Letter]) -> bool:
    """Return whether a unit still says what was issued; in `mixed` answers may stand between its words."""
    wanted = bare(unit.text)
    there = bare(_text(got))
    # A program that sets a line in another face may put a quotation mark before the letter that it follows.
    is_same = _words(wanted) == _words(there) and sorted(wanted) == sorted(there)
    return is_same or (bool(mixed) and unit.asks and _follows(wanted, bare(_text(mixed))))


def _words(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


def _follows(wanted: str, there: str) -> bool:
    """Return whether the letters of `wanted` stand in `there` in their order, with answers in between."""
    rest = iter(there)
    return all(letter in rest for letter in wanted)


def _text(letters: Sequence[Letter]) -> str:
    return "".join(line_text(line) for line in lines_of(letters)).strip()


def _around(line: Sequence[Letter]) -> Rect:
    bottom = min(letter.base - 0.2 * letter.size for letter in line)
    top = max(letter.base + letter.size for letter in line)
    return line[0].left, bottom, line[-1].right, top
