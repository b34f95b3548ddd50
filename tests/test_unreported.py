"""未报名单: who of the city's roster handed nothing in, with the reason that the roster gives (rule K02)."""

import io
import json
from datetime import date

import pypdf
import pytest

from invented import province
from services.bundle.packet import Bound, Options, Source, bind
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
