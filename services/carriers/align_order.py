"""The order-keeping match of two stretches of rows that is worth most (Needleman–Wunsch)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from services.carriers.layout import Layout, Row
from services.carriers.rowscore import row_score

_SKIP_ISSUED, _SKIP_BLANK_ROWS, _SKIP_ROW = -0.45, -0.02, -0.25
REPEAT_AT_LEAST = 0.2
"""What a row must be worth to be one of a schedule."""
_REPEAT_AGAIN = -0.05

_Score = tuple[float, str]


def best_order(
    layout: Layout, rows: Sequence[Row], issued: Sequence[int], uploaded: Sequence[int]
) -> list[tuple[int, int]]:
    """Return the order-keeping pairs (issued, uploaded) of the greatest total score."""
    skips = [_SKIP_BLANK_ROWS if layout.rows[i].repeat else _SKIP_ISSUED for i in issued]
    above: list[float] = [_SKIP_ROW * n for n in range(len(uploaded) + 1)]
    moves: list[list[str]] = [["left"] * (len(uploaded) + 1)]
    for line, home in enumerate(issued):
        here = [above[0] + skips[line]]
        steps = ["up"]
        for column, number in enumerate(uploaded):
            score, step = _best_step(
                (above[column], above[column + 1] + skips[line], here[column]),
                row_score(layout.rows[home], rows[number], layout.words),
                repeats=bool(layout.rows[home].repeat),
            )
            here.append(score)
            steps.append(step)
        above = here
        moves.append(steps)
    return list(_trace(moves, issued, uploaded))


def _best_step(neighbours: tuple[float, float, float], worth: float, *, repeats: bool) -> _Score:
    """Return the best way into one cell of the table: match, match again, skip the issued or the uploaded row."""
    diagonal, up, left = neighbours
    best: _Score = max((up, "up"), (left + _SKIP_ROW, "left"))
    if worth > (REPEAT_AT_LEAST if repeats else 0.0):
        best = max(best, (diagonal + worth, "match"))
    if repeats and worth + _REPEAT_AGAIN > REPEAT_AT_LEAST:
        best = max(best, (left + worth + _REPEAT_AGAIN, "again"))
    return best


def _trace(moves: list[list[str]], issued: Sequence[int], uploaded: Sequence[int]) -> Iterator[tuple[int, int]]:
    line, column = len(issued), len(uploaded)
    while line and column:
        step = moves[line][column]
        if step in {"match", "again"}:
            yield issued[line - 1], uploaded[column - 1]
        line -= step in {"match", "up"}
        column -= step != "up"
