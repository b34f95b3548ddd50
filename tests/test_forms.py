"""The declared forms: complete, equal to the domain's list of items, and right on paper in both editions."""

import csv
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from services.answers import block_keys, items, label_at, place_at, printed_order, scalars, schedules, section_items
from services.catalogue import concrete, declared
from services.form import AnswerCell, Cover, Form, Grid, LabelCell, Notes, Part, ScheduleTable, ScoreTable
from services.kinds import Choice, YesNo

CASES = Path(__file__).parent / "cases"
FORMS = ("evaluation", "station-recommendation", "worker-recommendation")
WIDTHS_MM = {"portrait": 170, "landscape": 257}
EVERY = [(name, edition, "") for name in FORMS for edition in ("2006", "today")] + [("evaluation", "2006", "610000")]
every_form = pytest.mark.parametrize("form", [concrete(*given) for given in EVERY], ids=["-".join(g) for g in EVERY])


def grids(form: Form) -> list[tuple[Part, Grid]]:
    return [(part, block) for part in form.parts for block in part.blocks if isinstance(block, Grid)]


def covered_columns(grid: Grid) -> list[int]:
    """How many columns each row covers, those that hang down from a row above included."""
    hanging: Counter[int] = Counter()
    for number, row in enumerate(grid.rows):
        for cell in row.cells:
            hanging.update({number + below: cell.span for below in range(cell.row_span)})
    return [hanging[number] for number in range(len(grid.rows))]


def test_three_forms_are_declared_in_the_order_of_the_notice():
    assert [(form.code, form.id, form.title) for form in declared()] == [
        ("表1", "evaluation", "职业技能鉴定所(站)质量普查评估表"),
        ("表2", "station-recommendation", "优秀职业技能鉴定所(站)推荐表"),
        ("表3", "worker-recommendation", "职业技能鉴定优秀工作者推荐表"),
    ]


@every_form
def test_every_grid_is_as_wide_as_its_page_and_every_row_covers_it(form):
    for part, grid in grids(form):
        assert sum(grid.columns_mm) == WIDTHS_MM[part.orientation], part.key
        assert set(covered_columns(grid)) == {len(grid.columns_mm)}, part.key


@every_form
def test_every_table_is_as_wide_as_its_page(form):
    for part in form.parts:
        for block in part.blocks:
            if isinstance(block, ScheduleTable):
                table = schedules(form)[block.schedule]
                width = table.number_mm + sum(column.width_mm for column in table.columns)
                assert width == WIDTHS_MM[part.orientation], table.key
            if isinstance(block, ScoreTable):
                assert sum(block.columns_mm) == WIDTHS_MM[part.orientation], part.key


@every_form
def test_every_answer_stands_in_exactly_one_place_besides_the_cover(form):
    blocks = [block for part in form.parts for block in part.blocks if not isinstance(block, Cover)]
    places = Counter(key for block in blocks for key in block_keys(form, block))
    asked = {*scalars(form), *schedules(form), *(f"items.{item}" for item in items(form))}
    assert set(places) == asked
    assert set(places.values()) == {1}


@every_form
def test_the_cover_repeats_answers_of_the_form(form):
    covers = [block for part in form.parts for block in part.blocks if isinstance(block, Cover)]
    assert len(covers) == 1
    assert set(covers[0].lines) <= set(scalars(form))


@every_form
def test_every_key_is_a_plain_word(form):
    keys = [*scalars(form), *schedules(form), *(column.key for table in form.schedules for column in table.columns)]
    assert [key for key in keys if not re.fullmatch("[a-z0-9_]{1,40}", key)] == []
    assert len(set(scalars(form)) | set(schedules(form))) == len(scalars(form)) + len(schedules(form))


@every_form
def test_a_label_stands_before_its_answer_and_no_two_of_a_part_are_alike(form):
    for part, grid in grids(form):
        for row in grid.rows:
            for cell, following in zip(row.cells, row.cells[1:], strict=False):
                if isinstance(cell, LabelCell) and cell.key:
                    assert isinstance(following, AnswerCell), (part.key, cell)
                    assert following.key == cell.key
    for part in form.parts:
        labels = Counter(
            scalars(form)[key].label
            for block in part.blocks
            for key in block_keys(form, block)
            if key in scalars(form) and not key.startswith("opinion_")
        )
        assert [label for label, count in labels.items() if count > 1] == [], part.key


