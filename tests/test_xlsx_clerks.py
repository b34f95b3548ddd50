"""What clerks and their programs do to a workbook: each is read, and each is said once."""

import re
import zipfile
from collections.abc import Callable
from datetime import date
from functools import partial
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from python_calamine import CalamineWorkbook

from services.carriers import xlsx
from services.carriers.xlsx.cells import of_grid
from services.carriers.xlsx.opened import open_workbook
from services.findings import Severity
from services.record import at, rows
from tests.strict_form import made_strict
from tests.xlsx_edits import (
    codes,
    copied,
    differences,
    edited,
    opened,
    part,
    record_in,
    sample_of,
    saved,
    with_parts,
    without_names,
)

NAMES = ["郭宏伟", "马丽华", "罗建国", "李建国", "宋慧敏"]
ROSTER, FIRST = "附表1-3", 5


def examiners(change: Callable[[Any], object]) -> tuple[list[str], list[str]]:
    """The names of the roster and the codes of the findings after a change."""
    form, _, data = sample_of("evaluation")
    record, reading = record_in(form, edited(data, change))
    return [row["name"] for row in rows(record, "examiners")], codes(reading)


def the_names() -> list[str]:
    return [row["name"] for row in rows(sample_of("evaluation")[1], "examiners")]


# ---- rows ----------------------------------------------------------------------------------------


def write_row(sheet: Any, at_row: int, name: str) -> None:
    sheet.cell(at_row, 2).value, sheet.cell(at_row, 3).value = name, "女"


def test_a_row_put_in_the_middle_and_one_at_the_end_are_read_in_their_places() -> None:
    def change(workbook: Any) -> None:
        sheet = workbook[ROSTER]
        sheet.insert_rows(7)
        write_row(sheet, 7, "沈玉兰")
        write_row(sheet, FIRST + len(the_names()) + 1, "秦海涛")

    old = the_names()
    assert examiners(change) == ([*old[:2], "沈玉兰", *old[2:], "秦海涛"], [])


def test_a_row_taken_out_and_blank_rows_in_between_leave_the_others() -> None:
    def change(workbook: Any) -> None:
        sheet = workbook[ROSTER]
        sheet.delete_rows(6)
        sheet.insert_rows(7, 3)

    old = the_names()
    assert examiners(change) == ([old[0], *old[2:]], [])


def test_sorted_rows_are_read_in_their_new_order_with_all_that_belongs_to_them() -> None:
    form, record, data = sample_of("evaluation")
    count = len(the_names())

    def change(workbook: Any) -> None:
        sheet = workbook[ROSTER]
        lines = [[sheet.cell(row, col).value for col in range(2, 14)] for row in range(FIRST, FIRST + count)]
        for row, line in zip(range(FIRST, FIRST + count), reversed(lines), strict=True):
            for col, value in zip(range(2, 14), line, strict=True):
                sheet.cell(row, col).value = value

    back, reading = record_in(form, edited(data, change))
    assert rows(back, "examiners") == tuple(reversed(rows(record, "examiners")))
    assert codes(reading) == []


def test_a_roster_pasted_from_another_workbook_with_its_own_formats_is_read() -> None:
    form, record, data = sample_of("evaluation")

    def change(workbook: Any) -> None:
        sheet = workbook[ROSTER]
        for row in range(FIRST, FIRST + len(the_names())):
            for col in range(2, 14):
                cell = sheet.cell(row, col)
                if isinstance(cell.value, str):
                    cell.value = f"　{cell.value} "
                cell.style = "Normal"
                if hasattr(cell.value, "year"):
                    cell.number_format = "mm/dd/yy"

    back, reading = record_in(form, edited(data, change))
    assert differences(form, record, back) == {}
    assert codes(reading) == []


# ---- columns -------------------------------------------------------------------------------------


def test_a_deleted_column_is_told_once_and_the_others_keep_their_answers() -> None:
    form, record, data = sample_of("evaluation")
    back, reading = record_in(form, edited(data, lambda workbook: workbook[ROSTER].delete_cols(5)))
    assert {path.rpartition(".")[2] for path in differences(form, record, back)} == {"unit"}
    assert [(f.code, f.label) for f in reading.findings if f.severity is Severity.MUST_FIX] == [
        ("layout.removed", "工作单位")
    ]


