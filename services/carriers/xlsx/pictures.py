"""The pictures that lie on the sheets of an uploaded workbook, by the cell they lie on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from services.answers import label_at
from services.carriers.container import parse_xml
from services.carriers.left_in import UNREADABLE_PICTURE
from services.carriers.xlsx.address import Cell, cell_name, read_cell
from services.carriers.xlsx.inline_pictures import inline_picture
from services.carriers.xlsx.layout import blank_sheets
from services.carriers.xlsx.opened import Opened, relations
from services.carriers.xlsx.plan import Spot
from services.findings import Finding, found
from services.form import Form
from services.kinds import Picture
from services.kinds.picture import media_type

_XDR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_EMBED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lying:
    """A picture: the cell of its top left corner and its bytes."""

    cell: Cell
    data: bytes


def pictures(form: Form, opened: Opened, anchors: Mapping[str, str]) -> tuple[dict[str, bytes], tuple[Finding, ...]]:
    """Return the picture of every picture answer by path, and what is wrong with those that cannot be used.

    `anchors` says which cell each answer was found in.
    """
    kept: dict[str, bytes] = {}
    findings: list[Finding] = []
    for spot in _asked(form):
        sheet, _, name = anchors.get(spot.path, "").rpartition("!")
        cell = read_cell(name)
        lying = (_in_cell(opened, sheet, name) or _on(tuple(_lying(opened, sheet)), cell, spot)) if cell else None
        if lying is None:
            continue
        if media_type(lying.data):
            kept[spot.path] = lying.data
        else:
            findings.append(_unusable(form, spot.path, f"工作表“{sheet}” {cell_name(*lying.cell)}"))
    return kept, tuple(findings)


@lru_cache(maxsize=64)
def _asked(form: Form) -> tuple[Spot, ...]:
    spots = (spot for page in blank_sheets(form) for spot in page.spots if spot.role == "answer")
    return tuple(spot for spot in spots if spot.field is not None and isinstance(spot.field.kind, Picture))


def _lying(opened: Opened, sheet: str) -> Iterator[Lying]:
    """Yield the pictures on a sheet."""
    parts = opened.container.parts
    for kind, drawing in relations(parts, opened.parts.get(sheet, "")).values():
        if kind != "drawing" or drawing not in parts:
            continue
        targets = relations(parts, drawing)
        for anchor in parse_xml(parts[drawing]):
            corner, blip = anchor.find(f"{_XDR}from"), next(anchor.iter(_BLIP), None)
            if corner is None or blip is None:
                continue
            _, media = targets.get(str(blip.get(_EMBED, "")), ("", ""))
            data = opened.container.media(media)
            place = tuple(int(corner.findtext(f"{_XDR}{name}") or 0) for name in ("row", "col"))
            if data:
                yield Lying(cell=(place[0], place[1]), data=data)


def _in_cell(opened: Opened, sheet: str, name: str) -> Lying | None:
    data, cell = inline_picture(opened, sheet, name), read_cell(name)
    return Lying(cell=cell, data=data) if data and cell else None


def _on(lying: Sequence[Lying], cell: Cell, spot: Spot) -> Lying | None:
    """Return the picture that lies on a cell or begins beside it; of several the nearest, the only one in any case."""
    near = sorted(lying, key=lambda picture: _distance(picture.cell, cell, spot))
    if not near:
        return None
    close = _distance(near[0].cell, cell, spot) <= 1
    return near[0] if close or len(near) == 1 else None


def _distance(corner: Cell, cell: Cell, spot: Spot) -> int:
    """Return by how many rows or columns a corner lies outside a cell, 0 inside."""
    down = max(cell[0] - corner[0], corner[0] - (cell[0] + spot.rows - 1), 0)
    across = max(cell[1] - corner[1], corner[1] - (cell[1] + spot.cols - 1), 0)
    return max(down, across)


def _unusable(form: Form, path: str, place: str) -> Finding:
    return found(UNREADABLE_PICTURE, field=path, label=label_at(form, path), place=place)
