"""Which column of an uploaded sheet stands for which issued one: columns are inserted, deleted and moved."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType

from services.carriers.likeness import bare
from services.carriers.xlsx.cells import Grid
from services.carriers.xlsx.issued import IssuedRow, IssuedSheet
from services.carriers.xlsx.values import CellValue, cell_text

GONE = -1
"""Stands for a column that is no longer there."""

Columns = Mapping[int, int]
"""The uploaded column of each issued one."""


def columns_of(sheet: IssuedSheet, grid: Grid) -> Columns:
    """Return the columns of a sheet by the labels that stand in them."""
    votes: dict[int, Counter[int]] = defaultdict(Counter)
    known = _label_columns(sheet)
    for row in grid:
        for col, value in enumerate(row):
            home = known.get(bare(cell_text(value))) if value != "" else None
            if home is not None:
                votes[home][col] += 1
    elected = {col: max(count, key=lambda c: (count[c], -abs(c - col))) for col, count in votes.items()}
    weight = {col: votes[col][there] for col, there in elected.items()}
    return _between(sheet.columns, _one_each(elected, weight))


def head_columns(head: IssuedRow, values: Sequence[CellValue], columns: Columns) -> Columns:
    """Return the columns of a table by its head as it stands in the upload; the others as on the whole sheet."""
    texts = {bare(cell_text(value)): col for col, value in reversed([*enumerate(values)]) if value != ""}
    told = {cell.col: texts[bare(cell.text)] for cell in head.labels if bare(cell.text) in texts}
    others = {col: there for col, there in columns.items() if col not in told}
    return {col: GONE if there in told.values() else there for col, there in others.items()} | told


def moved_labels(rows: Iterable[tuple[IssuedRow, Columns]]) -> tuple[str, ...]:
    """Return the labels of the columns that stand in another order than issued, given rows with their columns."""
    found: dict[str, None] = {}
    for row, columns in rows:
        there = [cell for cell in row.labels if columns[cell.col] != GONE]
        for one, after in pairwise(there):
            if columns[one.col] > columns[after.col]:
                found |= dict.fromkeys((" ".join(one.text.split()), " ".join(after.text.split())))
    return tuple(found)


def _one_each(elected: Mapping[int, int], weight: Mapping[int, int]) -> Columns:
    """Return who was elected, of several for one column the one with most votes."""
    best: dict[int, int] = {}
    for col, there in elected.items():
        if there not in best or weight[col] > weight[best[there]]:
            best[there] = col
    return {col: there for there, col in best.items()}


def _between(count: int, elected: Columns) -> Columns:
    """Return all columns: one that no label tells stands right of its neighbour, unless that is another's place."""
    taken = set(elected.values())
    found: dict[int, int] = {}
    last = -1
    for col in range(count):
        there = elected.get(col, GONE if last + 1 in taken else last + 1)
        found[col] = there
        last = there if there != GONE else last
    return found


@lru_cache(maxsize=256)
def _label_columns(sheet: IssuedSheet) -> Mapping[str, int]:
    """Return the column of each label that stands in one column only; figures say nothing."""
    places: dict[str, set[int]] = defaultdict(set)
    for row in sheet.rows:
        for cell in row.labels:
            places[bare(cell.text)].add(cell.col)
    return MappingProxyType({t: next(iter(c)) for t, c in places.items() if len(c) == 1 and not t.isdecimal()})
