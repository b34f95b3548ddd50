"""All lines of a survey put together: one station a code, in merge order, with its place in the census (rule K02)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from services.kinds import Value
from services.survey.line import Line
from services.survey.roster import EXEMPT, Entry, Roster

Status = Literal["已评估", "免检", "未报", "撤销"]
INDUSTRY = "3"
"""The type digit of a station that reports to an industry (rule S03)."""
_LAST = 10_000
"""A recommendation without rank comes after all that have one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """One station: what it filed, what the roster says of it, and where it stands in the census."""

    code: str
    status: Status
    evaluation: Line | None = None
    recommendation: Line | None = None
    entry: Entry | None = None

    def get(self, fact: str) -> Value:
        """Return a fact of form 1, else of form 2, else of the roster; None where nobody states it."""
        for line in (self.evaluation, self.recommendation):
            if line is not None and line.facts.get(fact) is not None:
                return line.facts[fact]
        return (self.entry.facts.get(fact) or None) if self.entry else None

    def text(self, fact: str) -> str:
        """Return a fact as text, '' where there is none."""
        value = self.get(fact)
        return value if isinstance(value, str) else ""

    @property
    def lines(self) -> tuple[Line, ...]:
        """What it filed."""
        return tuple(line for line in (self.evaluation, self.recommendation) if line is not None)

    @property
    def area(self) -> str:
        """The place of a provincial station, the industry of an industry's."""
        own, other = (
            ("report_to_name", "region_name") if self.code[4:5] == INDUSTRY else ("region_name", "report_to_name")
        )
        return self.text(own) or self.text(other)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A survey: stations in merge order, recommended workers in rank order.

    `replaced` are (older, newer) lines of one form of one station (rule D09); `clashing` are lines that
    bear the code of another station's form (rule S12) and are left out.
    """

    stations: tuple[Station, ...]
    workers: tuple[Line, ...]
    roster: Roster | None = None
    replaced: tuple[tuple[Line, Line], ...] = ()
    clashing: tuple[tuple[Line, Line], ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line that counts: forms 1 and 2 in merge order, then form 3."""
        return (*(line for station in self.stations for line in station.lines), *self.workers)


def merge_key(code: str) -> tuple[str, str, str]:
    """Return what stations are put in order by: region and city, type digit, serial (rule K02)."""
    return code[:4], code[4:5], code[5:]


def rank_key(line: Line) -> tuple[str, int, tuple[str, str, str], str]:
    """Return what recommendations are put in order by: unit, rank, code, name."""
    rank = line.number("rank")
    return unit_of(line), _LAST if rank is None else int(rank), merge_key(line.code), line.text("person")


def unit_of(line: Line) -> str:
    """Return the province or industry that a form goes through: its two digits, else the recommender's name."""
    return line.code[:2] or line.text("recommender")


def survey_of(lines: Iterable[Line], roster: Roster | None = None) -> Survey:
    """Return the survey of `lines`: of one station's files of one form the newest counts (rule D09)."""
    kept: dict[tuple[str, str], Line] = {}
    replaced: list[tuple[Line, Line]] = []
    clashing: list[tuple[Line, Line]] = []
    for line in sorted(lines, key=lambda line: line.origin.received):
        key = (line.role, _owner(line))
        before = kept.get(key)
        if before is not None and not _is_same(before, line):
            clashing.append((line, before))
            continue
        if before is not None:
            replaced.append((before, line))
        kept[key] = line
    workers = sorted((line for (role, _), line in kept.items() if role == "worker"), key=rank_key)
    return Survey(
        stations=_stations(kept, roster),
        workers=tuple(workers),
        roster=roster,
        replaced=tuple(replaced),
        clashing=tuple(clashing),
    )


def _owner(line: Line) -> str:
    """Return whose form it is: a station's code, a person's number (a name and unit where that is missing)."""
    if line.role == "worker":
        return line.text("person_no") or f"{line.text('person')} {line.text('unit')}"
    return line.code or f"{line.text('name')} {line.origin.name}"


def _is_same(one: Line, other: Line) -> bool:
    """Return whether two forms with one code are one station's: its name or its licence is the same."""
    return one.role == "worker" or any(
        one.text(fact) and one.text(fact) == other.text(fact) for fact in ("name", "licence_no")
    )


def _stations(kept: dict[tuple[str, str], Line], roster: Roster | None) -> tuple[Station, ...]:
    filed: dict[str, dict[str, Line]] = defaultdict(dict)
    for (role, owner), line in kept.items():
        if role != "worker":
            filed[owner][role] = line
    entries = {entry.code: entry for entry in reversed(roster.entries)} if roster else {}
    found = (_station(code, filed.get(code, {}), entries.get(code)) for code in filed.keys() | entries.keys())
    return tuple(sorted(found, key=lambda station: (merge_key(station.code), station.code)))


def _station(code: str, filed: dict[str, Line], entry: Entry | None) -> Station:
    evaluation, recommendation = filed.get("evaluation"), filed.get("station")
    is_exempt = any(line.is_exempt for line in filed.values()) or bool(
        entry and EXEMPT in entry.facts.get("status", "")
    )
    status: Status = "未报"
    if entry and entry.is_revoked:
        status = "撤销"
    elif is_exempt:
        status = "免检"
    elif evaluation is not None:
        status = "已评估"
    return Station(code=code, status=status, evaluation=evaluation, recommendation=recommendation, entry=entry)


def recommended(survey: Survey) -> tuple[Station, ...]:
    """Return the recommended stations in the order of recommendation."""
    found = ((rank_key(s.recommendation), s) for s in survey.stations if s.recommendation is not None)
    return tuple(station for _, station in sorted(found, key=lambda pair: pair[0]))