@every_form
def test_columns_of_a_table_have_different_labels_and_keys(form):
    for table in form.schedules:
        assert len({column.key for column in table.columns}) == len(table.columns)
        assert len({column.label for column in table.columns}) == len(table.columns)


@every_form
def test_a_condition_names_an_answer_and_values_it_can_have(form):
    for field in form.fields:
        if field.required_when is None:
            continue
        kind = scalars(form)[field.required_when.field].kind
        legal = (True, False) if isinstance(kind, YesNo) else kind.options if isinstance(kind, Choice) else ()
        assert set(field.required_when.values) <= set(legal), field.key


@every_form
def test_a_schedule_of_totals_sums_columns_that_exist(form):
    for totals in (table for table in form.schedules if table.totals_of):
        base = {column.key for column in schedules(form)[totals.totals_of].columns}
        assert {column.key for column in totals.columns} <= base
        assert totals.columns[0].key == totals.group_by
        assert totals.columns[0].kind == Choice(options=totals.groups)


@every_form
def test_every_rule_of_a_form_is_in_the_list_of_rules(form, root):
    with (root / "services/rules/data/rules.csv").open(encoding="utf-8-sig") as file:
        known = {row["id"] for row in csv.DictReader(file)}
    assert set(form.rules) <= known
    assert len(set(form.rules)) == len(form.rules)


@every_form
def test_no_printed_text_keeps_a_mark_for_the_editions_words(form):
    texts = [field.label for field in scalars(form).values()]
    texts += [line for part in form.parts for block in part.blocks if isinstance(block, Notes) for line in block.lines]
    texts += [
        cell.text for _, grid in grids(form) for row in grid.rows for cell in row.cells if isinstance(cell, LabelCell)
    ]
    texts += [part.title for part in form.parts]
    assert [text for text in texts if "{" in text] == []


@every_form
def test_the_filling_instructions_say_that_the_form_is_a_reconstruction(form):
    lines = next(block.lines for part in form.parts for block in part.blocks if isinstance(block, Notes))
    assert lines[0].startswith("本表样依据劳社厅函〔2006〕338号通知的内容重拟，不是")
    assert lines[-1] == "本表用A4纸打印，一式三份。"


# ---- the items ----------------------------------------------------------------------------------


def listed_items():
    with (CASES / "evaluation-items.csv").open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_the_items_are_those_of_the_domains_list():
    form = concrete("evaluation")
    titles = {section.key: section.label.rpartition("·")[2] for section in form.sections}
    found = [
        {
            "id": item.id,
            "section": f"{item.section} {titles[item.section]}",
            "item": item.label,
            "points": str(item.points),
            "standard": item.standard,
            "evidence": item.evidence,
            "basis": item.source,
        }
        for item in form.items
    ]
    assert found == [{key: row[key] for key in row if key != "kind"} for row in listed_items()]


def test_the_legal_scores_are_those_that_the_list_names():
    listed = {row["id"]: row["kind"] for row in listed_items()}
    form = concrete("evaluation")
    for item in form.items:
        assert listed[item.id].split()[0] == item.marking
        if item.marking == "ladder":
            assert "/".join(map(str, item.steps)) == listed[item.id].removeprefix("ladder "), item.id
    by_id = items(form)
    assert by_id["A02"].steps == (5, 4, 3, 2, 1, 0)
    assert by_id["B02"].steps == (2, Decimal("1.5"), 1, 0)
    assert by_id["B10"].steps == (3, 2, 1, 0)
    assert by_id["C203"].steps == (3, 0)
    assert by_id["C301"].steps == (2, 1, 0)
    assert {item.steps for item in form.items if item.marking == "deduct"} == {()}


def test_the_sections_make_a_hundred_points():
    form = concrete("evaluation")
    assert [(s.key, s.points, len(section_items(form, s.key))) for s in form.sections] == [
        ("A", 20, 9),
        ("B", 30, 12),
        ("C1", 20, 8),
        ("C2", 20, 7),
        ("C3", 10, 5),
    ]
    for section in form.sections:
        assert sum(item.points for item in section_items(form, section.key)) == section.points


# ---- editions and regions -----------------------------------------------------------------------


def test_the_2006_edition_asks_the_organisation_code_and_todays_the_credit_code():
    first, today = concrete("evaluation", "2006"), concrete("evaluation", "today")
    assert set(scalars(first)) - set(scalars(today)) == {"org_code"}
    assert set(scalars(today)) - set(scalars(first)) == {"uscc"}


