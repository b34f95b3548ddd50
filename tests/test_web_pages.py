"""The pages: what each shows, what it hands out, and what it answers to a request that cannot be met."""

import io
import re
import socket
import subprocess
import sys

import pytest
from flask.testing import FlaskClient

from services.settings import ROOT

PAGES = (
    "/",
    "/upload",
    "/submissions",
    "/packets",
    "/packets/verify",
    "/help",
    "/rules",
    "/forms/evaluation",
    "/forms/station-recommendation",
    "/forms/worker-recommendation",
)
FORMS = ("evaluation", "station-recommendation", "worker-recommendation")


def test_the_page_that_checks_without_a_network_is_handed_out(client: FlaskClient):
    assert "/packets/verify/page" in client.get("/packets/verify").text
    handed = client.get("/packets/verify/page")
    assert handed.headers["Content-Disposition"].startswith("attachment")
    assert "packet.verify = async" in handed.text


def token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/upload").text)
    assert found
    return found[1]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_says_its_language_title_and_heading_and_needs_no_script(client: FlaskClient, address: str):
    answer = client.get(address)
    assert answer.status_code == 200
    assert '<html lang="zh-CN">' in answer.text
    assert answer.text.count("<h1") == 1
    assert re.search(r"<title>\s*\S+.* - 职业技能鉴定所\(站\)质量普查</title>", answer.text)
    assert "非部颁原件" in answer.text


@pytest.mark.parametrize("address", PAGES)
def test_a_page_loads_nothing_from_elsewhere_and_holds_no_script_or_style_of_its_own(client: FlaskClient, address: str):
    text = client.get(address).text
    assert re.findall(r'(?:src|href|action)="(?:https?:)?//[^"]*"', text) == []
    assert re.findall(r"<script(?![^>]*\bsrc=)", text) == []
    assert re.findall(r"<style|\sstyle=|\son\w+=", text) == []


@pytest.mark.parametrize("address", PAGES)
def test_every_control_of_a_page_has_a_name_for_those_who_cannot_see_it(client: FlaskClient, address: str):
    text = client.get(address).text
    labels = set(re.findall(r'<label[^>]*\bfor="([^"]+)"', text))
    controls = re.findall(r"<(?:input|select|textarea)\b[^>]*>", text)
    named = [c for c in controls if 'type="hidden"' not in c and "aria-label=" not in c]
    assert [c for c in named if not labels.intersection(re.findall(r'\bid="([^"]+)"', c))] == []


@pytest.mark.parametrize("address", ["/", "/nowhere", "/api/v1/forms", "/api/v1/nowhere", "/healthz"])
def test_every_answer_is_private_unframed_and_keeps_its_type(client: FlaskClient, address: str):
    headers = client.get(address).headers
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("carrier", "magic"), [("docx", b"PK"), ("xlsx", b"PK"), ("pdf", b"%PDF-")])
def test_a_blank_form_is_handed_out_in_each_carrier_as_an_attachment(client: FlaskClient, form, carrier, magic):
    answer = client.get(f"/forms/{form}/blank?as={carrier}")
    assert answer.status_code == 200
    assert answer.data.startswith(magic)
    assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="census.{carrier}"; filename*=UTF-8')
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_blank_forms_name_says_attachment_region_and_version(client: FlaskClient):
    answer = client.get("/forms/evaluation/blank?as=docx&region=610000")
    # 附件1-评估表_610000陕西省_2006版1.0_空表.docx, percent-encoded by hand
    assert answer.headers["Content-Disposition"].endswith(
        "%E9%99%84%E4%BB%B61-%E8%AF%84%E4%BC%B0%E8%A1%A8_610000%E9%99%95%E8%A5%BF%E7%9C%81"
        "_2006%E7%89%881.0_%E7%A9%BA%E8%A1%A8.docx"
    )


@pytest.mark.parametrize(
    "address",
    [
        "/nowhere",
        "/forms/nothing",
        "/forms/evaluation?edition=1999",
        "/forms/evaluation/blank?region=%3Cscript%3E",
        "/submissions/aaaaaaaaaaaaaaaaaaaaaaaaaa",
        "/submissions/aaaaaaaaaaaaaaaaaaaaaaaaaa/original",
        "/drafts/aaaaaaaaaaaaaaaaaaaaaaaaaa",
        "/drafts/aaaaaaaaaaaaaaaaaaaaaaaaaa/basic",
        "/uploads/aaaaaaaaaaaaaaaaaaaaaaaaaa",
        "/packets/aaaaaaaaaaaaaaaaaaaaaaaaaa",
        "/packets/aaaaaaaaaaaaaaaaaaaaaaaaaa.pdf",
        "/static/../app.py",
        "/static/%2e%2e/%2e%2e/app.py",
    ],
)
def test_what_there_is_not_is_answered_with_a_page_that_leads_home(client: FlaskClient, address: str):
    answer = client.get(address)
    assert answer.status_code == 404
    assert "没有找到" in answer.text
    assert 'href="/"' in answer.text
    assert "<script>" not in answer.text


