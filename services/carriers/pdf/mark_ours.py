"""Our marks in a PDF, known again and taken out: boxes and notes, bookmarks, the list in front.

Each is known in two ways, by a name that programs keep and by what a person sees of it, so that it is
known also after another program saved the file. What people added themselves stays.
"""

from __future__ import annotations

import re
from typing import Any

import pikepdf

AUTHOR = "质量普查校核"
NOTE = "zp-mark-"
"""How the names of our notes begin."""

BOOKMARK = "【校核】"
PAGE_KEY = "/ZPMark"
ADVICE = "本页和各处的框由校核加上,再次上传时自动去掉"
"""Stands on the list in front, by which it is known when its page was made anew."""

_OURS = re.compile(r"^【(必须修改|需要确认|提示)】", re.MULTILINE)
_MOST_NOTES = 20_000


def take_out(document: pikepdf.Pdf) -> bool:
    """Take our marks out of the file; return whether there were any."""
    pages = _take_pages(document)
    notes = sum([_take_notes(page.obj) for page in document.pages])
    return bool(pages + notes + _take_bookmarks(document))


def _take_pages(document: pikepdf.Pdf) -> int:
    """Take out the list in front, as long as a page is left."""
    ours = [number for number, page in enumerate(document.pages) if PAGE_KEY in page.obj]
    if len(ours) == len(document.pages):
        return 0
    for number in reversed(ours):
        del document.pages[number]
    return len(ours)


def _take_notes(page: pikepdf.Object) -> int:
    notes = page.get("/Annots")
    if not isinstance(notes, pikepdf.Array) or len(notes) > _MOST_NOTES:
        return 0
    kept = [note for note in notes if not is_our_note(note)]
    taken = len(notes) - len(kept)
    if taken and kept:
        page["/Annots"] = pikepdf.Array(kept)
    elif taken:
        del page["/Annots"]
    return taken


def is_our_note(note: Any) -> bool:
    """Return whether an annotation is one of our boxes, or the window that opens on it."""
    if not isinstance(note, pikepdf.Dictionary):
        return False
    if note.get("/Subtype") == pikepdf.Name.Popup:
        return is_our_note(note.get("/Parent"))
    if note.get("/Subtype") == pikepdf.Name.Widget:
        return False
    name, author, said = (_text(note.get(key)) for key in ("/NM", "/T", "/Contents"))
    return name.startswith(NOTE) or (author == AUTHOR and bool(_OURS.search(said)))


def _text(value: Any) -> str:
    return str(value) if isinstance(value, pikepdf.String) else ""


def _take_bookmarks(document: pikepdf.Pdf) -> int:
    if "/Outlines" not in document.Root:
        return 0
    try:
        with document.open_outline() as outline:
            ours = [item for item in outline.root if item.title.startswith(BOOKMARK)]
            for item in ours:
                outline.root.remove(item)
    except (pikepdf.OutlineStructureError, pikepdf.PdfError, AttributeError, TypeError, ValueError):
        return 0
    return len(ours)
