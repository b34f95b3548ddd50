"""The Word form as issued: the layout that an upload is aligned with, read from our own blank form."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from types import MappingProxyType

from services.answers import ITEM_COLUMNS, field_at, scalars
from services.carriers.container import parse_xml
from services.carriers.docx.build_answers import bookmark_name, boxes_of
from services.carriers.docx.content import Names
from services.carriers.docx.context import context_of
from services.carriers.docx.fill import render
from services.carriers.docx.grid import flatten, grid_of
from services.carriers.docx.scan import scan
from services.carriers.docx.templates import template_of
from services.carriers.layout import ANY_ROW, Cell, Layout, LayoutCell, Piece, compile_layout
from services.form import Form
from services.identity import stamp
from services.record import empty

MAIN_PART = "word/document.xml"


@lru_cache(maxsize=64)
def names_of(form: Form) -> Names:
    """Return which answer each content control's tag and each bookmark of the form claims."""
    names: dict[str, str] = {}
    for path in _paths(form):
        names[path] = path
        names[bookmark_name(path)] = path
    for schedule in form.schedules:
        names |= {f"{schedule.key}.{c.key}": f"{schedule.key}.{ANY_ROW}.{c.key}" for c in schedule.columns}
    return Names(MappingProxyType(names))


def _paths(form: Form) -> Iterator[str]:
    yield from scalars(form)
    yield from (f"items.{item.id}.{column}" for item in form.items for column in ITEM_COLUMNS)
    for schedule in form.schedules:
        for number in range(len(schedule.groups)):
            yield from (f"{schedule.key}.{number}.{column.key}" for column in schedule.columns[1:])


def open_schedules(form: Form) -> frozenset[str]:
    """Return the schedules whose rows may be any number."""
    return frozenset(schedule.key for schedule in form.schedules if not schedule.totals_of)


@lru_cache(maxsize=64)
def layout_of(form: Form) -> Layout:
    """Return the rows of the form as issued in Word."""
    blank = empty(form)
    signed = stamp(form, blank, b"layout")
    data = render(form, template_of(form), context_of(form, blank, signed), signed).data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = archive.read(MAIN_PART)
    # The quick way when it can be gone: what it then knows of the issued rows serves every upload.
    rows = grid_of(scan(part) or flatten(parse_xml(part)), names_of(form)).rows
    return compile_layout(([_issued(form, cell) for cell in row.cells] for row in rows), open_schedules(form))


def _issued(form: Form, cell: Cell) -> LayoutCell:
    return LayoutCell(pieces=_pieces(form, cell), start=cell.start, span=cell.span)


def _pieces(form: Form, cell: Cell) -> tuple[Piece, ...]:
    """Return the pieces of an issued cell; tick boxes with their options are one answer, printed empty."""
    paths = tuple(dict.fromkeys(piece.path for piece in cell.pieces if piece.path))
    if not paths:
        return (Piece(text=cell.text),)
    if len(paths) == 1 and boxes_of(field_at(form, paths[0].replace(ANY_ROW, "0")).kind, ""):
        return (Piece(text=cell.text, path=paths[0]),)
    return tuple(piece for piece in cell.pieces if piece.path or piece.text.strip())
