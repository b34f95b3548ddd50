import io
import re
import subprocess
import zipfile
from datetime import date

import pikepdf
import pypdf
import pytest
import zxingcpp
from PIL import Image

from services import desk
from services.bundle.archive import distinct, safe_name
from services.bundle.packet import Source, bind
from services.carriers.intake import mark_upload, read_upload
from services.catalogue import UnknownFormError, concrete
from services.check import Context
from services.findings import Problem, Severity, found
from services.sample import sample
from services.settings import load_settings
from tests.packets import jpeg, pdf, record_source, station_sources


def bound(*sources):
    return bind("station", sources, Context(), load_settings())


@pytest.fixture(scope="module")
def packet():
    return bound(*station_sources())


def codes(made):
    return {finding.code for finding in made.findings if finding.severity == "must-fix"}


def test_the_pieces_stand_in_the_order_of_the_checklist(packet):
    titles = [entry["title"] for entry in packet.manifest["entries"]]
    assert titles[:5] == ["封面", "目录", "材料清单", "自查报告", "职业技能鉴定所(站)质量普查评估表"]
    assert titles[5:7] == ["职业技能鉴定许可证正、副本复印件", "证明材料 B01"]
    assert titles[7] == "优秀职业技能鉴定所(站)推荐表"
    assert titles[8].startswith("职业技能鉴定优秀工作者推荐表")
    assert titles[9:] == ["数据情况说明表"]


def test_every_printed_number_is_the_page_of_the_pdf(packet, tmp_path):
    file = tmp_path / "packet.pdf"
    file.write_bytes(packet.pdf)
    text = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True, text=True).stdout
    pages = text.rstrip("\f").split("\f")
    printed = [re.findall(r"—\s?(\d+)\s?—", page)[-1] for page in pages]
    assert printed == [str(number) for number in range(1, len(pages) + 1)]
    assert len(pages) == packet.manifest["page_count"]


def test_the_entries_cover_all_pages_without_a_gap(packet):
    following = 1
    for entry in packet.manifest["entries"]:
        assert entry["first_page"] == following
        following = entry["last_page"] + 1
    assert following == packet.manifest["page_count"] + 1


def test_the_contents_link_to_the_first_page_of_each_piece(packet):
    with pikepdf.open(io.BytesIO(packet.pdf)) as made:
        numbers = {str(page.objgen): number for number, page in enumerate(made.pages, 1)}
        links = [note for note in made.pages[1].Annots if note.Subtype == "/Link"]
        targets = {numbers[str(_destination(made, link)[0].objgen)] for link in links}
    assert targets == {entry["first_page"] for entry in packet.manifest["entries"][2:]}


def _destination(made, link):
    target = link.get("/Dest", link.get("/A", {}).get("/D"))
    if isinstance(target, pikepdf.Array):
        return target
    names = pikepdf.NameTree(made.Root.Names.Dests)
    found = names[str(target)]
    return found if isinstance(found, pikepdf.Array) else found.D


def test_the_bookmarks_name_the_pieces(packet):
    reader = pypdf.PdfReader(io.BytesIO(packet.pdf))
    titles = [str(entry.title) for entry in reader.outline if not isinstance(entry, list)]
    for wanted in ("目录", "材料清单", "自查报告", "证明材料 B01"):
        assert any(wanted in title.replace("\u3000", "").replace(" ", "").replace("B01", " B01") for title in titles)


def test_a_lying_page_lies_and_an_upright_one_stands(packet):
    with pikepdf.open(io.BytesIO(packet.pdf)) as made:
        first = packet.manifest["entries"][3]["first_page"]
        shapes = [[round(float(side)) for side in made.pages[n - 1].mediabox[2:]] for n in (first, first + 1)]
    assert shapes == [[595, 842], [842, 595]]


def test_the_same_inputs_give_the_same_bytes(packet):
    again = bound(*station_sources())
    assert again.pdf == packet.pdf
    assert again.archive == packet.archive


