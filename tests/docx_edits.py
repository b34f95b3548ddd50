"""What clerks and their programs do to a Word form, done to its XML."""

import copy
import io
import zipfile
from collections.abc import Callable
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def edited(data: bytes, change: Callable[[Any], object], part: str = "word/document.xml") -> bytes:
    """The file with `change` applied to the root of a part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for info in archive.infolist():
            content = archive.read(info)
            if info.filename == part:
                root = etree.fromstring(content)
                change(root)
                content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            written.writestr(info.filename, content)
    return out.getvalue()


def with_parts(data: bytes, parts: dict[str, bytes]) -> bytes:
    """The file with parts replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for info in archive.infolist():
            written.writestr(info.filename, parts.get(info.filename) or archive.read(info))
        for name in parts.keys() - set(archive.namelist()):
            written.writestr(name, parts[name])
    return out.getvalue()


def text_of(element: Any) -> str:
    return "".join(piece.text or "" for piece in element.iter(f"{W}t"))


def cells(row: Any) -> list[Any]:
    return list(row.iter(f"{W}tc"))


def row_with(root: Any, *texts: str) -> Any:
    """The first table row that has a cell of each of these texts."""
    return next(row for row in root.iter(f"{W}tr") if set(texts) <= {text_of(cell) for cell in cells(row)})


def cell_with(root: Any, text: str) -> Any:
    """The first cell of that text."""
    return next(cell for cell in cells(row_with(root, text)) if text_of(cell) == text)


def cell_after(root: Any, label: str) -> Any:
    """The cell to the right of the first cell with this label."""
    found = cells(row_with(root, label))
    return found[[text_of(cell) for cell in found].index(label) + 1]


def write(cell: Any, text: str) -> None:
    """Type `text` into a cell, controls and all replaced by one plain paragraph."""
    for child in list(cell):
        if child.tag != f"{W}tcPr":
            cell.remove(child)
    cell.append(paragraph(text))


def paragraph(text: str) -> Any:
    made = etree.Element(f"{W}p")
    run = etree.SubElement(made, f"{W}r")
    etree.SubElement(run, f"{W}t", {SPACE: "preserve"}).text = text
    return made


def unwrap_controls(root: Any) -> None:
    """Take every content control off its text, as LibreOffice and many others do."""
    for control in list(root.iter(f"{W}sdt")):
        parent, content = control.getparent(), control.find(f"{W}sdtContent")
        for child in list(content):
            parent.insert(parent.index(control), child)
        parent.remove(control)


def drop_bookmarks(root: Any) -> None:
    for mark in list(root.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
        mark.getparent().remove(mark)


def put_after(row: Any, *texts: str) -> None:
    """Insert a row like `row` below it, with these texts in its cells."""
    added = copy.deepcopy(row)
    row.addnext(added)
    for cell, text in zip(cells(added), texts, strict=True):
        write(cell, text)


def remove(element: Any) -> None:
    element.getparent().remove(element)
