"""汇总表1 to 6: cells written by hand for a small survey, the same in workbook and print, formulas recalculated."""

import csv
import io
import re
import shutil
import subprocess
import zipfile
from datetime import date, datetime
from functools import cache
from types import MappingProxyType

import openpyxl
import pdfplumber
import pikepdf
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from forms.lists import (
    BLACK_LIST,
    COMMENDED_STATIONS,
    COMMENDED_WORKERS,
    QUOTA_BOARD,
    RECTIFICATION,
    RED_LIST,
    REGISTER,
    REVOKED,
    SPOT_CHECK,
    SPOT_RECORD,
    STRATA,
)
from forms.summaries import SUMMARIES, SUMMARY_3
from services.catalogue import concrete
from services.paper.typeset import typeset
from services.record import to_json
from services.survey import printed as printed_module
from services.survey.figures import figures_of
from services.survey.printed import piece, pieces
from services.survey.roster import Entry, Roster
from services.survey.stations import Survey, survey_of
from services.survey.tables import Made, made, summaries, texts
from services.survey.verified import digest_of, recompute
from services.survey.workbook import workbook
from tests.surveys import line_of, record_of

LISTS = (
    SPOT_CHECK, STRATA, SPOT_RECORD, COMMENDED_STATIONS, COMMENDED_WORKERS, QUOTA_BOARD,
    RED_LIST, BLACK_LIST, RECTIFICATION, REVOKED, REGISTER,
)  # fmt: skip
HEAD_ROW = 4
EXEMPT = {
    "qms": "√是 □否",
    "qms_no": "ZZ2005-018",
    "qms_issuer": "劳动和社会保障部职业技能鉴定中心",
    "qms_on": "2005年11月8日",
}
# The rows of 附表1-5 of the first station, written by hand; the others have none, but for a row of noughts.
FIGURES = (
    ("2001年", "五级", "120", "90"),
    ("2001年", "五级", "30", "30"),
    ("2001年", "四级", "50", "41"),
    ("2002年", "四级", "0", "0"),
    ("2003年", "三级", "8", "7"),
)


def figures(rows):
    keys = ("year", "level", "examined", "passed")
    given = {f"statistics.{n}.{key}": cell for n, row in enumerate(rows) for key, cell in zip(keys, row, strict=True)}
    rest = {f"statistics.{n}.{key}": "" for n in range(len(rows), 40) for key in (*keys, "occupation", "batches")}
    rest |= {f"statistics.{n}.{key}": "" for n in range(len(rows), 40) for key in ("applied", "issued", "source")}
    return given | rest


@cache
def survey() -> Survey:
    """Six stations in scope: evaluated, failed by a veto, told to correct, exempt, missing, revoked."""
    lines = [
        line_of("evaluation", 0, figures(FIGURES) | {"items.A01.review": "1"}),
        line_of(
            "evaluation",
            1,
            figures((("2001年", "五级", "0", "0"),)) | {"veto_2": "√", "disposal": "撤销", "listing": "黑"},
        ),
        line_of(
            "evaluation",
            2,
            figures((("2001年", "五级", "0", "0"),)) | {"disposal": "限期整改", "disposal_until": "2006年12月31日"},
        ),
        line_of("evaluation", 3, figures((("2001年", "五级", "0", "0"),)) | EXEMPT),
        line_of("station-recommendation", 0, {"rank": "2", "review_total": "91"}),
        line_of(
            "station-recommendation",
            3,
            {"rank": "1", "exempt": "√是 □否", "self_total": "", "review_total": "", "grade": ""}
            | {key: EXEMPT[key] for key in ("qms_no", "qms_issuer", "qms_on")},
        ),
        line_of("worker-recommendation", 0, {"rank": "1"}),
    ]
    told = (
        {"code": "10011001", "name": "南京市启明高级技工学校国家职业技能鉴定所"},
        {"code": "10052001", "name": "苏州市长风高级技工学校职业技能鉴定站"},
        {"code": "26012001", "name": "西安市金桥高级技工学校职业技能鉴定站"},
        {"code": "72003001", "name": "昆明市红旗职业培训中心烟草行业特有工种职业技能鉴定站"},
        {
            "code": "10011077",
            "name": "南京市振兴技工学校职业技能鉴定所",
            "region_name": "江苏省南京市",
            "reason": "正在搬迁",
        },
        {"code": "10011088", "name": "南京市建业技工学校职业技能鉴定所", "status": "撤销", "reason": "2006年5月注销"},
    )
    entries = tuple(Entry(facts=MappingProxyType(facts), row=row) for row, facts in enumerate(told, 2))
    return survey_of(lines, Roster(name="应查名单.xlsx", entries=entries))


