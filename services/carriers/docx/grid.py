"""The rows and cells of a Word document, with what claims to stand in each.

The document is flattened by read.xsl (one pass in C, about a tenth of a walk in Python) and taken apart
here. Cells and paragraphs are addressed by their number in the document as it is: `c57` is the
58th table cell, `p3` the fourth paragraph outside tables; `mark` finds them again by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from lxml import etree

from services.carriers.container import Element
from services.carriers.layout import Cell, Piece, Row

ROW, CELL, END, OPEN, MID, CLOSE, NAME, PAGE, BOX, BOX_END, PICTURE, PARAGRAPH, NESTED, PROMPT = (
    chr(0xFDD0 + n) for n in range(14)
)
# The stylesheet is ours and reads no other file, so that it needs no access control.
_FLATTEN = etree.XSLT(etree.parse(Path(__file__).with_name("read.xsl")))
_BLOCK = re.compile(f"([{ROW}{PARAGRAPH}])([^{ROW}{PARAGRAPH}]*)")
_MARKED = re.compile(f"[{OPEN}-{BOX_END}{PICTURE}{NESTED}{PROMPT}]")
_ONE_CONTROL = re.compile(f"(?:{NAME}([^{END}]*){END})?{OPEN}([^{MID}]*){MID}([^\ufdd0-\ufddd]*){CLOSE}\n?")
"""An answer as it is issued: one control, inside its bookmark or without one."""
_TOKENS = re.compile(
    f"{OPEN}(?P<open>[^{MID}]*){MID}(?P<prompt>{PROMPT}?)|(?P<close>{CLOSE})|{NAME}(?P<name>[^{END}]*){END}"
    f"|{PICTURE}(?P<picture>[^{END}]*){END}|(?P<box>{BOX})|(?P<box_end>{BOX_END})|(?P<page>{PAGE})|(?P<nested>{NESTED})"
)

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
    """The rows of a document, empty paragraphs left out; by address: pictures and text boxes.

    `pictures` are relation ids in cells, `boxes` the texts of text boxes anchored there.
    """

    rows: tuple[Row, ...]
    pictures: Mapping[str, str]
    boxes: Mapping[str, str]


@dataclass(slots=True)
class _Content:
    """What stands in one cell or paragraph while it is being taken apart."""

    pieces: list[tuple[str, str]]
    claims: list[str]
    picture: str = ""
    box: str = ""
    pages: int = 0
    nested: int = 0


def elements(root: Element) -> Mapping[str, Element]:
    """Return the cells and the paragraphs outside tables of a document by their address."""
    cells = {f"c{number}": cell for number, cell in enumerate(_found(_CELLS, root))}
    return cells | {f"p{number}": paragraph for number, paragraph in enumerate(_found(_PARAGRAPHS, root))}


def _found(path: etree.XPath, root: Element) -> list[Element]:
    return cast("list[Element]", path(root))


def flatten(root: Element) -> str:
    """Return the text of a part with its marks (read.xsl)."""
    return str(_FLATTEN(root))


def plain_text(root: Element) -> str:
    """Return the text of a part (a header, say) without marks."""
    return re.sub(f"{NAME}[^{END}]*{END}|{OPEN}[^{MID}]*{MID}|[\ufdd0-\ufddd]", " ", flatten(root))


def grid_of(root: Element, names: Mapping[str, str]) -> Grid:
    """Return the rows of a document; `names` says which answer each tag and bookmark claims."""
    return _Reader(names).grid(flatten(root))


class _Reader:
    """One pass over the flattened text, counting cells, paragraphs and pages."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names
        self.cells = 0
        self.paragraphs = 0
        self.page = 1
        self.pictures: dict[str, str] = {}
        self.boxes: dict[str, str] = {}

    def grid(self, flat: str) -> Grid:
        self.page = 1 if PAGE in flat else 0
        rows = [row for mark, text in _BLOCK.findall(flat) if (row := self._row(mark, text)) is not None]
        return Grid(rows=tuple(rows), pictures=self.pictures, boxes=self.boxes)

    def _row(self, mark: str, text: str) -> Row | None:
        if mark == PARAGRAPH:
            address = f"p{self.paragraphs}"
            self.paragraphs += 1
            cell, turned = self._cell(text, address, (0, 1))
            self.page += turned if self.page else 0
            return Row(cells=(cell,), page=self.page, in_table=False) if cell.text.strip() or cell.claims else None
        head, *texts = text.split(CELL)
        flags = head.partition(END)[0]
        cells, turned = self._cells(texts, int(flags.lstrip("D") or 0))
        self.page += turned if self.page else 0
        return None if flags.startswith("D") else Row(cells=tuple(cells), page=self.page)

    def _cells(self, texts: Sequence[str], start: int) -> tuple[list[Cell], int]:
        cells: list[Cell] = []
        turned = 0
        for text in texts:
            head, _, content = text.partition(END)
            span = int(head.rstrip("c") or 1)
            address = f"c{self.cells}"
            self.cells += 1
            cell, pages = self._cell(content, address, (start, span))
            if not head.endswith("c"):
                cells.append(cell)
            start += span
            turned = max(turned, pages)
        return cells, turned

    def _cell(self, text: str, address: str, columns: tuple[int, int]) -> tuple[Cell, int]:
        start, span = columns
        if not _MARKED.search(text):
            return Cell(text=text.removesuffix("\n"), start=start, span=span, address=address), 0
        plain = _ONE_CONTROL.fullmatch(text)
        if plain and (path := self.names.get(plain[2])):
            bookmarked = plain[1] and self.names.get(bookmark_key(plain[1]))
            claims = (path, bookmarked) if bookmarked else (path,)
            pieces = (Piece(text=plain[3], path=path),)
            return Cell(text=plain[3], start=start, span=span, address=address, pieces=pieces, claims=claims), 0
        content = _take_apart(text, self.names)
        self.cells += content.nested
        if content.picture:
            self.pictures[address] = content.picture
        if content.box.strip():
            self.boxes[address] = content.box.strip("\n")
        pieces = tuple(Piece(text=piece, path=path) for piece, path in _joined(content.pieces))
        whole = "".join(piece.text for piece in pieces)
        claims = tuple(content.claims)
        cell = Cell(text=whole, start=start, span=span, address=address, pieces=pieces, claims=claims)
        return cell, content.pages


