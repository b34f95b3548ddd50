"""What was changed in the printed form, and files that are not what they say: each named once with both texts."""

import copy
import io
import zipfile
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pytest
from lxml import etree

from services import desk
from services.catalogue import concrete
from services.check import Context
from services.desk import Examined
from services.findings import Finding
from services.form import Form
from services.paper.office import convert
from services.record import empty
from services.sample import sample
from services.settings import load_settings
from tests import docx_edits as edits
from tests import xlsx_edits
from tests.docx_edits import W, text_of

LEAD, STATION, WORKER = "evaluation", "station-recommendation", "worker-recommendation"


@lru_cache(maxsize=16)
def a_file(name: str, carrier: str = "docx", edition: str = "2006", region: str = "", *, blank: bool = False) -> bytes:
    form = concrete(name, edition, region)
    return desk.issue(form, empty(form) if blank else sample(form), carrier, load_settings()).data


def examined(data: bytes) -> Examined:
    return desk.examine(data, "上传", Context(), load_settings())


def of_the_file(data: bytes) -> tuple[Finding, ...]:
    """What is found, without the rules on single answers, and whether the file had been converted."""
    return tuple(f for f in examined(data).findings if f.code != "file.converted")


# ---- fixed text, in both carriers, also after LibreOffice saved the file --------------------------------

LABEL = "鉴定所(站)名称(全称)"
HEAD = "工作单位"
INSTRUCTION = "数字一律用阿拉伯数字；"
TITLE = "三、评估评分(二)能力建设情况"

CHANGES = {
    "a label": (LABEL, "单位简称"),
    "the name of an item": ("办公场所", "办公和食堂"),
    "the points of an item": ("B01", "B1"),
    "a heading": (TITLE, "三、能力建设情况"),
    "the head of a schedule": (HEAD, "单位电话"),
    "an instruction": (INSTRUCTION, INSTRUCTION.replace("阿拉伯数字", "中文大写数字")),
}


Change = tuple[str, str]


def in_word(*told: Change) -> bytes:
    def change(root: Any) -> None:
        for old, new in told:
            _rewrite(root, old, new)

    return edits.edited(a_file(LEAD), change)


def _rewrite(root: Any, old: str, new: str) -> None:
    for paragraph in root.iter(f"{W}p"):
        texts = list(paragraph.iter(f"{W}t"))
        whole = "".join(text.text or "" for text in texts)
        if texts and old in whole and not any(True for _ in paragraph.iter(f"{W}sdt")):
            texts[0].text = whole.replace(old, new)
            for text in texts[1:]:
                text.text = ""
            return
    raise AssertionError(old)


def in_excel(*told: Change) -> bytes:
    def change(workbook: Any) -> None:
        for old, new in told:
            _retype(workbook, old, new)

    return xlsx_edits.edited(a_file(LEAD, "xlsx"), change)


def _retype(workbook: Any, old: str, new: str) -> None:
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and old in cell.value.replace("\n", ""):
                    cell.value = cell.value.replace("\n", "").replace(old, new)
                    return
    raise AssertionError(old)


def is_named(finding: Finding, old: str, new: str) -> bool:
    """Whether a finding tells this change: the rule, the old text, the new one, a place."""
    plain = finding.message.replace("\n", "")
    told = (finding.rule, finding.code, finding.severity.value) == ("D02", "layout.changed", "must-fix")
    return told and old in finding.want.replace("\n", "") and new in finding.got.replace("\n", "") and "被改成" in plain


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("tamper", [in_word, in_excel], ids=["docx", "xlsx"])
def test_changed_fixed_text_is_named_once_with_place_and_both_texts(what, tamper):
    (finding,) = of_the_file(tamper(CHANGES[what]))
    assert is_named(finding, *CHANGES[what]), finding
    assert finding.place.startswith(("《评估表》", "工作表“"))