def test_the_archive_holds_the_originals_as_they_came(packet):
    with zipfile.ZipFile(io.BytesIO(packet.archive)) as archive:
        names = archive.namelist()
        originals = [archive.read(name) for name in names if name.startswith("原件/")]
    assert names[:2] == ["上报材料.pdf", "manifest.json"]
    assert originals == [source.data for source in station_sources()]


def test_the_root_hash_stands_on_the_cover_in_words_and_as_a_code(packet, tmp_path):
    file = tmp_path / "packet.pdf"
    file.write_bytes(packet.pdf)
    subprocess.run(["pdftoppm", "-r", "150", "-l", "1", "-png", file, tmp_path / "cover"], check=True)
    (picture,) = tmp_path.glob("cover*.png")
    with Image.open(picture) as image:
        code = zxingcpp.read_barcodes(image)[0].text
    text = pypdf.PdfReader(io.BytesIO(packet.pdf)).pages[0].extract_text()
    root = packet.manifest["root_sha256"]
    assert code == root.upper()
    assert root in re.sub(r"\s", "", text)


def test_no_script_action_or_link_of_an_attachment_comes_along():
    made = pikepdf.new()
    made.add_blank_page()
    made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    made.pages[0].AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe"))
    data = io.BytesIO()
    made.save(data)
    packet = bound(record_source("evaluation"), Source(name="自查报告.pdf", data=data.getvalue()))
    assert packet.pdf
    with pikepdf.open(io.BytesIO(packet.pdf)) as pdf_made:
        plain = pdf_made.Root.unparse(resolved=True) + b"".join(
            page.obj.unparse(resolved=True) for page in pdf_made.pages
        )
    for word in (b"JavaScript", b"Launch", b"OpenAction", b"/AA"):
        assert word not in plain


def test_without_an_evaluation_form_nothing_is_bound():
    made = bound(Source(name="自查报告.pdf", data=pdf()))
    assert made.pdf == b""
    assert "K01.evaluation" in codes(made)


def test_an_exempt_station_needs_no_evaluation_form():
    certified = {"exempt": True, "qms_no": "Q2005-018", "qms_issuer": "劳动和社会保障部", "qms_on": date(2005, 3, 1)}
    unscored = dict.fromkeys(("self_total", "review_total", "grade"))
    made = bound(record_source("station-recommendation", certified | unscored))
    assert codes(made) == set()
    assert made.pdf


def test_a_form_with_something_to_mend_is_not_bound_and_its_file_is_named():
    made = bound(record_source("evaluation", {"agency_code": None}, name="某站.json"))
    assert made.pdf == b""
    (finding,) = [f for f in made.findings if f.field == "agency_code"]
    assert finding.place.startswith("某站.json 《评估表》")


def test_two_evaluation_forms_are_one_too_many():
    made = bound(record_source("evaluation", name="一.json"), record_source("evaluation", name="二.json"))
    assert codes(made) == {"S12.repeated"}
    assert made.pdf == b""


def test_two_stations_are_told_to_be_bound_apart_before_anything_else():
    other = {"name": "乙示范学校国家职业技能鉴定所", "agency_code": "10011002", "org_code": "错"}
    made = bound(record_source("evaluation", name="一.json"), record_source("evaluation", other, name="二.json"))
    said = made.findings[0]
    assert said.code == "S12.stations"
    assert "有 2 家所(站)的表(" in said.message
    assert "南京市启明高级技工学校国家职业技能鉴定所(10011001)、乙示范学校国家职业技能鉴定所(10011002)" in said.message
    assert "请分别装订,或改选地市、省级材料" in said.message
    assert not {"S12.repeated", "X04.differs"} & {finding.code for finding in made.findings}
    assert made.pdf == b""


def test_forms_that_disagree_are_named_with_both_values():
    made = bound(record_source("evaluation"), record_source("station-recommendation", {"licence_no": "别的编号"}))
    (finding,) = [f for f in made.findings if f.code == "X04.differs"]
    assert finding.field == "licence_no"
    assert finding.got == "别的编号"
    assert made.pdf == b""


