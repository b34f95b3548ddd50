"""The parts of a workbook while it is changed: relations, content types, sheets added and taken away."""

from __future__ import annotations

import re
from posixpath import basename, dirname, join, normpath, relpath

from lxml import etree

from services.carriers.container import Container, Element, parse_xml
from services.carriers.xlsx.address import quoted

Parts = dict[str, bytes]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
S = f"{{{MAIN}}}"
R_ID = f"{{{OFFICE}}}id"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_CONTENT_TYPES = "[Content_Types].xml"
_BEHIND_NAMES = frozenset(
    f"{S}{name}"
    for name in ("calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "fileRecoveryPr", "webPublishing", "extLst")
)
_SELECTED = re.compile(rb'\btabSelected="(?:1|true)"')


def parts_of(container: Container) -> Parts:
    """Return all parts of a workbook, in the order of the file."""
    names = [info.filename for info in container.archive.infolist() if not info.is_dir()]
    return {name: container.parts.get(name) or container.media(name) for name in names}


def serialised(root: Element) -> bytes:
    """Return an element as an XML part."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


# ---- relations and types ------------------------------------------------------------------------


def relations_part(part: str) -> str:
    """Return the name of the part that holds the relations of `part`."""
    return join(dirname(part), "_rels", f"{basename(part)}.rels")


def related(parts: Parts, part: str, kind: str) -> str:
    """Return the part that `part` has a relation of `kind` to, '' for none."""
    for relation in _relations(parts, part):
        if relation.get("Type", "").endswith(f"/{kind}") and relation.get("TargetMode") != "External":
            return _target(part, relation.get("Target", ""))
    return ""


def relate(parts: Parts, part: str, kind: str, target: str) -> str:
    """Add a relation and return its id."""
    root = _relations(parts, part)
    taken = {relation.get("Id") for relation in root}
    name = next(f"rId{n}" for n in range(1, len(taken) + 2) if f"rId{n}" not in taken)
    path = relpath(target, dirname(part) or ".")
    etree.SubElement(root, f"{_RELATIONS}Relationship", Id=name, Type=f"{OFFICE}/{kind}", Target=path)
    parts[relations_part(part)] = serialised(root)
    return name


def unrelate(parts: Parts, part: str, target: str) -> str:
    """Take away the relation of `part` to `target` with the part itself; return the id that it had, '' for none."""
    root = _relations(parts, part)
    name = ""
    for relation in list(root):
        if _target(part, relation.get("Target", "")) == target:
            name = relation.get("Id", "")
            root.remove(relation)
    parts[relations_part(part)] = serialised(root)
    _drop(parts, target)
    return name


def _relations(parts: Parts, part: str) -> Element:
    data = parts.get(relations_part(part))
    if data is None:
        return parse_xml(f'<Relationships xmlns="{_RELATIONS[1:-1]}"/>'.encode())
    return parse_xml(data)


def _target(part: str, target: str) -> str:
    return target[1:] if target.startswith("/") else normpath(join(dirname(part), target))


def _drop(parts: Parts, name: str) -> None:
    parts.pop(name, None)
    parts.pop(relations_part(name), None)
    root = parse_xml(parts[_CONTENT_TYPES])
    for override in root.findall(f"{_TYPES}Override"):
        if override.get("PartName") == f"/{name}":
            root.remove(override)
    parts[_CONTENT_TYPES] = serialised(root)


def declare(parts: Parts, name: str, kind: str) -> None:
    """Say of which type a part is."""
    root = parse_xml(parts[_CONTENT_TYPES])
    if all(override.get("PartName") != f"/{name}" for override in root.findall(f"{_TYPES}Override")):
        etree.SubElement(root, f"{_TYPES}Override", PartName=f"/{name}", ContentType=kind)
        parts[_CONTENT_TYPES] = serialised(root)


# ---- sheets -------------------------------------------------------------------------------------


def add_sheet(parts: Parts, main: str, name: str, data: bytes, *, first: bool) -> None:
    """Add a worksheet, in front and selected or at the end and hidden."""
    part = next(
        part for n in range(1, len(parts) + 2) if (part := join(dirname(main), f"worksheets/sheet{n}.xml")) not in parts
    )
    parts[part] = data
    declare(parts, part, "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml")
    relation = relate(parts, main, "worksheet", part)
    root = parse_xml(parts[main])
    sheets = _child(root, "sheets")
    number = max((int(sheet.get("sheetId", "0")) for sheet in sheets), default=0) + 1
    sheet = etree.Element(f"{S}sheet", {"name": name, "sheetId": str(number), R_ID: relation})
    if first:
        sheets.insert(0, sheet)
        _shift_names(root, 0, 1)
        _show_first(parts, root, part)
    else:
        sheet.set("state", "veryHidden")
        sheets.append(sheet)
    parts[main] = serialised(root)


def repeat_rows(parts: Parts, main: str, name: str, rows: str) -> None:
    """Let rows (as 1:3) of a sheet be printed again at the top of every page."""
    root = parse_xml(parts[main])
    index = next(n for n, sheet in enumerate(_child(root, "sheets")) if sheet.get("name") == name)
    first, _, last = rows.partition(":")
    titles = etree.Element(f"{S}definedName", {"name": "_xlnm.Print_Titles", "localSheetId": str(index)})
    titles.text = f"{quoted(name)}!${first}:${last}"
    names = root.find(f"{S}definedNames")
    if names is None:
        names = etree.Element(f"{S}definedNames")
        later = next((child for child in root if child.tag in _BEHIND_NAMES), None)
        root.append(names) if later is None else later.addprevious(names)
    names.append(titles)
    parts[main] = serialised(root)


def remove_sheet(parts: Parts, main: str, name: str, part: str) -> None:
    """Take a worksheet away, with the names that belong to it."""
    root = parse_xml(parts[main])
    sheets = _child(root, "sheets")
    index = next(n for n, sheet in enumerate(sheets) if sheet.get("name") == name)
    sheets.remove(sheets[index])
    _shift_names(root, index, -1)
    _show_first(parts, root, "")
    parts[main] = serialised(root)
    unrelate(parts, main, part)


def _child(root: Element, name: str) -> Element:
    found = root.find(f"{S}{name}")
    return found if found is not None else etree.SubElement(root, f"{S}{name}")


def _shift_names(root: Element, index: int, step: int) -> None:
    """Renumber the names that belong to the sheets from `index` on; those of a sheet that goes away go with it."""
    names = root.find(f"{S}definedNames")
    for name in list(names) if names is not None else ():
        owner = name.get("localSheetId")
        if owner is None or int(owner) < index or names is None:
            continue
        if step < 0 and int(owner) == index:
            names.remove(name)
        else:
            name.set("localSheetId", str(int(owner) + step))


def _show_first(parts: Parts, root: Element, part: str) -> None:
    """Open the workbook at its first sheet; no other stays selected, or typing would go into both."""
    for view in root.iter(f"{S}workbookView"):
        view.set("activeTab", "0")
        view.attrib.pop("firstSheet", "")
    for name, data in parts.items():
        if name.startswith("xl/worksheets/") and name != part and b"tabSelected" in data:
            parts[name] = _SELECTED.sub(b'tabSelected="0"', data)
