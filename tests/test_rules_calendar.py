"""The notice's days and a region's own, which may only be earlier (forms-and-rules §1, §9)."""

from datetime import date

import pytest

from services.region import RegionError, load
from services.rules.calendar import NOTICE, brought_forward


def test_the_days_are_the_notices_own():
    assert NOTICE.licensed == (date(2001, 1, 1), date(2005, 12, 31))
    assert NOTICE.station == (date(2006, 7, 11), date(2006, 8, 31))
    assert NOTICE.review == (date(2006, 9, 1), date(2006, 10, 31))
    assert NOTICE.certified_by == date(2006, 7, 3)


def test_a_region_brings_its_last_days_forward():
    own = brought_forward(NOTICE, {"station": date(2006, 8, 25), "review": date(2006, 10, 10)})
    assert own.station == (date(2006, 7, 11), date(2006, 8, 25))
    assert own.review == (date(2006, 9, 1), date(2006, 10, 10))
    assert own.licensed == NOTICE.licensed


def test_a_region_cannot_put_its_last_days_back():
    later = {"station": date(2006, 9, 15), "review": date(2006, 12, 1), "city": date(2006, 9, 10)}
    assert brought_forward(NOTICE, later) == NOTICE


def test_the_review_ends_with_the_regions_own_report_where_it_has_no_day_of_its_own():
    assert brought_forward(NOTICE, {"region": date(2006, 10, 16)}).review == (date(2006, 9, 1), date(2006, 10, 16))


def test_a_licence_pattern_that_is_none_is_told_when_the_region_is_read(tmp_path):
    path = tmp_path / "320000.toml"
    path.write_text('code = "320000"\nname = "江苏省"\nversion = "1"\nlicence_pattern = "苏鉴[0-9"\n', encoding="utf-8")
    with pytest.raises(RegionError, match=r"320000\.toml: licence_pattern 不是正则表达式"):
        load(path)
