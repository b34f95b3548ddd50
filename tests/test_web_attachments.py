"""Attachments on the page of packets: whose they are, for whom they are ticked, and that they go nowhere else."""

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.datastructures import MultiDict

from app import create_app
from services.catalogue import concrete
from services.record import build, entries_of, to_json
from services.records import arrivals, attachments, packets, store
from services.records.arrivals import Arrival
from services.records.attachments import Handed
from services.records.owners import Owner
from services.records.packets import Binding
from services.records.store import Store
from services.sample import sample
from services.settings import load_settings
from tests.packets import pdf

LEAD = concrete("evaluation")
PACKETS, API = "/packets", "/api/v1"
FIRST, SECOND = ("甲示范学校国家职业技能鉴定所", "10011001"), ("乙示范学校国家职业技能鉴定站", "10011002")


def a_form(client: FlaskClient, station: tuple[str, str]) -> str:
    """The id of a station's evaluation form, kept."""
    name, code = station
    record = build(LEAD, entries_of(LEAD, sample(LEAD)) | {"name": name, "agency_code": code})
    data = json.dumps(to_json(LEAD, record), ensure_ascii=False).encode()
    made = client.post(f"{API}/submissions", data={"file": (io.BytesIO(data), f"{code}.json")})
    return made.get_json()["id"]


def token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(PACKETS).text)
    assert found
    return found[1]


def add(client: FlaskClient, name: str, kind: str = "self_report", **said: str):
    body = {"csrf": token(client), "kind": kind, "file": (io.BytesIO(pdf()), name), **said}
    return client.post(f"{PACKETS}/attachments", data=body)


def listed(page: str) -> dict[str, tuple[str, bool, str]]:
    """Id, tick and row of every attachment on the page, by file name."""
    rows = [row.partition("</tr>")[0] for row in page.split("<tr>") if 'name="attachment"' in row]
    found = {}
    for row in rows:
        own, name = re.search(r'value="(\w+)"', row), re.search(r'aria-label="\S+ ([^"]+)"', row)
        assert own
        assert name
        found[name[1]] = (own[1], bool(re.search(r"<input[^>]*\schecked", row)), row)
    return found


def bind(client: FlaskClient, form: str, *enclosed: str):
    said = [("csrf", token(client)), ("submission", form), ("confirmed", "1")]
    return client.post(PACKETS, data=MultiDict([*said, *(("attachment", own) for own in enclosed)]))


def both(client: FlaskClient) -> tuple[str, str]:
    """The forms of two stations; the first's 自查报告 is bound in the first's packet."""
    forms = a_form(client, FIRST), a_form(client, SECOND)
    add(client, "自查报告.pdf")
    own, ticked, row = listed(client.get(PACKETS).text)["自查报告.pdf"]
    assert ticked
    assert "还没有装订过" in row
    assert bind(client, forms[0], own).status_code == 303
    return forms


@pytest.fixture(scope="module")
def bound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FlaskClient, tuple[str, str]]]:
    """A service that is only looked at, with the forms of two stations."""
    with create_app(replace(load_settings(), data=tmp_path_factory.mktemp("bound"))).test_client() as visitor:
        yield visitor, both(visitor)


def test_a_bound_attachment_is_its_stations_and_ticked_for_no_other(bound):
    client, two = bound
    _, ticked, row = listed(client.get(PACKETS).text)["自查报告.pdf"]
    assert not ticked
    assert "甲示范学校国家职业技能鉴定所(10011001)" in row
    assert listed(client.get(f"{PACKETS}?submission={two[0]}").text)["自查报告.pdf"][1]
    assert not listed(client.get(f"{PACKETS}?submission={two[1]}").text)["自查报告.pdf"][1]


def test_another_stations_attachment_is_not_bound_and_no_longer_ticked(bound):
    client, two = bound
    own = listed(client.get(PACKETS).text)["自查报告.pdf"][0]
    refused = bind(client, two[1], own)
    assert refused.status_code == 409
    assert (
        "“自查报告.pdf”是甲示范学校国家职业技能鉴定所(10011001)的附件,没有装进乙示范学校国家职业技能鉴定站的材料"
        in refused.text
    )
    assert not listed(refused.text)["自查报告.pdf"][1]
    asked = client.post(f"{API}/packets", json={"submissions": [two[1]], "attachments": [own]})
    assert asked.status_code == 409
    assert "filed under another station" in asked.text


def test_without_another_stations_report_its_lack_is_said(bound):
    client, two = bound
    said = {"csrf": token(client), "submission": two[1]}
    assert "缺少《自查报告》" in client.post(PACKETS, data=said).text


