"""A workbook compiled once for a form and its sizes: everything but the answers, names and properties included."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from xml.sax.saxutils import escape

from services.carriers.xlsx.address import fixed_name, quoted
from services.carriers.xlsx.drawing import RELATION, relations_xml
from services.carriers.xlsx.formulas import formulas
from services.carriers.xlsx.frame import Look
from services.carriers.xlsx.layout import blank_sheets, sheet
from services.carriers.xlsx.plan import Sheet, Spot
from services.carriers.xlsx.sheetxml import Compiled, compiled, is_figure, styles_of
from services.carriers.xlsx.style import StyleBook, style_book
from services.carriers.xlsx.values import xml_text
from services.carriers.zipped import Member, member
from services.form import Cover, Form

NOTICE = "劳社厅函〔2006〕338号"
META = "_meta"
TOKEN_NAME = "FormToken"  # noqa: S105 - the name of a cell
_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_ITEM_PATH = re.compile(r"items\.(.+)\.(self|review|reason)")

Sizes = tuple[tuple[tuple[str, int], ...], ...]
"""For each worksheet its sizes: printed rows by schedule, slabs by long answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """What is the same in every workbook of a form with these sizes; `photos` are the cells of pictures by sheet."""

    sheets: tuple[Sheet, ...]
    parts: tuple[Compiled, ...]
    fixed: tuple[Member, ...]
    photos: tuple[tuple[int, Spot], ...]


@lru_cache(maxsize=128)
def book(form: Form, sizes: Sizes) -> Book:
    """Return the compiled workbook of a form with `sizes`."""
    sheets = tuple(sheet(form, number, size) for number, size in enumerate(sizes))
    computed = formulas(form, sheets)
    parts = tuple(
        _part(form, number, size, _own_formulas(sheets[number], computed)) for number, size in enumerate(sizes)
    )
    fixed = (
        member("xl/styles.xml", styles(form).xml),
        member("xl/sharedStrings.xml", strings_xml(strings(form))),
        member("xl/workbook.xml", _workbook(sheets).encode()),
        member("xl/_rels/workbook.xml.rels", _workbook_relations(len(sheets))),
        member("_rels/.rels", _ROOT_RELATIONS),
        member("docProps/app.xml", _APP),
    )
    photos = tuple(
        (number, spot)
        for number, page in enumerate(sheets)
        for spot in page.spots
        if spot.role == "answer" and spot.field is not None and type(spot.field.kind).__name__ == "Picture"
    )
    return Book(sheets=sheets, parts=parts, fixed=fixed, photos=photos)


@lru_cache(maxsize=64)
def styles(form: Form) -> StyleBook:
    """Return the style sheet of a form's workbooks; it does not depend on their sizes."""
    return style_book(style for page in blank_sheets(form) for style in styles_of(page))


@lru_cache(maxsize=64)
def strings(form: Form) -> Mapping[str, int]:
    """Return the printed texts of a form's workbooks with their index in the table of shared strings.

    They never change, so they are deflated once; answers are written into their cells.
    """
    printed = (spot.text for page in blank_sheets(form) for spot in page.spots if spot.role in {"fixed", "remark"})
    texts = dict.fromkeys((heading(form), *(text for text in printed if text and not is_figure(text))))
    return MappingProxyType({text: number for number, text in enumerate(texts)})


def strings_xml(texts: Mapping[str, int]) -> bytes:
    """Return the part of the shared texts."""
    made = b"".join(b'<si><t xml:space="preserve">' + xml_text(text) + b"</t></si>" for text in texts)
    return (
        (
            b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="%d">' % len(texts)
        )
        + made
        + b"</sst>"
    )


@lru_cache(maxsize=512)
def _part(form: Form, number: int, size: tuple[tuple[str, int], ...], own: tuple[tuple[str, str], ...]) -> Compiled:
    look = Look(
        form=form,
        index=styles(form).index,
        formulas=dict(own),
        strings=strings(form),
        heading=heading(form),
        first=number == 0,
    )
    return compiled(sheet(form, number, size), look)


def _own_formulas(page: Sheet, computed: dict[str, str]) -> tuple[tuple[str, str], ...]:
    keys = (f"={spot.path}" if spot.role == "mirror" else spot.path for spot in page.spots if spot.path)
    return tuple((key, computed[key]) for key in keys if key in computed)