@pytest.mark.parametrize(("tamper", "carrier"), [(in_word, "docx"), (in_excel, "xlsx")], ids=["docx", "xlsx"])
def test_all_of_it_is_still_named_once_after_libreoffice_saved_the_file(tamper, carrier):
    found = of_the_file(convert(tamper(*CHANGES.values()), carrier, carrier))
    changed = [finding for finding in found if finding.code == "layout.changed"]
    assert len(changed) == len(CHANGES), [f.message for f in changed]
    assert all(sum(is_named(finding, *change) for finding in changed) == 1 for change in CHANGES.values())
    assert {finding.code for finding in found} <= {"layout.changed", "names.stale"}


@pytest.mark.parametrize(("tamper", "carrier"), [(in_word, "docx"), (in_excel, "xlsx")], ids=["docx", "xlsx"])
def test_a_marked_copy_of_a_tampered_file_names_it_again_and_no_more(tamper, carrier):
    first = examined(tamper(CHANGES["a label"]))
    again = of_the_file(desk.mark(first))
    assert [(f.code, f.got) for f in again] == [(f.code, f.got) for f in first.findings]


# ---- what was taken out or put in -----------------------------------------------------------------------


def worded(data: bytes, change: Callable[[Any], object], name: str = LEAD) -> tuple[Finding, ...]:
    return of_the_file(edits.edited(data or a_file(name), change))


def row_with(root: Any, text: str) -> Any:
    return next(row for row in root.iter(f"{W}tr") if any(text_of(cell) == text for cell in edits.cells(row)))


def test_an_item_that_was_taken_out_is_named_by_its_printed_words():
    (finding,) = worded(b"", lambda root: edits.remove(row_with(root, "B01")))
    assert (finding.rule, finding.code) == ("D02", "layout.row-removed")
    assert "B01/办公场所" in finding.message
    assert "三、评估评分(二)能力建设情况" in finding.place


def test_an_item_that_was_put_in_is_named_by_its_words():
    def add(root):
        edits.put_after(row_with(root, "B01"), "B99", "食堂", "5", "有食堂得5分", "照片", "5", "", "")

    (finding,) = worded(b"", add)
    assert (finding.rule, finding.code, finding.severity.value) == ("D02", "layout.added", "must-fix")
    assert "B99 食堂 5 有食堂得5分" in finding.got


def test_a_label_that_was_emptied_is_named():
    (finding,) = worded(b"", lambda root: edits.write(edits.cells(row_with(root, "邮政编码"))[2], ""))
    assert finding.code in {"layout.changed", "layout.removed"}
    assert finding.want == "邮政编码"


def test_a_paragraph_that_was_put_in_is_named_and_asked_about():
    def add(root):
        root.find(f"{W}body").insert(3, edits.paragraph("本表另加食堂一项"))

    (finding,) = worded(b"", add)
    assert (finding.code, finding.got, finding.severity.value) == ("layout.outside", "本表另加食堂一项", "confirm")


def test_an_instruction_that_was_taken_out_is_named():
    def remove(root):
        edits.remove(next(p for p in root.iter(f"{W}p") if INSTRUCTION in text_of(p)))

    (finding,) = worded(b"", remove)
    assert finding.code == "layout.row-removed"
    assert INSTRUCTION in finding.want


def in_sheet(change: Callable[[Any], object]) -> tuple[Finding, ...]:
    return of_the_file(xlsx_edits.edited(a_file(LEAD, "xlsx"), change))


def cell_of(workbook: Any, text: str) -> Any:
    cells = (cell for sheet in workbook.worksheets for row in sheet.iter_rows() for cell in row)
    return next(cell for cell in cells if cell.value == text)


def test_an_item_that_was_taken_out_of_a_sheet_is_named():
    def remove(workbook):
        cell = cell_of(workbook, "B01")
        cell.parent.delete_rows(cell.row)

    found = in_sheet(remove)
    (finding,) = (finding for finding in found if finding.rule == "D02")
    assert finding.code == "layout.row-removed"
    assert "B01/办公场所" in finding.message.replace("\n", "")


