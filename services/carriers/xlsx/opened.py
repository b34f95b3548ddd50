"""An uploaded workbook opened: what its visible sheets hold, what its names point at, what it says of itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from html import unescape
from posixpath import dirname, join, normpath
from types import MappingProxyType

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from services.carriers.container import Container, open_container
from services.carriers.reading import UnreadableError
from services.carriers.xlsx.address import Cell, read_cell, split_reference
from services.carriers.xlsx.book import path_of
from services.carriers.xlsx.by_calamine import by_calamine
from services.carriers.xlsx.cells import Grid, Sheet, Tables, of_grid, scanned, tables_of

MOST_ROWS = 20_000
_HIDDEN = frozenset({"hidden", "veryHidden"})
_NO_SHEETS: Mapping[str, Sheet] = MappingProxyType({})
_NAME = re.compile(r'definedName (?:|[^>]*?\b)name="([^"]+)"[^>]*>([^<]*)<')
_SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*?>")
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
_RELATION = re.compile(r"Relationship\s[^>]*>")
_FROM_1904 = re.compile(rb'\bdate1904="(?:1|true)"')
_FORMULA_CELL = re.compile(rb'<c\b[^>]*?\br="([A-Z]+\d+)"[^>]*>\s*<f[ >/]')


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What a name says of a schedule: sheet, row of the head, columns of the range."""

    sheet: str
    head: int


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A workbook: its visible sheets by name, in order, `unseen` the others."""

    container: Container
    shown: Mapping[str, Sheet] = field(default_factory=lambda: _NO_SHEETS)
    unseen: Mapping[str, Sheet] = field(default_factory=lambda: _NO_SHEETS)

    def sheet(self, name: str) -> Sheet | None:
        """Return the sheet of that name, hidden or not."""
        return self.shown.get(name) or self.unseen.get(name)

    @cached_property
    def grids(self) -> Mapping[str, Grid]:
        """The values of the visible sheets."""
        return {name: sheet.grid for name, sheet in self.shown.items()}

    @cached_property
    def hidden(self) -> Mapping[str, Grid]:
        """The values of the other sheets."""
        return {name: sheet.grid for name, sheet in self.unseen.items()}

    @cached_property
    def names(self) -> Mapping[str, tuple[str, Cell]]:
        """The cell that each name of ours points at, by answer."""
        found = ((path_of(name), target) for name, target in self._defined if name[:2] in {"F_", "I_"})
        cells = ((path, *split_reference(target)) for path, target in found if path)
        placed = ((path, sheet, read_cell(address)) for path, sheet, address in cells)
        return MappingProxyType({path: (sheet, cell) for path, sheet, cell in placed if cell is not None})

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """Where the names of schedules point, by key."""
        return tables_in(self.workbook)

    @cached_property
    def _defined(self) -> tuple[tuple[str, str], ...]:
        return _names_in(self.workbook)

    @cached_property
    def main(self) -> str:
        """The name of the workbook part."""
        targets = relations(self.container.parts, "")
        return next((t for kind, t in targets.values() if kind == "officeDocument"), "xl/workbook.xml")

    @property
    def workbook(self) -> bytes:
        """The workbook part."""
        return self.container.parts.get(self.main, b"")

    @cached_property
    def parts(self) -> Mapping[str, str]:
        """The part of each sheet, by its name, hidden ones included, in order."""
        return {attributes.get("name", ""): part for attributes, part in self._sheets}

    @cached_property
    def concealed(self) -> frozenset[str]:
        """The names of the sheets that are hidden."""
        hidden = (attributes.get("name", "") for attributes, _ in self._sheets if attributes.get("state") in _HIDDEN)
        return frozenset(hidden)

    @cached_property
    def _related(self) -> Mapping[str, tuple[str, str]]:
        """The relations of the workbook part."""
        return relations(self.container.parts, self.main)

    @cached_property
    def _sheets(self) -> tuple[tuple[dict[str, str], str], ...]:
        """The attributes and the part of each worksheet."""
        targets = self._related
        listed = _sheets_in(self.workbook)
        named = ((next((v for k, v in sheet.items() if k.endswith(":id")), ""), sheet) for sheet in listed)
        return tuple((sheet, targets[r][1]) for r, sheet in named if targets.get(r, ("", ""))[0] == "worksheet")

    @cached_property
    def tables_of_cells(self) -> Tables | None:
        """What the cells refer to, None when it is written in an unusual way or days are counted from 1904."""
        parts = self.container.parts
        related = dict(self._related.values())
        if b"date1904" in self.workbook and _FROM_1904.search(self.workbook):
            return None
        return tables_of(*(parts.get(related.get(kind, ""), b"") for kind in ("sharedStrings", "styles")))

    def formula_cells(self, sheet: str) -> frozenset[bytes]:
        """Return the addresses of a sheet's cells that hold a formula."""
        part = self.container.parts.get(self.parts.get(sheet, ""), b"")
        there = self.sheet(sheet)
        return (there.formulas if there else None) or frozenset(_FORMULA_CELL.findall(part))


def attributes_of(tag: str) -> dict[str, str]:
    """Return the attributes of a start tag."""
    found = dict(_ATTRIBUTE.findall(tag))
    return {key: unescape(value) for key, value in found.items()} if "&" in tag else found


# What follows depends on one part alone, and the workbooks of a form share most of theirs: it is kept.