def test_a_posted_page_without_its_token_changes_nothing(client: FlaskClient):
    answer = client.post("/forms/evaluation/drafts")
    assert answer.status_code == 403
    assert "页面已过期" in answer.text
    assert "正在填写" not in client.get("/").text


def test_a_post_that_another_site_sends_is_refused_even_with_a_token(client: FlaskClient):
    data = {"csrf": token(client)}
    for headers in ({"Origin": "http://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        assert client.post("/forms/evaluation/drafts", data=data, headers=headers).status_code == 403
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/forms/evaluation/drafts", data=data, headers=headers).status_code == 303


def test_a_wrong_method_says_so(client: FlaskClient):
    answer = client.delete("/upload", data={"csrf": token(client)})
    assert answer.status_code in (403, 405)
    assert answer.headers["Content-Type"].startswith("text/html")


def test_more_than_sixty_megabytes_get_a_page_that_says_so(client: FlaskClient):
    answer = client.post("/upload", data=bytes(61 * 1024 * 1024), content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    assert "60 MB" in answer.text


def test_more_than_sixty_megabytes_of_typed_json_are_too_many_where_packets_may_be_larger(client: FlaskClient):
    body = b" " * (61 * 1024 * 1024) + b"{}"
    assert client.post("/api/v1/packets", data=body, content_type="application/json").status_code == 413


def test_a_thousand_and_one_parts_are_too_many(client: FlaskClient):
    parts = {f"field{number}": "x" for number in range(1001)}
    answer = client.post("/upload", data={**parts, "file": (io.BytesIO(b"x"), "a.docx")})
    assert answer.status_code == 413


def test_the_rules_page_has_every_rule_with_a_place_to_point_at(client: FlaskClient):
    text = client.get("/rules").text
    assert len(re.findall(r'<tr id="[A-Z]\d\d">', text)) == 95
    assert 'id="D07"' in text


def test_the_rules_page_says_in_words_where_a_rule_comes_from(client: FlaskClient):
    text = client.get("/rules").text
    rows = dict(re.findall(r'<tr id="([A-Z]\d\d)">.*?<td class="small soft">([^<]*)</td>\s*</tr>', text, re.DOTALL))
    assert rows["D01"] == "本系统约定"
    assert rows["D02"] == "参照同类表格和规定、本系统约定"
    assert set("、".join(rows.values()).split("、")) == {"通知规定", "参照同类表格和规定", "本系统约定"}


@pytest.mark.parametrize("address", ["/", "/upload"])
def test_the_upload_box_says_that_old_files_are_taken_too(client: FlaskClient, address: str):
    assert "旧格式(doc、xls、wps、odt、ods)也收,本站先转换再核对" in client.get(address).text


def test_a_taken_port_is_an_error_before_anything_is_said():
    program = (
        "import sys\nimport app\nfrom services.settings import ROOT, load_settings\n"
        "try:\n    app.run(load_settings(), '127.0.0.1', int(sys.argv[1]))\n"
        "except OSError:\n    sys.stdout.write('taken')\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = [sys.executable, "-c", program, str(taken.getsockname()[1])]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert (ran.stdout, ran.stderr, ran.returncode) == ("taken", "", 0)


def test_the_manual_links_to_nothing_that_is_not_there(client: FlaskClient):
    page = client.get("/help").get_data(as_text=True)
    links = re.findall(r'<a href="([^"]+)">汇总与名单</a>', page)
    assert links
    assert {client.get(f"/{link}").status_code for link in links} == {200}


def test_the_help_page_is_the_manual_and_says_that_the_forms_are_reconstructed(client: FlaskClient):
    text = client.get("/help").text
    assert "第三步 上传核对" in text
    assert "不是部里印发的原件" in text
    assert "<table>" in text


def test_the_home_page_names_the_closing_days_of_the_notice_and_a_regions_earlier_ones(client: FlaskClient):
    assert "2006年8月31日(星期四)" in client.get("/").text
    assert "2006年10月21日(星期六)" in client.get("/").text
    assert "2006年8月25日(星期五)" in client.get("/?region=610000").text


def test_the_service_says_that_it_is_well_and_what_it_did(client: FlaskClient):
    client.get("/help")
    assert client.get("/healthz").text == "ok\n"
    counts = client.get("/metrics").text
    assert re.search(r'census_requests_total\{method="GET",endpoint="help_\.help_page",status="200"\} [1-9]', counts)


def test_our_own_failure_is_a_page_without_a_trace(client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("a secret word")

    monkeypatch.setattr("services.records.submissions.standing", broken)
    answer = client.get("/submissions")
    assert answer.status_code == 500
    assert "a secret word" not in answer.text
    assert "已经提交的内容不会丢失" in answer.text


def test_a_full_disk_is_named_and_nothing_is_kept(client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    body = {"csrf": token(client), "file": (io.BytesIO(b"\x89PNG\r\n\x1a\n"), "a.png"), "kind": "licence"}
    monkeypatch.setattr("os.fsync", full)
    answer = client.post("/packets/attachments", data=body)
    monkeypatch.undo()
    assert answer.status_code == 507
    assert "没有保存" in answer.text
    assert "a.png" not in client.get("/packets").text
