"""A marked workbook: notes, fills and a list in front, all of them ours and taken away again."""

from typing import Any

import pytest
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from services.carriers import xlsx
from services.carriers.xlsx.mark import unmark
from services.catalogue import declared
from services.findings import Finding, Severity
from services.paper.office import convert
from services.record import empty
from tests.xlsx_edits import codes, differences, edited, filled, opened, record_in, sample_of, saved

FORMS = tuple(form.id for form in declared())


def told(field: str, message: str, severity: Severity = Severity.MUST_FIX, place: str = "") -> Finding:
    return Finding(
        code="test",
        rule="T00",
        severity=severity,
        field=field,
        label=field,
        place=place,
        got="现在 <&>",
        want="应为",
        message=message,
        message_en="",
        source="",
    )


FINDINGS = (
    told("agency_code", "“机构编码”应为 8 位数字,现在是 7 位。请核对后改正"),
    told("examiners.1.id_no", "身份证号的校验码不对", Severity.CONFIRM),
    told("items.A01.self", "请核对", Severity.NOTE),
    told("items.A01", "得分要有证明材料"),
    told("examiners", "考评人员不足 3 人", Severity.CONFIRM),
    told("", "“自评分”被改成“得分”", place="工作表“评分” 第2行 · 三、评估评分"),
    told("", "整个文件的问题", Severity.NOTE, place="《评估表》"),
)


def marked(findings: tuple[Finding, ...] = FINDINGS) -> bytes:
    form, _, data = sample_of("evaluation")
    return xlsx.mark(form, data, xlsx.read(form, data), findings)


def notes(workbook: Any) -> dict[str, str]:
    return {
        f"{sheet.title}!{cell.coordinate}": cell.comment.text
        for sheet in workbook.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }


def test_every_finding_with_a_cell_has_a_note_and_a_fill_there() -> None:
    workbook = opened(marked())
    assert notes(workbook) == {
        "基本情况!B7": "【质量普查校核】\n必须修改:“机构编码”应为 8 位数字,现在是 7 位。请核对后改正",
        "附表1-3!D6": "【质量普查校核】\n需要确认:身份证号的校验码不对",
        "附表1-3!A4": "【质量普查校核】\n需要确认:考评人员不足 3 人",
        "评分!F4": "【质量普查校核】\n提示:请核对\n必须修改:得分要有证明材料",
        "评分!A2": "【质量普查校核】\n必须修改:“自评分”被改成“得分”",
    }
    assert workbook["基本情况"]["B7"].fill.fgColor.rgb == "FFFFD9DA"
    assert workbook["附表1-3"]["D6"].fill.fgColor.rgb == "FFFFF2CD"
    assert workbook["评分"]["F4"].fill.fgColor.rgb == "FFFFD9DA"


def test_the_list_stands_in_front_with_links_to_the_cells() -> None:
    workbook = opened(marked())
    assert workbook.sheetnames[:2] == ["错误清单", "封面"]
    page = workbook["错误清单"]
    assert page["A1"].value == "错误清单:共 7 处,其中必须修改 3 处"
    assert [cell.value for cell in page[3]] == ["序号", "程度", "位置", "栏目", "现在", "应为", "怎样改"]
    first = [cell.value for cell in page[4]]
    assert first[:4] == ["1", "必须修改", "工作表“基本情况” B7", "agency_code"]
    assert first[4:] == ["现在 <&>", "应为", "“机构编码”应为 8 位数字,现在是 7 位。请核对后改正"]
    assert page["C4"].hyperlink.location == "'基本情况'!B7"
    assert page["C10"].hyperlink is None
    assert [sheet.title for sheet in workbook.worksheets if sheet.sheet_view.tabSelected] == ["错误清单"]


def test_repeated_heads_and_names_still_belong_to_their_sheets() -> None:
    before, after = opened(sample_of("evaluation")[2]), opened(marked())
    for sheet in before.worksheets:
        assert after[sheet.title].print_title_rows == sheet.print_title_rows
        assert len(after[sheet.title].data_validations.dataValidation) == len(sheet.data_validations.dataValidation)
        assert after[sheet.title].protection.sheet == sheet.protection.sheet
        assert len(after[sheet.title]._images) == len(sheet._images)
    assert set(before.defined_names) == set(after.defined_names)


@pytest.mark.parametrize("name", FORMS)
def test_a_marked_copy_reads_like_the_file_itself(name: str) -> None:
    form, record, data = sample_of(name)
    reading = xlsx.read(form, data)
    findings = tuple(told(path, f"{path} 有问题") for path in reading.raw)
    copy = xlsx.mark(form, data, reading, findings)
    back, again = record_in(form, copy)
    assert back == record
    assert codes(again) == []
    assert again.places == reading.places


