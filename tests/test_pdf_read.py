"""PDF forms as other programs leave them: filled in, flattened, printed anew, saved from Word, scanned."""

import ctypes
import io
import subprocess
from collections.abc import Callable
from typing import Any

import pikepdf
import pypdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from PIL import Image

from services import record as records
from services.carriers import docx, pdf
from services.carriers.pdf.read_fields import filled_fields
from services.carriers.pdf.twins import ordinary
from services.carriers.reading import Reading, UnreadableError
from services.catalogue import concrete
from services.form import Form
from services.identity import stamp
from services.paper import office
from services.paper.typeset import Piece, sheet, typeset
from services.record import Record
from services.sample import sample
from services.survey.inputs import records_here

SECRET = b"a key that only the tests use"
WORKER = "worker-recommendation"
WRITTEN = {
    "name": "欧阳堃喆",
    "id_no": "110105195611270217",
    "deeds": "第一段文字,认真负责。\n第二段。",
    "filled_on": "2006年9月28日",
}


def issued(form: Form, record: Record) -> bytes:
    return pdf.fill(form, record, stamp(form, record, SECRET)).data


def parsed(form: Form, reading: Reading) -> Record:
    return records.parse(form, reading.raw, reading.pictures, reading.places)[0]


@pytest.fixture(scope="module")
def worker() -> Form:
    return concrete(WORKER)


@pytest.fixture(scope="module")
def blank(worker: Form) -> bytes:
    return issued(worker, records.empty(worker))


@pytest.fixture(scope="module")
def filled(worker: Form) -> bytes:
    return issued(worker, sample(worker, 3))


# ---- the fields ---------------------------------------------------------------------------------


def test_every_answer_is_a_field_named_by_its_path_with_its_label(blank, worker):
    fields = pypdf.PdfReader(io.BytesIO(blank)).get_fields() or {}
    assert {"name", "id_no", "career.0.unit", "career.6.post", "record.4.issuer", "opinion_unit_signer"} <= set(fields)
    assert "photo" not in fields
    assert fields["id_no"]["/TU"] == "身份证号"
    assert fields["career.1.unit"]["/TU"] == "工作简历 第2行 单位"
    assert fields["education"]["/FT"] == "/Ch"
    assert fields["category"]["/FT"] == "/Btn"
    assert fields["deeds"]["/Ff"] & (1 << 12)


def test_fields_carry_their_look_without_scripts_and_the_typing_face_is_embedded(filled):
    with pikepdf.open(io.BytesIO(filled)) as document:
        form = document.Root.AcroForm
        assert not form.NeedAppearances
        widgets = [note for page in document.pages for note in page.obj.get("/Annots", [])]
        assert len(widgets) > 80
        assert [note for note in widgets if "/AP" not in note or "/A" in note or "/AA" in note] == []
        assert {int(note.F) for note in widgets} == {4}
        assert "/FontFile3" in form.DR.Font.ZPHei.DescendantFonts[0].FontDescriptor


def test_a_packet_prints_the_form_without_fields(worker):
    record = sample(worker)
    made = typeset((sheet(worker, record, stamp(worker, record, SECRET)),), title="flat")
    assert pypdf.PdfReader(io.BytesIO(made.pdf)).get_fields() is None


# ---- filled in by other programs ----------------------------------------------------------------


