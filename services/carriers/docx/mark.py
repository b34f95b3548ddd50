"""A completed Word form given back with its faults marked: a comment and a shade at each cell, a list on top.

Everything is recognisable as ours (`mark_ours`), so that the marked copy can be corrected and uploaded
again. The same file and findings give the same bytes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from lxml import etree

from services.carriers.container import Container, Element, open_container, parse_xml
from services.carriers.docx.grid import elements
from services.carriers.docx.mark_ours import AUTHOR, SHADES, STYLE, STYLE_NAME, serialised, without_marks
from services.carriers.docx.mark_parts import comments_part, next_number, styles_part
from services.carriers.docx.parts import W, main_part
from services.carriers.reading import Reading
from services.carriers.zipped import packed
from services.findings import SEVERITY_LABELS, Finding, Severity
from services.form import Form

_AFTER_SHADING = tuple(f"{W}{name}" for name in ("noWrap", "tcMar", "textDirection", "tcFitText", "vAlign", "hideMark"))
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_RANK = (Severity.MUST_FIX, Severity.CONFIRM, Severity.NOTE)


def mark(form: Form, data: bytes, reading: Reading, findings: Sequence[Finding]) -> bytes:
    """Return the Word file with `findings` marked in it and our former marks removed; other comments stay.

    Findings without a cell of their own stand in the list on top alone.

    Raises:
        UnreadableError: it is not a Word file.
    """
    del form
    container = open_container(data)
    changed = without_marks(container)
    if findings:
        changed |= _marked(container, changed, reading, findings)
    return _repacked(container, changed)


def unmark(data: bytes) -> bytes:
    """Return the Word file without our marks; one that has none, byte for byte as it is.

    Raises:
        UnreadableError: it is not a Word file.
    """
    container = open_container(data)
    changed = without_marks(container)
    return _repacked(container, changed) if changed else data


def _repacked(container: Container, changed: Mapping[str, bytes]) -> bytes:
    names = [info.filename for info in container.archive.infolist() if not info.is_dir()]
    names += [name for name in changed if name not in names]
    return packed((name, _part(container, changed, name)) for name in names)


def _part(container: Container, changed: Mapping[str, bytes], name: str) -> bytes:
    return changed.get(name) or container.parts.get(name) or container.media(name)


def _marked(
    container: Container, changed: Mapping[str, bytes], reading: Reading, findings: Sequence[Finding]
) -> dict[str, bytes]:
    """Return the parts that hold the marks."""
    name = main_part(container)
    root = parse_xml(changed.get(name) or container.parts[name])
    cells = elements(root)
    by_cell: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        for address in finding.anchor.splitlines() or [address_of(reading.anchors, finding.field)]:
            if address in cells:
                by_cell[address].append(finding)
    comments = comments_part(container, changed)
    bookmark = next_number(root, f"{W}bookmarkStart")
    for number, (address, told) in enumerate(by_cell.items()):
        comment = comments.first + number
        comments.root.append(_comment(comment, told))
        _anchor(cells[address], comment)
        if cells[address].tag == f"{W}tc":
            _shade(cells[address], _worst(told), bookmark + number)
    _put_list_on_top(root, findings)
    parts = comments.parts(serialised(comments.root)) if by_cell else {}
    parts |= styles_part(container, {**changed, **parts}, STYLE, _style())
    return {name: serialised(root), **parts}


def address_of(anchors: Mapping[str, str], field: str) -> str:
    """Return the address of the cell that a finding is about: its own, or the first of its row, item or schedule."""
    if not field:
        return ""
    if field in anchors:
        return anchors[field]
    return next((address for path, address in anchors.items() if path.startswith(f"{field}.")), "")


def _worst(findings: Sequence[Finding]) -> Severity:
    return min((finding.severity for finding in findings), key=_RANK.index)


# ---- at the cell --------------------------------------------------------------------------------


def _comment(number: int, findings: Sequence[Finding]) -> Element:
    comment = etree.Element(f"{W}comment", {f"{W}id": str(number), f"{W}author": AUTHOR, f"{W}initials": "校核"})
    for finding in findings:
        rule = f"(规则 {finding.rule})" if finding.rule else ""
        paragraph = etree.SubElement(comment, f"{W}p")
        _run(paragraph, f"【{SEVERITY_LABELS[finding.severity]}】{finding.message}{rule}")
    return comment


def _run(paragraph: Element, text: str, shade: str = "") -> Element:
    run = etree.SubElement(paragraph, f"{W}r")
    if shade:
        properties = etree.SubElement(run, f"{W}rPr")
        etree.SubElement(properties, f"{W}shd", {f"{W}val": "clear", f"{W}color": "auto", f"{W}fill": shade})
    for number, line in enumerate(text.split("\n")):
        if number:
            etree.SubElement(run, f"{W}br")
        etree.SubElement(run, f"{W}t", {_XML_SPACE: "preserve"}).text = line
    return run


def _anchor(place: Element, number: int) -> None:
    """Span a comment over all paragraphs of a cell, or over one paragraph."""
    paragraphs = [place] if place.tag == f"{W}p" else list(place.iter(f"{W}p"))
    _insert_first(paragraphs[0], etree.Element(f"{W}commentRangeStart", {f"{W}id": str(number)}))
    last = paragraphs[-1]
    etree.SubElement(last, f"{W}commentRangeEnd", {f"{W}id": str(number)})
    reference = etree.SubElement(last, f"{W}r")
    etree.SubElement(reference, f"{W}commentReference", {f"{W}id": str(number)})


def _insert_first(paragraph: Element, element: Element) -> None:
    has_properties = len(paragraph) > 0 and paragraph[0].tag == f"{W}pPr"
    paragraph.insert(1 if has_properties else 0, element)


def _shade(cell: Element, severity: Severity, number: int) -> None:
    """Shade a cell and keep in a bookmark what shade it had."""
    properties = cell.find(f"{W}tcPr")
    if properties is None:
        properties = etree.Element(f"{W}tcPr")
        cell.insert(0, properties)
    shading = properties.find(f"{W}shd")
    before = shading.get(f"{W}fill", "auto") if shading is not None else "none"
    if shading is None:
        shading = etree.Element(f"{W}shd", {f"{W}val": "clear", f"{W}color": "auto"})
        later = next((i for i, child in enumerate(properties) if child.tag in _AFTER_SHADING), len(properties))
        properties.insert(later, shading)
    shading.set(f"{W}fill", SHADES[severity])
    paragraph = next(cell.iter(f"{W}p"))
    _insert_first(paragraph, etree.Element(f"{W}bookmarkEnd", {f"{W}id": str(number)}))
    name = f"ZPMARK_{number}_{before}"
    _insert_first(paragraph, etree.Element(f"{W}bookmarkStart", {f"{W}id": str(number), f"{W}name": name}))


# ---- on top -------------------------------------------------------------------------------------


def _put_list_on_top(root: Element, findings: Sequence[Finding]) -> None:
    body = root.find(f"{W}body")
    if body is None:
        return
    counts = Counter(finding.severity for finding in findings)
    summary = ",".join(f"{SEVERITY_LABELS[severity]} {counts[severity]} 处" for severity in _RANK if counts[severity])
    head = _listed(f"校核结果:{summary}。改正后直接上传本文件即可,本页和批注会自动去掉。")
    lines = [_finding_line(number, finding) for number, finding in enumerate(findings, 1)]
    ending = _listed("")
    etree.SubElement(etree.SubElement(ending, f"{W}r"), f"{W}br", {f"{W}type": "page"})
    for position, paragraph in enumerate((head, *lines, ending)):
        body.insert(position, paragraph)


def _listed(text: str) -> Element:
    paragraph = etree.Element(f"{W}p")
    properties = etree.SubElement(paragraph, f"{W}pPr")
    etree.SubElement(properties, f"{W}pStyle", {f"{W}val": STYLE})
    if text:
        _run(paragraph, text)
    return paragraph


def _finding_line(number: int, finding: Finding) -> Element:
    paragraph = _listed("")
    _run(paragraph, f"{number}. ")
    _run(paragraph, SEVERITY_LABELS[finding.severity], SHADES[finding.severity])
    _run(paragraph, f" {finding.place}:{finding.message}" if finding.place else f" {finding.message}")
    return paragraph


def _style() -> Element:
    style = etree.Element(f"{W}style", {f"{W}type": "paragraph", f"{W}customStyle": "1", f"{W}styleId": STYLE})
    etree.SubElement(style, f"{W}name", {f"{W}val": STYLE_NAME})
    paragraph = etree.SubElement(style, f"{W}pPr")
    etree.SubElement(paragraph, f"{W}spacing", {f"{W}after": "80", f"{W}line": "300", f"{W}lineRule": "auto"})
    etree.SubElement(paragraph, f"{W}jc", {f"{W}val": "left"})
    run = etree.SubElement(style, f"{W}rPr")
    etree.SubElement(run, f"{W}rFonts", {f"{W}ascii": "宋体", f"{W}hAnsi": "宋体", f"{W}eastAsia": "宋体"})
    etree.SubElement(run, f"{W}sz", {f"{W}val": "21"})
    return style