def test_exchanged_columns_are_read_by_their_heads_and_told_once() -> None:
    form, record, data = sample_of("evaluation")

    def change(workbook: Any) -> None:
        sheet = workbook[ROSTER]
        for row in range(4, 20):
            left, right = sheet.cell(row, 3), sheet.cell(row, 5)
            left.value, right.value = right.value, left.value

    back, reading = record_in(form, edited(data, change))
    assert differences(form, record, back) == {}
    assert [(f.code, f.place, f.severity) for f in reading.findings] == [
        ("layout.columns-moved", f"工作表“{ROSTER}” A1", Severity.CONFIRM)
    ]


def test_a_column_of_ones_own_in_a_table_is_told_and_not_read() -> None:
    form, record, data = sample_of("evaluation")

    def change(workbook: Any) -> None:
        sheet = workbook[ROSTER]
        sheet.insert_cols(4)
        sheet.cell(4, 4).value = "民族"
        sheet.cell(5, 4).value = "汉"

    back, reading = record_in(form, edited(data, change))
    assert differences(form, record, back) == {}
    assert any("民族" in finding.message for finding in reading.findings)


def test_an_answer_that_equals_another_rows_label_does_not_make_it_that_row() -> None:
    form, _, data = sample_of("worker-recommendation")

    def change(workbook: Any) -> None:
        sheet = workbook["个人情况"]
        sheet["B4"].value, sheet["C4"].value = "人员类别", "本单位民族"

    reading = xlsx.read(form, edited(data, change))
    assert reading.raw["native"] == "人员类别"
    assert [(f.code, f.got, f.want) for f in reading.findings] == [("layout.changed", "本单位民族", "民族")]


# ---- sheets --------------------------------------------------------------------------------------


def test_missing_sheets_are_named_and_the_others_are_read() -> None:
    form, record, data = sample_of("evaluation")

    def change(workbook: Any) -> None:
        del workbook["附表1-1"]
        del workbook[ROSTER]

    back, reading = record_in(form, edited(data, change))
    assert {path.partition(".")[0] for path in differences(form, record, back)} == {"occupations", "examiners"}
    assert codes(reading) == ["layout.part-removed"]
    assert "“附表1-1”" in reading.findings[0].message
    assert f"“{ROSTER}”" in reading.findings[0].message


def test_half_a_form_shows_what_could_be_read() -> None:
    form, record, data = sample_of("evaluation")

    def change(workbook: Any) -> None:
        for name in [name for name in workbook.sheetnames if name != "评分"]:
            del workbook[name]

    back, reading = record_in(form, edited(data, change))
    assert back.values["items"] == record.values["items"]
    assert codes(reading) == ["layout.part-removed"]


def test_a_hidden_sheet_of_the_form_is_read_and_told() -> None:
    form, record, data = sample_of("evaluation")

    def change(workbook: Any) -> None:
        workbook[ROSTER].sheet_state = "hidden"

    back, reading = record_in(form, edited(data, change))
    assert back == record
    assert codes(reading) == ["sheet.hidden"]


def test_a_sheet_copied_into_a_new_workbook_whose_names_point_at_the_old_one_is_read() -> None:
    form, record, data = sample_of("evaluation")
    away = part(data, "xl/workbook.xml").replace(">'基本情况'!", ">'[Book1]基本情况'!")
    back, reading = record_in(form, with_parts(data, {"xl/workbook.xml": away.encode()}))
    assert differences(form, record, back) == {}
    assert {reading.sureness["agency_code"], reading.sureness["items.A01.self"]} == {"single", "agreed"}
    assert reading.witnesses["agency_code"] == ("label", "place")
    assert [f for f in reading.findings if f.severity is not Severity.NOTE] == []


# ---- values --------------------------------------------------------------------------------------


