"""Packets on the pages: what is taken of the tier below, what is refused and why, what is handed out."""

import io
import json
import re
import zipfile
from datetime import date
from typing import Any

import pikepdf
import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from services.bundle.manifest import root
from tests.region_packet import region_packet
from web.binding import options_of

PACKETS = "/packets"


@pytest.fixture(scope="module")
def region():
    return region_packet()


def token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(PACKETS).text)
    assert found
    return found[1]


def sent(client: FlaskClient, address: str, body: dict[str, Any]):
    """The answer to a posted form; its body is held in memory, not in a file of the test's visitor."""
    boundary, data = encode_multipart(body)
    return client.post(address, data=data, content_type=f"multipart/form-data; boundary={boundary}")


def hand_in(client: FlaskClient, data: bytes, name: str, recipe: str = "ministry"):
    body = {"csrf": token(client), "recipe": recipe, "lower": FileStorage(io.BytesIO(data), name)}
    return sent(client, f"{PACKETS}/lower", body)


def test_every_tier_finds_its_packet_and_the_limit_before_the_upload(client: FlaskClient):
    for recipe in ("station", "city", "region", "ministry"):
        text = client.get(f"{PACKETS}?recipe={recipe}").text
        assert "不超过 240 MB、50 个" in text
        assert 'data-limit="251658240"' in text
    assert "抽查种子" in text
    assert "抽查种子" not in client.get(f"{PACKETS}?recipe=region").text


def test_a_province_packet_is_named_by_its_unit_and_offered_to_the_ministry_alone(client: FlaskClient, region):
    assert hand_in(client, region.archive, "报送材料.zip").status_code == 303
    assert "陕西省劳动和社会保障厅_报送材料.zip" in client.get(f"{PACKETS}?recipe=ministry").text
    for recipe in ("station", "city", "region"):
        assert "报送材料.zip" not in client.get(f"{PACKETS}?recipe={recipe}").text


def test_a_packet_of_the_same_tier_is_refused(client: FlaskClient, region):
    refused = hand_in(client, region.pdf, "省.pdf", "region")
    assert refused.status_code == 422
    assert "只收下级的材料" in refused.text


def test_what_is_no_packet_is_refused_with_where_it_belongs(client: FlaskClient):
    refused = hand_in(client, b"%PDF-1.4 nothing", "别的.pdf")
    assert refused.status_code == 422
    assert "不是本系统装订的上报材料" in refused.text
    assert "作为附件添加" in refused.text


def test_a_changed_packet_is_refused(client: FlaskClient, region):
    data = io.BytesIO()
    with pikepdf.open(io.BytesIO(region.pdf)) as pdf:
        manifest = json.loads(pdf.attachments["manifest.json"].get_file().read_bytes())
        manifest["unit"] = "别的单位"
        pdf.attachments["manifest.json"] = json.dumps(manifest).encode()
        pdf.save(data)
    refused = hand_in(client, data.getvalue(), "省.pdf")
    assert refused.status_code == 422
    assert "与它自己的清单不一致" in refused.text


SAYS = {"format": "census-packet/2", "recipe": "region", "title": "", "unit": "省", "entries": []}


@pytest.mark.parametrize(
    "wrong",
    [
        {"entries": None},
        {"entries": ["评估表"]},
        {"reasons": 3},
        {"unit": ["省"]},
        {"title": "\ud800"},
        {"recipe": None},
    ],
)
def test_a_manifest_of_another_shape_makes_no_packet(client: FlaskClient, wrong):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("manifest.json", json.dumps({**SAYS, "root_sha256": "0" * 64, **wrong}))
    refused = hand_in(client, data.getvalue(), "省.zip")
    assert refused.status_code == 422
    assert "不是本系统装订的上报材料" in refused.text


def test_of_several_files_those_that_can_be_are_added_and_the_others_are_told(client: FlaskClient, region):
    files = [
        FileStorage(io.BytesIO(region.archive), "省.zip"),
        FileStorage(io.BytesIO(b"%PDF-1.4 nothing"), "别的.pdf"),
        FileStorage(io.BytesIO(region.pdf), "省.pdf"),
    ]
    body = {"csrf": token(client), "recipe": "ministry", "lower": files}
    told = sent(client, f"{PACKETS}/lower", body)
    assert told.status_code == 422
    assert "已添加 2 份,1 份没有收:“别的.pdf”不是本系统装订的上报材料" in told.text
    assert "没有办成" not in told.text
    assert len(re.findall(r'name="attachment" value="\w+" checked', told.text)) == 2
    taken = re.search(r'formaction="([^"]+/remove)"', told.text)
    assert taken
    gone = client.post(taken[1], data={"csrf": token(client), "recipe": "ministry"})
    assert gone.headers["Location"].endswith("#lower-packets")


