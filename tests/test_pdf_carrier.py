"""The PDF carrier: what it gives out reads back, and only as it was given out."""

import io
import subprocess
import zlib

import pikepdf
import pypdf
import pytest

from services import record as records
from services.carriers import pdf
from services.carriers.reading import UnreadableError
from services.catalogue import concrete
from services.form import Form
from services.identity import is_genuine, stamp
from services.record import Record
from services.sample import sample

SECRET = b"a key that only the tests use"
WORKER = "worker-recommendation"
CASES = (
    ("evaluation", "2006", ""),
    ("evaluation", "today", "610000"),
    ("station-recommendation", "2006", ""),
    (WORKER, "2006", ""),
    (WORKER, "today", ""),
)


def issued(form: Form, record: Record) -> bytes:
    return pdf.fill(form, record, stamp(form, record, SECRET)).data


def parsed(form: Form, data: bytes) -> Record:
    reading = pdf.read(form, data)
    record, findings = records.parse(form, reading.raw, reading.pictures, reading.places)
    assert [finding for finding in findings if finding.code != "text.long"] == []
    return record


def changed(form: Form, record: Record, **entries: object) -> Record:
    return records.build(form, records.entries_of(form, record) | entries)  # pyright: ignore[reportArgumentType]


@pytest.fixture(scope="module")
def worker() -> tuple[Form, Record, bytes]:
    form = concrete(WORKER)
    record = sample(form)
    return form, record, issued(form, record)


@pytest.mark.parametrize("case", CASES, ids="/".join)
def test_a_filled_form_reads_back_with_its_photograph(case):
    form = concrete(*case)
    record = sample(form)
    data = issued(form, record)
    assert parsed(form, data) == record
    assert pdf.identify(data) == stamp(form, record, SECRET)


@pytest.mark.parametrize("case", CASES, ids="/".join)
def test_a_blank_form_reads_back_empty(case):
    form = concrete(*case)
    data = issued(form, records.empty(form))
    assert parsed(form, data) == records.empty(form)
    found = pdf.identify(data)
    assert found is not None
    assert (found.record, found.edition, found.region) == ("BLANK", case[1].upper(), case[2])
    assert is_genuine(found, SECRET)


@pytest.mark.parametrize(
    "text",
    [
        '& < > “ · \\ #read("/etc/passwd") *b* $x$ @y',
        "第一段\n\n第二段\n　第三段",
        "堃喆珺🙂𠮷",
        "a\tb  c",
        "长" * 3000,
    ],
)
def test_any_text_reads_back_as_it_was_although_some_of_it_cannot_be_printed(text):
    form = concrete(WORKER)
    record = changed(form, sample(form), deeds=text)
    assert parsed(form, issued(form, record)) == record


def test_rows_without_number_read_back():
    form = concrete("evaluation")
    rows = {f"examiners.{n}.name": f"考评员{n}" for n in range(120)}
    record = changed(form, records.empty(form), **rows)
    assert len(record.values["examiners"]) == 120
    assert parsed(form, issued(form, record)) == record


def test_the_file_is_the_same_each_time_and_stays_pdf_a_with_all_its_pages(worker, tmp_path):
    form, record, data = worker
    assert issued(form, record) == data
    path = tmp_path / "form.pdf"
    path.write_bytes(data)
    assert subprocess.run(["qpdf", "--check", path], capture_output=True, check=False).returncode == 0
    with pikepdf.open(path) as document:
        assert "<pdfaid:part>2</pdfaid:part>" in document.Root.Metadata.read_bytes().decode()
        assert document.docinfo.Subject == stamp(form, record, SECRET).token
        assert len(document.pages) == 6
    assert len(pypdf.PdfReader(path).pages) == 6


def test_what_the_paper_cannot_hold_is_reported_with_the_file():
    form = concrete(WORKER)
    record = changed(
        form, sample(form), name="欧阳🙂", deeds="认真负责,公正考评。" * 200, photo=b"\xff\xd8\xffnot a picture"
    )
    filled = pdf.fill(form, record, stamp(form, record, SECRET))
    assert [finding.code for finding in filled.findings] == ["font.uncovered", "picture.unreadable", "text.continued"]


# ---- saved by other programs ---------------------------------------------------------------------


def saved_again(data: bytes) -> bytes:
    out = io.BytesIO()
    pypdf.PdfWriter(io.BytesIO(data)).write(out)
    return out.getvalue()


def saved_linearised(data: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        document.save(out, linearize=True)
    return out.getvalue()


@pytest.mark.parametrize("save", [saved_again, saved_linearised, lambda data: data + b"\n"])
def test_a_file_that_another_program_saved_reads_as_it_was(worker, save):
    form, record, data = worker
    assert parsed(form, save(data)) == record
    assert pdf.identify(save(data)) == stamp(form, record, SECRET)


def with_content(data: bytes, content: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        document.Root.PieceInfo.ZPCensus.Private.write(content, filter=pikepdf.Name.FlateDecode)
        document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"no zlib",
        zlib.compress(b"no json"),
        zlib.compress(b"[]"),
        zlib.compress(b"[" * 100_000),
        zlib.compress(b" " * 300_000_000),
    ],
    ids=["no zlib", "no json", "no object", "deep", "bomb"],
)
def test_without_a_whole_record_the_form_fields_are_read(worker, content):
    form, record, data = worker
    raw = pdf.read(form, with_content(data, content)).raw
    assert raw["name"] == record.values["name"]
    assert raw["deeds"] == record.values["deeds"]


def test_another_program_s_pdf_is_not_ours():
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    out = io.BytesIO()
    writer.write(out)
    assert not pdf.claims_to_be_issued(out.getvalue())
    for data, code in ((out.getvalue(), "pdf-scan"), (b"%PDF-1.7 nothing", "truncated"), (b"", "truncated")):
        with pytest.raises(UnreadableError) as refused:
            pdf.identify(data)
        assert refused.value.code == code