def test_an_item_that_was_put_in_a_sheet_is_named():
    def add(workbook):
        cell = cell_of(workbook, "B01")
        cell.parent.insert_rows(cell.row + 1)
        for offset, text in enumerate(("B99", "食堂", 5, "有食堂得5分")):
            cell.parent.cell(cell.row + 1, cell.column + offset, text)

    (finding,) = (finding for finding in in_sheet(add) if finding.rule == "D02")
    assert finding.code == "layout.added"
    assert "B99 食堂 5 有食堂得5分" in finding.got


# ---- files that are not what they say -------------------------------------------------------------------


def with_body_of(source: bytes, target: bytes) -> bytes:
    """The file `target` with the text of `source` pasted over its own; its identity stays."""
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        return edits.with_parts(target, {"word/document.xml": archive.read("word/document.xml")})


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ((LEAD, "2006", ""), (LEAD, "today", "")),
        ((LEAD, "today", ""), (LEAD, "2006", "")),
        ((LEAD, "2006", ""), (LEAD, "2006", "610000")),
        ((LEAD, "2006", "610000"), (LEAD, "2006", "")),
        ((WORKER, "2006", ""), (LEAD, "2006", "")),
        ((WORKER, "2006", ""), (STATION, "2006", "")),
    ],
)
def test_another_edition_region_or_form_than_the_identity_says_is_one_fault_and_is_read(said, held):
    (name, edition, region), (other, other_edition, other_region) = said, held
    data = with_body_of(a_file(other, "docx", other_edition, other_region), a_file(name, "docx", edition, region))
    found = examined(data)
    assert found.form is concrete(*held)
    assert found.record == sample(found.form)
    (finding,) = found.findings
    assert (finding.rule, finding.code, finding.severity.value) == ("D03", "identity.other-form", "must-fix")
    assert concrete(*said).short_title in finding.want


def joined(one: bytes, other: bytes) -> bytes:
    """One file with the text of both."""
    with zipfile.ZipFile(io.BytesIO(other)) as archive:
        more = etree.fromstring(archive.read("word/document.xml")).find(f"{W}body")
    assert more is not None

    def add(root):
        last = root.find(f"{W}body")[-1]
        for child in more:
            if child.tag != f"{W}sectPr":
                last.addprevious(copy.deepcopy(child))

    return edits.edited(one, add)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (LEAD, STATION, "还有《优秀所(站)推荐表》的内容,只读取了《评估表》"),
        (STATION, LEAD, "还有《评估表》的内容,只读取了《优秀所(站)推荐表》"),
        (STATION, STATION, "有两份《优秀所(站)推荐表》,只读取了前一份"),
    ],
)
def test_two_forms_in_one_file_are_one_fault_and_the_first_is_read(first, second, said):
    found = examined(joined(a_file(first), a_file(second)))
    assert found.record == sample(concrete(first))
    (finding,) = found.findings
    assert (finding.rule, finding.code) == ("D01", "file.two-forms")
    assert said in finding.message


def half_of(form: Form, share: tuple[float, float]) -> bytes:
    def cut(root):
        body = root.find(f"{W}body")
        kids = [kid for kid in body if kid.tag != f"{W}sectPr"]
        kept = kids[int(len(kids) * share[0]) : int(len(kids) * share[1])]
        for kid in kids:
            if not any(kid is one for one in kept):
                body.remove(kid)

    return edits.edited(a_file(form.id), cut)


@pytest.mark.parametrize("name", [LEAD, STATION, WORKER])
@pytest.mark.parametrize("share", [(0, 0.5), (0.5, 1)], ids=["first half", "second half"])
def test_half_a_form_is_one_fault_that_names_the_missing_parts_and_the_rest_is_read(name, share):
    form = concrete(name)
    found = examined(half_of(form, share))
    (finding,) = (f for f in found.findings if f.code.startswith("layout."))
    assert (finding.rule, finding.code) == ("D02", "layout.part-removed")
    missing = form.parts[-1 if share[0] == 0 else 2].title
    assert missing in finding.message
    assert "请从原来的文件里补上这一部分" in finding.message
    assert not any(f.code.endswith(".empty") for f in found.findings)
    assert desk.is_incomplete(found.findings)
    held = {path for path, text in found.reading.raw.items() if text}
    assert held


