"""Chunks, attachments and embedded files put together to one PDF, piece by piece and never all in memory."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf

from services.bundle.archive import ORIGINALS
from services.bundle.attachments import place
from services.bundle.chunks import Chunk
from services.bundle.fonts import share_fonts
from services.bundle.inputs import AttachmentInput
from services.bundle.marks import Mark
from services.bundle.plan import Planned
from services.bundle.source import Room

FRAME_MM = (12, 18, 12, 21)
"""Left, bottom, right and top margin around an attachment's page: page numbers and running head stay free."""
LINK = "page:"
"""A link that our own pages have to a page of the packet, before it is bound."""
_DEPTH = 20
"""Deeper than our bookmarks go."""
_BATCH = 8 * 1024 * 1024


@dataclass(slots=True)
class Book:
    """A packet being put together: the open PDF and what it draws its bytes from."""

    pdf: pikepdf.Pdf
    stack: ExitStack
    room: Room
    files: dict[str, pikepdf.Object] = field(default_factory=dict)

    def close(self) -> None:
        """Close every file."""
        self.stack.close()


def opened(first: Path, room: Room) -> Book:
    """Return a book that begins with the PDF at `first`, its properties included."""
    stack = ExitStack()
    return Book(pdf=stack.enter_context(pikepdf.open(first)), stack=stack, room=room)


def append(book: Book, chunks: Iterable[Chunk]) -> None:
    """Add the pages of each chunk; their bytes stay where they are until the book is written."""
    for chunk in chunks:
        source = book.stack.enter_context(pikepdf.open(chunk.path))
        book.pdf.pages.extend(source.pages[chunk.lead :])


def lay(book: Book, planned: Iterable[Planned], pages: Mapping[str, tuple[int, int]]) -> None:
    """Draw the pages of the attachments on their leaves."""
    for entry in planned:
        if isinstance(entry.given, AttachmentInput):
            place(book.pdf, pages[entry.key][0], entry.given.pages.read_bytes(), FRAME_MM)


def finish(book: Book) -> None:
    """Let the chunks share their fonts, and turn our pages' links into links inside the packet."""
    share_fonts(book.pdf)
    _link(book.pdf)


def _link(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        for note in page.obj.get("/Annots", pikepdf.Array()):
            address = str(note.get("/A", pikepdf.Dictionary()).get("/URI", ""))
            if address.startswith(LINK):
                target = pdf.pages[int(address.removeprefix(LINK)) - 1]
                del note["/A"]
                note.Dest = pikepdf.Array([target.obj, pikepdf.Name.Fit])


# ---- bookmarks and labels ---------------------------------------------------------------------------


def bookmark(book: Book, marks: Sequence[Mark]) -> None:
    """Give the book its bookmarks, closed below the first level, in the place of those it has."""
    with book.pdf.open_outline(max_depth=_DEPTH) as outline:
        outline.root.clear()
        outline.root.extend(_item(mark) for mark in marks)


def bookmark_more(book: Book, mark: Mark) -> None:
    """Add a bookmark behind those that the book has."""
    with book.pdf.open_outline(max_depth=_DEPTH) as outline:
        outline.root.append(_item(mark))


def _item(mark: Mark) -> pikepdf.OutlineItem:
    item = pikepdf.OutlineItem(mark.title, mark.page - 1, "Fit")
    item.children.extend(_item(under) for under in mark.under)
    item.is_closed = True
    return item


def label(book: Book, supplements: Sequence[int]) -> None:
    """Label the pages by their running numbers; those from a supplement's first page on as 补1-96."""
    ranges: list[Any] = [0, pikepdf.Dictionary(S=pikepdf.Name.D)]
    for number, first in enumerate(supplements, 1):
        prefix = pikepdf.String(f"补{number}-")
        ranges += [first - 1, pikepdf.Dictionary(S=pikepdf.Name.D, St=first, P=prefix)]
    book.pdf.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array(ranges))
    book.pdf.Root.PageMode = pikepdf.Name.UseOutlines
    book.pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)


# ---- embedded files ---------------------------------------------------------------------------------


def embed(book: Book, files: Iterable[tuple[str, Path]]) -> None:
    """Embed files under their names in the packet; their bytes stay on disk until the book is written."""
    for number, batch in enumerate(_batches(files)):
        source = book.stack.enter_context(
            pikepdf.open(_holder(book.room, f"files-{len(book.files)}-{number}.pdf", batch))
        )
        for (name, _), spec in zip(batch, source.Root.Held, strict=True):
            book.files[name] = book.pdf.copy_foreign(spec)
    names = _names(book.pdf)
    for name in sorted(book.files):
        names[name] = book.files[name]
    book.pdf.Root.AF = pikepdf.Array([spec for _, spec in sorted(names.items())])


def _names(pdf: pikepdf.Pdf) -> pikepdf.NameTree:
    """Return the name tree of the embedded files."""
    if "/Names" not in pdf.Root:
        pdf.Root.Names = pdf.make_indirect(pikepdf.Dictionary())
    if "/EmbeddedFiles" not in pdf.Root.Names:
        pdf.Root.Names.EmbeddedFiles = pikepdf.NameTree.new(pdf).obj
    return pikepdf.NameTree(pdf.Root.Names.EmbeddedFiles)


def _batches(files: Iterable[tuple[str, Path]]) -> Iterator[list[tuple[str, Path]]]:
    batch: list[tuple[str, Path]] = []
    size = 0
    for name, path in files:
        batch.append((name, path))
        size += path.stat().st_size
        if size > _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _holder(room: Room, name: str, batch: Iterable[tuple[str, Path]]) -> Path:
    """Return a PDF that only holds files, packed: what is copied out of it is read when it is needed."""
    with pikepdf.new() as pdf:
        specs = (_spec(pdf, file, path.read_bytes()) for file, path in batch)
        pdf.Root.Held = pikepdf.Array(pdf.make_indirect(spec) for spec in specs)
        path = room.folder / name
        pdf.save(path, deterministic_id=True)
    return path


def _spec(pdf: pikepdf.Pdf, name: str, data: bytes) -> pikepdf.Object:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    spec = pikepdf.AttachedFileSpec(
        pdf, data, filename=name, description="", mime_type=kind, creation_date="", mod_date=""
    ).obj
    spec.AFRelationship = pikepdf.Name.Source if name.startswith(ORIGINALS) else pikepdf.Name.Data
    return spec


# ---- at the end -------------------------------------------------------------------------------------


def cover(book: Book, page: Path) -> None:
    """Put the cover in the place of page 1, which only kept it free."""
    source = book.stack.enter_context(pikepdf.open(page))
    target = book.pdf.pages[0].obj
    drawn = book.pdf.copy_foreign(source.pages[0].obj)
    for key in ("/Contents", "/Resources", "/MediaBox"):
        target[key] = drawn[key]


def describe(book: Book, title: str, conformance: str) -> None:
    """Write the packet's title into its properties, and its PDF/A level or that it has none."""
    with book.pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=True) as metadata:
        metadata["dc:title"] = title
        for claim, value in zip(("pdfaid:part", "pdfaid:conformance"), (conformance[:1], conformance[1:]), strict=True):
            if conformance:
                metadata[claim] = value
            elif claim in metadata:
                del metadata[claim]


def write(book: Book, path: Path) -> None:
    """Write the packet; same book, same bytes."""
    book.pdf.save(path, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
