"""The parts beside the document that marks need: comments and styles, made where a file has none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from posixpath import basename, dirname, join

from lxml import etree

from services.carriers.container import Container, Element, parse_xml
from services.carriers.docx.mark_ours import serialised
from services.carriers.docx.parts import OFFICE_RELATIONS, W, main_part, related

_W_URI = W.strip("{}")
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_CONTENT_TYPES = "[Content_Types].xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comments:
    """The comments part: its root to append to, the first free id, and the parts that make it known."""

    name: str
    root: Element
    first: int
    around: Mapping[str, bytes]

    def parts(self, content: bytes) -> dict[str, bytes]:
        """Return every part to be written, with `content` as the comments."""
        return {self.name: content, **self.around}


def comments_part(container: Container, changed: Mapping[str, bytes]) -> Comments:
    """Return the file's comments part, or a new one that is entered in its relations and types."""
    there = related(container, "comments")
    if there:
        root = parse_xml(changed.get(there[0]) or container.parts[there[0]])
        return Comments(name=there[0], root=root, first=next_number(root, f"{W}comment"), around={})
    name = join(dirname(main_part(container)), "comments.xml")
    root = etree.Element(f"{W}comments", nsmap={"w": _W_URI})
    return Comments(name=name, root=root, first=0, around=_entered(container, changed, name, "comments"))


def next_number(root: Element, tag: str) -> int:
    """Return an id above all that elements of `tag` have."""
    ids = (element.get(f"{W}id", "") for element in root.iter(tag))
    return max((int(number) for number in ids if number.lstrip("-").isdigit()), default=-1) + 1


def styles_part(container: Container, changed: Mapping[str, bytes], style_id: str, style: Element) -> dict[str, bytes]:
    """Return the parts to be written so that the file has `style`; none when it has it already."""
    there = related(container, "styles")
    if not there:
        name = join(dirname(main_part(container)), "styles.xml")
        root = etree.Element(f"{W}styles", nsmap={"w": _W_URI})
        root.append(style)
        return {name: serialised(root), **_entered(container, changed, name, "styles")}
    root = parse_xml(container.parts[there[0]])
    if any(known.get(f"{W}styleId") == style_id for known in root.iter(f"{W}style")):
        return {}
    root.append(style)
    return {there[0]: serialised(root)}


def _entered(container: Container, changed: Mapping[str, bytes], name: str, kind: str) -> dict[str, bytes]:
    """Return content types and the document's relations with a new part in them."""
    types = parse_xml(changed.get(_CONTENT_TYPES) or container.parts[_CONTENT_TYPES])
    override = {"PartName": f"/{name}", "ContentType": f"{_WORD_TYPE}.{kind}+xml"}
    etree.SubElement(types, f"{{{_TYPES}}}Override", override)
    main = main_part(container)
    relations_name = join(dirname(main), "_rels", f"{basename(main)}.rels")
    known = changed.get(relations_name) or container.parts.get(relations_name)
    relations = parse_xml(known or f'<Relationships xmlns="{_RELATIONS}"/>'.encode())
    entry = {"Id": f"rIdZP{kind}", "Type": f"{OFFICE_RELATIONS}/{kind}", "Target": f"/{name}"}
    etree.SubElement(relations, f"{{{_RELATIONS}}}Relationship", entry)
    return {_CONTENT_TYPES: serialised(types), relations_name: serialised(relations)}
