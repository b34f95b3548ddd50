"""The typeset forms: what other programs (pdftotext, pdffonts, qpdf, pypdf, fc-query) find in them."""

import hashlib
import io
import re
import subprocess
import sys
from pathlib import Path

import pdfplumber
import pikepdf
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from services import record as records
from services.answers import field_at
from services.catalogue import concrete
from services.form import Form, Grid, LabelCell
from services.identity import stamp
from services.kinds import Choice, Choices, Tick, YesNo
from services.paper.coverage import FACES, fonts_folder, printable, uncovered, with_geta
from services.paper.typeset import Binding, Piece, Typeset, continued, sheet, typeset
from services.paper.typeset_cells import divided
from services.paper.typeset_labels import balanced, typographic
from services.record import Record
from services.sample import sample

SECRET = b"a key that only the tests use"
FORMS = ("evaluation", "station-recommendation", "worker-recommendation")
HOSTILE = '#read("/etc/passwd") *bold* _it_ $x^2$ @ref <label> #{1+1} // c /* d */ ~ -- `raw` \\ & < > “ · =='


def printed(form: Form, record: Record) -> tuple[Typeset, tuple[str, ...]]:
    piece = sheet(form, record, stamp(form, record, SECRET))
    made = typeset((piece,), title=form.title, subject="a subject")
    return made, tuple(f.code for f in (*piece.findings, *continued(form, made, piece.key)))


def words_of(pdf: bytes, *options: str) -> str:
    """All text in the order it was drawn, without any blank."""
    done = subprocess.run(["pdftotext", "-raw", *options, "-", "-"], input=pdf, capture_output=True, check=True)
    return bare(done.stdout.decode())


def pages_of(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def bare(text: str) -> str:
    return re.sub(r"[\s\u200b\u3000]", "", text)


def changed(form: Form, record: Record, **entries: object) -> Record:
    return records.build(form, records.entries_of(form, record) | entries)  # pyright: ignore[reportArgumentType]


@pytest.fixture(scope="module", params=FORMS)
def filled(request: pytest.FixtureRequest) -> tuple[Form, Record, Typeset]:
    form = concrete(request.param)
    record = sample(form)
    return form, record, printed(form, record)[0]


# ---- what a filled form says --------------------------------------------------------------------


def test_every_answer_of_a_filled_form_is_printed(filled):
    form, record, made = filled
    text = words_of(made.pdf)
    shown = records.shown(form, record)
    boxes = (Choice, Choices, YesNo, Tick)
    missing = [p for p, t in shown.items() if bare(t) not in text and not isinstance(field_at(form, p).kind, boxes)]
    ticked = [t for p, t in shown.items() if isinstance(field_at(form, p).kind, boxes)]
    assert missing == []
    assert [t for t in ticked if any(bare(piece) not in text for piece in t.split(" "))] == []


def test_every_label_of_a_form_is_printed(filled):
    form, _, made = filled
    text = words_of(made.pdf)
    grids = [block for part in form.parts for block in part.blocks if isinstance(block, Grid)]
    cells = [cell for grid in grids for row in grid.rows for cell in row.cells if isinstance(cell, LabelCell)]
    labels = {cell.text or field_at(form, cell.key).label for cell in cells}
    labels |= {column.label for schedule in form.schedules for column in schedule.columns}
    labels |= {opinion.label for opinion in form.opinions} | {item.label for item in form.items}
    assert {label for label in labels if bare(typographic(label)) not in text} == set()


def test_all_fonts_are_embedded_subsets(filled):
    fonts = subprocess.run(["pdffonts", "-"], input=filled[2].pdf, capture_output=True, check=True).stdout.decode()
    rows = fonts.splitlines()[2:]
    assert len(rows) >= 4
    assert [row for row in rows if " yes yes yes " not in row] == []


def test_the_file_is_sound_tagged_and_says_that_it_is_pdf_a_2b_in_chinese(filled, tmp_path):
    path = tmp_path / "form.pdf"
    path.write_bytes(filled[2].pdf)
    assert subprocess.run(["qpdf", "--check", path], capture_output=True, check=False).returncode == 0
    with pikepdf.open(path) as document:
        xmp = document.Root.Metadata.read_bytes().decode()
        assert "<pdfaid:part>2</pdfaid:part>" in xmp
        assert "<pdfaid:conformance>B</pdfaid:conformance>" in xmp
        assert document.Root.Lang == "zh-CN"
        assert document.Root.MarkInfo.Marked
        assert document.docinfo.Title == filled[0].title
        assert document.docinfo.Subject == "a subject"


def test_the_bookmarks_are_the_form_and_its_parts(filled):
    form, _, made = filled
    with pikepdf.open(io.BytesIO(made.pdf)) as document, document.open_outline() as outline:
        (top,) = outline.root
        assert bare(top.title) == form.title
        titles = [typographic(part.title) for part in form.parts if part.title]
        assert [part.title for part in top.children] == ["填表说明", *titles]


@pytest.mark.parametrize("form_id", FORMS)
def test_the_same_record_gives_the_same_bytes_here_and_in_a_fresh_process(form_id, root):
    form = concrete(form_id)
    here = [hashlib.sha256(printed(form, sample(form))[0].pdf).hexdigest() for _ in range(2)]
    code = (
        "import hashlib, services.catalogue as c, services.sample as s, services.identity as i\n"
        "import services.paper.typeset as t\n"
        f"form = c.concrete({form_id!r}); record = s.sample(form)\n"
        f"piece = t.sheet(form, record, i.stamp(form, record, {SECRET!r}))\n"
        "print(hashlib.sha256(t.typeset((piece,), title=form.title, subject='a subject').pdf).hexdigest())"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, check=True, text=True)
    assert {*here, done.stdout.strip()} == {here[0]}


# ---- the shape of the forms ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form_id", "pages"),
    [
        # cover, 说明, 个人, 简历奖惩, 事迹, 意见
        ("worker-recommendation", 6),
        # cover, 说明, 基本, 结果和业绩, 事迹, 意见
        ("station-recommendation", 6),
        # cover, 说明, 基本, 附表1-1 to 1-4, 1-5 with its totals on a page of their own, 1-6, five
        # sections, 得分, 结论, 1-7, six opinions on two pages, 增加项目
        ("evaluation", 21),
    ],
)
@pytest.mark.parametrize("edition", ["2006", "today"])
def test_a_blank_form_has_the_pages_that_were_counted_by_hand(form_id, pages, edition):
    form = concrete(form_id, edition)
    made, codes = printed(form, records.empty(form))
    assert (made.count, codes) == (pages, ())
    assert made.pages == {"form": (1, pages)}
    assert pages_of(made.pdf) == pages


