"""Identifiers by their published examples, and the wrong recipes that circulate (forms-and-rules §8.1)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from services.rules import org_code, resident
from services.rules.codes import is_agency_code
from services.rules.source import areas, occupations, postcode_prefixes, prefectures, statements, table, units

ORGANISATIONS = ("10162374-1", "69769418-7", "M000100Y-4", "PDY00001-X", "PDY00002-8", "PDY00003-6", "PDY12345-8")
CREDIT_CODES = (
    "91110000101623741K",
    "911101066976941872",
    "91350100M000100Y43",
    "12110000PDY00001X8",
    "12110000PDY0000288",
)
WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@pytest.mark.parametrize("code", ORGANISATIONS)
def test_a_published_organisation_code_passes_with_and_without_its_hyphen(code):
    assert org_code.is_valid(code)
    assert org_code.is_valid(code.replace("-", ""))
    assert org_code.format_code(code.replace("-", "")) == code


@pytest.mark.parametrize("code", ORGANISATIONS)
@pytest.mark.parametrize("check", "0123456789X")
def test_an_organisation_code_has_one_check_character(code, check):
    assert org_code.is_valid(f"{code[:8]}-{check}") == (code[-1] == check)


@pytest.mark.parametrize(
    "code",
    ["1016237-41", "10162374--1", "10162374-1-", "1016237401", "1016237-1", "10162374-A", "一0162374-1", ""],
)
def test_a_misshapen_organisation_code_does_not_pass(code):
    assert not org_code.is_shaped(code)


def skipping_i_and_o(body: str) -> str:
    """The letter values of the 统一社会信用代码, wrongly used for an organisation code."""
    values = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    return "0123456789X0"[11 - sum(values.index(c) * w for c, w in zip(body, WEIGHTS, strict=True)) % 11]


def remainder_itself(body: str) -> str:
    """The remainder of the division by 11, wrongly taken as the check character."""
    return "0123456789X"[sum(int(c, 36) * w for c, w in zip(body, WEIGHTS, strict=True)) % 11]


def test_the_wrong_recipes_of_the_web_do_not_pass():
    # Letters past I tell the two sets of values apart; the other recipe differs nearly everywhere.
    assert skipping_i_and_o("PDY00001") == "8"
    assert not org_code.is_valid("PDY00001-8")
    assert remainder_itself("10162374") == "X"
    assert not org_code.is_valid("10162374-X")


def test_eleven_is_written_nought():
    # 3·6 + 7·2 + 9·0 + 10·0 + 5·1 + 8·0 + 4·1 + 2·7 = 55, a multiple of 11.
    assert org_code.check_character("62001017") == "0"
    assert org_code.is_valid("62001017-0")


@pytest.mark.parametrize("code", CREDIT_CODES)
def test_a_published_credit_code_passes_and_holds_its_organisation_code(code):
    assert uscc.calc_check_digit(code[:17]) == code[17]
    assert org_code.is_valid(code[8:17])


def test_the_first_six_places_of_a_credit_code_are_no_organisation_code():
    assert not org_code.is_shaped("91110000101623741K"[:6])


def test_an_issued_credit_code_is_known_to_fail_its_check():
    assert uscc.calc_check_digit("91350211M0000XUF4") == "R"


@pytest.mark.parametrize(
    ("number", "sex", "born"),
    [
        ("11010519491231002X", "女", date(1949, 12, 31)),
        ("440524188001010014", "男", date(1880, 1, 1)),
        ("34052419800101001X", "男", date(1980, 1, 1)),
        ("110105491231002", "女", date(1949, 12, 31)),
    ],
)
def test_a_published_identity_number_passes(number, sex, born):
    assert resident.is_valid(number)
    assert resident.sex(number) == sex
    assert resident.born_on(number) == born


def test_fifteen_digits_become_eighteen_characters():
    assert resident.upgraded("110105491231002") == "11010519491231002X"
    assert resident.upgraded("11010519491231002X") == "11010519491231002X"


@pytest.mark.parametrize(
    "number",
    [
        "110105194912310021",  # the check character X as a digit
        "11010519491231002x",  # small letter: folded when read, never here
        "11010519490230002X",  # 30 February
        "1101051949123100",
        "110105490230002",
        "",
    ],
)
def test_a_wrong_identity_number_does_not_pass(number):
    assert not resident.is_valid(number)


@given(st.integers(0, 16), st.sampled_from("0123456789"))
def test_one_miscopied_digit_is_always_noticed(place, digit):
    number = "11010519491231002X"
    miscopied = number[:place] + digit + number[place + 1 :]
    assert resident.is_valid(miscopied) == (miscopied == number)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("11010519491231002X", "110105********002X"),
        ("110105491231002", "110105*****1002"),
        ("110105", "******"),
        ("", ""),
    ],
)
def test_a_masked_number_shows_the_county_and_the_last_four(number, shown):
    assert resident.mask_id(number) == shown


@pytest.mark.parametrize(
    ("day", "born", "years"),
    [
        (date(2006, 8, 10), date(1988, 8, 10), 18),
        (date(2006, 8, 9), date(1988, 8, 10), 17),
        (date(2006, 8, 10), date(1936, 1, 1), 70),
    ],
)
def test_an_age_is_counted_in_full_years(day, born, years):
    assert resident.age_on(day, born) == years


@pytest.mark.parametrize("code", ["10012003", "72003018", "10010001", "10014999"])
def test_an_agency_code_of_the_scheme_passes(code):
    assert is_agency_code(code)


@pytest.mark.parametrize("code", ["1001200", "100120031", "10015003", "10012000", "1001200A", ""])
def test_an_agency_code_off_the_scheme_does_not_pass(code):
    assert not is_agency_code(code)


def test_the_areas_hold_the_edition_of_2005_and_todays():
    edition = [code for code, area in areas().items() if area.in_2005]
    assert len(edition) == 3523
    assert areas()["110103"].name == "崇文区"
    assert (areas()["110103"].in_2005, areas()["110103"].in_current) == (True, False)
    assert (areas()["320213"].in_2005, areas()["320213"].in_current) == (False, True)
    assert (areas()["440524"].in_2005, areas()["440524"].in_current) == (False, False)
    assert "340524" not in areas()
    assert "3405" in prefectures()


def test_the_occupations_are_the_attested_ones_of_1999():
    assert len(occupations()) == 34
    assert occupations()["6-04-02-05"] == "焊工"
    assert occupations()["4-01-99-02"] == "中药调剂员"
    assert occupations()["4-99-00-01"] == "电子商务师"


def test_only_two_units_are_attested_and_jiangsu_is_not_32():
    assert {code: (unit.name, unit.line) for code, unit in units().items()} == {
        "10": ("江苏", "province"),
        "72": ("烟草", "industry"),
    }


def test_every_mainland_province_of_2005_has_its_postcodes():
    provinces = {code[:2] for code, area in areas().items() if area.in_2005 and code.endswith("0000")}
    assert provinces - postcode_prefixes().keys() == {"71", "81", "82"}
    assert postcode_prefixes()["61"] == ("71", "72")


def test_the_rules_are_the_95_of_the_domain():
    groups = {"D": 11, "N": 5, "S": 12, "L": 7, "P": 12, "F": 9, "T": 12, "I": 6, "X": 8, "Z": 5, "K": 8}
    wanted = [f"{letter}{number:02d}" for letter, count in groups.items() for number in range(1, count + 1)]
    assert list(statements()) == wanted
    assert [row["id"] for row in table("sentences")] == wanted
    assert all(statement.sentence and statement.sentence_en and statement.source for statement in statements().values())
