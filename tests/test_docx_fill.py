"""The filled Word form: the record and nothing else, as docxtpl itself would print it."""

import io
import os
import re
import shutil
import subprocess
import threading
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from docxtpl import DocxTemplate
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from services.answers import empty_paths, field_at, scalars
from services.carriers.docx.compiled import MAIN_PART, expanded
from services.carriers.docx.context import context_of
from services.carriers.docx.fill import fill, render
from services.carriers.docx.templates import template_of
from services.catalogue import concrete, declared
from services.form import Form
from services.identity import Stamp, stamp
from services.kinds import Choice, Code, Text
from services.record import Record, build, empty, entries_of, row_counts
from services.sample import sample
from services.settings import fonts_of
from tests.any_record import records

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
KEY = b"a key that only the tests use"
FORMS = tuple(form.id for form in declared())
HOSTILE = (
    "A & B <c> \"q\" 'x' </w:t>",
    "{{ 7*7 }}",
    "{% for x in y %}{% endif %}{# note #}",
    "第一行\n第二行\n\n末行",
    "前\t后",
    "𠮷野家 𡈽 𬌗 堃喆",
    "“引号”‘单’ ·　〔2006〕㎡",
    "]]> \\1 %s &amp; &lt;",
)


def stamped(form: Form, record: Record) -> Stamp:
    return stamp(form, record, KEY)


def filled(form: Form, record: Record) -> bytes:
    return fill(form, record, stamped(form, record)).data


def part(docx: bytes, name: str = MAIN_PART) -> bytes:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        return archive.read(name)


def body(docx: bytes) -> Any:
    return etree.fromstring(part(docx))


def text_of(element: Any) -> str:
    return "".join(piece.text or "" for piece in element.iter(f"{W}t"))


def controls(docx: bytes) -> Iterator[tuple[str, Any]]:
    for control in body(docx).iter(f"{W}sdt"):
        tag = control.find(f"{W}sdtPr/{W}tag")
        if tag is not None:
            yield tag.get(f"{W}val"), control


def hostile_record(form: Form, rows: int = 2) -> Record:
    """A record whose every text is one of HOSTILE."""
    counts = {schedule.key: len(schedule.groups) or rows for schedule in form.schedules}
    entries: dict[str, Any] = {}
    for number, path in enumerate(empty_paths(form, counts)):
        kind = field_at(form, path).kind
        if isinstance(kind, Text | Code):
            entries[path] = HOSTILE[number % len(HOSTILE)]
    return build(form, entries)


# ---- the same document as docxtpl makes ---------------------------------------------------------------


def by_docxtpl(template: bytes, names: Mapping[str, Any]) -> dict[str, bytes]:
    """The template printed by docxtpl itself, its tick boxes made to follow their marks first."""
    ready = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template)) as source, zipfile.ZipFile(ready, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, expanded(data).encode() if name == MAIN_PART else data)
    document = DocxTemplate(ready)
    document.render(dict(names), autoescape=True)
    out = io.BytesIO()
    document.save(out)
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def canonical(data: bytes) -> bytes:
    """The canonical XML of a part, drawings without their numbers."""
    root = etree.fromstring(data)
    for drawing in root.iter("{*}docPr"):
        drawing.set("id", "0")
    return etree.tostring(root, method="c14n")


def assert_like_docxtpl(form: Form, record: Record) -> None:
    context = context_of(form, record, stamped(form, record))
    names = {**context.names, **dict.fromkeys(context.pictures, "贴照片处")}
    theirs = by_docxtpl(template_of(form), names)
    without = build(
        form, {path: value for path, value in entries_of(form, record).items() if path not in context.pictures}
    )
    ours = fill(form, without, stamped(form, record)).data
    for name in (MAIN_PART, "word/header-portrait.xml"):
        other = name if name in theirs else next(n for n in theirs if n.startswith("word/header"))
        assert canonical(part(ours, name)) == canonical(theirs[other])


@pytest.mark.parametrize("form_id", FORMS)
def test_a_hostile_record_prints_as_docxtpl_prints_it(form_id: str) -> None:
    form = concrete(form_id)
    assert_like_docxtpl(form, hostile_record(form))


@pytest.mark.parametrize("form_id", FORMS)
def test_a_blank_form_prints_as_docxtpl_prints_it(form_id: str) -> None:
    form = concrete(form_id)
    assert_like_docxtpl(form, empty(form))