def test_blank_schedules_have_their_numbered_rows_and_a_date_its_year_month_and_day():
    form = concrete("evaluation")
    made, _ = printed(form, records.empty(form))
    page = words_of(made.pdf, "-f", "6", "-l", "6")
    assert "附表1-3考评人员名册" in page
    assert "10□五级□四级□三级□二级□一级" in page
    assert "自查日期年月日" in words_of(made.pdf, "-f", "3", "-l", "3")


@pytest.mark.parametrize(("edition", "ministry"), [("2006", "劳动和社会保障部"), ("today", "人力资源和社会保障部")])
def test_each_edition_names_its_own_ministry(edition, ministry):
    form = concrete("worker-recommendation", edition)
    assert f"{ministry}制" in words_of(printed(form, records.empty(form))[0].pdf, "-l", "1")


def test_a_region_has_its_own_items_in_the_last_part():
    form = concrete("evaluation", "2006", "610000")
    made, _ = printed(form, sample(form))
    last = words_of(made.pdf, "-f", str(made.count))
    assert "七、增加项目" in last
    assert [item.label for item in form.items if item.section == "R" and bare(item.label) not in last] == []
    plain = concrete("evaluation")
    assert "本地区无增加项目" in words_of(printed(plain, records.empty(plain))[0].pdf)


def test_odd_page_numbers_stand_at_the_right_and_even_ones_at_the_left():
    form = concrete("worker-recommendation")
    made, _ = printed(form, records.empty(form))
    boxes = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=made.pdf, capture_output=True, check=True).stdout
    pages = boxes.decode().split("<page ")[1:]
    places = [
        float(found[1])
        for page in pages
        if (
            found := re.search(r'xMin="([\d.]+)" yMin="7[89]\d[^>]*>\d+<', page)
            or re.search(r'xMin="([\d.]+)" yMin="7[89]\d[^>]*>—', page)
        )
    ]
    assert [place > 400 for place in places] == [False, True, False, True, False]  # pages 2 to 6; the cover has none


def test_pieces_are_numbered_through_from_the_given_page_and_know_their_pages():
    form = concrete("worker-recommendation")
    blank = records.empty(form)
    pieces = [sheet(form, blank, stamp(form, blank, SECRET), key=key) for key in ("first", "second")]
    made = typeset(pieces, title="two", first_page=5, binding=Binding())
    assert made.pages == {"first": (1, 6), "second": (7, 12)}
    assert made.parts["second"][0] == ("一、个人情况", 9)
    text = words_of(made.pdf, "-f", "12", "-l", "12")
    assert "—16—" in text


