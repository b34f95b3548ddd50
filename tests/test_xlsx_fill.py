"""The filled workbook: the record and nothing else, with checks, names, formulas and protection that Excel knows."""

import io
import re
import warnings
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
import zxingcpp
from openpyxl.utils import range_boundaries
from PIL import Image

from services.carriers import xlsx
from services.carriers.xlsx.values import cell_text
from services.catalogue import concrete, declared
from services.identity import stamp
from services.paper.office import convert
from services.record import build, empty, entries_of
from services.sample import sample
from services.totals import expected
from tests.xlsx_edits import codes, differences, filled, opened, part, record_in, sample_of

FORMS = tuple(form.id for form in declared())
SCORES = {
    # Points of section A by hand: 2+5+2+1+2+2+1.5+2+1 = 18.5, and so on down the items.
    "A01": "2", "A02": "5", "A03": "2", "A04": "1", "A05": "2", "A06": "2", "A07": "1.5", "A08": "2", "A09": "1",
    "B01": "2", "B02": "1.5", "B03": "2",
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_openpyxl_opens_blank_and_filled_workbooks_without_a_warning(name: str) -> None:
    form = concrete(name)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for record in (empty(form), sample(form)):
            workbook = opened(filled(form, record))
            assert workbook.sheetnames[0] == "封面"
            assert "填表说明" in workbook.sheetnames
            assert workbook["_meta"].sheet_state == "veryHidden"


@pytest.mark.parametrize("name", FORMS)
def test_every_part_with_a_sheet_of_its_own_has_that_sheet_in_printed_order(name: str) -> None:
    form = concrete(name)
    wanted = list(dict.fromkeys(part.sheet for part in form.parts))
    names = opened(filled(form, empty(form))).sheetnames
    assert [sheet for sheet in names if sheet in wanted] == wanted


@pytest.mark.parametrize("name", FORMS)
def test_the_same_record_gives_the_same_bytes(name: str) -> None:
    form = concrete(name)
    assert filled(form, sample(form, 2)) == filled(form, sample(form, 2))


def test_named_cells_hold_the_answers() -> None:
    form, record, data = sample_of("evaluation")
    workbook = opened(data)
    names = {"agency_code": "F_agency_code", "items.A01.self": "I_A01_self", "opinion_host": "F_opinion_host"}
    for path, name in names.items():
        sheet, address = place(workbook, name)
        value = workbook[sheet][address].value
        assert cell_text(value) == str(entries_of(form, record)[path])
    assert workbook.defined_names["T_examiners"].attr_text.startswith("'附表1-3'!$A$4:")


def test_answers_are_unlocked_and_everything_else_is_locked_without_a_password() -> None:
    _, _, data = sample_of("evaluation")
    workbook = opened(data)
    basic = workbook["基本情况"]
    assert basic.protection.sheet
    assert basic.protection.password is None
    assert (basic["A3"].value, basic["A3"].protection.locked) == ("鉴定所(站)名称(全称)", True)
    assert basic["B3"].protection.locked is False
    totals = workbook["得分汇总"]
    sums = [cell for row in totals.iter_rows() for cell in row if str(cell.value).startswith("=")]
    assert sums
    assert all(cell.protection.locked for cell in sums)


def test_rows_below_a_printed_table_are_unlocked_and_checked_as_far_as_the_table_may_go() -> None:
    form = concrete("evaluation")
    data = filled(form, empty(form))
    sheet = opened(data)["附表1-3"]
    assert sheet.column_dimensions["B"].width > 0
    ranges = [str(area) for check in sheet.data_validations.dataValidation for area in check.sqref.ranges]
    ends = {range_boundaries(area)[3] for area in ranges}
    assert ends == {304}  # head in row 4, 300 rows below it
    styles = re.findall(r'<col min="2" max="2"[^>]* style="(\d+)"', part(data, "xl/worksheets/sheet6.xml"))
    looks = re.findall(r"<xf .*?</xf>", part(data, "xl/styles.xml").partition("<cellXfs")[2])
    assert 'locked="0"' in looks[int(styles[0])]


def place(workbook: Any, name: str) -> tuple[str, str]:
    """Sheet and cell of a defined name; of a table's column (T_staff.姓名) its first cell below the head."""
    name, _, label = name.partition(".")
    sheet, area = workbook.defined_names[name].attr_text.replace("$", "").rsplit("!", 1)
    page = sheet.strip("'")
    if not label:
        return page, area
    head = workbook[page][area.partition(":")[0]].row
    column = next(cell.column_letter for cell in workbook[page][head] if cell.value == label)
    return page, f"{column}{head + 1}"


@pytest.mark.parametrize(
    ("name", "kind", "formula", "words"),
    [
        ("F_agency_code", "custom", 'OR(LEN(#)=8,#="无")', "应为 8 位数字"),
        ("F_host_nature", "list", '"机关,事业,企业,学校,社会团体,其他"', "应从 机关/事业/企业/学校/社会团体/其他 中选"),
        ("I_A01_self", "list", '"2,1,0"', "应为 2/1/0 分中的一个"),
        ("I_A03_self", "custom", "AND(ISNUMBER(#),#>=0,#<=2,MOD(#*2,1)=0)", "应为 0–2 的分数"),
        ("T_statistics.批次", "whole", "0", "应为 0–9999 的整数"),
        ("T_occupations.收费标准(初级)", "decimal", "0", "应为 0–9999999,最多 2 位小数"),
        ("T_occupations.批准日期", "date", "1", "应为日期"),
        ("F_veto_1", "list", '"√许可证过期或无效,□许可证过期或无效,√"', "许可证过期或无效"),
    ],
)
def test_excel_checks_what_is_typed_in_the_words_of_the_kind(name: str, kind: str, formula: str, words: str) -> None:
    form = concrete("evaluation")
    workbook = opened(filled(form, empty(form)))
    sheet, cell = place(workbook, name)
    found = [check for check in workbook[sheet].data_validations.dataValidation if cell in check.sqref]
    assert [(check.type, check.formula1) for check in found] == [(kind, formula.replace("#", cell))]
    assert words in found[0].error
    assert found[0].showErrorMessage


def test_a_check_fits_what_excel_can_show() -> None:
    for name in FORMS:
        form = concrete(name, region_name="610000")
        for sheet in opened(filled(form, empty(form))).worksheets:
            for check in sheet.data_validations.dataValidation:
                assert len(check.errorTitle or "") <= 32
                assert len(check.error or "") <= 255
                assert len(check.prompt or "") <= 255
                assert len(check.formula1 or "") <= 257  # a list of 255 characters in quotes


@pytest.mark.parametrize("edition", ["2006", "today"])
@pytest.mark.parametrize("region", ["", "610000"])
@pytest.mark.parametrize("name", FORMS)
def test_no_cell_is_merged_or_checked_twice(name: str, region: str, edition: str) -> None:
    form = concrete(name, edition, region)
    for record in (empty(form), sample(form)):
        for sheet in opened(filled(form, record)).worksheets:
            merged = [cell for area in sheet.merged_cells.ranges for cell in area.cells]
            assert len(merged) == len(set(merged))
            checks = sheet.data_validations.dataValidation
            checked = [cell for check in checks for area in check.sqref.ranges for cell in area.cells]
            assert len(checked) == len(set(checked))


def test_a_long_answer_gets_as_many_rows_as_it_needs() -> None:
    form = concrete("worker-recommendation")
    # 2,000 characters at 45 a line are 45 lines of 5 mm: more than the 143 mm that a row of Excel may have.
    record = build(form, {"deeds": "事迹材料" * 1_000})
    sheet = opened(filled(form, record))["事迹"]
    deeds = next(area for area in sheet.merged_cells.ranges if "A4" in area)
    heights = [sheet.row_dimensions[row].height for row in range(deeds.min_row, deeds.max_row + 1)]
    assert max(heights) <= 409.5
    assert sum(heights) / 72 * 25.4 >= 4_000 / 45 * 4.9
    assert record_in(form, filled(form, record))[0] == record


def test_days_are_days_codes_are_text_and_scores_are_numbers() -> None:
    _, record, data = sample_of("evaluation")
    basic, score = opened(data)["基本情况"], opened(data)["评分"]
    assert basic["B7"].value == record.values["agency_code"]
    assert basic["B7"].number_format == "@"
    day = basic["B16"]
    assert isinstance(day.value, datetime)
    assert day.number_format == 'yyyy"年"m"月"d"日"'
    assert isinstance(score["F4"].value, int | float)


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    form = concrete("evaluation")
    texts = ("=1+1", "+8613800000000", "-5", "@SUM(A1)", '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0")
    entries = {f"staff.{row}.name": text for row, text in enumerate(texts)}
    record = build(form, {**entries, "address": "=1+1", "conclusion": '=HYPERLINK("http://x","y")'})
    data = filled(form, record)
    assert "<f>" not in part(data, "xl/worksheets/sheet5.xml")
    assert [opened(data)["附表1-2"].cell(5 + row, 2).data_type for row in range(len(texts))] == ["s"] * len(texts)
    assert record_in(form, data)[0] == record
    assert record_in(form, convert(data, "xlsx", "xlsx"))[0] == record


def test_characters_that_no_file_may_hold_are_removed_and_told() -> None:
    form = concrete("evaluation")
    record = build(form, {"host": "启明\x0b技校\x00", "staff.0.name": "张\ufffe三"})
    made = xlsx.fill(form, record, stamp(form, record, b"test"))
    assert [(f.code, f.field, f.got) for f in made.findings] == [
        ("text.unprintable", "host", "U+000B、U+0000"),
        ("text.unprintable", "staff.0.name", "U+FFFE"),
    ]
    assert record_in(form, made.data)[0].values["host"] == "启明技校"


def test_a_text_that_reads_like_an_escape_of_excel_comes_back_as_it_was() -> None:
    form = concrete("evaluation")
    record = build(form, {"host": "编号_x000D_和_x005F_"})
    assert record_in(form, filled(form, record))[0] == record


def test_a_text_longer_than_a_cell_is_told_and_cut_where_excel_ends() -> None:
    form = concrete("evaluation")
    record = build(form, {"conclusion": "字" * 40_000})
    made = xlsx.fill(form, record, stamp(form, record, b"test"))
    assert [f.code for f in made.findings] == ["text.cell-limit"]
    assert len(record_in(form, made.data)[0].values["conclusion"]) == 32_767


def test_sums_are_computed_by_libreoffice_as_by_hand() -> None:
    form = concrete("evaluation")
    entries = {f"items.{item}.self": Decimal(score) for item, score in SCORES.items()}
    entries |= {"items.A01.review": Decimal(1), "veto_3": True}
    rows = (("2001年", 3, 40), ("2001年", 2, 25), ("2003年", 1, 0))
    for number, (year, batches, applied) in enumerate(rows):
        entries |= {
            f"statistics.{number}.year": year,
            f"statistics.{number}.batches": batches,
            f"statistics.{number}.applied": applied,
        }
    record = record_in(form, convert(filled(form, build(form, entries)), "xlsx", "xlsx"))[0]
    values = record.values
    assert (values["a_self"], values["b_self"], values["c1_self"]) == (Decimal("18.5"), Decimal("5.5"), None)
    assert (values["self_total"], values["review_total"]) == (Decimal(24), Decimal(1))
    assert values["grade"] == "不合格"
    sums = [(row["year"], row["batches"], row["applied"], row["passed"]) for row in values["statistics_totals"]]
    assert sums == [
        ("2001年", 5, 65, None),
        ("2002年", None, None, None),
        ("2003年", 1, 0, None),
        ("2004年", None, None, None),
        ("2005年", None, None, None),
        ("合计", 6, 65, None),
    ]


@pytest.mark.parametrize("name", ["evaluation", "station-recommendation"])
def test_libreoffice_computes_what_the_totals_say(name: str) -> None:
    form = concrete(name)
    whole = sample(form, 4)
    computed = expected(form, whole)
    bare = build(form, {path: v for path, v in entries_of(form, whole).items() if path not in computed})
    record, reading = record_in(form, convert(filled(form, bare), "xlsx", "xlsx"))
    assert differences(form, whole, record) == {}
    assert codes(reading) == []


def test_the_cover_repeats_what_is_asked_inside() -> None:
    _, record, data = sample_of("evaluation")
    cover = opened(data)["封面"]
    formulas = [c.value for row in cover.iter_rows() for c in row if str(c.value).startswith("=")]
    assert "=IF('基本情况'!$B$3=\"\",\"\",'基本情况'!$B$3)" in formulas
    shown = [c.value for row in opened(data, values=True)["封面"].iter_rows() for c in row]
    assert record.values["name"] in shown


def test_a_copied_answer_is_locked_once_it_is_filled() -> None:
    form = concrete("worker-recommendation")
    blank = opened(filled(form, empty(form)))
    sheet, cell = place(blank, "F_agency_code")
    full = opened(filled(form, build(form, {"agency_code": "10011001"})))
    assert blank[sheet][cell].protection.locked is False
    assert full[sheet][cell].protection.locked is True


def test_the_code_on_the_cover_and_all_properties_say_the_same_token() -> None:
    form, record, data = sample_of("evaluation")
    token = stamp(form, record, b"test").token
    workbook = opened(data)
    picture = Image.open(io.BytesIO(workbook["封面"]._images[0]._data()))
    assert zxingcpp.read_barcodes(picture.convert("L"))[0].text == token
    assert workbook.properties.subject == token
    assert {p.name: p.value for p in workbook.custom_doc_props.props}["FormToken"] == token
    assert workbook["_meta"]["B1"].value == token
    assert all(token in str(sheet["A1"].value) + str([c.value for c in sheet[1]]) for sheet in workbook.worksheets[:-1])


def test_the_photograph_lies_on_its_cell_with_its_own_bytes() -> None:
    _, record, data = sample_of("worker-recommendation")
    images = opened(data)["个人情况"]._images
    assert [image._data() for image in images] == [record.values["photo"]]
    corner = images[0].anchor._from
    assert (corner.row, corner.col) == (2, 6)


def test_sheets_print_on_a4_in_the_orientation_of_their_part_with_repeated_heads() -> None:
    _, _, data = sample_of("evaluation")
    workbook = opened(data)
    assert (workbook["基本情况"].page_setup.paperSize, workbook["基本情况"].page_setup.orientation) == (9, "portrait")
    roster = workbook["附表1-3"]
    assert (roster.page_setup.orientation, roster.page_setup.fitToHeight, roster.freeze_panes) == ("landscape", 0, "A5")
    assert roster.print_title_rows == "$4:$4"
    assert roster.sheet_properties.pageSetUpPr.fitToPage
    assert "&P" in roster.oddFooter.center.text


@pytest.mark.parametrize(("count", "printed"), [(0, 10), (7, 10), (8, 15), (40, 45), (299, 300), (300, 300)])
def test_a_table_prints_its_rows_and_a_few_more_but_never_more_than_it_may_have(count: int, printed: int) -> None:
    form = concrete("evaluation")
    record = build(form, {f"examiners.{n}.name": f"考评员{n}" for n in range(count)})
    data = filled(form, record)
    numbers = [row[0].value for row in opened(data)["附表1-3"].iter_rows(min_row=5)]
    assert numbers == list(range(1, printed + 1))
    assert record_in(form, data)[0] == record


def test_a_day_before_excel_begins_to_count_right_comes_back() -> None:
    form = concrete("evaluation")
    record = build(form, {"licence_date": date(1900, 1, 20), "self_date": date(2006, 8, 15)})
    assert record_in(form, filled(form, record))[0] == record
