"""The rows and cells of a Word document, with what claims to stand in each.

The document is flattened (by `scan`, or from its tree by read.xsl) and taken apart here. Cells and
paragraphs are addressed by their number in the document as it is: `c57` is the 58th table cell, `p3` the
fourth paragraph outside tables; `mark` finds them again by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, cast

from lxml import etree

from services.carriers.container import Element
from services.carriers.docx.content import Content, Names, content_of, nested_rows
from services.carriers.docx.signs import (
    CELL,
    END,
    PAGE,
    PARAGRAPH,
    ROW,
)
from services.carriers.layout import Cell, Piece, Row

# The stylesheet is ours and reads no other file, so that it needs no access control.
_FLATTEN = etree.XSLT(etree.parse(Path(__file__).with_name("read.xsl")))
_BLOCK = re.compile(f"[{ROW}{PARAGRAPH}][^{ROW}{PARAGRAPH}]*")
_NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
}
_CELLS = etree.XPath("//w:tc[not(ancestor::mc:Fallback)]", namespaces=_NAMESPACES)
_PARAGRAPHS = etree.XPath(
    "//w:p[not(ancestor::w:tc or ancestor::w:txbxContent or ancestor::mc:Fallback)]", namespaces=_NAMESPACES
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The rows of a document, empty paragraphs left out; by address what else stands in cells and paragraphs.

    `pictures` are relation ids, `boxes` the texts of text boxes anchored there, `struck` texts that were
    struck out, `drawn` the places where shapes were drawn, `nested` the cells that hold a table whose rows
    were read as text (False) or as rows of the table around it (True).
    """

    rows: tuple[Row, ...]
    pictures: Mapping[str, str]
    boxes: Mapping[str, str]
    struck: Mapping[str, str]
    drawn: frozenset[str]
    nested: Mapping[str, bool]


def elements(root: Element) -> Mapping[str, Element]:
    """Return the cells and the paragraphs outside tables of a document by their address."""
    cells = {f"c{number}": cell for number, cell in enumerate(_found(_CELLS, root))}
    return cells | {f"p{number}": paragraph for number, paragraph in enumerate(_found(_PARAGRAPHS, root))}


def _found(path: etree.XPath, root: Element) -> list[Element]:
    return cast("list[Element]", path(root))


def flatten(root: Element) -> tuple[str, ...]:
    """Return the text of a part with its marks (read.xsl), a block for each row and each paragraph outside tables."""
    return tuple(_BLOCK.findall(str(_FLATTEN(root))))


def grid_of(flat: Sequence[str], names: Names) -> Grid:
    """Return the rows of a flattened document; `names` says which answer each tag and bookmark claims."""
    return _Reader(names).grid(flat)


