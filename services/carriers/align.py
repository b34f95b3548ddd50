"""One aligner for every carrier: the rows of an upload against the rows of the form as it was issued.

All tables (or sheets) are one sequence, so it does not matter whether somebody split, joined or moved
them. An untouched stretch is matched in one walk. Where that ends, rows that equal exactly one issued
row hold the rest in place, and between them a global alignment (Needleman–Wunsch) finds the best
order-keeping match; what is left over is tried once more out of order.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from services.carriers.align_cells import align_cells
from services.carriers.align_order import REPEAT_AT_LEAST, best_order
from services.carriers.layout import Layout, LayoutRow, Row
from services.carriers.likeness import bare
from services.carriers.rowscore import is_claimed, is_exact, row_score, stands_in

_MOVED_AT_LEAST = 0.6
_COPY_AT_LEAST = 6
"""Rows that stand twice, each equal to one issued row, from which the form itself is held to stand twice."""
_TOO_MANY = 150_000
"""Pairs of rows above which a stretch is not aligned but given up as foreign: no form comes near it."""


class Match(NamedTuple):
    """Issued row `issued` is row `row` of the upload; `cells[i]` is its cell for issued cell i, -1 for none."""

    issued: int
    row: int
    cells: tuple[int, ...]
    moved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """What stands for what: matches by issued row, issued rows without one, uploaded rows without one.

    `straight` tells that every row stood exactly as issued.
    """

    matches: tuple[Match, ...]
    missing: tuple[int, ...]
    extra: tuple[int, ...]
    straight: bool


def align(layout: Layout, rows: Sequence[Row]) -> Alignment:
    """Return which row and cell of the upload stands for which of the form as issued."""
    homes = [-1] * len(rows)
    at, done = _walk(layout, rows, homes, range(len(layout.rows)), range(len(rows)))
    straight = at == len(layout.rows) and done == len(rows)
    if straight:
        matches = (Match(home, number, _all_cells(len(rows[number].cells))) for number, home in enumerate(homes))
        return Alignment(matches=tuple(matches), missing=(), extra=(), straight=True)
    pairs = _first_heads(layout, [(u, i) for u in range(done, len(rows)) for i in _only_home(layout, rows[u], at)])
    end = _end_of_first(pairs, len(rows))
    first, homes = rows[:end], homes[:end]
    anchors, moved = _anchored(layout, first, homes, [pair for pair in pairs if pair[0] < end])
    for issued, uploaded in _gaps(layout, first, anchors, at, done):
        _fill_gap(layout, first, homes, issued, uploaded)
    _take_stand_ins(layout, first, homes)
    moved |= _take_moved(layout, first, homes)
    taken = {home for home in homes if home >= 0}
    return Alignment(
        matches=tuple(_matches(layout, first, homes, moved)),
        missing=tuple(i for i, row in enumerate(layout.rows) if i not in taken and not row.repeat),
        extra=(*(number for number, home in enumerate(homes) if home < 0), *range(end, len(rows))),
        straight=False,
    )


def _matches(layout: Layout, rows: Sequence[Row], homes: list[int], moved: set[int]) -> Iterator[Match]:
    heads: dict[int, tuple[int, tuple[int, ...]]] = {}
    for number in sorted((n for n, home in enumerate(homes) if home >= 0), key=lambda n: (homes[n], n)):
        home, count = homes[number], len(rows[number].cells)
        issued = layout.rows[home]
        # Where a column was taken out of a schedule, put in or moved, its rows go by its head.
        head = heads.get(home - 1) if issued.repeat and not layout.rows[home - 1].repeat else None
        is_headed = head is not None and head[0] == count and len(head[1]) == len(issued.cells)
        cells = head[1] if head and is_headed else align_cells(issued, rows[number])
        heads[home] = count, cells
        yield Match(issued=home, row=number, cells=cells, moved=number in moved)


@lru_cache(maxsize=256)
def _all_cells(count: int) -> tuple[int, ...]:
    return tuple(range(count))


# ---- rows that stand as issued ------------------------------------------------------------------


def _walk(layout: Layout, rows: Sequence[Row], homes: list[int], issued: range, uploaded: range) -> tuple[int, int]:
    """Give homes to the rows that follow each other exactly as issued; return where that ends in both."""
    at, number = issued.start, uploaded.start
    while number < uploaded.stop and (home := _next_home(layout, rows[number], range(at, issued.stop))) >= 0:
        homes[number] = home
        at = home if layout.rows[home].repeat else home + 1
        number += 1
    while at < issued.stop and layout.rows[at].repeat:
        at += 1
    return at, number


def _next_home(layout: Layout, row: Row, issued: range) -> int:
    """Return the next issued row that `row` is, passing over repeating rows that have no more; -1 for none."""
    for home in issued:
        here, after = layout.rows[home], layout.rows[home + 1 : home + 2]
        if not here.repeat:
            return home if is_exact(here, row) else -1
        ended = after and after[0].labels and is_exact(after[0], row)
        if not ended and _is_blank_row_of(here, row, layout.words):
            return home
    return -1


def _is_blank_row_of(issued: LayoutRow, row: Row, words: frozenset[str]) -> bool:
    if len(issued.cells) != len(row.cells):
        return False
    return is_claimed(issued, row) or row_score(issued, row, words) > REPEAT_AT_LEAST


# ---- rows that hold the others in place ---------------------------------------------------------


def _end_of_first(pairs: list[tuple[int, int]], count: int) -> int:
    """Return where a second copy of the form begins among `count` rows, `count` when there is none."""
    seen: set[int] = set()
    again = [place for place, (_, home) in enumerate(pairs) if home in seen or seen.add(home)]
    if len(again) < _COPY_AT_LEAST:
        return count
    # The copy begins where the order starts over, which may be before a row that is there twice.
    place = again[0]
    while place and pairs[place - 1][1] < pairs[place][1]:
        place -= 1
    return pairs[place][0]


def _anchored(
    layout: Layout, rows: Sequence[Row], homes: list[int], pairs: list[tuple[int, int]]
) -> tuple[list[tuple[int, int]], set[int]]:
    """Give homes to rows that equal one issued row only; return those in order, and which stand out of order."""
    anchors = _longest_rising(pairs)
    taken = {home for _, home in anchors}
    moved: set[int] = set()
    for number, home in anchors:
        homes[number] = home
    for number, home in pairs:
        if home not in taken:
            homes[number] = home
            taken.add(home)
            moved.add(number)
            _take_rows_below(layout, rows, homes, number)
    return anchors, moved


def _first_heads(layout: Layout, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the pairs without the heads that were repeated further down in a schedule, where it was split."""
    seen: set[int] = set()
    kept: list[tuple[int, int]] = []
    for number, home in pairs:
        heads_schedule = home + 1 < len(layout.rows) and bool(layout.rows[home + 1].repeat)
        if not (heads_schedule and home in seen):
            kept.append((number, home))
        seen.add(home)
    return kept


