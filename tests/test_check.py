"""What checking promises whatever the rule: every finding at once, in printed order, each cause told once."""

import re
import time
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from stdnum.cn import ric

from services.answers import place_at, printed_order, rank
from services.catalogue import concrete
from services.check import Context, check_reading, check_record
from services.findings import Severity, as_dict
from services.record import build, empty, entries_of, shown
from services.rules.source import statements
from services.sample import sample
from tests.any_record import records

FORMS = ("evaluation", "station-recommendation", "worker-recommendation")
EXEMPT = {
    "qms": True,
    "qms_no": "ZZ2005-018",
    "qms_issuer": "劳动和社会保障部职业技能鉴定中心",
    "qms_on": date(2005, 11, 8),
}


def evaluation():
    return concrete("evaluation")


def texts_of(form, **changes):
    return shown(form, sample(form)) | changes


@pytest.mark.parametrize("region", ["", "610000"])
@pytest.mark.parametrize("edition", ["2006", "today"])
@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("seed", range(4))
def test_a_sample_record_has_nothing_to_fix_or_confirm(name, edition, region, seed):
    form = concrete(name, edition, region)
    found = check_record(form, sample(form, seed), Context())
    assert [(f.code, f.field) for f in found if f.severity is not Severity.NOTE] == []


@pytest.mark.parametrize("name", FORMS)
def test_a_sample_read_from_its_printed_text_is_the_same_and_clean(name):
    form = concrete(name)
    pictures = {key: value for key, value in sample(form).values.items() if isinstance(value, bytes)}
    checked = check_reading(form, shown(form, sample(form)), pictures)
    assert checked.record == sample(form)
    assert checked.findings == ()


@pytest.mark.parametrize("name", FORMS)
def test_a_blank_form_lacks_its_required_answers_and_nothing_else(name):
    form = concrete(name)
    found = check_record(form, empty(form), Context())
    required = {field.key for field in form.fields if field.required and field.stage == "station"}
    assert {f.code for f in found} <= {"D07.empty", "D07.rows", "P01.empty", "Z01.empty"}
    assert {f.field for f in found if f.code == "D07.empty"} == required
    assert {f.field for f in found if f.code == "P01.empty"} == {f"items.{item.id}.self" for item in form.items}
    assert [f.field for f in found if f.code == "D07.rows"] == [s.key for s in form.schedules if s.min_rows]


@pytest.mark.parametrize("name", FORMS)
def test_findings_stand_in_printed_order(name):
    form = concrete(name)
    order = list(printed_order(form))
    fields = [finding.field for finding in check_record(form, empty(form), Context())]
    heads = [field.removesuffix(".self") for field in fields]
    assert heads == sorted(heads, key=order.index)
    assert len(heads) > 20


def test_findings_of_the_text_and_of_the_rules_stand_in_one_order():
    changes = {"self_date": "八月中旬", "agency_code": "123", "items.A01.self": "9"}
    changes |= {"staff.1.age": "", "staff.0.age": "五十二"}
    found = check_reading(evaluation(), texts_of(evaluation(), **changes)).findings
    assert [(f.code, f.field) for f in found] == [
        ("S02.shape", "agency_code"),
        ("date.unreadable", "self_date"),
        ("number.chinese", "staff.0.age"),
        ("D07.empty", "staff.1.age"),
        ("P01.range", "items.A01.self"),
    ]


def test_a_text_that_cannot_be_read_is_not_also_missing():
    unreadable = {"kind": "√国家职业技能鉴定所 √地方职业技能鉴定站", "computers": "很多", "self_date": "昨天"}
    found = check_reading(evaluation(), texts_of(evaluation(), **unreadable)).findings
    assert {f.field for f in found} == set(unreadable)
    assert {f.code for f in found} == {"choice.unclear", "number.unreadable", "date.unreadable"}


def test_a_gap_in_a_table_silences_what_would_follow_from_it():
    gaps = ("examiners.0.card_until", "occupations.0.levels", "statistics.0.examined", "regulations.0.made_on")
    found = check_reading(evaluation(), texts_of(evaluation(), **dict.fromkeys(gaps, ""))).findings
    assert {(f.code, f.field) for f in found} == {("D07.empty", path) for path in gaps}


