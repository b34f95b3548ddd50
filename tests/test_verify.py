import io
import json
import zipfile

import pikepdf
import pytest

from services import desk
from services.bundle.manifest import FORMAT, root
from services.bundle.packet import bind
from services.bundle.verify import verify, verify_here
from services.carriers.reading import UnreadableError
from services.catalogue import concrete
from services.check import Context
from services.sample import sample
from services.settings import load_settings
from tests.packets import changed, embedded, station_sources


@pytest.fixture(scope="module")
def packet():
    return bind("station", station_sources(), Context(), load_settings())


def broken(data):
    return [line.text for line in verify(data).lines if not line.holds]


def test_an_untouched_packet_holds(packet):
    assert verify(packet.pdf).holds
    assert verify(packet.archive).holds
    assert verify(packet.pdf).root == packet.manifest["root_sha256"]


def test_a_packet_that_another_program_only_saved_again_holds(packet):
    assert broken(changed(packet.pdf, lambda _: None)) == []


def test_a_changed_page_is_named_with_its_piece(packet):
    entry = packet.manifest["entries"][4]

    def change(pdf):
        page = pdf.pages[entry["first_page"] + 1]
        page.contents_add(b"q 1 0 0 rg 100 100 50 50 re f Q")

    (said,) = broken(changed(packet.pdf, change))
    assert "第 2 件" in said
    assert "页面内容已改动" in said


def test_a_removed_page_is_found(packet):
    said = broken(changed(packet.pdf, lambda pdf: pdf.pages.__delitem__(4)))
    assert any("共" in line and "清单为" in line for line in said)


def test_a_figure_edited_in_the_manifest_breaks_the_root(packet):
    def change(pdf):
        body = json.loads(pdf.attachments["manifest.json"].get_file().read_bytes())
        body["entries"][4]["title"] = "别的表"
        data = json.dumps(body).encode()
        pdf.attachments["manifest.json"] = embedded(pdf, data)

    said = broken(changed(packet.pdf, change))
    assert any(line.startswith("清单总校验值") for line in said)


def test_a_manifest_made_consistent_again_still_differs_from_the_cover(packet):
    def change(pdf):
        body = json.loads(pdf.attachments["manifest.json"].get_file().read_bytes())
        body["unit"] = "别的站"
        body["root_sha256"] = root(body)
        data = json.dumps(body).encode()
        pdf.attachments["manifest.json"] = embedded(pdf, data)

    said = broken(changed(packet.pdf, change))
    assert any("封面上的总校验值" in line for line in said)
    assert any("封面上的单位名称" in line for line in said)


def test_an_exchanged_original_is_named(packet):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packet.archive)) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            data = source.read(info)
            target.writestr(info.filename, b"other" if info.filename.startswith("原件/01") else data)
    (said,) = broken(out.getvalue())
    assert "第 1 件《自查报告》" in said
    assert "内容已改动" in said


def test_an_original_left_out_is_named(packet):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packet.archive)) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            if not info.filename.startswith("原件/01"):
                target.writestr(info.filename, source.read(info))
    (said,) = broken(out.getvalue())
    assert said.endswith("缺少")


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.7 broken", b"PK\x03\x04broken"])
def test_what_is_no_packet_is_said_to_be_none(data):
    with pytest.raises(UnreadableError):
        verify(data)


def test_a_pdf_without_a_manifest_is_no_packet():
    pdf = pikepdf.new()
    pdf.add_blank_page()
    out = io.BytesIO()
    pdf.save(out)
    with pytest.raises(UnreadableError, match=r"manifest\.json"):
        verify(out.getvalue())


@pytest.mark.parametrize("carrier", ["docx", "pdf", "json"])
def test_a_form_is_named_as_the_form_that_it_is(carrier: str):
    form = concrete("worker-recommendation")
    if carrier == "json":
        data = json.dumps({"form": form.id}).encode()
    else:
        data = desk.issue(form, sample(form), carrier, load_settings()).data
    with pytest.raises(UnreadableError, match="这是一份《职业技能鉴定优秀工作者推荐表》,不是上报材料"):
        verify(data)


ENTRY = {
    **dict.fromkeys(("number", "first_page", "last_page"), 1),
    **dict.fromkeys(("title", "pages_sha256", "file", "file_sha256", "record", "record_sha256"), ""),
}
SHAPED = {
    "format": FORMAT,
    "unit": "某市",
    "agency_code": "6101",
    "root_sha256": "",
    "page_count": 1,
    "entries": [ENTRY],
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"unit": None},
        {"page_count": "1"},
        {"entries": {}},
        {"entries": ["评估表"]},
        {"entries": [{}]},
        {"entries": [{**ENTRY, "first_page": "一"}]},
        {"files": 3},
        {"files": [{"name": "汇总.xlsx"}]},
    ],
)
def test_a_manifest_of_another_shape_is_said_to_be_no_packets(wrong):
    with pytest.raises(UnreadableError, match=r"manifest\.json 里缺少应有的内容,或写法不对"):
        verify_here(with_manifest({**SHAPED, **wrong}))


def test_a_manifest_of_the_right_shape_is_checked_piece_by_piece():
    said = [text for holds, text in verify_here(with_manifest(SHAPED))["lines"] if not holds]
    assert any("清单总校验值" in text for text in said)


def with_manifest(body) -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.attachments["manifest.json"] = json.dumps(body).encode()
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()
