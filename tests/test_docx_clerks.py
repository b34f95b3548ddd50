"""What stands in, over or beside a cell besides plain text: each is read or asked about, never passed over."""

import copy
import io
from functools import lru_cache
from typing import Any

import pytest
from docx import Document
from docx.shared import Mm
from lxml import etree
from PIL import Image

from services.carriers import docx
from services.carriers.explain import explanation, explanation_table
from services.carriers.reading import Reading
from services.catalogue import concrete
from services.form import Form
from services.identity import stamp
from services.kinds import Tick
from services.record import Record, at, build, empty, parse, rows
from services.sample import sample
from tests import docx_edits as edits
from tests.docx_edits import W
from tests.strict_form import made_strict

WORKER = "worker-recommendation"
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


@lru_cache(maxsize=8)
def sample_of(name: str) -> tuple[Form, Record, bytes]:
    form = concrete(name)
    record = sample(form, 1)
    return form, record, docx.fill(form, record, stamp(form, record, b"test")).data


def record_in(form: Form, data: bytes) -> tuple[Record, Reading]:
    reading = docx.read(form, data)
    return parse(form, reading.raw, reading.pictures, reading.places)[0], reading


def changed(name: str, change: Any) -> tuple[Record, Reading]:
    form, _, data = sample_of(name)
    return record_in(form, edits.edited(data, change))


def told(reading: Reading) -> list[tuple[str, str, str]]:
    return [(finding.code, finding.severity.value, finding.field) for finding in reading.findings]


def element(markup: str) -> Any:
    """An element of a document, written as markup."""
    head, _, rest = markup.partition(">")
    closing = " /" if head.endswith("/") else ""
    return etree.fromstring(f"{head.removesuffix('/')} {NAMESPACES}{closing}>{rest}")


def first_paragraph(cell: Any) -> Any:
    return next(cell.iter(f"{W}p"))


def box(text: str, kind: str) -> Any:
    """A text box as a run, drawn by Word 2010 and later (wps) or before (VML)."""
    inner = f"<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent>"
    if kind == "VML":
        return element(f"<w:r><w:pict><v:shape><v:textbox>{inner}</v:textbox></v:shape></w:pict></w:r>")
    shape = (
        f'<a:graphic><a:graphicData uri="x"><wps:wsp><wps:txbx>{inner}</wps:txbx></wps:wsp></a:graphicData></a:graphic>'
    )
    return element(f"<w:r><w:drawing><wp:anchor>{shape}</wp:anchor></w:drawing></w:r>")


# ---- text boxes ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["wps", "VML"])
@pytest.mark.parametrize("over", ["its cell", "its label"])
def test_a_text_box_over_an_empty_cell_or_its_label_is_read_and_asked_about(kind, over):
    def edit(root):
        cell = edits.cell_after(root, "籍贯")
        edits.write(cell, "")
        where = cell if over == "its cell" else edits.cells(edits.row_with(root, "籍贯"))[0]
        first_paragraph(where).append(box("江苏镇江", kind))

    record, reading = changed(WORKER, edit)
    assert at(record, "native") == "江苏镇江"
    assert told(reading) == [("read.beside", "confirm", "native")]
    assert "box" in reading.witnesses["native"]


def test_a_text_box_in_a_cell_that_was_filled_in_is_asked_about():
    record, reading = changed(
        WORKER, lambda root: first_paragraph(edits.cell_after(root, "籍贯")).append(box("镇江", "wps"))
    )
    assert at(record, "native") == at(sample_of(WORKER)[1], "native")
    assert told(reading) == [("read.box", "confirm", "native")]
    assert "镇江" in reading.findings[0].message


def test_a_text_box_outside_the_form_is_asked_about():
    def edit(root):
        paragraph = edits.paragraph("")
        paragraph.append(box("另附说明一页", "wps"))
        root.find(f"{W}body").insert(30, paragraph)

    record, reading = changed(WORKER, edit)
    assert record == sample_of(WORKER)[1]
    assert told(reading) == [("layout.box", "confirm", "")]
    assert "另附说明一页" in reading.findings[0].message


# ---- typed into the label's cell -----------------------------------------------------------------


@pytest.mark.parametrize("between", ["：", ":", "： ", "\n"])
def test_an_answer_behind_its_label_is_read_and_asked_about(between):
    def edit(root):
        edits.write(edits.cell_after(root, "籍贯"), "")
        label = edits.cells(edits.row_with(root, "籍贯"))[0]
        lines = f"籍贯{between}江苏镇江".split("\n")
        edits.write(label, lines[0])
        for line in lines[1:]:
            label.append(edits.paragraph(line))

    record, reading = changed(WORKER, edit)
    assert at(record, "native") == "江苏镇江"
    assert told(reading) == [("read.beside", "confirm", "native")]


