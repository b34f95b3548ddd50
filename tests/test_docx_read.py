"""A completed Word form is read back: what was filled in, whoever saved it and whatever was done to it."""

from datetime import date
from functools import lru_cache

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import etree

from services.carriers import docx
from services.carriers.reading import Reading
from services.carriers.values import healed
from services.catalogue import concrete
from services.findings import Severity
from services.form import Form
from services.identity import stamp
from services.paper.office import convert
from services.record import Record, at, build, empty, entries_of, parse, rows
from services.sample import sample
from tests import docx_edits as edits
from tests.any_record import records
from tests.docx_edits import W

FORMS = ("evaluation", "station-recommendation", "worker-recommendation")
few = settings(
    max_examples=12,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def filled(form: Form, record: Record) -> bytes:
    return docx.fill(form, record, stamp(form, record, b"test")).data


@lru_cache(maxsize=8)
def sample_of(name: str) -> tuple[Form, Record, bytes]:
    form = concrete(name)
    record = sample(form, 1)
    return form, record, filled(form, record)


def record_in(form: Form, data: bytes) -> tuple[Record, Reading]:
    reading = docx.read(form, data)
    return parse(form, reading.raw, reading.pictures, reading.places)[0], reading


def differences(form: Form, one: Record, other: Record) -> dict[str, tuple[object, object]]:
    """The answers in which two records differ."""
    here, there = entries_of(form, one), entries_of(form, other)
    return {path: (here.get(path), there.get(path)) for path in {**here, **there} if here.get(path) != there.get(path)}


def codes(reading: Reading) -> list[str]:
    return [finding.code for finding in reading.findings]


# ---- what was filled in comes back ---------------------------------------------------------------


@pytest.mark.parametrize("region", ["", "610000"])
@pytest.mark.parametrize("edition", ["2006", "today"])
@pytest.mark.parametrize("name", FORMS)
def test_a_blank_form_reads_back_empty_and_unchanged(name, edition, region):
    form = concrete(name, edition, region)
    record, reading = record_in(form, filled(form, empty(form)))
    assert record == empty(form)
    assert reading.findings == ()
    assert set(reading.sureness.values()) == {"agreed"}


@pytest.mark.parametrize("name", FORMS)
@few
@given(data=st.data())
def test_any_record_comes_back_from_its_word_form(name, data):
    form = concrete(name)
    record = data.draw(records(form))
    found, reading = record_in(form, filled(form, record))
    assert differences(form, found, record) == {}
    assert reading.findings == ()


@few
@given(data=st.data())
def test_any_record_of_a_region_comes_back_too(data):
    form = concrete("evaluation", "today", "610000")
    record = data.draw(records(form, most_rows=1))
    assert differences(form, record_in(form, filled(form, record))[0], record) == {}


def test_three_hundred_examiners_come_back():
    form = concrete("evaluation")
    record = build(
        form, {f"examiners.{n}.{key}": f"{key}{n}" for n in range(300) for key in ("name", "card_no", "unit")}
    )
    found, reading = record_in(form, filled(form, record))
    assert found == record
    assert rows(found, "examiners")[299]["name"] == "name299"
    assert reading.places["examiners.299.name"] == "《评估表》 · 二、附表1-3 考评人员名册 · 附表1-3 第300行 姓名"


def test_a_form_says_which_it_is():
    form, record, data = sample_of("evaluation")
    assert docx.identify(data) == stamp(form, record, b"test")


def test_a_form_copied_into_another_document_is_known_by_its_labels():
    form, _, data = sample_of("worker-recommendation")
    bare = edits.with_parts(
        data,
        {
            "docProps/custom.xml": b"<Properties/>",
            "docProps/core.xml": b"<coreProperties/>",
            **{
                f"word/header-{side}.xml": f'<w:hdr xmlns:w="{W[1:-1]}"/>'.encode()
                for side in ("portrait", "landscape")
            },
        },
    )
    found = docx.identify(bare)
    assert found is not None
    assert (found.code, found.edition, found.token) == (form.code.removeprefix("表"), "2006", "")
    assert record_in(form, bare)[0] == sample_of("worker-recommendation")[1]


def test_the_header_and_the_properties_must_name_the_same_form():
    form, _, data = sample_of("worker-recommendation")
    blank_token = stamp(form, empty(form), b"test").token

    def other_token(root):
        for text in root.iter(f"{W}t"):
            text.text = text.text.replace(sample_token, blank_token)

    identity = docx.identify(data)
    assert identity is not None
    sample_token = identity.token
    mixed = edits.edited(data, other_token, "word/header-portrait.xml")
    finding = docx.read(form, mixed).findings[0]
    assert (finding.code, finding.severity) == ("identity.differs", Severity.CONFIRM)
    assert sample_token in finding.message
    assert blank_token in finding.message


# ---- other programs saved it ---------------------------------------------------------------------


@pytest.mark.parametrize("way", [("docx",), ("doc", "docx"), ("odt", "docx")], ids="-".join)
@pytest.mark.parametrize("name", FORMS)
def test_libreoffice_may_open_and_save_it(name, way):
    form, record, data = sample_of(name)
    suffix = "docx"
    for target in way:
        data, suffix = convert(data, suffix, target), target
    found, reading = record_in(form, data)
    assert found == record
    assert reading.findings == ()
    assert docx.identify(data) == stamp(form, record, b"test")


def test_controls_and_bookmarks_may_be_gone():
    form, record, data = sample_of("evaluation")
    stripped = edits.edited(edits.edited(data, edits.unwrap_controls), edits.drop_bookmarks)
    found, reading = record_in(form, stripped)
    assert found == record
    assert reading.findings == ()
    assert set(reading.sureness.values()) == {"single"}


def test_bookmarks_renamed_by_libreoffice_still_vote():
    form, _, data = sample_of("worker-recommendation")

    def rename(root):
        edits.unwrap_controls(root)
        for mark in root.iter(f"{W}bookmarkStart"):
            mark.set(f"{W}name", mark.get(f"{W}name") + "_Copy_1")

    assert record_in(form, edits.edited(data, rename))[1].sureness["name"] == "agreed"


def test_text_multiplied_by_an_old_libreoffice_is_healed_and_asked_about():
    form, _, data = sample_of("worker-recommendation")
    broken = edits.edited(data, lambda root: edits.write(edits.cell_after(root, "籍贯"), "江苏苏州" * 4))
    app = b"<Properties><Application>LibreOffice/7.4.7.2$Linux</Application></Properties>"
    record, reading = record_in(form, edits.with_parts(broken, {"docProps/app.xml": app}))
    assert at(record, "native") == "江苏苏州"
    assert reading.sureness["native"] == "doubtful"
    assert codes(reading) == ["read.healed"]
    assert at(record_in(form, broken)[0], "native") == "江苏苏州" * 4


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("张三丰张三丰张三丰张三丰", "张三丰"),
        ("2025年8月1日20252025年8月1日年2025年8月1日82025年8月1日", "2025年8月1日"),
        ("1111", "1111"),
        ("哈哈哈哈", "哈哈哈哈"),
        ("南京南京", "南京南京"),
        ("南京路南京东路", "南京路南京东路"),
    ],
)
def test_only_text_that_was_multiplied_is_healed(written, meant):
    assert healed(written) == meant