def _joined(pieces: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the pieces with neighbours of one control joined and the last line end dropped."""
    merged: list[list[str]] = []
    for text, path in pieces:
        if merged and merged[-1][1] == path:
            merged[-1][0] += text
        else:
            merged.append([text, path])
    if merged:
        merged[-1][0] = merged[-1][0].removesuffix("\n")
    return ((text, path) for text, path in merged if text or path)


def _take_apart(text: str, names: Mapping[str, str]) -> _Content:
    """Return the pieces of a cell's flattened text and what else stands in it."""
    content = _Content(pieces=[], claims=[])
    controls: list[tuple[str, bool]] = []
    box_depth = 0
    position = 0
    for token in _TOKENS.finditer(text):
        _keep(content, text[position : token.start()], controls, box_depth)
        position = token.end()
        kind = token.lastgroup
        box_depth += {"box": 1, "box_end": -1}.get(kind or "", 0)
        _note(content, token, names, controls)
    _keep(content, text[position:], controls, box_depth)
    return content


def _keep(content: _Content, text: str, controls: Sequence[tuple[str, bool]], box_depth: int) -> None:
    path = next((path for path, _ in reversed(controls) if path), "")
    if box_depth:
        content.box += text
    elif not any(is_prompt for _, is_prompt in controls):
        content.pieces.append((text, path))


def _note(content: _Content, token: re.Match[str], names: Mapping[str, str], controls: list[tuple[str, bool]]) -> None:
    """Take down one mark: a control that begins or ends, a bookmark, a picture, a page."""
    match token.lastgroup:
        case "open" | "prompt":
            path = names.get(token["open"], "")
            controls.append((path, bool(token["prompt"])))
            content.pieces.append(("", path))
            content.claims += [path] if path else []
        case "close":
            del controls[-1:]
        case "name":
            content.claims += [path] if (path := names.get(bookmark_key(token["name"]), "")) else []
        case _:
            content.picture = content.picture or token["picture"] or ""
            content.pages += token.lastgroup == "page"
            content.nested += token.lastgroup == "nested"


_COPY = re.compile(r"(?:_Copy_?\d+)+$", re.IGNORECASE)


def bookmark_key(name: str) -> str:
    """Return a bookmark's name as issued: LibreOffice renames copies to `…_Copy_1`."""
    return _COPY.sub("", name)
