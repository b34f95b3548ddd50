"""A completed PDF given back with its faults marked: a box with a note at each answer, bookmarks, a list in front.

Everything is recognisable as ours (`mark_ours`), so that the marked copy can be corrected and uploaded
again. The same file and findings give the same bytes.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import pikepdf

from services.carriers.pdf.mark_ours import ADVICE, AUTHOR, BOOKMARK, NOTE, PAGE_KEY, take_out
from services.carriers.pdf.opened import open_pdf
from services.carriers.reading import Reading
from services.findings import SEVERITY_LABELS, Finding, Severity
from services.form import Form
from services.paper.coverage import uncovered, with_geta
from services.paper.typeset import Piece, typeset

_RANK = (Severity.MUST_FIX, Severity.CONFIRM, Severity.NOTE)
_COLOURS: Mapping[Severity, tuple[str, tuple[float, float, float]]] = MappingProxyType(
    {
        Severity.MUST_FIX: ("red", (0.85, 0.0, 0.0)),
        Severity.CONFIRM: ("orange", (0.9, 0.5, 0.0)),
        Severity.NOTE: ("blue", (0.1, 0.35, 0.75)),
    }
)
_PRINTED = 4
_LINE, _BESIDE = 1.2, 1.0
_MOST_LISTED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a box is drawn: page counted from 0, rectangle in points."""

    page: int
    rect: tuple[float, float, float, float]


def mark(form: Form, data: bytes, reading: Reading, findings: Sequence[Finding]) -> bytes:
    """Return the PDF with `findings` marked in it and our former marks removed; other notes stay.

    Findings without a place of their own stand in the list in front alone.

    Raises:
        UnreadableError: the file cannot be opened.
    """
    with open_pdf(data) as document:
        take_out(document)
        if findings:
            places = [_place_of(_address(reading.anchors, finding), len(document.pages)) for finding in findings]
            _add_boxes(document, findings, places)
            _add_bookmarks(document, findings, places)
            _add_list(document, form, findings)
        return _saved(document)


def unmark(data: bytes) -> bytes:
    """Return the PDF without our marks; one that has none, byte for byte as it is.

    Raises:
        UnreadableError: the file cannot be opened.
    """
    with open_pdf(data) as document:
        return _saved(document) if take_out(document) else data


def _saved(document: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _address(anchors: Mapping[str, str], finding: Finding) -> str:
    """Return where a finding stands: its own place, or that of the first answer of its row, item or schedule."""
    field = finding.field
    address = finding.anchor.partition("\n")[0] or (anchors.get(field, "") if field else "")
    if not address and field:
        address = next((there for path, there in anchors.items() if path.startswith(f"{field}.")), "")
    return address


def _place_of(address: str, pages: int) -> _Place | None:
    """Return the place at an address (page:left,bottom,right,top), None where there is none."""
    page, _, edges = address.partition(":")
    if not edges or int(page) >= pages:
        return None
    left, bottom, right, top = (float(edge) for edge in edges.split(","))
    return _Place(page=int(page), rect=(left - _BESIDE, bottom - _BESIDE, right + _BESIDE, top + _BESIDE))


# ---- at the answer ------------------------------------------------------------------------------


def _add_boxes(document: pikepdf.Pdf, findings: Sequence[Finding], places: Sequence[_Place | None]) -> None:
    """Draw one box round each place, under the form fields, so that these can still be filled in."""
    told: dict[_Place, list[tuple[int, Finding]]] = {}
    for number, (finding, place) in enumerate(zip(findings, places, strict=True), 1):
        others = (_place_of(address, len(document.pages)) for address in finding.anchor.splitlines()[1:])
        for there in dict.fromkeys(filter(None, (place, *others))):
            told.setdefault(there, []).append((number, finding))
    for place, entries in told.items():
        page = document.pages[place.page].obj
        box = document.make_indirect(_box(document, place, entries, page))
        window = document.make_indirect(_window(place, box, page))
        box["/Popup"] = window
        page["/Annots"] = pikepdf.Array([box, *page.get("/Annots", []), window])


def _box(
    document: pikepdf.Pdf, place: _Place, entries: Sequence[tuple[int, Finding]], page: pikepdf.Object
) -> pikepdf.Dictionary:
    worst = min((finding.severity for _, finding in entries), key=_RANK.index)
    colour = _COLOURS[worst][1]
    said = "\n".join(f"【{SEVERITY_LABELS[f.severity]}】{number}. {f.message}{_rule(f)}" for number, f in entries)
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Square,
        Rect=pikepdf.Array([round(edge, 2) for edge in place.rect]),
        F=_PRINTED,
        P=page,
        C=pikepdf.Array(colour),
        BS=pikepdf.Dictionary(W=_LINE, S=pikepdf.Name.S),
        T=pikepdf.String(AUTHOR),
        NM=pikepdf.String(f"{NOTE}{entries[0][0]}"),
        Subj=pikepdf.String(SEVERITY_LABELS[worst]),
        Contents=pikepdf.String(said),
        AP=pikepdf.Dictionary(N=_frame(document, place, colour)),
    )


