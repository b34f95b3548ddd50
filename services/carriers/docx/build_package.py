"""The parts of a Word template around its body: types, relations, settings, header and footer, identity."""

from __future__ import annotations

from services.carriers.docx.build_blocks import QR_RELATION
from services.carriers.docx.build_styles import font_table_xml, styles_xml
from services.carriers.docx.ooxml import NAMESPACES, XML_HEAD, escape, paragraph, run, twips
from services.form import Cover, Form, Orientation
from services.paper import qr

DOCUMENT_NUMBER = "劳社厅函〔2006〕338号"
TEXT_WIDTH_MM = (("portrait", 170.0), ("landscape", 257.0))
PROPERTIES = ("FormToken", "FormId", "FormEdition", "FormRegion", "RecordId")
BLANK = "\u3000\u3000"
"""What stands in an empty control: two ideographic blanks, room to click into, nothing to print."""

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

_PARTS = (
    ("styles.xml", "styles", "styles"),
    ("settings.xml", "settings", "settings"),
    ("fontTable.xml", "fontTable", "fontTable"),
    ("glossary/document.xml", "glossaryDocument", "document.glossary"),
    ("header-portrait.xml", "header", "header"),
    ("header-landscape.xml", "header", "header"),
    ("footer-none.xml", "footer", "footer"),
    ("footer-odd.xml", "footer", "footer"),
    ("footer-even.xml", "footer", "footer"),
)
"""Name of the part, kind of its relation, end of its content type."""


def relation_of(part: str) -> str:
    """Return the id of the body's relation to a part."""
    return "rId" + "".join(word.capitalize() for word in part.removesuffix(".xml").replace("/", "-").split("-"))


def parts_of(form: Form, body: str) -> tuple[tuple[str, bytes], ...]:
    """Return every part of the template by name, content types first."""
    headers = ((f"word/header-{orientation}.xml", _header(form, width)) for orientation, width in TEXT_WIDTH_MM)
    document = f"{XML_HEAD}<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"
    return (
        ("[Content_Types].xml", _content_types()),
        ("_rels/.rels", _package_relations()),
        ("word/document.xml", document.encode()),
        ("word/_rels/document.xml.rels", _document_relations()),
        ("word/styles.xml", styles_xml(form.id)),
        ("word/settings.xml", _settings()),
        ("word/fontTable.xml", font_table_xml()),
        ("word/glossary/document.xml", _glossary()),
        *headers,
        ("word/footer-none.xml", _footer("")),
        ("word/footer-odd.xml", _footer("ZPFooterOdd")),
        ("word/footer-even.xml", _footer("ZPFooterEven")),
        ("word/media/identity.png", qr.png("ZP")),
        ("docProps/core.xml", _core(form)),
        ("docProps/app.xml", _app()),
        ("docProps/custom.xml", _custom()),
    )


def _xml(text: str) -> bytes:
    return f"{XML_HEAD}{text}".encode()


