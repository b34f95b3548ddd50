"""New looks in the style sheet of somebody's workbook: the same cell with another fill, and what it had before."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from services.carriers.container import Element, parse_xml
from services.carriers.xlsx.package import MAIN, S


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """A style sheet being added to."""

    root: Element

    @property
    def xfs(self) -> Element:
        """The looks that cells name by index."""
        return self._list("cellXfs")

    @property
    def fills(self) -> Element:
        """The fills that looks name by index."""
        return self._list("fills")

    def _list(self, name: str) -> Element:
        found = self.root.find(f"{S}{name}")
        return found if found is not None else etree.SubElement(self.root, f"{S}{name}")

    def fill_of(self, index: int) -> str:
        """Return the XML of a look's fill, '' when it has none."""
        number = int(self.xfs[index].get("fillId", "0")) if index < len(self.xfs) else 0
        if number == 0 or number >= len(self.fills):
            return ""
        return etree.tostring(self.fills[number], encoding="unicode")

    def color_of(self, index: int) -> str:
        """Return the colour RRGGBB of a look's solid fill, '' for none."""
        fill = self.fill_of(index)
        color = parse_xml(fill.encode()).find(f"{S}patternFill/{S}fgColor") if fill else None
        return str(color.get("rgb", ""))[-6:].upper() if color is not None else ""

    def with_fill(self, index: int, fill: str) -> int:
        """Return the index of the look `index` with another fill ('' for none), added when it is not there."""
        look = deepcopy(self.xfs[index]) if index < len(self.xfs) else etree.Element(f"{S}xf")
        look.set("fillId", str(_index_of(self.fills, parse_xml(fill.encode())) if fill else 0))
        look.set("applyFill", "1")
        return _index_of(self.xfs, look)

    def add(self, kind: str, xml: str) -> int:
        """Return the index of `xml` in a list of the style sheet (fonts, fills, borders, cellXfs), added when new."""
        return _index_of(self._list(kind), parse_xml(xml.replace(">", f' xmlns="{MAIN}">', 1).encode()))


def solid(color: str) -> str:
    """Return the XML of a plain fill."""
    return (
        f'<fill xmlns="{MAIN}"><patternFill patternType="solid"><fgColor rgb="FF{color}"/><bgColor indexed="64"/>'
        "</patternFill></fill>"
    )


def _index_of(parent: Element, wanted: Element) -> int:
    key = etree.tostring(wanted, method="c14n", exclusive=True)
    for number, element in enumerate(parent):
        if etree.tostring(element, method="c14n", exclusive=True, with_tail=False) == key:
            return number
    parent.append(wanted)
    parent.set("count", str(len(parent)))
    return len(parent) - 1