def test_a_share_is_no_number_of_points() -> None:
    form, _, data = sample_of("evaluation")

    def change(workbook: Any) -> None:
        cell = workbook["评分"]["F4"]
        cell.value, cell.number_format = 0.02, "0%"

    assert xlsx.read(form, edited(data, change)).raw["items.A01.self"] == "2%"


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!", "#VALUE!"])
def test_an_error_in_a_cell_is_told_and_no_answer(error: str) -> None:
    form, _, data = sample_of("evaluation")

    def change(workbook: Any) -> None:
        cell = workbook["基本情况"]["B14"]
        cell.value, cell.data_type = error, "e"

    reading = xlsx.read(form, edited(data, change))
    assert reading.raw["licence_no"] == ""
    assert [(f.code, f.field, f.got, f.place) for f in reading.findings] == [
        ("value.error", "licence_no", error, "工作表“基本情况” B14")
    ]


def test_a_formula_without_its_result_is_told_where_an_answer_is_asked() -> None:
    form, _, data = sample_of("evaluation")
    workbook = opened(data)
    workbook["基本情况"]["B3"].value = "=Sheet9!A1"
    reading = xlsx.read(form, saved(workbook))
    assert [(f.code, f.field) for f in reading.findings] == [("value.error", "name"), ("value.computed", "")]


def test_sums_that_a_library_left_without_results_are_worked_out() -> None:
    form, record, data = sample_of("evaluation")
    back, reading = record_in(form, saved(opened(data)))
    assert at(back, "self_total") == at(record, "self_total") is not None
    assert differences(form, record, back) == {}
    assert codes(reading) == ["value.computed"]


def test_sums_that_another_program_worked_out_wrong_are_worked_out_again() -> None:
    form, record, data = sample_of("evaluation")
    data = saved(opened(data))
    without = re.compile(r"<c ([^>]*)>(<f>[^<]*</f>)<v ?/>|<c ([^>]*)>(<f>[^<]*</f>)<v></v>")
    with zipfile.ZipFile(BytesIO(data)) as archive:
        sheets = {n: archive.read(n).decode() for n in archive.namelist() if n.startswith("xl/worksheets/sheet")}
    spoilt = {name: without.subn(r'<c \1\3 t="e">\2\4<v>#VALUE!</v>', xml) for name, xml in sheets.items()}
    assert sum(count for _, count in spoilt.values()) > 40
    back, reading = record_in(form, with_parts(data, {name: xml.encode() for name, (xml, _) in spoilt.items()}))
    assert differences(form, record, back) == {}
    assert codes(reading) == ["value.computed"]


def test_a_line_in_an_inserted_column_below_a_table_is_no_row_of_it() -> None:
    form, record, data = sample_of("station-recommendation")

    def change(workbook: Any) -> None:
        sheet = workbook["结果与业绩"]
        sheet.insert_cols(1)
        sheet.cell(sheet.max_row + 2, 1).value = "以上内容属实"
        for name in list(workbook.defined_names):
            del workbook.defined_names[name]

    back, reading = record_in(form, edited(data, change))
    assert rows(back, "awards") == rows(record, "awards")
    assert [f.got for f in reading.findings if f.code == "layout.added"] == ["以上内容属实"]


@pytest.mark.parametrize(
    ("value", "number_format"),
    [
        (37258, "yyyy/m/d"),
        (37258, 'yyyy"年"m"月"d"日"'),
        (37258, "[$-804]yyyy-mm-dd;@"),
        (37258, "General"),
        (date(2002, 1, 2), "d-mmm-yy"),
        ("二○○二年一月二日", "@"),
        ("2002.1.2", "General"),
        ("２００２年１月２日", "@"),
        ("02/01/02", "@"),
    ][:-1],
)
def test_a_day_is_read_however_it_was_typed_or_shown(value: Any, number_format: str) -> None:
    form, _, data = sample_of("evaluation")

    def change(workbook: Any) -> None:
        cell = workbook["基本情况"]["B16"]
        cell.value, cell.number_format = value, number_format

    assert at(record_in(form, edited(data, change))[0], "licence_date") == date(2002, 1, 2)


def test_days_counted_from_1904_are_read() -> None:
    form, record, data = sample_of("evaluation")
    workbook = opened(data, values=True)
    setattr(workbook, "epoch", CALENDAR_MAC_1904)  # noqa: B010 - a setting of the library
    changed = saved(workbook)
    assert b'date1904="1"' in part(changed, "xl/workbook.xml").encode()
    assert differences(form, record, record_in(form, changed)[0]) == {}


