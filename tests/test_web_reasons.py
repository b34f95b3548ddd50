"""情况说明 on the page of a packet: a box for each question, kept, printed, and there again the next time."""

import html
import io
import json
import re
from typing import Any

import pikepdf
import pytest
from flask.testing import FlaskClient

from services import desk
from services.catalogue import concrete
from services.record import build, entries_of
from services.sample import sample
from services.settings import load_settings

FORM = concrete("evaluation")
SAID = "证明材料由上级统一保管,已另册报送。"


def upload(client: FlaskClient, **changed) -> str:
    """The address of a submission."""
    record = build(FORM, entries_of(FORM, sample(FORM)) | changed)
    data = desk.issue(FORM, record, "docx", load_settings()).data
    answer = client.post("/upload", data={"csrf": token(client), "file": (io.BytesIO(data), "评估表.docx")})
    return answer.headers["Location"].split("?")[0]


def token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/packets").text)
    assert found
    return found[1]


def asked(page: str) -> dict[str, str]:
    """The question of each box by its label."""
    labels = re.findall(r'<label for="reason\.\d+">\d+\. (.+?)</label>', page)
    keys = re.findall(r'name="question" value="([^"]+)"', page)
    return dict(zip(labels, map(html.unescape, keys), strict=True))


def texts(page: str) -> list[str]:
    return re.findall(r'<textarea id="reason[^>]+>(.*?)</textarea>', page)


def bind(client: FlaskClient, own: str, said: dict[str, str] | None = None, **more: str):
    given = said or {}
    body = {"csrf": token(client), "submission": own.rpartition("/")[2], **more}
    return client.post("/packets", data={**body, "question": list(given), "reason": list(given.values())})


def manifest(client: FlaskClient, answer) -> dict[str, Any]:
    with pikepdf.open(io.BytesIO(client.get(f"{answer.headers['Location']}.pdf").data)) as pdf:
        return json.loads(pdf.attachments["manifest.json"].get_file().read_bytes())


def test_a_question_of_the_packet_has_a_box_whose_reason_is_bound_and_stands_there_the_next_time(client: FlaskClient):
    own = upload(client)
    page = bind(client, own).text
    (label,) = [label for label in asked(page) if label.startswith("证明材料不足的有")]
    said = {asked(page)[label]: SAID}

    bound = bind(client, own, said, confirmed="1")
    assert bound.status_code == 303
    reasons = {one["code"]: one["reason"] for one in manifest(client, bound)["reasons"]}
    assert reasons["P10.scant"] == SAID
    assert SAID in texts(bind(client, own).text)


def test_a_reason_that_is_too_short_is_said_so_stays_in_its_box_and_nothing_is_bound(client: FlaskClient):
    own = upload(client)
    key = next(iter(asked(bind(client, own).text).values()))
    again = bind(client, own, {key: "短"}, confirmed="1")
    assert again.status_code == 422
    assert "情况说明至少写 5 个字,现在是“短”" in again.text
    assert texts(again.text)[0] == "短"
    assert "SB00001" not in client.get("/packets").text


def test_a_reason_for_what_is_asked_of_one_form_is_kept_with_the_form(client: FlaskClient):
    own = upload(client, email="无此邮箱")
    page = bind(client, own).text
    (label,) = [label for label in asked(page) if "电子邮箱" in label]
    assert bind(client, own, {asked(page)[label]: SAID}, confirmed="1").status_code == 303
    assert SAID in client.get(own).text


@pytest.mark.parametrize("key", ["{", "3", '{"code": 1}'])
def test_a_reason_for_nothing_that_is_asked_stops_nothing(client: FlaskClient, key: str):
    assert bind(client, upload(client), {key: SAID}, confirmed="1").status_code == 303
