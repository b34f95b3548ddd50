"""比较 and 转到现行版本 on the pages and in the API: two forms side by side, one carried over."""

import io
import json
import re

import pytest
from flask.testing import FlaskClient

from services import desk
from services.catalogue import concrete
from services.check import Context
from services.record import build, entries_of, to_json
from services.sample import sample
from services.settings import load_settings
from tests.docx_edits import edited

FORM = concrete("worker-recommendation")
LEAD = concrete("evaluation")


def a_file(carrier: str = "json", form=FORM, **changed) -> bytes:
    record = build(form, entries_of(form, sample(form)) | changed)
    if carrier == "json":
        return json.dumps(to_json(form, record), ensure_ascii=False).encode()
    return desk.issue(form, record, carrier, load_settings()).data


def posted(client: FlaskClient, address: str, **parts):
    page = client.get("/compare").text
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return client.post(address, data={"csrf": found[1], **parts})


def two(old: bytes, new: bytes) -> dict[str, tuple[io.BytesIO, str]]:
    return {"old": (io.BytesIO(old), "原.docx"), "new": (io.BytesIO(new), "今.xlsx")}


def test_two_uploads_are_compared_and_nothing_is_kept(client: FlaskClient):
    answer = posted(client, "/compare", **two(a_file("docx"), a_file("xlsx", years=9, native="示范<市>")))
    assert answer.status_code == 200
    assert "有 2 处不同" in answer.text
    assert "<ins>示范&lt;市&gt;</ins>" in answer.text
    assert "原.docx" in answer.text
    assert "还没有" in client.get("/submissions").text


def test_identity_numbers_are_masked_beside_each_other(client: FlaskClient):
    answer = posted(client, "/compare", **two(a_file(id_no="11010519491231002X"), a_file()))
    assert "11010519491231002X" not in answer.text
    assert "110105********002X" in re.sub("<[^>]+>", "", answer.text)


@pytest.mark.parametrize(
    ("old", "new", "status", "said"),
    [
        (b"", b"", 400, "选择要比较的两份文件"),
        (b"words", a_file(), 422, "“原.docx”:这不是 Word"),
        (a_file(), a_file(form=LEAD), 422, "不是同一种表,不能逐栏比较"),
    ],
)
def test_what_cannot_be_compared_is_answered_with_the_reason(client: FlaskClient, old, new, status, said):
    parts = two(old, new) if old else {}
    answer = posted(client, "/compare", **parts)
    assert answer.status_code == status
    assert said in answer.text


def submitted(client: FlaskClient, data: bytes, name: str = "表.docx") -> str:
    answer = posted(client, "/upload", file=(io.BytesIO(data), name))
    assert answer.status_code == 303
    return answer.headers["Location"].split("?")[0]


def test_the_reviewer_sees_what_changed_since_the_version_before(client: FlaskClient):
    first, second = submitted(client, a_file()), submitted(client, a_file(years=9))
    page = client.get(second).text
    assert "与第 1 版的不同(1 处)" in page
    link = f"/compare/{first.rpartition('/')[2]}/{second.rpartition('/')[2]}"
    assert link in page
    assert "有 1 处不同" in client.get(link).text


def test_versions_of_another_form_are_not_compared(client: FlaskClient):
    one, other = (submitted(client, data).rpartition("/")[2] for data in (a_file(), a_file(form=LEAD)))
    assert client.get(f"/compare/{one}/{other}").status_code == 422
    assert client.get(f"/compare/{one}/nothing").status_code == 404


def older(root) -> None:
    for text in root.iter():
        if text.text and "1.0" in text.text:
            text.text = text.text.replace("1.0", "0.9")


def test_an_older_version_is_offered_to_be_carried_over(client: FlaskClient):
    data = a_file("docx")
    for side in ("portrait", "landscape"):
        data = edited(data, older, f"word/header-{side}.xml")
    own = submitted(client, data)
    assert "转到现行版本" in client.get(own).text
    page = client.get(f"{own}/upgrade").text
    assert "全部带过去了" in page
    made = client.get(f"{own}/upgraded?as=xlsx&edition=2006")
    found = desk.examine(made.data, "新.xlsx", Context(), load_settings())
    assert to_json(FORM, found.record) == to_json(FORM, sample(FORM))


def test_another_edition_says_what_is_to_be_filled_in_and_opens_on_the_page(client: FlaskClient):
    own = submitted(client, a_file(form=LEAD))
    page = client.get(f"{own}/upgrade?edition=today&region=610000").text
    assert "“统一社会信用代码”是陕西省现行版 1.0才有的栏目" in page
    assert "SX1" in page
    opened = posted(client, f"{own}/upgraded", edition="today", region="")
    assert opened.status_code == 303
    assert "现行版" in client.get(opened.headers["Location"]).text


# ---- the API ------------------------------------------------------------------------------------------


def test_the_api_compares_two_files(client: FlaskClient):
    answer = client.post("/api/v1/compare", data=two(a_file(), a_file(years=9)))
    found = answer.get_json()
    assert found["equal"] is False
    assert [(c["what"], c["field"], c["new"]) for c in found["changes"]] == [("changed", "years", "9")]
    assert [file["file"] for file in found["files"]] == ["原.docx", "今.xlsx"]


def test_the_api_wants_two_files(client: FlaskClient):
    answer = client.post("/api/v1/compare", data={"old": (io.BytesIO(a_file()), "一.json")})
    assert answer.status_code == 400
    assert "两份文件" in answer.get_json()["detail"]


def test_the_api_carries_a_record_over(client: FlaskClient):
    answer = client.post("/api/v1/upgrade?edition=today", json=json.loads(a_file(form=LEAD)))
    found = answer.get_json()
    assert (found["edition"], [f["code"] for f in found["findings"]]) == ("today", ["upgrade.asked"])
    assert found["values"]["examiners"] == to_json(LEAD, sample(LEAD))["values"]["examiners"]
    filled = client.post("/api/v1/upgrade?edition=today&as=pdf", json=json.loads(a_file(form=LEAD)))
    assert filled.data.startswith(b"%PDF-")
    assert client.post("/api/v1/upgrade?edition=1999", json=json.loads(a_file())).status_code == 404
