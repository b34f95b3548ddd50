"""Many forms from one list: columns by their heads, a file a row, what cannot be taken is told by its row."""

import csv
import io
import json
import zipfile

import openpyxl
import pytest
from click.testing import CliRunner

from cli import main

HEADS = ("序号", "机构编码", "鉴定所(站)名称(全称)", "发证日期", "电脑台数")
FIRST = ("1", "61011001", "西安市第一职业技能鉴定所", "二○○三年五月六日", "４０台")
SECOND = ("2", "61011002", "西安市第二职业技能鉴定所", "2004.7.1", "35")


def census(*arguments):
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


def said(result):
    """What was told without the findings that only ask back."""
    return [line for line in result.stderr.splitlines() if "必须修改" in line]


@pytest.fixture
def listed(tmp_path):
    """A function that writes rows as a CSV list and returns its path."""

    def written(*rows, name="名单.csv"):
        path = tmp_path / name
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        path.write_text(out.getvalue(), encoding="utf-8-sig")
        return str(path)

    return written


def values(path):
    return json.loads(census("read", str(path)).stdout)["values"]


@pytest.mark.parametrize("carrier", ["docx", "xlsx", "pdf"])
def test_each_row_is_a_form_that_holds_what_the_columns_say(carrier, listed, tmp_path):
    folder = tmp_path / "out"
    result = census("batch", "evaluation", listed(HEADS, FIRST, SECOND), "--as", carrier, "-o", str(folder))
    assert result.exit_code == 0, result.stderr
    assert sorted(path.name for path in folder.iterdir()) == [
        f"附件1-评估表_61011001_西安市第一职业技能鉴定所.{carrier}",
        f"附件1-评估表_61011002_西安市第二职业技能鉴定所.{carrier}",
    ]
    read = values(folder / f"附件1-评估表_61011001_西安市第一职业技能鉴定所.{carrier}")
    assert {key: value for key, value in read.items() if isinstance(value, str | int)} == {
        "agency_code": "61011001",
        "name": "西安市第一职业技能鉴定所",
        "licence_date": "2003-05-06",
        "computers": 40,
        **{key: False for key, value in read.items() if value is False},
    }


def test_a_workbook_with_a_title_and_a_rosters_heads_is_a_list_too(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.create_sheet("名单", 0)
    sheet.append(["应查鉴定所(站)名单"])
    sheet.append(["编码", "单位名称", "许可证号"])
    sheet.append([61011001, "西安市第一职业技能鉴定所", "陕鉴许字2001-000001"])
    book.save(tmp_path / "list.xlsx")
    result = census("batch", "evaluation", str(tmp_path / "list.xlsx"), "-o", str(tmp_path / "out"))
    assert result.exit_code == 0, result.stderr
    (made,) = (tmp_path / "out").iterdir()
    read = values(made)
    assert (read["agency_code"], read["licence_no"]) == ("61011001", "陕鉴许字2001-000001")


def test_a_zip_has_the_names_of_the_pattern_and_the_same_bytes_again(listed, tmp_path):
    source, pattern = listed(HEADS, FIRST, SECOND), "{序号}-{机构编码}/{name}"
    for target in ("a.zip", "b.zip"):
        result = census("batch", "evaluation", source, "-o", str(tmp_path / target), "--names", pattern)
        assert result.exit_code == 0, result.stderr
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.namelist() == [
            "0001-61011001_西安市第一职业技能鉴定所.docx",
            "0002-61011002_西安市第二职业技能鉴定所.docx",
        ]


def test_a_wrong_value_is_told_by_its_row_and_not_printed(listed, tmp_path):
    wrong = ("2", "6101100", "西安市第二职业技能鉴定所", "2004-13-01", "35")
    result = census("batch", "evaluation", listed(HEADS, FIRST, wrong), "-o", str(tmp_path / "out"))
    assert result.exit_code == 1
    assert [line.partition("] ")[2] for line in said(result)] == ["名单.csv 第 3 行", "名单.csv 第 3 行"]
    assert "“机构编码”应为 8 位数字" in result.stderr
    read = values(tmp_path / "out" / "附件1-评估表_西安市第二职业技能鉴定所.docx")
    assert (read["agency_code"], read["licence_date"], read["computers"]) == (None, None, 35)


def test_two_rows_of_one_station_are_two_files_and_told(listed, tmp_path):
    result = census("batch", "evaluation", listed(HEADS, FIRST, FIRST), "-o", str(tmp_path / "out"))
    assert "“机构编码”与第 2 行相同,两份表都生成了" in result.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "附件1-评估表_61011001_西安市第一职业技能鉴定所(2).docx",
        "附件1-评估表_61011001_西安市第一职业技能鉴定所.docx",
    ]


def test_columns_that_prefill_nothing_are_named(listed, tmp_path):
    source = listed((*HEADS, "负责人", "备注"), (*FIRST, "张三", "无"))
    assert "这几列没有用上:负责人、备注" in census("batch", "evaluation", source, "-o", str(tmp_path / "out")).stderr


def test_a_file_that_is_there_stops_the_whole_batch(listed, tmp_path):
    source, folder = listed(HEADS, FIRST, SECOND), tmp_path / "out"
    folder.mkdir()
    there = folder / "附件1-评估表_61011002_西安市第二职业技能鉴定所.docx"
    there.write_bytes(b"mine")
    result = census("batch", "evaluation", source, "-o", str(folder))
    assert result.exit_code == 2
    assert "没有覆盖" in result.stderr
    assert [path.read_bytes() for path in folder.iterdir()] == [b"mine"]
    assert census("batch", "evaluation", source, "-o", str(folder), "--force").exit_code == 0
    assert there.read_bytes() != b"mine"


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ((("甲", "乙"), ("1", "2")), "没有写着“机构编码”的表头"),
        ((HEADS,), "没有可用的行"),
        ((HEADS, ("", "", "", "", "")), "没有可用的行"),
    ],
)
def test_what_is_no_list_is_refused_in_words(rows, sentence, listed, tmp_path):
    result = census("batch", "evaluation", listed(*rows), "-o", str(tmp_path / "out"))
    assert result.exit_code == 3
    assert sentence in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_pattern_that_asks_for_what_the_form_does_not_have_is_refused(listed, tmp_path):
    result = census(
        "batch", "evaluation", listed(HEADS, FIRST), "-o", str(tmp_path / "out"), "--names", "{照片.__class__}"
    )
    assert result.exit_code == 2
    assert "{照片.__class__} 不是《评估表》的栏目" in result.stderr


def test_no_identity_number_stands_in_a_files_name(listed, tmp_path):
    rows = (("姓名", "身份证号", "工作单位(全称)"), ("张三", "11010519491231002X", "西安市第一职业技能鉴定所"))
    result = census("batch", "worker-recommendation", listed(*rows), "-o", str(tmp_path / "out"))
    assert result.exit_code == 0, result.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["附件3-优秀工作者推荐表_张三.docx"]
