import json
import re
import socket
import subprocess
import zipfile

import pytest
from click.testing import CliRunner

from cli import main

FORMS = ("evaluation", "station-recommendation", "worker-recommendation")


def census(*arguments, given=None):
    return CliRunner().invoke(main, list(arguments), input=given, catch_exceptions=False)


@pytest.fixture
def record(tmp_path):
    """A function that writes the sample record of a form, changed as told, and returns its path."""

    def written(form="evaluation", **changes):
        data = json.loads(census("sample", form).stdout)
        data["values"] |= changes
        path = tmp_path / f"{form}.json"
        path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        return path

    return written


def test_the_forms_are_listed():
    assert [line.split()[0] for line in census("forms").stdout.splitlines()] == list(FORMS)


def test_the_schemas_are_json_and_know_all_41_items():
    schemas = json.loads(census("forms", "--json").stdout)
    items = schemas["evaluation"]["properties"]["values"]["properties"]["items"]["properties"]
    assert len(items) == 41
    assert list(items)[:2] == ["A01", "A02"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("carrier", ["docx", "xlsx", "pdf"])
def test_what_fill_wrote_read_gives_back(form, carrier, record, tmp_path):
    source, file = record(form), str(tmp_path / f"form.{carrier}")
    assert census("fill", form, str(source), "-o", file).exit_code == 0
    back = census("read", file)
    assert back.exit_code == 0
    assert json.loads(back.stdout) == json.loads(source.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("carrier", "anchors"), [("docx", ["control", "bookmark"]), ("xlsx", ["name"]), ("pdf", ["field"])]
)
def test_reading_explains_which_anchors_held_for_every_field(carrier, anchors, record, tmp_path):
    file = str(tmp_path / f"form.{carrier}")
    census("fill", "worker-recommendation", str(record("worker-recommendation")), "-o", file)
    told = {one["field"]: one for one in json.loads(census("read", file, "--explain", "--json").stdout)["fields"]}
    assert set(anchors) <= set(told["id_no"]["anchors"])
    assert told["id_no"]["sureness"] == "agreed"
    table = census("read", file, "--explain").stdout
    assert re.search(r"确认 +身份证号 +\d{17}[\dX] ", table)


def test_another_edition_and_a_region_travel_with_the_file(tmp_path):
    given = census("sample", "evaluation", "--edition", "today", "--region", "陕西省").stdout
    file = str(tmp_path / "form.docx")
    census("fill", "evaluation", "-", "-o", file, given=given)
    back = json.loads(census("read", file).stdout)
    assert (back["edition"], back["region"]) == ("today", "610000")
    assert back["values"]["items"]["SX1"]["self"] is not None


@pytest.mark.parametrize("carrier", ["docx", "xlsx", "pdf"])
def test_a_blank_form_reads_back_empty(carrier, tmp_path):
    file = str(tmp_path / f"blank.{carrier}")
    assert census("blank", "worker-recommendation", "-o", file).exit_code == 0
    values = json.loads(census("read", file).stdout)["values"]
    assert values["name"] is None
    assert values["career"] == []


def test_a_clean_form_passes_with_code_0(record, tmp_path):
    file = str(tmp_path / "form.docx")
    census("fill", "evaluation", str(record()), "-o", file)
    checked = census("check", file)
    assert checked.exit_code == 0
    assert checked.stdout == f"{file}:通过\n"


def test_a_faulty_form_is_listed_marked_and_ends_with_code_1(record, tmp_path):
    file, folder = str(tmp_path / "form.docx"), tmp_path / "marked"
    census("fill", "evaluation", str(record(agency_code="1001100")), "-o", file)
    checked = census("check", file, "--json", "--mark", str(folder))
    (result,) = json.loads(checked.stdout)
    assert checked.exit_code == 1
    wrong = [f for f in result["findings"] if f["field"] == "agency_code"]
    assert [f["severity"] for f in wrong] == ["must-fix"]
    assert list(wrong[0]) == [
        *("code", "rule", "severity", "field", "label", "place", "got", "want"),
        *("message", "message_en", "source"),
    ]
    assert (folder / "form-标注稿.docx").read_bytes().startswith(b"PK")


def test_an_unreadable_file_ends_with_code_3_and_the_others_go_on(record, tmp_path):
    good, bad = tmp_path / "good.xlsx", tmp_path / "bad.docx"
    census("fill", "evaluation", str(record()), "-o", str(good))
    bad.write_bytes(b"plain words")
    checked = census("check", str(bad), str(good))
    assert checked.exit_code == 3
    assert f"{bad}:无法读取" in checked.stdout
    assert f"{good}:通过" in checked.stdout


def test_nothing_is_overwritten_without_force(tmp_path):
    file = tmp_path / "blank.xlsx"
    file.write_text("mine")
    refused = census("blank", "evaluation", "-o", str(file))
    assert refused.exit_code == 2
    assert "--force" in refused.stderr
    assert file.read_text() == "mine"
    assert census("blank", "evaluation", "-o", str(file), "--force").exit_code == 0


def test_a_file_of_an_unknown_kind_is_not_written(tmp_path):
    refused = census("blank", "evaluation", "-o", str(tmp_path / "form.abc"))
    assert refused.exit_code == 2
    assert ".docx、.xlsx、.pdf" in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_taken_port_is_said_in_a_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = census("serve", "--port", str(taken.getsockname()[1]))
    assert refused.exit_code == 4
    assert "--port" in refused.stderr


def test_data_goes_to_stdout_and_talk_to_stderr(record):
    made = CliRunner().invoke(main, ["fill", "evaluation", str(record()), "--as", "docx", "-o", "-"])
    assert made.stdout_bytes.startswith(b"PK")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("blank", "nothing", "-o", "-"), "evaluation、"),
        (("blank", "evaluation", "--edition", "1999", "-o", "-"), "2006"),
        (("blank", "evaluation", "--region", "某省", "-o", "-"), "610000"),
    ],
)
def test_an_unknown_name_is_a_usage_fault_that_says_what_there_is(arguments, said):
    refused = census(*arguments)
    assert refused.exit_code == 2
    assert said in refused.stderr


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "not json", '{"form": 3, "edition": "2006", "region": ""}', '{"a": 1']
)
def test_what_is_no_record_file_is_refused_in_a_sentence(text, tmp_path):
    file = tmp_path / "record.json"
    file.write_text(text)
    refused = census("fill", "evaluation", str(file), "-o", "-")
    assert refused.exit_code in (2, 3)
    assert re.search("[\u4e00-\u9fff]", refused.stderr)


