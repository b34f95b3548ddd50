"""What `census summary`, `census lists` and `census roster` take in: files, folders, zips, packets, rosters."""

import csv
import io
import json
import os
import zipfile
from functools import cache
from pathlib import Path

import openpyxl
import pikepdf
import pytest
from click.testing import CliRunner

from cli import main
from services import desk
from services.carriers.reading import UnreadableError
from services.catalogue import concrete
from services.record import to_json
from services.settings import load_settings
from services.survey import reading
from services.survey.reading import lines_of
from services.survey.roster import read_roster, table_here
from services.survey.roster_sheet import blank_roster
from services.survey.stations import merge_key
from tests.surveys import record_of


@cache
def record_file(form_id: str, seed: int) -> bytes:
    record = record_of(form_id, seed)
    return json.dumps(to_json(concrete(form_id), record), ensure_ascii=False).encode()


def zipped(files: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def packet(*seeds: int) -> bytes:
    """A packet's zip: its accepted records count, its originals do not."""
    records = {f"记录/{seed}.json": record_file("evaluation", seed) for seed in seeds}
    return zipped({"manifest.json": b"{}", "原件/评估表.json": record_file("evaluation", 9), **records})


def found(*paths: Path) -> list[tuple[str, str, str]]:
    """File, packet and agency code of every form that is counted."""
    read = lines_of(paths, load_settings())
    return [(one.origin.name, one.origin.packet, one.line.code) for one in read if one.line]


def test_records_are_found_in_folders_zips_and_packets(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "甲.json").write_bytes(record_file("evaluation", 0))
    (tmp_path / "in" / "说明.txt").write_bytes(b"notes")
    (tmp_path / "乙.zip").write_bytes(zipped({"苏州/乙.json": record_file("evaluation", 1), "照片.jpg": b"\xff\xd8"}))
    (tmp_path / "丙.zip").write_bytes(packet(2, 3))
    assert found(tmp_path / "in", tmp_path / "乙.zip", tmp_path / "丙.zip") == [
        ("甲.json", "", "10011001"),
        ("乙.json", "乙.zip", "10052001"),
        ("2.json", "丙.zip", "26012001"),
        ("3.json", "丙.zip", "72003001"),
    ]


def test_packets_inside_a_zip_are_opened_too(tmp_path):
    (tmp_path / "省.zip").write_bytes(zipped({"a/站1.zip": packet(0), "a/站2.zip": packet(1)}))
    assert found(tmp_path / "省.zip") == [
        ("0.json", "省.zip · 站1.zip", "10011001"),
        ("1.json", "省.zip · 站2.zip", "10052001"),
    ]


def test_the_records_that_travel_in_a_bound_pdf_are_found(tmp_path):
    made = pikepdf.new()
    made.add_blank_page()
    for name, data in (("记录/01.json", record_file("evaluation", 0)), ("原件/01.docx", b"PK")):
        made.attachments[name] = data
    made.save(tmp_path / "上报材料.pdf")
    assert found(tmp_path / "上报材料.pdf") == [("01.json", "上报材料.pdf", "10011001")]


def test_a_completed_word_form_is_read(tmp_path):
    record = record_of("worker-recommendation", 0)
    filled = desk.issue(concrete("worker-recommendation"), record, "docx", load_settings())
    (tmp_path / "推荐表.docx").write_bytes(filled.data)
    (read,) = lines_of([tmp_path / "推荐表.docx"], load_settings())
    assert read.line
    assert (read.line.text("person"), read.line.number("rank")) == ("徐立新", 1)


def test_what_cannot_be_read_is_named_and_the_others_are_counted(tmp_path):
    (tmp_path / "坏.docx").write_bytes(b"PK\x03\x04 broken")
    (tmp_path / "好.json").write_bytes(record_file("evaluation", 0))
    bad, good = sorted(lines_of([tmp_path], load_settings()), key=lambda read: read.line is not None)
    assert good.line
    assert bad.line is None
    assert (bad.findings[0].code, bad.findings[0].place) == ("summary.unreadable", "坏.docx")
    assert "没有计入汇总" in bad.findings[0].message


def test_many_inputs_are_read_side_by_side_as_one_after_the_other(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "FEW", 2)
    records = [record_file(form_id, seed) for form_id in ("evaluation", "worker-recommendation") for seed in range(4)]
    for number in range(150):
        (tmp_path / f"{number:03}.json").write_bytes(records[number % 8])
    (tmp_path / "070坏.json").write_bytes(b'{"form": "evaluation", "edition": "", "region": "", "values": 1}')
    (tmp_path / "071坏.docx").write_bytes(b"PK\x03\x04 broken")
    (tmp_path / "072.zip").write_bytes(zipped({"苏州/乙.json": record_file("station-recommendation", 1)}))
    alone = list(lines_of([tmp_path], load_settings(), processes=1))
    together = list(lines_of([tmp_path], load_settings(), processes=2))
    assert together == alone
    assert len(together) == 153
    files = sorted(path.name for path in tmp_path.iterdir())
    assert [read.origin.packet or read.origin.name for read in together] == files
    faulty = [(read.origin.name, read.findings[0].code) for read in together if read.line is None]
    assert faulty == [("070坏.json", "record.shape"), ("071坏.docx", "summary.unreadable")]


def test_a_path_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UnreadableError, match="请核对文件名"):
        list(lines_of([tmp_path / "没有.json"], load_settings()))