def test_a_place_in_the_file_is_told_and_else_the_place_on_paper():
    places = {"items.A01.self": "工作表“评分” F12"}
    changes = {"items.A01.self": "3", "items.A02.self": "9"}
    found = check_reading(evaluation(), texts_of(evaluation(), **changes), {}, places).findings
    assert found[0].place == "工作表“评分” F12"
    assert found[1].place == place_at(evaluation(), "items.A02.self")
    assert found[1].place.startswith("《评估表》 · ")
    assert found[1].place.endswith(" · A02 规章制度 自评分")
    record = build(evaluation(), {})
    first = check_record(evaluation(), record, Context(), {"name": "《评估表》第1页 · 名称"})[0]
    assert (first.field, first.place) == ("name", "《评估表》第1页 · 名称")


def test_a_row_is_counted_as_it_stands_in_the_file():
    texts = {path: text for path, text in texts_of(evaluation()).items() if not path.startswith("corrections.")}
    columns = ("problem", "item", "measure", "person", "due_on", "progress", "done_on")
    rows = (
        ("", "", " ", "", "", "", ""),
        ("灭火器过期", "B08", "更换", "周德胜", "2006年8月40日", "", ""),
        ("", "", "", "", "", "", ""),
        ("缺台账", "C204", "补建", "赵雪梅", "2006年8月15日", "", ""),
    )
    for number, row in enumerate(rows):
        texts |= {f"corrections.{number}.{column}": text for column, text in zip(columns, row, strict=True)}
    checked = check_reading(evaluation(), texts, {}, {"corrections.3.progress": "附表1-7 F5"})
    assert len(checked.record.values["corrections"]) == 2
    assert [(f.code, f.field) for f in checked.findings] == [
        ("date.unreadable", "corrections.1.due_on"),
        ("D07.empty", "corrections.1.progress"),
        ("D07.empty", "corrections.3.progress"),
    ]
    assert "附表1-7 第2行 完成情况" in checked.findings[1].place
    assert checked.findings[2].place == "附表1-7 F5"
    assert "附表1-7 第4行 完成情况" in checked.findings[2].message


def test_a_row_that_says_there_is_nothing_lacks_nothing():
    texts = {path: text for path, text in texts_of(evaluation()).items() if not path.startswith("corrections.")}
    texts |= {"corrections.0.problem": "无", "corrections.0.item": "/", "corrections.0.person": "——"}
    assert check_reading(evaluation(), texts).findings == ()


def test_a_table_of_nothing_does_not_make_the_rows_that_are_asked_for():
    texts = {path: text for path, text in texts_of(evaluation()).items() if not path.startswith("regulations.")}
    found = check_reading(evaluation(), texts | {"regulations.0.name": "无", "items.A02.self": "0"}).findings
    assert [(f.code, f.field, f.got) for f in found if f.rule == "D07"] == [("D07.rows", "regulations", "0 行")]


@pytest.mark.parametrize(
    ("stage", "asked"),
    [
        ("station", []),
        ("city", []),
        ("review", ["disposal", "review_members", "opinion_review"]),
        ("region", ["disposal", "review_members", "opinion_review", "opinion_region"]),
        ("ministry", ["disposal", "review_members", "opinion_review", "opinion_region"]),
    ],
)
def test_an_answer_is_asked_for_when_the_form_has_come_to_it(stage, asked):
    found = check_record(evaluation(), sample(evaluation()), Context(stage=stage))
    assert sorted(f.field for f in found) == sorted(asked)


def test_a_form_that_came_to_the_ministry_wants_its_opinion_where_it_is_required():
    form = concrete("worker-recommendation")
    found = check_record(form, sample(form), Context(stage="ministry"))
    assert [f.field for f in found] == ["opinion_region", "opinion_ministry"]


