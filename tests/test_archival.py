"""Forms are PDF/A-2b and packets PDF/A-3b, by the demands of ISO 19005 as tests/archival writes them down.

The demands are first held against files that were spoilt on purpose: each must be found.
"""

import io
from datetime import date

import pikepdf
import pytest

from services import desk
from services.bundle.packet import Job, Options, Source, bind
from services.bundle.supplement import append
from services.catalogue import concrete
from services.check import Context
from services.record import build, entries_of
from services.sample import sample
from services.settings import load_settings
from tests.archival import faults
from tests.packets import changed, embedded, jpeg, pdf
from tests.test_region_packet import exempt

FORMS = ("evaluation", "station-recommendation", "worker-recommendation")
CONTEXT = Context(today=date(2006, 10, 16))
OPTIONS = Options(signed_on=date(2006, 10, 16))


def issued(form_id, edition="2006", seed=5):
    form = concrete(form_id, edition)
    return desk.issue(form, build(form, entries_of(form, sample(form, seed))), "pdf", load_settings()).data


@pytest.fixture(scope="module")
def form():
    return issued("station-recommendation")


# ---- what a file can be spoilt by ---------------------------------------------------------------------------


def of_kind(document, kind):
    return next(
        one
        for one in document.objects
        if isinstance(one, pikepdf.Dictionary) and kind in (one.get("/Type"), one.get("/Subtype"))
    )


def without_font(document):
    del of_kind(document, "/FontDescriptor")["/FontFile3"]


def other_widths(document):
    of_kind(document, "/CIDFontType0").W = pikepdf.Array([0, 9999, 333])


def unnamed_codes(document):
    del of_kind(document, "/Type0").ToUnicode


def script(document):
    document.Root.OpenAction = document.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="1"))


def hidden_field(document):
    document.pages[0].Annots[0].F = 2


def undrawn_field(document):
    del document.pages[0].Annots[0].AP


def rolled_over(document):
    note = document.pages[0].Annots[0]
    note.AP.D = note.AP.N


def drawn_again(document):
    document.Root.AcroForm.NeedAppearances = True


def film(document):
    movie = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Movie, F=4, Rect=[0, 0, 0, 0])
    document.pages[0].Annots.append(document.make_indirect(movie))


def embedded_file(document):
    document.attachments["manifest.json"] = embedded(document, b"{}")


def other_title(document):
    document.docinfo["/Title"] = "另一个题名"


def no_properties(document):
    del document.Root.Metadata


def no_claim(document):
    with document.open_metadata(update_docinfo=False) as told:
        del told["pdfaid:part"]


def own_property(document):
    with document.open_metadata(update_docinfo=False) as told:
        told["{urn:example:own}colour"] = "red"


def no_profile(document):
    del document.Root.OutputIntents


def broken_profile(document):
    document.Root.OutputIntents[0].DestOutputProfile.write(b"no profile")


def four_colours(document):
    document.pages[0].contents_add(b"1 0 0 0 k")


def strange_operator(document):
    document.pages[0].contents_add(b"1 2 xyz")


def unknown_font(document):
    document.pages[0].contents_add(b"BT /Nope 12 Tf (x) Tj ET")


def smooth_picture(document):
    of_stream(document, "/Image")["/Interpolate"] = True


def picture_elsewhere(document):
    of_stream(document, "/Image")["/F"] = pikepdf.String("picture.jpg")


def of_stream(document, kind):
    return next(s for s in document.objects if isinstance(s, pikepdf.Stream) and s.get("/Subtype") == kind)


def unknown_blend(document):
    state = pikepdf.Dictionary(BM=pikepdf.Name.Bright)
    document.pages[0].add_resource(document.make_indirect(state), pikepdf.Name.ExtGState)


def too_deep(document):
    document.pages[0].contents_add(b"q " * 29 + b"Q " * 29)


def endless_page(document):
    document.pages[0].MediaBox = [0, 0, 20000, 842]


def layered(document):
    document.Root.OCProperties = pikepdf.Dictionary(OCGs=[], D=pikepdf.Dictionary())


