"""The XML of the Word form as issued, cut at its texts: what an upload is compared with in long stretches.

A document is a line of texts with a stretch of XML (a frame) before each and behind the last. What a clerk
writes is in the texts; as long as every frame is the issued one, each text stands where it was issued and
its answer is known by its number in the line. Which number is whose is found out from the form itself: its
blank is read by the road that reads every file (`scan`, `grid_of`), with a sign of its own in each text.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from services.carriers.docx.context import context_of
from services.carriers.docx.fill import render
from services.carriers.docx.grid import Grid, grid_of
from services.carriers.docx.read_layout import MAIN_PART, layout_of, names_of
from services.carriers.docx.scan import scan
from services.carriers.docx.stretches import TICKED, UNTICKED, AmbiguousError, Slot, Stretch, stretches
from services.carriers.docx.templates import template_of
from services.carriers.docx.texts import TEXT, TEXT_END, Cut, cut
from services.carriers.layout import ANY_ROW, Cell, Layout, LayoutCell, LayoutRow, Row
from services.carriers.values import after_label
from services.carriers.vote import asked
from services.carriers.votes import known_in_place
from services.carriers.witness import AGREED, CONTROL
from services.form import Field, Form
from services.identity import stamp
from services.record import empty

_FIRST_SIGN, _LAST_SIGN = 0xE000, 0xF8FF
"""Private characters, which no form prints: one stands for each text while the blank is read."""
_PIECES = re.compile(f"[{chr(_FIRST_SIGN)}-{chr(_LAST_SIGN)}]|[^{chr(_FIRST_SIGN)}-{chr(_LAST_SIGN)}]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A form as issued: its stretches in order, the pictures it comes with by place, the paths that stand twice."""

    stretches: tuple[Stretch, ...]
    pictures: Mapping[str, str]
    again: frozenset[str]


@lru_cache(maxsize=64)
def issued(form: Form) -> Issued | None:
    """Return the form as issued in Word, None when its template is such that only the aligner reads it right."""
    blank = empty(form)
    signed = stamp(form, blank, b"layout")
    data = render(form, template_of(form), context_of(form, blank, signed), signed).data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        whole = cut(archive.read(MAIN_PART))
    if whole is None or len(whole.texts) > _LAST_SIGN - _FIRST_SIGN:
        return None
    whole = replace(whole, frames=[frame.replace(TICKED, UNTICKED) for frame in whole.frames])
    flat = scan(_signed(whole.frames))
    try:
        return _compiled(form, whole, grid_of(flat, names_of(form))) if flat else None
    except AmbiguousError:
        return None


def _signed(frames: Sequence[bytes]) -> bytes:
    """Return the document with a sign of its own in the place of each text."""
    signs = [b"".join((TEXT, chr(_FIRST_SIGN + number).encode(), TEXT_END)) for number in range(len(frames) - 1)]
    return b"".join(piece for pair in zip(frames, [*signs, b""], strict=True) for piece in pair)


# ---- which text is whose ------------------------------------------------------------------------


def _compiled(form: Form, whole: Cut, grid: Grid) -> Issued:
    """Return the form as issued.

    Raises:
        AmbiguousError: it is such that a text in its place may still be read otherwise.
    """
    told = grid.boxes or grid.struck or grid.drawn or grid.nested or grid.rows[0].page
    if told or any(place.startswith("c") for place in grid.pictures):
        raise AmbiguousError
    slots: list[Slot] = []
    written: set[int] = set()
    layout = layout_of(form)
    for home, row in _paired(layout, grid, whole.texts):
        slots += _slots(form, layout, home, row)
        written |= {n for cell in row.cells for piece in cell.pieces if piece.path for n in _numbers(piece.text)}
    counted = Counter(slot.path for slot in slots)
    return Issued(
        stretches=tuple(stretches(whole, slots, written)),
        pictures=grid.pictures,
        again=frozenset(path for path, count in counted.items() if count > 1 and ANY_ROW not in path),
    )


def _paired(layout: Layout, grid: Grid, texts: list[str]) -> Iterator[tuple[int, Row]]:
    """Yield the rows of the signed blank, each with the number of the row as issued that it is."""
    home = -1
    for row in grid.rows:
        if not row.in_table and not any(_holds(cell, texts) for cell in row.cells):
            continue
        again = layout.rows[home].repeat if home >= 0 else ""
        home += not again or not any(path.startswith(f"{again}.{ANY_ROW}.") for c in row.cells for path in c.claims)
        if home == len(layout.rows) or len(row.cells) != len(layout.rows[home].cells):
            raise AmbiguousError
        yield home, row
    if home + 1 != len(layout.rows):
        raise AmbiguousError


def _holds(cell: Cell, texts: list[str]) -> bool:
    """Return whether a paragraph of the blank is not empty: an empty one is no row."""
    text = "".join(texts[piece] if isinstance(piece, int) else piece for piece in _pieces(cell.text))
    return bool(cell.claims or cell.bookmarks or text.strip())


def _pieces(text: str) -> tuple[int | str, ...]:
    """Return the numbers of the texts that a text of the signed blank is made of, and what stands between them."""
    found = _PIECES.findall(text)
    return tuple(ord(piece) - _FIRST_SIGN if _FIRST_SIGN <= ord(piece[0]) <= _LAST_SIGN else piece for piece in found)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(piece for piece in _pieces(text) if isinstance(piece, int))


def _slots(form: Form, layout: Layout, home: int, row: Row) -> Iterator[Slot]:
    """Yield the answers of a row, texts and cells by their number in the document.

    Raises:
        AmbiguousError: an answer shares its cell with print, or is not certain in its place.
    """
    issued_row = layout.rows[home]
    for index, cell in issued_row.asked:
        there = row.cells[index]
        path, pieces = cell.paths[0], _pieces(there.text)
        sureness, witnesses = known_in_place(CONTROL)[path in there.claims, path in there.bookmarks]
        field = asked(form, path)
        is_certain = sureness == AGREED and cell.is_plain and there.address.startswith("c") and _numbers(there.text)
        if not is_certain or _speaks(issued_row, index, field) or _may_end(layout, home):
            raise AmbiguousError
        yield Slot(
            path=path,
            field=field,
            prompt=cell.answers[0].text,
            cell=int(there.address[1:]),
            pieces=pieces,
            witnesses=witnesses,
        )


def _speaks(row: LayoutRow, index: int, field: Field) -> bool:
    """Return whether the label to the left of an answer would be read for it as it is printed."""
    before: LayoutCell | None = row.cells[index - 1] if index and not row.repeat else None
    if before is None or before.paths or not before.label:
        return False
    return bool(after_label(before.label, before.pieces[0].text, field)[0])


def _may_end(layout: Layout, home: int) -> bool:
    """Return whether a row of a schedule may be taken for the row behind it, whatever controls it has."""
    here, after = layout.rows[home], layout.rows[home + 1 : home + 2]
    return bool(here.repeat and after) and (bool(after[0].repeat) or len(after[0].cells) == len(here.cells))