@pytest.mark.parametrize("name", FORMS)
def test_the_editions_name_their_own_ministry(name):
    first, today = concrete(name, "2006"), concrete(name, "today")
    assert first is concrete(name)
    labels = {edition: scalars(form)["opinion_city"].label for edition, form in (("2006", first), ("today", today))}
    assert labels == {"2006": "市级劳动保障行政部门审核意见", "today": "市级人力资源社会保障行政部门审核意见"}
    texts = {
        form.edition.id if form.edition else "": " ".join(
            line for part in form.parts for block in part.blocks if isinstance(block, Notes) for line in block.lines
        )
        for form in (first, today)
    }
    assert "劳动和社会保障部" in texts["2006"]
    assert "人力资源" not in texts["2006"]
    assert "人力资源和社会保障部" in texts["today"]


def test_shaanxi_adds_five_items_to_the_seventh_part_and_none_to_the_hundred_points():
    plain, form = concrete("evaluation"), concrete("evaluation", "2006", "610000")
    added = section_items(form, "R")
    assert [item.id for item in added] == ["SX1", "SX2", "SX3", "SX4", "SX5"]
    assert sum(item.points for item in added) == 10
    assert form.items[: len(plain.items)] == plain.items
    assert place_at(form, "items.SX4.self") == "《评估表》 · 七、增加项目 · SX4 职业数量与能力匹配 自评分"
    assert concrete("evaluation", "2006", "陕西省").region_name == "陕西省"
    assert section_items(plain, "R") == ()


# ---- what a clerk reads -------------------------------------------------------------------------


def test_places_read_as_the_printed_form():
    form = concrete("evaluation")
    assert place_at(form, "agency_code") == "《评估表》 · 一、基本情况 · 机构编码"
    assert place_at(form, "examiners.1.id_no", page=7) == (
        "《评估表》第7页 · 二、附表1-3 考评人员名册 · 附表1-3 第2行 身份证号"
    )
    assert place_at(form, "items.B04.self") == "《评估表》 · 三、评估评分(二)能力建设情况 · B04 理论考试场地 自评分"
    assert place_at(form, "grade") == "《评估表》 · 四、得分汇总 · 结论"
    assert place_at(form, "opinion_station_on") == "《评估表》 · 六、意见 · 鉴定所(站)自查意见 日期"
    assert label_at(form, "opinion_review_signer") == "检查组意见(复核) 组长签字"


def test_the_parts_of_the_evaluation_form_are_numbered_one_to_seven():
    titles = [part.title for part in concrete("evaluation").parts if part.title]
    assert "".join(dict.fromkeys(title[0] for title in titles)) == "一二三四五六七"


def test_answers_rank_in_printed_order():
    order = printed_order(concrete("evaluation"))
    asked = ["name", "self_date", "occupations", "statistics", "items.A01", "items.C305", "grade", "opinion_ministry"]
    assert sorted(asked, key=order.__getitem__) == asked


def test_what_repeats_form_1_has_its_key_and_its_kind():
    first = scalars(concrete("evaluation"))
    copied = [field for field in concrete("station-recommendation").fields if field.copied]
    assert len(copied) == 22
    for field in copied:
        assert field.kind == first[field.key].kind, field.key
    assert [field.key for field in concrete("worker-recommendation").fields if field.copied] == ["agency_code"]


@pytest.mark.parametrize("written", ["五级", "初级", "初级工", "5级", "5"])
def test_a_level_is_read_in_any_of_its_names(written):
    tables = schedules(concrete("evaluation"))
    columns = {
        (table, field.key): field.kind for table in ("occupations", "statistics") for field in tables[table].columns
    }
    assert columns["occupations", "levels"].parse(written) == (("5",), ())
    assert columns["statistics", "level"].parse(written) == ("五级", ())


def test_higher_names_of_levels_are_not_taken_for_the_lower_ones_inside_them():
    levels = next(f.kind for f in schedules(concrete("evaluation"))["occupations"].columns if f.key == "levels")
    assert levels.parse("中级工、高级工、技师、高级技师") == (("4", "3", "2", "1"), ())
    assert levels.parse("√五级 √四级 □三级 □二级 □一级") == (("5", "4"), ())