def _content_types() -> bytes:
    defaults = (("rels", f"application/vnd.{_RELATIONS_TYPE}"), ("xml", "application/xml"))
    pictures = (("png", "image/png"), ("jpeg", "image/jpeg"))
    overrides = (
        ("word/document.xml", f"{_WORD_TYPE}.document.main+xml"),
        *((f"word/{name}", f"{_WORD_TYPE}.{kind}+xml") for name, _, kind in _PARTS),
        ("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
        ("docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml"),
        ("docProps/custom.xml", "application/vnd.openxmlformats-officedocument.custom-properties+xml"),
    )
    rows = "".join(f'<Default Extension="{end}" ContentType="{kind}"/>' for end, kind in (*defaults, *pictures))
    rows += "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in overrides)
    return _xml(f'<Types xmlns="{_PACKAGE}/content-types">{rows}</Types>')


_RELATIONS_TYPE = "openxmlformats-package.relationships+xml"


def _relations(rows: tuple[tuple[str, str, str], ...]) -> bytes:
    text = "".join(f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>' for name, kind, target in rows)
    return _xml(f'<Relationships xmlns="{_PACKAGE}/relationships">{text}</Relationships>')


def _package_relations() -> bytes:
    kinds = f"{_OFFICE}/relationships"
    return _relations(
        (
            ("rId1", f"{kinds}/officeDocument", "word/document.xml"),
            ("rId2", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            ("rId3", f"{kinds}/extended-properties", "docProps/app.xml"),
            ("rId4", f"{kinds}/custom-properties", "docProps/custom.xml"),
        )
    )


def _document_relations() -> bytes:
    parts = tuple((relation_of(name), f"{_OFFICE}/relationships/{kind}", name) for name, kind, _ in _PARTS)
    return _relations((*parts, (QR_RELATION, f"{_OFFICE}/relationships/image", "media/identity.png")))


def _settings() -> bytes:
    compat = "".join(
        f'<w:compatSetting w:name="{name}" w:uri="http://schemas.microsoft.com/office/word" w:val="{value}"/>'
        for name, value in (("compatibilityMode", "15"), ("overrideTableStyleFontSizeAndJustification", "1"))
    )
    return _xml(
        f'<w:settings {_W}><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>'
        '<w:drawingGridVerticalSpacing w:val="156"/><w:characterSpacingControl w:val="compressPunctuation"/>'
        f"<w:compat>{compat}</w:compat>"
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
    )


def _glossary() -> bytes:
    """Return the building block that Word puts into a control that was emptied: blanks, no invitation."""
    return _xml(
        f'<w:glossaryDocument {_W}><w:docParts><w:docPart><w:docPartPr><w:name w:val="ZPBlank"/><w:category>'
        '<w:name w:val="General"/><w:gallery w:val="placeholder"/></w:category><w:types><w:type w:val="bbPlcHdr"/>'
        '</w:types><w:behaviors><w:behavior w:val="content"/></w:behaviors>'
        '<w:guid w:val="{6B7C1D52-0A3E-4F1B-9C55-33820060703A}"/></w:docPartPr><w:docPartBody>'
        f'<w:p><w:r><w:t xml:space="preserve">{BLANK}</w:t></w:r></w:p></w:docPartBody></w:docPart></w:docParts>'
        "</w:glossaryDocument>"
    )


def attachment_mark(form: Form) -> str:
    """Return the attachment mark of the cover (附件1)."""
    covers = (block for part in form.parts for block in part.blocks if isinstance(block, Cover))
    return next((cover.mark for cover in covers), "")


def header_text(form: Form) -> str:
    """Return the left half of the header line: document number, attachment, form and version."""
    mark = attachment_mark(form).removeprefix(DOCUMENT_NUMBER)
    version = form.edition.version if form.edition else ""
    return f"{DOCUMENT_NUMBER}{mark}  《{form.short_title}》  {version}"


def _header(form: Form, width_mm: float) -> bytes:
    line = run(header_text(form)) + "<w:r><w:tab/></w:r>" + run("{{ header }}")
    tabs = f'<w:tabs><w:tab w:val="right" w:pos="{twips(width_mm)}"/></w:tabs>'
    return _xml(f"<w:hdr {NAMESPACES}>{paragraph(line, 'ZPHeader', properties=tabs)}</w:hdr>")


def _footer(style: str) -> bytes:
    begin, separate, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    page = '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    field = f"{run('— ')}{begin}{page}{separate}{run('1')}{end}{run(' —')}"
    return _xml(f"<w:ftr {NAMESPACES}>{paragraph(field if style else '', style or 'ZPHeader')}</w:ftr>")


def _core(form: Form) -> bytes:
    # A fixed day: the same declaration gives the same bytes.
    day = "2006-07-03T00:00:00Z"
    stamps = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{day}</dcterms:{name}>' for name in ("created", "modified")
    )
    return _xml(
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(form.title)}</dc:title><dc:subject>{{{{ token }}}}</dc:subject>"
        f"<dc:language>zh-CN</dc:language>{stamps}</cp:coreProperties>"
    )


def _app() -> bytes:
    return _xml(
        f'<Properties xmlns="{_OFFICE}/extended-properties"><Application>zhiliang-pucha</Application></Properties>'
    )


def _custom() -> bytes:
    rows = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" name="{name}">'
        f"<vt:lpwstr>{{{{ properties.{name} }}}}</vt:lpwstr></property>"
        for number, name in enumerate(PROPERTIES, 2)
    )
    return _xml(
        f'<Properties xmlns="{_OFFICE}/custom-properties" xmlns:vt="{_OFFICE}/docPropsVTypes">{rows}</Properties>'
    )


MARGINS_MM = (25.0, 20.0, 22.0, 20.0)
"""Top, right, bottom, left of the text area of a portrait page; a landscape page has 22 mm above."""

_LANDSCAPE_TOP_MM = 22.0


def section(orientation: Orientation, *, is_first: bool) -> str:
    """Return the properties of a section; the first page of the first one, the cover, has no page number."""
    wide, high = (297, 210) if orientation == "landscape" else (210, 297)
    top, right, bottom, left = MARGINS_MM
    top = _LANDSCAPE_TOP_MM if orientation == "landscape" else top
    header = relation_of(f"header-{orientation}.xml")
    pages = [("default", header, "footer-odd.xml"), ("even", header, "footer-even.xml")]
    pages += [("first", header, "footer-none.xml")] if is_first else []
    references = "".join(
        f'<w:headerReference w:type="{kind}" r:id="{head}"/>'
        f'<w:footerReference w:type="{kind}" r:id="{relation_of(foot)}"/>'
        for kind, head, foot in pages
    )
    turned = ' w:orient="landscape"' if orientation == "landscape" else ""
    return (
        f'<w:sectPr>{references}<w:type w:val="nextPage"/><w:pgSz w:w="{twips(wide)}" w:h="{twips(high)}"{turned}/>'
        f'<w:pgMar w:top="{twips(top)}" w:right="{twips(right)}" w:bottom="{twips(bottom)}" w:left="{twips(left)}" '
        f'w:header="{twips(12)}" w:footer="{twips(12)}" w:gutter="0"/>{"<w:titlePg/>" if is_first else ""}</w:sectPr>'
    )