def sheets(name: str, change: Callable[[Any], object]) -> Examined:
    return examined(xlsx_edits.edited(a_file(name, "xlsx"), change))


def visible(workbook: Any) -> list[Any]:
    return [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]


@pytest.mark.parametrize("is_first_kept", [True, False])
def test_half_a_workbook_is_one_fault_and_the_rest_is_read(is_first_kept):
    def cut(workbook):
        kept = visible(workbook)
        half = len(kept) // 2
        for sheet in kept[half:] if is_first_kept else kept[:half]:
            workbook.remove(sheet)

    found = sheets(STATION, cut)
    assert [f.code for f in found.findings if f.rule == "D02"] == ["layout.part-removed"]
    assert not any(f.code.endswith((".empty", ".rows", ".sum")) for f in found.findings)
    assert found.record.values["name" if is_first_kept else "deeds"]


def test_the_sheets_of_a_second_form_are_one_fault():
    more = xlsx_edits.opened(a_file(WORKER, "xlsx"), values=True)

    def add(workbook):
        for sheet in visible(more):
            target = workbook.create_sheet(f"{sheet.title}(2)")
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.value is not None:
                        target.cell(cell.row, cell.column, cell.value)

    found = sheets(STATION, add)
    assert found.record == sample(concrete(STATION))
    assert [f.code for f in found.findings] == ["file.two-forms"]


def test_a_workbook_whose_identity_is_of_another_form_is_read_as_what_it_is():
    with zipfile.ZipFile(io.BytesIO(a_file(WORKER, "xlsx"))) as archive:
        said = {name: archive.read(name) for name in ("docProps/custom.xml", "docProps/core.xml")}
    found = examined(xlsx_edits.with_parts(a_file(STATION, "xlsx"), said))
    assert found.record == sample(concrete(STATION))
    assert [f.code for f in found.findings] == ["identity.other-form"]


@pytest.mark.parametrize("carrier", ["docx", "xlsx", "pdf"])
@pytest.mark.parametrize("name", [LEAD, WORKER])
def test_a_blank_form_sent_as_completed_is_one_fault(name, carrier):
    (finding,) = examined(a_file(name, carrier, blank=True)).findings
    assert (finding.code, finding.severity.value) == ("file.blank", "must-fix")
    assert "没有填写任何内容" in finding.message


def renumbered(name: str, old: str, new: str) -> bytes:
    """The filled form with the number of its owner typed over in the Word file, its identity as issued."""

    def change(root):
        for text in root.iter(f"{W}t"):
            if text.text and old in text.text:
                text.text = text.text.replace(old, new)

    return edits.edited(a_file(name), change)


@pytest.mark.parametrize("name", [LEAD, STATION])
def test_a_form_issued_to_another_station_is_asked_about_once(name):
    found = [f for f in examined(renumbered(name, "10011001", "10011002")).findings if f.rule == "D01"]
    assert [(f.code, f.severity.value, f.label, f.got) for f in found] == [
        ("identity.other-owner", "confirm", "机构编码", "10011002")
    ]
    assert "为另一个机构编码预先填好签发的" in found[0].message


def test_a_form_issued_blank_may_be_anyones():
    def fill(root):
        edits.write(edits.cell_after(root, "邮政编码"), "210018")

    found = examined(edits.edited(a_file(STATION, blank=True), fill))
    assert not any(f.code.startswith("identity.") for f in found.findings)


@pytest.mark.parametrize("carrier", ["docx", "xlsx", "pdf"])
def test_a_form_as_issued_is_not_suspected(carrier):
    assert examined(a_file(LEAD, carrier)).findings == ()
