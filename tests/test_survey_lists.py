"""What the ministry makes of a survey: spot check, commendation, red and black list, public register."""

import csv
import hashlib
import io
import re
from datetime import date
from functools import cache

import openpyxl
import pytest

from forms.editions import EDITION_2006, EDITION_TODAY
from forms.quotas import FARM_MACHINERY, NONE
from services.answers import scalars
from services.catalogue import concrete
from services.kinds import Code
from services.paper.typeset import typeset
from services.record import rows
from services.region import Region
from services.summary import Quotas, Share
from services.survey.commend import commended
from services.survey.lists import rectification, red_black, register, revoked
from services.survey.notice import red_black_notice, written_day
from services.survey.printed import piece
from services.survey.quotas import allowed
from services.survey.register import as_csv, as_page
from services.survey.spotcheck import allocated, records, spot_check, tables
from services.survey.stations import Survey, survey_of
from services.survey.tables import made, texts
from services.survey.terms import Terms
from services.survey.workbook import workbook
from tests.surveys import line_of, record_of

TODAY = date(2006, 10, 10)
LOW = {"items.C203.review": "0", "items.B05.review": "0", "items.B06.review": "0", "items.C204.review": "0"}


@cache
def survey() -> Survey:
    """Eight stations: two provinces and an industry, one of them on the red, one on the black list."""
    changes = {
        0: {"listing": "红"},
        4: LOW,
        1: {"veto_4": "√", "disposal": "撤销", "listing": "黑"},
        5: {"disposal": "限期整改", "disposal_until": "2006年12月31日"},
    }
    lines = [line_of("evaluation", seed, changes.get(seed)) for seed in range(8)]
    lines += [line_of("station-recommendation", seed) for seed in (0, 1, 5)]
    lines += [line_of("worker-recommendation", seed) for seed in (0, 1)]
    return survey_of(lines)


# ---- spot check ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("members", "size", "drawn"),
    [
        ((100, 50, 50), 20, (10, 5, 5)),
        ((100, 1, 1), 10, (8, 1, 1)),
        ((3, 3, 3), 2, (1, 1, 1)),
        ((2, 98), 50, (1, 49)),
        ((1, 1, 5), 7, (1, 1, 5)),
        ((7,), 3, (3,)),
        ((), 0, ()),
    ],
)
def test_strata_give_their_share_and_at_least_one(members, size, drawn):
    assert allocated(members, size) == drawn


def test_a_draw_is_the_same_whenever_it_is_drawn_again():
    first, again, other = (spot_check(survey(), "50%", seed) for seed in ("338", "338", "20061101"))
    assert tables(first) == tables(again)
    assert list(texts(tables(first)[0])) != list(texts(tables(other)[0]))


def test_a_draw_follows_from_the_hash_of_seed_and_code():
    drawn = spot_check(survey(), "1", "338")
    stratum = ("26", "地方职业技能鉴定站", "90分以上", "相差5分以内")
    codes = [station.code for station in drawn.strata[stratum]]
    assert codes == ["26012001", "26012002"]
    least = min(codes, key=lambda code: hashlib.sha256(f"338|{code}".encode()).hexdigest())
    assert [station.code for station in drawn.stations[stratum]] == [least]


def test_strata_tell_unit_kind_score_and_gap_apart():
    drawn = spot_check(survey(), "5", "338")
    assert {stratum: len(members) for stratum, members in drawn.strata.items()} == {
        ("10", "国家职业技能鉴定所", "75—90分", "相差10分以上"): 1,
        ("10", "国家职业技能鉴定所", "90分以上", "相差5分以内"): 1,
        ("10", "地方职业技能鉴定站", "90分以上", "相差5分以内"): 2,
        ("26", "地方职业技能鉴定站", "90分以上", "相差5分以内"): 2,
        ("72", "行业特有工种职业技能鉴定站", "90分以上", "相差5分以内"): 2,
    }
    listed, strata = tables(drawn)
    assert listed.count == 5
    assert listed.subtitle == "种子：338　实查 8 个，分 5 层，抽取 5 个"
    assert list(texts(strata))[-1] == ("合计", "", "", "", "", "8", "5")


def test_a_draw_smaller_than_its_strata_says_that_it_grew():
    assert tables(spot_check(survey(), "5%", "338"))[0].subtitle.endswith("(拟抽 1 个，因每层不少于 1 个增加)")


