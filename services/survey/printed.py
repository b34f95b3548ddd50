"""Computed tables as typeset pieces: the same cells as in the workbook, on A4."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
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
_ABOVE: Mapping[str, Any] = MappingProxyType({"mark": "", "subtitle": "", "before": ()})
_BELOW: Mapping[str, Any] = MappingProxyType({"tallies": (), "note": "", "signed": (), "after": ""})
_HEAD_MM = 10
_LONG_MM = 24
"""A text column at least this wide reads better at the left."""


def piece(made: Made, key: str, heading: str = "") -> Piece:
    """Return the table as one piece of a document; `heading` stands at the top of its pages."""
    table, lines = made.table, list(texts(made))
    body = lines[: len(lines) - len(made.tallies)]
    data: dict[str, Any] = {
        "mark": table.mark,
        "title": fit(made.title, "song"),
        "subtitle": fit(made.subtitle),
        "head": fit(heading, "song"),
        "landscape": table.landscape,
        "tallies": [[fit(label, "hei"), count] for label, count in lines[len(body) :]],
        "note": typographic(table.note),
        "signed": list(table.signed),
        "table": _table(made, key, body),
    }
    return Piece(key=key, kind="listing", data=data)


def pieces(made: Made, key: str, heading: str = "") -> tuple[Piece, ...]:
    """Return the table as pieces of at most `MOST_ROWS` rows, which a typesetter can hold one at a time."""
    return parted(piece(made, key, heading))


def parted(whole: Piece) -> tuple[Piece, ...]:
    """Return a piece as pieces of at most `MOST_ROWS` rows (a line of totals stays with the last of them).

    What stands above the rows is printed with the first, what stands below them with the last; the title
    of the others says (续).
    """
    rows = rows_of(whole)
    cuts = range(0, max(len(rows) - 1, 1), MOST_ROWS)
    if len(cuts) == 1:
        return (whole,)
    ends = (*cuts[1:], len(rows))
    return tuple(_part(whole, rows, span) for span in zip(cuts, ends, strict=True))


def rows_of(one: Piece) -> Sequence[Any]:
    """Return the rows of a piece that is a table, none of any other."""
    return one.data["table"]["rows"] if "table" in one.data else one.data.get("rows", ())


def _part(whole: Piece, rows: Sequence[Any], span: tuple[int, int]) -> Piece:
    start, end = span
    data, key, own = dict(whole.data), f"{whole.key}-{start}" if start else whole.key, rows[start:end]
    if start:
        data |= {name: empty for name, empty in _ABOVE.items() if name in data} | {"title": f"{data['title']}(续)"}
    if end < len(rows):
        data |= {name: empty for name, empty in _BELOW.items() if name in data}
    data |= {"table": data["table"] | {"piece": key, "key": key, "rows": own}} if "table" in data else {"rows": own}
    return replace(whole, key=key, data=data)


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
        rows = len(rows_of(one))
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
