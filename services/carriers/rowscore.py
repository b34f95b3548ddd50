"""How well one row of an upload stands for one row of the form as issued.

The weights were found by trial on mutated forms; what matters is their order: an equal label counts
most, a wrong one least, and the shape of a row decides only where it has no labels.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.carriers.layout import LayoutCell, LayoutRow, Row
from services.carriers.likeness import bare, likeness

_LIKE_ENOUGH = 0.45
"""From here on a label counts as edited, below it as another label."""
_SHARE_AT_LEAST = 0.3


def is_exact(issued: LayoutRow, row: Row) -> bool:
    """Return whether the row has as many cells as issued and every fixed text stands at its place."""
    if len(issued.cells) != len(row.cells):
        return False
    return all(stands(issued.cells[i], row.cells[i].text) for i in issued.labels)


def stands(cell: LayoutCell, text: str) -> bool:
    """Return whether `text` holds the fixed text of `cell`: all of it, or with answers each stretch in order."""
    if not cell.paths:
        return text == cell.pieces[0].text or bare(text) == cell.label
    return holds(cell.literals, bare(text))


def holds(literals: tuple[str, ...], text: str) -> bool:
    """Return whether all `literals` stand in the bare `text`, in order."""
    position = 0
    for literal in literals:
        position = text.find(literal, position)
        if position < 0:
            return False
        position += len(literal)
    return True


def label_likeness(cell: LayoutCell, text: str) -> float:
    """Return 0–1: how much of the fixed text of `cell` stands in the bare `text`."""
    if not cell.paths:
        # A label with something behind it is an edited label, or one with its answer in the same cell.
        if not text.startswith(cell.label):
            return likeness(cell.label, text)
        behind = 0.95 if text.startswith(":", len(cell.label)) else 0.8
        return max(behind, likeness(cell.label, text))
    kept = sum(len(literal) for literal in cell.literals if literal in text)
    return kept / sum(map(len, cell.literals))


def _best_likeness(cell: LayoutCell, texts: Sequence[str]) -> float:
    """Return the likeness of the text among `texts` that the fixed text of `cell` is most like."""
    if not cell.paths and cell.label in texts:
        return 1.0
    return max(label_likeness(cell, text) for text in texts)


def row_score(issued: LayoutRow, row: Row, words: frozenset[str]) -> float:
    """Return the worth of matching the two rows: 1 for an exact match, 0 and below for none.

    `words` are all labels of the form, so that a row of another place is known as such.
    """
    if issued.repeat:
        return _shape_score(issued, row, words)
    if not issued.labels:
        return _unlabelled_score(issued, row, words)
    texts = [bare(cell.text) for cell in row.cells]
    likenesses = [_best_likeness(issued.cells[i], texts) for i in issued.labels]
    share = sum(value for value in likenesses if value >= _LIKE_ENOUGH) / len(likenesses)
    score = 0.85 * share + 0.15 * _count_agreement(issued, row) + 0.5 * _claimed_share(issued, row)
    return score if score >= _SHARE_AT_LEAST else -0.5


def _claimed_share(issued: LayoutRow, row: Row) -> float:
    """Return the share of the row's answers that controls, names or bookmarks claim for this very row."""
    claims = {path for cell in row.cells for path in (*cell.claims, *cell.bookmarks)}
    return sum(path in claims for path in issued.paths) / len(issued.paths) if claims and issued.paths else 0.0


def is_claimed(issued: LayoutRow, row: Row) -> bool:
    """Return whether every answer of a row with as many cells as issued stands in its own control."""
    return all(path in row.cells[index].claims for index, cell in issued.asked for path in cell.paths)


def stands_in(issued: LayoutRow, row: Row, words: frozenset[str]) -> bool:
    """Return whether the row may be the issued one with its labels replaced: the same shape, nobody else's label."""
    same_shape = row.in_table and len(issued.cells) == len(row.cells) > 1
    return same_shape and bool(issued.paths) and not issued.repeat and not _foreign(row, words)


def _count_agreement(issued: LayoutRow, row: Row) -> float:
    one, other = len(issued.cells), len(row.cells)
    return 1 - abs(one - other) / max(one, other)


def _foreign(row: Row, words: frozenset[str]) -> int:
    return sum(1 for cell in row.cells if bare(cell.text) in words)


def _shape_score(issued: LayoutRow, row: Row, words: frozenset[str]) -> float:
    same_count = len(issued.cells) == len(row.cells)
    columns = {cell.start for cell in issued.cells}
    kept = sum(1 for cell in row.cells if cell.start in columns) / max(len(columns), len(row.cells))
    number = row.cells[0].text.strip()
    score = (0.45 if same_count else 0.1) + 0.25 * kept + (0.2 if number.isdigit() or not number else 0.0)
    foreign = _foreign(row, words)
    return score - (0.6 if foreign >= max(2, len(row.cells) // 2) else 0.0) - (0.0 if row.in_table else 0.5)


def _unlabelled_score(issued: LayoutRow, row: Row, words: frozenset[str]) -> float:
    if len(issued.cells) != len(row.cells) or _foreign(row, words):
        return -0.3
    columns = [cell.start for cell in issued.cells] == [cell.start for cell in row.cells]
    return 0.5 if columns and row.in_table else 0.3
