"""Answers carried from one edition or region to another: what goes over, and what is said of the rest."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from cli import main
from services import desk
from services.catalogue import concrete, declared
from services.check import Context
from services.form import Form
from services.kinds import Choice
from services.record import build, entries_of, to_json
from services.sample import sample
from services.settings import load_settings
from services.upgrade import target_of, upgrade
from tests.docx_edits import edited

OLD = concrete("evaluation")
NEW = concrete("evaluation", "today")
SHAANXI = concrete("evaluation", "2006", "610000")


def told(findings) -> list[tuple[str, str, str]]:
    return [(finding.code, finding.severity.value, finding.field) for finding in findings]


@pytest.mark.parametrize("name", [form.id for form in declared() if form.id != "evaluation"])
@pytest.mark.parametrize(("edition", "other"), [("2006", "today"), ("today", "2006")])
def test_what_both_editions_ask_is_carried_whole(name, edition, other):
    form, target = concrete(name, edition), concrete(name, other)
    made = upgrade(form, sample(form), target)
    assert made.findings == ()
    assert to_json(target, made.record)["values"] == to_json(form, sample(form))["values"]
    assert made.record.edition == other


def test_the_old_code_of_an_organisation_is_told_where_the_new_one_is_asked():
    made = upgrade(OLD, sample(OLD), NEW)
    (finding,) = made.findings
    assert told([finding]) == [("upgrade.asked", "confirm", "uscc")]
    assert "原来“组织机构代码”一栏的“PDY00001-X”" in finding.message
    assert finding.place == "《评估表》 · 一、基本情况 · 统一社会信用代码"
    assert made.record.values["uscc"] is None
    same = {k: v for k, v in to_json(NEW, made.record)["values"].items() if k != "uscc"}
    assert same == {k: v for k, v in to_json(OLD, sample(OLD))["values"].items() if k != "org_code"}


def test_the_old_code_is_taken_from_the_new_one_which_holds_it():
    record = build(NEW, entries_of(NEW, sample(NEW)) | {"uscc": "52320000PDY00001XA"})
    made = upgrade(NEW, record, OLD)
    assert made.record.values["org_code"] == "PDY00001-X"
    assert told(made.findings) == [("upgrade.derived", "note", "org_code")]
    assert "52320000PDY00001XA" in made.findings[0].message


def test_the_items_of_a_region_that_the_target_has_not_are_named_one_by_one_with_what_stood_there():
    scores = {"items.SX1.self": 3, "items.SX1.reason": "已清理", "items.SX2.self": 0}
    record = build(SHAANXI, {**entries_of(OLD, sample(OLD)), **scores, "regional_total_self": 3})
    made = upgrade(SHAANXI, record, OLD)
    assert told(made.findings) == [("upgrade.lost", "confirm", "")] * 2
    assert made.findings[0].message == (
        "“SX1 连续三年未鉴定职业清理”没有带过去:2006版 1.0没有这一栏,原来填的是“自评分:3;扣分原因/备注:已清理”。"
        "仍需要的,请另附说明"
    )
    assert "自评分:0" in made.findings[1].message
    assert made.record.values["regional_total_self"] is None


def test_what_a_region_asks_more_is_listed_to_be_filled_in():
    made = upgrade(OLD, sample(OLD), SHAANXI)
    assert told(made.findings) == [("upgrade.asked", "note", f"items.SX{number}") for number in range(1, 6)]
    assert made.record.values["self_total"] == sample(OLD).values["self_total"]


def test_an_answer_that_no_longer_fits_is_told_with_its_place():
    key = next(field.key for field in OLD.fields if isinstance(field.kind, Choice) and field.kind.boxes)
    others = replace(
        NEW, fields=tuple(replace(f, kind=Choice(options=("甲", "乙"))) if f.key == key else f for f in NEW.fields)
    )
    made = upgrade(OLD, sample(OLD), others)
    (finding, _) = made.findings
    assert told([finding]) == [("upgrade.lost", "confirm", key)]
    assert "与这一栏现在的填法不符" in finding.message
    assert finding.place.startswith("《评估表》 · ")


def test_what_could_not_be_read_is_not_dropped_in_silence():
    record = build(OLD, entries_of(OLD, sample(OLD)) | {"postcode": None})
    made = upgrade(OLD, record, OLD, unread={"postcode": "见信封"}, places={"postcode": "《评估表》第3页"})
    (finding,) = made.findings
    assert (finding.code, finding.got, finding.place) == ("upgrade.unread", "见信封", "《评估表》第3页")


def test_no_and_nought_are_answers_and_are_carried():
    form = concrete("station-recommendation")
    record = build(form, entries_of(form, sample(form)) | {"exempt": False, "supervisors": 0})
    made = upgrade(form, record, concrete("station-recommendation", "today"))
    assert (made.record.values["exempt"], made.record.values["supervisors"]) == (False, 0)


def test_a_sum_that_was_typed_wrong_stays_as_it_was_typed():
    record = build(SHAANXI, entries_of(SHAANXI, sample(SHAANXI)) | {"regional_total_self": 99})
    assert upgrade(SHAANXI, record, OLD).record.values["regional_total_self"] == 99


@pytest.mark.parametrize(
    ("form", "asked", "edition", "region"),
    [
        (OLD, ("", None), "today", ""),
        (SHAANXI, ("", None), "today", "610000"),
        (SHAANXI, ("2006", ""), "2006", ""),
        (NEW, ("2006", "陕西省"), "2006", "610000"),
    ],
)
def test_the_target_is_the_newest_edition_and_the_same_region_unless_told(form: Form, asked, edition, region):
    target = target_of(form, *asked)
    assert (target.edition.id if target.edition else "", target.region) == (edition, region)


# ---- the command --------------------------------------------------------------------------------------


def census(*arguments: object):
    return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)


@pytest.fixture
def old_file(tmp_path):
    path = tmp_path / "old.docx"
    path.write_bytes(desk.issue(OLD, sample(OLD), "docx", load_settings()).data)
    return path


@pytest.mark.parametrize("carrier", ["docx", "xlsx", "pdf", "json"])
def test_an_old_file_becomes_one_of_the_newest_edition(old_file, tmp_path, carrier):
    target = tmp_path / f"new.{carrier}"
    made = census("upgrade", old_file, "-o", target)
    assert made.exit_code == 0
    assert "统一社会信用代码" in made.stderr
    back = json.loads(census("read", target).stdout) if carrier != "json" else json.loads(target.read_text("utf-8"))
    assert back["edition"] == "today"
    assert back["values"]["examiners"] == to_json(OLD, sample(OLD))["values"]["examiners"]


def test_the_findings_may_be_had_as_json(old_file, tmp_path):
    made = census("upgrade", old_file, "-o", tmp_path / "new.xlsx", "--json")
    assert [finding["code"] for finding in json.loads(made.stdout)] == ["upgrade.asked"]


def test_an_unknown_target_is_a_usage_fault(old_file):
    assert census("upgrade", old_file, "--to", "1999").exit_code == 2


def older_version(root) -> None:
    for text in root.iter():
        if text.text and "1.0" in text.text:
            text.text = text.text.replace("1.0", "0.9")


def test_an_older_version_of_the_same_edition_is_read_and_carried_to_the_present_one(tmp_path):
    data = desk.issue(OLD, sample(OLD), "docx", load_settings()).data
    for side in ("portrait", "landscape"):
        data = edited(data, older_version, f"word/header-{side}.xml")
    file = tmp_path / "older.docx"
    file.write_bytes(data)
    made = census("upgrade", file)
    assert json.loads(made.stdout) == to_json(OLD, sample(OLD))
    assert "0.9" in made.stderr
    examined = desk.examine(data, "older.docx", Context(), load_settings())
    assert desk.is_outdated(examined)