def heading(form: Form) -> str:
    """Return the left half of the line at the top of every sheet."""
    marks = (block.mark for part in form.parts for block in part.blocks if isinstance(block, Cover))
    version = form.edition.version if form.edition else ""
    region = f" {form.region_name}" if form.region_name else ""
    return f"{NOTICE}{next(marks, '')} 《{form.short_title}》 {version}{region}"


# ---- the workbook part --------------------------------------------------------------------------


def cell_key(path: str) -> str:
    """Return the defined name of an answer's cell: F_agency_code, I_A01_self."""
    match = _ITEM_PATH.fullmatch(path)
    return f"I_{match[1]}_{match[2]}" if match else f"F_{path}"


def path_of(name: str) -> str:
    """Return the answer that a defined name stands for, '' for a name that is none of ours."""
    if name.startswith("F_"):
        return name[2:]
    match = re.fullmatch(r"I_(.+)_(self|review|reason)", name)
    return f"items.{match[1]}.{match[2]}" if match else ""


def _names(sheets: Sequence[Sheet]) -> Iterator[tuple[str, str, int]]:
    """Yield defined names: name, what it refers to, the sheet that it belongs to (-1 for the workbook)."""
    yield TOKEN_NAME, f"{META}!$B$1", -1
    for number, page in enumerate(sheets):
        where = quoted(page.name)
        for spot in page.spots:
            if spot.role == "answer" and ("." not in spot.path or spot.path.startswith("items.")):
                yield cell_key(spot.path), f"{where}!{fixed_name(spot.row, spot.col)}", -1
        for table in page.tables:
            last = fixed_name(table.first + table.count - 1, len(page.widths_mm) - 1)
            yield f"T_{table.schedule}", f"{where}!{fixed_name(table.head, 0)}:{last}", -1
        if len(page.heads) == 1:
            row = page.heads[0] + 1
            yield "_xlnm.Print_Titles", f"{where}!${row}:${row}", number


def _workbook(sheets: Sequence[Sheet]) -> str:
    listed = "".join(
        f'<sheet name="{escape(page.name, _QUOTES)}" sheetId="{n}" r:id="rId{n}"/>' for n, page in enumerate(sheets, 1)
    )
    last = len(sheets) + 1
    names = "".join(
        f'<definedName name="{name}"{"" if owner < 0 else f" localSheetId={chr(34)}{owner}{chr(34)}"}>'
        f"{escape(target)}</definedName>"
        for name, target, owner in sorted(_names(sheets), key=lambda name: (name[0].casefold(), name[2]))
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        f'xmlns:r="{RELATION}"><workbookPr defaultThemeVersion="124226"/>'
        '<bookViews><workbookView xWindow="0" yWindow="0" windowWidth="24000" windowHeight="12000" activeTab="0"/>'
        "</bookViews>"
        f'<sheets>{listed}<sheet name="{META}" sheetId="{last}" state="veryHidden" r:id="rId{last}"/></sheets>'
        f'<definedNames>{names}</definedNames><calcPr calcId="0" fullCalcOnLoad="1"/></workbook>'
    )


_QUOTES = {'"': "&quot;"}


def _workbook_relations(count: int) -> bytes:
    sheets = (("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, count + 2))
    return relations_xml(*sheets, ("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml"))


_ROOT_RELATIONS = relations_xml(
    ("officeDocument", "xl/workbook.xml"),
    ("http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties", "docProps/core.xml"),
    ("extended-properties", "docProps/app.xml"),
    ("custom-properties", "docProps/custom.xml"),
)
_APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>census</Application></Properties>"
)


def content_types(sheets: int, drawings: Sequence[int]) -> bytes:
    """Return the content types of a workbook with `sheets` worksheets and drawings of these numbers."""
    overrides = [
        ("xl/workbook.xml", f"{_MAIN}.sheet.main+xml"),
        ("xl/styles.xml", f"{_MAIN}.styles+xml"),
        ("xl/sharedStrings.xml", f"{_MAIN}.sharedStrings+xml"),
    ]
    overrides += [(f"xl/worksheets/sheet{n}.xml", f"{_MAIN}.worksheet+xml") for n in range(1, sheets + 1)]
    overrides += [
        (f"xl/drawings/drawing{n}.xml", "application/vnd.openxmlformats-officedocument.drawing+xml") for n in drawings
    ]
    overrides += [
        ("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
        ("docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml"),
        ("docProps/custom.xml", "application/vnd.openxmlformats-officedocument.custom-properties+xml"),
    ]
    made = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in overrides)
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        f'<Default Extension="jpeg" ContentType="image/jpeg"/>{made}</Types>'
    ).encode()