def test_a_record_with_unknown_and_missing_keys_names_each(record):
    path = record(shoe_size=42)
    data = json.loads(path.read_text(encoding="utf-8"))
    del data["values"]["postcode"]
    path.write_text(json.dumps(data), encoding="utf-8")
    refused = census("fill", "evaluation", str(path), "-o", "-")
    assert refused.exit_code == 3
    assert "shoe_size" in refused.stderr
    assert "postcode" in refused.stderr


def test_a_partial_record_prefills(record, tmp_path):
    path, file = record(), str(tmp_path / "form.xlsx")
    path.write_text('{"form": "evaluation", "edition": "2006", "region": "", "values": {"name": "某某鉴定所"}}')
    assert census("fill", "evaluation", str(path), "--partial", "-o", file).exit_code == 0
    assert json.loads(census("read", file).stdout)["values"]["name"] == "某某鉴定所"


def test_the_record_of_another_form_is_refused(record):
    refused = census("fill", "evaluation", str(record("worker-recommendation")), "-o", "-")
    assert refused.exit_code == 2
    assert "职业技能鉴定优秀工作者推荐表" in refused.stderr


def test_a_missing_file_is_named():
    refused = census("read", "nowhere.docx")
    assert refused.exit_code == 3
    assert "nowhere.docx" in refused.stderr


def test_binding_refuses_what_is_not_clean_and_writes_nothing(record, tmp_path):
    packet = tmp_path / "packet.pdf"
    refused = census("bind", "station", str(record(agency_code=None)), "-o", str(packet))
    assert refused.exit_code == 1
    assert "机构编码" in refused.stderr
    assert not packet.exists()


@pytest.mark.parametrize("day", ["2006年11月20日", "二○○六年十一月二十日", "2006-11-20"])
def test_a_packets_day_is_read_as_clerks_write_it(day, tmp_path):
    refused = census("bind", "station", str(tmp_path / "没有.json"), "-o", str(tmp_path / "材料.pdf"), "--date", day)
    assert "日期" not in refused.output
    assert "没有.json" in refused.output


