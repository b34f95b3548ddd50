"""The return slip (退回修改单, rule K07): its lines, deadline and paper, and the answers that the next version owes."""

import io
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import insert, text, update

from services.catalogue import concrete
from services.findings import Finding, Severity
from services.record import build, entries_of, to_json
from services.records import arrivals, review, slips, store, submissions, tables
from services.records.arrivals import Arrival
from services.records.slip import Slip, Terms, default_deadline, field_named
from services.records.store import Store
from services.records.submissions import RefusedError, Submission
from services.sample import sample

FORM = concrete("worker-recommendation")
LEAD = concrete("evaluation")
TODAY = date(2006, 8, 7)
API = "/api/v1/submissions"
HOSTILE = '<script>alert(1)</script> & "#set" $x$ *粗* {{ 7*7 }}'


def a_finding(code: str, field: str, severity: Severity, message: str) -> Finding:
    return Finding(
        code=code,
        rule="I04",
        severity=severity,
        field=field,
        label="从事鉴定工作年限",
        place="《优秀工作者推荐表》 · 从事鉴定工作年限",
        got="39",
        want="不超过 30 年",
        message=message,
        message_en="",
        source="c",
    )


FAULT = a_finding("years.much", "years", Severity.MUST_FIX, "“从事鉴定工作年限”现在是“39。5”。请照实填写")
ODD = a_finding("years.odd", "years", Severity.CONFIRM, "“从事鉴定工作年限”与出生年月相差不大")
HINT = a_finding("years.hint", "years", Severity.NOTE, "“从事鉴定工作年限”可以不写“年”")


@pytest.fixture
def kept(tmp_path: Path) -> Store:
    return store.open_store(tmp_path)


def arrive(kept: Store, *findings: Finding, **values) -> Submission:
    """A kept form: the same person's every time, so that each is the next version."""
    answers = {"name": "张示例", "unit": "示范单位", "id_no": "11010519491231002X", "years": 8, **values}
    arrival = Arrival(
        form=FORM,
        record=build(FORM, answers),
        findings=findings,
        original=repr((findings, values)).encode(),
        filename="推荐表.docx",
        carrier="docx",
    )
    return arrivals.keep(kept, kept.unit, arrival)[0]


def give_back(kept: Store, own: str, message: str, **said) -> Slip:
    review.give_back(kept, kept.unit, own, message, Terms(today=TODAY, **said))
    found = slips.slip_of(kept, kept.unit, submissions.get(kept, kept.unit, own))
    assert found
    return found


def states(kept: Store, own: str) -> list[str]:
    found = slips.answering(kept, kept.unit, submissions.get(kept, kept.unit, own))
    assert found
    return [reply.state for reply in found[1]]


# ---- the slip ---------------------------------------------------------------------------------------


def test_the_lines_are_what_must_be_fixed_what_was_not_explained_and_each_line_of_the_message(kept: Store):
    own = arrive(kept, FAULT, ODD, HINT).id
    slip = give_back(kept, own, "电话:打不通\r\n\r\n请补盖公章", handler="王示例")
    assert slip.number == "TH00001-1"
    assert (slip.unit_name, slip.handler, slip.returned_on) == ("演示省", "王示例", TODAY)
    assert [(line.label, line.problem, line.rule, line.remedy, line.field) for line in slip.lines] == [
        ("从事鉴定工作年限", "“从事鉴定工作年限”现在是“39。5”", "I04", "请照实填写", "years"),
        (
            "从事鉴定工作年限",
            "“从事鉴定工作年限”与出生年月相差不大",
            "I04",
            "填错的请改正;情况属实的,请写明原因",
            "years",
        ),
        ("电话", "电话:打不通", "审核意见", "请照意见改正这一栏;不改的,请写明原因", "phone"),
        ("审核意见", "请补盖公章", "审核意见", "请照意见改正,并写明改了什么", ""),
    ]