# ---- rosters -------------------------------------------------------------------------------------

STATION = ("10011001", "南京市启明高级技工学校国家职业技能鉴定所")


def test_an_empty_roster_can_be_filled_in_and_read_back():
    book = openpyxl.load_workbook(io.BytesIO(blank_roster()))
    sheet = book.active
    assert sheet
    heads = [cell.value for cell in sheet[4]]
    assert heads[:3] == ["序号", "机构编码", "鉴定所(站)名称"]
    sheet.cell(5, 2, 10011001)
    sheet.cell(5, 3, STATION[1])
    sheet.cell(6, 2, "10011088")
    sheet.cell(6, 3, "南京市建业技工学校职业技能鉴定所")
    sheet.cell(6, heads.index("情况") + 1, "撤销")
    sheet.cell(6, heads.index("原因") + 1, "2006年5月注销")
    data = io.BytesIO()
    book.save(data)
    roster, findings = read_roster(data.getvalue(), "应查名单.xlsx")
    assert findings == ()
    assert [(entry.code, entry.row, entry.is_revoked) for entry in roster.entries] == [
        ("10011001", 5, False),
        ("10011088", 6, True),
    ]
    assert roster.entries[1].facts["reason"] == "2006年5月注销"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_csv_roster_may_name_its_columns_as_clerks_do(encoding):
    text = "2006年应查名单,,\n单位名称,编码,备注\n" + f"{STATION[1]},{STATION[0]},免检\n,,\n"
    roster, findings = read_roster(text.encode(encoding), "名单.csv")
    assert findings == ()
    assert [dict(entry.facts) for entry in roster.entries] == [
        {"code": STATION[0], "name": STATION[1], "status": "免检"}
    ]


def test_a_json_roster_uses_facts_or_heads():
    data = json.dumps({"stations": [{"code": "10011001", "name": STATION[1]}, {"code": 10011002, "name": "二"}]})
    roster, _ = read_roster(data.encode(), "名单.json")
    assert [entry.code for entry in roster.entries] == ["10011001", "10011002"]


def test_a_row_without_its_code_is_a_fault_with_its_place():
    roster, (finding,) = read_roster(f"机构编码,名称\n,{STATION[1]}\n".encode(), "名单.csv")
    assert roster.entries == ()
    assert (finding.code, finding.place) == ("K02.roster", "名单.csv 第2行")
    assert "请在第 2 行补填“机构编码”" in finding.message


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"\x89PNG\r\n", b"{", b"[]", "姓名,电话\n甲,1\n".encode(), b'{"stations": 3}']
)
def test_what_is_no_roster_is_refused_with_what_to_do(data):
    with pytest.raises(UnreadableError) as refused:
        read_roster(data, "x")
    assert "名单" in refused.value.message