def test_three_hundred_rows_print_as_docxtpl_prints_them() -> None:
    form = concrete("evaluation", "2006", "610000")
    entries: dict[str, Any] = {f"examiners.{row}.name": HOSTILE[row % len(HOSTILE)] for row in range(300)}
    assert_like_docxtpl(form, build(form, entries))


@settings(max_examples=8)
@given(st.data())
def test_any_record_prints_as_docxtpl_prints_it(data: st.DataObject) -> None:
    form = concrete(data.draw(st.sampled_from(FORMS)), data.draw(st.sampled_from(("2006", "today"))))
    assert_like_docxtpl(form, data.draw(records(form, most_rows=2)))


def test_breaks_and_tabs_keep_the_formatting_that_a_hand_gave_a_run() -> None:
    form = concrete("worker-recommendation")
    bold = "<w:r><w:rPr><w:b/></w:rPr><w:t>{{ name }} {{ deeds }}</w:t></w:r>"
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template_of(form))) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = source.read(name).decode("latin-1")
            plain = '<w:r><w:t xml:space="preserve">{{ name }}</w:t></w:r>'
            target.writestr(name, data.replace(plain, bold).encode("latin-1"))
    record = build(form, {"name": "甲\t乙\t丙", "deeds": "一\n二\t三"})
    mark = stamped(form, record)
    context = context_of(form, record, mark)
    ours = render(form, out.getvalue(), context, mark).data
    assert b"<w:b/></w:rPr><w:tab/>" in part(ours)
    assert canonical(part(ours)) == canonical(by_docxtpl(out.getvalue(), context.names)[MAIN_PART])


def test_braces_with_an_underscore_stay_as_typed() -> None:
    # docxtpl itself turns {_{ into {{ in its output, so that a second filling would run it.
    form = concrete("worker-recommendation")
    docx = filled(form, build(form, {"name": "{_{ 7*7 }_}"}))
    assert "{_{ 7*7 }_}" in text_of(body(docx))


# ---- the file itself -----------------------------------------------------------------------------------


@pytest.mark.parametrize("form_id", FORMS)
def test_the_same_record_gives_the_same_bytes(form_id: str) -> None:
    form = concrete(form_id)
    assert filled(form, sample(form, 3)) == filled(form, sample(form, 3))


@pytest.mark.parametrize("form_id", FORMS)
def test_every_part_is_well_formed_and_named_once(form_id: str) -> None:
    form = concrete(form_id)
    with zipfile.ZipFile(io.BytesIO(filled(form, hostile_record(form)))) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len(names) == len(set(names))
        for name in names:
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))


@pytest.mark.parametrize("form_id", FORMS)
@pytest.mark.parametrize("edition", ["2006", "today"])
def test_every_answer_of_a_form_has_its_tag(form_id: str, edition: str) -> None:
    form = concrete(form_id, edition)
    record = sample(form, 0)
    tags = {tag for tag, _ in controls(filled(form, record))}
    open_rows = {schedule.key for schedule in form.schedules if not schedule.totals_of}
    first_columns = {s.key: s.columns[0].key for s in form.schedules if s.totals_of}
    for path in empty_paths(form, row_counts(form, record)):
        head, *rest = path.split(".")
        if first_columns.get(head) == (rest[-1] if rest else ""):
            continue
        assert (f"{head}.{rest[-1]}" if head in open_rows else path) in tags


def test_the_answers_a_region_adds_have_their_tags() -> None:
    form = concrete("evaluation", "2006", "610000")
    tags = {tag for tag, _ in controls(filled(form, empty(form)))}
    assert {"items.SX1.self", "items.SX5.review", "items.SX3.reason"} <= tags


def test_a_form_for_no_region_says_that_nothing_was_added() -> None:
    form = concrete("evaluation")
    assert "本地区无增加项目" in text_of(body(filled(form, empty(form))))


def test_each_answer_that_stands_once_has_its_bookmark() -> None:
    form = concrete("station-recommendation")
    names = [mark.get(f"{W}name") for mark in body(filled(form, empty(form))).iter(f"{W}bookmarkStart")]
    assert len(names) == len(set(names))
    assert {f"F_{key}" for key in scalars(form)} <= set(names)


def test_controls_are_of_the_kind_that_survives_editors() -> None:
    form = concrete("evaluation")
    xml = part(filled(form, sample(form, 0))).decode()
    assert not re.search(r"<w:text[ />]|<w:dataBinding|repeatingSection", xml)
    for _, control in controls(filled(form, empty(form))):
        assert control.getparent().tag == f"{W}p"


