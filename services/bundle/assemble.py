"""The pages of a packet put together: chunk by chunk, each opened, finished, written and closed.

What stays of a page is where it stands and its digest; a packet of ten thousand pages takes no more memory than
one of a few hundred.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import pikepdf

from services.bundle import former
from services.bundle.attachments import place
from services.bundle.chunks import Chunk
from services.bundle.copied import Copied
from services.bundle.fonts import Fonts, share_fonts
from services.bundle.inputs import AttachmentInput
from services.bundle.output import Output
from services.bundle.pagedigest import INHERITED, Digests, Pages, inherited
from services.bundle.plan import Planned
from services.bundle.trees import PageTree

FRAME_MM = (12, 18, 12, 21)
"""Left, bottom, right and top margin around an attachment's page: page numbers and running head stay free."""
LINK = "page:"
"""A link that our own pages have to a page of the packet, before it is bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A packet being written. `digests` are those of the pages that are new in it."""

    out: Output
    tree: PageTree
    digests: Digests
    fonts: Fonts = field(default_factory=dict)


def begun(file: BinaryIO, pages: int, first_new: int = 1) -> Book:
    """Return a book of so many pages, written to a file; from page `first_new` on it is new."""
    out = Output(file)
    return Book(out=out, tree=PageTree(out, pages), digests=Digests(first_new))


def append(book: Book, chunks: Iterable[Chunk], planned: Iterable[Planned]) -> None:
    """Write the pages of each chunk, the attachments among `planned` drawn on their leaves; page 1 only at the end."""
    given = {entry.key: entry.given.pages for entry in planned if isinstance(entry.given, AttachmentInput)}
    for chunk in chunks:
        source = Copied(book.out)
        with pikepdf.open(chunk.path) as pdf:
            for key in (key for key in chunk.pages if key in given):
                first = chunk.pages[key][0] - chunk.first_page + chunk.lead + 1
                place(pdf, first, given[key].read_bytes(), FRAME_MM)
            pages = [page.obj for page in pdf.pages][chunk.lead :]
            _finish(book, source, pdf, pages)
            _write(book, source, pdf, chunk.first_page, pages)


def take_over(book: Book, path: Path) -> Copied:
    """Write the pages of a former packet, which the book begins with, as they are but page 1; return what is copied.

    Raises:
        ValueError: it has not as many pages as were reserved for it.
    """
    source, first = Copied(book.out), 1
    for pdf, pages in former.runs(path):
        _write(book, source, pdf, first, pages)
        first += len(pages)
    if first != book.digests.first:
        raise ValueError("the former packet has not the pages that its manifest tells of")
    return source


def _finish(book: Book, source: Copied, pdf: pikepdf.Pdf, pages: Sequence[Any]) -> None:
    """Turn our pages' links into links inside the packet, and note what the pages show."""
    shown = Pages(pdf)
    for page in pages:
        for note in page.get("/Annots", pikepdf.Array()):
            address = str(note.get("/A", pikepdf.Dictionary()).get("/URI", ""))
            if address.startswith(LINK):
                target = source.pointer(book.tree.page(int(address.removeprefix(LINK))))
                del note["/A"]
                note.Dest = pikepdf.Array([target, pikepdf.Name.Fit])
        book.digests.add(shown.of(page))


def _write(book: Book, source: Copied, pdf: pikepdf.Pdf, first: int, pages: Sequence[Any]) -> None:
    """Write pages, numbered from `first` on, and all that they show."""
    for number, page in enumerate(pages, first):
        source.stands(page, book.tree.page(number))
    for number, page in enumerate(pages, first):
        if number > 1:
            share_fonts(page, source, book.fonts)
            hang(book, source, number, page)
    source.copy(pdf)


def hang(book: Book, source: Copied, number: int, page: Any) -> None:
    """Write a page into the packet's own tree of pages."""
    for key in INHERITED:
        value = inherited(page, key)
        if value is not None and key not in page:
            page[key] = value
    page["/Parent"] = source.pointer(book.tree.parent(number))
    source.put(page)
