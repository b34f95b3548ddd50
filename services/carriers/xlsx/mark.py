"""A completed workbook given back with its faults marked: a note and a fill at each cell, a list in front.

Everything else of the clerk's file stays byte for byte or element for element as it was. Our marks are
known again after another program saved the file, and are taken away before it is marked again. The same
file and findings give the same bytes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from lxml import etree

from services.carriers.container import Element, parse_xml
from services.carriers.reading import Reading
from services.carriers.xlsx.address import column_number, read_cell
from services.carriers.xlsx.cells import Sheet
from services.carriers.xlsx.faults import KEPT, faults_sheet, is_list, kept_sheet, plain_name
from services.carriers.xlsx.notes import add_notes, remove_notes
from services.carriers.xlsx.opened import Opened, open_workbook
from services.carriers.xlsx.package import Parts, S, add_sheet, parts_of, related, remove_sheet, repeat_rows, serialised
from services.carriers.xlsx.restyle import Looks, solid
from services.carriers.xlsx.values import cell_text
from services.carriers.zipped import packed
from services.findings import SEVERITY_LABELS, Finding, Severity
from services.form import Form

# One step beside the colours that people pick, so that a fill of ours is known by its colour alone.
SHADES: Mapping[Severity, str] = MappingProxyType(
    {Severity.MUST_FIX: "FFD9DA", Severity.CONFIRM: "FFF2CD", Severity.NOTE: "DDEBF8"}
)
_RANK = (Severity.MUST_FIX, Severity.CONFIRM, Severity.NOTE)
_PLACE = re.compile(r"工作表“(.+?)” (?:([A-Z]{1,3}\d+)|第(\d+)行)")

Kept = Mapping[tuple[str, str], str]
"""The fill that a marked cell had before, by sheet and address."""


def mark(form: Form, data: bytes, reading: Reading, findings: Sequence[Finding]) -> bytes:
    """Return the workbook with `findings` marked in it and our former marks removed; notes of people stay.

    Findings without a cell of their own stand in the list alone.

    Raises:
        UnreadableError: it is not a workbook.
    """
    del form
    opened = open_workbook(data)
    parts = parts_of(opened.container)
    _without_marks(opened, parts)
    if findings:
        _with_marks(opened, parts, reading, findings)
    return packed(parts.items())


def unmark(data: bytes) -> bytes:
    """Return the workbook without our marks; one that has none, byte for byte as it is.

    Raises:
        UnreadableError: it is not a workbook.
    """
    opened = open_workbook(data)
    parts = parts_of(opened.container)
    before = dict(parts)
    _without_marks(opened, parts)
    return data if parts == before else packed(parts.items())


def anchor_of(reading: Reading, finding: Finding) -> str:
    """Return the cell (sheet!A1) that a finding is marked at, the first of two, '' for none."""
    if finding.anchor:
        return finding.anchor.partition("\n")[0]
    path = finding.field
    while path:
        if path in reading.anchors:
            return reading.anchors[path]
        path = path.rpartition(".")[0]
    match = _PLACE.search(finding.place)
    return f"{match[1]}!{match[2] or f'A{match[3]}'}" if match else ""


# ---- marking ------------------------------------------------------------------------------------


def _with_marks(opened: Opened, parts: Parts, reading: Reading, findings: Sequence[Finding]) -> None:
    sheets = {name: part for name, part in opened.parts.items() if name in opened.shown and part in parts}
    anchors = {number: anchor_of(reading, finding) for number, finding in enumerate(findings)}
    cells = {number: anchor for number, anchor in anchors.items() if anchor.rpartition("!")[0] in sheets}
    told: dict[str, dict[str, list[Finding]]] = defaultdict(lambda: defaultdict(list))
    for number, anchor in cells.items():
        for place in dict.fromkeys((anchor, *findings[number].anchor.splitlines())):
            sheet, _, address = place.rpartition("!")
            told[sheet][address].append(findings[number])
    styles = related(parts, opened.main, "styles")
    looks = Looks(root=parse_xml(parts[styles]))
    kept: list[tuple[str, str, str]] = []
    for number, (sheet, part) in enumerate(sheets.items(), 1):
        if sheet in told:
            kept += ((sheet, *fill) for fill in _shaded(parts, part, looks, told[sheet]))
            add_notes(parts, part, {address: _note(found) for address, found in told[sheet].items()}, number)
    listed = faults_sheet(looks, findings, cells, SHADES)
    taken = tuple(name for name in opened.parts if not is_list(_sheet(opened, name)))
    name = plain_name(taken)
    add_sheet(parts, opened.main, name, listed, first=True)
    repeat_rows(parts, opened.main, name, "3:3")
    add_sheet(parts, opened.main, KEPT, kept_sheet(kept), first=False)
    parts[styles] = serialised(looks.root)


def _note(findings: Sequence[Finding]) -> str:
    return "\n".join(f"{SEVERITY_LABELS[finding.severity]}:{finding.message}" for finding in findings)


def _shaded(parts: Parts, part: str, looks: Looks, told: Mapping[str, Sequence[Finding]]) -> list[tuple[str, str]]:
    """Fill the cells of a sheet; return each address with the XML of the fill that it had."""
    root = parse_xml(parts[part])
    kept: list[tuple[str, str]] = []
    cells = _Cells(root)
    for address, findings in told.items():
        severity = min((finding.severity for finding in findings), key=_RANK.index)
        cell = cells.at(address)
        index = int(cell.get("s", "0"))
        kept.append((address, looks.fill_of(index)))
        cell.set("s", str(looks.with_fill(index, solid(SHADES[severity]))))
    parts[part] = serialised(root)
    return kept


class _Cells:
    """The cells of a worksheet by address; one that is not stored yet is made in its place."""

    def __init__(self, root: Element) -> None:
        data = root.find(f"{S}sheetData")
        self.data = data if data is not None else etree.SubElement(root, f"{S}sheetData")
        self.rows = {int(row.get("r", str(n))): row for n, row in enumerate(self.data, 1)}
        self.cells = {str(cell.get("r")): cell for cell in self.data.iter(f"{S}c")}

    def at(self, address: str) -> Element:
        """Return the cell at an address."""
        if address not in self.cells:
            row, col = read_cell(address) or (0, 0)
            line = self._row(row + 1)
            cell = etree.Element(f"{S}c", r=address)
            after = next((other for other in line if _column_of(other) > col), None)
            line.append(cell) if after is None else after.addprevious(cell)
            self.cells[address] = cell
        return self.cells[address]

    def _row(self, number: int) -> Element:
        if number not in self.rows:
            line = etree.Element(f"{S}row", r=str(number))
            after = next((row for n, row in sorted(self.rows.items()) if n > number), None)
            self.data.append(line) if after is None else after.addprevious(line)
            self.rows[number] = line
        return self.rows[number]


def _column_of(cell: Element) -> int:
    return column_number(re.sub(r"\d", "", cell.get("r", "A1")))


# ---- taking the marks away ----------------------------------------------------------------------


def _without_marks(opened: Opened, parts: Parts) -> None:
    kept = _kept(opened)
    styles = related(parts, opened.main, "styles")
    looks = Looks(root=parse_xml(parts[styles])) if styles in parts else None
    for sheet, part in opened.parts.items():
        if part not in parts:
            continue
        if sheet == KEPT or is_list(_sheet(opened, sheet)):
            remove_sheet(parts, opened.main, sheet, part)
            continue
        remove_notes(parts, part)
        if looks is not None:
            _unshaded(parts, part, looks, {cell: fill for (name, cell), fill in kept.items() if name == sheet})
    if looks is not None:
        parts[styles] = serialised(looks.root)


def _sheet(opened: Opened, name: str) -> Sheet:
    return opened.shown.get(name) or opened.unseen.get(name) or Sheet(cells={})


def _kept(opened: Opened) -> Kept:
    lines = [[cell_text(value) for value in row] + [""] * 3 for row in _sheet(opened, KEPT).grid]
    return {(line[0], line[1]): line[2] for line in lines if line[1]}


def _unshaded(parts: Parts, part: str, looks: Looks, kept: Mapping[str, str]) -> None:
    """Give the cells that we filled the fill that they had; a cell that was moved since gets none."""
    ours = {index for index in range(len(looks.xfs)) if looks.color_of(index) in set(SHADES.values())}
    if not ours and not kept:
        return
    root = parse_xml(parts[part])
    changed = False
    for cell in root.iter(f"{S}c"):
        index, address = int(cell.get("s", "0")), str(cell.get("r"))
        if index in ours:
            cell.set("s", str(looks.with_fill(index, kept.get(address, ""))))
            changed = True
    if changed:
        parts[part] = serialised(root)