# ---- what clerks do ------------------------------------------------------------------------------


def changed(name: str, change) -> tuple[Record, Reading]:
    form, _, data = sample_of(name)
    return record_in(form, edits.edited(data, change))


def test_a_label_that_was_edited_is_told_with_old_and_new_text_and_the_answers_stay():
    def edit(root):
        edits.write(edits.cells(edits.row_with(root, "联系人电话"))[2], "手机号码")

    record, reading = changed("evaluation", edit)
    assert record == sample_of("evaluation")[1]
    (finding,) = reading.findings
    assert (finding.rule, finding.severity, finding.want, finding.got) == ("D02", "must-fix", "联系人电话", "手机号码")
    assert finding.message == "“联系人电话”被改成“手机号码”。请改回原来的文字"
    assert finding.place == "《评估表》第3页 · 一、基本情况"


def test_an_edited_standard_shows_where_it_differs():
    def edit(root):
        cell = edits.cells(edits.row_with(root, "B01"))[3]
        edits.write(cell, edits.text_of(cell).replace("不少于15㎡", "不少于10㎡"))

    record, reading = changed("evaluation", edit)
    assert record == sample_of("evaluation")[1]
    (finding,) = reading.findings
    assert "不少于15㎡" in finding.label
    assert "不少于10㎡" in finding.message
    assert finding.place == "《评估表》第13页 · 三、评估评分(二)能力建设情况"


