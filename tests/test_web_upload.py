"""Uploading: what becomes of a completed form, a faulty one, a corrected one, and of what is no form at all."""

import io
import json
import re
import zipfile

import pytest
from flask.testing import FlaskClient

from services import desk
from services.catalogue import concrete
from services.check import Context
from services.record import build, empty, entries_of, to_json
from services.sample import sample
from services.settings import load_settings
from tests.docx_edits import cell_after, edited, write

FORM = concrete("worker-recommendation")


def a_file(carrier: str = "docx", **changed) -> bytes:
    """The sample form with some answers changed, on a carrier."""
    record = build(FORM, entries_of(FORM, sample(FORM)) | changed)
    if carrier == "json":
        return json.dumps(to_json(FORM, record), ensure_ascii=False).encode()
    return desk.issue(FORM, record, carrier, load_settings()).data


def upload(client: FlaskClient, *files: tuple[bytes, str], **more: str):
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/upload").text)
    assert found
    parts = [(io.BytesIO(data), name) for data, name in files]
    return client.post("/upload", data={"csrf": found[1], "file": parts, **more})


def page_of(client: FlaskClient, answer) -> str:
    assert answer.status_code == 303
    return client.get(answer.headers["Location"]).text


@pytest.mark.parametrize("carrier", ["docx", "xlsx", "json"])
def test_a_clean_form_passes_and_shows_all_it_holds(client: FlaskClient, carrier: str):
    page = page_of(client, upload(client, (a_file(carrier, native="示范市甲区"), f"推荐表.{carrier}")))
    assert "核对通过" in page
    assert "示范市甲区" in page
    assert "第 1 版" in page


def test_a_faulty_form_is_answered_with_every_fault_its_place_and_what_to_do(client: FlaskClient):
    page = page_of(client, upload(client, (a_file(id_no="110105194912310021", years=None), "推荐表.docx")))
    assert "有 2 处需要修改" in page
    assert "“身份证号”末位校验码算得 X,现在是 1" in page
    assert "“从事鉴定工作年限”没有填写" in page
    assert "《优秀工作者推荐表》" in page
    assert "上传修改后的文件" in page


def test_the_numbers_of_persons_are_masked_on_the_page(client: FlaskClient):
    page = page_of(client, upload(client, (a_file(id_no="11010519491231002X"), "推荐表.docx")))
    assert "11010519491231002X" not in page
    assert "110105********002X" in page
    changed = page_of(client, upload(client, (a_file(id_no="11010519491231002X", sex="女"), "改.docx")))
    assert "11010519491231002X" not in changed


def test_the_marked_copy_is_the_clerks_own_file_and_reads_back_with_the_same_faults(client: FlaskClient):
    first = upload(client, (a_file(years=None), "推荐表.docx"))
    own = first.headers["Location"].split("?")[0]
    marked = client.get(f"{own}/marked")
    assert marked.status_code == 200
    assert "%E6%A0%87%E6%B3%A8%E7%A8%BF" in marked.headers["Content-Disposition"]  # 标注稿
    page = page_of(client, upload(client, (marked.data, "标注稿.docx")))
    assert "第 2 版" in page
    assert "有 1 处需要修改" in page
    assert "填写的内容完全相同" in page


def test_the_original_comes_back_byte_for_byte(client: FlaskClient):
    sent = a_file(years=None)
    own = upload(client, (sent, "推荐表.docx")).headers["Location"].split("?")[0]
    assert client.get(f"{own}/original").data == sent


