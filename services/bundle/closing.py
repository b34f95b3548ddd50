"""What a packet ends with: embedded files, bookmarks, page labels, properties, and the cover that bears its root."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

from services.bundle.assemble import Book, hang
from services.bundle.former import copy_rest
from services.bundle.marks import Mark
from services.bundle.trees import write_items, write_names, write_outline


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What a packet ends with. `files` are the new files' objects by name, `supplements` the first pages of each."""

    cover: Path
    title: str
    conformance: str
    marks: tuple[Mark, ...]
    files: Mapping[str, int]
    supplements: tuple[int, ...] = ()


def close(book: Book, ending: Closing) -> None:
    """Write what a book ends with, and its end; same book, same bytes."""
    files = dict(ending.files)
    if ending.supplements:
        files |= _taken_over(book, ending)
    book.tree.write()
    names, source = write_names(book.out, files), book.base.source
    with pikepdf.open(book.base.path) as pdf, pikepdf.open(ending.cover) as cover:
        root = pdf.Root
        _cover(pdf, pdf.get_object(book.base.first), cover)
        _describe(pdf, ending)
        _label(root, ending.supplements)
        root["/Outlines"] = source.pointer(pdf, _outline(book, pdf, ending))
        root.Names = pdf.make_indirect(root.get("/Names", pikepdf.Dictionary()))
        root.Names["/EmbeddedFiles"] = source.pointer(pdf, names)
        root.AF = pikepdf.Array(source.pointer(pdf, files[name]) for name in sorted(files))
        root.Pages = source.pointer(pdf, book.tree.root)
        hang(book, source, pdf, 1, pdf.get_object(book.base.first))
        numbers = source.put(root), source.put(pdf.docinfo)
        source.copy(pdf)
    book.out.end(*numbers)


# ---- what a former packet has already ---------------------------------------------------------------


def _taken_over(book: Book, ending: Closing) -> dict[str, int]:
    """Write bookmarks and files of the former packet but those that come anew; return the files' objects by name."""
    source = book.base.source
    with pikepdf.open(book.base.path) as pdf:
        held = {name: source.number(spec) for name, spec in _files(pdf.Root) if name not in ending.files}
        outline = pdf.Root.get("/Outlines", pikepdf.Dictionary())
        if "/Last" in outline:
            # Both are written at the end: what is added hangs on them.
            for changed in (outline, outline.Last):
                source.stands(changed, book.out.reserve())
            source.number(outline.First)
    copy_rest(book.base.path, source)
    return held


def _files(root: Any) -> Iterator[tuple[str, Any]]:
    tree = root.get("/Names", pikepdf.Dictionary()).get("/EmbeddedFiles")
    if tree is not None:
        yield from ((str(name), spec) for name, spec in pikepdf.NameTree(tree).items())


# ---- the last objects -------------------------------------------------------------------------------


def _outline(book: Book, pdf: pikepdf.Pdf, ending: Closing) -> int:
    """Write the bookmarks, behind those of a former packet; return the number of the object that they hang on."""
    source, old = book.base.source, pdf.Root.get("/Outlines", pikepdf.Dictionary())
    if not (ending.supplements and "/Last" in old):
        return write_outline(book.out, ending.marks, book.tree.page)
    items = write_items(book.out, ending.marks, book.tree.page, source.number(old), source.number(old.Last))
    old.Last["/Next"] = source.pointer(pdf, items[0])
    source.put(old.Last)
    old.Last = source.pointer(pdf, items[-1])
    old["/Count"] = int(old.get("/Count", 0)) + len(items)
    return source.put(old)


def _cover(pdf: pikepdf.Pdf, page: Any, cover: pikepdf.Pdf) -> None:
    """Put the cover in the place of page 1, which only kept it free."""
    drawn = pdf.copy_foreign(cover.pages[0].obj)
    for key in ("/Contents", "/Resources", "/MediaBox"):
        page[key] = drawn[key]


def _describe(pdf: pikepdf.Pdf, ending: Closing) -> None:
    """Write the packet's title into its properties, and its PDF/A level or that it has none."""
    level = ending.conformance
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=True) as metadata:
        metadata["dc:title"] = ending.title
        for claim, value in zip(("pdfaid:part", "pdfaid:conformance"), (level[:1], level[1:]), strict=True):
            if level:
                metadata[claim] = value
            elif claim in metadata:
                del metadata[claim]


def _label(root: Any, supplements: Sequence[int]) -> None:
    """Label the pages by their running numbers; those from a supplement's first page on as 补1-96."""
    ranges: list[Any] = [0, pikepdf.Dictionary(S=pikepdf.Name.D)]
    for number, first in enumerate(supplements, 1):
        prefix = pikepdf.String(f"补{number}-")
        ranges += [first - 1, pikepdf.Dictionary(S=pikepdf.Name.D, St=first, P=prefix)]
    root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array(ranges))
    root.PageMode = pikepdf.Name.UseOutlines
    root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
