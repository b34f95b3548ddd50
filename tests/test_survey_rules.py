"""One bad case for each finding between forms: tests/cases/survey/*.toml, each clean without its fault.

`[[form]]` are sample forms (`changes` always, `fault` and `only_spoilt` for the bad case), `[[roster]]` and
`[[fault_roster]]` the stations in scope. Every finding is listed.
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from forms.quotas import FARM_MACHINERY, NONE
from services.catalogue import concrete, region
from services.findings import Finding, Severity
from services.region import Region
from services.summary import Quotas, Share
from services.survey.judge import RULES, judge
from services.survey.roster import Entry, Roster
from services.survey.stations import survey_of
from services.survey.terms import Terms
from tests.surveys import line_of, lines_of

FOLDER = Path(__file__).parent / "cases" / "survey"
CASES = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))}
WRITTEN_HERE = {"D11", "T09"}
"""Rules whose bad case needs many forms: below."""
ONE = Quotas(id="one", title="", source="", shares=(Share(unit="10", stations=1, workers=1),))


def roster_of(case: Mapping[str, Any], *, spoilt: bool) -> Roster | None:
    told = case.get("roster", []) + (case.get("fault_roster", []) if spoilt else [])
    entries = tuple(Entry(facts=MappingProxyType(facts), row=row) for row, facts in enumerate(told, 2))
    return Roster(name="应查名单.xlsx", entries=entries) if told else None


def judged(case: Mapping[str, Any], *, spoilt: bool) -> tuple[Finding, ...]:
    today = case.get("today", date(2006, 10, 10))
    terms = Terms(
        today=case.get("fault_today", today) if spoilt else today,
        region=region(case["region"]) if "region" in case else None,
        quotas=ONE if case.get("quotas") else NONE,
    )
    return judge(survey_of(lines_of(case, spoilt=spoilt), roster_of(case, spoilt=spoilt)), terms)


@pytest.mark.parametrize("name", CASES)
def test_a_bad_survey_gives_its_findings_and_no_others(name):
    found = judged(CASES[name], spoilt=True)
    wanted = CASES[name]["finding"]
    assert [(f.code, f.place) for f in found] == [(w["code"], w["place"]) for w in wanted]
    for finding, want in zip(found, wanted, strict=True):
        assert finding.severity == want["severity"]
        assert [phrase for phrase in want["says"] if phrase not in finding.message] == []
        assert finding.source


@pytest.mark.parametrize("name", CASES)
def test_a_survey_without_its_fault_is_clean(name):
    assert [(f.code, f.message) for f in judged(CASES[name], spoilt=False)] == []


def test_every_rule_over_several_forms_has_a_bad_case():
    broken = {name.split(".")[0] for name in CASES}
    assert {rule.__name__.upper() for rule in RULES} == broken | WRITTEN_HERE


def test_the_day_of_the_letter_counts_for_the_deadline_where_it_is_given():
    lines = [line_of("evaluation", 0)]
    today = date(2026, 11, 23)
    assert judge(survey_of(lines), Terms(today=today, sent_on=date(2006, 10, 16))) == ()
    (found,) = judge(survey_of(lines), Terms(today=date(2006, 10, 10), sent_on=date(2006, 10, 31)))
    assert found.code == "Z04.late"
    assert "报送函的日期是 2006年10月31日,已过 10 天" in found.message
    (found,) = judge(survey_of(lines), Terms(today=today))
    assert "今天是 2026年11月23日" in found.message


def test_what_one_province_adds_is_not_held_against_another():
    lines = [
        line_of("evaluation", 0, {"agency_code": "26012001"}, region="610000"),
        line_of("evaluation", 1, {"agency_code": "26012002"}, region="610000"),
        line_of("evaluation", 2, {"agency_code": "21012003"}),
        line_of("evaluation", 3, {"agency_code": "21012004"}),
    ]
    assert [f.code for f in judge(survey_of(lines), Terms(today=date(2006, 10, 10))) if f.rule == "K05"] == []


OWN_WORDS = "".join(
    f"第{n}项检查了{n * 7}份材料，发现{n * 3}处不足，已由{n}组在{n + 3}日内改正。" for n in range(1, 30)
)


def test_texts_that_are_nearly_identical_are_pointed_out_once():
    changed = OWN_WORDS.replace("第3项", "第三项").replace("改正", "整改", 2)
    lines = [
        line_of("evaluation", 0, {"conclusion": OWN_WORDS}),
        line_of("evaluation", 1, {"conclusion": changed}),
        line_of("evaluation", 4, {"conclusion": "".join(reversed(OWN_WORDS))}),
    ]
    (found,) = judge(survey_of(lines), Terms(today=date(2006, 10, 10)))
    assert (found.code, found.severity) == ("D11.alike", "confirm")
    assert "南京市启明高级技工学校国家职业技能鉴定所(10011001)”的“自查结论”" in found.message
    assert "与苏州市长风高级技工学校职业技能鉴定站(10052001)的几乎相同" in found.message


def test_an_examiner_on_the_rosters_of_too_many_stations_is_asked_about():
    # The standard's own example, with 18 digits at three stations and with 15 at two.
    old, new = "110105491231002", "11010519491231002X"
    lines = [
        line_of("evaluation", seed, {"examiners.0.id_no": old if seed > 2 else new, "examiners.0.name": "周海涛"})
        for seed in range(5)
    ]
    assert judge(survey_of(lines), Terms(today=date(2006, 10, 10))) == ()
    (found,) = judge(survey_of(lines), Terms(today=date(2006, 10, 10), examiner_limit=4))
    assert (found.code, found.severity) == ("T09.many", "confirm")
    assert "“周海涛”在 5 个所(站)的考评人员名册上:10011001、10011002、10052001" in found.message


def test_a_recommended_station_must_have_been_reviewed():
    unreviewed = {f"items.{item.id}.review": "" for item in concrete("evaluation").items}
    lines = [line_of("evaluation", 0, unreviewed), line_of("station-recommendation", 0)]
    (found,) = judge(survey_of(lines), Terms(today=date(2006, 10, 10)))
    assert (found.code, found.severity) == ("X03.review", "must-fix")
    assert "的评估表没有复核分" in found.message


def test_without_a_roster_nothing_is_said_of_the_scope():
    assert judge(survey_of([line_of("evaluation", 1)]), Terms(today=date(2006, 10, 10))) == ()


def test_a_regions_own_number_goes_before_the_quotas_in_force():
    lines = [line_of(form, seed) for form in ("evaluation", "station-recommendation") for seed in (0, 4)]
    own = Region(code="320000", name="江苏省", version="1", quotas=(("station-recommendation", 1),))
    (found,) = judge(survey_of(lines), Terms(today=date(2006, 10, 10), region=own, quotas=FARM_MACHINERY))
    assert found.code == "X05.quota"
    assert found.severity is Severity.MUST_FIX
