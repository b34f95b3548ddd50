"""Every way a clerk writes a date, a number, a tick or a code, and what it stands for (rules N01–N05, L07, D08)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.findings import Severity
from services.kinds import (
    Choice,
    Choices,
    Code,
    Day,
    Month,
    Number,
    Picture,
    Score,
    Text,
    Tick,
    Whole,
    YesNo,
)
from services.kinds.code import Scheme
from services.kinds.memory import parser_of, reader_of, writer_of
from services.kinds.number import chinese_number
from services.kinds.picture import media_type
from services.kinds.text import clean, count_characters, fold, unprintable
from tests.any_record import values

LEVELS = Choices(
    options=(("5", "五级"), ("4", "四级"), ("3", "三级"), ("2", "二级"), ("1", "一级")),
    synonyms=(
        ("初级工", "5"),
        ("初级", "5"),
        ("中级", "4"),
        ("高级", "3"),
        ("高级工", "3"),
        ("技师", "2"),
        ("高级技师", "1"),
    ),
)
NATURE = Choice(options=("机关", "事业", "企业", "学校"), boxes=True, synonyms=(("事业单位", "事业"),))
GRADE = Choice(options=("优秀", "合格", "基本合格", "不合格"), boxes=True)
LEAK = Tick(label="泄露试题")
EVERY_KIND = (
    Text(limit=60),
    Text(limit=60, lines=True),
    Whole(maximum=9_999_999, unit="人"),
    Whole(minimum=1950, maximum=2099, unit="年"),
    Number(unit="㎡"),
    Score(points=Decimal(5)),
    Day(),
    Month(),
    NATURE,
    GRADE,
    Choice(options=("男", "女")),
    LEVELS,
    YesNo(),
    LEAK,
    *(Code(scheme=scheme) for scheme in Scheme.__args__),
)


def codes(problems):
    return [problem.code for problem in problems]


# ---- N01: folding -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("１０１６２３７４－１", "10162374-1"),
        (" 10 01\u300020\u00a003\t", "10012003"),
        ("\ufeff２００６．８．１５", "2006.8.15"),
        ("（劳社）", "(劳社)"),
        ("a–b—c―d－e−f‐g", "a-b-c-d-e-f-g"),
        ("电话：０２５，８３７", "电话:025,837"),
        ("ｊｄｓ＠１６３．ｃｏｍ", "jds@163.com"),
    ],
)
def test_widths_blanks_brackets_and_dashes_are_one(written, folded):
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("written", "value"),
    [("  甲 乙 \u3000", "甲 乙"), ("一\r\n二\r三\n", "一\n二\n三"), ("甲\x07乙", "甲乙"), ("　", None), ("", None)],
)
def test_free_text_keeps_its_inner_blanks_and_loses_its_outer_ones(written, value):
    assert (clean(written) or None) == value
    assert Text(limit=9, lines=True).parse(written)[0] == value


def test_a_character_that_no_file_may_hold_is_named():
    assert unprintable("甲\x00乙\x0b\x00") == ("U+0000", "U+000B")
    value, problems = Text().parse("甲\x0b乙")
    assert (value, codes(problems)) == ("甲乙", ["text.unprintable"])
    assert "U+000B" in problems[0].phrase


# ---- D08: how long --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("职业技能鉴定", 6),
        ("鉴定,合格。", 6),
        ("ISO 9001 认证", 4),
        ("CA6140 车床", 3),
        ("don't 停", 2),
        ("一 二\n三　四", 4),
        ("", 0),
        ("堃喆𠮷", 3),
    ],
)
def test_a_latin_word_counts_as_one_character(text, count):
    assert count_characters(text) == count


def test_text_of_its_limit_is_fine_and_one_more_is_asked_about_but_never_cut():
    assert Text(limit=5).parse("一二三四五") == ("一二三四五", ())
    value, problems = Text(limit=5).parse("一二三四五六")
    assert value == "一二三四五六"
    assert [(p.code, p.rule, p.severity, p.got) for p in problems] == [("text.long", "D08", Severity.CONFIRM, "6 字")]


# ---- N02: dates -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "2006年8月15日",
        "2006年08月15日",
        "2006 年 8 月 15 日",
        "２００６年８月１５日",
        "2006年8月15号",
        "2006年8月15",
        "二〇〇六年八月十五日",
        "二○○六年八月十五日",
        "二OO六年八月十五日",
        "二oo六年八月十五日",
        "二ＯＯ六年八月十五日",
        "二00六年八月十五日",
        "二零零六年八月十五日",
        "2006-8-15",
        "2006-08-15",
        "2006－8－15",
        "2006.8.15",
        "2006．8．15",
        "2006/08/15",
        "2006／8／15",
        "20060815",
        "2006-08-15 00:00:00",
        "2006-08-15T00:00:00",
        "38944",
        "38944.0",
    ],
)
def test_a_day_is_read_however_it_is_written(written):
    assert Day().parse(written) == (date(2006, 8, 15), ())


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("二〇〇六年十月十日", date(2006, 10, 10)),
        ("二〇〇六年十二月三十一日", date(2006, 12, 31)),
        ("二〇〇一年一月二日", date(2001, 1, 2)),
        ("二〇〇五年十一月二十日", date(2005, 11, 20)),
        ("2004年2月29日", date(2004, 2, 29)),
        ("18263", date(1949, 12, 31)),
    ],
)
def test_other_days_are_read_too(written, day):
    assert Day().parse(written) == (day, ())


@pytest.mark.parametrize(
    "written",
    [
        "2006年2月30日",
        "2006-13-1",
        "2006.0.5",
        "二〇〇六年二月三十日",
        "2005年2月29日",
        "06.8.15",
        "8月15日",
        "2006年8月",
        "八月中旬",
        "2006",
        "15/8/2006",
        "2006年8月15日前",
        "99999999",
    ],
)
def test_a_day_that_is_none_is_told_with_what_was_written(written):
    value, problems = Day().parse(written)
    assert value is None
    assert [(p.code, p.rule, p.severity, p.got) for p in problems] == [
        ("date.unreadable", "N02", Severity.MUST_FIX, written)
    ]
    assert "2006年8月15日" in problems[0].remedy


@pytest.mark.parametrize(
    "written",
    [
        "1966年5月",
        "1966年05月",
        "１９６６年５月",
        "1966.5",
        "1966-05",
        "1966/5",
        "一九六六年五月",
        "1966年5月份",
        "196605",
        "1966年5月20日",
        "24228",
    ],
)
def test_a_month_is_read_however_it_is_written(written):
    assert Month().parse(written) == (date(1966, 5, 1), ())


@pytest.mark.parametrize("written", ["1966", "1966年13月", "66.5", "五月", "196613"])
def test_a_month_that_is_none_is_told(written):
    value, problems = Month().parse(written)
    assert (value, codes(problems)) == (None, ["date.unreadable"])


def test_the_open_end_of_a_span_is_nothing():
    assert Month().parse("至今") == (None, ())


@pytest.mark.parametrize("kind", [Day(), Month(), Whole(), Number(), Score(points=Decimal(2)), NATURE, LEVELS])
@pytest.mark.parametrize("written", ["", " \u3000", "无", "/", "／", "—", "——", "-", "－"])
def test_nothing_is_nothing_and_no_fault(kind, written):
    assert kind.parse(written) == (None, ())


# ---- N05, T03: numbers ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("36", 36),
        ("３６", 36),
        (" 36 ", 36),
        ("36人", 36),
        ("36 名", 36),
        ("36台(套)", 36),
        ("36人次", 36),
        ("36.0", 36),
        ("1,200", 1200),
        ("1，200", 1200),
        ("0", 0),
        ("０", 0),
        ("+7", 7),
    ],
)
def test_a_count_is_read_without_its_unit(written, value):
    assert Whole().parse(written) == (value, ())


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("十二", 12),
        ("两百", 200),
        ("十", 10),
        ("二十", 20),
        ("一百零五", 105),
        ("一百五", 150),
        ("一百五十", 150),
        ("两千三", 2300),
        ("三万五", 35_000),
        ("一万零三十", 10_030),
        ("十二人", 12),
        ("零", 0),
        ("一二〇", 120),
    ],
)
def test_a_count_in_chinese_numerals_is_read_and_asked_about(written, value):
    got, problems = Whole().parse(written)
    assert got == value
    assert [(p.code, p.rule, p.severity, p.want) for p in problems] == [
        ("number.chinese", "N05", Severity.CONFIRM, str(value))
    ]


@pytest.mark.parametrize(
    "written", ["128\n512", "约30", "30多", "若干", "30-40", "1,20", "3 0a", "三十几", "1e3", "NaN", "∞"]
)
def test_what_is_no_number_is_told(written):
    value, problems = Whole().parse(written)
    assert (value, codes(problems)) == (None, ["number.unreadable"])
    assert problems[0].got == written


@pytest.mark.parametrize("written", ["-1", "1.5", "101", "一百零一"])
def test_a_count_outside_its_range_is_told_with_the_range(written):
    value, problems = Whole(maximum=100).parse(written)
    assert value is None
    assert problems[-1].code == "number.range"
    assert "0–100 的整数" in problems[-1].phrase


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("18.5", Decimal("18.5")),
        ("18.50㎡", Decimal("18.5")),
        ("18.5平方米", Decimal("18.5")),
        ("18.5m2", Decimal("18.5")),
        ("18.5m²", Decimal("18.5")),
        ("1,018.25", Decimal("1018.25")),
        ("15", Decimal(15)),
    ],
)
def test_a_measure_is_read_without_its_unit(written, value):
    assert Number().parse(written) == (value, ())


@pytest.mark.parametrize(("kind", "written"), [(Number(places=1), "1.25"), (Number(), "-1"), (Number(), "10000000")])
def test_a_measure_off_its_bounds_is_told(kind, written):
    value, problems = kind.parse(written)
    assert (value, codes(problems)) == (None, ["number.range"])


@pytest.mark.parametrize(
    ("written", "value"),
    [("2", Decimal(2)), ("1.5分", Decimal("1.5")), ("１．５", Decimal("1.5")), ("9", Decimal(9)), ("0", Decimal(0))],
)
def test_any_number_is_read_as_a_score(written, value):
    assert Score(points=Decimal(2)).parse(written) == (value, ())


@pytest.mark.parametrize("text", ["", "甲", "12", "十二台"])
def test_what_is_no_chinese_number_is_none(text):
    assert chinese_number(text) is None


# ---- N04: ticks -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "√是 □否",
        "□否 √是",
        "是√ 否□",
        "是(√)否( )",
        "是（√）否（　）",
        "是( √ ) 否( )",
        "(√)是 ( )否",
        "是(是)否( )",
        "■是 □否",
        "☑是 ☐否",
        "✓是 □否",
        "✔ 是 □ 否",
        "V是 □否",
        "v是 □否",
        "Ⅴ是 □否",
        "对是 □否",
        "●是 ○否",
        "是(V)否()",
        "是√ 否",
        "√是 否",
        "√是/否",
        "是",
        "有",
        "是(√)否",
    ],
)
def test_yes_is_read_however_it_is_ticked(written):
    assert YesNo().parse(written) == (True, ())


@pytest.mark.parametrize(
    "written", ["□是 √否", "是□ 否√", "是( )否(√)", "是 √否", "是 否√", "□是 ☑否", "否", "无", "是()否(v)"]
)
def test_no_is_read_however_it_is_ticked(written):
    value, problems = YesNo().parse(written)
    assert (value, problems) == (False, ())


@pytest.mark.parametrize("written", ["□是 □否", "是( )否( )", "是□否□", "是（　）否（　）"])
def test_a_line_without_a_mark_is_empty(written):
    assert YesNo().parse(written) == (None, ())


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("√是 √否", "选了 2 项:是、否"),
        ("是(√)否(√)", "选了 2 项"),
        ("是/否", "选了 2 项"),
        ("(是) 否", "选了 2 项"),
        ("×是 □否", "画了 ×"),
        ("是(×)否( )", "看不出是选中还是不选"),
        ("是√否", "读不出选了哪一项"),
        ("大概是", "读不出选了哪一项"),
        ("√", "读不出选了哪一项"),
    ],
)
def test_an_unclear_tick_is_asked_about(written, said):
    value, problems = YesNo().parse(written)
    assert value is None
    assert [(p.code, p.rule, p.severity) for p in problems] == [("choice.unclear", "N04", Severity.MUST_FIX)]
    assert said in problems[0].phrase


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("□机关 √事业 □企业 □学校", "事业"),
        ("机关□ 事业□ 企业□ 学校√", "学校"),
        ("机关( )事业( )企业(√)学校( )", "企业"),
        ("机关 事业 √企业 学校", "企业"),
        ("机关 事业√ 企业 学校", "事业"),
        ("事业单位", "事业"),
        ("事业", "事业"),
        ("□机关 □事业 □企业 □学校", None),
    ],
)
def test_one_of_several_is_read(written, value):
    assert NATURE.parse(written) == (value, ())


@pytest.mark.parametrize(
    ("written", "value"),
    [("□优秀 □合格 √基本合格 □不合格", "基本合格"), ("□优秀 □合格 □基本合格 √不合格", "不合格"), ("合格", "合格")],
)
def test_an_option_inside_a_longer_one_is_told_apart(written, value):
    assert GRADE.parse(written) == (value, ())


@pytest.mark.parametrize(
    ("written", "value"),
    [("□机关 □事业 □企业 √学校(民办)", "学校"), ("√事业单位法人 □机关 □企业 □学校", "事业"), ("企业(√)国有", "企业")],
)
def test_other_words_beside_a_mark_are_asked_about_and_the_choice_is_kept(written, value):
    got, problems = NATURE.parse(written)
    assert got == value
    assert [(p.code, p.rule, p.severity) for p in problems] == [("choice.words", "N04", Severity.CONFIRM)]
    assert written in problems[0].phrase


@pytest.mark.parametrize(
    ("written", "ticked"),
    [
        ("√泄露试题", True),
        ("☑ 泄露试题", True),
        ("泄露试题√", True),
        ("泄露试题(√)", True),
        ("√", True),
        ("是", True),
        ("□泄露试题", False),
        ("泄露试题", False),
        ("泄露试题( )", False),
        ("", False),
        ("无", False),
    ],
)
def test_a_single_box_is_ticked_or_not(written, ticked):
    assert LEAK.parse(written) == (ticked, ())


def test_a_cross_in_a_single_box_is_asked_about():
    value, problems = LEAK.parse("×泄露试题")
    assert (value, codes(problems)) == (None, ["choice.unclear"])


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("√五级 √四级 □三级 □二级 □一级", ("5", "4")),
        ("五级(√)四级( )三级(√)二级( )一级( )", ("5", "3")),
        ("五级、四级、三级", ("5", "4", "3")),
        ("三级、五级", ("5", "3")),
        ("初级、中级、高级", ("5", "4", "3")),
        ("初级工、高级工、高级技师", ("5", "3", "1")),
        ("高级技师", ("1",)),
        ("技师、高级技师", ("2", "1")),
        ("5、4、3", ("5", "4", "3")),
        ("□五级 □四级 □三级 □二级 □一级", None),
    ],
)
def test_levels_are_read_as_digits_l07(written, value):
    assert LEVELS.parse(written) == (value, ())


@pytest.mark.parametrize("written", ["六级", "五级以下", "×五级 □四级 □三级 □二级 □一级"])
def test_levels_that_are_none_are_asked_about(written):
    value, problems = LEVELS.parse(written)
    assert (value, codes(problems)) == (None, ["choice.unclear"])


# ---- codes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scheme", "written", "value"),
    [
        ("agency", "１００１ ２００３", "10012003"),
        ("org", "pdy00001－x", "PDY00001-X"),
        ("uscc", "91350100m000100y43", "91350100M000100Y43"),
        ("resident", "11010519491231002ｘ", "11010519491231002X"),
        ("occupation", "6—04—02—05", "6-04-02-05"),
        ("phone", "（025）83700000，83700001", "(025)83700000、83700001"),
        ("phone", "025-83700000；13800000000", "025-83700000、13800000000"),
        ("email", "ｊｄｓ@163.com ", "jds@163.com"),
        ("document", "劳社厅函[2006]338号", "劳社厅函〔2006〕338号"),
        ("document", "劳社厅函［2006］338号", "劳社厅函〔2006〕338号"),
        ("document", "劳社厅函【2006】338号", "劳社厅函〔2006〕338号"),
        ("document", "劳社厅函（2006）338 号", "劳社厅函〔2006〕338号"),
        ("document", "劳社厅函(２００６)338号", "劳社厅函〔2006〕338号"),
        ("document", "劳社厅函〔2006〕338号", "劳社厅函〔2006〕338号"),
        ("document", "无", "无"),
        ("licence", "/", "无"),
        ("agency", "无", None),
        ("postcode", "", None),
    ],
)
def test_a_code_is_folded_in_the_way_of_its_scheme(scheme, written, value):
    assert Code(scheme=scheme).parse(written) == (value, ())


@pytest.mark.parametrize(("scheme", "told"), [("licence", ["code.long"]), ("phone", ["code.long"]), ("agency", [])])
def test_a_code_of_no_fixed_shape_that_is_too_long_is_asked_about(scheme, told):
    value, problems = Code(scheme=scheme, limit=8).parse("123456789")
    assert value == "123456789"
    assert codes(problems) == told
    assert Code(scheme=scheme, limit=9).parse("123456789") == ("123456789", ())


# ---- every kind -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", EVERY_KIND, ids=repr)
@given(data=st.data())
def test_what_is_shown_is_read_back(kind, data):
    value = data.draw(values(kind))
    assert kind.parse(kind.show(value)) == (value, ())


HOSTILE = st.text(st.sampled_from("0123456789.-/年月日〇一二十百万√□()×是否五级 \n\x00＜\U0001f600٣²½"), max_size=40)


@pytest.mark.parametrize("kind", EVERY_KIND, ids=repr)
@settings(max_examples=60)
@given(text=HOSTILE | st.text(max_size=30))
def test_any_text_is_read_or_told_and_what_was_read_is_shown_and_read_the_same(kind, text):
    value, problems = kind.parse(text)
    assert all(problem.rule and problem.phrase and problem.phrase_en for problem in problems)
    assert kind.parse(kind.show(value))[0] == value


@pytest.mark.parametrize("written", ["9" * 5000, "九" * 5000, "9" * 5000 + ".5", "1" + ",000" * 2000, "万" * 5000])
@pytest.mark.parametrize("kind", [Whole(), Number(), Score(points=Decimal(2)), Day(), Month()])
def test_a_number_of_five_thousand_digits_is_read_or_told(kind, written):
    kind_of_answer = kind.parse(written)
    assert kind_of_answer[1] or isinstance(kind, Score)


@pytest.mark.parametrize("kind", EVERY_KIND, ids=repr)
@given(data=st.data())
def test_what_stands_in_a_record_file_is_read_back(kind, data):
    value = data.draw(values(kind))
    assert kind.from_json(kind.to_json(value)) == (value, ())


@pytest.mark.parametrize("kind", [*EVERY_KIND, Picture(width_mm=35, height_mm=49)], ids=repr)
def test_the_empty_value_is_shown_and_read_back(kind):
    empty = False if isinstance(kind, Tick) else None
    assert kind.parse(kind.show(empty)) == (empty, ())
    assert kind.from_json(kind.to_json(empty)) == (empty, ())


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Text(), 3),
        (Whole(), "3"),
        (Whole(), True),
        (Number(), "3"),
        (Number(), float("nan")),
        (Whole(), float("nan")),
        (Number(), float("inf")),
        (Score(points=Decimal(2)), float("inf")),
        (Day(), "2006年8月15日"),
        (Day(), 38944),
        (Month(), "2006-13"),
        (Month(), "2006-8"),
        (NATURE, "事业单位"),
        (NATURE, 1),
        (LEVELS, "5"),
        (LEVELS, ["9"]),
        (LEVELS, [["5"]]),
        (YesNo(), "是"),
        (LEAK, 1),
        (Code(scheme="agency"), 10012003),
        (Picture(width_mm=35, height_mm=49), "data:image/jpeg;base64,AAAA"),
        (Picture(width_mm=35, height_mm=49), "http://example.org/a.jpg"),
    ],
    ids=repr,
)
def test_a_value_of_another_type_in_a_record_file_is_told(kind, value):
    got, problems = kind.from_json(value)
    assert (got, codes(problems)) == (None, ["record.type"])


@pytest.mark.parametrize("kind", [Whole(), Number()])
def test_a_record_files_number_of_400_digits_is_out_of_range(kind):
    got, problems = kind.from_json(10**400)
    assert (got, codes(problems)) == (None, ["number.range"])


def recalled(memory, value):
    """What a kind that remembers answers, as it is asked: what it knows first."""
    known, ask = memory
    kept = known.get(value.__class__, {})
    return kept[value] if kept and value in kept else ask(value)


def test_a_kind_that_remembers_tells_equal_values_of_other_types_apart():
    values = (1, True, 1.0, 0, False, "1", None)
    once = [recalled(reader_of(Whole()), value) for value in values]
    again = [recalled(reader_of(Whole()), value) for value in values]
    assert once == again
    assert [value for value, _ in once] == [1, None, 1, 0, None, None, None]
    assert [codes(problems) for _, problems in once] == [[], ["record.type"], [], [], *[["record.type"]] * 2, []]


def test_a_score_below_nought_by_nothing_keeps_its_sign_beside_a_nought():
    memory = reader_of(Score(points=Decimal(2)))
    assert [str(recalled(memory, value)[0]) for value in (0.0, -0.0, 0.0)] == ["0", "-0", "0"]


def test_what_is_long_or_has_members_is_worked_out_each_time():
    known, ask = parser_of(Text(limit=61))
    assert ask("字" * 70) == Text(limit=61).parse("字" * 70)
    assert known[str] == {}
    assert recalled(reader_of(LEVELS), ["5", "4"]) == (("5", "4"), ())
    assert recalled(writer_of(LEVELS), ("5", "4")) is not recalled(writer_of(LEVELS), ("5", "4"))


def test_a_kind_remembers_some_hundreds_of_answers_at_most():
    known, ask = reader_of(Whole(maximum=123_456))
    for number in range(5000):
        assert ask(number) == (number, ())
    assert len(known[int]) <= 512


@pytest.mark.parametrize(
    ("data", "name"), [(b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"GIF89a", None)]
)
def test_a_picture_is_known_by_its_first_bytes(data, name):
    assert media_type(data) == name


@pytest.mark.parametrize(
    ("text", "value"),
    [("□自有√ □租用", "自有"), ("□自有 □租用√", "租用"), ("□自有 √ □租用", "自有"), ("√自有 □租用", "自有")],
)
def test_a_mark_written_behind_its_option_is_seen(text, value):
    assert Choice(options=("自有", "租用"), boxes=True).parse(text) == (value, ())


def test_marks_behind_two_options_are_two_marks():
    value, problems = Choice(options=("自有", "租用"), boxes=True).parse("□自有√ □租用√")
    assert value is None
    assert [problem.code for problem in problems] == ["choice.unclear"]
