"""A record is the same after its passage through JSON and through the text of the printed form."""

import json
from datetime import date
from decimal import Decimal

import jsonschema
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.answers import scalars
from services.catalogue import concrete
from services.kinds import Picture
from services.record import at, build, digest, empty, from_json, parse, row_counts, shown, to_json
from services.schema import record_schema
from tests.any_record import records

FORMS = ("evaluation", "station-recommendation", "worker-recommendation")
few = settings(
    max_examples=12,  # of some 800 answers each
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a record of 800 answers shrinks for minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("edition", ["2006", "today"])
@pytest.mark.parametrize("name", FORMS)
@few
@given(data=st.data())
def test_any_record_comes_back_from_its_json_file(name, edition, data):
    form = concrete(name, edition)
    record = data.draw(records(form))
    written = json.dumps(to_json(form, record), ensure_ascii=False)
    assert from_json(form, json.loads(written)) == (record, ())


@pytest.mark.parametrize("name", FORMS)
@few
@given(data=st.data())
def test_any_record_comes_back_from_its_printed_texts(name, data):
    form = concrete(name)
    record = data.draw(records(form))
    images = {
        key: value
        for key, field in scalars(form).items()
        if isinstance(field.kind, Picture) and isinstance(value := at(record, key), bytes)
    }
    assert parse(form, shown(form, record), images, {})[0] == record


@pytest.mark.parametrize("name", FORMS)
@settings(few, max_examples=6)
@given(data=st.data())
def test_any_record_with_legal_codes_satisfies_the_schema(name, data):
    form = concrete(name)
    record = data.draw(records(form))
    jsonschema.validate(json.loads(json.dumps(to_json(form, record))), record_schema(form))


@pytest.mark.parametrize("name", FORMS)
def test_every_schema_is_a_legal_schema(name):
    jsonschema.Draft202012Validator.check_schema(record_schema(concrete(name)))


def test_a_record_file_says_dates_numbers_choices_and_rows_plainly():
    form = concrete("evaluation")
    entries = {
        "name": "南京市启明技工学校职业技能鉴定站",
        "licence_date": date(2002, 3, 1),
        "office_area": Decimal("18.5"),
        "capacity": 500,
        "qms": False,
        "occupations.0.name": "焊工",
        "occupations.0.levels": ("5", "4"),
        "statistics.0.year": "2001年",
        "statistics.0.level": "五级",
        "items.B02.self": Decimal("1.5"),
        "items.B02.reason": "缺打印机",
    }
    file = to_json(form, build(form, entries))
    values = file["values"]
    assert (file["form"], file["edition"], file["region"]) == ("evaluation", "2006", "")
    assert (values["licence_date"], values["office_area"], values["capacity"]) == ("2002-03-01", 18.5, 500)
    assert (values["qms"], values["veto_1"], values["exam_software"]) == (False, False, None)
    assert values["occupations"][0]["levels"] == ["5", "4"]
    assert (values["statistics"][0]["year"], values["statistics"][0]["level"]) == ("2001年", "五级")
    assert values["items"]["B02"] == {"self": 1.5, "review": None, "reason": "缺打印机"}


def test_rows_that_state_nothing_are_left_out_and_fixed_rows_stay():
    form = concrete("evaluation")
    record = build(form, {"staff.0.name": None, "staff.4.name": "王建国", "staff.4.age": 40})
    assert row_counts(form, record)["staff"] == 1
    assert at(record, "staff.0.age") == 40
    assert [row["year"] for row in record.values["statistics_totals"]] == [
        "2001年", "2002年", "2003年", "2004年", "2005年", "合计",
    ]  # fmt: skip


def test_unknown_and_missing_keys_of_a_record_file_are_all_named():
    form = concrete("worker-recommendation")
    values = to_json(form, empty(form))["values"]
    del values["unit"], values["photo"]
    values["nickname"] = "小王"
    _, findings = from_json(form, {"values": values})
    assert {finding.message_en for finding in findings} == {
        "file: `nickname` is not a key of this form",
        "file: `unit` is missing; use null for nothing",
        "file: `photo` is missing; use null for nothing",
    }


def test_all_that_is_wrong_with_a_record_file_is_told_in_the_order_of_the_form():
    form = concrete("evaluation")
    values = to_json(form, empty(form))["values"]
    fixed = values["statistics_totals"]
    values |= {"licence_date": "2002-13-01", "capacity": "五百", "nickname": 1, "corrections": {"problem": "漏水"}}
    figures = ("batches", "applied", "examined", "passed", "issued", "source")
    counted = dict.fromkeys(("year", "occupation", "level", *figures))
    values["statistics"] = [counted | {"year": "2001年", "level": "六级"}, counted | {"year": "2001年", "source": 3}]
    del values["statistics"][1]["level"], values["statistics"][1]["issued"]
    values["statistics_totals"] = [*fixed, {**fixed[0], "passed": "十"}]
    values["items"] |= {"A01": {"self": "好", "review": None, "note": ""}, "A99": {}}
    del values["items"]["A02"], values["fax"]
    record, findings = from_json(form, {"values": values})
    told = [finding.message_en.partition(" in the record file")[0] for finding in findings]
    assert told == [
        "file: `nickname` is not a key of this form",
        "file: `fax` is missing; use null for nothing",
        "licence_date: should be 日期 YYYY-MM-DD",
        "capacity: should be 整数",
        "statistics.0.level: should be 五级/四级/三级/二级/一级 之一",
        "file: `statistics.1.level` is missing; use null for nothing",
        "file: `statistics.1.issued` is missing; use null for nothing",
        "statistics.1.source: should be 国家题库/自行命题 之一",
        "statistics_totals.6.passed: should be 整数",
        "file: `corrections` should be a list of objects",
        "file: `items.A99` is not a key of this form",
        "file: `items.A02` is missing; use null for nothing",
        "file: `items.A01.note` is not a key of this form",
        "file: `items.A01.reason` is missing; use null for nothing",
        "items.A01.self: should be 分数",
    ]
    assert [row["year"] for row in record.values["statistics"]] == ["2001年", "2001年"]
    assert len(record.values["statistics_totals"]) == 6
    assert dict(record.values["items"]["A02"]) == {"self": None, "review": None, "reason": None}


def test_a_partial_record_file_may_leave_keys_out():
    form = concrete("worker-recommendation")
    record, findings = from_json(form, {"values": {"name": "王建国"}}, partial=True)
    assert (record, findings) == (build(form, {"name": "王建国"}), ())


def test_a_changed_answer_changes_the_digest_and_its_spelling_does_not():
    form = concrete("worker-recommendation")
    first = build(form, {"name": "王建国", "years": 10})
    assert digest(form, first) == digest(form, build(form, {"years": 10, "name": "王建国", "email": ""}))
    assert digest(form, first) != digest(form, build(form, {"name": "王建国", "years": 11}))


def test_a_clerks_spellings_become_the_same_record():
    form = concrete("worker-recommendation")
    neat = {"birth": "1966年5月", "years": "10", "category": "□管理人员 √考评人员 □质量督导员 □技术专家 □考务人员"}
    loose = {
        "birth": "一九六六年五月",
        "years": " １0年 ",
        "category": "管理人员( ) 考评人员(√) 质量督导员( ) 技术专家( ) 考务人员( )",
    }
    assert parse(form, neat, {}, {})[0] == parse(form, loose, {}, {})[0]
    until = {"career.0.from_on": "2001年3月", "career.0.until_on": "至今"}
    record, findings = parse(form, until, {}, {})
    assert (at(record, "career.0.from_on"), at(record, "career.0.until_on")) == (date(2001, 3, 1), None)
    assert findings == ()
