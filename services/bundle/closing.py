"""What a packet ends with: embedded files, bookmarks, page labels, properties, and the cover that bears its root."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

from services.bundle.assemble import Book, hang
from services.bundle.copied import Copied
from services.bundle.former import copy_rest, opened
from services.bundle.marks import Mark
from services.bundle.trees import write_items, write_names, write_outline


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What a packet ends with: the PDF of its cover, whose properties it gets, the new bookmarks, and files by name."""

    cover: Path
    conformance: str
    marks: tuple[Mark, ...]
    files: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """The packet that a book begins with, and the first pages of all that was and is added to it."""

    path: Path
    source: Copied
    supplements: tuple[int, ...]


def close(book: Book, ending: Closing, former: Former | None = None) -> None:
    """Write what a book ends with, its cover being page 1; same book, same bytes."""
    held, outline = _taken_over(book, ending, former) if former else ({}, 0)
    outline = outline or write_outline(book.out, ending.marks, book.tree.page)
    files = {**held, **ending.files}
    names, source = write_names(book.out, files), Copied(book.out)
    book.tree.write()
    with pikepdf.open(ending.cover) as pdf:
        cover, root = pdf.pages[0].obj, pdf.Root
        _describe(pdf, ending.conformance)
        _label(root, former.supplements if former else ())
        root["/Names"] = pikepdf.Dictionary(EmbeddedFiles=source.pointer(names))
        root["/AF"] = pikepdf.Array(source.pointer(files[name]) for name in sorted(files))
        root["/Outlines"], root["/Pages"] = source.pointer(outline), source.pointer(book.tree.root)
        source.stands(cover, book.tree.page(1))
        hang(book, source, 1, cover)
        numbers = source.put(root), source.put(pdf.docinfo)
        source.copy(pdf)
    book.out.end(*numbers)


# ---- what a former packet has already ---------------------------------------------------------------


def _taken_over(book: Book, ending: Closing, former: Former) -> tuple[dict[str, int], int]:
    """Write the former packet's files but those that come anew, and its bookmarks with the new ones behind them.

    Return the files' objects by name, and the object that the bookmarks hang on, 0 where there were none.
    """
    source, outline = former.source, 0
    with opened(former.path) as pdf:
        held = {name: source.number(spec) for name, spec in _files(pdf.Root) if name not in ending.files}
        old = pdf.Root.get("/Outlines", pikepdf.Dictionary())
        if "/Last" in old:
            outline = _added(book, ending, source, old)
    copy_rest(former.path, source)
    return held, outline


def _added(book: Book, ending: Closing, source: Copied, outline: Any) -> int:
    """Write what bookmarks hang on, and the last of these, so that the new ones follow."""
    last = outline.Last
    for changed in (outline, last):
        source.stands(changed, book.out.reserve())
    items = write_items(book.out, ending.marks, book.tree.page, source.number(outline), source.number(last))
    last["/Next"] = source.pointer(items[0])
    source.put(last)
    outline["/Last"] = source.pointer(items[-1])
    outline["/Count"] = int(outline.get("/Count", 0)) + len(items)
    return source.put(outline)


def _files(root: Any) -> Iterator[tuple[str, Any]]:
    tree = root.get("/Names", pikepdf.Dictionary()).get("/EmbeddedFiles")
    if tree is not None:
        yield from ((str(name), spec) for name, spec in pikepdf.NameTree(tree).items())


# ---- the last objects -------------------------------------------------------------------------------


def _describe(pdf: pikepdf.Pdf, level: str) -> None:
    """Write the packet's PDF/A level into its properties, or that it has none; its title is the cover's."""
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=True) as metadata:
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