@lru_cache(maxsize=64)
def _names_in(part: bytes) -> tuple[tuple[str, str], ...]:
    text = part.decode("utf-8", "replace")
    names = _NAME.findall(text)
    return tuple((name, unescape(target)) for name, target in names) if "&" in text else tuple(names)


@lru_cache(maxsize=64)
def targets_in(part: bytes) -> Mapping[str, str]:
    """Return what each name in a workbook part refers to, quotes taken away."""
    targets = {name: target.replace("'", "") if "'" in target else target for name, target in _names_in(part)}
    return MappingProxyType(targets)


@lru_cache(maxsize=64)
def tables_in(part: bytes) -> Mapping[str, Table]:
    """Return where the names of schedules in a workbook part point, by key."""
    told = ((name[2:], *split_reference(target)) for name, target in _names_in(part) if name.startswith("T_"))
    heads = ((key, sheet, read_cell(address.partition(":")[0])) for key, sheet, address in told)
    return MappingProxyType({key: Table(sheet=sheet, head=cell[0]) for key, sheet, cell in heads if cell})


@lru_cache(maxsize=64)
def _sheets_in(part: bytes) -> tuple[dict[str, str], ...]:
    sheets = part.decode("utf-8", "replace").partition("sheets>")[2].partition("sheets>")[0]
    return tuple(attributes_of(tag) for tag in _SHEET.findall(sheets))


def relations(parts: Mapping[str, bytes], part: str) -> Mapping[str, tuple[str, str]]:
    """Return the relations of `part` ('' for the package): id → (last word of the type, part it points at)."""
    rels = parts.get(_relations_part(part))
    return _relations_in(rels, dirname(part)) if rels is not None else {}


@lru_cache(maxsize=512)
def _relations_in(rels: bytes, folder: str) -> Mapping[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for tag in _RELATION.findall(rels.decode("utf-8", "replace")):
        attributes = attributes_of(tag)
        target = attributes.get("Target", "")
        whole = target[1:] if target.startswith("/") else normpath(join(folder, target))
        found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], whole)
    return MappingProxyType(found)


@lru_cache(maxsize=1024)
def _relations_part(part: str) -> str:
    return join(dirname(part), "_rels", f"{part.rpartition('/')[2]}.rels") if part else "_rels/.rels"


def open_workbook(data: bytes) -> Opened:
    """Return the workbook in `data`, its values read.

    Raises:
        UnreadableError: it is not a workbook, is damaged, or holds more rows than any form.
    """
    container = open_container(data)
    if container.kind != "xlsx":
        raise UnreadableError("not-excel", "这不是 Excel(.xlsx)文件。", "not an Excel (.xlsx) file")
    shown: dict[str, Sheet] = {}
    unseen: dict[str, Sheet] = {}
    opened = Opened(container=container, shown=shown, unseen=unseen)
    for name, (sheet, is_hidden) in (_scanned(opened) or _by_calamine(container)).items():
        _refuse_height(name, sheet)
        (unseen if is_hidden else shown)[name] = sheet
    return opened


_Sheets = dict[str, tuple[Sheet, bool]]
"""The sheets by name, in order, and whether each is hidden."""


def _scanned(opened: Opened) -> _Sheets | None:
    """Return all sheets as they are usually written, None when one is written otherwise."""
    tables = opened.tables_of_cells
    if tables is None or not opened.parts:
        return None
    sheets: _Sheets = {}
    parts, concealed = opened.container.parts, opened.concealed
    for name, part in opened.parts.items():
        sheet = scanned(parts.get(part, b""), tables)
        if sheet is None:
            return None
        sheets[name] = (sheet, name in concealed)
    return sheets


def _by_calamine(container: Container) -> _Sheets:
    try:
        book = by_calamine(container)
        shown = {
            meta.name: meta.visible == SheetVisibleEnum.Visible
            for meta in book.sheets_metadata
            if meta.typ == SheetTypeEnum.WorkSheet
        }
        sheets: _Sheets = {name: (of_grid(_grid(book, name)), not visible) for name, visible in shown.items()}
    except UnreadableError:
        raise
    except Exception as error:  # calamine raises its own errors and, for odd files, plain ones
        raise _damaged(error) from error
    return sheets


def _grid(book: CalamineWorkbook, name: str) -> Grid:
    sheet = book.get_sheet_by_name(name)
    if sheet.total_height > MOST_ROWS:
        raise _too_high(name, sheet.total_height)
    return sheet.to_python(skip_empty_area=False)


def _refuse_height(name: str, sheet: Sheet) -> None:
    # Fewer cells than rows allowed: only a far cell can stand below, and those are refused before.
    if len(sheet.cells) > MOST_ROWS and len(sheet.grid) > MOST_ROWS:
        raise _too_high(name, len(sheet.grid))


def _too_high(name: str, rows: int) -> UnreadableError:
    return UnreadableError(
        "bomb",
        f"工作表“{name}”有 {rows} 行,远超一份表格应有的大小。请删去表格以外的内容,保存后再上传。",
        f"sheet {name!r} has {rows} rows, far beyond what a form needs",
    )


def _damaged(error: BaseException) -> UnreadableError:
    del error
    return UnreadableError(
        "truncated",
        "文件不完整或已损坏,打不开。请在 Excel 或 WPS 中打开原文件另存一次,再上传新存的文件。",
        "the workbook is truncated or damaged",
    )
