"""The JSON API: the same doors as the command; every refusal is problem details with the clerk's sentence."""

import io
import json
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

import app
from services import desk
from services.catalogue import concrete
from services.record import build, entries_of, to_json
from services.sample import sample
from services.settings import load_settings

API = "/api/v1"
FORM = concrete("worker-recommendation")
LEAD = concrete("evaluation")


@pytest.fixture
def application(tmp_path: Path) -> Flask:
    return app.create_app(replace(load_settings(), data=tmp_path))


@pytest.fixture
def client(application: Flask) -> Iterator[FlaskClient]:
    with application.test_client() as client:
        yield client


def a_record(form=FORM, **changed) -> dict[str, Any]:
    return to_json(form, build(form, entries_of(form, sample(form)) | changed))


def a_file(**changed) -> bytes:
    record = build(FORM, entries_of(FORM, sample(FORM)) | changed)
    return desk.issue(FORM, record, "docx", load_settings()).data


def sent(data: bytes, name: str = "表.docx") -> dict[str, Any]:
    return {"file": (io.BytesIO(data), name)}


def is_problem(answer, status: int) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    body = answer.get_json(force=True)
    assert body["status"] == status
    assert re.search(r"[\u4e00-\u9fff]", body["detail"])
    assert body["title"].isascii()
    return body


def test_the_forms_are_listed_with_their_editions_and_regions(client: FlaskClient):
    body = client.get(f"{API}/forms").get_json()
    assert [form["id"] for form in body["forms"]] == ["evaluation", "station-recommendation", "worker-recommendation"]
    assert [edition["id"] for edition in body["forms"][0]["editions"]] == ["2006", "today"]
    assert body["regions"][0]["code"] == "610000"
    assert body["carriers"] == ["docx", "xlsx", "pdf"]


def test_the_schema_of_a_form_accepts_its_sample_record(client: FlaskClient):
    import jsonschema  # noqa: PLC0415 - a second opinion, wanted here only

    schema = client.get(f"{API}/forms/worker-recommendation/schema").get_json()
    jsonschema.validate(a_record(), schema)


def test_a_record_fills_a_form_and_checking_that_file_gives_the_record_back(client: FlaskClient):
    record = a_record()
    filled = client.post(f"{API}/forms/worker-recommendation/fill?as=xlsx", json=record)
    assert filled.status_code == 200
    assert filled.data.startswith(b"PK")
    body = client.post(f"{API}/check", data=sent(filled.data, "表.xlsx")).get_json()
    assert body["results"][0]["values"] == record["values"]
    assert body["results"][0]["findings"] == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"extra": 1}, "extra"),
        ({"years": "九"}, "years"),
        ({"birth": "2006-13"}, "birth"),
    ],
)
def test_a_record_with_wrong_entries_is_refused_with_each_of_them(
    client: FlaskClient, change: dict[str, object], said: str
):
    record = a_record()
    record["values"] |= change
    body = is_problem(client.post(f"{API}/forms/worker-recommendation/fill", json=record), 422)
    assert any(said in finding["message_en"] for finding in body["findings"])


def test_a_record_without_a_key_is_refused_unless_it_is_said_to_be_partial(client: FlaskClient):
    record = a_record()
    del record["values"]["years"]
    body = is_problem(client.post(f"{API}/forms/worker-recommendation/fill", json=record), 422)
    assert "years" in body["findings"][0]["message"]
    assert client.post(f"{API}/forms/worker-recommendation/fill?partial=1", json=record).status_code == 200


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"{", b'{"form": "evaluation"}', b'"text"', b"\xff\xfe", b"[" * 100_000]
)
def test_what_is_no_record_is_refused_in_words_that_say_what_is_wanted(client: FlaskClient, body: bytes):
    refused = client.post(f"{API}/forms/evaluation/fill", data=body, content_type="application/json")
    said = is_problem(refused, 422)
    assert said["title"] == "not a record file: a JSON object with form, edition, region and values is expected"
    assert "应为一个 JSON 对象,含 form(表)" in said["detail"]
    assert "census" not in said["detail"]


def test_an_unknown_kind_of_file_is_refused_with_those_there_are(client: FlaskClient):
    said = is_problem(client.get(f"{API}/forms/evaluation/blank?as=xyz"), 400)
    assert (said["detail"], said["title"]) == (
        "没有“xyz”这种文件;as 可写:docx、xlsx、pdf",
        "`as` is one of docx, xlsx, pdf",
    )


def test_a_record_of_another_form_is_refused(client: FlaskClient):
    body = is_problem(client.post(f"{API}/forms/evaluation/fill", json=a_record()), 422)
    assert body["code"] == "other-form"