def table(number: int) -> Made:
    return summaries(survey())[number - 1]


def test_the_first_summary_has_every_station_in_merge_order():
    rows = list(texts(table(1)))
    assert rows[0] == (
        "1", "南京市启明高级技工学校国家职业技能鉴定所", "10011001", "国家所", "江苏省南京市玄武区",
        "苏鉴许字2001-011001", "2001-03-20", "17.5", "27.5", "19.0", "18.0", "9.0", "92.0", "91.0",
        "", "优秀", "通过", "",
    )  # fmt: skip
    assert [(row[2], row[14], row[15], row[16], row[17]) for row in rows[:6]] == [
        ("10011001", "", "优秀", "通过", ""),
        ("10011077", "", "", "", "未报：正在搬迁"),
        ("10011088", "", "", "", "撤销：2006年5月注销"),
        ("10052001", "V2", "不合格", "撤销", ""),
        ("26012001", "", "优秀", "限期整改", ""),
        ("72003001", "", "", "", "免检"),
    ]


def test_what_is_under_the_first_summary_counts_and_averages_the_evaluated():
    lines = list(texts(table(1)))[6:]
    assert lines[0] == (
        "平均", "", "", "", "", "", "", "18.17", "27.50", "19.00", "18.00", "9.00", "92.00", "91.67", "", "", "", "",
    )  # fmt: skip
    assert lines[1:] == [
        ("应查", "6"), ("实查", "3"), ("免检", "1"), ("未报", "1"), ("撤销", "1"),
        ("优秀", "2"), ("合格", "0"), ("基本合格", "0"), ("不合格", "1"),
    ]  # fmt: skip


def test_the_second_summary_adds_up_years_and_levels():
    assert list(texts(table(2))) == [
        ("1", "2001年", "五级", "150", "120", "80.0%"),
        ("2", "2001年", "四级", "50", "41", "82.0%"),
        ("", "2001年", "小计", "200", "161", "80.5%"),
        ("3", "2002年", "四级", "0", "0", ""),
        ("", "2002年", "小计", "0", "0", ""),
        ("4", "2003年", "三级", "8", "7", "87.5%"),
        ("", "2003年", "小计", "8", "7", "87.5%"),
        ("合计", "", "", "208", "168", "80.8%"),
    ]


def test_the_other_summaries_list_who_they_are_about():
    assert list(texts(table(3))) == [
        (
            "1", "昆明市红旗职业培训中心烟草行业特有工种职业技能鉴定站", "72003001", "国家烟草专卖局",
            "ZZ2005-018", "2005-11-08", "劳动和社会保障部职业技能鉴定中心",
        ),
        ("免检", "1"),
    ]  # fmt: skip
    corrected = list(texts(table(4)))
    assert [(row[2], row[3], row[6]) for row in corrected[:3]] == [
        ("26012001", "限期整改", "2006-12-31"),
        ("10011088", "撤销", ""),
        ("10052001", "撤销", "2006-09-30"),
    ]
    assert corrected[1][4] == "2006年5月注销"
    assert corrected[2][4].startswith("1.超范围鉴定 2.")
    assert corrected[3:] == [("限期整改", "1"), ("撤销", "2")]


def test_recommendations_stand_in_their_order():
    assert [row[1:5] + row[6:10] for row in list(texts(table(5)))[:2]] == [
        ("2", "南京市启明高级技工学校国家职业技能鉴定所", "10011001", "国家所", "", "92.0", "91.0", "优秀"),
        ("1", "昆明市红旗职业培训中心烟草行业特有工种职业技能鉴定站", "72003001", "行业站", "ZZ2005-018", "", "", ""),
    ]
    assert next(texts(table(5)))[10] == "208"
    assert [row[1:4] for row in list(texts(table(6)))[:1]] == [("1", "徐立新", "男")]


