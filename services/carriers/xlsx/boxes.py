"""Text boxes and shapes with words that lie on the sheets of an uploaded workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.carriers.container import Element, parse_xml
from services.carriers.vote import Vote, short
from services.carriers.witness import BOX
from services.carriers.xlsx.address import cell_name, place_of
from services.carriers.xlsx.opened import Opened, relations
from services.findings import Finding, Problem, Severity, found

_XDR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_HIGH, _WIDE = 3, 4
"""Rows and columns that a box is taken to cover where the file does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A text box: its words, and the addresses (sheet!A1) of the cells that its middle row covers."""

    text: str
    cells: tuple[str, ...]


def boxes_on(opened: Opened) -> tuple[Box, ...]:
    """Return the text boxes of all visible sheets."""
    drawings = (part for name, part in opened.container.parts.items() if "/drawings/" in name)
    if not any(b"txBody" in part for part in drawings):
        return ()
    return tuple(box for sheet in opened.shown for box in _boxes(opened, sheet))


def _boxes(opened: Opened, sheet: str) -> Iterator[Box]:
    parts = opened.container.parts
    for kind, drawing in relations(parts, opened.parts.get(sheet, "")).values():
        if kind == "drawing" and b"txBody" in parts.get(drawing, b""):
            for anchor in parse_xml(parts[drawing]):
                text = "\n".join(_lines(anchor)).strip()
                if text:
                    yield Box(text=text, cells=tuple(f"{sheet}!{name}" for name in _covered(anchor)))


def _lines(anchor: Element) -> Iterator[str]:
    for body in anchor.iter(f"{_XDR}txBody"):
        for line in body.iter(f"{_TEXT}p"):
            yield "".join(piece.text or "" for piece in line.iter(f"{_TEXT}t"))


def _covered(anchor: Element) -> Iterator[str]:
    top, left = _corner(anchor, "from") or (0, 0)
    bottom, right = _corner(anchor, "to") or (top + _HIGH - 1, left + _WIDE - 1)
    for col in range(left, max(left, right) + 1):
        yield cell_name((top + max(top, bottom)) // 2, col)


def _corner(anchor: Element, name: str) -> tuple[int, int] | None:
    corner = anchor.find(f"{_XDR}{name}")
    if corner is None:
        return None
    row, col = (corner.findtext(f"{_XDR}{word}") or "0" for word in ("row", "col"))
    return int(row), int(col)


def by_cell(boxes: Sequence[Box]) -> Mapping[str, str]:
    """Return the words of the boxes by the cells that they cover."""
    return {cell: box.text for box in boxes for cell in box.cells}


def left_over(boxes: Sequence[Box], votes: Sequence[Vote]) -> Iterator[Finding]:
    """Yield what is said of boxes that belong to no answer."""
    read = {vote.address for vote in votes if BOX in vote.witnesses}
    for box in boxes:
        if not read.intersection(box.cells):
            problem = Problem(
                rule="D02",
                code="layout.box",
                severity=Severity.CONFIRM,
                phrase=f"写着“{short(box.text)}”,没有读取",
                phrase_en=f"holds {short(box.text)!r} and was not read",
                got=box.text,
                remedy="需要保留的请填在栏目里,并删去文本框",
            )
            yield found(problem, field="", label="文本框", place=place_of(box.cells[0]))