def test_checking_keeps_nothing(client: FlaskClient):
    answer = client.post(f"{API}/check", data=sent(a_file(years=None)))
    finding = answer.get_json()["results"][0]["findings"][0]
    assert (finding["field"], finding["severity"], finding["rule"]) == ("years", "must-fix", "D07")
    assert client.get(f"{API}/submissions").get_json() == {"submissions": []}


def test_checking_takes_a_record_or_a_file_as_the_body_too(client: FlaskClient):
    assert client.post(f"{API}/check", json=a_record()).get_json()["results"][0]["findings"] == []
    raw = client.post(f"{API}/check", data=a_file(), content_type="application/octet-stream")
    assert raw.get_json()["results"][0]["form"] == "worker-recommendation"


def test_an_unreadable_file_among_readable_ones_is_named_and_alone_it_is_refused(client: FlaskClient):
    both = {"file": [(io.BytesIO(a_file()), "好.docx"), (io.BytesIO(b"hello"), "坏.docx")]}
    results = client.post(f"{API}/check", data=both).get_json()["results"]
    assert [("unreadable" in result) for result in results] == [False, True]
    is_problem(client.post(f"{API}/check", data=sent(b"hello")), 422)
    is_problem(client.post(f"{API}/check", data={"note": "no file"}), 400)


def test_a_submission_is_kept_and_found_again_with_all_its_files(client: FlaskClient):
    data = a_file(years=None)
    created = client.post(f"{API}/submissions", data=sent(data))
    assert created.status_code == 201
    own = created.headers["Location"]
    body = client.get(own).get_json()
    assert body["state"] == "received"
    assert body["record"]["values"]["years"] is None
    assert client.get(f"{own}/original").data == data
    assert client.get(f"{own}/marked").data.startswith(b"PK")
    assert client.get(f"{own}/pdf").data.startswith(b"%PDF-")
    assert [s["id"] for s in client.get(f"{API}/submissions").get_json()["submissions"]] == [body["id"]]


def test_the_same_file_twice_is_answered_with_the_same_submission(client: FlaskClient):
    data = a_file()
    first, second = (client.post(f"{API}/submissions", data=sent(data)) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.get_json()["id"] == second.get_json()["id"]


def test_an_idempotency_key_stands_for_one_file_whatever_happens_at_once(application: Flask):
    data, headers = a_file(), {"Idempotency-Key": "key-1"}
    gate = threading.Barrier(4)

    def send(_: int) -> str:
        with application.test_client() as client:
            gate.wait()
            return client.post(f"{API}/submissions", data=sent(data), headers=headers).get_json()["id"]

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(send, range(4)))) == 1
    with application.test_client() as client:
        is_problem(client.post(f"{API}/submissions", data=sent(a_file(years=3)), headers=headers), 409)


def test_a_clean_submission_is_accepted_returned_and_cannot_be_withdrawn_once_accepted(client: FlaskClient):
    own = client.post(f"{API}/submissions", data=sent(a_file())).headers["Location"]
    assert client.post(f"{own}/accept").get_json()["state"] == "accepted"
    is_problem(client.post(f"{own}/withdraw"), 409)
    assert client.post(f"{own}/return", json={"message": "请补章"}).get_json()["state"] == "returned"
    assert client.post(f"{own}/withdraw").get_json()["state"] == "withdrawn"


@pytest.mark.parametrize("body", [{}, {"message": ""}, {"message": " \n"}])
def test_a_submission_is_not_returned_without_a_message(client: FlaskClient, body: dict[str, str]):
    own = client.post(f"{API}/submissions", data=sent(a_file())).headers["Location"]
    assert "退回修改要写明意见" in is_problem(client.post(f"{own}/return", json=body), 422)["detail"]
    assert client.get(own).get_json()["state"] == "received"