def test_two_pieces_of_one_name_are_refused():
    form = concrete("worker-recommendation")
    piece = sheet(form, records.empty(form), stamp(form, records.empty(form), SECRET))
    with pytest.raises(ValueError, match="same key"):
        typeset((piece, piece), title="two")


# ---- more than fits, and what must not happen ---------------------------------------------------


def test_a_long_answer_runs_over_with_its_head_repeated_and_is_reported():
    form = concrete("worker-recommendation")
    sentence = "徐立新同志坚持标准、公正考评,从未发生错评、漏评和违纪行为。"
    deeds = "\n".join(f"第{number}段。{sentence * 6}" for number in range(1, 14))
    record = changed(form, sample(form), deeds=deeds)
    piece = sheet(form, record, stamp(form, record, SECRET))
    made = typeset((piece,), title=form.title)
    (finding,) = continued(form, made, "form")
    assert (finding.code, finding.rule, finding.severity, finding.field) == ("text.continued", "D08", "note", "deeds")
    assert finding.message.startswith("“主要事迹”一页写不下,已从第5页续到第")
    assert "主要事迹(续)" in words_of(made.pdf, "-f", "6", "-l", "6")
    assert "主要事迹(续)" not in words_of(made.pdf, "-f", "5", "-l", "5")
    assert all(f"第{number}段。" in words_of(made.pdf) for number in range(1, 14))


def test_a_cell_with_more_than_a_page_of_text_loses_nothing():
    form = concrete("evaluation")
    text = "".join(chr(0x4E00 + number) for number in range(2400))
    record = changed(form, sample(form), host=text)
    made, codes = printed(form, record)
    text_found = words_of(made.pdf, "-f", "3", "-l", "5")
    assert codes == ("text.continued",)
    assert all(text[start : start + 20] in text_found for start in range(0, 2400, 600))
    assert text[-20:] in text_found


def test_a_seal_of_42_mm_has_room_below_the_longest_opinion():
    form = concrete("worker-recommendation")
    record = changed(form, sample(form), opinion_unit="该同志坚持原则、公正考评,同意推荐。" * 11 + "完")
    made, _ = printed(form, record)
    with pdfplumber.open(io.BytesIO(made.pdf)) as document:
        page = document.pages[5]
        last = next(letter for letter in page.chars if letter["text"] == "完")
        edges = sorted(edge["top"] for edge in page.edges if edge["orientation"] == "h" and edge["x1"] > last["x1"])
    bottom = next(edge for edge in edges if edge > last["bottom"])
    assert (bottom - last["bottom"]) / 72 * 25.4 >= 42


def test_schedules_are_titled_unless_the_part_begins_with_its_only_one():
    form = concrete("station-recommendation")
    page = words_of(printed(form, records.empty(form))[0].pdf, "-f", "4", "-l", "4")
    assert page.index("普查结论") < page.index("鉴定业绩序号") < page.index("获奖情况序号")
    form = concrete("evaluation")
    page = words_of(printed(form, records.empty(form))[0].pdf, "-f", "4", "-l", "4")
    assert page.count("附表1-1") == 1


def test_three_hundred_rows_are_all_printed_and_the_head_stands_on_each_page():
    form = concrete("evaluation")
    rows = {f"examiners.{n}.name": f"考评员{chr(0x4E00 + n)}" for n in range(300)}
    record = changed(form, records.empty(form), **rows)
    made, _ = printed(form, record)
    start = dict(made.parts["form"])["二、附表1-3 考评人员名册"]
    stop = dict(made.parts["form"])["二、附表1-4 鉴定设备与检测仪器"]
    pages = [words_of(made.pdf, "-f", str(page), "-l", str(page)) for page in range(start, stop)]
    assert len(pages) > 20
    assert [page for page in pages if "身份证号" not in page] == []
    assert all("附表1-3考评人员名册(续)" in page for page in pages[1:])
    whole = "".join(pages)
    assert [name for name in rows.values() if name not in whole] == []
    assert "300考评员" in whole


def test_what_looks_like_markup_is_printed_as_it_stands():
    form = concrete("worker-recommendation")
    record = changed(form, sample(form), unit=HOSTILE, deeds=HOSTILE, opinion_unit=HOSTILE)
    made, codes = printed(form, record)
    text = words_of(made.pdf)
    assert codes == ()
    assert text.count(bare(HOSTILE)) == 4  # the unit stands on the cover too
    assert "root:" not in text


def test_no_letter_is_smaller_than_nine_points():
    form = concrete("evaluation")
    record = changed(form, sample(form), email="a.very.long.address.of.someone@subdomain.example-organisation.com.cn")
    made, _ = printed(form, record)
    with pdfplumber.open(io.BytesIO(made.pdf)) as document:
        # The running head above is of 8 pt.
        sizes = {round(c["size"], 2) for page in document.pages for c in page.chars if c["top"] > 60}
    assert min(sizes) == 9


