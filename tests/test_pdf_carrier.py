"""The PDF carrier: what it gives out reads back, and only as it was given out."""

import hashlib
import io
import json
import re
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
OWN = re.compile(rb"/ZPDigest \(([0-9a-f]{64})\) /Length (\d+) >>\nstream\n")


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
    rows = {f"examiners.{n}.name": f"考评员{n}" for n in range(300)}
    record = changed(form, records.empty(form), **rows)
    assert len(record.values["examiners"]) == 300
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


# ---- not as issued ------------------------------------------------------------------------------


def saved_again(data: bytes) -> bytes:
    out = io.BytesIO()
    pypdf.PdfWriter(io.BytesIO(data)).write(out)
    return out.getvalue()


def annotated(data: bytes) -> bytes:
    out = io.BytesIO()
    writer = pypdf.PdfWriter(io.BytesIO(data), incremental=True)
    writer.add_metadata({"/Title": "changed"})
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        saved_again,
        annotated,
        lambda data: data + b"\n",
        lambda data: data[:-20],
        lambda data: data.replace(b"Typst", b"Typsy", 1),
    ],
    ids=["saved again", "incremental", "longer", "shorter", "one letter"],
)
def test_a_file_that_was_changed_is_refused_with_what_to_do(worker, change):
    form, _, data = worker
    with pytest.raises(UnreadableError) as refused:
        pdf.read(form, change(data))
    assert refused.value.code == "pdf-changed"
    assert "请上传下载时的原文件" in refused.value.message
    with pytest.raises(UnreadableError, match="改动过"):
        pdf.identify(change(data))


def resealed(data: bytes, content: bytes) -> bytes:
    """The file with another content, and a digest that fits it: what a forger can do."""
    found = OWN.search(data)
    assert found is not None
    start, size = found.end(), int(found[2])
    head = data[: found.start()] + b"/ZPDigest (" + b"0" * 64 + b") /Length %d >>\nstream\n" % len(content)
    forged = head + content + data[start + size :]
    return forged.replace(b"(" + b"0" * 64, b"(" + hashlib.sha256(forged).hexdigest().encode(), 1)


def test_a_record_that_is_not_the_one_its_identity_names_is_refused(worker):
    form, _, data = worker
    found = OWN.search(data)
    assert found is not None
    content = json.loads(zlib.decompress(data[found.end() : found.end() + int(found[2])]))
    assert (
        pdf.read(form, resealed(data, zlib.compress(json.dumps(content).encode()))).raw["name"]
        == content["record"]["values"]["name"]
    )
    content["record"]["values"]["name"] = "张三"
    with pytest.raises(UnreadableError) as refused:
        pdf.read(form, resealed(data, zlib.compress(json.dumps(content).encode())))
    assert refused.value.code == "pdf-changed"


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
def test_a_damaged_record_is_refused(worker, content):
    form, _, data = worker
    with pytest.raises(UnreadableError) as refused:
        pdf.read(form, resealed(data, content))
    assert refused.value.code == "pdf-changed"


def test_another_program_s_pdf_is_not_ours(worker):
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    out = io.BytesIO()
    writer.write(out)
    for data in (out.getvalue(), b"%PDF-1.7 nothing", b""):
        assert pdf.identify(data) is None
        with pytest.raises(UnreadableError) as refused:
            pdf.read(worker[0], data)
        assert refused.value.code == "pdf-foreign"
        assert "请上传填好的 Word 或 Excel 表" in refused.value.message