def test_a_file_handed_in_once_more_may_go_to_another_station_and_is_then_both(client: FlaskClient):
    two = both(client)
    add(client, "自查报告.pdf")
    own, ticked, row = listed(client.get(PACKETS).text)["自查报告.pdf"]
    assert ticked
    assert "重新添加" in row
    assert bind(client, two[1], own).status_code == 303
    _, ticked, row = listed(client.get(PACKETS).text)["自查报告.pdf"]
    assert not ticked
    assert "甲示范学校国家职业技能鉴定所(10011001)、乙示范学校国家职业技能鉴定站(10011002)" in row
    for form in two:
        assert listed(client.get(f"{PACKETS}?submission={form}").text)["自查报告.pdf"][1]


def test_what_was_not_ticked_is_not_ticked_when_another_file_comes(client: FlaskClient):
    add(client, "一.pdf", kind="other")
    assert listed(client.get(add(client, "二.pdf", kind="licence").headers["Location"]).text)["一.pdf"][1] is False


def test_evidence_is_named_in_chinese_and_offered_where_the_packet_has_it(client: FlaskClient):
    add(client, "培训.pdf", kind="evidence", item="A04")
    for recipe in ("station", "city"):
        row = listed(client.get(f"{PACKETS}?recipe={recipe}").text)["培训.pdf"][2]
        assert "证明材料 A04" in row
        assert "evidence" not in row
    for recipe in ("region", "ministry"):
        assert listed(client.get(f"{PACKETS}?recipe={recipe}").text) == {}
        refused = add(client, "培训.pdf", kind="evidence", item="A04", recipe=recipe)
        assert refused.status_code == 422
        assert "没有“A04”这种附件" in refused.text


# ---- as they are kept -------------------------------------------------------------------------------


@pytest.fixture
def kept(tmp_path: Path) -> Store:
    return store.open_store(tmp_path)


def a_report(kept: Store) -> str:
    """The id of a 自查报告, kept."""
    handed = Handed(kind="self_report", item="", filename="自查报告.pdf", data=b"%PDF- report")
    return attachments.keep(kept, kept.unit, handed).id


def a_packet(kept: Store, owner: Owner, *inputs: str, recipe: str = "station") -> None:
    """Keep the packet of these inputs."""
    binding = Binding(
        recipe=recipe,
        station=owner.name,
        inputs=inputs,
        manifest={},
        pdf=f"{owner} {inputs}".encode(),
        archive=b"PK",
        owner=owner,
        filed=inputs,
    )
    packets.keep(kept, kept.unit, binding)


def test_an_attachment_keeps_its_owner_through_a_citys_packet(kept: Store):
    own = a_report(kept)
    a_packet(kept, Owner(key="10011001", name="甲所"), own)
    a_packet(kept, Owner(key="city", name="某市"), own)
    assert attachments.owned(kept, kept.unit) == {own: (Owner(key="10011001", name="甲所"),)}


def test_an_attachment_taken_off_and_added_anew_is_nobodys(kept: Store):
    own = a_report(kept)
    a_packet(kept, Owner(key="10011001", name="甲所"), own)
    attachments.remove(kept, kept.unit, own)
    a_report(kept)
    assert attachments.owned(kept, kept.unit) == {}


def test_an_older_database_learns_whose_its_bound_attachments_are(kept: Store, tmp_path: Path):
    form = concrete("worker-recommendation")
    values = {"name": "张示例", "unit": "示范单位", "id_no": "11010519491231002X", "agency_code": "10011001"}
    arrival = Arrival(
        form=form, record=build(form, values), findings=(), original=b"one", filename="推荐表.docx", carrier="docx"
    )
    submission, _ = arrivals.keep(kept, kept.unit, arrival)
    own = a_report(kept)
    late = attachments.keep(kept, kept.unit, Handed(kind="other", item="", filename="后.pdf", data=b"%PDF- late")).id
    letter = attachments.keep(kept, kept.unit, Handed(kind="letter", item="", filename="函.pdf", data=b"%PDF- l")).id
    lower = attachments.keep(kept, kept.unit, Handed(kind="lower", item="city", filename="市.zip", data=b"PK")).id
    a_packet(kept, Owner(key="", name="甲所"), submission.id, own)
    a_packet(kept, Owner(key="", name="某省"), submission.id, letter, lower, recipe="region")
    with store.writing(kept) as connection:
        connection.execute(text("DROP TABLE attachment_owners"))
    again = store.open_store(tmp_path)
    owned = attachments.owned(again, again.unit)
    assert owned == {own: (Owner(key="10011001", name="甲所"),), letter: (Owner(key="region", name="某省"),)}
    assert late not in owned