@pytest.mark.parametrize(
    ("spoil", "clause"),
    [
        (without_font, "6.2.11.4.1"), (other_widths, "6.2.11.5"), (unnamed_codes, "6.2.11.7"), (script, "6.5.1"),
        (hidden_field, "6.3.2"), (undrawn_field, "6.3.3"), (rolled_over, "6.3.3"), (drawn_again, "6.4"),
        (film, "6.3.1"), (embedded_file, "6.8"), (other_title, "6.6.3"), (no_properties, "6.6.2.1"),
        (no_claim, "6.6.4"), (own_property, "6.6.2.3"), (no_profile, "6.2.3"), (broken_profile, "6.2.3"),
        (four_colours, "6.2.4.3"), (strange_operator, "6.2.2"), (unknown_font, "6.2.2"), (smooth_picture, "6.2.8"),
        (picture_elsewhere, "6.1.7.1"), (unknown_blend, "6.2.10"), (too_deep, "6.1.13"), (endless_page, "6.1.13"),
        (layered, "6.9"),
    ],
)  # fmt: skip
def test_a_spoilt_file_is_found_by_its_clause(form, spoil, clause):
    found = faults(changed(form, spoil), 2)
    assert [said for said in found if said.startswith(f"{clause} ")]


@pytest.mark.parametrize(
    ("data", "clause"),
    [
        (lambda data: b" " + data, "6.1.2"),
        (lambda data: data[:9] + b"%abcd" + data[14:], "6.1.2"),
        (lambda data: data + b"more", "6.1.3"),
    ],
)
def test_a_file_that_begins_or_ends_otherwise_is_found(form, data, clause):
    assert [said for said in faults(data(form), 2) if said.startswith(f"{clause} ")]


def test_a_file_with_a_password_is_found():
    assert "6.1.3 the file is encrypted" in faults(locked(), 2)


def locked():
    """A file that opens without a password and is encrypted all the same."""
    data = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        document.save(data, encryption=pikepdf.Encryption(owner="x", user=""))
    return data.getvalue()


# ---- what the service makes -----------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", ["2006", "today"])
@pytest.mark.parametrize("form_id", FORMS)
def test_every_form_is_archival_blank_and_filled(form_id, edition):
    blank = desk.blank(concrete(form_id, edition), "pdf", load_settings()).data
    assert faults(blank, 2) == []
    assert faults(issued(form_id, edition), 2) == []


def test_a_form_given_back_with_its_faults_marked_is_still_archival():
    form = concrete("station-recommendation")
    nameless = build(form, entries_of(form, sample(form, 5)) | {"name": None})
    data = desk.issue(form, nameless, "pdf", load_settings()).data
    examined = desk.examine(data, "表.pdf", CONTEXT, load_settings())
    assert examined.findings
    assert faults(desk.mark(examined), 2) == []


def test_a_station_packet_with_pictures_is_archival():
    sources = (exempt(0), Source(name="许可证正本.jpg", data=jpeg()))
    packet = bind("station", sources, CONTEXT, load_settings())
    assert packet.manifest["conformance"]["level"] == "3B"
    assert faults(packet.pdf, 3) == []


def test_a_packet_with_a_strangers_pages_claims_nothing_and_says_why():
    sources = (exempt(0), Source(name="自查报告.pdf", data=pdf()))
    packet = bind("station", sources, CONTEXT, load_settings())
    assert packet.manifest["conformance"]["level"] == ""
    assert "自查报告.pdf" in packet.manifest["conformance"]["why"][0]
    assert faults(packet.pdf, 3) == ["6.6.4 the XMP does not say PDF/A-3"]


@pytest.mark.parametrize("recipe", ["city", "ministry"])
def test_letters_reports_summaries_and_lists_are_archival(recipe):
    packet = bind(recipe, [exempt(0)], CONTEXT, load_settings(), OPTIONS)
    assert faults(packet.pdf, 3) == []


def test_a_packet_of_many_chunks_and_a_supplement_are_archival(tmp_path, monkeypatch):
    monkeypatch.setattr("services.bundle.chunks.FEW_PAGES", 1)
    monkeypatch.setattr("services.bundle.chunks.PAGES_AT_ONCE", 20)
    former, later = tmp_path / "former.pdf", tmp_path / "later.pdf"
    former.write_bytes(bind("region", [exempt(0), exempt(1)], CONTEXT, load_settings(), OPTIONS).pdf)
    assert faults(former.read_bytes(), 3) == []
    job = Job(recipe="region", sources=[exempt(2)], context=CONTEXT, settings=load_settings(), options=OPTIONS)
    made = append(job, former, later)
    assert made.manifest["conformance"]["level"] == "3B"
    assert faults(later.read_bytes(), 3) == []
