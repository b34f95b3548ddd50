"""Filling a form on the page: typed part by part, kept as typed, computed, checked, downloaded, sent in."""

import io
import json
import re

import pytest
from flask.testing import FlaskClient

from services import desk
from services.catalogue import concrete
from services.record import entries_of, to_json
from services.sample import sample
from services.settings import load_settings

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)


def token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/upload").text)
    assert found
    return found[1]


def begun(client: FlaskClient, form: str = "evaluation") -> str:
    """The address of a new, empty draft."""
    return client.post(f"/forms/{form}/drafts", data={"csrf": token(client)}).headers["Location"]


def typed(client: FlaskClient, draft: str, part: str, **values):
    """Post values typed in a part of a draft, with the revision that its page shows."""
    page = client.get(f"{draft}/{part}").text
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert revision
    data = {"csrf": token(client), "revision": revision[1], "go": "stay"} | values
    return client.post(f"{draft}/{part}", data=data)


def prefilled(client: FlaskClient, form_id: str) -> str:
    """The address of a draft made from a complete record file."""
    form = concrete(form_id)
    record = json.dumps(to_json(form, sample(form)), ensure_ascii=False).encode()
    data = {"csrf": token(client), "to": "page", "file": (io.BytesIO(record), "记录.json")}
    return client.post(f"/forms/{form_id}/fill", data=data).headers["Location"]


def test_what_was_typed_is_there_again_exactly_as_typed(client: FlaskClient):
    draft = begun(client)
    typed(
        client,
        draft,
        "basic",
        name="示范市第一 <鉴定所> & “站”",
        licence_date="二○○三年五月一日",
        agency_code="１００１",
    )
    page = client.get(f"{draft}/basic").text
    assert 'value="示范市第一 &lt;鉴定所&gt; &amp; “站”"' in page
    assert 'value="二○○三年五月一日"' in page
    assert 'value="１００１"' in page


def test_a_wrong_answer_is_pointed_at_where_it_stands_and_empty_ones_only_when_asked(client: FlaskClient):
    draft = begun(client)
    typed(client, draft, "basic", licence_date="二十号")
    page = client.get(f"{draft}/basic").text
    assert 'href="#licence_date"' in page
    assert "“发证日期”应为日期,现在是“二十号”" in page
    assert "“许可证编号”没有填写" not in page
    assert "“许可证编号”没有填写" in client.get(f"{draft}/basic?check=1").text


def test_choices_and_ticks_come_back_chosen(client: FlaskClient):
    draft = begun(client)
    typed(client, draft, "basic", kind="地方职业技能鉴定站", qms="否")
    page = client.get(f"{draft}/basic").text
    assert re.search(r'name="kind"\s+value="地方职业技能鉴定站"\s+checked', page)
    assert re.search(r'name="qms"\s+value="否"\s+checked', page)
    assert not re.search(r'name="qms"\s+value="是"\s+checked', page)


def test_rows_are_added_and_taken_away_without_a_script(client: FlaskClient):
    draft = begun(client)
    rows = {f"staff.{n}.name": name for n, name in enumerate(["甲示例", "乙示例", "丙示例"])}
    added = typed(client, draft, "schedule_2", **rows, add="staff")
    assert added.headers["Location"].endswith("#staff.3")
    assert 'name="staff.7.name"' in client.get(added.headers["Location"]).text
    typed(client, draft, "schedule_2", **rows, remove="staff.1")
    page = client.get(f"{draft}/schedule_2").text
    assert re.findall(r'name="staff\.\d+\.name" value="([^"]+)"', page) == ["甲示例", "丙示例"]


def test_sums_are_computed_as_scores_are_typed(client: FlaskClient):
    draft = begun(client)
    typed(client, draft, "score_a", **{"items.A01.self": "2", "items.A02.self": "4", "items.A03.self": "1.5"})
    page = client.get(f"{draft}/result").text
    assert '<span id="a_self">7.5</span>' in page


def test_two_windows_do_not_overwrite_each_other(client: FlaskClient):
    draft = begun(client)
    first = client.get(f"{draft}/basic").text
    revision = re.search(r'name="revision" value="(\d+)"', first)
    assert revision
    typed(client, draft, "basic", name="先保存的")
    late = client.post(f"{draft}/basic", data={"csrf": token(client), "revision": revision[1], "name": "后保存的"})
    assert late.status_code == 409
    assert "另一个窗口" in late.text
    assert 'value="先保存的"' in client.get(f"{draft}/basic").text


def test_a_photograph_is_kept_shown_and_printed(client: FlaskClient):
    draft = begun(client, "worker-recommendation")
    typed(client, draft, "person", name="张示例", photo=(io.BytesIO(PNG), "照片.png"))
    page = client.get(f"{draft}/person").text
    assert "已选的照片" in page
    assert client.get(f"{draft}/picture/photo").data == PNG
    refused = typed(client, draft, "person", photo=(io.BytesIO(b"no picture"), "照片.png"))
    assert refused.status_code == 409
    assert "jpg 或 png" in refused.text


@pytest.mark.parametrize(("carrier", "magic"), [("docx", b"PK"), ("xlsx", b"PK"), ("pdf", b"%PDF-")])
def test_a_half_filled_form_can_be_downloaded_in_each_carrier(client: FlaskClient, carrier: str, magic: bytes):
    draft = begun(client, "worker-recommendation")
    typed(client, draft, "person", name="张示例")
    answer = client.get(f"{draft}/download?as={carrier}")
    assert answer.data.startswith(magic)
    assert "%E5%BC%A0%E7%A4%BA%E4%BE%8B_%E8%8D%89%E7%A8%BF" in answer.headers["Content-Disposition"]  # 张示例_草稿


