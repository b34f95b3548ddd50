"""One accepted form reduced to what summaries, lists and the rules over several forms need of it.

A record of form 1 takes hundreds of kilobytes, its line about ten: a national survey of 8,000 stations
fits into memory as lines. Computed answers are recomputed on the way, never taken as typed (rule K03).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType
from typing import Literal, cast

from forms.summaries import REDUCTIONS
from services.answers import base_items, scalars, schedules
from services.form import Form
from services.kinds import Choices, Tick, Value
from services.kinds.kind import NOTHING
from services.record import Record, at, digest, rows
from services.rules.resident import is_shaped, upgraded
from services.summary import Corrections, Figures, Licensed, People, Reduction
from services.survey.shingles import signature
from services.totals import expected_once

_HASH_BYTES = 8
_SPAN = 3
_NONE: Mapping[str, Value] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a form came from: its file, the packet it came in, when it was handed in (ISO time, '' if unknown)."""

    name: str
    packet: str = ""
    received: str = ""

    @property
    def place(self) -> str:
        """How a clerk finds it: 陕西.zip · 10012003.docx."""
        return f"{self.packet} · {self.name}" if self.packet else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Yearly:
    """The figures of a year and a level ('' where the form does not tell levels apart)."""

    year: str
    level: str
    examined: int
    passed: int
    issued: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One thing that is being put right."""

    problem: str
    measure: str
    due_on: date | None
    is_done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is kept of one accepted form.

    `facts` are keyed as forms/summaries.py declares them; `vetoes` are mark and words (V2, 超范围鉴定);
    `deductions` are the items that lost points;
    `people` are a hash of the resident number (8 bytes) and the name of each examiner; `texts` are the
    signatures of the long answers by path; `digest` is the record's.
    """

    form: str
    role: Literal["evaluation", "station", "worker"]
    edition: str
    version: str
    region: str
    region_version: str
    origin: Origin
    digest: str
    facts: Mapping[str, Value]
    filled_on: date | None
    is_exempt: bool
    yearly: tuple[Yearly, ...]
    vetoes: tuple[tuple[str, str], ...]
    deductions: tuple[tuple[str, Decimal], ...]
    corrections: tuple[Correction, ...]
    people: frozenset[bytes]
    texts: tuple[tuple[str, bytes], ...]

    def text(self, fact: str) -> str:
        """Return a fact as text, '' where there is none or 无 is written."""
        value = self.facts.get(fact)
        return value if isinstance(value, str) and value not in NOTHING else ""

    def number(self, fact: str) -> Decimal | None:
        """Return a fact as a number, None where there is none."""
        value = self.facts.get(fact)
        return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None

    @property
    def code(self) -> str:
        """The agency code, '' where there is none."""
        return self.text("code")

    @property
    def named(self) -> str:
        """The person that the form recommends, else the station; '' where neither is named."""
        return self.text("person") or self.text("name")


@lru_cache(maxsize=1)
def reductions() -> Mapping[str, Reduction]:
    """Return what is kept of each form, by form."""
    return MappingProxyType({reduction.form: reduction for reduction in REDUCTIONS})


def reduce(form: Form, record: Record, origin: Origin) -> Line:
    """Return the line of an accepted form.

    Raises:
        KeyError: nothing is declared to be kept of this form.
    """
    kept = reductions()[form.id]
    computed = expected_once(form, record)
    return Line(
        form=form.id,
        role=kept.role,
        edition=record.edition,
        version=form.edition.version if form.edition else "",
        region=form.region,
        region_version=form.region_version,
        origin=origin,
        digest=digest(form, record),
        facts=MappingProxyType(
            {take.fact: _first(record, computed, take.paths) for take in kept.takes} | _more(kept, form, record)
        ),
        filled_on=_day(at(record, kept.filled_on)),
        is_exempt=bool(kept.exempt) and at(record, kept.exempt) is True,
        yearly=_yearly(kept.figures, record) if kept.figures else (),
        vetoes=tuple(_vetoes(form, record)),
        deductions=tuple(_deductions(form, record)),
        corrections=tuple(_corrections(kept.corrections, record)) if kept.corrections else (),
        people=frozenset(_people(kept.people, record)) if kept.people else frozenset(),
        texts=tuple((path, signature(_text(at(record, path)))) for path in kept.texts),
    )