@pytest.mark.parametrize("size", ["0", "-3", "五个", "%", "0%", "1/0%", "1e99999999%"])
def test_a_size_that_is_none_is_refused_with_what_is_wanted(size):
    with pytest.raises(ValueError, match="抽查数量应"):
        spot_check(survey(), size, "338")


def test_every_station_drawn_gets_a_record_to_fill_in():
    drawn = spot_check(survey(), "5", "338")
    sheets = records(drawn)
    assert len(sheets) == 5
    assert sheets[0].subtitle.startswith("南京市启明高级技工学校国家职业技能鉴定所　机构编码 10011001")
    lines = list(texts(sheets[0]))
    assert lines[0] == ("1", "A 制度建设和执行情况", "20", "18.5", "", "")
    assert lines[5] == ("6", "合计", "100", "92.0", "", "")
    assert typeset([piece(sheet, f"r{n}") for n, sheet in enumerate(sheets)], title="抽查记录表").count == 5


# ---- commendation --------------------------------------------------------------------------------


def test_without_quotas_all_fit_recommendations_are_commended():
    stations, workers, board = commended(survey(), Terms(today=TODAY))
    assert [row[1] for row in stations.rows] == ["10011001", "10052002"]
    assert workers.count == 2
    # 1,496 certificates in the specimen, times the sizes 1, 1, 2 and 2 of the four stations.
    assert next(texts(board)) == (
        "1", "江苏省劳动和社会保障厅", "8976", "3", "", "2", "2", "", "2",
        "苏州市长风高级技工学校职业技能鉴定站：有否决事项(伪造证书、成绩或数据),不能推荐",
    )  # fmt: skip


def test_a_units_own_list_and_the_part_forwarded_are_counted_apart():
    share = Share(unit="10", stations=2, forwarded_stations=1, workers=0)
    quotas = Quotas(id="t", title="按单位核定", source="", shares=(share,))
    stations, workers, board = commended(survey(), Terms(today=TODAY, quotas=quotas))
    assert [row[1] for row in stations.rows] == ["10011001"]
    assert workers.count == 0
    (row,) = list(texts(board))[:1]
    assert (row[4], row[5], row[7], row[8]) == ("2，上报1", "1", "0", "0")
    assert "苏州市新华职业培训中心职业技能鉴定站：列入本地区(行业)名单,超出向部里推荐的名额 1 个" in row[9]


@pytest.mark.parametrize(
    ("issued", "stations", "workers"),
    [(999, 0, 0), (1000, 0, 1), (2999, 0, 1), (3000, 1, 1), (8000, 1, 3), (15000, 1, 5), (40000, 1, 5)],
)
def test_the_sample_bands_go_by_certificates(issued, stations, workers):
    numbers = allowed(FARM_MACHINERY, "10", issued).own
    assert (numbers["station"], numbers["worker"]) == (stations, workers)


def test_a_regions_own_file_sets_both_counters():
    quotas = (("station-recommendation", 3), ("forwarded-station-recommendation", 1))
    numbers = allowed(NONE, "26", 0, Region(code="610000", name="陕西省", version="1", quotas=quotas))
    assert (numbers.own["station"], numbers.forwarded["station"]) == (3, 1)
    assert (numbers.own["worker"], numbers.forwarded["worker"]) == (None, None)


# ---- lists and notice ----------------------------------------------------------------------------


def test_red_and_black_list_are_what_was_proposed():
    red, black = red_black(survey())
    assert [row[1] for row in red.rows] == ["10011001"]
    assert [(row[1], row[4]) for row in black.rows] == [("10052001", "撤销")]
    assert str(black.rows[0][3]).startswith("1.伪造证书、成绩或数据")


def test_correction_and_revocation_have_their_own_lists():
    assert [(row[1], row[5]) for row in rectification(survey())[0].rows] == [("10052002", date(2006, 12, 31))]
    assert [row[1] for row in revoked(survey())[0].rows] == ["10052001"]


def test_the_notice_states_the_figures_of_the_survey():
    letter, red, black = red_black_notice(
        survey(), EDITION_2006, number="劳社厅函〔2006〕400号", day=date(2006, 11, 30)
    )
    body = "".join(entry["text"] for entry in letter.data["body"])
    assert "本次应普查鉴定所(站)8个，实查8个，免检0个，未报0个，撤销0个" in body
    assert "优秀6个，合格1个，基本合格0个，不合格1个" in body
    assert "1个鉴定所(站)列入红榜" in body
    assert letter.data["date"] == "二〇〇六年十一月三十日"
    assert letter.data["office"] == "劳动和社会保障部办公厅"
    assert letter.data["attachments"] == [red.data["title"], black.data["title"]]
    assert typeset([letter, red, black], title="通报").count >= 3


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2006, 7, 3), "二〇〇六年七月三日"),
        (date(2006, 10, 21), "二〇〇六年十月二十一日"),
        (date(2007, 12, 10), "二〇〇七年十二月十日"),
        (date(2006, 1, 31), "二〇〇六年一月三十一日"),
    ],
)
def test_a_letter_of_2006_is_dated_in_chinese_numerals(day, written):
    assert written_day(day, EDITION_2006) == written