def test_words_behind_a_label_without_a_colon_are_asked_about_as_answer_and_as_change():
    def edit(root):
        edits.write(edits.cell_after(root, "籍贯"), "")
        edits.write(edits.cells(edits.row_with(root, "籍贯"))[0], "籍贯 江苏镇江")

    record, reading = changed(WORKER, edit)
    assert at(record, "native") == "江苏镇江"
    assert {finding.code for finding in reading.findings} == {"read.beside", "layout.changed"}


def test_a_remark_in_brackets_behind_a_label_is_no_answer():
    def edit(root):
        edits.write(edits.cell_after(root, "籍贯"), "")
        edits.write(edits.cells(edits.row_with(root, "籍贯"))[0], "籍贯(可不填)")

    record, reading = changed(WORKER, edit)
    assert at(record, "native") is None
    assert [finding.code for finding in reading.findings] == ["layout.changed"]


# ---- ticks that are drawn ------------------------------------------------------------------------


def ringed(character: str) -> list[Any]:
    """A character with a ring around it as Word writes it (带圈字符): a field without a result."""
    pieces = ("eq \\o\\ac(", "○", f",{character})")
    code = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return list(element(f"<w:p>{begin}{code}{end}</w:p>"))


@pytest.mark.parametrize(("option", "other", "meant"), [("是", "否", True), ("否", "是", False)])
def test_an_option_with_a_ring_around_it_is_ticked(option, other, meant):
    def edit(root):
        cell = edits.cell_after(root, "是否通过质量管理体系认证")
        edits.write(cell, "")
        first_paragraph(cell).extend(ringed(option))
        first_paragraph(cell).append(edits.paragraph(f" □{other}")[0])

    assert at(changed("evaluation", edit)[0], "qms") is meant


def test_a_ringed_figure_is_a_figure_in_brackets():
    def edit(root):
        cell = edits.cell_after(root, "籍贯")
        edits.write(cell, "江苏")
        first_paragraph(cell).extend(ringed("2"))

    assert at(changed(WORKER, edit)[0], "native") == "江苏(2)"


@pytest.mark.parametrize(
    "shape",
    [
        '<w:r><w:pict><v:oval style="width:20pt;height:20pt"/></w:pict></w:r>',
        '<w:r><w:drawing><a:graphic><a:graphicData uri="x"><wps:wsp/></a:graphicData></a:graphic></w:drawing></w:r>',
    ],
    ids=["VML", "wps"],
)
def test_a_ring_drawn_over_an_option_cannot_be_told_and_is_asked_about(shape):
    def edit(root):
        cell = edits.cell_after(root, "是否通过质量管理体系认证")
        edits.write(cell, "□是 □否")
        first_paragraph(cell).append(element(shape))

    record, reading = changed("evaluation", edit)
    assert at(record, "qms") is None
    assert told(reading) == [("read.drawn", "confirm", "qms")]
    assert reading.sureness["qms"] == "doubtful"


def test_a_shape_drawn_beside_the_cells_is_asked_about():
    def edit(root):
        first_paragraph(edits.cells(edits.row_with(root, "籍贯"))[0]).append(
            element("<w:r><w:pict><v:line/></w:pict></w:r>")
        )

    assert told(changed(WORKER, edit)[1]) == [("layout.drawn", "confirm", "")]


def test_text_that_was_struck_out_does_not_count_and_is_asked_about():
    def edit(root):
        cell = edits.cell_after(root, "籍贯")
        edits.write(cell, "江苏苏州")
        struck = element("<w:r><w:rPr><w:strike/></w:rPr><w:t>江苏无锡</w:t></w:r>")
        first_paragraph(cell).insert(0, struck)

    record, reading = changed(WORKER, edit)
    assert at(record, "native") == "江苏苏州"
    assert told(reading) == [("read.struck", "confirm", "native")]
    assert "江苏无锡" in reading.findings[0].message


def test_the_words_beside_a_single_tick_box_are_printed_and_no_part_of_its_answer():
    form = concrete("evaluation")
    vetoes = [field.key for field in form.fields if isinstance(field.kind, Tick)]
    record = build(form, dict.fromkeys(vetoes, "√"))
    found, reading = record_in(form, docx.fill(form, record, stamp(form, record, b"test")).data)
    assert len(vetoes) > 1
    assert [at(found, veto) for veto in vetoes] == [True] * len(vetoes)
    assert reading.findings == ()


