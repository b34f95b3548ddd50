"""A slice of what `bench/roundtrip.py` does by the thousand: forms after accidents, read through the door.

Nothing wrong is read in silence, whatever was changed in the printed form is told, and an untouched form
raises no alarm.
"""

import pytest

from services.carriers import docx
from services.catalogue import concrete
from services.identity import stamp
from services.sample import sample
from tests.accidents.case import made
from tests.accidents.score import Score, scored
from tests.accidents.word import tags, type_into, word_of

AS_IT_IS = {"docx": [()], "xlsx": [()]}


def scores(seed: str, only: str, count: int) -> list[Score]:
    cases = (made(seed, number, AS_IT_IS, only) for number in range(count))
    return [scored(case, case.data) for case in cases]


@pytest.mark.parametrize(("only", "count"), [("docx", 40), ("xlsx", 12)])
def test_forms_after_accidents_are_read_right_or_asked_about(only: str, count: int) -> None:
    done = scores("gate", only, count)
    assert [(score.name, score.silent) for score in done if score.silent] == []
    assert [(score.name, score.unasked) for score in done if score.unasked] == []
    assert [(score.name, score.untold) for score in done if score.untold] == []
    assert [(score.name, score.alarms) for score in done if score.alarms] == []
    assert sum(score.is_right for score in done) >= 0.9 * count
    assert sum(score.exact for score in done) >= 0.999 * sum(score.fields for score in done)


def test_the_slice_holds_what_it_is_about() -> None:
    cases = [made("gate", number, AS_IT_IS, "docx") for number in range(40)]
    assert sum(bool(case.truth.tampered) for case in cases) >= 8
    assert sum(not case.truth.is_touched for case in cases) >= 4
    assert len({name for case in cases for name in case.truth.operations}) >= 25


def test_what_stood_in_a_deleted_row_is_gone_though_its_control_was_gone_before() -> None:
    """The licence numbers deleted as a row, 有效期至 in it typed over its control before: nothing is left to read."""
    form = concrete("station-recommendation")
    record = sample(form, 1)
    word = word_of(form, docx.fill(form, record, stamp(form, record, b"test")).data)
    licence = next(spot for spot in word.spots() if spot.path == "licence_until")
    type_into(licence.cell, "2006年12月16日")
    row = licence.cell.getparent()
    assert "licence_until" not in tags(row)
    assert word.answers_in(row) == {"licence_no", "licence_date", "licence_until"}


def test_a_case_is_the_same_whenever_it_is_made() -> None:
    one, other = (made("gate", 7, AS_IT_IS, "docx") for _ in range(2))
    assert one.truth.entries == other.truth.entries
    assert one.truth.operations == other.truth.operations
    assert one.data == other.data
