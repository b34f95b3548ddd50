"""A completed workbook is read back: what was filled in, whoever saved it and whatever was done to it."""

import io
import struct
import zipfile
import zlib
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.carriers import xlsx
from services.carriers.reading import UnreadableError
from services.catalogue import concrete, declared
from services.findings import Severity
from services.identity import stamp
from services.paper.office import convert
from services.record import at, build, empty
from services.sample import sample
from tests.any_record import records
from tests.xlsx_edits import (
    codes,
    copied,
    differences,
    edited,
    filled,
    opened,
    part,
    record_in,
    sample_of,
    saved,
    with_parts,
    without_names,
)

FORMS = tuple(form.id for form in declared())
few = settings(
    max_examples=12,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


# ---- what was filled in comes back ---------------------------------------------------------------


@few
@given(st.data())
@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("edition", ["2006", "today"])
def test_any_record_comes_back(name: str, edition: str, data: st.DataObject) -> None:
    form = concrete(name, edition)
    record = data.draw(records(form))
    assert differences(form, record, record_in(form, filled(form, record))[0]) == {}


@settings(few, max_examples=6)
@given(st.data())
@pytest.mark.parametrize("name", FORMS)
def test_any_record_comes_back_from_a_workbook_whose_names_are_lost(name: str, data: st.DataObject) -> None:
    form = concrete(name)
    record = data.draw(records(form))
    bare = edited(filled(form, record), without_names)
    assert differences(form, record, record_in(form, bare)[0]) == {}


@pytest.mark.parametrize("region", ["", "610000"])
@pytest.mark.parametrize("name", FORMS)
def test_a_blank_form_reads_back_empty_and_a_sample_as_it_was_without_findings(name: str, region: str) -> None:
    form = concrete(name, region_name=region)
    for record in (empty(form), sample(form), sample(form, 5)):
        back, reading = record_in(form, filled(form, record))
        assert back == record
        assert codes(reading) == []
        assert set(reading.sureness.values()) == {"agreed"}


@pytest.mark.parametrize("count", [0, 1, 300])
def test_no_rows_and_three_hundred_rows_come_back(count: int) -> None:
    form = concrete("evaluation")
    entries: dict[str, Any] = {f"examiners.{n}.name": f"考评员{n}" for n in range(count)}
    record = build(form, {**entries, "conclusion": "表格前后的内容\n第二行", "opinion_station": "属实。"})
    assert record_in(form, filled(form, record))[0] == record


def test_a_row_that_holds_only_a_zero_is_a_row() -> None:
    form = concrete("evaluation")
    record = build(form, {"statistics.0.batches": 0, "occupations.0.active": False})
    assert record_in(form, filled(form, record))[0] == record
    assert record_in(form, edited(filled(form, record), without_names))[0] == record


def test_answers_are_found_where_a_clerk_sees_them() -> None:
    form, _, data = sample_of("evaluation")
    reading = xlsx.read(form, data)
    assert reading.places["agency_code"] == "工作表“基本情况” B7"
    assert reading.places["items.A01.self"] == "工作表“评分” F4"
    assert reading.places["examiners.1.id_no"] == "工作表“附表1-3” D6"
    assert reading.anchors["examiners.1"] == "附表1-3!B6"
    assert reading.anchors["examiners"] == "附表1-3!A4"


@pytest.mark.parametrize("name", FORMS)
def test_a_workbook_says_itself_what_it_is(name: str) -> None:
    form, record, data = sample_of(name)
    wanted = stamp(form, record, b"test")
    assert xlsx.identify(data) == wanted
    assert xlsx.read(form, data).stamp == wanted
    kept = with_parts(data, {"docProps/custom.xml": b"<Properties/>", "docProps/core.xml": b"<coreProperties/>"})
    assert xlsx.identify(kept) == wanted
    assert xlsx.identify(copied(data)) == wanted


# ---- what other programs save --------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("through", [("xlsx",), ("xls", "xlsx"), ("ods", "xlsx")], ids="-".join)
def test_what_libreoffice_saved_reads_back_whole(name: str, through: tuple[str, ...]) -> None:
    form, record, data = sample_of(name)
    suffix = "xlsx"
    for target in through:
        data, suffix = convert(data, suffix, target), target
    back, reading = record_in(form, data)
    lost = differences(form, record, back)
    # The old .xls format takes a JPEG apart and writes its head anew; the picture is the same, its bytes are not.
    assert set(lost) <= ({"photo"} if "xls" in through else set())
    assert at(back, "photo") is None or at(back, "photo") != b""
    assert (at(back, "photo") is None) == (at(record, "photo") is None)
    assert codes(reading) == []
    assert set(reading.sureness.values()) == {"agreed"}


@pytest.mark.parametrize("target", ["xlsx", "ods"])
def test_checks_with_their_words_and_protection_survive_libreoffice(target: str) -> None:
    form = concrete("evaluation")
    data = filled(form, empty(form))
    there = opened(convert(convert(data, "xlsx", target), target, "xlsx"))
    here = opened(data)
    for sheet in here.worksheets[:-1]:
        words = {check.error for check in sheet.data_validations.dataValidation if check.error}
        kept = {check.error for check in there[sheet.title].data_validations.dataValidation if check.error}
        assert words == kept
        assert there[sheet.title].protection.sheet
    assert there["基本情况"]["B3"].protection.locked is False
    assert set(here.defined_names) <= set(there.defined_names)


def test_a_form_filled_by_another_program_is_read() -> None:
    form = concrete("evaluation")
    workbook = opened(filled(form, empty(form)))
    basic, roster, score = workbook["基本情况"], workbook["附表1-3"], workbook["评分"]
    basic["B3"], basic["B7"], basic["B16"] = "启明技校鉴定所", "１００１ 1001", "二〇〇二年三月五日"
    basic["E16"] = date(2007, 3, 4)
    score["F4"], score["F6"], score["H6"] = 2, "1.5分", "缺一岗\n已补"
    for row, name in ((5, "王一"), (7, "李二"), (330, "赵三")):
        roster.cell(row, 2, name)
        roster.cell(row, 11, "五级、四级")
    record, reading = record_in(form, saved(workbook))
    assert record.values["name"] == "启明技校鉴定所"
    assert record.values["agency_code"] == "10011001"
    assert (record.values["licence_date"], record.values["licence_until"]) == (date(2002, 3, 5), date(2007, 3, 4))
    assert record.values["items"]["A01"]["self"] == Decimal(2)
    assert (record.values["items"]["A03"]["self"], record.values["items"]["A03"]["reason"]) == (
        Decimal("1.5"),
        "缺一岗\n已补",
    )
    assert [(row["name"], row["levels"]) for row in record.values["examiners"]] == [
        ("王一", ("5", "4")),
        ("李二", ("5", "4")),
        ("赵三", ("5", "4")),
    ]
    assert reading.places["examiners.2.name"] == "工作表“附表1-3” B330"


# ---- what people do to it ------------------------------------------------------------------------


def insert_rows(workbook: Any, at_row: int, count: int) -> None:
    for sheet in workbook.worksheets[2:-1]:
        sheet.insert_rows(at_row, count)


def insert_columns(workbook: Any, at_column: int) -> None:
    for sheet in workbook.worksheets[:-1]:
        for area in [str(area) for area in sheet.merged_cells.ranges]:
            sheet.unmerge_cells(area)
        sheet.insert_cols(at_column)


def shuffle_sheets(workbook: Any) -> None:
    workbook.move_sheet("评分", offset=-8)
    workbook.move_sheet("基本情况", offset=5)


def rename_sheet(workbook: Any) -> None:
    workbook["基本情况"].title = "Sheet3"


CHANGES = {
    "names removed": without_names,
    "rows inserted at the top": partial(insert_rows, at_row=2, count=2),
    "rows inserted in the middle": partial(insert_rows, at_row=6, count=1),
    "a column inserted at the left": partial(insert_columns, at_column=1),
    "a column inserted inside": partial(insert_columns, at_column=2),
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_values_are_found_by_their_labels_after(change: Any, name: str) -> None:
    form, record, data = sample_of(name)
    back, reading = record_in(form, edited(data, change))
    assert set(differences(form, record, back)) <= {"photo"}
    assert [finding for finding in reading.findings if finding.severity is not Severity.NOTE] == []


@pytest.mark.parametrize("change", [shuffle_sheets, rename_sheet])
def test_sheets_may_be_moved_and_renamed(change: Any) -> None:
    form, record, data = sample_of("evaluation")
    back, reading = record_in(form, edited(data, change))
    assert differences(form, record, back) == {}
    assert [finding for finding in reading.findings if finding.severity is Severity.MUST_FIX] == []


@pytest.mark.parametrize("name", FORMS)
def test_values_copied_to_a_new_workbook_are_read(name: str) -> None:
    form, record, data = sample_of(name)
    back, reading = record_in(form, copied(data))
    assert set(differences(form, record, back)) <= {"photo"}  # pictures are not among the values
    assert codes(reading) == []
    assert set(reading.sureness.values()) == {"single"}


def test_a_changed_label_is_told_with_old_and_new_text_and_its_place() -> None:
    form, record, data = sample_of("evaluation")

    def change(workbook: Any) -> None:
        workbook["评分"]["D4"] = "许可证有效2分,过期0分"
        workbook["评分"]["C5"] = 6

    back, reading = record_in(form, edited(data, change))
    assert back == record
    assert [(f.code, f.severity, f.got, f.want[:4], f.place.partition(" · ")[0]) for f in reading.findings] == [
        ("layout.changed", Severity.MUST_FIX, "许可证有效2分,过期0分", "许可证有", "工作表“评分” D4"),
        ("layout.changed", Severity.MUST_FIX, "6", "5", "工作表“评分” C5"),
    ]


def test_a_deleted_row_is_told_and_its_answer_is_not_taken_from_another() -> None:
    form, record, data = sample_of("evaluation")
    back, reading = record_in(form, edited(data, lambda workbook: workbook["基本情况"].delete_rows(5)))
    assert set(differences(form, record, back)) == {"host"}
    assert "layout.row-removed" in codes(reading)


def test_text_beside_the_form_is_told() -> None:
    form, record, data = sample_of("evaluation")

    def change(workbook: Any) -> None:
        workbook["基本情况"]["H3"] = "备注:名称待核"
        workbook.create_sheet("草稿")["B2"] = "随手记的"

    back, reading = record_in(form, edited(data, change))
    assert back == record
    assert "sheet.extra" in codes(reading)
    assert any("备注:名称待核" in finding.message for finding in reading.findings)


def test_an_identity_number_that_excel_rounded_is_told() -> None:
    form, _, data = sample_of("evaluation")

    def change(workbook: Any) -> None:
        cell = workbook["附表1-3"]["D5"]
        cell.value, cell.number_format = 110105195611270215, "General"

    reading = xlsx.read(form, edited(data, change))
    assert [(f.code, f.field, f.place) for f in reading.findings] == [
        ("code.rounded", "examiners.0.id_no", "工作表“附表1-3” D5")
    ]
    assert xlsx.read(form, data).raw["examiners.0.id_no"] != reading.raw["examiners.0.id_no"]


def test_codes_typed_as_numbers_and_days_as_serial_numbers_are_read() -> None:
    form = concrete("evaluation")
    workbook = opened(filled(form, empty(form)))
    basic = workbook["基本情况"]
    basic["B7"], basic["B16"] = 10011001, 37258
    basic["B7"].number_format = basic["B16"].number_format = "0"
    record, _ = record_in(form, saved(workbook))
    assert (record.values["agency_code"], record.values["licence_date"]) == ("10011001", date(2002, 1, 2))


def test_a_hidden_sheet_is_not_read() -> None:
    form, record, data = sample_of("evaluation")

    def change(workbook: Any) -> None:
        sheet = workbook.create_sheet("旧数据")
        sheet["A1"], sheet.sheet_state = "机构编码", "hidden"

    back, reading = record_in(form, edited(data, change))
    assert back == record
    assert codes(reading) == []


# ---- files made to do harm -----------------------------------------------------------------------


@pytest.mark.parametrize("quote", ['"', "'"])
def test_two_cells_far_apart_are_refused(quote: str) -> None:
    form, _, data = sample_of("evaluation")
    name = "xl/worksheets/sheet3.xml"
    row = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'.replace('"', quote)
    far = part(data, name).replace("</sheetData>", f"{row}</sheetData>")
    with pytest.raises(UnreadableError) as caught:
        xlsx.read(form, with_parts(data, {name: far.encode()}))
    assert caught.value.code == "far-cells"


def test_many_rows_of_nothing_are_refused() -> None:
    form, _, data = sample_of("evaluation")
    name = "xl/worksheets/sheet3.xml"
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(100, 25_100))
    with pytest.raises(UnreadableError) as caught:
        xlsx.read(
            form, with_parts(data, {name: part(data, name).replace("</sheetData>", f"{rows}</sheetData>").encode()})
        )
    assert caught.value.code == "bomb"


def test_a_sheet_that_lies_about_its_size_is_read_whole() -> None:
    form = concrete("evaluation")
    record = build(form, {f"equipment.{n}.name": f"设备{n}" for n in range(499)})
    data = filled(form, record)
    name = "xl/worksheets/sheet7.xml"
    text = part(data, name)
    start = text.index("<dimension")
    lying = text[:start] + '<dimension ref="A1"/>' + text[text.index("/>", start) + 2 :]
    assert record_in(form, with_parts(data, {name: lying.encode()}))[0] == record


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.9, 0.999])
def test_a_truncated_workbook_is_refused_in_words(cut: float) -> None:
    form, _, data = sample_of("worker-recommendation")
    with pytest.raises(UnreadableError) as caught:
        xlsx.read(form, data[: int(len(data) * cut)])
    assert caught.value.code in {"truncated", "not-office"}


def test_a_workbook_with_a_broken_sheet_is_refused_in_words() -> None:
    form, _, data = sample_of("worker-recommendation")
    with pytest.raises(UnreadableError):
        xlsx.read(form, with_parts(data, {"xl/worksheets/sheet3.xml": b"<worksheet><sheetData><row"}))


def test_a_picture_of_another_kind_is_told() -> None:
    form, record, data = sample_of("worker-recommendation")
    bitmap = b"BM" + struct.pack("<IHHI", 58, 0, 0, 54) + zlib.compress(b"0" * 40)
    name = next(n for n in ("xl/media/picture3.jpeg", "xl/media/picture3.png") if n in _names(data))
    back, reading = record_in(form, with_parts(data, {name: bitmap}))
    assert set(differences(form, record, back)) == {"photo"}
    assert codes(reading) == ["picture.unreadable"]


def _names(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.namelist()