def test_days_written_as_text_by_the_strict_form_are_read() -> None:
    form, record, data = sample_of("evaluation")
    workbook = opened(data, values=True)
    setattr(workbook, "iso_dates", True)  # noqa: B010 - a setting of the library
    assert differences(form, record, record_in(form, saved(workbook))[0]) == {}


def test_a_number_of_an_occupation_typed_with_an_exponent_is_read_in_full() -> None:
    form, _, data = sample_of("evaluation")

    def change(workbook: Any) -> None:
        cell = workbook["基本情况"]["B7"]
        cell.value, cell.number_format = 10052001, "0.00E+00"

    assert xlsx.read(form, edited(data, change)).raw["agency_code"] == "10052001"


# ---- the file ------------------------------------------------------------------------------------


def test_a_strict_workbook_is_read_with_its_picture() -> None:
    form, record, data = sample_of("worker-recommendation")
    back, reading = record_in(form, made_strict(data))
    assert back == record
    assert codes(reading) == []


def test_another_version_of_the_form_is_told() -> None:
    form, record, data = sample_of("evaluation")

    def change(workbook: Any) -> None:
        for sheet in workbook.worksheets[:-1]:
            sheet["A1"].value = sheet["A1"].value.replace("1.0", "0.9")

    back, reading = record_in(form, edited(data, change))
    assert back == record
    assert [(f.code, f.got, f.want) for f in reading.findings] == [("version.other", "2006版 0.9", "2006版 1.0")]


def test_words_of_ones_own_where_rows_are_numbered_are_told() -> None:
    form, record, data = sample_of("worker-recommendation")

    def change(workbook: Any) -> None:
        sheet = workbook["简历奖惩"]
        sheet.cell(sheet.max_row + 2, 1).value = "以上内容经研究决定不予公开"

    back, reading = record_in(form, edited(data, change))
    assert differences(form, record, back) == {}
    assert [(f.code, f.got) for f in reading.findings] == [("layout.added", "以上内容经研究决定不予公开")]


def test_a_value_typed_where_an_answer_is_only_repeated_is_read_when_it_differs() -> None:
    form, record, data = sample_of("evaluation")
    same = edited(data, lambda workbook: workbook)  # the formulas of the cover are values now
    assert xlsx.read(form, same).sureness["name"] == "agreed"
    assert record_in(form, same)[0] == record


SMALL = {"width": 150, "height": 18}


def written_anew(name: str, sheet: str, add: Callable[[Any], object], without: str = "") -> bytes:
    """The values of a sample in a workbook written by XlsxWriter, `add` called for a sheet, one cell left `without`."""
    out = BytesIO()
    new = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    day = new.add_format({"num_format": "yyyy-mm-dd"})
    for old in opened(sample_of(name)[2], values=True).worksheets:
        target = new.add_worksheet(old.title)
        for cell in (cell for row in old.iter_rows() for cell in row if cell.value is not None):
            if (old.title, cell.coordinate) != (sheet, without):
                look = day if isinstance(cell.value, date) else None
                target.write(cell.row - 1, cell.column - 1, cell.value, look)
        if old.title == sheet:
            add(target)
    new.close()
    return renamed(out.getvalue())


