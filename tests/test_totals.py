"""What a form computes: subtotals, totals, grade, yearly sums. Expected values are written by hand."""

from decimal import Decimal

import pytest

from services.catalogue import concrete
from services.record import at, build
from services.totals import completed, expected, final_total, grade_of

FORM = concrete("evaluation")


def half_marks(column="self"):
    """Every item of section A at half its points, C3 in full: 10 and 10."""
    points = {"A01": 1, "A02": "2.5", "A03": 1, "A04": "0.5", "A05": 1, "A06": 1, "A07": 1, "A08": 1, "A09": 1}
    points |= {"C301": 2, "C302": 3, "C303": 2, "C304": 2, "C305": 1}
    return {f"items.{item}.{column}": Decimal(score) for item, score in points.items()}


def full_marks(column="self", but=None):
    return {f"items.{item.id}.{column}": item.points for item in FORM.items} | (but or {})


def totals(entries, form=FORM):
    return expected(form, build(form, entries))


def test_a_blank_form_has_no_totals_and_no_grade():
    found = totals({})
    assert found["self_total"] is None
    assert found["c1_review"] is None
    assert found["grade"] is None
    assert found["statistics_totals.5.examined"] is None
    assert found["statistics_totals.5.year"] == "合计"


def test_subtotals_add_the_items_of_their_own_section():
    found = totals(half_marks())
    assert (found["a_self"], found["c3_self"], found["self_total"]) == (Decimal(10), Decimal(10), Decimal(20))
    assert (found["b_self"], found["c1_self"], found["a_review"], found["review_total"]) == (None, None, None, None)


def test_full_marks_make_twenty_thirty_twenty_twenty_ten():
    found = totals(full_marks())
    sections = [found[f"{section}_self"] for section in ("a", "b", "c1", "c2", "c3")]
    assert sections == [20, 30, 20, 20, 10]
    assert found["self_total"] == 100


def test_a_zero_is_a_score_and_not_a_blank():
    assert totals({"items.A01.self": Decimal(0)})["a_self"] == 0


@pytest.mark.parametrize(
    ("total", "grade"),
    [
        ("100", "优秀"),
        ("90", "优秀"),
        ("89.5", "合格"),
        ("75", "合格"),
        ("74.5", "基本合格"),
        ("60", "基本合格"),
        ("59.5", "不合格"),
        ("0", "不合格"),
    ],
)
def test_the_grade_follows_from_the_total(total, grade):
    assert grade_of(Decimal(total), vetoed=False) == grade


@pytest.mark.parametrize("veto", ["veto_1", "veto_2", "veto_3", "veto_4", "veto_5"])
def test_any_veto_fails_whatever_the_total(veto):
    assert totals(full_marks(but={veto: True}))["grade"] == "不合格"


def test_the_grade_follows_from_the_review_once_there_is_one():
    entries = full_marks() | full_marks("review", {"items.B05.review": Decimal(0), "items.B06.review": Decimal(0)})
    entries |= {f"items.{item}.review": Decimal(0) for item in ("C104", "C204", "C102")}
    found = totals(entries)
    assert (found["self_total"], found["review_total"], found["grade"]) == (100, 80, "合格")
    assert final_total(FORM, build(FORM, entries)) == 80


def test_regional_items_are_summed_apart():
    form = concrete("evaluation", "2006", "610000")
    extra = {"items.SX1.self": Decimal(3), "items.SX2.self": Decimal(1), "items.SX5.review": Decimal(1)}
    found = totals(half_marks() | extra, form)
    assert (found["self_total"], found["regional_total_self"], found["regional_total_review"]) == (20, 4, 1)


def test_yearly_sums_and_the_grand_total():
    entries = {
        "statistics.0.year": "2001年", "statistics.0.examined": 60, "statistics.0.passed": 52,
        "statistics.1.year": "2001年", "statistics.1.examined": 40, "statistics.1.passed": 30,
        "statistics.2.year": "2005年", "statistics.2.examined": 7, "statistics.2.passed": 0,
        "statistics.3.year": None, "statistics.3.examined": 5,
    }  # fmt: skip
    found = totals(entries)
    first, second, last, whole = (found[f"statistics_totals.{row}.examined"] for row in (0, 1, 4, 5))
    assert (first, second, last, whole) == (100, None, 7, 112)
    assert (found["statistics_totals.0.passed"], found["statistics_totals.4.passed"]) == (82, 0)
    assert found["statistics_totals.5.passed"] == 82


def test_the_station_recommendation_sums_its_five_years():
    form = concrete("station-recommendation")
    entries = {f"results.{row}.examined": 10 * (row + 1) for row in range(5)} | {"results.4.senior": 3}
    found = totals(entries, form)
    assert (found["results_total.0.examined"], found["results_total.0.senior"]) == (150, 3)
    assert found["results_total.0.passed"] is None


def test_completing_a_record_fills_what_is_empty_and_leaves_what_was_typed():
    record = build(
        FORM, half_marks() | {"a_self": Decimal(19), "statistics.0.year": "2003年", "statistics.0.issued": 8}
    )
    done = completed(FORM, record)
    assert at(done, "a_self") == 19
    assert at(done, "c3_self") == 10
    assert at(done, "grade") == "不合格"
    assert at(done, "statistics_totals.2.issued") == 8
    assert at(done, "items.A01.self") == 1
