"""Computed tables as typeset pieces: the same cells as in the workbook, on A4."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from services.paper.coverage import Role, uncovered, with_geta
from services.paper.typeset import Piece
from services.paper.typeset_cells import LABEL_PT, LEAST_PT, Cell, label_cell, row, text_cell
from services.paper.typeset_labels import typographic
from services.paper.typeset_tables import PAGES_MM
from services.summary import Column
from services.survey.tables import Made, texts

_HEAD_MM = 10
_LONG_MM = 24
"""A text column at least this wide reads better at the left."""


def piece(made: Made, key: str, heading: str = "") -> Piece:
    """Return the table as a piece of a document; `heading` stands at the top of its pages."""
    table = made.table
    lines = list(texts(made))
    tallied = [[fit(label, "hei"), count] for label, count in lines[len(lines) - len(made.tallies) :]]
    body = lines[: len(lines) - len(made.tallies)]
    data: dict[str, Any] = {
        "mark": table.mark,
        "title": fit(made.title, "song"),
        "subtitle": fit(made.subtitle),
        "head": fit(heading, "song"),
        "landscape": table.landscape,
        "tallies": tallied,
        "note": typographic(table.note),
        "signed": list(table.signed),
        "table": _table(made, key, body),
    }
    return Piece(key=key, kind="listing", data=data)


def fit(text: str, role: Role = "fang") -> str:
    """Return `text` with 〓 for what no face covers (rule N01)."""
    return with_geta(text, uncovered(text, role))


def _table(made: Made, key: str, body: list[tuple[str, ...]]) -> dict[str, Any]:
    widths = (made.table.number_mm, *(column.width_mm for column in made.table.columns))
    labels = ("序号", *(column.label for column in made.table.columns))
    heads = [label_cell(label, mm) for label, mm in zip(labels, widths, strict=True)]
    page_mm = PAGES_MM["landscape" if made.table.landscape else "portrait"]
    strong = {*made.sums, *range(len(made.rows), len(body))}
    rows = [
        row(list(_cells(made, line, widths, strong=index in strong)), made.table.row_mm, page_mm)
        for index, line in enumerate(body)
    ]
    if not rows:
        nothing = text_cell("没有", "centred", LABEL_PT, sum(widths))
        rows = [row([nothing | {"c": len(widths)}], made.table.row_mm, page_mm)]
    return {
        "block": "table",
        "piece": key,
        "key": key,
        "title": "",
        "note": "",
        "whole": False,
        "columns": list(widths),
        "head": [row(heads, _HEAD_MM, page_mm)],
        "rows": rows,
        "below": 0,
    }


def _cells(made: Made, line: tuple[str, ...], widths: tuple[float, ...], *, strong: bool) -> Iterator[Cell]:
    """Yield the cells of a line; the line of totals and sums is set in 黑体."""
    yield text_cell(line[0], "strong" if strong else "number", LEAST_PT, widths[0])
    for column, text, width in zip(made.table.columns, line[1:], widths[1:], strict=True):
        style = "strong" if strong else _style(column)
        yield text_cell(fit(text, "hei" if strong else "fang"), style, LEAST_PT, width)


def _style(column: Column) -> str:
    return "answer" if column.shown == "text" and column.width_mm >= _LONG_MM else "centred"