def renamed(data: bytes) -> bytes:
    """The workbook without the slash that XlsxWriter begins some names with: Excel writes none."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name.removeprefix("/"), old.read(name))
    return out.getvalue()


def test_a_text_box_over_an_empty_cell_is_read_and_asked_about() -> None:
    form, record, _ = sample_of("evaluation")
    number = record.values["licence_no"]
    data = written_anew("evaluation", "基本情况", lambda sheet: sheet.insert_textbox("B14", number, SMALL), "B14")
    back, reading = record_in(form, data)
    assert set(differences(form, record, back)) == set()
    assert [(f.code, f.field) for f in reading.findings] == [("read.beside", "licence_no")]
    assert reading.sureness["licence_no"] == "doubtful"


def test_a_text_box_beside_the_form_is_told_and_not_read() -> None:
    form, record, _ = sample_of("evaluation")
    data = written_anew("evaluation", "基本情况", lambda sheet: sheet.insert_textbox("K40", "此件急办"))
    back, reading = record_in(form, data)
    assert differences(form, record, back) == {}
    assert [(f.code, f.got) for f in reading.findings] == [("layout.box", "此件急办")]


def test_a_photo_placed_in_its_cell_is_read() -> None:
    form, record, data = sample_of("worker-recommendation")
    sheet, _, address = xlsx.read(form, data).anchors["photo"].partition("!")
    photo = {"image_data": BytesIO(record.values["photo"])}
    there = written_anew("worker-recommendation", sheet, lambda page: page.embed_image(address, "photo", photo))
    assert differences(form, record, record_in(form, there)[0]) == {}


def test_a_photo_placed_in_its_cell_by_wps_is_read() -> None:
    form, record, data = sample_of("worker-recommendation")
    sheet, _, address = xlsx.read(form, data).anchors["photo"].partition("!")
    kind = "jpeg" if record.values["photo"][:2] == b"\xff\xd8" else "png"
    displayed = '=_xlfn.DISPIMG("ID_0123456789ABCDEF",1)'
    there = written_anew(
        "worker-recommendation", sheet, lambda page: page.write_formula(address, displayed, None, displayed)
    )
    back = record_in(form, with_parts(there, images_of_wps(record.values["photo"], kind)))[0]
    assert differences(form, record, back) == {}


def images_of_wps(photo: bytes, kind: str) -> dict[str, bytes]:
    """The parts that WPS adds for pictures in cells."""
    namespaces = (
        'xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData" '
        'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    )
    images = (
        f"<etc:cellImages {namespaces}><etc:cellImage><xdr:pic><xdr:nvPicPr>"
        '<xdr:cNvPr id="1" name="ID_0123456789ABCDEF"/></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="rId1"/>'
        "</xdr:blipFill></xdr:pic></etc:cellImage></etc:cellImages>"
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
        f'Target="media/image1.{kind}"/></Relationships>'
    )
    return {
        "xl/cellimages.xml": images.encode(),
        "xl/_rels/cellimages.xml.rels": relations.encode(),
        f"xl/media/image1.{kind}": photo,
    }


# ---- both ways of reading cells give the same ----------------------------------------------------


@pytest.mark.parametrize("change", [saved, partial(lambda data: data)], ids=["library", "as issued"])
@pytest.mark.parametrize("name", ["evaluation", "worker-recommendation"])
def test_cells_are_read_as_calamine_reads_them(name: str, change: Callable[[Any], bytes]) -> None:
    _, _, data = sample_of(name)
    data = change(opened(data, values=True)) if change is saved else data
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    ours = {**(workbook := open_workbook(data)).unseen, **workbook.shown}
    assert set(ours) == set(book.sheet_names)
    for sheet in book.sheet_names:
        theirs = of_grid(book.get_sheet_by_name(sheet).to_python(skip_empty_area=False))
        assert ours[sheet].cells == theirs.cells


def test_odd_cells_are_read_as_calamine_reads_them() -> None:
    workbook = Workbook()
    sheet: Any = workbook.worksheets[0]
    for row, value in enumerate(["a&b<c>", " 两端 ", "x\ny", "_x000D_甲", True, -1.5, 0, 123456789012, "", "'引", '"']):
        sheet.cell(row + 1, row % 3 + 1).value = value
    data = saved(workbook)
    theirs = of_grid(
        CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    )
    assert open_workbook(data).shown["Sheet"].cells == theirs.cells


def test_names_lost_or_kept_read_alike_and_say_which_anchors_held() -> None:
    form, record, data = sample_of("station-recommendation")
    kept, lost = xlsx.read(form, data), xlsx.read(form, edited(data, without_names))
    assert set(kept.witnesses.values()) == {("name", "label", "place")}
    assert set(lost.witnesses.values()) == {("label", "place")}
    assert kept.raw == lost.raw
    assert record_in(form, copied(data))[0].values["name"] == record.values["name"]
