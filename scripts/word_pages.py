"""Lay the blank Word forms out with LibreOffice and write down on which page every answer stands.

Run as `python scripts/word_pages.py` after the templates were built; the result, doctemplates/pages.json, is
read by services/carriers/docx/paged.py. Every answer gets a bookmark that LibreOffice exports as a named
destination of the PDF, so its page is measured. What a page has left free is the distance from its
lowest line or letter to its bottom margin.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pdfplumber
from lxml import etree
from pypdf import PdfReader

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from services.carriers.docx.context import context_of  # noqa: E402 - the path comes first
from services.carriers.docx.fill import render  # noqa: E402 - the path comes first
from services.carriers.docx.paged import PAGES, digest  # noqa: E402 - the path comes first
from services.carriers.docx.templates import FOLDER, issued_forms, template_of, template_path  # noqa: E402 - the path comes first
from services.form import Form  # noqa: E402 - the path comes first
from services.identity import stamp  # noqa: E402 - the path comes first
from services.record import empty  # noqa: E402 - the path comes first
from services.settings import fonts_of  # noqa: E402 - the path comes first

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
BODY = "word/document.xml"
STYLES = "word/styles.xml"
EXPORT = 'pdf:writer_pdf_Export:{"ExportBookmarksToPDFDestination":{"type":"boolean","value":"true"}}'
TWIPS = 20
SIDES_TWIPS = 120
EDGES_TWIPS = 60
LEADING = 1.45
"""A line's height for its letters' where the style does not fix it: more than any of our faces takes."""
PARAGRAPH_SQUARES = 15
BOXES = 999
"""Tick boxes: what is printed there stays one printed line whatever is ticked."""
BORDER_PT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A content control of the blank form: its row and what its cell has room for."""

    element: Any
    row: int
    squares: int
    line_pt: float
    height_pt: float


def main() -> None:
    """Write doctemplates/pages.json."""
    told = {template_path(form).stem: laid_out(form) for form in issued_forms()}
    entries = ",\n".join(f"{json.dumps(name)}: {dumped(entry)}" for name, entry in told.items())
    (FOLDER / PAGES).write_text(f"{{\n{entries}\n}}\n", "utf-8")


def dumped(entry: Mapping[str, Any]) -> str:
    """Return an entry with one answer a line."""
    rooms = ",\n".join(f"  {json.dumps(room)}" for room in entry["rooms"])
    head = f'{{"sha256": "{entry["sha256"]}", "sheets": {json.dumps(entry["sheets"])}'
    return f'{head}, "rooms": [\n{rooms}\n]}}'


def laid_out(form: Form) -> dict[str, Any]:
    """Return what pages.json says of one form."""
    blank = empty(form)
    signed = stamp(form, blank, b"pages")
    data = render(form, template_of(form), context_of(form, blank, signed), signed).data
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root, styles = (etree.fromstring(archive.read(part), parser) for part in (BODY, STYLES))
    controls = dict(controls_of(form, root, styles))
    pages, sheets = measured(data, root, controls)
    rooms = [[path, pages[path], c.row, c.squares, c.line_pt, c.height_pt] for path, c in controls.items()]
    return {"sha256": digest(template_of(form)), "sheets": sheets, "rooms": rooms}


def controls_of(form: Form, root: Any, styles: Any) -> Iterator[tuple[str, Control]]:
    """Yield each printed path with its control; rows of schedules are counted from 0."""
    schedules = {schedule.key for schedule in form.schedules}
    rows = {row: number for number, row in enumerate(root.iter(f"{W}tr", f"{W}p"))}
    seen: Counter[str] = Counter()
    last: dict[str, Any] = {}
    for element in root.iter(f"{W}sdt"):
        tag = element.find(f"{W}sdtPr/{W}tag")
        path = tag.get(f"{W}val") if tag is not None else ""
        head, _, column = path.partition(".")
        row = next(element.iterancestors(f"{W}tr", f"{W}p"), element)
        row = next(element.iterancestors(f"{W}tr"), row)
        if head in schedules and not column.partition(".")[0].isdigit():
            seen[head] += last.get(head) is not row
            last[head] = row
            path = f"{head}.{seen[head] - 1}.{column}"
        if path:
            squares, line_pt, height_pt = room_of(element, styles)
            yield path, Control(element=element, row=rows[row], squares=squares, line_pt=line_pt, height_pt=height_pt)


def room_of(control: Any, styles: Any) -> tuple[int, float, float]:
    """Return the squares of a line, the height of a line and the height for all lines in the control's cell."""
    letter, line = type_of(control, styles)
    if control.find(f"{W}sdtPr/{W14}checkbox") is not None:
        return BOXES, line, line
    cell: Any = next(control.iterancestors(f"{W}tc"), None)
    if cell is None:
        return PARAGRAPH_SQUARES, line, line
    width = int(cell.find(f"{W}tcPr/{W}tcW").get(f"{W}w")) - SIDES_TWIPS
    height: Any = next(control.iterancestors(f"{W}tr")).find(f"{W}trPr/{W}trHeight")
    is_alone = len(list(cell.iter(f"{W}p"))) == 1
    inside = (int(height.get(f"{W}val")) - EDGES_TWIPS) / TWIPS if height is not None and is_alone else 0
    return max(1, int(width / (letter * TWIPS))), line, max(line, inside)