def test_the_figures_of_a_report_are_those_of_the_summaries():
    found = figures_of(survey())
    whole = found.whole
    assert (whole.expected, whole.evaluated, whole.exempt, whole.missing, whole.revoked) == (6, 3, 1, 1, 1)
    assert [(region.code, region.expected, region.evaluated) for region in found.regions] == [
        ("10", 4, 2),
        ("26", 1, 1),
        ("72", 1, 0),
    ]
    assert found.grades == {"优秀": 2, "合格": 0, "基本合格": 0, "不合格": 1}
    assert found.disposals == {"通过": 1, "限期整改": 1, "撤销": 1}
    assert (found.areas[0].section, str(found.areas[0].mean), str(found.areas[0].rate)) == ("A", "18.2", "90.8")
    assert {one.item: one.stations for one in found.deductions}["A01"] == 1
    assert (found.examined, found.passed) == (208, 168)
    assert (found.recommended_stations, found.recommended_workers) == (2, 1)


# ---- the workbook --------------------------------------------------------------------------------


@cache
def book() -> bytes:
    return workbook(summaries(survey()), "江苏省&陕西省")


def sheets(data: bytes) -> dict[str, Worksheet]:
    opened = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    return {name: opened[name] for name in opened.sheetnames}


FORMATS = {
    "0.0": lambda value: f"{value:.1f}",
    "0.00": lambda value: f"{value:.2f}",
    "0.0%": lambda value: f"{value * 100:.1f}%",
    "0": lambda value: f"{value:.0f}",
}


def displayed(cell) -> str:
    """What Excel shows in a cell."""
    if cell.value is None:
        return ""
    if isinstance(cell.value, datetime):
        assert cell.number_format == "yyyy-mm-dd"
        return cell.value.date().isoformat()
    return cell.value if isinstance(cell.value, str) else FORMATS[cell.number_format](cell.value)


def printed_rows(made: Made) -> list[list[str]]:
    """The rows of every table in the typeset version, heads left out."""
    pdf = typeset([piece(made, "t", "江苏省")], title="t").pdf
    rows: list[list[str]] = []
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        for page in opened.pages:
            for table in page.extract_tables():
                rows += [[re.sub(r"\s|\u200b", "", cell or "") for cell in row] for row in table]
    return rows


@pytest.mark.parametrize("number", range(1, 7))
def test_workbook_and_print_have_the_same_cells(number):
    chosen = table(number)
    sheet = sheets(book())[chosen.table.sheet]
    width = len(chosen.table.columns) + 1
    count = len(chosen.rows) + bool(chosen.totals)
    body = [
        [re.sub(r"\s", "", displayed(sheet.cell(HEAD_ROW + 1 + row, 1 + col))) for col in range(width)]
        for row in range(count)
    ]
    below = range(HEAD_ROW + 1 + count, HEAD_ROW + 1 + count + len(chosen.tallies))
    tallies = [(displayed(sheet.cell(row, 1)), displayed(sheet.cell(row, 3))) for row in below]
    heads = [re.sub(r"\s", "", str(sheet.cell(HEAD_ROW, 1 + col).value)) for col in range(width)]
    printed = printed_rows(chosen)
    assert printed[0] == heads
    assert printed[1 : 1 + count] == body
    assert list(zip(*printed[1 + count :], strict=True)) == tallies


def test_a_sheet_is_ready_to_be_read_and_printed():
    opened = openpyxl.load_workbook(io.BytesIO(book()))
    assert opened.sheetnames == ["汇总表1", "汇总表2", "汇总表3", "汇总表4", "汇总表5", "汇总表6"]
    for sheet in opened.worksheets:
        assert sheet.freeze_panes == "C5"
        assert sheet.print_title_rows == "$4:$4"
        assert sheet.print_area
        assert sheet.page_setup.paperSize == 9
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.oddFooter
        assert sheet.oddFooter.center.text == "— &P —"
        assert sheet.oddHeader
        assert "江苏省&陕西省" in str(sheet.oddHeader.left.text).replace("&&", "&")
    first = opened["汇总表1"]
    assert first.page_setup.orientation == "landscape"
    assert first.auto_filter.ref == "A4:R10"
    assert first["B5"].font.name == "仿宋"
    assert first["B4"].font.name == "黑体"


def test_texts_stay_texts_and_figures_are_figures():
    opened = openpyxl.load_workbook(io.BytesIO(workbook((hostile(),), "名单")))
    sheet = opened.worksheets[0]
    assert (sheet["B5"].value, sheet["B5"].data_type) == ("=1+1", "s")
    assert (sheet["B6"].value, sheet["B6"].hyperlink) == ("http://example.invalid/", None)
    assert sheet["C5"].value == "00010011"


