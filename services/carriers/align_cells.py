"""The cells of a matched row: which stands for which, by labels where there are some and by place in the grid."""

from __future__ import annotations

from services.carriers.layout import LayoutRow, Row
from services.carriers.likeness import bare
from services.carriers.rowscore import label_likeness

_SAME_LABELS, _SAME_LABEL, _SKIP_CELL, _BESIDE = 0.5, 0.3, -0.1, 0.4


def align_cells(issued: LayoutRow, row: Row) -> tuple[int, ...]:
    """Return for each issued cell the index of the cell that stands for it, -1 where there is none."""
    if len(issued.cells) == len(row.cells) and _same_places(issued, row):
        return _exchanged(issued, row) or tuple(range(len(row.cells)))
    return _written_halves(issued, row, _best_cells(issued, row))


def _exchanged(issued: LayoutRow, row: Row) -> tuple[int, ...]:
    """Return the cells of a row of labels alone that all are there in another order, () for any other row."""
    if issued.paths or len(issued.labels) != len(row.cells):
        return ()
    texts = [bare(cell.text) for cell in row.cells]
    labels = [cell.label for cell in issued.cells]
    if texts == labels or sorted(texts) != sorted(labels) or len(set(labels)) != len(labels):
        return ()
    return tuple(texts.index(label) for label in labels)


def _written_halves(issued: LayoutRow, row: Row, chosen: tuple[int, ...]) -> tuple[int, ...]:
    """Return the cells with, for an answer whose cell was split in two, the half that was written in."""
    spare = set(range(len(row.cells))) - set(chosen)
    if len(spare) != 1 or len(row.cells) != len(issued.cells) + 1:
        return chosen
    other = spare.pop()
    written = [bool(cell.text.strip()) for cell in row.cells]
    for i, cell in enumerate(chosen):
        if cell in {other - 1, other + 1} and issued.cells[i].is_plain and written[other] and not written[cell]:
            return (*chosen[:i], other, *chosen[i + 1 :])
    return chosen


def _same_places(issued: LayoutRow, row: Row) -> bool:
    if issued.starts == [cell.start for cell in row.cells]:
        return True
    likenesses = [label_likeness(issued.cells[i], bare(row.cells[i].text)) for i in issued.labels]
    return not likenesses or sum(likenesses) / len(likenesses) >= _SAME_LABELS


def _cell_worth(issued: LayoutRow, row: Row, i: int, n: int) -> float:
    here, there = issued.cells[i], row.cells[n]
    width = max(1, issued.cells[-1].start + issued.cells[-1].span)
    across = max(1, row.cells[-1].start + row.cells[-1].span)
    near = 1 - min(1.0, 3 * abs(here.start / width - there.start / across))
    if not here.label:
        return 0.3 + 0.4 * near + _BESIDE * _is_beside(issued, row, i, n)
    like = label_likeness(here, bare(there.text))
    return like + 0.2 * near if like >= _SAME_LABEL else 0.15 * near


def _is_beside(issued: LayoutRow, row: Row, i: int, n: int) -> bool:
    """Return whether the answer's own anchor stands in cell `n`, or its label to the left of it."""
    if any(path in row.cells[n].claims or path in row.cells[n].bookmarks for path in issued.cells[i].paths):
        return True
    label = issued.cells[i - 1].label if i and not issued.cells[i - 1].paths else ""
    return bool(label) and n > 0 and bare(row.cells[n - 1].text) == label


def _best_cells(issued: LayoutRow, row: Row) -> tuple[int, ...]:
    lines, columns = len(issued.cells), len(row.cells)
    best = [[_SKIP_CELL * (a + b) for b in range(columns + 1)] for a in range(lines + 1)]
    for a in range(1, lines + 1):
        for b in range(1, columns + 1):
            worth = best[a - 1][b - 1] + _cell_worth(issued, row, a - 1, b - 1)
            best[a][b] = max(worth, best[a - 1][b] + _SKIP_CELL, best[a][b - 1] + _SKIP_CELL)
    chosen = [-1] * lines
    a, b = lines, columns
    while a and b:
        if best[a][b] == best[a - 1][b] + _SKIP_CELL:
            a -= 1
        elif best[a][b] == best[a][b - 1] + _SKIP_CELL:
            b -= 1
        else:
            a, b = a - 1, b - 1
            chosen[a] = b
    return tuple(chosen)