def test_a_roster_of_endless_rows_is_refused():
    with pytest.raises(UnreadableError, match="超过 20000 行"):
        table_here(b"a,b\n" * 20_001)


def test_stations_stand_in_the_order_of_region_type_and_serial():
    codes = ["72003018", "10012003", "10052001", "10011009", "10012001"]
    assert sorted(codes, key=merge_key) == ["10011009", "10012001", "10012003", "10052001", "72003018"]


# ---- the commands --------------------------------------------------------------------------------


def run(*arguments: object):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for seed in range(3):
        (folder / f"{seed}.json").write_bytes(record_file("evaluation", seed))
    return folder


def test_a_summary_is_written_with_what_is_wrong_between_the_forms(tmp_path, folder):
    roster = tmp_path / "roster.csv"
    with roster.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([("机构编码", "名称"), STATION, ("10011077", "南京市振兴技工学校职业技能鉴定所")])
    done = run("summary", folder, "-o", tmp_path / "汇总.xlsx", "--roster", roster)
    assert done.exit_code == 1
    assert "不在应查名单“roster.csv”中" in done.output
    assert "按“未报”计" in done.output
    assert openpyxl.load_workbook(tmp_path / "汇总.xlsx").sheetnames[0] == "汇总表1"


def test_a_summary_without_faults_returns_nought(tmp_path, folder):
    done = run("summary", folder, "-o", tmp_path / "汇总.pdf")
    assert done.exit_code == 0
    assert "共 3 份表,3 个所(站)" in done.output
    with pikepdf.open(tmp_path / "汇总.pdf") as pdf:
        assert pdf.docinfo["/Title"] == "职业技能鉴定所(站)质量普查汇总表"


def test_two_files_of_one_form_are_compared_answer_by_answer(tmp_path):
    first, second = tmp_path / "第一次.json", tmp_path / "第二次.json"
    older = json.loads(record_file("evaluation", 0))
    older["values"]["fax"] = "025-83709999"
    first.write_bytes(json.dumps(older).encode())
    second.write_bytes(record_file("evaluation", 0))
    os.utime(first, (1_000_000_000, 1_000_000_000))
    done = run("summary", second, first, "-o", tmp_path / "汇总.xlsx")
    assert "交了两次,以后一份为准,前一份(第一次.json)照样保留" in done.output
    assert "第一次.json → 第二次.json:1 处不同" in done.output
    assert "传真:025-83709999 → " in done.output


@pytest.mark.parametrize("kind", ["spot-check", "commendation", "red-black", "rectification", "revoked", "register"])
def test_every_list_is_written_as_a_workbook(kind, tmp_path, folder):
    done = run("lists", kind, folder, "-o", tmp_path / "名单.xlsx", "--size", "2")
    assert done.exit_code == 0, done.output
    assert openpyxl.load_workbook(tmp_path / "名单.xlsx").sheetnames


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("spot-check", "-o", "a.csv"), "请用 .xlsx、.pdf"),
        (("spot-check", "-o", "a.xlsx", "--size", "很多"), "抽查数量应为个数(如 40)或比例(如 5%)"),
    ],
)
def test_what_a_list_cannot_be_is_refused(arguments, said, folder):
    kind, *rest = arguments
    done = run("lists", kind, folder, *rest)
    assert done.exit_code == 2
    assert said in done.output


def test_the_empty_roster_comes_from_a_command(tmp_path):
    assert run("roster", "-o", tmp_path / "应查名单.xlsx").exit_code == 0
    assert (tmp_path / "应查名单.xlsx").read_bytes() == blank_roster()
