"""Notes at the cells of a workbook: ours are added behind what people wrote, and taken away again alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from posixpath import dirname, join

from lxml import etree

from services.carriers.container import Element, parse_xml
from services.carriers.xlsx.address import read_cell
from services.carriers.xlsx.package import MAIN, OFFICE, R_ID, Parts, S, declare, relate, related, serialised, unrelate

AUTHOR = "质量普查校核"
MARK = "【质量普查校核】"
"""Begins our part of a note; everything behind it is ours."""

_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_SHAPE = re.compile(r"<v:shape\b.*?</v:shape>", re.DOTALL)
_SHAPE_NUMBER = re.compile(r"_x0000_s(\d+)")
_LATER = ("legacyDrawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst")
_BEFORE_LEGACY = tuple(f"{S}{name}" for name in _LATER)
_FRAME = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
    '<o:idmap v:ext="edit" data="{number}"/></o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" '
    'o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)


def add_notes(parts: Parts, sheet: str, texts: Mapping[str, str], number: int) -> None:
    """Add notes to a worksheet part: `texts` by address, `number` the place of the sheet in the workbook."""
    name = related(parts, sheet, "comments") or _new_comments(parts, sheet, number)
    root = parse_xml(parts[name])
    listed = {str(comment.get("ref")): comment for comment in root.iter(f"{S}comment")}
    author = _author(root)
    fresh: list[str] = []
    for address, text in texts.items():
        if address not in listed:
            holder = root.find(f"{S}commentList")
            parent = holder if holder is not None else etree.SubElement(root, f"{S}commentList")
            listed[address] = etree.SubElement(parent, f"{S}comment", ref=address, authorId=str(author))
            etree.SubElement(listed[address], f"{S}text")
            fresh.append(address)
        _append(listed[address], text)
    parts[name] = serialised(root)
    _draw(parts, sheet, fresh, number)


def _new_comments(parts: Parts, sheet: str, number: int) -> str:
    folder = dirname(dirname(sheet))
    name = next(
        n for k in range(number, len(parts) + number + 1) if (n := join(folder, f"comments{k}.xml")) not in parts
    )
    parts[name] = f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'.encode()
    declare(parts, name, "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml")
    relate(parts, sheet, "comments", name)
    return name


def _author(root: Element) -> int:
    authors = root.find(f"{S}authors")
    if authors is None:
        authors = etree.Element(f"{S}authors")
        root.insert(0, authors)
    names = [author.text for author in authors]
    if AUTHOR not in names:
        etree.SubElement(authors, f"{S}author").text = AUTHOR
        return len(names)
    return names.index(AUTHOR)


def _append(comment: Element, text: str) -> None:
    """Write our text into a note, behind what a person wrote there."""
    holder = comment.find(f"{S}text")
    body = holder if holder is not None else etree.SubElement(comment, f"{S}text")
    plain = body.find(f"{S}t")
    if plain is not None:
        body.remove(plain)
        _run(body, plain.text or "")
    before = "\n" if "".join(map(str, body.itertext())) else ""
    _run(body, f"{before}{MARK}\n{text}")


def _run(body: Element, text: str) -> None:
    run = etree.SubElement(body, f"{S}r")
    look = etree.SubElement(run, f"{S}rPr")
    etree.SubElement(look, f"{S}sz", val="9")
    etree.SubElement(look, f"{S}rFont", val="宋体")
    piece = etree.SubElement(run, f"{S}t")
    piece.set(_XML_SPACE, "preserve")
    piece.text = text


# ---- the shapes that show them ------------------------------------------------------------------


def _draw(parts: Parts, sheet: str, addresses: list[str], number: int) -> None:
    name = related(parts, sheet, "vmlDrawing") or _new_drawing(parts, sheet, number)
    drawing = parts[name].decode("utf-8", "replace")
    used = [int(found) for found in _SHAPE_NUMBER.findall(drawing)]
    first = max([number * 1024, *used]) + 1
    shapes = "".join(_shape(first + n, address) for n, address in enumerate(addresses))
    end = drawing.rindex("</xml>")
    parts[name] = (drawing[:end] + shapes + drawing[end:]).encode()


def _new_drawing(parts: Parts, sheet: str, number: int) -> str:
    folder = join(dirname(dirname(sheet)), "drawings")
    name = next(
        n for k in range(number, len(parts) + number + 1) if (n := join(folder, f"vmlDrawing{k}.vml")) not in parts
    )
    parts[name] = _FRAME.format(number=number).encode()
    declare(parts, name, "application/vnd.openxmlformats-officedocument.vmlDrawing")
    relation = relate(parts, sheet, "vmlDrawing", name)
    root = parse_xml(parts[sheet])
    legacy = etree.Element(f"{S}legacyDrawing", {R_ID: relation}, nsmap={"r": OFFICE})
    after = next((child for child in root if child.tag in _BEFORE_LEGACY), None)
    root.append(legacy) if after is None else after.addprevious(legacy)
    parts[sheet] = serialised(root)
    return name


def _shape(number: int, address: str) -> str:
    row, col = read_cell(address) or (0, 0)
    return (
        f'<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;visibility:hidden" '
        'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
        '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>'
        '</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>{col + 1}, 12, {row}, 6, {col + 4}, 40, {row + 5}, 6</x:Anchor><x:AutoFill>False</x:AutoFill>"
        f"<x:Row>{row}</x:Row><x:Column>{col}</x:Column></x:ClientData></v:shape>"
    )


# ---- and away again -----------------------------------------------------------------------------


def remove_notes(parts: Parts, sheet: str) -> None:
    """Take our notes off a worksheet part; what people wrote stays."""
    name = related(parts, sheet, "comments")
    if not name or MARK.encode() not in parts[name]:
        return
    root = parse_xml(parts[name])
    gone: set[str] = set()
    for comment in list(root.iter(f"{S}comment")):
        if MARK in _text(comment):
            _cut(comment)
            if not _text(comment).strip():
                gone.add(str(comment.get("ref")))
                _parent(comment).remove(comment)
    parts[name] = serialised(root)
    _undraw(parts, sheet, gone)
    if not any(True for _ in root.iter(f"{S}comment")):
        unrelate(parts, sheet, name)


def _parent(element: Element) -> Element:
    parent = element.getparent()
    if parent is None:
        raise ValueError("a note stands in a list")
    return parent


def _text(comment: Element) -> str:
    return "".join(piece.text or "" for piece in comment.iter(f"{S}t"))


def _cut(comment: Element) -> None:
    """Cut a note at our mark: a program may have joined the runs."""
    room = _text(comment).index(MARK)
    for piece in list(comment.iter(f"{S}t")):
        text = piece.text or ""
        piece.text = text[:room].rstrip("\n") if room < len(text) else text
        room = max(0, room - len(text))


def _undraw(parts: Parts, sheet: str, addresses: set[str]) -> None:
    name = related(parts, sheet, "vmlDrawing")
    if not name:
        return
    cells = {read_cell(address) for address in addresses}
    drawing = _SHAPE.sub(
        lambda match: "" if _cell_of(match[0]) in cells else match[0], parts[name].decode("utf-8", "replace")
    )
    parts[name] = drawing.encode()
    if "<v:shape " in drawing:
        return
    relation = unrelate(parts, sheet, name)
    root = parse_xml(parts[sheet])
    for legacy in root.findall(f"{S}legacyDrawing"):
        if legacy.get(R_ID) == relation:
            root.remove(legacy)
    parts[sheet] = serialised(root)


def _cell_of(shape: str) -> tuple[int, int] | None:
    row, col = (re.search(rf"<x:{name}>(\d+)</x:{name}>", shape) for name in ("Row", "Column"))
    return (int(row[1]), int(col[1])) if row and col else None