def test_the_list_of_faults_opens_in_excel_and_computes_nothing(client: FlaskClient):
    own = upload(client, (a_file("docx", email="=1+1"), "推荐表.docx")).headers["Location"].split("?")[0]
    answer = client.get(f"{own}/findings.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert "'=1+1" in answer.text
    assert re.search(r"(?:^|,)=", answer.text, re.MULTILINE) is None


def test_the_same_file_twice_is_one_submission_and_the_clerk_is_told(client: FlaskClient):
    sent = a_file()
    first = upload(client, (sent, "推荐表.docx")).headers["Location"].split("?")[0]
    second = upload(client, (sent, "又一次.docx"))
    assert second.headers["Location"].split("?")[0] == first
    assert "以前传过" in page_of(client, second)


def test_a_corrected_file_is_the_next_version_with_its_differences(client: FlaskClient):
    first = upload(client, (a_file(years=None), "推荐表.docx")).headers["Location"].split("?")[0]
    page = page_of(client, upload(client, (a_file(years=9), "改.docx"), replaces=first.rpartition("/")[2]))
    assert "与第 1 版的不同(1 处)" in page
    assert "第 2 版" in page
    assert "最新的第 2 版" in client.get(first).text


def test_a_replaced_version_takes_no_reasons_and_leads_to_the_current_one(client: FlaskClient):
    first = upload(client, (a_file(email="无此邮箱"), "一.docx")).headers["Location"].split("?")[0]
    said = {"csrf": re.findall(r'name="csrf" value="([^"]+)"', client.get(first).text)[0], "reason.1": "网站没有邮箱"}
    assert client.post(f"{first}/reasons", data=said).status_code == 303
    second = upload(client, (a_file(email="也无邮箱"), "二.docx")).headers["Location"].split("?")[0]
    page = client.get(first).text
    assert "保存情况说明" not in page
    assert "网站没有邮箱</td>" in page
    assert f'现行的是<a href="{second}#reasons">第 2 版</a>' in page
    assert "保存情况说明" in client.get(second).text
    refused = client.post(f"{first}/reasons", data=said | {"reason.1": "后来又想改一改"})
    assert refused.status_code == 422
    assert "请写在最新的一版上" in refused.text


def test_what_could_not_be_read_is_shown_as_the_clerk_wrote_it(client: FlaskClient):
    def with_years(text: str) -> bytes:
        return edited(a_file(), lambda root: write(cell_after(root, "从事鉴定工作年限"), text))

    first = page_of(client, upload(client, (with_years("<b>九年多"), "一.docx")))
    assert 'class="pre bad">&lt;b&gt;九年多</td>' in first
    second = page_of(client, upload(client, (with_years("不到十年"), "二.docx")))
    assert "与第 1 版的不同(1 处)" in second
    assert "<del>&lt;b&gt;九年多</del></td>" in second
    assert "<ins>不到十年</ins></td>" in second


def test_a_corrected_number_is_asked_about_and_one_press_makes_one_form_of_the_two(client: FlaskClient):
    wrong = upload(client, (a_file(id_no="110105194912310040"), "错.docx")).headers["Location"].split("?")[0]
    answer = upload(client, (a_file(id_no="11010519491231002X"), "改.docx"))
    right, page = answer.headers["Location"].split("?")[0], page_of(client, answer)
    assert "可能和 SL00001 是同一份" in page
    assert "身份证号:SL00001 写的是 <b>110105********0040</b>,这一份写的是 <b>110105********002X</b>" in page
    assert "请到<a href" in client.get(wrong).text
    assert client.get("/packets").text.count("可能是同一份") == 2
    asked = {name: re.search(rf'name="{name}" value="(.+?)"', page) for name in ("csrf", "former")}
    pressed = {name: found[1] for name, found in asked.items() if found}
    joined = client.get(client.post(f"{right}/replace", data=pressed).headers["Location"]).text
    assert "与第 1 版的不同(1 处)" in joined
    assert "替换:SL00001 第 1 版" in joined
    assert "可能和" not in joined
    assert "最新的第 2 版" in client.get(wrong).text
    assert client.post(f"{right}/replace", data=pressed).status_code == 409


def test_several_files_and_a_zip_each_get_their_own_line(client: FlaskClient):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("甲/推荐表.docx", a_file(id_no="440524188001010014", name="李示例"))
        made.writestr("说明.txt", "不是表")
    answer = upload(client, (a_file(), "一.docx"), (archive.getvalue(), "一批.zip"), (b"", "空.docx"))
    page = page_of(client, answer)
    assert "上传结果:4 个文件" in page
    assert "有 2 个文件无法识别" in page
    assert "这个文件是空的" in page
    assert "李示例" in page


def test_forms_without_a_name_are_told_apart_by_file_and_time_where_they_are_chosen(client: FlaskClient):
    upload(client, (a_file(name=None, unit=None, id_no=None, agency_code=None), "甲.docx"))
    upload(client, (a_file(name=None, unit=None, id_no=None, agency_code=None, years=3), "乙.docx"))
    lines = [line for line in client.get("/packets").text.split("<tr>") if 'name="submission"' in line]
    assert [re.findall(r"[甲乙]\.docx", line)[:1] for line in lines] == [["乙.docx"], ["甲.docx"]]
    assert all(re.search(r"\d{4}年\d{1,2}月\d{1,2}日 \d\d:\d\d", line) for line in lines)


def a_zip(**files: bytes) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
    return archive.getvalue()


def test_a_line_leads_to_its_form_names_its_zip_and_what_it_replaced(client: FlaskClient):
    batch = a_zip(**{"改.docx": a_file(email="无此邮箱", years=None), "a.txt": b"x"})
    page = page_of(client, upload(client, (a_file(), "一.docx"), (batch, "一批.zip")))
    assert "一批.zip 里的 a.txt" in page
    lines = [line for line in page.split("<tr>") if "/submissions/" in line and ".docx" in line]
    assert [len(re.findall(r'href="/submissions/[a-z2-7]{26}"', line)) for line in lines] == [3, 3]
    assert "已被新版替换" in lines[0]
    assert "替换第 1 版" in lines[1]
    assert "一批.zip 里的 <a href=" in lines[1]
    assert "有误 1 处、需确认 1 处" in lines[1]


def test_an_empty_zip_is_said_to_hold_no_file(client: FlaskClient):
    assert "压缩包里没有文件" in page_of(client, upload(client, (a_zip(), "空.zip")))


@pytest.mark.parametrize("carrier", ["docx", "xlsx", "json"])
def test_a_form_in_which_nothing_is_filled_in_is_not_kept_and_the_clerk_is_told_where_to_begin(
    client: FlaskClient, carrier: str
):
    nothing = empty(FORM)
    data = desk.issue(FORM, nothing, carrier, load_settings()).data if carrier != "json" else b""
    page = page_of(client, upload(client, (data or json.dumps(to_json(FORM, nothing)).encode(), f"空.{carrier}")))
    assert "有 1 份表还没有填写" in page
    assert "这份《优秀工作者推荐表》还没有填写,没有收下。请打开它,从“一、个人情况”填起" in page
    assert "无法识别" not in page
    assert 'name="submission"' not in client.get("/packets").text


def test_a_blank_pdf_is_unfilled_too_and_a_filled_one_is_not():
    settings = load_settings()
    blank = desk.examine(desk.blank(FORM, "pdf", settings).data, "空.pdf", Context(), settings)
    assert desk.is_unfilled(blank, settings)
    assert not desk.is_unfilled(desk.examine(a_file("pdf"), "好.pdf", Context(), settings), settings)


def test_a_form_with_nothing_but_what_it_was_issued_with_is_not_kept(client: FlaskClient):
    issued = build(FORM, {"name": "张示例", "unit": "示例市职业技能鉴定所"})
    page = page_of(
        client,
        upload(client, (desk.issue(FORM, issued, "docx", load_settings()).data, "一.docx"), (b"", "空文件.docx")),
    )
    assert "除了签发时预先填好的 2 栏,还没有填写" in page
    assert "有 2 个文件没有收下" in page
    assert 'name="submission"' not in client.get("/packets").text


def test_a_form_begun_by_hand_is_kept_however_little_is_filled_in(client: FlaskClient):
    blank = desk.blank(FORM, "docx", load_settings()).data
    begun = edited(blank, lambda root: write(cell_after(root, "从事鉴定工作年限"), "9"))
    assert "第 1 版" in page_of(client, upload(client, (begun, "刚开始.docx")))
    unread = edited(blank, lambda root: write(cell_after(root, "从事鉴定工作年限"), "不到十年"))
    assert "不到十年" in page_of(client, upload(client, (unread, "没读懂.docx")))


def test_nothing_chosen_is_said_so_and_nothing_is_kept(client: FlaskClient):
    answer = upload(client)
    assert answer.status_code == 400
    assert "选择要核对的文件" in answer.text
    assert "<title>错误:" in answer.text


def test_more_than_fifty_files_are_refused_with_the_number(client: FlaskClient):
    answer = upload(client, *((b"x", f"{number}.docx") for number in range(51)))
    assert answer.status_code == 422
    assert "一次最多 50 个文件,现在是 51 个" in answer.text


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"hello", "a.docx"),
        (b"PK\x03\x04 cut off", "b.docx"),
        (b"<html><body>x</body></html>", "c.docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "d.docx"),
        (b"%PDF-1.7\n%%EOF", "e.pdf"),
        (b"{}", "f.json"),
        (b'{"form": "evaluation", "edition": "1999", "region": "", "values": {}}', "g.json"),
        (b'{"form": ["evaluation"], "edition": {}, "region": 3, "values": null}', "h.json"),
        (b"{" * 100_000, "i.json"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "j.png"),
    ],
)
def test_what_is_no_form_of_ours_is_refused_with_a_sentence_and_not_kept(client: FlaskClient, data: bytes, name: str):
    page = page_of(client, upload(client, (data, name)))
    assert "无法识别" in page
    assert name in page
    assert "还没有材料" in client.get("/submissions").text


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.docx",
        "<img src=x onerror=alert(1)>.docx",
        "很长" * 400 + ".docx",
        "\u202excod.exe.docx",
        "CON.docx",
        'a"; filename="evil.exe',
    ],
)
def test_a_hostile_file_name_is_only_a_text(client: FlaskClient, name: str):
    page = page_of(client, upload(client, (a_file(), name)))
    assert "<img src=x" not in page
    own = re.search(r"/submissions/([a-z2-7]+)/original", page)
    assert own
    header = client.get(f"/submissions/{own[1]}/original").headers["Content-Disposition"]
    assert re.fullmatch(r"attachment; filename=\"census\.docx\"; filename\*=UTF-8''[A-Za-z0-9%._-]+", header)