# ---- photographs ---------------------------------------------------------------------------------


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (350, 490), "steelblue").save(out, "PNG")
    return out.getvalue()


def pasted(data: bytes, label: str) -> bytes:
    """The form with a photograph pasted by python-docx into the first cell with this label, or after the form."""
    document = Document(io.BytesIO(data))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells if cell.text == label]
    paragraph = cells[0].paragraphs[0] if cells else document.add_paragraph()
    paragraph.add_run().add_picture(io.BytesIO(photo()), width=Mm(35))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("where", ["籍贯", "", "出生年月"])
def test_a_photograph_pasted_beside_its_cell_is_taken_and_asked_about(where):
    form = concrete(WORKER)
    record = empty(form)
    data = docx.fill(form, record, stamp(form, record, b"test")).data
    reading = docx.read(form, pasted(data, where))
    path = next(iter(reading.pictures))
    assert reading.pictures[path] == photo()
    assert told(reading) == [("picture.beside", "confirm", path)]
    assert reading.sureness[path] == "doubtful"


def test_a_picture_more_than_the_photograph_is_noted():
    form, record, data = sample_of(WORKER)
    found, reading = record_in(form, pasted(data, ""))
    assert found == record
    assert told(reading) == [("picture.loose", "note", "")]


# ---- tables and objects in cells -----------------------------------------------------------------


def table(*lines: tuple[str, ...]) -> Any:
    made = etree.Element(f"{W}tbl")
    for line in lines:
        row = etree.SubElement(made, f"{W}tr")
        for text in line:
            etree.SubElement(row, f"{W}tc").append(edits.paragraph(text))
    return made


def test_a_table_pasted_into_a_cell_of_a_schedule_is_read_as_its_rows():
    form, record, data = sample_of(WORKER)
    before = rows(record, "career")
    lines = [("1", "1988年7月", "1993年8月", "苏州机械厂", "技术员"), ("2", "1993年9月", "", "苏州技校", "教师")]

    def edit(root):
        head = edits.row_with(root, "起始年月")
        row = head.getnext()
        edits.write(edits.cells(row)[1], "")
        for cell in edits.cells(row):
            edits.write(cell, "")
        pasted_into = edits.cells(row)[1]
        pasted_into.insert(len(pasted_into) - 1, table(*lines))

    found, reading = record_in(form, edits.edited(data, edit))
    assert [row["unit"] for row in rows(found, "career")] == [
        "苏州机械厂",
        "苏州技校",
        *(row["unit"] for row in before[1:]),
    ]
    assert [code for code, _, _ in told(reading)] == ["layout.nested"]


def test_a_table_pasted_into_a_text_is_read_as_text_and_asked_about():
    def edit(root):
        cell = edits.cell_after(root, "籍贯")
        edits.write(cell, "")
        cell.insert(len(cell) - 1, table(("江苏", "苏州")))

    record, reading = changed(WORKER, edit)
    assert str(at(record, "native")).split() == ["江苏", "苏州"]
    assert told(reading) == [("read.nested", "confirm", "native")]


def test_a_workbook_embedded_in_the_form_is_told():
    def edit(root):
        ole = '<w:r><w:object><o:OLEObject Type="Embed" ProgID="Excel.Sheet.12"/></w:object></w:r>'
        first_paragraph(edits.cell_after(root, "籍贯")).append(element(ole))

    assert "remarks.embedded" in [code for code, _, _ in told(changed(WORKER, edit)[1])]


def test_two_columns_of_a_schedule_that_were_exchanged_are_read_by_their_heads():
    def edit(root):
        head = edits.row_with(root, "序号", "姓名", "身份证号")
        for row in (head, *head.itersiblings()):
            found = edits.cells(row)
            found[2].addprevious(found[3])

    record, reading = changed("evaluation", edit)
    assert record == sample_of("evaluation")[1]
    assert told(reading) == [("layout.columns", "confirm", "")]


@pytest.mark.parametrize("look", ["vanish", "dstrike"])
def test_hidden_text_does_not_count_and_is_asked_about(look):
    def edit(root):
        run = element(f"<w:r><w:rPr><w:{look}/></w:rPr><w:t>(隐藏)</w:t></w:r>")
        first_paragraph(edits.cell_after(root, "籍贯")).append(run)

    record, reading = changed(WORKER, edit)
    assert record == sample_of(WORKER)[1]
    assert told(reading) == [("read.struck", "confirm", "native")]