def test_of_several_attachments_those_that_can_be_are_added_and_the_others_are_told(client: FlaskClient):
    files = [(io.BytesIO(b"%PDF-1.7"), "一.pdf"), (io.BytesIO(b"hello"), "二.txt")]
    told = client.post(f"{PACKETS}/attachments", data={"csrf": token(client), "kind": "licence", "file": files})
    assert told.status_code == 422
    assert "已添加 1 份,1 份没有收:“二.txt”不是 PDF" in told.text
    taken = re.search(r'formaction="([^"]+/remove)"', told.text)
    assert taken
    gone = client.post(taken[1], data={"csrf": token(client)})
    assert gone.headers["Location"].endswith("#attachments")


def test_fifty_one_files_at_once_are_too_many_without_javascript_too(client: FlaskClient):
    for address, name in (("lower", "lower"), ("attachments", "file")):
        many = [(io.BytesIO(b"x"), f"{number}.pdf") for number in range(51)]
        said = {"csrf": token(client), "recipe": "ministry", "kind": "other", name: many}
        refused = client.post(f"{PACKETS}/{address}", data=said)
        assert refused.status_code == 422
        assert "一次最多 50 个文件,现在是 51 个" in refused.text


def test_nothing_chosen_is_said_in_a_sentence(client: FlaskClient):
    empty = client.post(f"{PACKETS}/lower", data={"csrf": token(client), "recipe": "ministry"})
    assert empty.status_code == 400
    assert "选择下级的上报材料" in empty.text
    unmade = client.post(PACKETS, data={"csrf": token(client), "recipe": "ministry"})
    assert unmade.status_code == 422
    assert "勾选至少一份表或下级材料" in unmade.text


@pytest.mark.parametrize("day", ["2006-11-20", "2006年11月20日", "二○○六年十一月二十日", "二〇〇六年十一月二十日"])
def test_a_day_is_read_as_clerks_write_it(day):
    assert options_of({"signed_on": day}.get).signed_on == date(2006, 11, 20)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ({"size": "三成"}, "现在是“三成”"),
        ({"quotas": "all"}, "没有“all”这种推荐名额"),
        ({"signed_on": "昨天"}, "现在是“昨天”"),
        ({"signed_on": "2006年11月31日"}, "现在是“2006年11月31日”;请核对是否有这一天"),
    ],
)
def test_what_cannot_be_meant_is_named(client: FlaskClient, said, wanted):
    refused = client.post(PACKETS, data={"csrf": token(client), "recipe": "ministry", **said})
    assert refused.status_code == 409
    assert wanted in refused.text


def test_a_packet_chosen_and_not_yet_added_is_bound_and_its_files_are_handed_out(client: FlaskClient, region):
    body = {"csrf": token(client), "recipe": "ministry", "confirmed": "1", "signed_on": "2006-11-20"}
    made = sent(client, PACKETS, {**body, "lower": FileStorage(io.BytesIO(region.archive), "省.zip")})
    assert made.status_code == 303, re.findall(r'<td class="pre">(.*?)</td>', made.text)
    own = made.headers["Location"]
    page = client.get(own).text
    assert "另附的电子文件" in page
    assert "记录/" not in page.partition("<details>")[0]
    handed = client.get(f"{own}/files/名单/公开名册.csv")
    assert handed.data.startswith(b"\xef\xbb\xbf")
    assert handed.headers["Content-Disposition"].startswith("attachment")
    assert client.get(f"{own}/files/名单/没有的.csv").status_code == 404


def test_the_api_takes_a_lower_packet_as_a_part_of_its_own(client: FlaskClient, region):
    body = {"recipe": "ministry", "size": "1", "packet": FileStorage(io.BytesIO(region.archive), "省.zip")}
    made = sent(client, "/api/v1/packets", body)
    assert made.status_code == 201, made.text
    assert made.get_json()["recipe"] == "ministry"
    assert [one["recipe"] for one in made.get_json()["manifest"]["packets"]] == ["region"]


def test_a_lower_packet_that_tells_of_a_passed_finding_only_whose_it_is_can_be_bound(client: FlaskClient, region):
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(region.archive)) as old, zipfile.ZipFile(data, "w") as new:
        manifest = json.loads(old.read("manifest.json"))
        entry = next(one for one in manifest["entries"] if one["key"].startswith("evaluation") and one["record"])
        name = json.loads(old.read(entry["record"]))["values"]["name"]
        body = {**manifest, "reasons": [{"form": "evaluation", "station": entry["station"], "name": name}]}
        for file in set(old.namelist()) - {"manifest.json"}:
            new.writestr(file, old.read(file))
        new.writestr("manifest.json", json.dumps({**body, "root_sha256": root(body)}))
    sent_in = {"recipe": "ministry", "packet": FileStorage(io.BytesIO(data.getvalue()), "省.zip")}
    made = sent(client, "/api/v1/packets", sent_in)
    assert made.status_code == 201, made.text
    (told,) = [one for one in made.get_json()["manifest"]["reasons"] if one["form"] == "evaluation"]
    assert (told["station"], told["code"], told["reason"]) == (entry["station"], "", "")