def test_text_that_looks_like_code_is_shown_as_text(client: FlaskClient):
    hostile = "<script>alert(1)</script>{{ 7*7 }}"
    page = page_of(client, upload(client, (a_file("json", unit=hostile), "推荐表.json")))
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in page


def test_a_reason_is_asked_for_what_must_be_confirmed_and_is_kept(client: FlaskClient):
    answer = upload(client, (a_file(email="无此邮箱"), "推荐表.docx"))
    own = answer.headers["Location"].split("?")[0]
    page = page_of(client, answer)
    assert "处需要确认" in page
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)
    assert csrf
    short = client.post(f"{own}/reasons", data={"csrf": csrf[1], "reason.1": "有"})
    assert short.status_code == 422
    assert "至少写 5 个字" in short.text
    done = client.post(f"{own}/reasons", data={"csrf": csrf[1], "reason.1": "单位没有电子邮箱"})
    assert done.status_code == 303
    assert "单位没有电子邮箱</textarea>" in client.get(own).text


def test_a_submission_can_be_returned_with_a_message_and_withdrawn(client: FlaskClient):
    answer = upload(client, (a_file(), "推荐表.docx"))
    own = answer.headers["Location"].split("?")[0]
    csrf = re.search(r'name="csrf" value="([^"]+)"', client.get(own).text)
    assert csrf
    client.post(f"{own}/return", data={"csrf": csrf[1], "message": "请补单位意见"})
    assert "已退回修改" in client.get(own).text
    assert "请补单位意见" in client.get(own).text
    refused = client.post(f"{own}/accept", data={"csrf": csrf[1]})
    assert refused.status_code == 409
    client.post(f"{own}/withdraw", data={"csrf": csrf[1]})
    assert "还没有材料" in client.get("/submissions").text


