"""How many a province or an industry may recommend, and who of its recommendations is within (rule X05)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from services.region import Region
from services.summary import Quotas, Share
from services.survey.line import Line
from services.survey.stations import Survey, rank_key, unit_of

STATION, WORKER = "station", "worker"
_FORWARDED = "forwarded-"
_FORMS = ((STATION, "station-recommendation"), (WORKER, "worker-recommendation"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """The numbers of a unit by role; None where there is no limit. `forwarded` is the part for the ministry."""

    own: Mapping[str, int | None]
    forwarded: Mapping[str, int | None]


def recommended_by_unit(survey: Survey) -> Mapping[str, Mapping[str, tuple[Line, ...]]]:
    """Return the recommendations of every unit by role, in the order of recommendation."""
    found: dict[str, dict[str, list[Line]]] = defaultdict(lambda: {STATION: [], WORKER: []})
    for line in survey.lines:
        if line.role in (STATION, WORKER):
            found[unit_of(line)][line.role].append(line)
    return {
        unit: {role: tuple(sorted(lines, key=rank_key)) for role, lines in roles.items()}
        for unit, roles in sorted(found.items())
    }


def certificates(survey: Survey) -> Mapping[str, int]:
    """Return how many certificates the stations of each unit issued in 2001–2005."""
    sums: dict[str, int] = defaultdict(int)
    for station in survey.stations:
        for yearly in station.evaluation.yearly if station.evaluation else ():
            sums[station.code[:2]] += yearly.issued
    return sums


def allowed(quotas: Quotas, unit: str, issued: int, region: Region | None = None) -> Allowed:
    """Return the numbers of a unit that issued so many certificates; a region's own file goes first."""
    band = max((b for b in quotas.bands if b.at_least <= issued), key=lambda b: b.at_least, default=None)
    share = next((s for s in quotas.shares if s.unit == unit), Share(unit=unit))
    own = dict(region.quotas) if region else {}
    stations = share.stations if share.stations is not None else (band.stations if band else None)
    workers = share.workers if share.workers is not None else (band.workers if band else None)
    wanted = {STATION: stations, WORKER: workers}
    forwarded = {STATION: share.forwarded_stations, WORKER: share.forwarded_workers}
    return Allowed(
        own={role: own.get(form, wanted[role]) for role, form in _FORMS},
        forwarded={role: own.get(_FORWARDED + form, forwarded[role]) for role, form in _FORMS},
    )


def within(lines: tuple[Line, ...], most: int | None) -> tuple[Line, ...]:
    """Return the first `most` recommendations, all where there is no limit."""
    return lines if most is None else lines[:most]
