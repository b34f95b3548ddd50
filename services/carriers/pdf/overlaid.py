"""Notes laid over the pages of a form: words written beside the form fields, printed words struck out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf

from services.carriers.pdf.drawn import Drawn
from services.carriers.pdf.reissued import Rect, within
from services.carriers.pdf.written import line_text, lines_of

_MOST = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note on a page (from 0): the words it shows, or those that it strikes out."""

    page: int
    rect: Rect
    text: str
    strikes: bool = False


def notes(document: pikepdf.Pdf, pages: Sequence[Drawn]) -> Iterator[Note]:
    """Yield the notes that write on the pages (FreeText), or strike printed words out."""
    for number, page in enumerate(document.pages):
        there = page.obj.get("/Annots")
        for note in list(there)[:_MOST] if isinstance(there, pikepdf.Array) else ():
            kind, rect = (note.get("/Subtype"), _rect(note)) if isinstance(note, pikepdf.Dictionary) else (None, None)
            if rect is None:
                continue
            if kind == pikepdf.Name.FreeText and _words(note):
                yield Note(page=number, rect=rect, text=_words(note))
            elif kind in (pikepdf.Name.StrikeOut, pikepdf.Name.Redact):
                struck = [letter for letter in pages[number].letters if within(rect, letter)]
                if struck:
                    yield Note(page=number, rect=rect, text="".join(map(line_text, lines_of(struck))), strikes=True)


def _words(note: Any) -> str:
    said: Any = note.get("/Contents")
    return " ".join(str(said).split()) if isinstance(said, pikepdf.String) else ""


def _rect(note: Any) -> Rect | None:
    try:
        left, bottom, right, top = (float(edge) for edge in note.Rect)
    except (AttributeError, TypeError, ValueError):
        return None
    return min(left, right), min(bottom, top), max(left, right), max(bottom, top)
