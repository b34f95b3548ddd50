"""Our own marks in a Word file, and taking them out again.

A mark must be known as ours after Word or LibreOffice saved the file: comments by their author, the list
on top by its paragraph style, the shading of a cell by a bookmark that also holds the shading it had
before, and by our three colours alone where the bookmark was lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from types import MappingProxyType

from lxml import etree

from services.carriers.container import Container, Element, parse_xml
from services.carriers.docx.parts import W, main_part, related
from services.findings import Severity

AUTHOR = "质量普查校核"
STYLE = "ZPFindings"
STYLE_NAME = "ZP Findings"
SHADES: Mapping[Severity, str] = MappingProxyType(
    {Severity.MUST_FIX: "FFD9D9", Severity.CONFIRM: "FFF2CC", Severity.NOTE: "DDEBF7"}
)
BOOKMARK = re.compile(r"ZPMARK_(\d+)_([0-9A-Za-z]+?)(?:_Copy_?\d+)*$")
_OURS = frozenset(SHADES.values())
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
_ANCHORS = (f"{W}commentRangeStart", f"{W}commentRangeEnd", f"{W}commentReference")


def unlisted(container: Container, root: Element) -> bool:
    """Take our list of findings off the top of a document; return whether there was one."""
    styles = _list_styles(container)
    paragraphs = [p for p in root.iter(f"{W}p") if _style_of(p) in styles] if styles else []
    for paragraph in paragraphs:
        _remove(paragraph)
    return bool(paragraphs)


def may_be_listed(container: Container) -> bool:
    """Return whether the file knows the style of our list, so that the list may stand in it."""
    styles = (container.parts[name] for name in related(container, "styles"))
    return any(STYLE_NAME.encode() in part or STYLE.encode() in part for part in styles)


def _list_styles(container: Container) -> frozenset[str]:
    found = set()
    for name in related(container, "styles"):
        if STYLE_NAME.encode() in container.parts[name] or STYLE.encode() in container.parts[name]:
            for style in parse_xml(container.parts[name]).iter(f"{W}style"):
                label = style.find(f"{W}name")
                printed = label.get(f"{W}val", "") if label is not None else ""
                if printed.replace(" ", "").casefold() == STYLE.casefold():
                    found.add(style.get(f"{W}styleId", ""))
    return frozenset(found)


def _style_of(paragraph: Element) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return style.get(f"{W}val", "") if style is not None else ""


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def without_marks(container: Container) -> dict[str, bytes]:
    """Return the parts of a Word file that change when our marks are taken out; empty when it has none.

    Comments by other people stay; what stands in the cells is not touched.
    """
    name = main_part(container)
    root = parse_xml(container.parts[name])
    changed: dict[str, bytes] = {}
    ours = _unauthored(container, changed)
    touched = [unlisted(container, root), _unanchored(root, ours), _unshaded(root)]
    if any(touched):
        changed[name] = serialised(root)
    return changed


def _unauthored(container: Container, changed: MutableMapping[str, bytes]) -> frozenset[str]:
    """Take our comments out of the comment parts; return their ids."""
    ours: set[str] = set()
    paragraphs: set[str] = set()
    for part in related(container, "comments"):
        root = parse_xml(container.parts[part])
        mine = [comment for comment in root.iter(f"{W}comment") if comment.get(f"{W}author") == AUTHOR]
        for comment in mine:
            ours.add(comment.get(f"{W}id", ""))
            paragraphs |= {p.get(f"{_W14}paraId", "") for p in comment.iter(f"{W}p")}
            _remove(comment)
        if mine:
            changed[part] = serialised(root)
    for part in related(container, "commentsExtended") if paragraphs - {""} else ():
        changed[part] = _unthreaded(container.parts[part], paragraphs)
    return frozenset(ours)


def _unthreaded(part: bytes, paragraphs: Iterable[str]) -> bytes:
    """Take the threads of removed comments out; a person's answer to one of them stays as a comment of its own."""
    root = parse_xml(part)
    gone = frozenset(paragraphs)
    for entry in list(root):
        if entry.get(f"{_W15}paraId") in gone:
            _remove(entry)
        elif entry.get(f"{_W15}paraIdParent") in gone:
            del entry.attrib[f"{_W15}paraIdParent"]
    return serialised(root)


def _unanchored(root: Element, ours: frozenset[str]) -> bool:
    anchors = [anchor for anchor in root.iter(*_ANCHORS) if anchor.get(f"{W}id") in ours] if ours else []
    for anchor in anchors:
        run = anchor.getparent()
        if anchor.tag == f"{W}commentReference" and run is not None and _is_empty_run(run, anchor):
            _remove(run)
        else:
            _remove(anchor)
    return bool(anchors)


def _is_empty_run(run: Element, anchor: Element) -> bool:
    return all(child is anchor or child.tag in {f"{W}rPr", f"{W}annotationRef"} for child in run)


def _unshaded(root: Element) -> bool:
    """Give every cell that we shaded its former shading back."""
    former = dict(_former_shadings(root))
    touched = bool(former)
    for shading in list(root.iter(f"{W}shd")):
        properties = shading.getparent()
        if properties is None or properties.tag != f"{W}tcPr" or shading.get(f"{W}fill", "").upper() not in _OURS:
            continue
        cell = properties.getparent()
        before = former.get(cell, "none") if cell is not None else "none"
        touched = True
        if before == "none":
            properties.remove(shading)
        else:
            shading.set(f"{W}fill", before)
    return touched


def _former_shadings(root: Element) -> Iterator[tuple[Element, str]]:
    """Yield each cell that holds our bookmark with the shading it had, taking the bookmark out."""
    for start in list(root.iter(f"{W}bookmarkStart")):
        match = BOOKMARK.match(start.get(f"{W}name", ""))
        if not match:
            continue
        cell = next(start.iterancestors(f"{W}tc"), None)
        if cell is not None:
            yield cell, match[2]
        number = start.get(f"{W}id")
        _remove(start)
        for end in [end for end in root.iter(f"{W}bookmarkEnd") if end.get(f"{W}id") == number]:
            _remove(end)


def serialised(root: Element) -> bytes:
    """Return the bytes of a part."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
