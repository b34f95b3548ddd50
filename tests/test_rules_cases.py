"""One bad case for each code: tests/cases/rules/*.toml, which says how to spoil a sample record and what is found.

`[given]` changes answers harmlessly, `[fault]` (with `drop`, `[fault_evidence]`, `[fault_region]`) spoils them.
Every finding is listed, so a case also shows that one cause is reported once.
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from services.answers import scalars
from services.catalogue import concrete
from services.check import Context, check_reading
from services.findings import Finding, Severity
from services.form import Form
from services.record import Record, shown
from services.region import Region
from services.rules.catalogue import BY_KINDS, CHECKS
from services.sample import sample as invented

FOLDER = Path(__file__).parent / "cases" / "rules"
CASES = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))}
OF_SMALL_FORMS = {"P03", "S08", "T12"}
"""Rules that no issued form can break as it stands: tests/test_rules_small.py breaks them on forms of its own."""


@cache
def sample(form: Form) -> Record:
    return invented(form)


def issued(case: Mapping[str, Any]) -> Form:
    return concrete(case["form"], case.get("edition", ""), case.get("region", ""))


def written(form: Form, case: Mapping[str, Any], *, spoilt: bool) -> dict[str, str]:
    """The texts of a sample record, without what is computed from others, changed as the case says."""
    computed = {key for key, field in scalars(form).items() if field.total_of}
    tables = {schedule.key for schedule in form.schedules if schedule.totals_of}
    texts = {
        path: text
        for path, text in shown(form, sample(form)).items()
        if path not in computed and path.split(".")[0] not in tables
    }
    texts |= case.get("given", {})
    if spoilt:
        texts = {path: text for path, text in texts.items() if not path.startswith(tuple(case.get("drop", ())))}
        texts |= case.get("fault", {})
    return texts


def context_of(case: Mapping[str, Any], *, spoilt: bool) -> Context:
    told = case.get("given_region", {}) | (case.get("fault_region", {}) if spoilt else {})
    region = Region(code="320000", name="江苏省", version="1", **told) if told else None
    evidence = None
    if "evidence" in case:
        items = issued(case).items
        evidence = {item.id: case["evidence"] for item in items} | (case.get("fault_evidence", {}) if spoilt else {})
    return Context(stage=case.get("stage", "station"), today=date(2006, 9, 30), region=region, evidence=evidence)


def examined(case: Mapping[str, Any], *, spoilt: bool) -> tuple[Finding, ...]:
    form = issued(case)
    pictures = {path: value for path, value in sample(form).values.items() if isinstance(value, bytes)}
    texts = written(form, case, spoilt=spoilt)
    return check_reading(form, texts, pictures, {}, context_of(case, spoilt=spoilt)).findings


@pytest.mark.parametrize("name", CASES)
def test_a_bad_case_gives_its_findings_and_no_others(name):
    case = CASES[name]
    found = examined(case, spoilt=True)
    assert [(f.code, f.field) for f in found] == [(f["code"], f["field"]) for f in case["finding"]]
    for finding, wanted in zip(found, case["finding"], strict=True):
        assert finding.severity == wanted["severity"]
        assert [phrase for phrase in wanted["says"] if phrase not in finding.message] == []
        assert finding.source
        assert finding.message_en.startswith(finding.field)


@pytest.mark.parametrize("name", CASES)
def test_a_case_without_its_fault_is_clean(name):
    found = examined(CASES[name], spoilt=False)
    assert [(f.code, f.field) for f in found if f.severity is not Severity.NOTE] == []


def test_every_rule_has_a_bad_case():
    broken = {name.split(".")[0] for name in CASES}
    assert CHECKS.keys() | BY_KINDS == broken | OF_SMALL_FORMS


def test_a_case_is_named_after_the_rule_it_breaks():
    named = {name: name.split(".")[0] for name in CASES}
    codes = {name: {finding["code"].split(".")[0] for finding in case["finding"]} for name, case in CASES.items()}
    wrong = {name for name, rule in named.items() if rule not in codes[name] | BY_KINDS}
    assert wrong == set()