def test_blanks_widths_and_colons_in_labels_are_no_change():
    def edit(root):
        edits.write(edits.cells(edits.row_with(root, "姓名", "性别"))[0], "姓　　名：")
        edits.write(edits.cells(edits.row_with(root, "性别"))[2], "性  别＊")

    record, reading = changed("worker-recommendation", edit)
    assert record == sample_of("worker-recommendation")[1]
    assert reading.findings == ()


def test_a_deleted_row_is_named():
    record, reading = changed("evaluation", lambda root: edits.remove(edits.row_with(root, "业务联系人")))
    (finding,) = reading.findings
    assert (finding.rule, finding.code, finding.severity) == ("D02", "layout.row-removed", "must-fix")
    assert finding.message == "“业务联系人/联系人电话/电子邮箱”所在的行被删除。请下载空表,恢复这一行"
    assert at(record, "contact") is None
    assert at(record, "head") == at(sample_of("evaluation")[1], "head")


def test_an_added_row_is_named():
    def edit(root):
        edits.put_after(edits.row_with(root, "业务联系人"), "微信号", "jds01", "QQ号", "12345", "网址", "无")

    record, reading = changed("evaluation", edit)
    assert record == sample_of("evaluation")[1]
    (finding,) = reading.findings
    assert (finding.code, finding.severity) == ("layout.added", "must-fix")
    assert "微信号" in finding.message


def test_a_column_added_to_a_schedule_is_named():
    def edit(root):
        head = edits.row_with(root, "序号", "姓名", "身份证号")
        extra = edits.cells(head)[-1]
        extra.addnext(etree.fromstring(etree.tostring(extra)))
        edits.write(edits.cells(head)[-1], "工龄")

    reading = changed("evaluation", edit)[1]
    assert "工龄" in reading.findings[0].message
    assert reading.findings[0].severity == "must-fix"


def test_a_row_that_was_moved_keeps_its_answers_and_is_asked_about():
    def edit(root):
        row = edits.row_with(root, "业务联系人")
        target = edits.row_with(root, "许可证编号")
        edits.remove(row)
        target.addnext(row)

    record, reading = changed("evaluation", edit)
    assert record == sample_of("evaluation")[1]
    assert [(finding.code, finding.severity) for finding in reading.findings] == [("layout.moved", "confirm")]


def test_rows_may_be_added_to_a_schedule_with_copied_controls():
    form, record, data = sample_of("evaluation")
    before = rows(record, "examiners")

    def edit(root):
        row = edits.row_with(root, "序号", "姓名", "身份证号").getnext()
        copied = etree.fromstring(etree.tostring(row))
        edits.write(edits.cells(copied)[1], "赵新增")
        row.addnext(copied)

    found, reading = record_in(form, edits.edited(data, edit))
    assert [row["name"] for row in rows(found, "examiners")] == [
        before[0]["name"],
        "赵新增",
        *(row["name"] for row in before[1:]),
    ]
    assert reading.findings == ()


def test_empty_rows_between_are_left_out_but_places_keep_the_printed_row():
    form, record, data = sample_of("evaluation")
    before = rows(record, "examiners")

    def edit(root):
        row = edits.row_with(root, "序号", "姓名", "身份证号").getnext()
        edits.put_after(row, *[""] * len(edits.cells(row)))

    found, reading = record_in(form, edits.edited(data, edit))
    assert rows(found, "examiners") == before
    assert reading.places["examiners.1.name"].endswith("附表1-3 第3行 姓名")