def test_a_letter_of_today_is_dated_in_figures():
    assert written_day(date(2026, 7, 3), EDITION_TODAY) == "2026年7月3日"


# ---- the public register -------------------------------------------------------------------------


def personal_words() -> set[str]:
    """Every name, number, telephone and mailbox of a person on the forms of the survey."""
    found: set[str] = set()
    for form_id in ("evaluation", "station-recommendation", "worker-recommendation"):
        form = concrete(form_id)
        names = (
            {"head", "deputy", "contact", "name"}
            if form_id == "worker-recommendation"
            else {"head", "deputy", "contact"}
        )
        for seed in range(8):
            record = record_of(form_id, seed)
            found |= {str(record.values[key]) for key in names & scalars(form).keys()}
            for key, field in scalars(form).items():
                if isinstance(field.kind, Code) and field.kind.scheme in {"phone", "resident", "email", "card"}:
                    found.add(str(record.values[key]))
            for table in ("staff", "examiners"):
                for row in rows(record, table) if form_id == "evaluation" else ():
                    found |= {str(row.get(key)) for key in ("name", "phone", "id_no", "card_no")}
    return found - {"None", "", "无"}


def test_nothing_of_a_person_stands_in_the_register():
    (made_register,) = register(survey())
    sheet = openpyxl.load_workbook(io.BytesIO(workbook((made_register,), "名录"))).worksheets[0]
    book = "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None)
    words = personal_words()
    assert len(words) > 100
    for text in (book, as_csv(made_register).decode("utf-8-sig"), as_page(made_register).decode()):
        assert "南京市启明高级技工学校国家职业技能鉴定所" in text
        assert [word for word in words if word in text] == []


def test_the_register_says_what_the_public_may_know():
    (made_register,) = register(survey())
    first = next(texts(made_register))
    assert first[1:10] == (
        "南京市启明高级技工学校国家职业技能鉴定所", "10011001", "国家所", "江苏省南京市玄武区",
        "江苏省南京市玄武区梧桐里1号", "210018", "江苏省劳动和社会保障厅", "苏鉴许字2001-011001", "2008-03-19",
    )  # fmt: skip
    assert first[10].startswith("焊工(五级至二级)")
    assert [row[11] for row in texts(made_register) if len(row) > 2] == [
        "优秀", "合格", "不合格", "优秀", "优秀", "优秀", "优秀", "优秀",
    ]  # fmt: skip


def test_the_csv_opens_in_excel_and_holds_no_formula():
    (made_register,) = register(survey())
    spoilt = made(made_register.table, [{"name": "=HYPERLINK(1)", "code": "10011001", "address": "@SUM(1)"}])
    data = as_csv(spoilt)
    assert data.startswith(b"\xef\xbb\xbf")
    head, row = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    assert head[:3] == ["序号", "鉴定所(站)名称", "机构编码"]
    assert (row[1], row[5]) == ("'=HYPERLINK(1)", "'@SUM(1)")


def test_the_page_escapes_what_it_shows_and_fetches_nothing():
    (made_register,) = register(survey())
    page = as_page(made(made_register.table, [{"name": "<script>alert(1)</script>", "code": "1"}])).decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert page.count("<script>") == 1
    assert re.findall(r"https?://|src=|<link", page) == []
    assert "default-src 'none'" in page


def test_the_page_is_searched_without_a_server(page, tmp_path):
    path = tmp_path / "register.html"
    path.write_bytes(as_page(register(survey())[0]))
    page.goto(path.as_uri())
    page.get_by_label("查找").fill("西安 优秀")
    assert page.get_by_role("status").inner_text() == "找到 2 个，共 8 个鉴定所(站)"
    assert page.locator("tbody tr:visible").count() == 2
    page.get_by_label("查找").fill("")
    assert page.get_by_role("status").inner_text() == "共 8 个鉴定所(站)"
