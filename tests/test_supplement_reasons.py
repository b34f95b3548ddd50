"""Reasons (情况说明) behind a packet: carried over where the situation is the same, asked anew where it has changed."""

import re

import pypdf
import pytest

from services.bundle.answered import Written
from services.bundle.carried import asked_anew, carried
from services.bundle.packet import Job, Options
from services.bundle.supplement import append
from services.catalogue import concrete
from services.record import entries_of
from services.sample import sample
from services.settings import load_settings
from tests.test_region_packet import CONTEXT, bound, exempt, record

SAID = "两站同属一个集团,由同一人起草。"
FORM = concrete("station-recommendation", "", "610000")
FIRST = "西安市启明高级技工学校职业技能鉴定站(26012001)"


def asked(**changes):
    question = {"station": "26012001", "name": "甲所", "form": "evaluation", "file": "一.docx", "code": "T02.area"}
    question |= {"rule": "T02", "field": "owned_area", "label": "自有面积", "place": "评估表 · 自有面积"}
    return question | {"message": "“自有面积”为 80", "reason": ""} | changes


def test_the_same_question_keeps_its_reason_whatever_its_file_is_called_now():
    found = carried([asked(file="js.pdf · 09_26012001_F1.docx")], [asked(reason=SAID)])
    assert [one["reason"] for one in found.reasons] == [SAID]
    assert found.findings == ()


def test_another_situation_is_asked_anew_beside_the_reason_given_for_the_former_one():
    now = asked(message="“自有面积”为 60", reason=SAID)  # the form's own record still bears the reason of before
    found = carried([now], [asked(reason=SAID)])
    (one,) = found.reasons
    assert (one["reason"], one["former_reason"], one["former_message"]) == ("", SAID, "“自有面积”为 80")
    (said,) = asked_anew(found.reasons)
    assert said.severity == "confirm"
    assert "1 处的情况与原材料不同" in said.message


def test_what_is_asked_anew_is_still_known_two_supplements_later():
    once = carried([asked(message="“自有面积”为 60")], [asked(reason=SAID)]).reasons
    (again,) = carried([asked(message="“自有面积”为 60")], once).reasons
    assert (again["reason"], again["former_reason"]) == ("", SAID)


def test_a_reason_given_just_now_counts_before_the_former_one():
    (one,) = carried([asked(reason="新的说明在此。")], [asked(reason=SAID)]).reasons
    assert one["reason"] == "新的说明在此。"


def test_a_reason_is_of_its_own_station_person_and_field_only():
    others = [asked(station="26012002"), asked(name="乙所"), asked(field="rented_area"), asked(form="worker")]
    found = carried(others, [asked(reason=SAID)])
    assert [one["reason"] for one in found.reasons] == ["", "", "", ""]


def test_a_reason_whose_question_is_gone_is_named():
    (said,) = carried([], [asked(reason=SAID)]).findings
    assert said.severity == "note"
    assert "“自有面积”为 80" in said.message


@pytest.fixture(scope="module")
def former(tmp_path_factory):
    """A packet with a question between two of its forms, which was explained in a sheet, and that sheet's row."""
    sources = exempt(1), exempt(0)
    (question,) = bound(*sources).manifest["reasons"]
    row = Written(
        sheet="说明.xlsx",
        row=5,
        input=question["file"],
        number=question["code"],
        message=question["message"],
        reason=SAID,
        name=question["name"],
        place=question["place"],
    )
    path = tmp_path_factory.mktemp("explained") / "js.pdf"
    path.write_bytes(bound(*sources, written=(row,)).pdf)
    return path, row


def added(former, late, target, **options):
    job = Job(recipe="region", sources=(late,), context=CONTEXT, settings=load_settings(), options=Options(**options))
    return append(job, former, target)


def told(path, made):
    """The words of the 数据情况说明表 that a supplement prints again."""
    entry = next(one for one in made.manifest["entries"] if one["title"] == "数据情况说明表(补充后)")
    pages = pypdf.PdfReader(path).pages[entry["first_page"] - 1 : entry["last_page"]]
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def test_a_supplement_tells_the_reasons_of_the_packet_it_is_added_to(former, tmp_path):
    made = added(former[0], record(0, "worker-recommendation"), tmp_path / "b.pdf")
    assert [(one["name"], one["reason"]) for one in made.manifest["reasons"]] == [(FIRST, SAID)]
    assert "写有说明的1处" in told(tmp_path / "b.pdf", made)


def test_a_supplement_that_changes_the_situation_prints_the_old_reason_as_that_of_before(former, tmp_path):
    deeds = dict(entries_of(FORM, sample(FORM, 0)))["deeds"]
    made = added(former[0], exempt(1, deeds=deeds), tmp_path / "b.pdf")  # now it is copied word for word
    said = told(tmp_path / "b.pdf", made)
    assert "写有说明的0处,情况已经改变、须重新说明的1处" in said
    assert "补充前的说明" in said
    assert "reasons.former" in {finding.code for finding in made.findings}
    first = next(one for one in made.manifest["reasons"] if one["name"] == FIRST)
    assert (first["reason"], first["former_reason"]) == ("", SAID)


def test_the_sheet_of_before_fits_the_packet_that_is_added_to(former, tmp_path):
    path, row = former
    made = added(path, record(0, "worker-recommendation"), tmp_path / "b.pdf", written=(row,))
    assert [one["reason"] for one in made.manifest["reasons"]] == [SAID]
    assert [finding.code for finding in made.findings if finding.code.startswith("reasons")] == []