def test_a_finding_that_was_explained_is_no_line(kept: Store):
    own = arrive(kept, ODD).id
    review.give_reason(kept, kept.unit, own, finding=("years.odd", "years"), text="兼职的年限也算在内")
    assert [line.problem for line in give_back(kept, own, "请补盖公章").lines] == ["请补盖公章"]


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ("机构编码:与许可证不符", "agency_code"),
        ("2、“机构编码”写错了", "agency_code"),
        ("鉴定所(站)名称应与公章一致", "name"),
        ("A04 照片看不清", "items.A04"),
        ("A04 制度公示 自评分偏高", "items.A04.self"),
        ("附表1-3 第2行 身份证号:核对", "examiners.1.id_no"),
        ("附表1-3 第9行 身份证号:核对", "examiners"),
        ("请补盖公章", ""),
        ("关于机构编码", ""),
    ],
)
def test_a_line_is_about_the_field_whose_printed_label_it_begins_with(said: str, path: str):
    record = build(LEAD, {"examiners.0.name": "甲", "examiners.1.name": "乙"})
    assert field_named(LEAD, record, said) == path


@pytest.mark.parametrize(
    ("today", "region", "last"),
    [
        (date(2006, 8, 7), "", date(2006, 8, 21)),  # ten working days, two weekends between
        (date(2006, 8, 5), "", date(2006, 8, 18)),  # counted from a Saturday
        (date(2006, 10, 16), "", date(2006, 10, 21)),  # the packet's last day comes first
        (date(2006, 10, 21), "", date(2006, 10, 21)),
        (date(2026, 11, 23), "", date(2026, 12, 7)),  # long past it
    ],
)
def test_the_deadline_is_ten_working_days_or_the_closing_day(today: date, region: str, last: date):
    assert default_deadline(region, today) == last


def test_the_deadline_is_never_before_today_and_a_refused_return_changes_nothing(kept: Store):
    own = arrive(kept).id
    with pytest.raises(RefusedError, match="早于今天"):
        review.give_back(kept, kept.unit, own, "请补章", Terms(today=TODAY, deadline=date(2006, 8, 6)))
    assert submissions.get(kept, kept.unit, own).state == "received"
    assert give_back(kept, own, "请补章", deadline=TODAY).deadline == TODAY


def test_findings_of_the_whole_file_are_told_apart_by_their_labels(kept: Store):
    lost = [replace(FAULT, code="layout.part-removed", field="", label=label) for label in ("工作简历", "奖惩情况")]
    give_back(kept, arrive(kept, *lost).id, "见清单")
    assert states(kept, arrive(kept, lost[1]).id) == ["settled", "open", "open"]


# ---- the answers ------------------------------------------------------------------------------------


def test_a_line_settles_by_itself_when_its_finding_is_gone_or_its_field_changed(kept: Store):
    give_back(kept, arrive(kept, FAULT, years=39).id, "电话:打不通\n请补盖公章")
    new = arrive(kept, phone="029-82600001", years=9)
    assert states(kept, new.id) == ["settled", "settled", "open"]
    found = slips.answering(kept, kept.unit, new)
    assert found
    assert [[(c.old, c.new) for c in reply.changes] for reply in found[1]] == [
        [("39", "9")],
        [("", "029-82600001")],
        [],
    ]


def test_a_version_is_not_accepted_until_every_line_is_answered(kept: Store):
    give_back(kept, arrive(kept).id, "电话:打不通\n请补盖公章")
    new = arrive(kept, years=9).id
    with pytest.raises(RefusedError) as refused:
        review.move(kept, kept.unit, new, action="accept")
    assert "退回修改单 TH00001-1 还有 2 条没有改正或答复:第 1 条“电话”、第 2 条“审核意见”" in refused.value.message
    assert "K07" in refused.value.message
    assert (
        refused.value.message_en == "lines 1, 2 of return slip TH00001-1 are neither corrected nor answered (rule K07)"
    )
    slips.give_answers(kept, kept.unit, new, {1: "电话已改接总机", 2: "公章已补盖在第三页"})
    assert review.move(kept, kept.unit, new, action="accept").state == "accepted"
    with store.reading(kept) as connection:
        told = [(act.action, act.detail) for act in store.acts(connection, kept.unit, new)]
    assert told[1:] == [
        ("answered", "第 1 条“电话”:电话已改接总机"),
        ("answered", "第 2 条“审核意见”:公章已补盖在第三页"),
        ("accepted", ""),
    ]


def test_answers_are_kept_all_or_none_and_have_five_characters(kept: Store):
    give_back(kept, arrive(kept).id, "请补盖公章\n请补照片")
    new = arrive(kept, years=9).id
    with pytest.raises(RefusedError, match="第 2 条“审核意见”的答复应写 5 至 500 个字"):
        slips.give_answers(kept, kept.unit, new, {1: "公章已经补盖", 2: "已补了"})
    with pytest.raises(RefusedError, match="没有要答复的第 3 条"):
        slips.give_answers(kept, kept.unit, new, {1: "公章已经补盖", 3: "没有这一条呀"})
    assert states(kept, new) == ["open", "open"]


