"""The pieces of WordprocessingML that a form is made of, as text. Lengths are millimetres.

Formatting stands in paragraph styles, never on runs: LibreOffice 7.4 drops run formatting inside
content controls, and a line break or tab in a value needs no run properties repeated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape as _escape

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="w14"'
)
XML_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TWIPS_A_MM = 1440 / 25.4
EMU_A_MM = 36_000


def twips(length_mm: float) -> int:
    """Return a length in twentieths of a point."""
    return round(length_mm * TWIPS_A_MM)


def emu(length_mm: float) -> int:
    """Return a length in English metric units."""
    return round(length_mm * EMU_A_MM)


def escape(text: str) -> str:
    """Return `text` as it may stand in an element or an attribute."""
    return _escape(text, quote=True).replace("&#x27;", "'")


def run(text: str) -> str:
    """Return a run of `text`; a new line in it is a line break, a tab a tab."""
    pieces = (
        {"\n": "<w:br/>", "\t": "<w:tab/>"}.get(piece) or f'<w:t xml:space="preserve">{escape(piece)}</w:t>'
        for piece in re.split("([\n\t])", text)
    )
    return f"<w:r>{''.join(pieces)}</w:r>"


def paragraph(content: str, style: str, *, properties: str = "") -> str:
    """Return a paragraph of runs in a style; `properties` follow the style, in the schema's order."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'


KEEP_NEXT = "<w:keepNext/>"
NEW_PAGE = "<w:pageBreakBefore/>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A table cell: its paragraphs, its width, how many columns it spans and how it merges downward.

    `merge` is 'restart' for the first cell of a vertical merge, 'continue' for those under it;
    `open_sides` are the sides without a border, `closed_sides` those drawn although the table has none.
    """

    content: str
    width_mm: float
    span: int = 1
    merge: str = ""
    open_sides: Sequence[str] = ()
    closed_sides: Sequence[str] = ()
    align: str = "center"
    tight: bool = False

    def xml(self) -> str:
        """Return the cell."""
        properties = f'<w:tcW w:w="{twips(self.width_mm)}" w:type="dxa"/>'
        if self.span > 1:
            properties += f'<w:gridSpan w:val="{self.span}"/>'
        if self.merge:
            properties += f'<w:vMerge w:val="{self.merge}"/>'
        properties += self._borders()
        if self.tight:
            properties += '<w:tcMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tcMar>'
        return f'<w:tc><w:tcPr>{properties}<w:vAlign w:val="{self.align}"/></w:tcPr>{self.content}</w:tc>'

    def _borders(self) -> str:
        sides = "".join(
            f'<w:{side} w:val="nil"/>'
            if side in self.open_sides
            else f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
            for side in ("top", "left", "bottom", "right")
            if side in self.open_sides or side in self.closed_sides
        )
        return f"<w:tcBorders>{sides}</w:tcBorders>" if sides else ""


def row(cells: Iterable[Cell], height_mm: float, *, is_head: bool = False, splits: bool = False) -> str:
    """Return a table row at least `height_mm` high; a head row repeats on every page."""
    properties = "" if splits else "<w:cantSplit/>"
    properties += f'<w:trHeight w:val="{twips(height_mm)}" w:hRule="atLeast"/>'
    properties += "<w:tblHeader/>" if is_head else ""
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cell.xml() for cell in cells)}</w:tr>"


def directive(tag: str, columns_mm: Sequence[float]) -> str:
    """Return the table row that holds only a template tag (`{%tr for … %}`)."""
    return row((Cell(content=paragraph(run(tag), "ZPMark"), width_mm=sum(columns_mm), span=len(columns_mm)),), 4)


def table(columns_mm: Sequence[float], rows: Iterable[str], *, style: str = "ZPTable") -> str:
    """Return a centred table with fixed column widths."""
    grid = "".join(f'<w:gridCol w:w="{twips(width)}"/>' for width in columns_mm)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{twips(sum(columns_mm))}" w:type="dxa"/>'
        '<w:jc w:val="center"/><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def control(tag: str, alias: str, content: str, *, kind: str = "", is_locked: bool = True) -> str:
    """Return a run-level content control; `kind` is the element that makes it a date, a list or a box.

    A locked one cannot be deleted, its content can be edited. The placeholder is the form's own blank
    (glossary part), so that an emptied control does not print Word's invitation to click.
    """
    lock = '<w:lock w:val="sdtLocked"/>' if is_locked else ""
    blank = "" if kind.startswith("<w14:checkbox") else '<w:placeholder><w:docPart w:val="ZPBlank"/></w:placeholder>'
    return (
        f'<w:sdt><w:sdtPr><w:alias w:val="{escape(alias)}"/><w:tag w:val="{tag}"/>{lock}{blank}{kind}</w:sdtPr>'
        f"<w:sdtContent>{content}</w:sdtContent></w:sdt>"
    )


def bookmarked(name: str, number: int, content: str) -> str:
    """Return runs inside a bookmark; `number` is unique in the document."""
    return (
        f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{content}<w:bookmarkEnd w:id="{number}"/>'
        if name
        else content
    )


def picture(relation: str, number: int, name: str, size_mm: tuple[float, float]) -> str:
    """Return the graphic of an inline or anchored drawing, without its placing."""
    extent = f'cx="{emu(size_mm[0])}" cy="{emu(size_mm[1])}"'
    return (
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name="{name}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
    )


def inline_picture(relation: str, number: int, name: str, size_mm: tuple[float, float]) -> str:
    """Return a drawing that stands in its line like a character."""
    return (
        '<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{emu(size_mm[0])}" cy="{emu(size_mm[1])}"/><wp:docPr id="{number}" name="{name}"/>'
        f"{picture(relation, number, name, size_mm)}</wp:inline></w:drawing>"
    )


def corner_picture(relation: str, number: int, name: str, side_mm: float) -> str:
    """Return a square drawing in the top right corner of the text area, with text keeping clear of it."""
    return (
        '<w:drawing><wp:anchor distT="0" distB="0" distL="114300" distR="0" simplePos="0" relativeHeight="2" '
        'behindDoc="0" locked="1" layoutInCell="1" allowOverlap="0"><wp:simplePos x="0" y="0"/>'
        '<wp:positionH relativeFrom="margin"><wp:align>right</wp:align></wp:positionH>'
        '<wp:positionV relativeFrom="margin"><wp:align>top</wp:align></wp:positionV>'
        f'<wp:extent cx="{emu(side_mm)}" cy="{emu(side_mm)}"/><wp:effectExtent l="0" t="0" r="0" b="0"/>'
        f'<wp:wrapSquare wrapText="left"/><wp:docPr id="{number}" name="{name}" descr="表格编号二维码"/>'
        "<wp:cNvGraphicFramePr/>"
        f"{picture(relation, number, name, (side_mm, side_mm))}</wp:anchor></w:drawing>"
    )
