"""Reasons (情况说明) on the command line: the open questions written out, filled in, given back, told in the packet."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pikepdf
import pytest
from click.testing import CliRunner, Result

from cli import main
from services.bundle.answered import Written, answered

HEADS = ["序号", "机构编码", "鉴定所(站)、人员", "表和位置", "需要确认的情况", "情况说明", "文件", "编号"]
SAID = "上级统一保管证明材料,已另册报送。"


def census(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete evaluation form without attachments: its evidence is asked about."""
    path = tmp_path_factory.mktemp("reasons") / "评估表.json"
    path.write_bytes(census("sample", "evaluation").stdout_bytes)
    return path


def asked(record: Path, name: str) -> Path:
    """The open questions of the form's packet, written by the command."""
    path = record.parent / name
    done = census("bind", "station", record, "--reasons-form", path, "--force")
    assert done.exit_code == 0, done.output
    return path


def manifest(packet: Path) -> dict[str, Any]:
    with pikepdf.open(packet) as pdf:
        return json.loads(pdf.attachments["manifest.json"].get_file().read_bytes())


def test_the_open_questions_are_written_as_a_table_to_be_filled_in_and_nothing_is_bound(record):
    sheet = openpyxl.load_workbook(asked(record, "问题.xlsx")).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert [str(head).replace("\n", "") for head in rows[3]] == HEADS
    (row,) = [row for row in rows[4:] if row[7] == "P10.scant"]
    assert row[5] is None
    assert row[6] == "评估表.json"
    assert str(row[4]).startswith("证明材料不足的有")
    assert list(record.parent.glob("*.pdf")) == []


def test_a_reason_in_the_workbook_is_told_in_the_packet(record, tmp_path):
    path = asked(record, "问题.xlsx")
    book = openpyxl.load_workbook(path)
    assert book.active is not None
    for row in range(5, book.active.max_row + 1):
        if book.active.cell(row, 8).value == "P10.scant":
            book.active.cell(row, 6, SAID)
    book.save(tmp_path / "说明.xlsx")
    done = census("bind", "station", record, "--reasons", tmp_path / "说明.xlsx", "-o", tmp_path / "p.pdf")
    assert done.exit_code == 0, done.output
    assert "说明.xlsx" not in done.stderr
    told = {one["code"]: one["reason"] for one in manifest(tmp_path / "p.pdf")["reasons"]}
    assert told["P10.scant"] == SAID


def test_a_csv_that_excel_saved_in_the_old_chinese_encoding_is_read(record, tmp_path):
    rows = list(csv.reader(io.StringIO(asked(record, "问题.csv").read_text(encoding="utf-8-sig"))))
    assert rows[0] == HEADS
    text = io.StringIO()
    csv.writer(text).writerows([[*row[:5], SAID if row[7] == "P10.scant" else row[5], *row[6:]] for row in rows])
    given = tmp_path / "说明.csv"
    given.write_bytes(text.getvalue().encode("gb18030"))
    again = tmp_path / "再问.csv"
    done = census("bind", "station", record, "--reasons", given, "--reasons-form", again)
    assert done.exit_code == 0, done.output
    assert SAID in again.read_text(encoding="utf-8-sig")


def test_rows_that_belong_to_nothing_are_named_with_their_number_and_the_others_count(record, tmp_path):
    given = tmp_path / "说明.csv"
    lines = [
        "文件,编号,需要确认的情况,情况说明",
        f"别的.json,P10.scant,,{SAID}",
        "评估表.json,P10.scant,,短",
        f"评估表.json,P10.scant,从前的情况,{SAID}",
        "评估表.json,P10.scant,,",
    ]
    given.write_text("\n".join(lines), encoding="utf-8")
    done = census("bind", "station", record, "--reasons", given, "--reasons-form", tmp_path / "再问.csv")
    assert done.exit_code == 0
    assert "说明.csv 第2行" in done.stderr
    assert "材料里没有“别的.json”的“证明材料”这一处" in done.stderr
    assert "P10" not in done.stderr.partition("第2行")[2].partition("第3行")[0]
    assert "说明.csv 第3行" in done.stderr
    assert "至少写 5 个字,现在是“短”" in done.stderr
    assert "说明.csv 第4行" in done.stderr
    assert "情况已经改变" in done.stderr
    assert "第5行" not in done.stderr


def test_a_file_that_is_no_table_of_reasons_ends_with_code_3(record, tmp_path):
    given = tmp_path / "说明.csv"
    given.write_text("甲,乙\n1,2\n", encoding="utf-8")
    done = census("bind", "station", record, "--reasons", given, "-o", tmp_path / "p.pdf")
    assert done.exit_code == 3
    assert "--reasons-form" in done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "用 -o 说明"),
        (("--reasons-form", "问题.docx"), ".xlsx、.csv"),
        (("--reasons-form", "问题.xlsx", "--append-to", "p.pdf"), "要和 -o 一起用"),
    ],
)
def test_a_bind_that_is_not_clear_is_a_usage_fault(record, options, said):
    done = census("bind", "station", record, *options)
    assert done.exit_code == 2
    assert said in done.stderr