def _gaps(
    layout: Layout, rows: Sequence[Row], anchors: list[tuple[int, int]], at: int, done: int
) -> Iterator[tuple[range, range]]:
    """Yield the stretches between the anchors: issued rows, uploaded rows."""
    last = (at - 1, done - 1)
    for number, home in anchors:
        yield range(last[0] + 1, home), range(last[1] + 1, number)
        last = (home, number)
    yield range(last[0] + 1, len(layout.rows)), range(last[1] + 1, len(rows))


def _only_home(layout: Layout, row: Row, at: int) -> tuple[int, ...]:
    """Return the one issued row from `at` on that `row` equals, or nothing when there are none or several."""
    found = {
        home
        for index, cell in enumerate(row.cells[:3])
        for home in layout.heads.get((index, bare(cell.text)), ())
        if home >= at and is_exact(layout.rows[home], row)
    }
    return tuple(found) if len(found) == 1 else ()


def _longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest part of `pairs` (rising in the first) that rises in the second too."""
    ends: list[int] = []
    tails: list[int] = []
    before: list[int] = []
    for index, (_, home) in enumerate(pairs):
        place = bisect_left(ends, home)
        before.append(tails[place - 1] if place else -1)
        # Of two rows alike the first counts: where a form stands twice in a file, the first is read whole.
        if ends[place : place + 1] != [home]:
            ends[place : place + 1] = [home]
            tails[place : place + 1] = [index]
    chain: list[tuple[int, int]] = []
    index = tails[-1] if tails else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]


# ---- rows in between ----------------------------------------------------------------------------


def _fill_gap(layout: Layout, rows: Sequence[Row], homes: list[int], issued: range, uploaded: range) -> None:
    """Give homes to the rows of one stretch."""
    if not uploaded:
        return
    # A schedule that was read up to here may go on behind a row that is out of place.
    if issued.start and layout.rows[issued.start - 1].repeat:
        issued = range(issued.start - 1, issued.stop)
    if all(homes[number] < 0 for number in uploaded):
        at, number = _walk(layout, rows, homes, issued, uploaded)
        # The schedule that the walk ended in may go on behind a row that stopped it.
        last = homes[number - 1] if number > uploaded.start else issued.start
        goes_on = last < len(layout.rows) and bool(layout.rows[last].repeat)
        issued = range(last if goes_on else at, issued.stop)
        uploaded = range(number, uploaded.stop)
    taken = {home for home in homes if home >= 0 and not layout.rows[home].repeat}
    wanted = [home for home in issued if home not in taken]
    free = [number for number in uploaded if homes[number] < 0]
    if wanted and free and len(wanted) * len(free) <= _TOO_MANY:
        for home, number in best_order(layout, rows, wanted, free):
            homes[number] = home


def _take_stand_ins(layout: Layout, rows: Sequence[Row], homes: list[int]) -> None:
    """Give homes to rows whose neighbours above and below both stand where the missing row was issued."""
    taken = set(homes)
    for number in range(1, len(rows) - 1):
        home = homes[number - 1] + 1
        is_between = homes[number] < 0 < home and homes[number + 1] == home + 1 and home not in taken
        if is_between and stands_in(layout.rows[home], rows[number], layout.words):
            homes[number] = home


def _take_moved(layout: Layout, rows: Sequence[Row], homes: list[int]) -> set[int]:
    """Give homes to rows that stand out of order; return their numbers."""
    taken = {home for home in homes if home >= 0}
    left_over = [n for n, home in enumerate(homes) if home < 0]
    missing = [i for i, row in enumerate(layout.rows) if i not in taken and row.labels]
    if len(left_over) * len(missing) > _TOO_MANY:
        return set()
    moved: set[int] = set()
    for home in missing:
        scores = [(row_score(layout.rows[home], rows[n], layout.words), -n) for n in left_over if n not in moved]
        score, number = max(scores, default=(0.0, 0))
        if score > _MOVED_AT_LEAST:
            homes[-number] = home
            moved.add(-number)
            _take_rows_below(layout, rows, homes, -number)
    return moved


def _take_rows_below(layout: Layout, rows: Sequence[Row], homes: list[int], number: int) -> None:
    """Give homes to the rows of a schedule whose head was moved, as far as they follow it."""
    repeat = homes[number] + 1
    if repeat == len(layout.rows) or not layout.rows[repeat].repeat:
        return
    for below in range(number + 1, len(rows)):
        if homes[below] >= 0 or not _is_blank_row_of(layout.rows[repeat], rows[below], layout.words):
            return
        homes[below] = repeat