def test_an_exempt_station_may_leave_the_scoring_empty():
    entries = entries_of(evaluation(), sample(evaluation()))
    kept = {path: value for path, value in entries.items() if not re.match(r"items\.|.*_self$|self_total|grade", path)}
    assert check_record(evaluation(), build(evaluation(), kept | EXEMPT), Context()) == ()
    begun = build(evaluation(), kept | EXEMPT | {"items.A01.self": entries["items.A01.self"]})
    assert {f.code for f in check_record(evaluation(), begun, Context())} == {"P01.empty"}
    not_exempt = build(evaluation(), kept)
    assert len(check_record(evaluation(), not_exempt, Context())) == 41


def test_a_total_is_not_complained_of_while_a_score_is_missing():
    scores = {"items.B05.self": "", "items.C101.self": "优"}
    found = check_reading(evaluation(), texts_of(evaluation(), **scores)).findings
    codes = [(f.code, f.field) for f in found]
    assert codes == [("P01.empty", "items.B05.self"), ("number.unreadable", "items.C101.self")]


def test_nobody_is_shown_by_a_full_identity_number():
    number = "110105195611270210"  # its check character is 7
    found = check_reading(evaluation(), texts_of(evaluation(), **{"examiners.0.id_no": number})).findings
    assert [f.code for f in found] == ["I01.check"]
    assert number not in "".join(as_dict(found[0]).values())
    assert "110105********0210" in found[0].got


def test_a_region_is_the_one_the_form_was_issued_for():
    form = concrete("evaluation", "2006", "610000")
    late = {"self_date": "2006年8月28日", "opinion_station_on": "2006年8月29日", "opinion_host_on": "2006年8月30日"}
    found = check_reading(form, texts_of(form, **late)).findings
    assert [(f.code, f.field) for f in found] == [("Z03.stage", "self_date")]
    assert "至2006年8月25日" in found[0].message


def test_every_finding_says_what_where_and_what_to_do():
    spoilt = texts_of(evaluation()) | {
        path: "?" for path in texts_of(evaluation()) if not path.startswith(("examiners.3", "statistics.2", "items.C"))
    }
    findings = check_reading(evaluation(), spoilt, {}, {}, Context(stage="region")).findings
    assert len(findings) > 200
    for finding in findings:
        assert finding.message.startswith(f"“{finding.label}”")
        assert "。" in finding.message
        assert not finding.message.endswith("。")
        assert re.fullmatch(r"[ -~\u4e00-\u9fff、-】“”'?]+", finding.message_en)
        assert finding.source == statements()[finding.rule].source
        assert finding.place
        assert not re.search("非法|无效|错误代码|您忘了|请请", finding.message)


@pytest.mark.parametrize("name", FORMS)
@settings(
    max_examples=15,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_any_record_is_checked_in_order_and_without_repeats(name, data):
    form = concrete(name, data.draw(st.sampled_from(["2006", "today"])))
    record = data.draw(records(form))
    stage = data.draw(st.sampled_from(["station", "city", "review", "region", "ministry"]))
    found = check_record(form, record, Context(stage=stage, evidence={}))
    keys = [(f.field != "", rank(form, f.field)) for f in found]
    assert keys == sorted(keys)
    assert len({(f.code, f.field) for f in found}) == len(found)


@pytest.mark.usefixtures("untraced")
def test_three_hundred_examiners_are_checked_in_fifty_milliseconds():
    entries = entries_of(evaluation(), sample(evaluation()))
    first = {path: value for path, value in entries.items() if path.startswith("examiners.0.")}
    for row in range(10, 300):
        entries |= {path.replace(".0.", f".{row}."): value for path, value in first.items()}
        body = f"1101051960{row % 12 + 1:02d}{row % 28 + 1:02d}{row * 2 + 1:03d}"
        entries[f"examiners.{row}.id_no"] = body + ric.calc_check_digit(f"{body}0")
        entries[f"examiners.{row}.card_no"] = f"1020050{row:05d}"
    record = build(evaluation(), entries)
    assert check_record(evaluation(), record, Context()) == ()
    spent = []
    for _ in range(7):
        before = time.process_time()
        check_record(evaluation(), record, Context())
        spent.append(time.process_time() - before)
    assert min(spent) < 0.05