def test_what_must_be_fixed_is_not_answered_in_words_and_what_is_confirmed_becomes_its_reason(kept: Store):
    give_back(kept, arrive(kept, FAULT, ODD).id, "见清单")
    new = arrive(kept, FAULT, ODD, phone="029-82600001").id
    with pytest.raises(RefusedError, match="第 1 条“从事鉴定工作年限”必须改正"):
        slips.give_answers(kept, kept.unit, new, {1: "不用改也是对的"})
    slips.give_answers(kept, kept.unit, new, {2: "兼职的年限也算在内"})
    assert review.reasons_of(kept, kept.unit, new) == {("years.odd", "years"): "兼职的年限也算在内"}
    assert states(kept, new) == ["open", "answered", "open"]


def test_a_reason_given_for_a_finding_answers_its_line(kept: Store):
    give_back(kept, arrive(kept, ODD).id, "电话:打不通")
    new = arrive(kept, ODD, phone="029-82600001").id
    assert states(kept, new) == ["open", "settled"]
    review.give_reason(kept, kept.unit, new, finding=("years.odd", "years"), text="兼职的年限也算在内")
    assert states(kept, new) == ["answered", "settled"]


def test_a_line_about_a_row_follows_the_row_when_others_move(kept: Store):
    def with_posts(*posts: str) -> str:
        return arrive(kept, **{f"career.{row}.post": post for row, post in enumerate(posts)}).id

    give_back(kept, with_posts("教师", "主任"), "工作简历 第2行 职务:核对\n工作简历 第1行:核对")
    assert states(kept, with_posts("科员", "教师", "主任")) == ["open", "open"]
    assert states(kept, with_posts("科员", "教师")) == ["settled", "open"]


def test_a_slip_is_owed_by_every_version_until_one_is_accepted(kept: Store):
    give_back(kept, arrive(kept).id, "请补盖公章")
    second = arrive(kept, years=9).id
    slips.give_answers(kept, kept.unit, second, {1: "公章已补盖在第三页"})
    third = arrive(kept, years=10)
    assert states(kept, third.id) == ["answered"]
    review.move(kept, kept.unit, third.id, action="accept")
    assert slips.answering(kept, kept.unit, arrive(kept, years=11)) is None


def test_without_a_slip_acceptance_and_withdrawal_are_as_before(kept: Store):
    first = arrive(kept)
    assert slips.answering(kept, kept.unit, first) is None
    assert review.move(kept, kept.unit, first.id, action="accept").state == "accepted"
    assert review.move(kept, kept.unit, arrive(kept, years=9).id, action="withdraw").state == "withdrawn"


def test_another_unit_sees_and_answers_nothing(kept: Store):
    with store.writing(kept) as connection:
        connection.execute(insert(tables.units).values(id="other", code="OTHER", name="另一省", kind="region"))
    old = arrive(kept)
    give_back(kept, old.id, "请补盖公章")
    new = arrive(kept, years=9)
    assert slips.slip_of(kept, "other", old) is None
    assert slips.answering(kept, "other", new) is None
    with pytest.raises(submissions.UnknownSubmissionError):
        slips.give_answers(kept, "other", new.id, {1: "公章已补盖在第三页"})


def test_a_database_of_an_older_version_goes_on_and_its_returned_forms_owe_nothing(tmp_path: Path):
    first = store.open_store(tmp_path)
    review.move(first, first.unit, arrive(first).id, action="return", message="请补盖公章")
    with store.writing(first) as connection:
        for table in ("slip_answers", "return_slips"):
            connection.execute(text(f"DROP TABLE {table}"))
    again = store.open_store(tmp_path)
    new = arrive(again, years=9)
    assert slips.answering(again, again.unit, new) is None
    assert review.move(again, again.unit, new.id, action="accept").state == "accepted"


# ---- the page and the API ---------------------------------------------------------------------------


def a_file(**changed) -> bytes:
    record = build(FORM, entries_of(FORM, sample(FORM)) | changed)
    return json.dumps(to_json(FORM, record), ensure_ascii=False).encode()


