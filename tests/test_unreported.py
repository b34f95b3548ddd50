"""未报名单: who of the city's roster handed nothing in, with the reason that the roster gives (rule K02)."""

import io
import json
from datetime import date

import pypdf
import pytest

from invented import province
from services.bundle.packet import Bound, Options, Source, bind
from services.bundle.verify import verify
from services.check import Context
from services.settings import load_settings

TODAY = date(2006, 10, 16)
TITLE = "未报鉴定所(站)名单"
ROSTER = [
    {"机构编码": "26012001", "名称": "甲鉴定站"},
    {"机构编码": "26012002", "名称": "乙鉴定站"},
    {"机构编码": "26012901", "名称": "丙职业技能鉴定所", "所在地": "西安市碑林区", "原因": "正在搬迁,十一月补报"},
    {"机构编码": "26012902", "名称": "丁职业技能鉴定站", "所在地": "西安市雁塔区"},
    {"机构编码": "26012903", "名称": "戊职业技能鉴定站", "情况": "撤销", "原因": "停办"},
]


def city(roster: list[dict[str, str]] | None) -> Bound:
    sources = [
        Source(name=f"{station.code}.json", data=json.dumps(station.records["evaluation"]).encode())
        for station in province(2)
    ]
    given = Source(name="应查名单.json", data=json.dumps(roster).encode()) if roster else None
    return bind("city", sources, Context(today=TODAY), load_settings(), Options(roster=given, signed_on=TODAY))


def text_of(made: Bound, key: str) -> str:
    (entry,) = (entry for entry in made.manifest["entries"] if entry["key"] == key)
    pages = pypdf.PdfReader(io.BytesIO(made.pdf)).pages[entry["first_page"] - 1 : entry["last_page"]]
    return "".join(page.extract_text() for page in pages).replace("\n", "")


@pytest.fixture(scope="module")
def told() -> Bound:
    return city(ROSTER)


def test_those_who_handed_nothing_in_stand_in_their_list_with_the_reason(told: Bound):
    text = text_of(told, "unreported")
    assert "丙职业技能鉴定所" in text
    assert "正在搬迁,十一月补报" in text
    assert "丁职业技能鉴定站" in text
    assert "未写明原因" in text
    assert "戊职业技能鉴定站" not in text
    assert "26012001" not in text


def test_the_list_follows_the_stations_and_is_named_in_the_letter(told: Bound):
    keys = [entry["key"] for entry in told.manifest["entries"]]
    assert keys.index("unreported") > max(number for number, key in enumerate(keys) if key == "evaluation")
    assert TITLE in text_of(told, "letter")


def test_without_a_roster_nobody_knows_who_is_missing():
    made = city(None)
    assert "unreported" not in {entry["key"] for entry in made.manifest["entries"]}
    assert TITLE not in text_of(made, "letter")


OTHERS = [{"机构编码": f"2602{number}", "名称": f"{number}鉴定站"} for number in (2001, 2002, 2003, 2004, 2005, 2006)]


@pytest.fixture(scope="module")
def provincial() -> Bound:
    return city([*OTHERS, *ROSTER])


def test_of_the_provinces_roster_a_city_counts_its_own_stations_and_says_how_many_are_others(
    told: Bound, provincial: Bound
):
    assert text_of(provincial, "unreported") == text_of(told, "unreported")
    assert provincial.manifest["figures"] == told.manifest["figures"]
    (said,) = [finding for finding in provincial.findings if finding.code == "K02.beyond"]
    assert "有 6 行的机构编码不以 2601 开头" in said.message
    assert "计入的是本单位的 5 行" in said.message


def test_figures_by_the_provinces_roster_are_recomputed_for_the_city_alone(provincial: Bound):
    assert [line.text for line in verify(provincial.pdf).lines if not line.holds] == []