def by_pypdf(data: bytes) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    writer.update_page_form_field_values(None, {**WRITTEN, "category": "/1"}, auto_regenerate=False)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def by_pikepdf(data: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        for field in document.Root.AcroForm.Fields:
            if str(field.T) in WRITTEN:
                field.V = pikepdf.String(WRITTEN[str(field.T)].replace("\n", "\r"))
            if field.T == "category":
                field.V = pikepdf.Name("/1")
                for box in field.Kids:
                    box.AS = pikepdf.Name("/1") if "/1" in box.AP.N else pikepdf.Name.Off
        document.save(out)
    return out.getvalue()


def by_pdfium(data: bytes) -> bytes:
    """As a person types into Chrome: a click, the text, a click into the second box."""
    with pikepdf.open(io.BytesIO(data)) as opened:
        places = filled_fields(opened, concrete(WORKER))
    document = pypdfium2.PdfDocument(data)
    document.init_forms()
    form: Any = document.formenv
    for path, text in {**WRITTEN, "category": ""}.items():
        left, bottom, right, top = places[path].rect
        page = document[places[path].page]
        x = left + 75 if path == "category" else (left + right) / 2
        pdfium.FORM_OnMouseMove(form.raw, page.raw, 0, x, (bottom + top) / 2)
        pdfium.FORM_OnLButtonDown(form.raw, page.raw, 0, x, (bottom + top) / 2)
        pdfium.FORM_OnLButtonUp(form.raw, page.raw, 0, x, (bottom + top) / 2)
        typed = ctypes.create_string_buffer((text + "\0").encode("utf-16-le"))
        if text:
            pdfium.FORM_ReplaceSelection(form.raw, page.raw, ctypes.cast(typed, ctypes.POINTER(ctypes.c_ushort)))
        pdfium.FORM_ForceToKillFocus(form.raw)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("program", [by_pypdf, by_pikepdf, by_pdfium])
def test_what_another_program_filled_in_is_read(blank, worker, program: Callable[[bytes], bytes]):
    reading = pdf.read(worker, program(blank))
    assert {path: reading.raw[path] for path in WRITTEN} == WRITTEN
    category = parsed(worker, reading).values["category"]
    assert category == "考评人员"
    assert [finding for finding in reading.findings if finding.code == "layout.removed"] == []
    assert reading.witnesses["name"] == ("field",)


def test_a_prefilled_form_that_was_edited_is_read_as_it_is_seen_and_the_edit_is_told(worker, filled):
    reading = pdf.read(worker, by_pikepdf(filled))
    assert reading.raw["name"] == "欧阳堃喆"
    (told,) = [finding for finding in reading.findings if finding.code == "record.edited"]
    assert "姓名" in told.message
    assert told.severity.value == "note"


def test_a_box_and_a_value_that_differ_are_asked_about(worker, filled):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(filled)) as document:
        (field,) = [field for field in document.Root.AcroForm.Fields if field.T == "category"]
        field.V = pikepdf.Name("/0")
        for box in field.Kids:
            box.AS = pikepdf.Name("/4") if "/4" in box.AP.N else pikepdf.Name.Off
        document.save(out)
    reading = pdf.read(worker, out.getvalue())
    assert parsed(worker, reading).values["category"] == "考务人员"
    assert reading.sureness["category"] == "doubtful"
    assert [f.field for f in reading.findings if f.code == "read.differs"] == ["category"]


# ---- without fields -----------------------------------------------------------------------------


def by_program(*command: str) -> Callable[[bytes, Any], bytes]:
    def run(data: bytes, folder: Any) -> bytes:
        (folder / "in.pdf").write_bytes(data)
        subprocess.run([*command, folder / "in.pdf", folder / "out.pdf"], check=True, capture_output=True)
        return (folder / "out.pdf").read_bytes()

    return run


def moved_and_shrunk(data: bytes, folder: Any) -> bytes:
    """As a printer driver does: the flattened pages at 92 %, off the middle."""
    reader = pypdf.PdfReader(io.BytesIO(by_program("qpdf", "--flatten-annotations=all")(data, folder)))
    writer = pypdf.PdfWriter()
    for page in reader.pages:
        writer.add_page(page).add_transformation(pypdf.Transformation().scale(0.92).translate(13, 27))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


FLATTENED = {
    "qpdf": by_program("qpdf", "--flatten-annotations=all"),
    "pdftocairo": by_program("pdftocairo", "-pdf"),
    "moved and shrunk": moved_and_shrunk,
}


PARTS = {
    WORKER: {"一、个人情况", "二、工作简历和奖惩情况", "三、事迹", "四、推荐和审批意见"},
    "station-recommendation": {
        "一、基本情况",
        "二、免检、普查结果和鉴定业绩",
        "三、事迹",
        "四、推荐和审批意见",
    },
}


@pytest.mark.parametrize("program", FLATTENED)
@pytest.mark.parametrize("form_id", [WORKER, "station-recommendation"])
def test_a_form_without_fields_is_read_from_its_tables(form_id, program, tmp_path):
    form = concrete(form_id)
    record = sample(form, 3)
    reading = pdf.read(form, FLATTENED[program](issued(form, record), tmp_path))
    assert parsed(form, reading) == record
    assert set(reading.sureness.values()) <= {"agreed", "single"}
    told = {finding.label for finding in reading.findings if finding.code == "layout.printed"}
    assert {finding.code for finding in reading.findings} <= {"layout.printed"}
    assert told == (set() if program == "qpdf" else PARTS[form_id])


def test_what_was_read_from_print_alone_is_told_part_by_part_with_what_to_do(worker, tmp_path):
    record = records.build(worker, {"name": "张建国", "deeds": "评分独立。"})
    reading = pdf.read(worker, FLATTENED["pdftocairo"](issued(worker, record), tmp_path))
    told = {finding.label: finding for finding in reading.findings}
    assert told.keys() == PARTS[WORKER] | {"照片(2寸正面免冠)"}
    assert {finding.severity.value for finding in reading.findings} == {"confirm"}
    assert told["三、事迹"].message == (
        "“三、事迹”的内容是从印出的文字里认出来的:文件经另外的程序打印或压平过,填写框已经没有,可能有错字、漏字、漏勾(主要事迹)。"
        "请逐栏核对,最好上传没有打印过的原文件"
    )
    assert told["照片(2寸正面免冠)"].field == "photo"