def test_reviewing_is_folded_away_and_returning_asks_for_a_message(client: FlaskClient):
    own = upload(client, (a_file(), "推荐表.docx")).headers["Location"].split("?")[0]
    page = client.get(own).text
    folded = re.search(r"<details>\s*<summary>上级审核用</summary>.*?</details>", page, re.DOTALL)
    assert folded
    assert "审核通过</button>" in folded[0]
    assert "退回修改</button>" in folded[0]
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)
    assert csrf
    refused = client.post(f"{own}/return", data={"csrf": csrf[1], "message": "  "})
    assert refused.status_code == 422
    assert "退回修改要写明意见" in refused.text
    assert "已退回" not in client.get(own).text


def test_a_version_that_was_replaced_or_withdrawn_is_not_bound(client: FlaskClient):
    old = upload(client, (a_file(), "一.docx")).headers["Location"].split("?")[0]
    new = upload(client, (a_file(years=3), "二.docx")).headers["Location"].split("?")[0]
    csrf = re.search(r'name="csrf" value="([^"]+)"', client.get(new).text)
    assert csrf
    refused = client.post("/packets", data={"csrf": csrf[1], "submission": old.rpartition("/")[2]})
    assert refused.status_code == 409
    assert "已被新版替换,不能装订" in refused.text
    client.post(f"{new}/withdraw", data={"csrf": csrf[1]})
    refused = client.post("/packets", data={"csrf": csrf[1], "submission": new.rpartition("/")[2]})
    assert "已撤回,不能装订" in refused.text