def _rule(finding: Finding) -> str:
    return f"(规则 {finding.rule})" if finding.rule else ""


def _frame(document: pikepdf.Pdf, place: _Place, colour: tuple[float, float, float]) -> pikepdf.Object:
    left, bottom, right, top = place.rect
    wide, high = round(right - left, 2), round(top - bottom, 2)
    red, green, blue = colour
    stream = pikepdf.Stream(
        document,
        b"%.2f %.2f %.2f RG %.1f w %.2f %.2f %.2f %.2f re S"
        % (red, green, blue, _LINE, _LINE / 2, _LINE / 2, wide - _LINE, high - _LINE),
    )
    stream.stream_dict["/Type"] = pikepdf.Name.XObject
    stream.stream_dict["/Subtype"] = pikepdf.Name.Form
    stream.stream_dict["/BBox"] = pikepdf.Array([0, 0, wide, high])
    stream.stream_dict["/Resources"] = pikepdf.Dictionary()
    return document.make_indirect(stream)


def _window(place: _Place, box: pikepdf.Object, page: pikepdf.Object) -> pikepdf.Dictionary:
    _, _, right, top = place.rect
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Popup,
        Rect=pikepdf.Array([round(right, 2), round(top - 90, 2), round(right + 180, 2), round(top, 2)]),
        F=_PRINTED,
        P=page,
        Parent=box,
        Open=False,
    )


# ---- bookmarks and the list in front ------------------------------------------------------------


def _add_bookmarks(document: pikepdf.Pdf, findings: Sequence[Finding], places: Sequence[_Place | None]) -> None:
    top = pikepdf.OutlineItem(f"{BOOKMARK}{_summary(findings)}", 0)
    for number, (finding, place) in enumerate(zip(findings[:_MOST_LISTED], places, strict=False), 1):
        title = f"{number}. {SEVERITY_LABELS[finding.severity]} {finding.label or finding.message}"
        top.children.append(_bookmark(document, title, place))
    with document.open_outline() as outline:
        outline.root.insert(0, top)


def _bookmark(document: pikepdf.Pdf, title: str, place: _Place | None) -> pikepdf.OutlineItem:
    if place is None:
        return pikepdf.OutlineItem(title, 0)
    left, _, _, top = place.rect
    there = pikepdf.make_page_destination(document, place.page, pikepdf.PageLocation.XYZ, left=left - 20, top=top + 60)
    return pikepdf.OutlineItem(title, there)


def _summary(findings: Sequence[Finding]) -> str:
    counts = Counter(finding.severity for finding in findings)
    return ",".join(f"{SEVERITY_LABELS[severity]} {counts[severity]} 处" for severity in _RANK if counts[severity])


def _add_list(document: pikepdf.Pdf, form: Form, findings: Sequence[Finding]) -> None:
    data = {
        "title": f"《{form.short_title}》校核结果",
        "summary": _summary(findings),
        "advice": f"请在表中改正后直接上传本文件。{ADVICE}。",
        "lines": [_listed(finding) for finding in findings[:_MOST_LISTED]],
    }
    listed = typeset((Piece(key="faults", kind="faults", data=data),), title="校核结果").pdf
    with pikepdf.open(io.BytesIO(listed)) as pages:
        for number, page in enumerate(pages.pages):
            for key in ("/StructParents", "/Tabs"):
                if key in page.obj:
                    del page.obj[key]
            page.obj[PAGE_KEY] = True
            document.pages.insert(number, page)


def _listed(finding: Finding) -> dict[str, str]:
    return {
        "severity": SEVERITY_LABELS[finding.severity],
        "colour": _COLOURS[finding.severity][0],
        "place": _printable(finding.place),
        "message": _printable(f"{finding.message}{_rule(finding)}"),
    }


def _printable(text: str) -> str:
    return with_geta(text, uncovered(text, "song"))
