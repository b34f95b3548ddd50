"""The rows of all pages as one table each: heads that are printed again left out, rows cut by a page's end joined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from services.carriers.likeness import bare
from services.carriers.pdf.drawn import Letter
from services.carriers.pdf.grid import GridCell, GridRow
from services.carriers.pdf.written import text_of

_AGAIN = "(续)"
_SAME = 3.0
_LINE = 1.5


def joined_rows(rows: Sequence[GridRow], words: frozenset[str]) -> list[GridRow]:
    """Return the rows as they would stand on one endless page; `words` are the printed labels of the form."""
    made: list[GridRow] = []
    heads: set[tuple[str, ...]] = set()
    for _, table_rows in groupby(rows, key=lambda row: (row.page, row.table)):
        table = list(table_rows)
        first = table[0].table == 0 and bool(made)
        is_again = first and _is_head_again(table[0], heads)
        rest = table[1:] if is_again else table
        if first and rest and _goes_on(made[-1], rest[0], words):
            made[-1] = _joined(made[-1], rest[0])
            rest = rest[1:]
        made += rest
        heads.add(texts(table[0]))
    return made


def texts(row: GridRow) -> tuple[str, ...]:
    """Return the bare texts of a row."""
    return tuple(bare(text_of(cell.letters, cell.right)) for cell in row.cells)


def _is_head_again(row: GridRow, heads: set[tuple[str, ...]]) -> bool:
    here = texts(row)
    if here in heads:
        return True
    return len(here) == 1 and here[0].endswith(_AGAIN) and any(h[0].startswith(here[0][:-3]) for h in heads)


def _goes_on(above: GridRow, row: GridRow, words: frozenset[str]) -> bool:
    """Return whether `row` is the rest of a row that the page before cut: the same cells, and no label of its own."""
    if [round(c.left / _SAME) for c in above.cells] != [round(c.left / _SAME) for c in row.cells]:
        return False
    here, before = texts(row), texts(above)
    if len(here) == 1:
        return before[0] not in words and here[0] not in words
    return not here[0] and bool(before[0])


def _joined(above: GridRow, row: GridRow) -> GridRow:
    cells = [_below(one, other) for one, other in zip(above.cells, row.cells, strict=True)]
    return GridRow(page=above.page, table=above.table, top=above.top, cells=cells)


def _below(cell: GridCell, rest: GridCell) -> GridCell:
    """Return the cell with the letters of its rest under its own; its lower edge goes down with them."""
    if not rest.letters:
        return cell
    first = max(letter.base for letter in rest.letters)
    last = min((letter.base for letter in cell.letters), default=cell.top)
    shift = last - _LINE * rest.letters[0].size - first
    return replace(cell, bottom=rest.bottom + shift, letters=[*cell.letters, *_shifted(rest.letters, shift)])


def _shifted(letters: Sequence[Letter], shift: float) -> Iterator[Letter]:
    return (replace(letter, base=letter.base + shift) for letter in letters)
