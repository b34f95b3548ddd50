"""A Word form opened for accidents: its document tree, its other parts, and where the answers stand in it.

Answers are found by the tags that the form was issued with, so nothing of the reader is asked.
"""

import copy
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from lxml import etree

from services.answers import field_at
from services.form import Form
from tests import docx_edits as edits
from tests.docx_edits import W

W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"


@dataclass
class Spot:
    """A cell that holds one answer alone: its path, its cell, and whether boxes are printed in it."""

    path: str
    cell: Any
    boxes: bool


@dataclass
class Word:
    """A Word file taken apart."""

    form: Form
    root: Any
    parts: dict[str, bytes]
    gone: set[str] = field(default_factory=set)
    homes: list[Spot] = field(default_factory=list)

    @property
    def body(self) -> Any:
        return self.root.find(f"{W}body")

    def saved(self) -> bytes:
        """The file, with its tree as it now is."""
        tree = etree.tostring(self.root, xml_declaration=True, encoding="UTF-8", standalone=True)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in {**self.parts, "word/document.xml": tree}.items():
                if name not in self.gone:
                    archive.writestr(name, content)
        return out.getvalue()

    def relate(self, kind: str, target: str, content: bytes, content_type: str) -> str:
        """Add a part under word/ with its relation; return the relation's id."""
        name = f"rIdAdded{len(self.parts)}"
        rels = self.parts["word/_rels/document.xml.rels"].decode()
        type_of = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
        self.parts["word/_rels/document.xml.rels"] = rels.replace(
            "</Relationships>", f'<Relationship Id="{name}" Type="{type_of}" Target="{target}"/></Relationships>'
        ).encode()
        types = self.parts["[Content_Types].xml"].decode()
        entry = f'<Override PartName="/word/{target}" ContentType="{content_type}"/>'
        self.parts["[Content_Types].xml"] = types.replace("</Types>", f"{entry}</Types>").encode()
        self.parts[f"word/{target}"] = content
        return name

    def spots(self) -> list[Spot]:
        """Every cell that was issued for one answer alone and is still there; rows of schedules that are filled."""
        if not self.homes:
            for row, numbers in self._numbered():
                self.homes += [spot for cell in edits.cells(row) if (spot := self._spot(cell, numbers)) is not None]
        return [spot for spot in self.homes if self.root in spot.cell.iterancestors()]

    def _numbered(self) -> Iterator[tuple[Any, dict[str, int]]]:
        counted: dict[str, int] = {}
        for row in self.root.iter(f"{W}tr"):
            keys = {tag.split(".")[0] for tag in tags(row) if tag.count(".") == 1}
            here: dict[str, int] = {}
            for key in keys:
                here[key] = counted.get(key, 0)
                counted[key] = here[key] + 1
            yield row, here

    def _spot(self, cell: Any, numbers: dict[str, int]) -> Spot | None:
        names = set(tags(cell))
        if len(names) != 1 or next(cell.iter(f"{W}tbl"), None) is not None:
            return None
        name = names.pop()
        path = name
        if name.count(".") == 1:
            key, column = name.split(".")
            path = f"{key}.{numbers[key]}.{column}"
        boxes = next(cell.iter(f"{W14}checkbox"), None) is not None
        inside = "".join(edits.text_of(control) for control in cell.iter(f"{W}sdt"))
        if not boxes and edits.text_of(cell) != inside:
            return None
        return Spot(path=path, cell=cell, boxes=boxes)

    def answers_in(self, element: Any) -> set[str]:
        """The answers that stand in an element: those of its controls, and those whose controls were deleted."""
        cells = set(element.iter(f"{W}tc"))
        return set(tags(element)) | {spot.path for spot in self.spots() if spot.cell in cells}

    def copies(self) -> set[str]:
        """The answers that are printed in more than one cell."""
        paths = [spot.path for spot in self.spots()]
        return {path for path in paths if paths.count(path) > 1}

    def schedule_rows(self, key: str) -> list[Any]:
        """The rows of a schedule below its head, empty and typed ones too; none when the schedule was replaced."""
        tagged = [row for row in self.root.iter(f"{W}tr") if any(tag.startswith(f"{key}.") for tag in tags(row))]
        if not tagged:
            return []
        rows = list(tagged[0].getparent().iterchildren(f"{W}tr"))
        head = next(number for number, row in enumerate(rows) if edits.text_of(row).startswith("序号"))
        width = len(edits.cells(tagged[0]))
        return [row for row in rows[head + 1 :] if len(edits.cells(row)) == width]

    def label_rows(self) -> list[Any]:
        """The rows of labels with their answers (two to six cells), the cover's left out."""
        rows = []
        for table in list(self.root.iter(f"{W}tbl"))[1:]:
            if not edits.text_of(next(table.iter(f"{W}tr"))).startswith("序号"):
                rows += [row for row in table.iter(f"{W}tr") if self.labels(row) and _single_tags(row)]
        return rows

    def labels(self, row: Any) -> list[Any]:
        """The cells of a row that hold a label and are followed by a cell with an answer alone."""
        found = edits.cells(row)
        return [
            cell
            for cell, after in pairwise(found)
            if edits.text_of(cell) and not tags(cell) and len(set(tags(after))) == 1
        ]

    def item_rows(self) -> list[Any]:
        """The rows of the scored items."""
        return [row for row in self.root.iter(f"{W}tr") if any(tag.startswith("items.") for tag in tags(row))]


def _single_tags(row: Any) -> bool:
    return not any(tag.count(".") for tag in tags(row))


def tags(element: Any) -> list[str]:
    """The tags of the controls in an element."""
    return [tag.get(f"{W}val") or "" for tag in element.iter(f"{W}tag")]


def word_of(form: Form, data: bytes) -> Word:
    """The file taken apart."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    return Word(form=form, root=etree.fromstring(parts.pop("word/document.xml")), parts=parts)


def kind_at(form: Form, path: str) -> Any:
    """The kind of the answer at `path`."""
    return field_at(form, path).kind


def type_into(cell: Any, text: str) -> None:
    """Replace what a cell holds by plain typing, line for line, in its first paragraph's style."""
    style = next(cell.iter(f"{W}pPr"), None)
    properties = cell.find(f"{W}tcPr")
    for child in list(cell):
        if child is not properties:
            cell.remove(child)
    made = etree.SubElement(cell, f"{W}p")
    if style is not None:
        made.append(copy.deepcopy(style))
    for number, line in enumerate(text.split("\n")):
        run = etree.SubElement(made, f"{W}r")
        if number:
            etree.SubElement(run, f"{W}br")
        etree.SubElement(run, f"{W}t", {edits.SPACE: "preserve"}).text = line


def type_in_control(cell: Any, text: str) -> None:
    """Replace the text of a cell's control, as typing inside it does."""
    content = next(cell.iter(f"{W}sdtContent"), None)
    if content is None:
        type_into(cell, text)
        return
    for child in list(content):
        content.remove(child)
    for number, line in enumerate(text.split("\n")):
        run = etree.SubElement(content, f"{W}r")
        if number:
            etree.SubElement(run, f"{W}br")
        etree.SubElement(run, f"{W}t", {edits.SPACE: "preserve"}).text = line
    for prompt in list(cell.iter(f"{W}showingPlcHdr")):
        edits.remove(prompt)