def test_values_may_be_typed_over_the_controls_in_the_clerks_own_way():
    def edit(root):
        edits.write(edits.cell_after(root, "邮政编码"), "２１０００９")
        edits.write(edits.cell_after(root, "发证日期"), "二○○三年五月二十日")
        edits.write(edits.cell_after(root, "是否通过质量管理体系认证"), "是(√)否( )")
        edits.write(edits.cell_after(root, "现有条件年鉴定规模(人次)"), "１，２００人次")

    record, _ = changed("evaluation", edit)
    assert at(record, "postcode") == "210009"
    assert at(record, "licence_date") == date(2003, 5, 20)
    assert at(record, "qms") is True
    assert at(record, "capacity") == 1200


def test_a_value_typed_into_the_label_cell_is_read_and_asked_about():
    def edit(root):
        label = edits.cells(edits.row_with(root, "籍贯"))[0]
        edits.write(edits.cell_after(root, "籍贯"), "")
        edits.write(label, "籍贯：江苏镇江")

    record, reading = changed("worker-recommendation", edit)
    assert at(record, "native") == "江苏镇江"
    assert [(finding.code, finding.severity) for finding in reading.findings] == [("read.beside", "confirm")]
    assert reading.sureness["native"] == "doubtful"


def test_text_outside_its_control_belongs_to_the_answer():
    def edit(root):
        cell = edits.cell_after(root, "籍贯")
        next(cell.iter(f"{W}p")).append(edits.paragraph("(常州)")[0])

    record, reading = changed("worker-recommendation", edit)
    assert at(record, "native") == f"{at(sample_of('worker-recommendation')[1], 'native')}(常州)"
    assert [(finding.code, finding.severity) for finding in reading.findings] == [("read.outside", "confirm")]
    assert "(常州)" in reading.findings[0].message


def test_an_answer_moved_with_its_control_is_told_with_both_readings():
    def edit(root):
        here, there = edits.cell_after(root, "电话"), edits.cell_after(root, "手机")
        moved = next(here.iter(f"{W}p"))
        edits.write(there, "")
        there.append(moved)
        here.append(edits.paragraph("0512-00000000"))

    record, reading = changed("worker-recommendation", edit)
    assert at(record, "phone") == "0512-00000000"
    assert "read.differs" in codes(reading)
    finding = next(f for f in reading.findings if f.code == "read.differs")
    assert finding.severity == "confirm"
    assert "0512-00000000" in finding.message
    assert str(at(sample_of("worker-recommendation")[1], "phone")) in finding.message


def test_a_cover_that_contradicts_the_form_is_asked_about():
    def edit(root):
        rows_named = [row for row in root.iter(f"{W}tr") if edits.text_of(edits.cells(row)[0]) == "姓名"]
        edits.write(edits.cells(rows_named[0])[1], "王另一")

    record, reading = changed("worker-recommendation", edit)
    assert at(record, "name") == at(sample_of("worker-recommendation")[1], "name")
    assert codes(reading) == ["read.differs"]


def test_a_cover_that_contradicts_a_row_whose_label_was_edited_is_asked_about_too():
    _, sampled, _ = sample_of("worker-recommendation")
    phone = str(at(sampled, "phone"))

    def edit(root):
        edits.unwrap_controls(root)
        cover, inside = [row for row in root.iter(f"{W}tr") if "填报日期" in map(edits.text_of, edits.cells(row))]
        edits.write(edits.cells(cover)[1], "2007年7月27日")
        label = next(cell for cell in edits.cells(inside) if edits.text_of(cell) not in ("填报日期", ""))
        edits.write(label, f"{edits.text_of(label)}{phone}")

    _, reading = changed("worker-recommendation", edit)
    asked = [finding for finding in reading.findings if finding.field == "filled_on"]
    assert [finding.code for finding in asked] == ["read.differs"]
    assert "“封面”里是“2007年7月27日”" in asked[0].message


def test_a_name_on_the_cover_alone_is_enough():
    form = concrete("worker-recommendation")

    def edit(root):
        edits.write(edits.cell_after(root, "姓名"), "王封面")

    record, reading = record_in(form, edits.edited(filled(form, empty(form)), edit))
    assert at(record, "name") == "王封面"
    assert reading.findings == ()