# ---- what stands in it ---------------------------------------------------------------------------------


def test_tick_boxes_are_checked_where_they_print_a_tick() -> None:
    form = concrete("evaluation")
    record = build(form, {"host_nature": "学校", "qms": False, "veto_2": True, "occupations.0.levels": ("5", "3")})
    docx = filled(form, record)
    ticked = {
        text_of(control.getparent()) for _, control in controls(docx) if control.find(f".//{W14}checkbox") is not None
    }
    assert "□机关 □事业 □企业 √学校 □社会团体 □其他" in ticked
    assert "□是 √否" in ticked
    assert "√超范围鉴定" in ticked
    assert "√五级 □四级 √三级 □二级 □一级" in ticked
    for _, control in controls(docx):
        state = control.find(f"{W}sdtPr/{W14}checkbox/{W14}checked")
        if state is not None:
            assert (state.get(f"{W14}val") == "1") == (text_of(control) == "√")


def test_a_multi_line_answer_is_broken_into_lines_in_its_own_control() -> None:
    form = concrete("worker-recommendation")
    docx = filled(form, build(form, {"deeds": "一、某事\n二、又一事\n\n三、末事"}))
    (deeds,) = (control for tag, control in controls(docx) if tag == "deeds")
    assert len(list(deeds.iter(f"{W}br"))) == 3
    assert text_of(deeds) == "一、某事二、又一事三、末事"


def test_an_empty_control_holds_blanks_and_no_invitation_to_click() -> None:
    form = concrete("worker-recommendation")
    docx = filled(form, empty(form))
    shown = {tag: text_of(control) for tag, control in controls(docx)}
    assert shown["name"] == "\u3000\u3000"
    assert re.sub(" ", "", shown["filled_on"]) == "年月日"
    assert "单击" not in text_of(body(docx))


def test_a_table_prints_blank_rows_after_the_stated_ones() -> None:
    form = concrete("worker-recommendation")
    docx = filled(form, build(form, {"career.0.unit": "某厂", "career.1.unit": "某校"}))
    units = [text_of(control) for tag, control in controls(docx) if tag == "career.unit"]
    assert units == ["某厂", "某校", *["\u3000\u3000"] * 5]


def test_control_characters_are_removed_and_reported() -> None:
    form = concrete("worker-recommendation")
    record = build(form, {"name": "王\x0b某", "deeds": "前\x00后\ud83d"})
    result = fill(form, record, stamped(form, empty(form)))
    shown = {tag: text_of(control) for tag, control in controls(result.data)}
    assert (shown["name"], shown["deeds"]) == ("王某", "前后")
    assert [(f.rule, f.field, f.got) for f in result.findings] == [
        ("N01", "name", "U+000B"),
        ("N01", "deeds", "U+0000、U+D83D"),
    ]


def test_an_overlong_text_is_kept_whole_and_reported() -> None:
    form = concrete("worker-recommendation")
    record = build(form, {"summary": "事" * 400})
    result = fill(form, record, stamped(form, record))
    assert "事" * 400 in text_of(body(result.data))
    assert [(f.rule, f.field, f.got) for f in result.findings] == [("D08", "summary", "400 字")]


def test_a_photograph_stands_in_its_place_undistorted() -> None:
    form = concrete("worker-recommendation")
    out = io.BytesIO()
    Image.new("RGB", (400, 400), "red").save(out, "JPEG")
    docx = filled(form, build(form, {"photo": out.getvalue()}))
    assert part(docx, "word/media/photo.jpeg") == out.getvalue()
    (extent,) = (e for tag, c in controls(docx) if tag == "photo" for e in c.iter("{*}extent"))
    assert (extent.get("cx"), extent.get("cy")) == ("1260000", "1260000")
    assert b'Target="media/photo.jpeg"' in part(docx, "word/_rels/document.xml.rels")


def test_a_file_that_is_no_photograph_is_left_out_and_reported() -> None:
    form = concrete("worker-recommendation")
    record = build(form, {"photo": b"\xff\xd8\xff and then nothing"})
    result = fill(form, record, stamped(form, record))
    assert [(f.code, f.field) for f in result.findings] == [("picture.unreadable", "photo")]
    assert {tag: text_of(c) for tag, c in controls(result.data)}["photo"] == "贴照片处"