class _Reader:
    """One pass over the flattened text, counting cells, paragraphs and pages."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.cells = 0
        self.paragraphs = 0
        self.page = 0
        self.pictures: dict[str, str] = {}
        self.boxes: dict[str, str] = {}
        self.struck: dict[str, str] = {}
        self.drawn: set[str] = set()
        self.nested: dict[str, bool] = {}

    def grid(self, flat: Sequence[str]) -> Grid:
        self.page = int(any(PAGE in block for block in flat))
        rows = tuple(row for block in flat for row in self._rows(block))
        return Grid(
            rows=rows,
            pictures=self.pictures,
            boxes=self.boxes,
            struck=self.struck,
            drawn=frozenset(self.drawn),
            nested=self.nested,
        )

    def _rows(self, block: str) -> Iterator[Row]:
        """Yield the row of a block, and below it the rows of a table that was pasted into one of its cells."""
        if block[0] == PARAGRAPH:
            yield from self._paragraph(content_of(block[1:], self.names))
            return
        parts = _row_of(block, self.names)
        first = self.cells
        self.cells += parts.size
        self.page += parts.pages if self.page else 0
        if parts.is_deleted:
            return
        for number, content in parts.holding:
            self._note_more(content, f"c{first + number}")
        for cells in (parts.cells, *parts.lifted):
            yield Row(tuple(Cell(f"c{first + number}", *cell) for number, cell in cells), page=self.page)
        self.nested |= {f"c{first + number}": bool(parts.lifted) for number in parts.nesting}

    def _paragraph(self, content: Content) -> Iterator[Row]:
        address = f"p{self.paragraphs}"
        self.paragraphs += 1
        self.page += content.pages if self.page else 0
        self._note_more(content, address)
        if content.text.strip() or content.claims or content.bookmarks:
            cell = Cell(address, content.text, 0, 1, content.pieces, content.claims, content.bookmarks)
            yield Row(cells=(cell,), page=self.page, in_table=False)

    def _note_more(self, content: Content, address: str) -> None:
        if content.picture:
            self.pictures[address] = content.picture
        if content.box:
            self.boxes[address] = content.box
        if content.struck:
            self.struck[address] = content.struck
        if content.drawn:
            self.drawn.add(address)


_CellPart = tuple[str, int, int, tuple[Piece, ...], tuple[str, ...], tuple[str, ...]]
"""A cell without its address, since it may stand in many documents: text, start, span, pieces, claims, bookmarks."""


class _RowPart(NamedTuple):
    """A row without the addresses of its cells, those merged upward left out.

    Cells and what they hold besides text go by their number among the document's cells, counted
    from the row's first; `size` is how many cells it has, those of tables inside them among them. `nesting`
    are the cells with tables inside, `lifted` the rows of those where they are rows of this table.
    """

    cells: tuple[tuple[int, _CellPart], ...]
    holding: tuple[tuple[int, Content], ...]
    is_deleted: bool
    pages: int
    size: int
    nesting: tuple[int, ...] = ()
    lifted: tuple[tuple[tuple[int, _CellPart], ...], ...] = ()


@lru_cache(maxsize=5_000)
def _row_of(text: str, names: Names) -> _RowPart:
    """Return a row from its flattened text. Most rows of a form are the issued ones and are known already."""
    head, *texts = text.split(CELL)
    flags = head[1:].partition(END)[0]
    start = int(flags.lstrip("D") or 0)
    cells: list[tuple[int, _CellPart]] = []
    holding: list[tuple[int, Content]] = []
    inside: dict[int, _Inner] = {}
    pages = number = 0
    for flat in texts:
        span, is_merged, content = _cell_of(flat, names)
        if content.nested:
            content, inside[number] = _unnested(flat, content, names, len(texts))
        if not is_merged:
            said = content.pieces, content.claims, content.bookmarks
            cells.append((number, (content.text, start, span, *said)))
        if content.picture or content.box or content.struck or content.drawn:
            holding.append((number, content))
        pages = max(pages, content.pages)
        number += 1 + content.nested
        start += span
    row = _RowPart(tuple(cells), tuple(holding), flags.startswith("D"), pages, number)
    return row if not inside else row._replace(nesting=tuple(inside), lifted=tuple(_lifted(inside)))


_Inner = tuple[tuple[tuple[int, str], ...], ...]
_LEAST_COLUMNS = 3


def _unnested(flat: str, content: Content, names: Names, width: int) -> tuple[Content, _Inner]:
    """Return a cell's content and the rows of the table inside it, if they have the columns of the row around it.

    That is what a schedule pasted from a worksheet comes to when the cursor stood in a cell.
    """
    outer, rows = nested_rows(flat.partition(END)[2])
    widest = max(map(len, rows), default=0)
    if width < _LEAST_COLUMNS or abs(widest - width) > 1:
        return content, ()
    return content_of(outer, names)._replace(nested=content.nested), rows


def _lifted(inside: Mapping[int, _Inner]) -> Iterator[tuple[tuple[int, _CellPart], ...]]:
    for number, rows in inside.items():
        for row in rows:
            yield tuple((number + n, (text, column, 1, (), (), ())) for column, (n, text) in enumerate(row))


@lru_cache(maxsize=20_000)
def _cell_of(text: str, names: Names) -> tuple[int, bool, Content]:
    """Return how many columns a cell spans, whether it is merged upward, and what stands in it."""
    shape, _, inner = text.partition(END)
    return int(shape.rstrip("c") or 1), shape.endswith("c"), content_of(inner, names)