def test_what_is_no_day_is_refused_in_both_languages(tmp_path):
    for command in (("bind", "station", "没有.json"), ("nation", str(tmp_path))):
        refused = census(*command, "-o", str(tmp_path / "材料"), "--date", "2006年11月31日")
        assert refused.exit_code == 2
        assert "现在是“2006年11月31日”;请核对是否有这一天" in refused.output
        assert "should be a day such as 2006-11-20" in refused.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("chack 表.docx", "没有“chack”这个命令,是不是 check。用法见 census --help"),
        ("check", "少写了 FILES...。用法见 census check --help"),
        ("check --jsonn 表.docx", "没有 --jsonn 这个选项,是不是 --json。用法见 census check --help"),
        ("blank evaluation --as doc -o 表", "--as 只能写 docx、xlsx、pdf。用法见 census blank --help"),
        ("sample evaluation --seed 一", "--seed 应写整数。用法见 census sample --help"),
        ("blank evaluation", "少写了 --output。用法见 census blank --help"),
        ("check --json=是 表.docx", "--json 的值写得不对:该有的没有写,或者不该有的写了。用法见 census --help"),
    ],
)
def test_a_command_called_wrongly_says_so_in_chinese_with_where_its_use_is_told(arguments: str, said: str):
    refused = census(*arguments.split())
    assert refused.exit_code == 2
    assert refused.stderr.rstrip().endswith(said)


@pytest.mark.parametrize("command", [("check",), ("verify",), ("bind", "station", "-o", "材料.pdf")])
def test_a_file_that_is_not_there_is_said_in_chinese(command, tmp_path):
    refused = census(*command, str(tmp_path / "没有.docx"))
    assert "没有.docx:没有这个文件。请核对文件名和所在的文件夹" in refused.stderr
    assert "No such" not in refused.output


def test_a_bound_packet_verifies_and_another_file_is_no_packet(record, tmp_path):
    packet = tmp_path / "packet.pdf"
    assert census("bind", "station", str(record()), "-o", str(packet)).exit_code == 0
    assert census("verify", str(packet)).exit_code == 0
    assert census("verify", str(record())).exit_code == 3


def test_the_templates_are_sound():
    assert census("templates", "lint").exit_code == 0


def test_the_main_job_of_the_readme_can_be_typed_as_it_stands(root, tmp_path):
    blocks = re.findall(r"```sh\n(.*?)```", (root / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    (job,) = (re.sub(r" +#.*", "", block) for block in blocks if "./dev census sample" in block)
    (tmp_path / "dev").symlink_to(root / "dev")
    done = subprocess.run(["bash", "-e", "-c", job], cwd=tmp_path, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert job.count("./dev census") == 5
    written = {path.name for path in (tmp_path / "output").iterdir()}
    assert written >= {"record.json", "form.docx", "packet.pdf", "packet.zip"}


def test_check_takes_all_that_stands_in_a_folder_or_zip(record, tmp_path):
    folder = tmp_path / "上报"
    folder.mkdir()
    form = record()
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0 a photo")
    (folder / "甲.json").write_bytes(form.read_bytes())
    with zipfile.ZipFile(folder / "里.zip", "w") as inner:
        inner.write(record(postcode="1"), "乙.json")
    done = census("check", str(folder), "--json")
    found = {result["file"].removeprefix(str(folder)): result for result in json.loads(done.stdout)}
    assert list(found) == ["/photo.jpg", "/甲.json", "/里.zip · 乙.json"]
    assert found["/photo.jpg"]["attachment"] is True
    assert found["/甲.json"]["form"] == "evaluation"
    assert "postcode" in {one["field"] for one in found["/里.zip · 乙.json"]["findings"]}
    assert done.exit_code == 1
    assert "photo.jpg:不是表,没有核对" in census("check", str(folder)).stdout


def test_an_empty_zip_and_an_empty_folder_say_so(tmp_path):
    (tmp_path / "空").mkdir()
    zipfile.ZipFile(tmp_path / "空.zip", "w").close()
    done = census("check", str(tmp_path / "空.zip"), str(tmp_path / "空"))
    assert done.exit_code == 3
    assert "空.zip:无法读取。压缩包里没有文件" in done.stdout
    assert "空:无法读取。文件夹里没有文件" in done.stdout