# ---- characters -----------------------------------------------------------------------------------


def test_a_character_that_no_font_has_is_reported_and_printed_as_a_geta_mark():
    form = concrete("worker-recommendation")
    record = changed(form, sample(form), name="欧阳🙂昇")
    piece = sheet(form, record, stamp(form, record, SECRET))
    made = typeset((piece,), title=form.title)
    (finding,) = piece.findings
    assert (finding.code, finding.rule, finding.severity, finding.field) == ("font.uncovered", "N01", "confirm", "name")
    assert finding.message.startswith("“姓名”含有字库里没有的字“🙂”(U+1F642),打印为〓。")
    assert "欧阳〓昇" in words_of(made.pdf)


def test_the_typesetter_refuses_to_print_an_empty_box():
    piece = Piece(key="x", kind="form", data={"title": "x", "head": "🙂", "token": "", "parts": [_BARE_PART]})
    with pytest.raises(typst.TypstError):
        typeset((piece,), title="x")


_BARE_PART = {
    "key": "p",
    "title": "",
    "landscape": False,
    "blocks": [{"block": "notes", "title": "🙂", "lines": []}],
}


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("堃喆珺赟昇旻甦翀祎昉玥晞淏㛃", ()),
        ("〇○㎡①√□〔〕·—…", ()),
        ("𠮷野家", ()),
        ("a\u0301 é ё", ()),
        ("隐\u200b形\ufeff字\u00ad符\t", ()),
        ("笑🙂笑🙂", ("🙂",)),
        ("☃\ue000", ("\ue000",)),
    ],
)
def test_which_characters_the_faces_cover(text, missing):
    assert uncovered(text) == missing


def test_what_has_no_shape_is_left_out_and_blanks_are_kept():
    assert printable("一\u200b二\ufeff\t三\u00a0四\u2028五\u0000\u3000六") == "一二\u3000三 四\n五\u3000六"
    assert with_geta("笑🙂了", ("🙂",)) == "笑〓了"


def test_a_letter_with_marks_that_no_one_face_has_whole_becomes_one_geta_mark():
    text = "🙂\u0301和🙂"
    assert uncovered(text) == ("🙂\u0301", "🙂")
    assert with_geta(text, uncovered(text)) == "〓和〓"


@given(text=st.text(max_size=40), label=st.text(max_size=12))
@settings(max_examples=20)
def test_any_text_at_all_can_be_printed(text, label):
    form = concrete("worker-recommendation")
    record = changed(form, records.empty(form), name=label, deeds=text, **{"career.0.unit": text})
    made, _ = printed(form, record)
    assert made.count >= 6


def test_every_character_of_gb_2312_is_in_the_faces():
    covered: set[int] = set()
    for face in FACES["fang"]:
        if not face.latin_only:
            covered |= _charset(fonts_folder() / face.file)
    common = [chr(code) for code in range(0x20, 0xFFE6) if chr(code).encode("gb2312", "ignore")]
    assert len(common) > 7400
    assert [character for character in common if ord(character) not in covered and character != "\x7f"] == []


def _charset(path: Path) -> set[int]:
    text = subprocess.run(["fc-query", "-f", "%{charset}", path], capture_output=True, check=True, text=True).stdout
    found: set[int] = set()
    for span in text.split():
        first, _, last = span.partition("-")
        found |= set(range(int(first, 16), int(last or first, 16) + 1))
    return found


# ---- labels and words ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "room", "lines"),
    [
        ("姓名", 5.8, "姓名"),
        ("鉴定所(站)名称(全称)", 6.4, "鉴定所(站)\n名称(全称)"),
        ("从事鉴定工作年限", 5.3, "从事鉴定\n工作年限"),
        ("职称/技能等级", 5.8, "职称/\n技能等级"),
        ("证卡有效期至", 5.3, "证卡\n有效期至"),
        ("市级劳动保障行政部门审核意见", 5.9, "市级\n劳动保障\n行政部门\n审核意见"),
        ("性别", 1.5, "性\n别"),
    ],
)
def test_labels_are_broken_between_words(label, room, lines):
    assert balanced(label, room) == lines


def test_declared_commas_are_printed_wide_and_those_between_latin_letters_stay():
    assert typographic("数字一律用阿拉伯数字;如2006年,见1,2") == "数字一律用阿拉伯数字；如2006年，见1,2"


def test_a_word_wider_than_its_cell_is_divided_after_its_punctuation():
    assert divided("someone@example-office.gov.cn", 30, 10.5) == "someone@\u200bexample-\u200boffice.gov.cn"
