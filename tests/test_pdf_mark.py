"""A marked PDF: what a person sees of the faults, and that nothing of it stays in the next upload."""

import io
import subprocess
from typing import Any

import pikepdf
import pypdf
import pytest

from services import record as records
from services.carriers import pdf
from services.carriers.intake import mark_upload, read_upload, unmarked
from services.carriers.pdf.mark_ours import AUTHOR
from services.catalogue import concrete
from services.findings import Problem, Severity, found
from services.form import Form
from services.identity import stamp
from services.record import Record
from services.sample import sample

SECRET = b"a key that only the tests use"
WRONG = Problem(
    rule="I01",
    code="id.checksum",
    severity=Severity.MUST_FIX,
    phrase="末位校验码应为 7,现在是 8",
    phrase_en="has a wrong check digit",
    remedy="请与身份证逐位核对",
)
FINDINGS = (
    found(WRONG, field="id_no", label="身份证号", place="《优秀工作者推荐表》第3页 · 一、个人情况 · 身份证号"),
    found(WRONG, field="category", label="人员类别"),
    found(WRONG, field="career.0.unit", label="单位"),
    found(WRONG, field="", label="文件"),
)


@pytest.fixture(scope="module")
def worker() -> tuple[Form, Record, bytes]:
    form = concrete("worker-recommendation")
    record = sample(form)
    return form, record, pdf.fill(form, record, stamp(form, record, SECRET)).data


@pytest.fixture(scope="module")
def marked(worker) -> bytes:
    form, _, data = worker
    return pdf.mark(form, data, pdf.read(form, data), FINDINGS)


def squares(data: bytes) -> list[tuple[str, str]]:
    """Author and contents of every square that has an appearance."""
    with pikepdf.open(io.BytesIO(data)) as document:
        notes = [note for page in document.pages for note in page.obj.get("/Annots", [])]
        return [(str(n.T), str(n.Contents)) for n in notes if n.Subtype == pikepdf.Name.Square and "/AP" in n]


def test_each_faulty_answer_has_a_box_with_a_note_by_the_service(marked):
    boxes = squares(marked)
    assert len(boxes) == 3
    assert {author for author, _ in boxes} == {AUTHOR}
    said = "【必须修改】1. “身份证号”末位校验码应为 7,现在是 8。请与身份证逐位核对(规则 I01)"
    assert said in {contents for _, contents in boxes}


def test_the_fields_stand_above_the_boxes_so_that_they_can_be_corrected(marked):
    with pikepdf.open(io.BytesIO(marked)) as document:
        kinds = [str(note.Subtype) for note in document.pages[3].Annots]
    assert kinds.index("/Square") < kinds.index("/Widget")


def test_a_list_stands_in_front_and_a_bookmark_leads_to_each_fault(marked, worker):
    reader = pypdf.PdfReader(io.BytesIO(marked))
    assert len(reader.pages) == len(pypdf.PdfReader(io.BytesIO(worker[2])).pages) + 1
    first = reader.pages[0].extract_text()
    assert "校核结果" in first
    assert "末位校验码应为 7" in first
    outline: Any = reader.outline
    top, below, *others = outline
    assert top["/Title"] == "【校核】必须修改 4 处"
    assert [item["/Title"] for item in below][:2] == ["1. 必须修改 身份证号", "2. 必须修改 人员类别"]
    assert reader.get_destination_page_number(below[0]) == 3
    assert others != []


def test_the_same_findings_give_the_same_bytes_and_no_findings_no_marks(marked, worker):
    form, _, data = worker
    reading = pdf.read(form, data)
    assert pdf.mark(form, data, reading, FINDINGS) == marked
    assert squares(pdf.mark(form, marked, reading, ())) == []
    assert pdf.unmark(data) == data


def saved_by_pypdf(data: bytes, folder) -> bytes:
    out = io.BytesIO()
    writer = pypdf.PdfWriter()
    writer.append(io.BytesIO(data))
    writer.write(out)
    return out.getvalue()


def saved_by_qpdf(data: bytes, folder) -> bytes:
    (folder / "in.pdf").write_bytes(data)
    subprocess.run(["qpdf", "--linearize", folder / "in.pdf", folder / "out.pdf"], check=True)
    return (folder / "out.pdf").read_bytes()


def as_it_is(data: bytes, folder) -> bytes:
    return data


@pytest.mark.parametrize("save", [saved_by_pypdf, saved_by_qpdf, as_it_is])
def test_a_marked_copy_reads_as_if_it_had_never_been_marked(marked, worker, save, tmp_path):
    form, _, data = worker
    before, after = pdf.read(form, data), pdf.read(form, save(marked, tmp_path))
    assert after.raw == before.raw
    assert after.pictures == before.pictures
    assert after.places == before.places
    assert squares(pdf.unmark(save(marked, tmp_path))) == []


@pytest.mark.parametrize("command", [("qpdf", "--flatten-annotations=all"), ("pdftocairo", "-pdf")])
def test_a_marked_copy_that_was_flattened_reads_the_same(marked, worker, command, tmp_path):
    form = worker[0]
    (tmp_path / "in.pdf").write_bytes(marked)
    subprocess.run([*command, tmp_path / "in.pdf", tmp_path / "out.pdf"], check=True, capture_output=True)
    reading = pdf.read(form, (tmp_path / "out.pdf").read_bytes())
    record = records.parse(form, reading.raw, reading.pictures, reading.places)[0]
    assert record == worker[1]


def test_people_s_own_notes_and_bookmarks_stay(marked, worker):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(marked)) as document:
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[10, 10, 30, 30], T="张科长", Contents="请补材料"
        )
        document.pages[3].Annots.append(document.make_indirect(note))
        with document.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("我的书签", 0))
        document.save(out)
    with pikepdf.open(io.BytesIO(pdf.unmark(out.getvalue()))) as document:
        notes = [str(n.get("/Contents", "")) for p in document.pages for n in p.obj.get("/Annots", [])]
        assert "请补材料" in notes
        with document.open_outline() as outline:
            titles = [item.title for item in outline.root]
        assert "我的书签" in titles
        assert not any(title.startswith("【校核】") for title in titles)


def test_marking_goes_through_the_box(worker):
    data = worker[2]
    intake = read_upload(data, "表3.pdf", SECRET)
    made = mark_upload(intake, FINDINGS)
    assert len(squares(made)) == 3
    once = unmarked(made)
    assert unmarked(once) == once