def test_a_faulty_submission_is_not_accepted(client: FlaskClient):
    own = client.post(f"{API}/submissions", data=sent(a_file(years=None))).headers["Location"]
    assert "必须修改" in is_problem(client.post(f"{own}/accept"), 409)["detail"]


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("get", "/nowhere", 404),
        ("get", "/forms/nothing/schema", 404),
        ("get", "/forms/evaluation/blank?as=exe", 400),
        ("get", "/forms/evaluation/blank?edition=1999", 404),
        ("get", "/submissions/aaaaaaaaaaaaaaaaaaaaaaaaaa", 404),
        ("get", "/submissions/aaaaaaaaaaaaaaaaaaaaaaaaaa/marked", 404),
        ("post", "/submissions/aaaaaaaaaaaaaaaaaaaaaaaaaa/accept", 404),
        ("get", "/packets/aaaaaaaaaaaaaaaaaaaaaaaaaa.zip", 404),
        ("delete", "/forms", 405),
        ("post", "/submissions", 400),
        ("post", "/packets", 422),
    ],
)
def test_what_cannot_be_met_is_a_problem_with_a_sentence(client: FlaskClient, method: str, address: str, status: int):
    is_problem(getattr(client, method)(API + address), status)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[]", 400),
        (b"{", 400),
        (b'{"submissions": "x"}', 400),
        (b'{"submissions": [1]}', 400),
        (b'{"recipe": "nothing"}', 404),
        (b'{"submissions": ["aaaaaaaaaaaaaaaaaaaaaaaaaa"]}', 404),
        (b'{"attachments": ["aaaaaaaaaaaaaaaaaaaaaaaaaa"]}', 404),
    ],
)
def test_a_packet_asked_for_wrongly_is_refused(client: FlaskClient, body: bytes, status: int):
    is_problem(client.post(f"{API}/packets", data=body, content_type="application/json"), status)


def test_a_packet_of_fifty_one_files_is_refused_with_the_number_and_none_is_kept(client: FlaskClient):
    many = [(io.BytesIO(b"%PDF-1.7"), f"{number}.pdf") for number in range(51)]
    body = is_problem(client.post(f"{API}/packets", data={"other": many}), 422)
    assert body["detail"] == "一次最多 50 个文件,现在是 51 个。请分几次上传"
    assert "还没有附件" in client.get("/packets").text


def test_another_site_cannot_post_to_the_api(client: FlaskClient):
    headers = {"Origin": "http://elsewhere.example"}
    is_problem(client.post(f"{API}/submissions", data=sent(a_file()), headers=headers), 403)


def test_a_packet_is_bound_kept_and_the_same_inputs_give_the_same_one(client: FlaskClient):
    record = json.dumps(a_record(LEAD), ensure_ascii=False).encode()
    own = client.post(f"{API}/submissions", data=sent(record, "评估表.json")).get_json()["id"]
    first = client.post(f"{API}/packets", json={"recipe": "station", "submissions": [own]})
    assert first.status_code == 201
    body = first.get_json()
    assert body["manifest"]["recipe"] == "station"
    assert len(body["root_sha256"]) == 64
    links = body["links"]
    assert client.get(links["pdf"]).data.startswith(b"%PDF-")
    assert client.get(links["zip"]).data.startswith(b"PK")
    second = client.post(f"{API}/packets", json={"recipe": "station", "submissions": [own]}).get_json()
    assert (second["id"], second["pdf_sha256"]) == (body["id"], body["pdf_sha256"])


def test_a_submission_that_was_returned_is_not_bound(client: FlaskClient):
    created = client.post(f"{API}/submissions", data=sent(a_file()))
    client.post(f"{created.headers['Location']}/return", json={"message": "请补章"})
    body = is_problem(client.post(f"{API}/packets", json={"submissions": [created.get_json()["id"]]}), 409)
    assert "已退回修改,不能装订" in body["detail"]


def test_a_packet_without_the_evaluation_form_is_refused_with_what_is_missing(client: FlaskClient):
    own = client.post(f"{API}/submissions", data=sent(a_file())).get_json()["id"]
    body = is_problem(client.post(f"{API}/packets", json={"submissions": [own]}), 422)
    assert any("评估表" in finding["message"] for finding in body["findings"] if finding["severity"] == "must-fix")


def test_the_description_names_exactly_the_addresses_there_are(application: Flask, client: FlaskClient):
    described = client.get(f"{API}/openapi.json").get_json()
    assert described["openapi"] == "3.1.0"
    there = {
        (re.sub(r"<[^>]*:?action>", "ACTION", re.sub(r"<(\w+)>", r"{\1}", rule.rule)).removeprefix(API), method.lower())
        for rule in application.url_map.iter_rules()
        if rule.rule.startswith(API)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    actions = {"/submissions/{own}/accept", "/submissions/{own}/return", "/submissions/{own}/withdraw"}
    said = {
        ("/submissions/{own}/ACTION" if path in actions else path, method)
        for path, methods in described["paths"].items()
        for method in methods
    }
    assert said == there


def test_every_reference_in_the_description_leads_somewhere(client: FlaskClient):
    text = client.get(f"{API}/openapi.json").text
    described = json.loads(text)
    for reference in set(re.findall(r'"\$ref":\s*"#/([^"]+)"', text)):
        node = described
        for step in reference.split("/"):
            node = node[step]
        assert node
