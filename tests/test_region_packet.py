"""Packets of many stations: what is taken, what is left out, what is computed, and what late pieces add."""

import io
import itertools
import json
import re
import zipfile
from datetime import date
from typing import Any

import pdfplumber
import pikepdf
import pypdf
import pytest
from PIL import Image

from forms.packets import REGION
from services.bundle import written
from services.bundle.packet import Job, Options, Source, bind, bind_to
from services.bundle.plan import Unit
from services.bundle.supplement import append
from services.bundle.verify import verify
from services.bundle.written import Matter
from services.carriers.reading import UnreadableError
from services.catalogue import concrete
from services.check import Context
from services.record import build, entries_of, to_json
from services.sample import sample
from services.settings import load_settings
from services.survey.stations import survey_of
from tests.region_packet import region_packet
from tests.surveys import line_of

UNIT = Unit(name="陕西省劳动和社会保障厅", agency_code="26", report_to="", form=concrete("evaluation"))
REVIEWS = tuple(f"items.{item.id}.review" for item in concrete("evaluation").items)
CONTEXT = Context(today=date(2006, 10, 10))


def record(seed, form_id="station-recommendation", changes=(), *, edition="", region="610000", name=""):
    form = concrete(form_id, edition, region)
    whole = build(form, entries_of(form, sample(form, seed)) | dict(changes))
    data = json.dumps(to_json(form, whole), ensure_ascii=False).encode()
    return Source(name=name or f"{form_id}-{seed}.json", data=data)


def exempt(seed, **changes):
    """Form 2 of a station that is exempt: short, and on its own a whole station (rule X02)."""
    certified = {
        "exempt": True,
        "qms_no": f"Q2005-{seed:03}",
        "qms_issuer": "劳动和社会保障部",
        "qms_on": date(2005, 3, 1),
    }
    unscored = dict.fromkeys(("self_total", "review_total", "grade"))
    return record(seed, changes=certified | unscored | {"rank": seed + 1} | changes)


def bound(*sources, recipe="region", **options):
    return bind(recipe, sources, CONTEXT, load_settings(), Options(**options))


def picture():
    """A photo, grey."""
    data = io.BytesIO()
    Image.new("RGB", (300, 200), "grey").save(data, "JPEG")
    return data.getvalue()


def text_of(packet, number):
    return re.sub(r"\s", "", pypdf.PdfReader(io.BytesIO(packet.pdf)).pages[number - 1].extract_text())


def page_of(packet, key):
    return next(entry["first_page"] for entry in packet.manifest["entries"] if entry["key"] == key)


@pytest.fixture(scope="module")
def region():
    return bound(exempt(1), exempt(0), number="陕劳社函〔2006〕15号", signed_on=date(2006, 10, 16))


def test_a_region_packet_has_its_pieces_in_the_order_of_the_tier(region):
    keys = [entry["key"] for entry in region.manifest["entries"]]
    assert keys == [
        "cover", "contents", "checklist", "letter", "report", *["summary"] * 6,
        "station_recommendation", "station_recommendation", "explanations",
    ]  # fmt: skip


def test_recommendations_stand_in_the_order_of_their_rank(region):
    stations = [e["station"] for e in region.manifest["entries"] if e["key"] == "station_recommendation"]
    assert stations == ["26012001", "26012002"]


def test_the_letter_bears_number_addressee_figures_attachments_office_and_date(region):
    said = text_of(region, page_of(region, "letter")) + text_of(region, page_of(region, "letter") + 1)
    for wanted in (
        "陕劳社函〔2006〕15号",
        "关于报送职业技能鉴定所(站)质量普查材料的函",
        "劳动和社会保障部办公厅：",
        "应查鉴定所(站)2个，实查0个，免检2个，未报0个，撤销0个",
        "附件：1.质量普查报告",
        "优秀职业技能鉴定所(站)推荐表(2份)",
        "陕西省劳动和社会保障厅二〇〇六年十月十六日",
        "主题词：",
    ):
        assert wanted in said


