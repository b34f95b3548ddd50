"""A vote: the text read for one answer, where it stands, how sure that is, and how a doubt is worded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from services.answers import field_at
from services.carriers.align import Alignment
from services.carriers.layout import Row
from services.carriers.witness import CONTROL
from services.findings import Problem, Severity
from services.form import Field, Form

Place = Callable[[str, str, int], str]
"""Says where a clerk finds an answer: printed path, address, page (0: not known)."""


class Vote(NamedTuple):
    """The text read for `path`, where it stands, how sure that is and which anchors held.

    `printed` is the path with the row number as printed, `beside` the address of the label cell that
    the text was taken from, `also` that of the other place where the answer reads differently, '' otherwise.
    A tuple, since a form makes a thousand of them.
    """

    path: str
    printed: str
    text: str
    address: str
    page: int
    sureness: str
    witnesses: tuple[str, ...] = ()
    problem: Problem | None = None
    beside: str = ""
    also: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What a carrier found in a file, for the votes.

    Rows and their alignment, text boxes by address, whether multiplied text is healed, and what it is that
    claims a cell in this carrier (a control or a defined name).
    """

    rows: Sequence[Row]
    alignment: Alignment
    boxes: Mapping[str, str] = field(default_factory=dict)
    heals: bool = False
    claimed_by: str = CONTROL


@lru_cache(maxsize=20_000)
def asked(form: Form, path: str) -> Field:
    """Return what the form asks at `path` (a row may be *)."""
    return field_at(form, path)


def beside(where: str, text: str) -> Problem:
    """Return the doubt that an answer was written beside its cell."""
    return Problem(
        rule="D06",
        code="read.beside",
        severity=Severity.CONFIRM,
        phrase=f"的内容写在了{where}里,已读为“{short(text)}”",
        phrase_en=f"stands beside its cell, read as {short(text)!r}",
        got=text,
        want="写在本格内",
        remedy="请核对,并把内容移到本格",
    )


def two_readings(one_place: str, one: str, other_place: str, other: str, chosen: str) -> Problem:
    """Return the doubt that an answer reads differently in two places."""
    return Problem(
        rule="D06",
        code="read.differs",
        severity=Severity.CONFIRM,
        phrase=f"有两种读法:{one_place}是“{short(one)}”,{other_place}是“{short(other)}”,已取“{short(chosen)}”",
        phrase_en=f"has two readings: {short(one)!r} and {short(other)!r}; took {short(chosen)!r}",
        got=f"{one} / {other}",
        want="两处一致",
        remedy="请核对,并改成一致",
    )


def partly_outside(inside: str, outside: str, whole: str) -> Problem:
    """Return the doubt that an answer stands half in its control and half beside it."""
    return Problem(
        rule="D06",
        code="read.outside",
        severity=Severity.CONFIRM,
        phrase=f"在填写框里是“{short(inside)}”,框外还有“{short(outside)}”,已合起来读为“{short(whole)}”",
        phrase_en=f"stands partly outside its control: {short(inside)!r}, {short(outside)!r}; read as {short(whole)!r}",
        got=whole,
        want="写在填写框里",
        remedy="请核对",
    )


def short(text: str) -> str:
    """Return as much of a text as reads well in a sentence."""
    flat = " ".join(text.split())
    return flat if len(flat) <= 40 else f"{flat[:40]}…"  # noqa: PLR2004 - as much as reads well in a sentence