def send(client: FlaskClient, **changed) -> str:
    """The id of a submission that came by the API."""
    data = {"file": (io.BytesIO(a_file(**changed)), "表.json")}
    return client.post(API, data=data).get_json()["id"]


def post(client: FlaskClient, address: str, **said: str):
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/upload").text)
    assert found
    return client.post(address, data={"csrf": found[1], **said})


def words_of(pdf: bytes) -> str:
    """The text of a PDF in reading order, without blanks."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def test_the_page_returns_with_a_deadline_and_shows_the_slip(client: FlaskClient):
    own = send(client)
    suggested = re.search(r'name="deadline" min="([\d-]+)" value="([\d-]+)"', client.get(f"/submissions/{own}").text)
    assert suggested
    assert suggested[1] < suggested[2]
    said = {"message": f"民族:{HOSTILE}", "deadline": "2999-01-31", "handler": "王<b>示例"}
    assert post(client, f"/submissions/{own}/return", **said).status_code == 303
    page = client.get(f"/submissions/{own}").text
    assert "退回修改单(1 条)" in page
    assert "TH00001-1" in page
    assert "2999年1月31日" in page
    assert "王&lt;b&gt;示例" in page
    assert "民族:&lt;script&gt;alert(1)&lt;/script&gt; &amp; " in page
    assert "{{ 7*7 }}" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("deadline", ["2006-08-31", "明天"])
def test_a_deadline_that_is_past_or_no_day_is_refused_and_what_was_typed_stays(client: FlaskClient, deadline: str):
    own = send(client)
    refused = post(client, f"/submissions/{own}/return", message="请补盖公章", deadline=deadline)
    assert refused.status_code == 422
    assert "改好期限" in refused.text
    assert ">请补盖公章</textarea>" in refused.text
    assert client.get(f"{API}/{own}").get_json()["state"] == "received"
    problem = client.post(f"{API}/{own}/return", json={"message": "请补盖公章", "deadline": deadline})
    assert (problem.status_code, problem.get_json(force=True)["code"]) == (422, "deadline")
    assert client.post(f"{API}/{own}/return", json={"message": "请补章", "handler": 3}).status_code == 400


def test_the_paper_has_number_lines_deadline_and_receipt_in_this_order(client: FlaskClient):
    own = send(client)
    body = {"message": f"民族:{HOSTILE}\n请补盖公章", "deadline": "2999-01-31", "handler": "王示例"}
    client.post(f"{API}/{own}/return", json=body)
    answer = client.get(f"/submissions/{own}/slip.pdf")
    assert answer.content_type == "application/pdf"
    assert "%E9%80%80%E5%9B%9E%E4%BF%AE%E6%94%B9%E5%8D%95" in answer.headers["Content-Disposition"]  # 退回修改单
    said = words_of(answer.data)
    wanted = (
        "编号:TH00001-1",
        "退回修改单",
        "有下列2处要改正或答复",
        "请在2999年1月31日以前",
        "栏目和位置",
        '民族:<script>alert(1)</script>&"#set"$x$*粗*{{7*7}}',
        "请照意见改正这一栏",
        "审核意见",
        "请补盖公章",
        "退回单位：演示省(盖章)",
        "签收人：",
        "经办人：王示例",
        "签收日期：",
        "退回日期：",
    )
    places = [said.find(words) for words in wanted]
    assert -1 not in places, wanted[places.index(-1)]
    assert places == sorted(places)
    page = PdfReader(io.BytesIO(client.get(f"{API}/{own}/slip.pdf").data)).pages[0]
    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [210, 297]


def test_letters_that_no_face_has_and_long_words_are_printed_all_the_same(client: FlaskClient):
    own = send(client)
    body = {"message": "补章\u0000\u0007\u202e😀" + "长" * 900 + "x" * 900, "handler": "王\u0000\ud800😀"}
    assert client.post(f"{API}/{own}/return", json=body).status_code == 200
    said = words_of(client.get(f"{API}/{own}/slip.pdf").data)
    assert said.count("长") == 900
    assert said.count("x") == 900
    assert "补章" in said
    for name, words in (("message", "长" * 2_001), ("handler", "王" * 41)):
        refused = client.post(f"{API}/{send(client, years=3)}/return", json={"message": "请补章", name: words})
        assert refused.status_code == 400


def test_the_api_gives_the_slip_and_takes_the_answers(client: FlaskClient):
    old = send(client)
    assert client.get(f"{API}/{old}/slip").status_code == 404
    client.post(f"{API}/{old}/return", json={"message": "民族:核对\n请补盖公章", "deadline": "2999-01-31"})
    slip = client.get(f"{API}/{old}/slip").get_json()
    assert (slip["number"], slip["submission"], slip["deadline"], slip["open"]) == ("TH00001-1", old, "2999-01-31", 2)
    new = send(client, ethnic="回族")
    slip = client.get(f"{API}/{new}/slip").get_json()
    assert [(line["line"], line["state"]) for line in slip["lines"]] == [(1, "settled"), (2, "open")]
    assert [(change["old"], change["new"]) for change in slip["lines"][0]["changes"]] == [("汉族", "回族")]
    refused = client.post(f"{API}/{new}/accept")
    assert refused.status_code == 409
    assert "第 2 条“审核意见”" in refused.get_json(force=True)["detail"]
    assert "K07" in refused.get_json(force=True)["title"]
    answers = {"answers": [{"line": 2, "answer": "公章已补盖在第三页"}]}
    assert client.post(f"{API}/{new}/answers", json=answers).get_json()["open"] == 0
    assert client.post(f"{API}/{new}/accept").get_json()["state"] == "accepted"
    assert client.post(f"{API}/{new}/answers", json=answers).status_code == 409


@pytest.mark.parametrize("body", [{}, {"answers": "好"}, {"answers": [{"line": "1", "answer": "公章已补盖"}]}])
def test_answers_of_another_shape_are_refused(client: FlaskClient, body: dict[str, object]):
    assert client.post(f"{API}/{send(client)}/answers", json=body).status_code == 400


def test_the_next_version_is_answered_on_its_page_and_bound_only_then(client: FlaskClient):
    old = send(client)
    post(client, f"/submissions/{old}/return", message="民族:核对\n请补盖公章")
    new = send(client, ethnic="回族")
    page = client.get(f"/submissions/{new}").text
    assert "对退回修改单的答复(还有 1 条)" in page
    assert "<del>汉</del>族 → <ins>回</ins>族" in page or "<del>汉族</del> → <ins>回族</ins>" in page
    assert 'name="answer.1"' not in page
    assert "审核通过</button>" not in page
    assert "生成上报材料</a>" not in page.partition("<footer")[0].partition('id="main"')[2]
    refused = post(client, "/packets", submission=new)
    assert refused.status_code == 409
    assert "退回修改单 TH00001-1 还有 1 条没有改正或答复:第 2 条“审核意见”" in refused.text
    short = post(client, f"/submissions/{new}/answers", **{"answer.2": "<b>已"})
    assert short.status_code == 422
    assert "&lt;b&gt;已</textarea>" in short.text
    assert (
        post(client, f"/submissions/{new}/answers", **{"answer.2": "公章<i>已补盖\r\n" + "在" * 491}).status_code == 303
    )
    page = client.get(f"/submissions/{new}").text
    assert "2 条都已改正或答复" in page
    assert "答复退回修改单:第 2 条“审核意见”:公章&lt;i&gt;已补盖\n在在" in page
    assert "审核通过</button>" in page
    assert post(client, f"/submissions/{new}/accept").status_code == 303
    assert "答复:公章&lt;i&gt;已补盖" in client.get(f"/submissions/{new}").text


def test_pages_and_paper_of_another_units_slip_are_not_there(client: FlaskClient, tmp_path: Path):
    own = send(client)
    client.post(f"{API}/{own}/return", json={"message": "请补盖公章"})
    kept = store.open_store(tmp_path)
    with store.writing(kept) as connection:
        connection.execute(insert(tables.units).values(id="other", code="OTHER", name="另一省", kind="region"))
        for table in (tables.submissions, tables.return_slips):
            connection.execute(update(table).values(unit_id="other"))
    for address in (f"{API}/{own}/slip", f"{API}/{own}/slip.pdf", f"/submissions/{own}/slip.pdf"):
        assert client.get(address).status_code == 404
    answers = {"answers": [{"line": 1, "answer": "公章已补盖在第三页"}]}
    assert client.post(f"{API}/{own}/answers", json=answers).status_code == 404
    assert post(client, f"/submissions/{own}/answers", **{"answer.1": "公章已补盖"}).status_code == 404