def test_no_page_of_a_letter_holds_its_attachments_and_signature_alone(region):
    """此页无正文 is what nobody wants to read: the last sentence goes along."""
    signed = text_of(region, page_of(region, "letter") + 1)
    assert signed.startswith("现将质量普查报告")
    assert signed.index("附件：1.") < signed.index("数据情况说明表") < signed.index("二〇〇六年十月十六日")


def test_a_letter_of_today_has_arabic_digits_and_no_keywords():
    changes = {"exempt": True, "qms_no": "Q1", "qms_issuer": "人力资源和社会保障部", "qms_on": date(2005, 3, 1)}
    unscored = dict.fromkeys(("self_total", "review_total", "grade"))
    made = bound(record(0, changes=changes | unscored, edition="today", region=""), signed_on=date(2026, 10, 6))
    said = text_of(made, page_of(made, "letter")) + text_of(made, page_of(made, "letter") + 1)
    assert "2026年10月6日" in said
    assert "人力资源和社会保障部办公厅" in said
    assert "主题词" not in said


def test_each_page_has_its_running_number_and_the_code_of_its_piece(region):
    first = page_of(region, "station_recommendation")
    said = text_of(region, first + 1)
    assert f"—{first + 1}—" in said
    assert "26012001-F2-2" in said


def test_an_even_page_has_its_number_at_the_left_and_an_odd_one_at_the_right(region):
    with pdfplumber.open(io.BytesIO(region.pdf)) as made:
        left, right = (
            [word for word in page.extract_words() if word["text"].startswith("—")] for page in made.pages[1:3]
        )
    assert left[-1]["x1"] < 150
    assert right[-1]["x0"] > 400


def test_bookmarks_nest_by_piece_station_and_part(region):
    outline = pypdf.PdfReader(io.BytesIO(region.pdf)).outline
    at = next(
        n for n, entry in enumerate(outline) if not isinstance(entry, list) and str(entry.title).startswith("优秀职业")
    )
    titles = [str(entry) for entry in _flat(outline[at + 1])]
    assert "(26012001)" in titles[0]
    assert "三、事迹" in titles[3]


def _flat(outline):
    for entry in outline:
        yield from _flat(entry) if isinstance(entry, list) else (entry.title,)


def test_contents_link_inside_the_packet_and_nothing_leads_outside(region):
    with pikepdf.open(io.BytesIO(region.pdf)) as made:
        notes = [note for page in made.pages for note in page.obj.get("/Annots", [])]
        assert len(notes) >= 12
        assert all("/Dest" in note and "/A" not in note for note in notes)


def test_the_page_labels_and_properties_are_there_in_chinese(region):
    with pikepdf.open(io.BytesIO(region.pdf)) as made:
        assert str(made.docinfo["/Title"]).startswith("职业技能鉴定所(站)质量普查报送材料")
        assert made.Root.PageMode == "/UseOutlines"
        assert "/Nums" in made.Root.PageLabels


def test_a_packet_of_our_own_pages_is_archival_and_says_why_it_is_not_level_two(region):
    assert region.manifest["conformance"]["level"] == "3B"
    assert "内嵌" in region.manifest["conformance"]["why"][0]
    with pikepdf.open(io.BytesIO(region.pdf)) as made, made.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "B")
        assert len(made.Root.AF) == len(made.attachments)


def test_the_figures_are_those_of_the_forms_and_can_be_verified(region):
    assert region.manifest["figures"]["figures"]["whole"]["exempt"] == 2
    checked = verify(region.archive)
    assert checked.holds, [line.text for line in checked.lines if not line.holds]


def test_the_same_forms_in_another_order_give_the_same_bytes(region):
    again = bound(exempt(0), exempt(1), number="陕劳社函〔2006〕15号", signed_on=date(2006, 10, 16))
    assert again.pdf == region.pdf
    assert again.archive == region.archive


