"""Computed tables as typeset pieces: the same cells as in the workbook, on A4."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

import pikepdf

from services.paper.coverage import Role, uncovered, with_geta
from services.paper.typeset import Piece, Typeset, typeset
from services.paper.typeset_cells import LABEL_PT, LEAST_PT, Cell, label_cell, row, text_cell
from services.paper.typeset_labels import typographic
from services.paper.typeset_tables import PAGES_MM
from services.summary import Column
from services.survey.tables import Made, texts

MOST_ROWS = 1_000
"""A typesetter takes about 0.3 MB a row while it works."""
_HEAD_MM = 10
_LONG_MM = 24
"""A text column at least this wide reads better at the left."""


def piece(made: Made, key: str, heading: str = "") -> Piece:
    """Return the table as one piece of a document; `heading` stands at the top of its pages."""
    return _piece(made, (key, heading), list(texts(made)), (0, len(made.rows) + 1))


def pieces(made: Made, key: str, heading: str = "") -> tuple[Piece, ...]:
    """Return the table as pieces of at most `MOST_ROWS` rows, which a typesetter can hold one at a time."""
    lines = list(texts(made))
    starts = range(0, max(len(made.rows), 1), MOST_ROWS)
    ends = (*starts[1:], len(made.rows) + 1)
    return tuple(
        _piece(made, (f"{key}-{start}" if start else key, heading), lines, (start, end))
        for start, end in zip(starts, ends, strict=True)
    )


def _piece(made: Made, named: tuple[str, str], lines: list[tuple[str, ...]], span: tuple[int, int]) -> Piece:
    """Return the rows `span` of a table; counts, note and signatures stand under the last ones."""
    table, body = made.table, lines[: len(lines) - len(made.tallies)]
    is_first, is_last = span[0] == 0, span[1] > len(made.rows)
    tallied = [[fit(label, "hei"), count] for label, count in lines[len(body) :]]
    data: dict[str, Any] = {
        "mark": table.mark if is_first else "",
        "title": fit(made.title, "song") + ("" if is_first else "(续)"),
        "subtitle": fit(made.subtitle) if is_first else "",
        "head": fit(named[1], "song"),
        "landscape": table.landscape,
        "tallies": tallied if is_last else [],
        "note": typographic(table.note) if is_last else "",
        "signed": list(table.signed) if is_last else [],
        "table": _table(made, named[0], body, span),
    }
    return Piece(key=named[0], kind="listing", data=data)


def fit(text: str, role: Role = "fang") -> str:
    """Return `text` with 〓 for what no face covers (rule N01)."""
    return with_geta(text, uncovered(text, role))


def _table(made: Made, key: str, body: list[tuple[str, ...]], span: tuple[int, int]) -> dict[str, Any]:
    widths = (made.table.number_mm, *(column.width_mm for column in made.table.columns))
    labels = ("序号", *(column.label for column in made.table.columns))
    heads = [label_cell(label, mm) for label, mm in zip(labels, widths, strict=True)]
    page_mm = PAGES_MM["landscape" if made.table.landscape else "portrait"]
    strong = {*made.sums, *range(len(made.rows), len(body))}
    rows = [
        row(list(_cells(made, line, widths, strong=index in strong)), made.table.row_mm, page_mm)
        for index, line in enumerate(body[span[0] : span[1]], span[0])
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


def printed(document: Sequence[Piece], title: str) -> bytes:
    """Return pieces as one PDF, pages numbered through; very many rows are set bit by bit and joined."""
    sets: list[Typeset] = []
    for group in _groups(document):
        sets.append(typeset(group, title=title, first_page=1 + sum(one.count for one in sets)))
    return sets[0].pdf if len(sets) == 1 else _joined(sets)


def _groups(document: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Yield pieces that are set together: no more than `MOST_ROWS` rows where that is possible."""
    group: list[Piece] = []
    count = 0
    for one in document:
        rows = len(one.data["table"]["rows"]) if "table" in one.data else 0
        if group and count + rows > MOST_ROWS:
            yield group
            group, count = [], 0
        group.append(one)
        count += rows
    yield group


def _joined(sets: Sequence[Typeset]) -> bytes:
    """Return several PDFs as one, with a bookmark for each table."""
    data = io.BytesIO()
    with pikepdf.open(io.BytesIO(sets[0].pdf)) as whole:
        marks = [(title, page) for parts in sets[0].parts.values() for title, page in parts]
        for one in sets[1:]:
            marks += [(title, page + len(whole.pages)) for parts in one.parts.values() for title, page in parts]
            with pikepdf.open(io.BytesIO(one.pdf)) as more:
                whole.pages.extend(more.pages)
        with whole.open_outline() as outline:
            outline.root[:] = [pikepdf.OutlineItem(title, page - 1) for title, page in marks]
        whole.save(data, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return data.getvalue()