def test_a_missing_self_report_is_asked_about_and_listed_as_not_attached(tmp_path):
    made = bound(record_source("evaluation"))
    said = {f.code: f.message for f in made.findings if f.severity == "confirm"}
    wanted = "缺少《自查报告》(依据劳社厅函〔2006〕338号四(二))。请补上;确实没有的,核对后照常装订"
    assert said["K01.self_report"].endswith(wanted)
    assert said["K01.licence"].endswith("缺少《职业技能鉴定许可证正、副本复印件》。请补上;确实没有的,核对后照常装订")
    text = pypdf.PdfReader(io.BytesIO(made.pdf)).pages[2].extract_text()
    assert "未附" in text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"plain words", "附件只收 PDF、图片"),
        (pdf(password="1234"), "加了密码"),
        (pdf()[:200], "已损坏"),
        (jpeg()[:300], "打不开或不完整"),
    ],
)
def test_an_attachment_that_cannot_be_read_is_named_with_what_to_do(data, said):
    made = bound(record_source("evaluation"), Source(name="证件.pdf", data=data, kind="licence"))
    (finding,) = [f for f in made.findings if f.code == "packet.attachment"]
    assert finding.place == "证件.pdf"
    assert said in finding.message
    assert finding.severity == "confirm"
    assert made.manifest["left_out"] == [
        {
            "name": "证件.pdf",
            "title": "职业技能鉴定许可证正、副本复印件",
            "why": finding.message.removeprefix("“证件.pdf”没有收入:"),
        }
    ]


@pytest.mark.parametrize("carrier", ["docx", "xlsx"])
def test_a_mended_marked_copy_is_bound_without_the_marks(carrier):
    settings, form = load_settings(), concrete("worker-recommendation")
    clean = desk.issue(form, sample(form), carrier, settings).data
    intake = read_upload(clean, f"表3.{carrier}", settings.secret)
    remark = Problem(code="X", rule="D07", severity=Severity.MUST_FIX, phrase="没有填写", phrase_en="is empty")
    marked = mark_upload(intake, [found(remark, field="phone", label="电话", place="电话")])
    assert marked != clean
    made = bound(record_source("evaluation"), Source(name=f"表3.{carrier}", data=marked))
    with zipfile.ZipFile(io.BytesIO(made.archive)) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(carrier)]
        kept = archive.read(name)
    with zipfile.ZipFile(io.BytesIO(kept)) as office:
        text = b"".join(office.read(part) for part in office.namelist() if part.endswith(".xml")).decode()
    assert "没有填写" not in text


def test_the_files_of_a_zip_are_taken_one_by_one(packet):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for source in station_sources():
            archive.writestr(f"{source.kind} {source.name}".strip(), source.data)
    made = bound(Source(name="材料.zip", data=data.getvalue()))
    titles = [entry["title"] for entry in made.manifest["entries"]]
    assert titles == [entry["title"] for entry in packet.manifest["entries"]]


def test_a_zip_that_is_cut_off_is_named_and_the_others_are_still_judged():
    made = bound(record_source("evaluation", {"agency_code": None}), Source(name="坏.zip", data=b"PK\x03\x04 cut off"))
    assert "packet.unreadable" in codes(made)
    assert any(f.field == "agency_code" for f in made.findings)


def test_an_unknown_recipe_says_which_there_are():
    with pytest.raises(UnknownFormError, match="region"):
        bind("province", (), Context(), load_settings())


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("自查报告.pdf", "自查报告.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ('a:b*c?"<>|.docx', "a_b_c_____.docx"),
        ("CON.docx", "_CON.docx"),
        ("  ..  ", "_"),
        ("报告\u202egnp.pdf", "报告gnp.pdf"),
    ],
)
def test_a_file_name_is_made_safe(given, safe):
    assert safe_name(given) == safe


def test_a_long_name_is_shortened_from_the_middle_and_keeps_its_ending():
    name = safe_name("长" * 100 + ".docx")
    assert len(name) == 80
    assert name.endswith("长.docx")
    assert "…" in name


def test_a_second_file_of_a_name_is_numbered():
    assert distinct(["a.pdf", "a.pdf", "b.pdf"]) == ("a.pdf", "a(2).pdf", "b.pdf")