def type_of(control: Any, styles: Any) -> tuple[float, float]:
    """Return the size of the letters and the height of a line around a control, in pt."""
    paragraph = next(control.iterancestors(f"{W}p"), control)
    named = paragraph.find(f"{W}pPr/{W}pStyle").get(f"{W}val")
    style = next(style for style in styles.iter(f"{W}style") if style.get(f"{W}styleId") == named)
    letter = int(style.find(f"{W}rPr/{W}sz").get(f"{W}val")) / 2
    spacing = style.find(f"{W}pPr/{W}spacing")
    is_fixed = spacing.get(f"{W}lineRule") == "exact"
    return letter, int(spacing.get(f"{W}line")) / TWIPS if is_fixed else round(letter * LEADING, 2)


# ---- laying out ---------------------------------------------------------------------------------


def measured(data: bytes, root: Any, controls: Mapping[str, Control]) -> tuple[dict[str, int], list[list[Any]]]:
    """Return the page of each path, and of each page its height for text, what of it is free, whether it ends."""
    names = {path: f"ROOM{number}" for number, path in enumerate(controls)}
    for path, control in controls.items():
        bookmark(control.element, names[path])
    starts = [paragraph for paragraph in root.iter(f"{W}p") if begins_page(paragraph)]
    for number, paragraph in enumerate(starts):
        bookmark(next(paragraph.iter(f"{W}r"), paragraph), f"START{number}")
    pdf = printed(with_body(data, etree.tostring(root)))
    reader = PdfReader(io.BytesIO(pdf))
    spots = {name.lstrip("/"): spot for name, spot in reader.named_destinations.items()}
    pages = {path: _page(reader, spots[name]) for path, name in names.items()}
    begun = {page for name, spot in spots.items() if name.startswith("START") for page in [_page(reader, spot)]}
    return pages, sheets_of(pdf, root, begun)


def bookmark(element: Any, name: str) -> None:
    """Put a bookmark before an element of a paragraph, or first into a paragraph without text."""
    numbers = {f"{W}id": str(90_000 + zlib.crc32(name.encode()) % 900_000)}
    start = etree.Element(f"{W}bookmarkStart", {**numbers, f"{W}name": name})
    if element.tag == f"{W}p":
        element.extend([start, etree.Element(f"{W}bookmarkEnd", numbers)])
    else:
        element.addprevious(start)
        element.addprevious(etree.Element(f"{W}bookmarkEnd", numbers))


def begins_page(paragraph: Any) -> bool:
    """Return whether a paragraph begins a page: by its own break, or as the first of a section."""
    if paragraph.find(f"{W}pPr/{W}pageBreakBefore") is not None:
        return True
    before = paragraph.getprevious() if paragraph.getparent().tag == f"{W}body" else None
    return before is not None and before.find(f"{W}pPr/{W}sectPr") is not None


def _page(reader: PdfReader, spot: Any) -> int:
    return (reader.get_destination_page_number(spot) or 0) + 1


def with_body(data: bytes, body: bytes) -> bytes:
    """Return the file with another body."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            target.writestr(info.filename, body if info.filename == BODY else source.read(info.filename))
    return out.getvalue()


def printed(data: bytes) -> bytes:
    """Return the PDF that LibreOffice makes of a Word file, bookmarks as named destinations."""
    fonts = {"FONTCONFIG_FILE": str(fonts_of() / "fonts.conf")}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "form.docx").write_bytes(data)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", EXPORT, "--outdir", folder, "form.docx"]
        subprocess.run(command, cwd=folder, env={**os.environ, **fonts}, check=True, capture_output=True, timeout=120)
        return (Path(folder) / "form.pdf").read_bytes()


def sheets_of(pdf: bytes, root: Any, begun: set[int]) -> list[list[Any]]:
    """Return each page's height for text, what of it is free, and whether a page that was begun on purpose follows."""
    margins = {
        size.get(f"{W}orient", "portrait"): [int(edges.get(f"{W}{side}")) / TWIPS for side in ("top", "bottom")]
        for section in root.iter(f"{W}sectPr")
        for size, edges in [(section.find(f"{W}pgSz"), section.find(f"{W}pgMar"))]
    }
    sheets: list[list[Any]] = []
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        for number, page in enumerate(opened.pages, 1):
            top, bottom = margins["landscape" if page.width > page.height else "portrait"]
            height = round(float(page.height) - top - bottom, 1)
            is_last = number == len(opened.pages)
            sheets.append([height, round(free_on(page, bottom), 1), is_last or number + 1 in begun])
    return sheets


def free_on(page: Any, bottom_margin: float) -> float:
    """Return the free height of one page: what the foot prints below the margin does not count."""
    floor = float(page.height) - bottom_margin
    things = (*page.edges, *page.rects, *(letter for letter in page.chars if letter["text"].strip()))
    drawn = [float(thing["bottom"]) for thing in things if thing["bottom"] <= floor + BORDER_PT]
    return max(0.0, floor - max(drawn, default=0.0))


if __name__ == "__main__":
    main()