def test_a_spot_check_of_no_size_is_a_usage_fault(record, tmp_path):
    done = census("bind", "ministry", record, "-o", tmp_path / "p.pdf", "--size", "三成")
    assert done.exit_code == 2
    assert "现在是“三成”" in done.stderr


def test_of_two_questions_of_one_number_the_sentence_tells_which_is_meant():
    question = {"file": "甲.json", "code": "D11.alike", "field": "", "reason": ""}
    both = ({**question, "message": "“自查结论”几乎相同"}, {**question, "message": "“主要事迹”几乎相同"})
    given = Written(
        sheet="说明.xlsx",
        row=6,
        input="甲.json",
        number="D11.alike",
        message="“主要事迹”几乎相同",
        reason="同一人起草,内容属实。",
    )
    found = answered(both, (given,))
    assert [one["reason"] for one in found.reasons] == ["", "同一人起草,内容属实。"]
    assert found.findings == ()


def test_of_two_files_of_one_name_the_station_tells_which_is_meant():
    question = {"file": "评估表.docx", "code": "P08", "field": "", "message": "面积偏小", "reason": ""}
    both = ({**question, "station": "PDY00001", "name": "甲所"}, {**question, "station": "PDY00002", "name": "乙所"})
    told = {"sheet": "说明.xlsx", "input": "评估表.docx", "number": "P08", "message": "面积偏小"}
    given = (
        Written(**told, row=5, reason="甲所的新址十月启用。", station="PDY00001", name="甲所"),
        Written(**told, row=6, reason="乙所借用学校的教室。", station="PDY00002", name="乙所"),
        Written(**told, row=7, reason="丙所没有报这份表。", station="PDY00003", name="丙所"),
    )
    found = answered(both, given)
    assert [one["reason"] for one in found.reasons] == ["甲所的新址十月启用。", "乙所借用学校的教室。"]
    assert [finding.place for finding in found.findings] == ["说明.xlsx 第7行"]


def test_a_situation_that_is_asked_about_twice_word_for_word_is_answered_once():
    question = {"file": "甲.json", "code": "T02", "field": "", "message": "合计不符", "reason": ""}
    given = Written(
        sheet="说明.xlsx", row=5, input="甲.json", number="T02", message="合计不符", reason="合计含借用的人员。"
    )
    found = answered((question, question), (given,))
    assert [one["reason"] for one in found.reasons] == ["合计含借用的人员。", "合计含借用的人员。"]


def test_a_form_that_has_another_name_by_now_is_known_by_its_station_and_the_question():
    """Behind a packet, its own forms are named as they were bound: the sheet of before still fits."""
    question = {"file": "js.pdf · 09_10011001_F1_v1.0_r1.docx", "code": "T02", "field": "owned_area", "reason": ""}
    question |= {"message": "面积偏小", "label": "自有面积", "place": "评估表 · 自有面积"}
    both = (
        {**question, "station": "10011001", "name": "甲所"},
        {**question, "station": "10011001", "name": "甲所", "place": "推荐表 · 自有面积"},
        {**question, "station": "10011002", "name": "乙所"},
    )
    told = {"sheet": "说明.xlsx", "input": "甲.docx", "number": "T02 owned_area", "message": "面积偏小"}
    given = (
        Written(**told, row=5, reason="新址十月启用。", station="10011001", name="甲所", place="评估表 · 自有面积"),
        Written(**told, row=6, reason="这里没有这个所。", station="10011009", name="丙所"),
    )
    found = answered(both, given)
    assert [one["reason"] for one in found.reasons] == ["新址十月启用。", "", ""]
    (said,) = found.findings
    assert "“丙所(10011009)”的这一处:“面积偏小”" in said.message
    assert "T02" not in said.message


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--number", "陕劳社函〔2006〕18号"), "--number 没有印在上面。"),
        (("--date", "2006-11-02"), "--date 没有印在上面,日期只用来核对是否逾期。"),
        (("--number", "陕劳社函〔2006〕18号", "--date", "2006-11-02"), "--number、--date 没有印在上面,日期只用来"),
    ],
)
def test_a_supplement_says_that_it_has_no_letter_to_print_number_and_day_on(record, tmp_path, options, said):
    former = tmp_path / "省.pdf"
    former.write_bytes(b"%PDF-1.4 nothing")
    done = census("bind", "region", record, "--append-to", former, "-o", tmp_path / "补.pdf", *options)
    assert said in done.stderr
    assert "other=补报函.docx" in done.stderr