def test_what_does_not_belong_is_left_out_by_name_and_the_others_go_on():
    made = bound(
        exempt(0),
        exempt(1, agency_code=None),
        record(0, edition="today", region="", name="今版.json"),
        exempt(40, agency_code="10012003", report_to="10"),
        exempt(0, contact="另一人"),
        Source(name="坏.docx", data=b"PK\x03\x04 cut off"),
    )
    assert made.pdf
    why = {line["name"]: line["why"] for line in made.manifest["left_out"]}
    assert "机构编码" in why["station-recommendation-1.json"]
    assert "现行版" in why["今版.json"]
    assert "不归本单位上报" in why["station-recommendation-40.json"]
    assert "以另一份" in why["station-recommendation-0.json"]
    assert "坏.docx" in why
    assert [e["station"] for e in made.manifest["entries"] if e["station"]] == ["26012001"]
    assert "没有收入本材料的文件" in text_of(made, 2)


def test_a_station_outside_the_roster_is_left_out_and_one_that_is_missing_counts():
    roster = "机构编码,鉴定所(站)名称,原因\n26012001,甲站,\n26012009,乙站,停业\n".encode()
    made = bound(exempt(0), exempt(1), roster=Source(name="应查.csv", data=roster))
    assert "应查名单" in made.manifest["left_out"][0]["why"]
    whole = made.manifest["figures"]["figures"]["whole"]
    assert (whole["expected"], whole["exempt"], whole["missing"]) == (2, 1, 1)
    assert any(file["name"] == "名册/应查.csv" for file in made.manifest["files"])


@pytest.mark.parametrize("recipe", ["region", "ministry"])
def test_the_report_counts_the_revoked_as_table_4_lists_them(recipe):
    roster = "机构编码,鉴定所(站)名称,状态,原因\n26012001,甲站,,\n26012009,乙站,撤销,已停办\n".encode()
    made = bound(exempt(0), recipe=recipe, roster=Source(name="应查.csv", data=roster))
    pages = next((e["first_page"], e["last_page"]) for e in made.manifest["entries"] if e["key"] == "report")
    said = "".join(text_of(made, number) for number in range(pages[0], pages[1] + 1))
    assert "未报0个，撤销1个" in said
    assert "应查名单注明撤销的1个。" in said
    assert "限期整改和撤销的鉴定所(站)共1个，名单见汇总表4。" in said
    assert "撤销的0个" not in said
    table = next(e["first_page"] for e in made.manifest["entries"] if e["title"].startswith("汇总表4"))
    assert "乙站" in text_of(made, table)


def test_a_file_taken_as_an_attachment_is_named_with_why_it_is_no_form():
    made = bound(
        exempt(0), Source(name="照片.jpg", data=picture()), Source(name="附.jpg", data=picture(), kind="other")
    )
    (said,) = [finding for finding in made.findings if finding.code == "packet.as-attachment"]
    assert (said.place, said.severity) == ("照片.jpg", "note")
    assert "作为附件“其他材料”收入,没有当作表:图片、照片里的表读不出来" in said.message


def test_with_attachments_alone_it_is_said_that_there_is_no_form():
    made = bound(Source(name="照片.jpg", data=picture()))
    said = {finding.code: finding.message for finding in made.findings}
    assert "交来的照片.jpg只能作附件" in said["K01.nothing"]
    assert "见上" not in said["K01.nothing"]


def test_an_empty_zip_is_said_to_be_empty():
    data = io.BytesIO()
    zipfile.ZipFile(data, "w").close()
    made = bound(Source(name="空.zip", data=data.getvalue()))
    said = {finding.code: finding.message for finding in made.findings}
    assert "压缩包里没有文件" in said["packet.empty"]
    assert "原因见上" in said["K01.nothing"]


def test_with_nothing_to_take_nothing_is_bound():
    made = bound(exempt(1, agency_code=None))
    assert made.pdf == b""
    assert "K01.nothing" in {finding.code for finding in made.findings}


@pytest.fixture(scope="module")
def stations():
    """Two station packets, one as a PDF and one as a zip, a reason given in the first."""
    first = exempt(0)
    asked = bind("station", (first,), CONTEXT, load_settings())
    (one, *_) = list(asked.manifest["reasons"]) or [{"code": "", "field": ""}]
    reasons = {first.name: {(one["code"], one["field"]): "已向发证机关核实"}}
    return (
        bind("station", (first,), CONTEXT, load_settings(), Options(reasons=reasons)),
        bind("station", (exempt(1),), CONTEXT, load_settings()),
        one,
    )


