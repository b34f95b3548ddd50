"""The tables of a drawn page: cells between rules, rows of cells, the letters that stand in each.

A letter belongs to the cell that its middle lies in, and what a form field holds to the cell that it begins in.
Neighbouring boxes without a rule between them are one cell, so that merged cells are found as they are seen.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from services.carriers.pdf.drawn import Drawn, Letter, Rule

_SAME = 2.2
"""Rules closer than this are one: both edges of a thin box, a thick rule over a thin one."""
_COVERED = 0.7
_MOST_CELLS = 20_000


@dataclass(slots=True, kw_only=True)
class GridCell:
    """A cell on a page: its edges in points, its place in the columns of its table, its letters."""

    left: float
    right: float
    bottom: float
    top: float
    start: int
    span: int
    letters: list[Letter] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class GridRow:
    """The cells that begin at the same height; `table` numbers the tables of a page from above."""

    page: int
    table: int
    top: float
    cells: list[GridCell]


def grid_rows(pages: Sequence[Drawn]) -> list[GridRow]:
    """Return the rows of all tables, page by page from above."""
    return [row for number, page in enumerate(pages) for row in _page_rows(number, page)]


def _page_rows(number: int, page: Drawn) -> Iterator[GridRow]:
    tables = [cells for level, upright in _tables(page.level, page.upright) if (cells := _cells(level, upright))]
    tables.sort(key=lambda cells: -max(cell.top for cell in cells))
    bands: dict[tuple[float, float], list[GridCell]] = {}
    for cell in (cell for cells in tables for cell in cells):
        bands.setdefault((cell.bottom, cell.top), []).append(cell)
    begun: dict[int, GridCell] = {}
    for letter in page.letters:
        x, y = letter.middle
        level = (cells for (bottom, top), cells in bands.items() if bottom <= y < top)
        home = min(
            (cell for cells in level for cell in cells if cell.left <= x < cell.right),
            key=lambda c: (c.right - c.left) * (c.top - c.bottom),
            default=None,
        )
        if home is not None:
            # The text of a field that is too long for it is cut off, and no part of the next cell.
            (begun.setdefault(letter.run, home) if letter.run else home).letters.append(letter)
    for table, cells in enumerate(tables):
        for top in sorted({cell.top for cell in cells}, reverse=True):
            row = sorted((cell for cell in cells if cell.top == top), key=lambda cell: cell.left)
            yield GridRow(page=number, table=table, top=top, cells=row)


def _tables(level: Sequence[Rule], upright: Sequence[Rule]) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """Yield the rules that hang together: those of one table, apart from those of the next."""
    spans = sorted((rule.start, rule.stop) for rule in upright)
    bands: list[list[float]] = []
    for start, stop in spans:
        if bands and start <= bands[-1][1] + _SAME:
            bands[-1][1] = max(bands[-1][1], stop)
        else:
            bands.append([start, stop])
    for low, high in bands:
        lines = [rule for rule in level if low - _SAME <= rule.at <= high + _SAME]
        sides = [rule for rule in upright if low - _SAME <= rule.start and rule.stop <= high + _SAME]
        if len(lines) > 1 and len(sides) > 1:
            yield lines, sides


def _merged(positions: Sequence[float]) -> list[float]:
    """Return positions, those that are the same within a hair being one."""
    groups: list[list[float]] = []
    for position in sorted(positions):
        if groups and position - groups[-1][-1] <= _SAME:
            groups[-1].append(position)
        else:
            groups.append([position])
    return [sum(group) / len(group) for group in groups]


def _cells(level: Sequence[Rule], upright: Sequence[Rule]) -> list[GridCell]:
    xs, ys = _merged([rule.at for rule in upright]), _merged([rule.at for rule in level])
    across, down = len(xs) - 1, len(ys) - 1
    if across < 1 or down < 1 or across * down > _MOST_CELLS:
        return []
    walls = _walls(upright, xs, ys)
    floors = _walls(level, ys, xs)
    groups = _joined_boxes((across, down), walls, floors)
    found = (_cell(boxes, xs, ys) for boxes in groups if _is_closed(boxes, walls, floors))
    return [cell for cell in found if cell is not None]


_Stretches = frozenset[tuple[int, int]]


def _joined_boxes(size: tuple[int, int], walls: _Stretches, floors: _Stretches) -> list[list[tuple[int, int]]]:
    """Return the boxes (column, line) that no rule divides, as cells; `size` is columns, lines."""
    across, down = size
    free = {(i, j) for j in range(down) for i in range(across)}
    groups: list[list[tuple[int, int]]] = []
    while free:
        group = [free.pop()]
        for i, j in group:
            open_to = (
                ((i + 1, j), (i + 1, j) not in walls),
                ((i - 1, j), (i, j) not in walls),
                ((i, j + 1), (j + 1, i) not in floors),
                ((i, j - 1), (j, i) not in floors),
            )
            group += (box for box, is_open in open_to if is_open and box in free)
            free.difference_update(group)
        groups.append(group)
    return groups


def _walls(rules: Sequence[Rule], at: Sequence[float], along: Sequence[float]) -> frozenset[tuple[int, int]]:
    """Return which stretches are ruled: (number of the position, number of the stretch)."""
    covered: dict[tuple[int, int], float] = {}
    for rule in rules:
        place = min(range(len(at)), key=lambda n: abs(at[n] - rule.at))
        first = max(0, bisect_right(along, rule.start) - 1)
        for stretch in range(first, len(along) - 1):
            if along[stretch] >= rule.stop:
                break
            part = min(rule.stop, along[stretch + 1]) - max(rule.start, along[stretch])
            covered[place, stretch] = covered.get((place, stretch), 0.0) + max(0.0, part)
    return frozenset(
        (place, stretch)
        for (place, stretch), length in covered.items()
        if length >= _COVERED * (along[stretch + 1] - along[stretch])
    )


def _is_closed(boxes: Sequence[tuple[int, int]], walls: _Stretches, floors: _Stretches) -> bool:
    """Return whether rules run all round a cell: otherwise it is the paper beside a table."""
    inside = set(boxes)
    return all(
        ((i - 1, j) in inside or (i, j) in walls)
        and ((i + 1, j) in inside or (i + 1, j) in walls)
        and ((i, j - 1) in inside or (j, i) in floors)
        and ((i, j + 1) in inside or (j + 1, i) in floors)
        for i, j in boxes
    )


def _cell(boxes: Sequence[tuple[int, int]], xs: Sequence[float], ys: Sequence[float]) -> GridCell | None:
    columns, lines = {i for i, _ in boxes}, {j for _, j in boxes}
    if len(boxes) != len(columns) * len(lines):
        return None
    first, last = min(columns), max(columns)
    return GridCell(
        left=xs[first],
        right=xs[last + 1],
        bottom=ys[min(lines)],
        top=ys[max(lines) + 1],
        start=first,
        span=last - first + 1,
    )