@pytest.mark.parametrize("form_id", [WORKER, "station-recommendation", "evaluation"])
def test_fields_that_a_viewer_drew_anew_and_flattened_read_as_they_were(form_id):
    """Such a viewer draws ticks as shapes, leaves empty boxes away and puts a button behind each list."""
    form = concrete(form_id)
    record = sample(form, 3)
    with pikepdf.open(io.BytesIO(issued(form, record))) as opened:
        opened.Root.AcroForm.NeedAppearances = True
        del opened.Root["/PieceInfo"]
        out = io.BytesIO()
        opened.save(out)
    read = records.entries_of(form, parsed(form, pdf.read(form, flattened_by_pdfium(out.getvalue()))))
    wanted = records.entries_of(form, record)
    assert [path for path in {**read, **wanted} if flat(read.get(path)) != flat(wanted.get(path))] == []


def flat(value: Any) -> Any:
    """A long text without its line ends, which such a viewer sets anew; any other value as it is."""
    return value.replace("\n", "") if isinstance(value, str) else value


def flattened_by_pdfium(data: bytes) -> bytes:
    document = pypdfium2.PdfDocument(data)
    document.init_forms()
    for number in range(len(document)):
        pdfium.FPDFPage_Flatten(document[number], pdfium.FLAT_PRINT)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("printed", "meant"), [("⼈⼒", "人力"), ("⻓⻄⻢", "长西马"), ("⋯", "…"), ("人长", "人长"), ("𠮷½①", "𠮷½①")]
)
def test_radicals_are_read_as_the_words_they_are_printed_for_and_nothing_else_is_changed(printed, meant):
    assert "".join(map(ordinary, printed)) == meant


def test_a_flattened_blank_form_reads_empty(worker, blank, tmp_path):
    data = FLATTENED["pdftocairo"](blank, tmp_path)
    assert parsed(worker, pdf.read(worker, data)) == records.empty(worker)
    found = pdf.identify(data)
    assert found is not None
    assert found.record == "BLANK"


def test_a_text_over_two_pages_is_read_whole(worker, tmp_path):
    deeds = "参加鉴定工作以来认真负责,公正考评,多次受到表彰。" * 90
    record = records.build(worker, records.entries_of(worker, sample(worker)) | {"deeds": deeds})
    data = FLATTENED["pdftocairo"](issued(worker, record), tmp_path)
    assert pdf.read(worker, data).raw["deeds"].replace("\n", "") == deeds


def test_our_word_form_saved_as_pdf_is_read(worker):
    record = sample(worker, 3)
    word = docx.fill(worker, record, stamp(worker, record, SECRET)).data
    reading = pdf.read(worker, office.convert(word, "docx", "pdf"))
    shown = records.shown(worker, record)
    differing = [p for p, text in reading.raw.items() if text.split() != shown[p].split() and p != "years"]
    assert [path for path in differing if "".join(reading.raw[path].split()) != "".join(shown[path].split())] == []
    assert set(reading.raw) >= {"name", "opinion_unit", "opinion_unit_signer", "opinion_unit_on", "career.0.unit"}


# ---- what cannot be read ------------------------------------------------------------------------


def test_a_scan_is_refused_as_a_source_of_answers(worker):
    out = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(out, "PDF")
    for door in (pdf.identify, lambda data: pdf.read(worker, data)):
        with pytest.raises(UnreadableError) as refused:
            door(out.getvalue())
        assert refused.value.code == "pdf-scan"
        assert "扫描件只作附件" in refused.value.message


def test_another_document_is_refused(worker, tmp_path):
    lines = [{"severity": "提示", "colour": "blue", "place": "", "message": "这是一封与表格无关的信件。" * 9}] * 5
    data = {"title": "来信", "summary": "摘要", "advice": "", "lines": lines}
    other = typeset((Piece(key="x", kind="faults", data=data),), title="x").pdf
    assert pdf.identify(other) is None
    with pytest.raises(UnreadableError) as refused:
        pdf.read(worker, other)
    assert refused.value.code == "pdf-foreign"


def test_letters_that_cannot_be_told_are_refused_with_what_to_do(worker, filled, tmp_path):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(FLATTENED["qpdf"](filled, tmp_path))) as document:
        for thing in document.objects:
            if isinstance(thing, pikepdf.Dictionary) and "/ToUnicode" in thing:
                del thing["/ToUnicode"]
        document.save(out)
    with pytest.raises(UnreadableError) as refused:
        pdf.read(worker, out.getvalue())
    assert refused.value.code == "pdf-garbled"
    assert "乱码" in refused.value.message


def test_a_file_with_a_password_is_refused(worker, filled):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(filled)) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(UnreadableError) as refused:
        pdf.read(worker, out.getvalue())
    assert refused.value.code == "encrypted"


def test_a_file_with_a_password_holds_no_records_of_a_packet(filled):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(filled)) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    assert records_here(out.getvalue()) == []