def test_a_region_packet_is_bound_from_station_packets(stations):
    first, second, asked = stations
    made = bound(Source(name="一.pdf", data=first.pdf), Source(name="二.zip", data=second.archive))
    taken = {packet["name"]: packet["root_sha256"] for packet in made.manifest["packets"]}
    assert taken == {"一.pdf": first.manifest["root_sha256"], "二.zip": second.manifest["root_sha256"]}
    entries = [e for e in made.manifest["entries"] if e["station"]]
    assert [e["packet"] for e in entries] == list(taken.values())
    with zipfile.ZipFile(io.BytesIO(made.archive)) as archive:
        assert archive.read(entries[0]["file"]) == exempt(0).data
    if asked["code"]:
        reason = next(r for r in made.manifest["reasons"] if (r["code"], r["station"]) == (asked["code"], "26012001"))
        assert reason["reason"] == "已向发证机关核实"


def test_a_station_packet_whose_record_was_changed_is_not_taken(stations):
    first, second, _ = stations
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(first.archive)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace("启明".encode(), "启朋".encode()) if name.startswith("记录/") else data)
    made = bound(Source(name="一.zip", data=changed.getvalue()), Source(name="二.pdf", data=second.pdf))
    assert [e["station"] for e in made.manifest["entries"] if e["station"]] == ["26012002"]
    assert any("不一致" in line["why"] for line in made.manifest["left_out"])


def test_a_city_packet_keeps_all_that_a_station_handed_in_together(stations):
    first, second, _ = stations
    made = bound(Source(name="一.pdf", data=first.pdf), Source(name="二.pdf", data=second.pdf), recipe="city")
    assert made.manifest["unit"] == "西安市劳动和社会保障局"
    assert made.manifest["agency_code"] == "2601"
    assert [e["station"] for e in made.manifest["entries"] if e["station"]] == ["26012001", "26012002"]


def test_a_ministry_packet_has_the_lists_and_carries_the_records():
    made = bound(exempt(0), record(0, "worker-recommendation"), recipe="ministry")
    titles = [entry["title"] for entry in made.manifest["entries"]]
    assert "限期整改鉴定所(站)名单" in titles
    assert "红黑榜通报" not in titles  # nobody is on either list
    names = [file["name"] for file in made.manifest["files"]]
    assert "名单/公开名册.csv" in names
    assert sum(name.startswith("记录/") for name in names) == 2
    assert verify(made.pdf).holds


def test_a_notice_of_the_red_and_black_list_is_made_where_somebody_is_on_one():
    made = bound(record(0, "evaluation", region="", changes={"listing": "红"}), recipe="ministry")
    titles = [entry["title"] for entry in made.manifest["entries"]]
    assert titles[-3:-1] == ["红黑榜通报附件1", "红黑榜通报附件2"]
    notice = next(entry["first_page"] for entry in made.manifest["entries"] if entry["title"] == "红黑榜通报")
    assert "抽查" not in text_of(made, notice)


def test_what_only_people_know_is_asked_for_with_room_for_a_pen_unless_a_report_came():
    report = Source(name="普查报告.jpg", data=picture())
    made, given = bound(exempt(0)), bound(exempt(0), report)
    (said,) = [finding for finding in made.findings if finding.code == "K01.blanks"]
    assert said.severity == "confirm"
    for wanted in ("3 处", "一、组织实施情况", "四、存在的主要问题", "七、意见和建议", "文件名带“普查报告”"):
        assert wanted in said.message
    assert [finding.code for finding in given.findings if finding.code == "K01.blanks"] == []
    with pdfplumber.open(io.BytesIO(made.pdf)) as pdf:
        page = pdf.pages[page_of(made, "report") - 1]
        below = page.search("起止时间")[0]["bottom"]
        above = page.search("二、普查范围")[0]["top"]
        lines = [line["top"] for line in page.lines if below < line["top"] < above]
    assert len(lines) == 8
    assert min(later - line for line, later in itertools.pairwise(lines)) > 25  # points: 9 mm to write in
    assert "请填写" not in text_of(made, page_of(made, "report"))


