"""A completed Word form comes back with its faults marked, and can be corrected and uploaded again."""

import io
import zipfile
from functools import lru_cache

import pytest
from lxml import etree

from services.carriers import docx
from services.carriers.docx.mark import unmark
from services.carriers.docx.mark_ours import AUTHOR
from services.catalogue import concrete
from services.findings import Finding, Problem, Severity, found
from services.form import Form
from services.identity import stamp
from services.paper.office import convert
from services.record import parse
from services.sample import sample
from tests import docx_edits as edits
from tests.docx_edits import W

NAME = "worker-recommendation"


@lru_cache(maxsize=4)
def form_file(name: str = NAME) -> tuple[Form, bytes]:
    form = concrete(name)
    record = sample(form, 1)
    return form, docx.fill(form, record, stamp(form, record, b"test")).data


def fault(field: str, severity: Severity, phrase: str, label: str = "姓名") -> Finding:
    problem = Problem(
        code="t", rule="S01", severity=severity, phrase=phrase, phrase_en="is wrong", remedy="请核对后改正"
    )
    return found(problem, field=field, label=label, place="《优秀工作者推荐表》 · 一、个人情况 · 姓名")


FAULTS = (
    fault("name", Severity.MUST_FIX, "应为<全名> & “两个字”以上"),
    fault("name", Severity.NOTE, "与封面一致"),
    fault("card_until", Severity.CONFIRM, "已过期", "证卡有效期至"),
    fault("career.1.unit", Severity.MUST_FIX, "没有填写", "单位"),
    fault("deeds", Severity.NOTE, "只有 300 字", "主要事迹"),
    fault("", Severity.MUST_FIX, "文件里的表少了一页", ""),
)


def marked(findings=FAULTS, data: bytes | None = None) -> bytes:
    form, original = form_file()
    data = original if data is None else data
    return docx.mark(form, data, docx.read(form, data), findings)


def part(data: bytes, name: str):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return etree.fromstring(archive.read(name))


def texts(root, tag: str) -> list[str]:
    return [edits.text_of(element) for element in root.iter(f"{W}{tag}")]


def fills(root) -> list[tuple[str, str]]:
    """The shaded cells: (text, colour)."""
    return [
        (edits.text_of(shading.getparent().getparent()), shading.get(f"{W}fill"))
        for shading in root.iter(f"{W}shd")
        if shading.getparent().tag == f"{W}tcPr"
    ]


def canonical(data: bytes, name: str) -> bytes:
    return etree.tostring(part(data, name), method="c14n")


def test_each_faulty_cell_has_one_comment_with_all_its_faults():
    comments = texts(part(marked(), "word/comments.xml"), "comment")
    assert comments == [
        (
            "【必须修改】“姓名”应为<全名> & “两个字”以上。请核对后改正(规则 S01)"
            "【提示】“姓名”与封面一致。请核对后改正(规则 S01)"
        ),
        "【需要确认】“证卡有效期至”已过期。请核对后改正(规则 S01)",
        "【必须修改】“单位”没有填写。请核对后改正(规则 S01)",
        "【提示】“主要事迹”只有 300 字。请核对后改正(规则 S01)",
    ]


def test_a_comment_spans_the_answer_it_is_about():
    root = part(marked(), "word/document.xml")
    starts = list(root.iter(f"{W}commentRangeStart"))
    assert [start.get(f"{W}id") for start in starts] == ["0", "1", "2", "3"]
    cell = next(starts[1].iterancestors(f"{W}tc"))
    assert edits.text_of(cell) == "2008年12月31日"
    assert len(list(root.iter(f"{W}commentReference"))) == 4


def test_cells_are_shaded_by_their_worst_fault():
    shaded = fills(part(marked(), "word/document.xml"))
    assert [colour for _, colour in shaded] == ["FFD9D9", "FFF2CC", "FFD9D9", "DDEBF7"]
    assert shaded[0][0] == "郭宏伟"