def test_a_form_that_was_returned_is_listed_as_such_and_not_bound_until_it_is_corrected(client: FlaskClient):
    own = upload(client, (a_file(), "一.docx")).headers["Location"].split("?")[0]
    csrf = re.search(r'name="csrf" value="([^"]+)"', client.get(own).text)
    assert csrf
    client.post(f"{own}/return", data={"csrf": csrf[1], "message": "请补单位意见"})
    listed = client.get("/packets").text
    assert "已退回" in listed
    assert re.search(r'<input type="checkbox"[^>]*name="submission"[^>]*\bdisabled\b', listed)
    assert "生成上报材料</a>" not in client.get(own).text.partition("<footer")[0].partition('id="main"')[2]
    refused = client.post("/packets", data={"csrf": csrf[1], "submission": own.rpartition("/")[2]})
    assert refused.status_code == 409
    assert "已退回修改,不能装订。请照退回意见改好,上传改好的一版" in refused.text


def test_an_attachment_that_cannot_be_bound_is_refused_when_it_is_added(client: FlaskClient):
    csrf = re.search(r'name="csrf" value="([^"]+)"', client.get("/packets").text)
    assert csrf
    for data, kind, said in (
        (b"hello", "licence", "不是 PDF、图片、Word 或 Excel 文件"),
        (b"%PDF-1.7", "", "先选“是什么材料”"),
        (b"%PDF-1.7", "nothing", "没有“nothing”这种附件"),
    ):
        body = {"csrf": csrf[1], "kind": kind, "file": (io.BytesIO(data), "附件.pdf")}
        answer = client.post("/packets/attachments", data=body)
        assert answer.status_code in (400, 422)
        assert said in answer.text
    assert "还没有附件" in client.get("/packets").text