@pytest.mark.parametrize(
    ("scored", "said"),
    [
        ((False, False), "自查工作已经结束。"),
        ((True, False), "自查工作已经结束，已检查复核1个。"),
        ((True, True), "自查、检查工作已经结束。"),
    ],
)
def test_the_letter_says_how_far_the_work_is_by_what_the_forms_say(scored, said):
    lines = [
        line_of("evaluation", seed, None if has else {"review_total": ""} | dict.fromkeys(REVIEWS, ""))
        for seed, has in enumerate(scored)
    ]
    matter = Matter(recipe=REGION, unit=UNIT, survey=survey_of(lines))
    letter, report = (
        "".join(entry.get("text", "") for made in make(matter, piece) for entry in made.printed.data["body"])
        for make, piece in zip((written.letter, written.report), REGION.pieces, strict=False)
    )
    assert f"质量普查，{said}" in letter
    assert "现将质量普查报告、汇总表及评估表报上，请审核。" in letter
    assert ("尚未复核" in report) is not any(scored)
    assert "平均—分" not in report


# ---- late pieces ------------------------------------------------------------------------------------


def job(*sources):
    return Job(recipe="region", sources=sources, context=CONTEXT, settings=load_settings())


def test_late_pieces_stand_behind_a_packet_whose_pages_stay(region, tmp_path):
    former, later = tmp_path / "former.pdf", tmp_path / "later.pdf"
    former.write_bytes(region.pdf)
    made = append(job(exempt(2)), former, later, tmp_path / "later.zip")
    count = region.manifest["page_count"]
    old = {(e["title"], e["first_page"], e["pages_sha256"]) for e in region.manifest["entries"]}
    assert old <= {(e["title"], e["first_page"], e["pages_sha256"]) for e in made.manifest["entries"]}
    (added,) = made.manifest["supplements"]
    assert (added["first_page"], added["former_root_sha256"]) == (count + 1, region.manifest["root_sha256"])
    assert made.manifest["figures"]["figures"]["whole"]["exempt"] == 3
    assert verify(later.read_bytes()).holds
    assert verify((tmp_path / "later.zip").read_bytes()).holds
    assert former.read_bytes() == region.pdf


def test_nothing_is_added_to_a_packet_that_was_changed(region, tmp_path):
    former = tmp_path / "former.pdf"
    former.write_bytes(region.pdf[:-40] + b"0" * 8 + region.pdf[-32:])
    with pytest.raises(UnreadableError, match=r"former\.pdf"):
        append(job(exempt(2)), former, tmp_path / "later.pdf")
    assert list(tmp_path.iterdir()) == [former]


def test_nothing_is_added_where_every_late_form_is_another_units(region, tmp_path):
    former = tmp_path / "former.pdf"
    former.write_bytes(region.pdf)
    made = append(job(record(1, "evaluation", region="")), former, tmp_path / "later.pdf")
    assert {"packet.left-out", "K01.nothing"} <= {finding.code for finding in made.findings}
    assert list(tmp_path.iterdir()) == [former]


def test_a_late_form_that_is_there_word_for_word_is_named_and_changes_nothing(region, tmp_path):
    former = tmp_path / "former.pdf"
    former.write_bytes(region.pdf)
    made = append(job(exempt(1)), former, former)
    said = [(finding.code, finding.severity, finding.message) for finding in made.findings]
    assert ("D09.same", "note", "“station-recommendation-1.json”与原材料里的完全相同,没有再收") in said
    assert [message for code, _, message in said if code == "K01.nothing"] == [
        "“职业技能鉴定所(站)质量普查报送材料”没有新的材料可以补充,原来的上报材料没有改动"
    ]
    assert not made.manifest
    assert former.read_bytes() == region.pdf


