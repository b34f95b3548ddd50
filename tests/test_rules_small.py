"""Rules against forms of a few answers: what no issued form can break, and that a new form needs no new rule."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from services.catalogue import concrete, declared
from services.check import Context, check_record
from services.form import Edition, Field, Form, Item, Schedule, Section
from services.kinds import Choice, Code, Number, Text, Value
from services.record import build, empty
from services.rules.catalogue import BY_KINDS, BY_READERS, BY_WORDING, CHECKS, listing
from services.rules.source import statements

TODAY = Edition(
    id="today", version="1", profile="today", ministry="人力资源和社会保障部", department="人力资源社会保障"
)


def small(*fields: Field, schedules: tuple[Schedule, ...] = (), items: tuple[Item, ...] = (), **more) -> Form:
    return Form(
        id="small",
        code="表9",
        title="小表",
        short_title="小表",
        editions=(TODAY,),
        edition=TODAY,
        fields=fields,
        schedules=schedules,
        items=items,
        parts=(),
        rules=tuple(statements()),
        **more,
    )


def codes(form: Form, values: dict[str, Value]) -> list[tuple[str, str]]:
    return [(f.code, f.field) for f in check_record(form, build(form, values), Context(today=date(2006, 9, 1)))]


BOTH_CODES = small(
    Field(key="org_code", label="组织机构代码", kind=Code(scheme="org")),
    Field(key="uscc", label="统一社会信用代码", kind=Code(scheme="uscc")),
)


@pytest.mark.parametrize(
    ("org", "found"), [("PDY00001-X", []), ("PDY00001X", []), ("PDY00002-8", [("S08.differs", "uscc")])]
)
def test_a_credit_code_holds_the_organisation_code_s08(org, found):
    assert codes(BOTH_CODES, {"org_code": org, "uscc": "12110000PDY00001X8"}) == found


def test_the_message_of_s08_names_both_answers():
    record = build(BOTH_CODES, {"org_code": "PDY00002-8", "uscc": "12110000PDY00001X8"})
    message = check_record(BOTH_CODES, record, Context())[0].message
    assert "第 9-17 位是 PDY00001X" in message
    assert "“组织机构代码”填写 PDY00002-8" in message


CERTIFICATES = small(
    Field(key="agency_code", label="机构编码", kind=Code(scheme="agency")),
    Field(key="qms_no", label="认证证书编号", kind=Code(scheme="certificate")),
    schedules=(
        Schedule(
            key="sampled",
            label="抽查证书",
            columns=(Field(key="certificate_no", label="证书编号", kind=Code(scheme="certificate")),),
        ),
    ),
)


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("0610012003400001", []),
        ("0510012003312", []),  # 13 digits: the old kind
        ("061001200340001", [("T12.shape", "sampled.0.certificate_no")]),
        ("0672003018400001", [("T12.agency", "sampled.0.certificate_no")]),
    ],
)
def test_a_certificate_number_holds_the_agency_code_t12(number, found):
    values = {"agency_code": "10012003", "qms_no": "ZZ2005-018", "sampled.0.certificate_no": number}
    assert codes(CERTIFICATES, values) == found


def item(points: int) -> Item:
    return Item(id="A1", section="A", label="项目", points=Decimal(points), marking="deduct", standard="", evidence="")


def test_full_points_that_do_not_make_the_cap_are_the_forms_own_fault_p03():
    form = small(items=(item(90),), sections=(Section(key="A", label="甲", points=Decimal(100)),))
    found = check_record(form, build(form, {"items.A1.self": Decimal(90)}), Context())
    assert [(f.code, f.field) for f in found] == [("P03.caps", ""), ("P12.full", "items.A1.self")]
    assert "甲各项满分之和是 90 分,应为 100 分" in found[0].message
    assert "不要自行改动" in found[0].message


def test_caps_that_do_not_make_100_are_the_forms_own_fault_p03():
    form = small(items=(item(80),), sections=(Section(key="A", label="甲", points=Decimal(80)),))
    found = check_record(form, build(form, {"items.A1.self": Decimal(0), "items.A1.reason": "无"}), Context())
    assert [f.code for f in found] == ["P03.caps"]
    assert "各部分满分之和是 80 分,应为 100 分" in found[0].message


def test_the_issued_forms_add_up_p03():
    found = [f.code for f in check_record(concrete("evaluation"), empty(concrete("evaluation")), Context())]
    assert "D07.empty" in found
    assert "P03.caps" not in found


def test_a_form_that_asks_something_else_is_checked_by_no_rule_of_keys():
    form = small(
        Field(key="colour", label="颜色", kind=Choice(options=("红", "黑"))),
        Field(key="weight", label="重量", kind=Number()),
        Field(key="name", label="姓名", kind=Text()),
        schedules=(Schedule(key="trips", label="行程", columns=(Field(key="to", label="去往", kind=Text()),)),),
    )
    assert codes(form, {}) == []
    assert codes(form, {"colour": "红", "weight": Decimal(3), "name": "赵甲", "trips.0.to": "南京"}) == []


def test_a_form_is_checked_by_the_rules_it_lists_and_no_others():
    form = replace(small(Field(key="phone", label="电话", kind=Code(scheme="phone"), required=True)), rules=("S10",))
    assert codes(form, {}) == []
    assert codes(form, {"phone": "12"}) == [("S10.shape", "phone")]


def test_every_rule_that_a_form_lists_is_checked_somewhere():
    known = CHECKS.keys() | BY_KINDS | BY_READERS | BY_WORDING
    unknown = {form.id: set(form.rules) - known for form in declared()}
    assert unknown == {"evaluation": set(), "station-recommendation": set(), "worker-recommendation": set()}


def test_a_rules_function_is_named_after_its_id_and_says_its_source():
    for rule, check in CHECKS.items():
        assert rule in statements()
        assert check.__doc__
        assert re.search(r"\b[Ss]ource: ", check.__doc__)


def test_the_help_page_lists_every_rule_with_its_sentence():
    rules = {rule.id: rule for rule in listing()}
    assert list(rules)[:2] == ["D01", "D02"]
    assert len(rules) == 95
    assert rules["P02"].sentence == "各部分得分等于各项之和,总分等于各部分之和;以重新计算的为准。"
    assert (rules["P02"].severity, rules["P02"].checked) == ("must-fix", True)
    assert (rules["S10"].severity, rules["X02"].severity) == ("confirm", "note")
    assert (rules["K03"].checked, rules["X04"].checked) == (False, False)