# ---- whose it is ---------------------------------------------------------------------------------------


def test_the_identity_stands_in_properties_subject_header_and_qr_code() -> None:
    form = concrete("evaluation", "today", "610000")
    record = sample(form, 0)
    mark = stamped(form, record)
    docx = filled(form, record)
    custom = etree.fromstring(part(docx, "docProps/custom.xml"))
    assert {p.get("name"): p[0].text or "" for p in custom} == {
        "FormToken": mark.token,
        "FormId": "evaluation",
        "FormEdition": "today",
        "FormRegion": "610000",
        "RecordId": mark.record,
    }
    assert f"<dc:subject>{mark.token}</dc:subject>".encode() in part(docx, "docProps/core.xml")
    for name in ("word/header-portrait.xml", "word/header-landscape.xml"):
        assert text_of(etree.fromstring(part(docx, name))).endswith(f"编号 {mark.token}")
    with Image.open(io.BytesIO(part(docx, "word/media/identity.png"))) as picture:
        (code,) = zxingcpp.read_barcodes(picture)
    assert code.text == mark.token


def test_many_threads_fill_one_template_without_mixing_records() -> None:
    form = concrete("station-recommendation")
    samples = [sample(form, seed) for seed in range(4)]
    wanted = [filled(form, record) for record in samples]
    got: dict[int, list[bytes]] = {number: [] for number in range(4)}

    def work(number: int) -> None:
        got[number] += [filled(form, samples[number]) for _ in range(5)]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(got[number] == [wanted[number]] * 5 for number in range(4))


# ---- on paper ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def as_pdf(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Turns docx files into the text of their pages, by LibreOffice with the service's fonts."""
    office = shutil.which("soffice")
    assert office, "no LibreOffice: run ./dev setup test"
    folder = tmp_path_factory.mktemp("office")
    environment = {**os.environ, "FONTCONFIG_FILE": str(fonts_of() / "fonts.conf")}

    def convert(files: Mapping[str, bytes]) -> dict[str, list[str]]:
        for name, data in files.items():
            (folder / f"{name}.docx").write_bytes(data)
        sources = [str(folder / f"{name}.docx") for name in files]
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *sources]
        subprocess.run(command, env=environment, check=True, capture_output=True, timeout=300)
        return {name: pages(folder / f"{name}.pdf") for name in files}

    return convert


def pages(pdf: Path) -> list[str]:
    """The text of each page, without blanks."""
    said = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    return [re.sub(r"\s", "", page) for page in said.split("\f")[:-1]]


def test_blank_forms_have_as_many_pages_as_they_should(as_pdf: Any) -> None:
    files = {form_id: filled(concrete(form_id), empty(concrete(form_id))) for form_id in FORMS}
    printed = as_pdf(files)
    assert {name: len(texts) for name, texts in printed.items()} == {
        "evaluation": 21,
        "station-recommendation": 6,
        "worker-recommendation": 6,
    }
    assert all("编号ZP" in page for texts in printed.values() for page in texts)
    heads = ("一、基本情况", "二、附表1-1批准鉴定职业", "三、评估评分(二)能力建设情况", "六、意见", "七、增加项目")
    where = [next(n for n, page in enumerate(printed["evaluation"], 1) if head in page) for head in heads]
    assert where == [3, 4, 12, 19, 21]


def test_a_long_account_runs_over_to_a_page_with_the_same_head(as_pdf: Any) -> None:
    form = concrete("worker-recommendation")
    deeds = "\n".join(f"第{number}段:{'认真负责坚持原则' * 12}。" for number in range(1, 41))
    (texts,) = as_pdf({"long": filled(form, build(form, {"deeds": deeds}))}).values()
    holding = [number for number, page in enumerate(texts, 1) if "主要事迹(2000字左右，可续页)" in page]
    assert holding[:3] == [5, 6, 7]
    assert "第1段:" in texts[4]
    assert any("第40段:" in texts[number - 1] for number in holding)


def test_every_printed_choice_is_in_the_pdf_text(as_pdf: Any) -> None:
    form = concrete("evaluation")
    (texts,) = as_pdf({"filled": filled(form, sample(form, 0))}).values()
    wanted = [
        option
        for field in form.fields
        if isinstance(field.kind, Choice) and field.kind.boxes
        for option in field.kind.options
    ]
    assert wanted
    assert all(option in "".join(texts) for option in wanted)