def _more(kept: Reduction, form: Form, record: Record) -> dict[str, Value]:
    """Return the facts that are not one answer: the licensed occupations in words."""
    return {"occupations": "、".join(_licensed(kept.licensed, form, record))} if kept.licensed else {}


def _first(record: Record, computed: Mapping[str, Value], paths: tuple[str, ...]) -> Value:
    """Return the first filled answer of `paths`, a computed one as it should be."""
    values = (computed[path] if path in computed else at(record, path) for path in paths)
    return next((value for value in values if value is not None), None)


def _yearly(figures: Figures, record: Record) -> tuple[Yearly, ...]:
    sums: dict[tuple[str, str], list[int]] = {}
    for row in rows(record, figures.schedule):
        key = _text(row.get(figures.year)), _text(row.get(figures.level)) if figures.level else ""
        found = sums.setdefault(key, [0, 0, 0])
        for number, column in enumerate((figures.examined, figures.passed, figures.issued)):
            found[number] += _whole(row.get(column)) if column else 0
    return tuple(
        Yearly(year=year, level=level, examined=examined, passed=passed, issued=issued)
        for (year, level), (examined, passed, issued) in sorted(sums.items())
        if year
    )


def _vetoes(form: Form, record: Record) -> Iterator[tuple[str, str]]:
    """Yield V and number, and the words, of the ticked veto answers: the single ticks of a form (rule P08)."""
    ticks = ((key, field.kind) for key, field in scalars(form).items() if isinstance(field.kind, Tick))
    for number, (key, kind) in enumerate(ticks, 1):
        if at(record, key) is True:
            yield f"V{number}", kind.label


def _deductions(form: Form, record: Record) -> Iterator[tuple[str, Decimal]]:
    """Yield each item below its full points and what it lost, by the reviewed score where there is one."""
    cells: Mapping[str, Mapping[str, Value]] = record.values.get("items", {})
    for item in base_items(form):
        given = cells.get(item.id, _NONE)
        review = given.get("review")
        score = given.get("self") if review is None else review
        if isinstance(score, Decimal) and score < item.points:
            yield _deduction(item.id, item.points, score)


@lru_cache(maxsize=4096)
def _deduction(item: str, points: Decimal, score: Decimal) -> tuple[str, Decimal]:
    """Return an item and what it lost: one value for the thousands of stations that lost the same."""
    return item, points - score


def _corrections(declared: Corrections, record: Record) -> Iterator[Correction]:
    for row in rows(record, declared.schedule):
        yield Correction(
            problem=_text(row.get(declared.problem)),
            measure=_text(row.get(declared.measure)),
            due_on=_day(row.get(declared.due_on)),
            is_done=row.get(declared.progress) == declared.done,
        )


def _people(declared: People, record: Record) -> Iterator[bytes]:
    for row in rows(record, declared.schedule):
        number = _text(row.get(declared.number))
        if number and number not in NOTHING:
            whole = upgraded(number) if is_shaped(number) else number
            yield (
                hashlib.blake2b(whole.encode(), digest_size=_HASH_BYTES).digest()
                + _text(row.get(declared.name)).encode()
            )


def person_name(person: bytes) -> str:
    """Return the name that is kept of an examiner."""
    return person[_HASH_BYTES:].decode()


def person_key(person: bytes) -> bytes:
    """Return what tells an examiner from every other."""
    return person[:_HASH_BYTES]


def _licensed(declared: Licensed, form: Form, record: Record) -> Iterator[str]:
    column = next(c for c in schedules(form)[declared.schedule].columns if c.key == declared.levels)
    names = dict(column.kind.options) if isinstance(column.kind, Choices) else {}
    for row in rows(record, declared.schedule):
        held: frozenset[str] = frozenset(row.get(declared.levels) or ())
        levels = _spans([(level in held, str(name or level)) for level, name in names.items()])
        yield f"{_text(row.get(declared.name))}({levels})" if levels else _text(row.get(declared.name))


def _spans(levels: Sequence[tuple[bool, str]]) -> str:
    """Return the levels that are held in words, three and more in a row as 五级至三级."""
    runs = [[name for _, name in run] for is_held, run in groupby(levels, key=itemgetter(0)) if is_held]
    return "、".join(f"{run[0]}至{run[-1]}" if len(run) >= _SPAN else "、".join(run) for run in runs)


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""


def _whole(value: Value) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _day(value: Value) -> date | None:
    return cast("date", value) if isinstance(value, date) else None