def test_a_form_with_faults_is_not_sent_and_says_what_is_left(client: FlaskClient):
    draft = begun(client, "worker-recommendation")
    typed(client, draft, "person", name="张示例")
    answer = client.post(f"{draft}/send", data={"csrf": token(client)})
    assert answer.status_code == 422
    assert "没有提交" in answer.text
    assert "“性别”没有填写" in answer.text
    assert "还没有材料" in client.get("/submissions").text


@pytest.mark.parametrize("form_id", ["evaluation", "station-recommendation", "worker-recommendation"])
def test_a_record_opened_on_the_page_and_saved_part_by_part_stays_the_same_record(client: FlaskClient, form_id: str):
    form = concrete(form_id)
    draft = prefilled(client, form_id)
    for part in re.findall(rf'href="{draft}/(\w+)"', client.get(draft).text):
        page = client.get(f"{draft}/{part}").text
        assert client.post(f"{draft}/{part}", data=controls(page)).status_code == 303
    sent = client.post(f"{draft}/send", data={"csrf": token(client)})
    assert sent.status_code == 303
    own = sent.headers["Location"].rpartition("/")[2]
    kept = client.get(f"/api/v1/submissions/{own}").get_json()
    assert kept["record"] == to_json(form, sample(form))
    assert kept["findings"] == []


def controls(page: str) -> dict[str, list[str]]:
    """What a browser without a script would post from a page: every control as it stands."""
    from html import unescape  # noqa: PLC0415 - for this reading of pages only

    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input\b[^>]*>", page):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        kind = attributes.get("type", "text")
        if kind == "file" or (kind in ("radio", "checkbox") and not re.search(r"\schecked\b", tag)):
            continue
        if "name" in attributes:
            found.setdefault(attributes["name"], []).append(unescape(attributes.get("value", "")))
    for name, text in re.findall(r'<textarea[^>]*\bname="([^"]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL):
        found.setdefault(name, []).append(unescape(text.removeprefix("\n")))
    for name, inner in re.findall(r'<select[^>]*\bname="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)"\s+selected', inner)
        found.setdefault(name, []).append(unescape(chosen[1]) if chosen else "")
    return found


def test_a_submission_edited_on_the_page_becomes_its_next_version(client: FlaskClient):
    form = concrete("worker-recommendation")
    data = desk.issue(form, sample(form), "docx", load_settings()).data
    sent = client.post("/upload", data={"csrf": token(client), "file": (io.BytesIO(data), "表.docx")})
    own = sent.headers["Location"].split("?")[0]
    draft = client.post(f"{own}/edit", data={"csrf": token(client)}).headers["Location"]
    page = client.get(f"{draft}/person").text
    client.post(f"{draft}/person", data=controls(page) | {"native": "改过的籍贯"})
    new = client.post(f"{draft}/send", data={"csrf": token(client)}).headers["Location"]
    text = client.get(new).text
    assert "第 2 版" in text
    assert "与第 1 版的不同(1 处)" in text
    assert "改过的籍贯" in text
    assert client.get(draft).status_code == 404


def test_a_prefilled_form_is_handed_out_from_a_completed_one(client: FlaskClient):
    form = concrete("worker-recommendation")
    record = sample(form)
    data = desk.issue(form, record, "docx", load_settings()).data
    body = {"csrf": token(client), "as": "xlsx", "file": (io.BytesIO(data), "去年的表.docx")}
    answer = client.post("/forms/worker-recommendation/fill", data=body)
    assert answer.data.startswith(b"PK")
    checked = client.post("/api/v1/check", data={"file": (io.BytesIO(answer.data), "表.xlsx")}).get_json()
    assert checked["results"][0]["values"]["name"] == entries_of(form, record)["name"]
    wrong = client.post("/forms/evaluation/fill", data={"csrf": token(client), "file": (io.BytesIO(data), "表.docx")})
    assert wrong.status_code == 422
    assert "不能填到这张表里" in wrong.text


def test_a_record_file_may_leave_keys_out_but_holds_nothing_that_the_form_does_not_ask(client: FlaskClient):
    record = {"form": "worker-recommendation", "edition": "2006", "region": ""}
    for values, status in (({}, 303), ({"nothing": 1}, 422), ({"years": "九"}, 422)):
        data = json.dumps(record | {"values": {"name": "张示例"} | values}).encode()
        body = {"csrf": token(client), "to": "page", "file": (io.BytesIO(data), "记录.json")}
        answer = client.post("/forms/worker-recommendation/fill", data=body)
        assert answer.status_code == status
        assert status == 303 or "记录文件有 1 处不合要求" in answer.text


@pytest.mark.parametrize(
    "values",
    [
        {"staff.0.name": "甲" * 50_000},
        {f"staff.{n}.name": "甲" for n in range(900)},
        {"staff.x.name": "甲", "staff.-1.name": "乙", "staff.99999.name": "丙", "staff.1e3.name": "丁"},
        {"staff.0.nothing": "甲", "nothing.0.name": "乙", "items.A01.review": "2"},
        {"revision": "-1"},
        {"revision": "9" * 400},
        {"add": "nothing"},
        {"remove": "../../x"},
        {"go": "nothing"},
    ],
)
def test_whatever_is_posted_to_a_part_the_page_still_opens(client: FlaskClient, values: dict[str, str]):
    draft = begun(client)
    assert typed(client, draft, "schedule_2", **values).status_code in (303, 409)
    assert client.get(f"{draft}/schedule_2?rows.staff=999999&rows.x=1").status_code == 200
    assert client.get(draft).status_code == 200