def test_marking_twice_leaves_the_second_marks_alone_and_the_same_bytes() -> None:
    form, _, data = sample_of("evaluation")
    reading = xlsx.read(form, data)
    once = xlsx.mark(form, data, reading, FINDINGS)
    assert once == xlsx.mark(form, data, reading, FINDINGS)
    other = (told("licence_no", "许可证编号要填"),)
    twice = opened(xlsx.mark(form, once, xlsx.read(form, once), other))
    assert notes(twice) == {"基本情况!B14": "【质量普查校核】\n必须修改:许可证编号要填"}
    assert twice.sheetnames.count("错误清单") == 1
    assert twice["基本情况"]["B7"].fill.fill_type is None


def test_without_findings_the_marks_are_gone_and_the_cells_as_they_were() -> None:
    form, _, data = sample_of("evaluation")
    once = marked()
    for bare in (unmark(once), xlsx.mark(form, once, xlsx.read(form, once), ())):
        here, there = opened(data), opened(bare)
        assert here.sheetnames == there.sheetnames
        assert notes(there) == {}
        for one, other in zip(here.worksheets, there.worksheets, strict=True):
            for row, same in zip(one.iter_rows(), other.iter_rows(), strict=True):
                assert [(c.value, repr(c.fill), repr(c.border)) for c in row] == [
                    (c.value, repr(c.fill), repr(c.border)) for c in same
                ]


def test_notes_and_fills_of_people_stay() -> None:
    form, _, data = sample_of("evaluation")

    def change(workbook: Any) -> None:
        page = workbook["基本情况"]
        page["B7"].comment = Comment("请所长核对", "李主任")
        page["B8"].comment = Comment("已核", "李主任")
        page["B7"].fill = PatternFill("solid", fgColor="FF92D050")

    theirs = edited(data, change)
    copy = xlsx.mark(form, theirs, xlsx.read(form, theirs), FINDINGS)
    seen = notes(opened(copy))
    assert seen["基本情况!B7"].startswith("请所长核对\n【质量普查校核】\n必须修改:“机构编码”")
    assert seen["基本情况!B8"] == "已核"
    told_twice = [f.message for f in xlsx.read(form, copy).findings if f.code == "remarks.comments"]
    assert told_twice == ["文件里有 2 条批注没有处理,如 工作表“基本情况” B7:“请所长核对”。请处理并删除批注后再上传"]
    back = opened(unmark(copy))
    assert notes(back) == {"基本情况!B7": "请所长核对", "基本情况!B8": "已核"}
    assert back["基本情况"]["B7"].fill.fgColor.rgb == "FF92D050"


@pytest.mark.parametrize("through", [("xlsx",), ("xls", "xlsx"), ("ods", "xlsx")], ids="-".join)
def test_marks_are_known_again_after_libreoffice_saved_the_edited_copy(through: tuple[str, ...]) -> None:
    form, record, data = sample_of("evaluation")

    def change(workbook: Any) -> None:
        page = workbook["基本情况"]
        page["B8"].comment = Comment("已核", "李主任")
        page["B9"].fill = PatternFill("solid", fgColor="FF92D050")

    theirs = edited(data, change)
    copy, suffix = xlsx.mark(form, theirs, xlsx.read(form, theirs), FINDINGS), "xlsx"
    workbook = opened(copy)
    workbook["基本情况"]["B14"].value = "改过的许可证号"
    copy = saved(workbook)
    for target in through:
        copy, suffix = convert(copy, suffix, target), target
    back, reading = record_in(form, copy)
    assert differences(form, record, back) == {"licence_no": (record.values["licence_no"], "改过的许可证号")}
    assert [f.message for f in reading.findings] == [
        "文件里有 1 条批注没有处理,如 工作表“基本情况” B8:“已核”。请处理并删除批注后再上传"
    ]
    bare = opened(unmark(copy))
    assert notes(bare) == {"基本情况!B8": "已核"}
    assert "错误清单" not in bare.sheetnames
    assert bare["基本情况"]["B7"].fill.fill_type is None or bare["基本情况"]["B7"].fill.fgColor.rgb == "FFFFFFFF"
    assert bare["基本情况"]["B9"].fill.fgColor.rgb == "FF92D050"


def test_the_list_is_printed_with_its_head_on_every_page_on_a4() -> None:
    page = opened(marked())["错误清单"]
    assert page.print_title_rows == "$3:$3"
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "landscape")
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 0)


def test_a_cell_that_is_not_stored_can_be_marked() -> None:
    form, _, data = sample_of("evaluation")
    workbook = opened(data, values=True)
    workbook["附表1-7"].delete_rows(8, 10)
    bare = saved(workbook)
    reading = xlsx.read(form, bare)
    lone = (told("", "这里应有一行", place="工作表“附表1-7” D40"),)
    assert notes(opened(xlsx.mark(form, bare, reading, lone))) == {
        "附表1-7!D40": "【质量普查校核】\n必须修改:这里应有一行"
    }


def test_a_blank_form_can_be_marked_at_every_required_answer() -> None:
    form = sample_of("evaluation")[0]
    data = filled(form, empty(form))
    reading = xlsx.read(form, data)
    findings = tuple(told(field.key, f"填写“{field.label}”") for field in form.fields if field.required)
    seen = notes(opened(xlsx.mark(form, data, reading, findings)))
    assert len(seen) == len(findings)
