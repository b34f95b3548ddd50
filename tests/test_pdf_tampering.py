"""PDF forms whose printed text was changed by programs: each change is named with its place, old and new text."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from pypdf import annotations, generic

from services import record as records
from services.carriers import pdf
from services.carriers.reading import Reading
from services.catalogue import concrete
from services.findings import Finding, Severity
from services.form import Form
from services.identity import stamp
from services.record import Record
from services.sample import sample
from tests import pdf_edits as edits
from tests.pdf_changes import CHANGES, PERSON, Change

SECRET = b"a key that only the tests use"
WORKER = "worker-recommendation"
EVALUATION = "evaluation"
PLACE = "《优秀工作者推荐表》"


def issued(form: Form, record: Record) -> bytes:
    return pdf.fill(form, record, stamp(form, record, SECRET)).data


@pytest.fixture(scope="module")
def worker() -> Form:
    return concrete(WORKER)


@pytest.fixture(scope="module")
def blank(worker: Form) -> bytes:
    return issued(worker, records.empty(worker))


@pytest.fixture(scope="module")
def filled(worker: Form) -> bytes:
    return issued(worker, sample(worker, 3))


@pytest.fixture(scope="module")
def evaluation() -> Form:
    return concrete(EVALUATION)


@pytest.fixture(scope="module")
def scored(evaluation: Form) -> bytes:
    return issued(evaluation, records.empty(evaluation))


def asked(reading: Reading) -> list[Finding]:
    """What a clerk is asked or told to mend of the printed form."""
    told = (f for f in reading.findings if f.severity is not Severity.NOTE)
    return [f for f in told if f.rule in {"D01", "D02"} and f.code != "layout.printed"]


def summary(reading: Reading) -> set[tuple[str, str]]:
    return {(finding.code, finding.place) for finding in asked(reading)}


def said(reading: Reading) -> str:
    return "".join(f"{finding.message}{finding.got}{finding.want}".replace(" ", "") for finding in asked(reading))


def untold(text: str, words: Sequence[str]) -> list[str]:
    return [word for word in words if word not in text]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_a_change_of_a_filled_form_is_named_with_its_place_and_both_texts(filled, worker, change: Change):
    reading = pdf.read(worker, change.change(filled))
    assert summary(reading) >= {(change.code, PLACE + change.place)}
    assert len(asked(reading)) == 1
    assert untold(said(reading), change.words) == []
    assert reading.raw["id_no"] == pdf.read(worker, filled).raw["id_no"]


SAVERS: Sequence[Callable[[bytes], bytes]] = (
    edits.by_qpdf,
    edits.by_pypdf,
    edits.by_pikepdf,
    edits.flattened,
    edits.by_pdftocairo,
)


@pytest.mark.parametrize(("number", "change"), list(enumerate(CHANGES)), ids=lambda each: getattr(each, "name", ""))
def test_a_change_is_named_after_another_program_saved_the_form(blank, worker, number: int, change: Change):
    saver = SAVERS[number % len(SAVERS)]
    reading = pdf.read(worker, saver(change.change(blank)))
    assert (change.code, PLACE + change.place) in summary(reading)
    assert len(asked(reading)) == 1
    assert untold(said(reading), change.words) == []


@pytest.mark.parametrize("saver", SAVERS, ids=lambda saver: saver.__name__)
def test_a_changed_label_is_named_whatever_saved_the_filled_form(filled, worker, saver: Callable[[bytes], bytes]):
    reading = pdf.read(worker, saver(edits.retyped(filled, "身份证号", "证件号码")))
    assert summary(reading) == {("layout.changed", f"{PLACE}第3页 · {PERSON}")}
    assert untold(said(reading), ("身份证号", "证件号码")) == []


# ---- items, points, standards -------------------------------------------------------------------


def _replaced(words: str, new: str, beside: str) -> Callable[[bytes], bytes]:
    """A text retyped that stands in the row of `beside`."""

    def change(data: bytes) -> bytes:
        page, (_, bottom, _, top) = edits.place_of(data, beside)
        middle = (bottom + top) / 2
        rows = [
            rect
            for text, rect in edits.texts_of(data, page)
            if words in text and abs((rect[1] + rect[3]) / 2 - middle) < 8
        ]
        return edits.laid_over(data, page, edits.typed(edits.height_of(data, page), rows[0], new, white=True))

    return change


ITEMS = (
    ("item", lambda d: edits.retyped(d, "质量督导 ", "质量管理"), ("质量督导", "质量管理")),
    ("points", _replaced("3", "5", "C201"), ("3", "5")),
    (
        "standard",
        lambda d: edits.retyped(d, "各批次均有督导员现场督导报告", "各批次均可免督导"),
        ("各批次均有督导员", "各批次均可免督导"),
    ),
    ("head", lambda d: edits.retyped(d, "满分", "分值", start=13), ("满分", "分值")),
)


@pytest.mark.parametrize(("change", "words"), [row[1:] for row in ITEMS], ids=[row[0] for row in ITEMS])
def test_a_changed_item_of_the_evaluation_form_is_named(scored, evaluation, change: Any, words: Sequence[str]):
    reading = pdf.read(evaluation, change(scored))
    place = "《评估表》第14页 · 三、评估评分(四)开展鉴定工作情况·质量控制"
    assert {finding.place for finding in asked(reading)} == {place}
    assert len(asked(reading)) == 1
    assert untold(said(reading), words) == []


# ---- notes, cells and pages ---------------------------------------------------------------------


def test_a_note_laid_over_a_label_is_named_with_both_texts(filled, worker):
    reading = pdf.read(worker, edits.note_over(filled, "政治面貌", "职业工种"))
    assert ("layout.overwritten", f"{PLACE}第3页 · {PERSON}") in summary(reading)
    assert untold(said(reading), ("政治面貌", "职业工种")) == []


def test_words_typed_on_the_page_beside_the_form_fields_are_told(blank, worker):
    page, (left, bottom, right, top) = edits.place_of(blank, "姓名")
    note = annotations.FreeText(text="李小明", rect=(left + 45, bottom, right + 90, top))
    reading = pdf.read(worker, edits.annotated(blank, page, note))
    assert summary(reading) == {("layout.outside", f"{PLACE}第3页 · {PERSON}")}
    assert "“李小明”是加写在页面上的文字,不在填写框里,没有读取" in asked(reading)[0].message


def test_words_printed_into_the_cell_of_an_answer_are_told_and_not_passed_over(blank, worker):
    page, (left, bottom, *_rest) = edits.place_of(blank, "姓名")
    reading = pdf.read(worker, edits.written_at(blank, page, left + 62, bottom + 9, "王小红"))
    assert untold(said(reading), ("王小红",)) == [] or reading.raw["name"] == "王小红"


def test_a_label_struck_out_is_told(filled, worker):
    reading = pdf.read(worker, edits.struck_out(filled, "政治面貌"))
    assert [(f.code, f.label, f.place) for f in asked(reading)] == [
        ("layout.struck", "政治面貌", f"{PLACE}第3页 · {PERSON}")
    ]


@pytest.mark.parametrize("saver", [edits.by_qpdf, edits.flattened], ids=lambda saver: saver.__name__)
def test_another_form_behind_the_form_is_named(filled, worker, saver: Callable[[bytes], bytes]):
    other = concrete("station-recommendation")
    both = saver(edits.joined(filled, issued(other, records.empty(other))))
    told = [finding for finding in asked(pdf.read(worker, both)) if finding.code == "file.two-forms"]
    assert [finding.got for finding in told] == ["《优秀所(站)推荐表》"]
    assert "第7、8、9、10、11、12页" in told[0].message


def test_the_same_form_twice_in_a_file_is_named(filled, worker):
    told = asked(pdf.read(worker, edits.joined(filled, filled)))
    assert [(finding.code, finding.got) for finding in told] == [("file.two-forms", PLACE)]


def test_a_page_of_another_document_is_named(filled, worker):
    letter = edits.overlay((595, 842), edits.typed(842, (80, 700, 200, 712), "关于报送材料的说明"))
    told = asked(pdf.read(worker, edits.joined(filled, letter)))
    assert [(f.code, f.place, f.got) for f in told] == [("layout.page-added", f"{PLACE}第7页", "关于报送材料的说明")]


def test_half_a_form_names_each_page_that_is_missing(scored, evaluation):
    reading = pdf.read(evaluation, edits.pages_in_order(scored, range(12)))
    pages = [finding.label for finding in asked(reading) if finding.code == "layout.page-removed"]
    assert pages == [f"原第{number}页" for number in range(13, edits.count_of(scored) + 1)]


# ---- false alarms -------------------------------------------------------------------------------


@pytest.mark.parametrize("saver", SAVERS, ids=lambda saver: saver.__name__)
@pytest.mark.parametrize(
    ("form_id", "edition", "region"),
    [(WORKER, "2006", ""), ("station-recommendation", "today", ""), ("station-recommendation", "2006", "")],
)
def test_an_untouched_form_gives_no_alarm_whatever_saved_it(form_id: str, edition: str, region: str, saver: Any):
    form = concrete(form_id, edition, region)
    assert asked(pdf.read(form, saver(issued(form, sample(form, 5))))) == []


def test_an_untouched_evaluation_form_of_a_region_gives_no_alarm():
    form = concrete(EVALUATION, "today", "610000")
    assert asked(pdf.read(form, edits.by_qpdf(issued(form, sample(form, 5))))) == []


def test_an_evaluation_form_printed_anew_misses_nothing(evaluation):
    reading = pdf.read(evaluation, edits.flattened(issued(evaluation, sample(evaluation))))
    assert reading.raw["email"] == "jds10011001@163.com"
    assert [finding.code for finding in reading.findings] == []


def test_a_schedule_of_three_hundred_rows_gives_no_alarm(evaluation):
    row = {"name": "李卫国", "sex": "男", "unit": "延安市职业技能鉴定所"}
    record = records.build(
        evaluation, {f"examiners.{n}.{key}": value for n in range(300) for key, value in row.items()}
    )
    assert asked(pdf.read(evaluation, edits.by_pikepdf(issued(evaluation, record)))) == []


def test_the_list_of_faults_of_a_marked_copy_that_was_printed_anew_is_no_added_page(filled, worker):
    fault = Finding(
        rule="N01",
        code="made.up",
        severity=Severity.MUST_FIX,
        field="name",
        label="姓名",
        place="",
        message="“姓名”没有填写。请填写",
        message_en="",
        got="",
        want="",
        source="",
    )
    marked = pdf.mark(worker, filled, pdf.read(worker, filled), [fault])
    assert [f.code for f in pdf.read(worker, edits.by_pdftocairo(marked)).findings] == [
        f.code for f in pdf.read(worker, edits.by_pdftocairo(filled)).findings
    ]


def test_a_persons_comment_and_highlight_are_no_change(filled, worker):
    page, (left, bottom, right, top) = edits.place_of(filled, "政治面貌")
    quad = generic.ArrayObject([generic.FloatObject(x) for x in (left, top, right, top, left, bottom, right, bottom)])
    data = edits.annotated(filled, page, annotations.Highlight(rect=(left, bottom, right, top), quad_points=quad))
    data = edits.annotated(data, page, annotations.Text(rect=(left, bottom, left + 20, bottom + 20), text="请核对"))
    assert asked(pdf.read(worker, data)) == []
