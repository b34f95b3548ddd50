"""Pictures that stand in a cell instead of lying on it: Excel's own (rich values) and those of WPS (DISPIMG)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.carriers.container import Element, parse_xml
from services.carriers.xlsx.opened import Opened, relations

_DISPLAYED = re.compile(rb'DISPIMG\((?:"|&quot;)(\w+)')
_VALUE = re.compile(rb'\bvm="(\d+)"')
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_IMAGES, _METADATA, _VALUES, _RELATIONS = (
    "xl/cellimages.xml",
    "xl/metadata.xml",
    "xl/richData/rdrichvalue.xml",
    "xl/richData/richValueRel.xml",
)


def inline_picture(opened: Opened, sheet: str, address: str) -> bytes:
    """Return the picture in a cell, b'' for none."""
    part = opened.container.parts.get(opened.parts.get(sheet, ""), b"")
    cell = re.search(rb'<c r="%b"([^>]*)>(.*?)</c>' % address.encode(), part, re.DOTALL)
    if cell is None:
        return b""
    displayed, value = _DISPLAYED.search(cell[2]), _VALUE.search(cell[1])
    if displayed:
        return _of_wps(opened, displayed[1].decode())
    return _of_excel(opened, int(value[1]) - 1) if value else b""


def _of_wps(opened: Opened, name: str) -> bytes:
    for image in _named(opened, _IMAGES, "cellImage"):
        names = {element.get("name") for element in image.iter() if _is(element, "cNvPr")}
        blip = next((element for element in image.iter() if _is(element, "blip")), None)
        if name in names and blip is not None:
            return _media(opened, _IMAGES, blip.get(f"{_OFFICE}embed", ""))
    return b""


def _of_excel(opened: Opened, number: int) -> bytes:
    """Follow a cell's value from its metadata to the rich value, to the relation, to the picture."""
    future = [int(element.get("i", "0")) for element in _named(opened, _METADATA, "rvb")]
    blocks = [block for block in _named(opened, _METADATA, "bk") if _is(block.getparent(), "valueMetadata")]
    pointers = [int(next(iter(block)).get("v", "0")) for block in blocks if len(block)]
    values = list(_named(opened, _VALUES, "rv"))
    listed = list(_named(opened, _RELATIONS, "rel"))
    try:
        relation = int(values[future[pointers[number]]][0].text or "0")
        return _media(opened, _RELATIONS, listed[relation].get(f"{_OFFICE}id", ""))
    except (IndexError, ValueError):
        return b""


def _media(opened: Opened, part: str, relation: str) -> bytes:
    _, target = relations(opened.container.parts, part).get(relation, ("", ""))
    return opened.container.media(target)


def _named(opened: Opened, part: str, name: str) -> Iterator[Element]:
    data = opened.container.parts.get(part)
    return (element for element in parse_xml(data).iter() if _is(element, name)) if data else iter(())


def _is(element: Element | None, name: str) -> bool:
    return element is not None and str(element.tag).rpartition("}")[2] == name