def test_the_list_on_top_names_every_fault_in_order():
    top = texts(part(marked(), "word/document.xml"), "p")[:7]
    assert top[0].startswith("校核结果:必须修改 3 处,需要确认 1 处,提示 2 处。")
    assert top[1] == (
        "1. 必须修改 《优秀工作者推荐表》 · 一、个人情况 · 姓名:“姓名”应为<全名> & “两个字”以上。请核对后改正"
    )
    assert [line.partition(".")[0] for line in top[1:]] == ["1", "2", "3", "4", "5", "6"]
    assert "文件里的表少了一页" in top[6]


def test_a_fault_of_a_whole_row_stands_at_its_first_cell():
    root = part(marked((fault("career.0", Severity.MUST_FIX, "与下一行重叠"),)), "word/document.xml")
    assert len(fills(root)) == 1


def test_the_same_file_and_faults_give_the_same_bytes():
    assert marked() == marked()


def test_a_marked_copy_reads_the_same_and_unmarks_to_the_original():
    form, data = form_file()
    copy = marked()
    assert docx.read(form, copy) == docx.read(form, data)
    assert canonical(unmark(copy), "word/document.xml") == canonical(data, "word/document.xml")


def test_marking_again_replaces_the_former_marks():
    once = marked((FAULTS[2],))
    assert marked((FAULTS[2],), marked()) == marked((FAULTS[2],), once)
    assert texts(part(marked((FAULTS[2],), marked()), "word/comments.xml"), "comment") == [
        "【需要确认】“证卡有效期至”已过期。请核对后改正(规则 S01)"
    ]


def test_without_faults_only_the_former_marks_go():
    form, data = form_file()
    assert canonical(marked((), marked()), "word/document.xml") == canonical(data, "word/document.xml")
    assert docx.read(form, marked((), marked())).findings == ()


@pytest.mark.parametrize("way", [("docx",), ("doc", "docx"), ("odt", "docx")], ids="-".join)
def test_a_marked_copy_saved_by_libreoffice_reads_the_same_and_loses_all_marks(way):
    form, data = form_file()
    copy, suffix = marked(), "docx"
    for target in way:
        copy, suffix = convert(copy, suffix, target), target
    before, after = docx.read(form, data), docx.read(form, copy)
    assert parse(form, after.raw, after.pictures, {})[0] == parse(form, before.raw, before.pictures, {})[0]
    assert after.findings == ()
    root = part(unmark(copy), "word/document.xml")
    assert fills(root) == []
    assert not any("校核结果" in text for text in texts(root, "p"))
    assert not list(root.iter(f"{W}commentReference"))
    assert not [m for m in root.iter(f"{W}bookmarkStart") if (m.get(f"{W}name") or "").startswith("ZPMARK")]


def test_the_shading_a_cell_had_comes_back():
    data = form_file()[1]

    def shade(root):
        properties = edits.cell_after(root, "籍贯").find(f"{W}tcPr")
        etree.SubElement(properties, f"{W}shd", {f"{W}val": "clear", f"{W}color": "auto", f"{W}fill": "C0FFEE"})

    coloured = edits.edited(data, shade)
    copy = marked((fault("native", Severity.MUST_FIX, "不详", "籍贯"),), coloured)
    assert [colour for _, colour in fills(part(copy, "word/document.xml"))] == ["FFD9D9"]
    assert [colour for _, colour in fills(part(unmark(copy), "word/document.xml"))] == ["C0FFEE"]


def commented_by_a_person(data: bytes) -> bytes:
    """The marked copy with a person's own comment added to our comments part."""

    def add(root):
        comment = etree.SubElement(root, f"{W}comment", {f"{W}id": "77", f"{W}author": "王科长"})
        comment.append(edits.paragraph("请补充证书编号"))

    def anchor(root):
        run = etree.SubElement(next(edits.cell_after(root, "籍贯").iter(f"{W}p")), f"{W}r")
        etree.SubElement(run, f"{W}commentReference", {f"{W}id": "77"})

    return edits.edited(edits.edited(data, add, "word/comments.xml"), anchor)


