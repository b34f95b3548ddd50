"""Any record that a form can hold, for the tests that must hold for all of them."""

import io
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from hypothesis import strategies as st
from PIL import Image

from services.answers import item_fields, scalars
from services.form import Form
from services.kinds import (
    Choice,
    Choices,
    Code,
    Day,
    Kind,
    Month,
    Number,
    Picture,
    Score,
    Text,
    Tick,
    Whole,
    YesNo,
)
from services.record import Record, build

# What a clerk's text may hold: markup characters, quotes, the ideographic blank, rare name characters.
CHARACTERS = "鉴定所站一二三,。:;()《》〔〕“”‘’—…·、&<>\"'%{}[]#$ \u3000堃喆珺𠮷□√㎡Aa1９.-/"
DAYS = st.dates(date(1950, 1, 1), date(2049, 12, 31))


@lru_cache(maxsize=1)
def pictures() -> tuple[bytes, ...]:
    """A red JPEG and a blue PNG."""
    made = []
    for name, colour in (("JPEG", "red"), ("PNG", "blue")):
        out = io.BytesIO()
        Image.new("RGB", (35, 49), colour).save(out, name)
        made.append(out.getvalue())
    return tuple(made)


def texts(kind: Text) -> st.SearchStrategy[str]:
    alphabet = st.sampled_from(CHARACTERS + ("\n" if kind.lines else ""))
    drawn = st.text(alphabet, min_size=1, max_size=min(kind.limit, 60))
    return drawn.map(lambda text: text.strip(" \u3000\n")).filter(bool)


def codes(kind: Code) -> st.SearchStrategy[str]:
    if kind.scheme == "document":
        return st.builds("劳社鉴〔{}〕{}号".format, st.integers(1990, 2049), st.integers(1, 999))
    if kind.scheme == "email":
        return st.builds("jds{}@163.com".format, st.integers(1, 99_999))
    alphabet = "0123456789X" if kind.scheme in {"org", "uscc", "resident"} else "0123456789"
    return st.text(st.sampled_from(alphabet), min_size=1, max_size=min(kind.limit, 20))


def decimals(least: Decimal, most: Decimal, places: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(least, most, places=places, allow_nan=False, allow_infinity=False)


def values(kind: Kind) -> st.SearchStrategy[Any]:
    """Any value of a kind, never the empty one."""
    match kind:
        case Text():
            return texts(kind)
        case Code():
            return codes(kind)
        case Whole():
            return st.integers(kind.minimum, kind.maximum)
        case Number():
            return decimals(kind.minimum, kind.maximum, kind.places)
        case Score():
            return decimals(Decimal(0), kind.points, 1)
        case _:
            return _days_and_marks(kind)


def _days_and_marks(kind: Kind) -> st.SearchStrategy[Any]:
    match kind:
        case Day() | Month():
            return DAYS.map(lambda day: day.replace(day=1) if isinstance(kind, Month) else day)
        case Choice():
            return st.sampled_from(kind.options)
        case Choices():
            keys = tuple(key for key, _ in kind.options)
            chosen = st.sets(st.sampled_from(keys), min_size=1)
            return chosen.map(lambda some: tuple(key for key in keys if key in some))
        case YesNo() | Tick():
            return st.booleans()
        case Picture():
            return st.sampled_from(pictures())
        case _:
            raise AssertionError(kind)


@st.composite
def records(draw: st.DrawFn, form: Form, most_rows: int = 3) -> Record:
    """Any record of `form` with up to `most_rows` rows in a schedule; each answer may be empty."""
    entries = {key: draw(st.none() | values(field.kind)) for key, field in scalars(form).items()}
    for schedule in form.schedules:
        count = len(schedule.groups) or draw(st.integers(0, min(most_rows, schedule.max_rows)))
        for row in range(count):
            for column in schedule.columns:
                entries[f"{schedule.key}.{row}.{column.key}"] = draw(st.none() | values(column.kind))
    for item in form.items:
        for field in item_fields(item):
            entries[f"items.{item.id}.{field.key}"] = draw(st.none() | values(field.kind))
    return build(form, entries)