def hostile() -> Made:
    return made(SUMMARY_3, [{"name": "=1+1", "code": "00010011"}, {"name": "http://example.invalid/", "code": "2"}])


def test_the_same_tables_give_the_same_bytes():
    assert workbook(summaries(survey()), "江苏省&陕西省") == book()


def test_an_empty_survey_has_heads_and_noughts():
    empty = summaries(survey_of([]))
    opened = sheets(workbook(empty, "空"))
    assert opened["汇总表1"]["C5"].value == 0
    assert printed_rows(empty[2])[1] == ["没有", *[None or ""] * 6]


def without_cached_values(data: bytes) -> bytes:
    """The workbook as if no program had ever calculated it."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for info in old.infolist():
            part = old.read(info)
            if info.filename.startswith("xl/worksheets/sheet"):
                part, count = re.subn(rb"(</f>)<v>[^<]*</v>", rb"\1", part)
                assert count or b"<f>" not in part
            new.writestr(info, part)
    return made.getvalue()


def test_another_program_calculates_the_same_totals(tmp_path):
    chosen = (table(1), table(2))
    path = tmp_path / "one.xlsx"
    path.write_bytes(without_cached_values(workbook(chosen, "汇总")))
    soffice = shutil.which("soffice")
    assert soffice, "no LibreOffice: run ./dev setup test"
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1"
    command = [soffice, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", every_sheet]
    subprocess.run([*command, "--outdir", str(tmp_path), str(path)], check=True, capture_output=True, timeout=120)
    for made_table in chosen:
        text = (tmp_path / f"one-{made_table.table.sheet}.csv").read_text("utf-8")
        rows = list(csv.reader(text.splitlines()))[HEAD_ROW:]
        wanted = list(texts(made_table))
        width = len(made_table.table.columns) + 1
        shown = [
            (row[0], row[2]) if len(want) == 2 else tuple(row[:width]) for row, want in zip(rows, wanted, strict=False)
        ]
        assert shown == wanted


def test_a_long_table_is_printed_bit_by_bit_and_numbered_through(monkeypatch):
    monkeypatch.setattr(printed_module, "MOST_ROWS", 2)
    parts = pieces(table(1), "one", "江苏省")
    assert [len(part.data["table"]["rows"]) for part in parts] == [2, 2, 3]  # six stations and the means
    assert [len(part.data["tallies"]) for part in parts] == [0, 0, 9]
    with pikepdf.open(io.BytesIO(printed_module.printed(parts, "汇总"))) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == [
            "汇总表1  鉴定所(站)质量普查情况汇总表",
            "鉴定所(站)质量普查情况汇总表(续)",
            "鉴定所(站)质量普查情况汇总表(续)",
        ]
        assert len(pdf.pages) == 3
    with pdfplumber.open(io.BytesIO(printed_module.printed(parts, "汇总"))) as opened:
        assert [page.extract_text().splitlines()[-1] for page in opened.pages] == ["— 1 —", "— 2 —", "— 3 —"]
        numbers = [row[0] for page in opened.pages for row in page.extract_tables()[0][1:]]
    assert numbers == ["1", "2", "3", "4", "5", "6", "平均"]


@pytest.mark.parametrize("declared", [*SUMMARIES, *LISTS], ids=lambda declared: declared.key)
def test_the_columns_of_a_table_fill_its_page(declared):
    width = declared.number_mm + sum(column.width_mm for column in declared.columns)
    assert width == (257 if declared.landscape else 170)


def test_a_date_of_a_day_is_written_as_one():
    assert date(2005, 11, 8) in [row[4] for row in table(3).rows]


def test_a_packets_figures_can_be_computed_again_from_its_records():
    records = [record_of("evaluation", seed) for seed in (0, 1)]
    data = [to_json(concrete(r.form), r) for r in records]
    told = recompute(data)
    assert told == digest_of(survey_of([line_of("evaluation", 1), line_of("evaluation", 0)]))
    assert told["figures"]["whole"]["evaluated"] == 2
    data[0]["values"]["items"]["A01"]["review"] = 1
    changed = recompute(data)
    assert changed["figures"]["mean_review"] == "91.5"
    assert changed["tables"]["汇总表1"] != told["tables"]["汇总表1"]
    assert changed["tables"]["汇总表2"] == told["tables"]["汇总表2"]