def test_comments_by_people_stay_and_are_told():
    form, _ = form_file()
    copy = commented_by_a_person(marked())
    (finding,) = docx.read(form, copy).findings
    assert (finding.rule, finding.code, finding.severity) == ("D05", "remarks.comments", "confirm")
    assert "王科长:“请补充证书编号”" in finding.message
    assert texts(part(unmark(copy), "word/comments.xml"), "comment") == ["请补充证书编号"]
    again = part(marked(FAULTS, copy), "word/comments.xml")
    authors = [comment.get(f"{W}author") for comment in again.iter(f"{W}comment")]
    assert authors == ["王科长", *[AUTHOR] * 4]
    assert len({comment.get(f"{W}id") for comment in again.iter(f"{W}comment")}) == 5


def test_the_clerks_corrections_in_a_marked_copy_are_read():
    form, _ = form_file()
    corrected = edits.edited(marked(), lambda root: edits.write(edits.cell_after(root, "籍贯"), "江苏常熟"))
    assert docx.read(form, corrected).raw["native"] == "江苏常熟"


def test_a_file_without_styles_or_comments_can_be_marked():
    form, data = form_file()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name != "word/styles.xml"}
    relations = etree.fromstring(parts["word/_rels/document.xml.rels"])
    for relation in list(relations):
        if relation.get("Target") == "styles.xml":
            relations.remove(relation)
    parts["word/_rels/document.xml.rels"] = etree.tostring(relations)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    copy = marked(FAULTS, out.getvalue())
    assert docx.read(form, copy).raw == docx.read(form, data).raw
    assert b"comments+xml" in zipfile.ZipFile(io.BytesIO(copy)).read("[Content_Types].xml")
    assert b"styles+xml" in zipfile.ZipFile(io.BytesIO(copy)).read("[Content_Types].xml")


def test_python_docx_and_libreoffice_open_a_marked_copy():
    import docx as python_docx  # noqa: PLC0415 - another program's view, beside our carrier of that name

    document = python_docx.Document(io.BytesIO(marked()))
    assert [comment.author for comment in document.comments] == [AUTHOR] * 4
    assert convert(marked(), "docx", "pdf").startswith(b"%PDF-")


def test_a_changed_label_has_a_comment_and_a_shade_at_its_own_cell():
    form, data = form_file()
    changed = edits.edited(data, lambda root: edits.write(edits.cell_with(root, "政治面貌"), "籍贯"))
    reading = docx.read(form, changed)
    copy = docx.mark(form, changed, reading, reading.findings)
    comments = texts(part(copy, "word/comments.xml"), "comment")
    assert [text for text in comments if "籍贯" in text] == [
        "【必须修改】“政治面貌”被改成“籍贯”。请改回原来的文字(规则 D02)"
    ]
    assert ("籍贯", "FFD9D9") in fills(part(copy, "word/document.xml"))
    assert docx.read(form, copy).raw == reading.raw


def test_two_readings_of_one_answer_are_marked_at_both_places_and_named_by_their_parts():
    form, data = form_file()

    def other_name(root):
        rows = [row for row in root.iter(f"{W}tr") if edits.text_of(edits.cells(row)[0]) == "姓名"]
        edits.write(edits.cells(rows[0])[1], "王另一")

    contradicted = edits.edited(data, other_name)
    reading = docx.read(form, contradicted)
    (finding,) = [finding for finding in reading.findings if finding.code == "read.differs"]
    assert "“封面”里是“王另一”,“一、个人情况”里是“" in finding.message
    root = part(docx.mark(form, contradicted, reading, (finding,)), "word/document.xml")
    noted = [cell for cell in root.iter(f"{W}tc") if next(cell.iter(f"{W}commentReference"), None) is not None]
    first, second = (edits.text_of(cell) for cell in noted)
    assert (first, finding.message.count(second)) == ("王另一", 2)