def test_a_cell_deleted_with_tracking_is_told():
    def edit(root):
        properties = edits.cell_after(root, "籍贯").find(f"{W}tcPr")
        etree.SubElement(properties, f"{W}cellDel", {f"{W}id": "902", f"{W}author": "张三"})

    assert [code for code, _, _ in told(changed(WORKER, edit)[1])] == ["remarks.tracked"]


# ---- anchors that differ -------------------------------------------------------------------------


def test_a_bookmark_that_stands_elsewhere_than_its_control_is_heard_and_asked_about():
    def edit(root):
        here, there = edits.cell_after(root, "籍贯"), edits.cell_after(root, "民族")
        edits.write(here, "江苏镇江")
        mark = next(there.iter(f"{W}bookmarkStart"))
        name = next(m for m in sample_bookmarks() if m.endswith("native"))
        mark.set(f"{W}name", name)

    record, reading = changed(WORKER, edit)
    assert at(record, "native") == "江苏镇江"
    assert ("read.differs", "confirm", "native") in told(reading)
    assert "原书签处" in next(f.message for f in reading.findings if f.code == "read.differs")


def sample_bookmarks() -> list[str]:
    found: list[str] = []

    def look(root):
        found.extend(mark.get(f"{W}name") for mark in root.iter(f"{W}bookmarkStart"))

    edits.edited(sample_of(WORKER)[2], look)
    return found


def test_a_row_copied_with_its_controls_leaves_the_answers_where_they_are():
    def edit(root):
        row = edits.row_with(root, "籍贯")
        copied = copy.deepcopy(row)
        edits.write(edits.cell_after(root, "籍贯"), "江苏镇江")
        row.addnext(copied)

    record, reading = changed(WORKER, edit)
    assert at(record, "native") == "江苏镇江"
    assert reading.findings != ()


def test_a_form_that_stands_twice_in_a_file_is_read_once():
    form, record, data = sample_of(WORKER)
    other = sample(form, 2)
    second = docx.fill(form, other, stamp(form, other, b"test")).data
    bodies: list[Any] = []
    edits.edited(second, lambda root: bodies.append(copy.deepcopy(root.find(f"{W}body"))))

    def append(root):
        edits.write(edits.cells(edits.row_with(root, "籍贯"))[0], "原籍")
        body = root.find(f"{W}body")
        for child in [child for child in bodies[0] if child.tag != f"{W}sectPr"]:
            body.insert(len(body) - 1, child)

    assert record_in(form, edits.edited(data, append))[0] == record


# ---- the explanation -----------------------------------------------------------------------------


def test_every_field_is_explained_by_its_anchors():
    form, record, data = sample_of(WORKER)
    told_of = {one["field"]: one for one in explanation(form, docx.read(form, data))["fields"]}
    assert told_of["native"]["anchors"] == ("control", "bookmark", "label", "place")
    assert told_of["native"]["sureness"] == "agreed"
    assert told_of["native"]["text"] == at(record, "native")
    assert told_of["career.0.unit"]["anchors"] == ("control", "label", "place")
    bare = edits.edited(edits.edited(data, edits.unwrap_controls), edits.drop_bookmarks)
    told_of = {one["field"]: one for one in explanation(form, docx.read(form, bare))["fields"]}
    assert told_of["native"]["anchors"] == ("label", "place")
    assert told_of["native"]["sureness"] == "single"


def test_the_explanation_is_a_table_for_people():
    def edit(root):
        edits.write(edits.cell_after(root, "籍贯"), "")
        edits.write(edits.cells(edits.row_with(root, "籍贯"))[0], "籍贯：江苏镇江")

    form, _, data = sample_of(WORKER)
    lines = explanation_table(form, docx.read(form, edits.edited(data, edit))).splitlines()
    line = next(number for number, line in enumerate(lines) if line.startswith("  请核对"))
    assert lines[line].split() == ["请核对", "籍贯", "江苏镇江", "表格位置", "栏目名称格"]
    assert lines[line + 1].strip().startswith("→ “籍贯”的内容写在了栏目名称格里")
    assert "请核对 1" in lines[0]


def test_a_strict_document_is_read_with_its_picture_and_can_be_marked():
    form, record, data = sample_of(WORKER)
    strict = made_strict(data)
    reading = docx.read(form, strict)
    assert parse(form, reading.raw, reading.pictures, reading.places)[0] == record
    assert reading.findings == ()
    assert docx.identify(strict) == docx.identify(data)
    assert docx.read(form, docx.mark(form, strict, reading, ())).raw == reading.raw