def test_tables_may_be_joined_over_the_title_between_them():
    def edit(root):
        tables = list(root.iter(f"{W}tbl"))
        for row in list(tables[2].iter(f"{W}tr")):
            tables[1].append(row)
        edits.remove(tables[2])

    record, reading = changed("evaluation", edit)
    assert record == sample_of("evaluation")[1]
    assert [(finding.code, finding.severity) for finding in reading.findings] == [("layout.moved", "confirm")]


def test_tables_may_change_places():
    def edit(root):
        tables = list(root.iter(f"{W}tbl"))
        first, second = tables[3], tables[4]
        mark = etree.Element("mark")
        first.addprevious(mark)
        second.addprevious(first)
        mark.addprevious(second)
        edits.remove(mark)

    record, reading = changed("evaluation", edit)
    assert record == sample_of("evaluation")[1]
    assert set(codes(reading)) == {"layout.moved"}


def test_tracked_changes_are_read_as_accepted_and_told():
    def edit(root):
        cell = edits.cell_after(root, "籍贯")
        edits.write(cell, "")
        paragraph = next(cell.iter(f"{W}p"))
        for tag, text_tag, text in (("del", "delText", "旧籍贯"), ("ins", "t", "江苏无锡")):
            change = etree.SubElement(paragraph, f"{W}{tag}", {f"{W}id": "900", f"{W}author": "张三"})
            run = etree.SubElement(change, f"{W}r")
            etree.SubElement(run, f"{W}{text_tag}").text = text

    record, reading = changed("worker-recommendation", edit)
    assert at(record, "native") == "江苏无锡"
    (finding,) = reading.findings
    assert (finding.rule, finding.code, finding.severity) == ("D05", "remarks.tracked", "confirm")
    assert "删去“旧籍贯”" in finding.message


def test_a_row_deleted_with_tracking_is_not_read():
    form, record, data = sample_of("evaluation")

    def edit(root):
        row = edits.row_with(root, "序号", "姓名", "身份证号").getnext()
        properties = row.find(f"{W}trPr")
        etree.SubElement(properties, f"{W}del", {f"{W}id": "901", f"{W}author": "张三"})

    found, reading = record_in(form, edits.edited(data, edit))
    assert rows(found, "examiners") == rows(record, "examiners")[1:]
    assert "remarks.tracked" in codes(reading)


@pytest.mark.parametrize("face", [("Wingdings 2", "F052", "F0A3"), ("Wingdings", "F0FE", "F0A8")])
def test_ticks_drawn_with_a_symbol_face_are_read(face):
    def edit(root):
        cell = edits.cell_after(root, "是否通过质量管理体系认证")
        edits.write(cell, "")
        paragraph = next(cell.iter(f"{W}p"))
        for code, option in ((face[2], "是"), (face[1], "否")):
            run = etree.SubElement(paragraph, f"{W}r")
            etree.SubElement(run, f"{W}sym", {f"{W}font": face[0], f"{W}char": code})
            paragraph.append(edits.paragraph(option)[0])

    assert at(changed("evaluation", edit)[0], "qms") is False


def test_text_outside_the_form_is_not_dropped_in_silence():
    def edit(root):
        root.find(f"{W}body").insert(40, edits.paragraph("另:本站2006年3月搬迁,新址见附件。"))

    record, reading = changed("worker-recommendation", edit)
    assert record == sample_of("worker-recommendation")[1]
    (finding,) = reading.findings
    assert (finding.code, finding.severity) == ("layout.outside", "confirm")
    assert "2006年3月搬迁" in finding.message


def test_pages_are_named_when_word_noted_them():
    form, record, data = sample_of("worker-recommendation")

    def edit(root):
        for label, count in (("籍贯", 2), ("起始年月", 1)):
            found = next(t for t in root.iter(f"{W}t") if t.text == label)
            for _ in range(count):
                found.addprevious(etree.Element(f"{W}lastRenderedPageBreak"))

    found, reading = record_in(form, edits.edited(data, edit))
    assert found == record
    assert reading.places["sex"] == "《优秀工作者推荐表》第1页 · 一、个人情况 · 性别"
    assert reading.places["native"] == "《优秀工作者推荐表》第3页 · 一、个人情况 · 籍贯"
    assert reading.places["career.0.post"].startswith("《优秀工作者推荐表》第4页")
