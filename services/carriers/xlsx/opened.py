"""An uploaded workbook opened: what its visible sheets hold, what its names point at, what it says of itself."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from posixpath import dirname, join, normpath
from types import MappingProxyType

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from services.carriers.container import Container, open_container
from services.carriers.reading import UnreadableError
from services.carriers.xlsx.address import Cell, read_cell, split_reference
from services.carriers.xlsx.book import path_of
from services.carriers.xlsx.values import CellValue

MOST_ROWS = 20_000
_NAME = re.compile(r'<(?:\w+:)?definedName\b[^>]*?\bname="([^"]+)"[^>]*>([^<]*)<')
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*?>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*?>")
_FORMULA_CELL = re.compile(rb'<c\b[^>]*?\br="([A-Z]+\d+)"[^>]*>\s*<f[ >/]')

Grid = Sequence[Sequence[CellValue]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What a name says of a schedule: sheet, row of the head, columns of the range."""

    sheet: str
    head: int


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A workbook: `grids` by name of visible sheet, in order, `hidden` those of the others."""

    container: Container
    grids: Mapping[str, Grid]
    hidden: Mapping[str, Grid]

    @cached_property
    def targets(self) -> Mapping[str, str]:
        """What each defined name refers to, quotes taken away."""
        return MappingProxyType({name: target.replace("'", "") for name, target in self._defined})

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
        told = ((name[2:], *split_reference(target)) for name, target in self._defined if name.startswith("T_"))
        heads = ((key, sheet, read_cell(address.partition(":")[0])) for key, sheet, address in told)
        return MappingProxyType({key: Table(sheet=sheet, head=cell[0]) for key, sheet, cell in heads if cell})

    @cached_property
    def _defined(self) -> tuple[tuple[str, str], ...]:
        part = self.container.parts.get(self.main, b"").decode("utf-8", "replace")
        return tuple((name, unescape(target)) for name, target in _NAME.findall(part))

    @cached_property
    def main(self) -> str:
        """The name of the workbook part."""
        targets = relations(self.container.parts, "")
        return next((t for kind, t in targets.values() if kind == "officeDocument"), "xl/workbook.xml")

    @cached_property
    def parts(self) -> Mapping[str, str]:
        """The part of each sheet, by its name, hidden ones included, in order."""
        targets = relations(self.container.parts, self.main)
        found: dict[str, str] = {}
        for tag in _SHEET.findall(self.container.parts.get(self.main, b"")):
            attributes = attributes_of(tag)
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            if relation in targets:
                found[attributes.get("name", "")] = targets[relation][1]
        return MappingProxyType(found)

    def formula_cells(self, sheet: str) -> frozenset[str]:
        """Return the addresses of a sheet's cells that hold a formula."""
        part = self.container.parts.get(self.parts.get(sheet, ""), b"")
        return frozenset(match.decode() for match in _FORMULA_CELL.findall(part))


def attributes_of(tag: bytes) -> dict[str, str]:
    """Return the attributes of a start tag."""
    return {key.decode(): unescape(value.decode()) for key, value in _ATTRIBUTE.findall(tag)}


def relations(parts: Mapping[str, bytes], part: str) -> dict[str, tuple[str, str]]:
    """Return the relations of `part` ('' for the package): id → (last word of the type, part it points at)."""
    folder = dirname(part)
    rels = join(folder, "_rels", f"{part.rpartition('/')[2]}.rels") if part else "_rels/.rels"
    found: dict[str, tuple[str, str]] = {}
    for tag in _RELATION.findall(parts.get(rels, b"")):
        attributes = attributes_of(tag)
        target = attributes.get("Target", "")
        whole = target[1:] if target.startswith("/") else normpath(join(folder, target))
        found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], whole)
    return found


def open_workbook(data: bytes) -> Opened:
    """Return the workbook in `data`, its values read.

    Raises:
        UnreadableError: it is not a workbook, is damaged, or holds more rows than any form.
    """
    container = open_container(data)
    if container.kind != "xlsx":
        raise UnreadableError("not-excel", "这不是 Excel(.xlsx)文件。", "not an Excel (.xlsx) file")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        shown = {
            meta.name: meta.visible == SheetVisibleEnum.Visible
            for meta in book.sheets_metadata
            if meta.typ == SheetTypeEnum.WorkSheet
        }
        grids = {name: _grid(book, name) for name, visible in shown.items() if visible}
        hidden = {name: _grid(book, name) for name, visible in shown.items() if not visible}
    except UnreadableError:
        raise
    except Exception as error:  # calamine raises its own errors and, for odd files, plain ones
        raise _damaged(error) from error
    return Opened(
        container=container,
        grids=MappingProxyType(grids),
        hidden=MappingProxyType(hidden),
    )


def _grid(book: CalamineWorkbook, name: str) -> Grid:
    sheet = book.get_sheet_by_name(name)
    if sheet.total_height > MOST_ROWS:
        raise UnreadableError(
            "bomb",
            f"工作表“{name}”有 {sheet.total_height} 行,远超一份表格应有的大小。请删去表格以外的内容,保存后再上传。",
            f"sheet {name!r} has {sheet.total_height} rows, far beyond what a form needs",
        )
    return sheet.to_python(skip_empty_area=False)


def _damaged(error: BaseException) -> UnreadableError:
    del error
    return UnreadableError(
        "truncated",
        "文件不完整或已损坏,打不开。请在 Excel 或 WPS 中打开原文件另存一次,再上传新存的文件。",
        "the workbook is truncated or damaged",
    )