def test_what_a_supplement_leaves_out_is_named_on_its_contents(region, tmp_path):
    former, later = tmp_path / "former.pdf", tmp_path / "later.pdf"
    former.write_bytes(region.pdf)
    late = exempt(2), exempt(1), record(1, "evaluation", region="", name="外地.json"), exempt(0, qms_no="Q2005-900")
    made = append(job(*late), former, later)
    whys = {line["name"]: line["why"] for line in made.manifest["left_out"]}
    assert whys["station-recommendation-1.json"] == "与原材料里的完全相同,没有再收"
    assert "不归本单位上报" in whys["外地.json"]
    replaced = next(name for name, why in whys.items() if "以另一份" in why)
    said = re.sub(r"\s", "", pypdf.PdfReader(later).pages[region.manifest["page_count"]].extract_text())
    for name in ("外地.json", "station-recommendation-1.json", replaced):
        assert name in said
    assert verify(later.read_bytes()).holds


# ---- whole or not at all, chunk by chunk ------------------------------------------------------------


def test_a_binding_that_fails_leaves_the_former_packet_as_it_was(tmp_path, monkeypatch):
    target = tmp_path / "packet.pdf"
    target.write_bytes(b"former")

    def broken(*_):
        raise OSError("no space left")

    monkeypatch.setattr("services.bundle.ready.seal_file", broken)
    with pytest.raises(OSError, match="no space"):
        bind_to(job(exempt(0)), target)
    assert target.read_bytes() == b"former"
    assert list(tmp_path.iterdir()) == [target]


def test_chunks_are_numbered_through_and_embed_each_font_once(tmp_path, monkeypatch):
    monkeypatch.setattr("services.bundle.chunks.FEW_PAGES", 1)
    monkeypatch.setattr("services.bundle.chunks.PAGES_AT_ONCE", 30)
    target = tmp_path / "packet.pdf"
    told = []
    options = Options(progress=lambda what, done, total: told.append((what, done, total)))
    made = bind_to(
        Job(
            recipe="region", sources=(exempt(0), exempt(1)), context=CONTEXT, settings=load_settings(), options=options
        ),
        target,
    )
    assert verify(target.read_bytes()).holds
    assert told[-1][1] == told[-1][2]
    with pikepdf.open(target) as pdf:
        first = made.manifest["entries"][-3]["first_page"]
        bodies = list(pdf.pages[first - 1 :])
        fonts = {}
        for page in bodies:
            for font in page.obj.Resources.Font.values():
                fonts.setdefault(str(font.BaseFont), set()).add(font.objgen)
    assert all(len(objects) == 1 for objects in fonts.values())
    assert len({name.partition("+")[2] for name in fonts}) == len(fonts)


def test_every_form_is_found_by_region_and_station_as_well():
    packet = region_packet()
    with pikepdf.open(io.BytesIO(packet.pdf)) as pdf, pdf.open_outline(max_depth=9) as outline:
        root = next(item for item in outline.root if item.title == "按所(站)查找")
        pages = {page.objgen: number for number, page in enumerate((page.obj for page in pdf.pages), 1)}

        def leads_to(mark: Any) -> int:
            return pages[mark.destination[0].objgen]

        tree = [
            (region.title, station.title, form.title, leads_to(form), form.children[0].title)
            for region in root.children
            for station in region.children
            for form in station.children
        ]
    first, second = "西安市金桥高级技工学校职业技能鉴定站(26012001)", "西安市东方机电职业学校职业技能鉴定站(26012002)"
    place = "陕西省西安市碑林区"
    assert [(region, station, form.partition(" ")[0]) for region, station, form, _, _ in tree] == [
        (place, first, "职业技能鉴定所(站)质量普查评估表"),
        (place, first, "优秀职业技能鉴定所(站)推荐表"),
        (place, first, "职业技能鉴定优秀工作者推荐表"),
        (place, second, "职业技能鉴定所(站)质量普查评估表"),
    ]
    starts = {entry["first_page"]: entry["key"] for entry in packet.manifest["entries"]}
    assert [starts[page] for _, _, _, page, _ in tree] == [
        "evaluation",
        "station_recommendation",
        "worker_recommendation",
        "evaluation",
    ]
    assert {part for _, _, _, _, part in tree} == {"一、基本情况", "一、个人情况"}
