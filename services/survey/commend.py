"""The commendation list (表彰名单): who of the recommended is within the numbers, and why others are not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forms.lists import COMMENDED_STATIONS, COMMENDED_WORKERS, QUOTA_BOARD
from services.kinds import Value
from services.survey.figures import unit_name
from services.survey.line import Line
from services.survey.quotas import STATION, WORKER, Allowed, allowed, certificates, recommended_by_unit, within
from services.survey.recommend import x03, x07
from services.survey.stations import Survey
from services.survey.tables import Made, made
from services.survey.terms import Terms

ROLES = (STATION, WORKER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What became of a unit's recommendations: `own` is its own list, `forwarded` the part for the ministry.

    `left_out` are the others, each with the reason.
    """

    name: str
    issued: int
    numbers: Allowed
    given: Mapping[str, tuple[Line, ...]]
    own: Mapping[str, tuple[Line, ...]]
    forwarded: Mapping[str, tuple[Line, ...]]
    left_out: tuple[tuple[Line, str], ...]


def choices(survey: Survey, terms: Terms) -> tuple[Choice, ...]:
    """Return for every unit what becomes of its recommendations, in the order of recommendation (rule X05).

    First go those that rules X03 and X07 bar, then those beyond the unit's own number, then those
    beyond the number forwarded.
    """
    barred = {remark.place: remark.phrase for rule in (x03, x07) for remark in rule(survey, terms)}
    issued = certificates(survey)
    found = recommended_by_unit(survey).items()
    return tuple(
        _choice(
            unit_name(unit, (station for station in survey.stations if station.code[:2] == unit)),
            issued.get(unit, 0),
            allowed(terms.quotas, unit, issued.get(unit, 0), terms.region),
            given,
            barred,
        )
        for unit, given in found
    )


def _choice(
    name: str, issued: int, numbers: Allowed, given: Mapping[str, tuple[Line, ...]], barred: Mapping[str, str]
) -> Choice:
    fit = {role: tuple(line for line in given[role] if line.origin.place not in barred) for role in ROLES}
    own = {role: within(fit[role], numbers.own[role]) for role in ROLES}
    forwarded = {role: within(own[role], numbers.forwarded[role]) for role in ROLES}
    left_out = tuple(
        (line, barred.get(line.origin.place) or _beyond(line, own[role], numbers, role))
        for role in ROLES
        for line in given[role]
        if line not in forwarded[role]
    )
    return Choice(
        name=name, issued=issued, numbers=numbers, given=given, own=own, forwarded=forwarded, left_out=left_out
    )


def _beyond(line: Line, own: tuple[Line, ...], numbers: Allowed, role: str) -> str:
    if line in own:
        return f"列入本地区(行业)名单,超出向部里推荐的名额 {numbers.forwarded[role]} 个"
    return f"超出名额 {numbers.own[role]} 个"


def commended(survey: Survey, terms: Terms) -> tuple[Made, ...]:
    """Return the stations and the workers to be commended, and the board of numbers of all units."""
    chosen = choices(survey, terms)
    stations = ({**line.facts, "unit": one.name} for one in chosen for line in one.forwarded[STATION])
    workers = (line.facts for one in chosen for line in one.forwarded[WORKER])
    return (
        made(COMMENDED_STATIONS, stations),
        made(COMMENDED_WORKERS, workers),
        made(QUOTA_BOARD, _board(chosen), subtitle=f"名额：{terms.quotas.title}"),
    )


def _board(chosen: tuple[Choice, ...]) -> Iterator[Mapping[str, Value]]:
    for one in chosen:
        reasons = (f"{line.text('person') or line.text('name')}：{why}" for line, why in one.left_out)
        yield {
            "unit": one.name,
            "issued": one.issued,
            "stations": len(one.given[STATION]),
            "stations_own": _number(one, STATION),
            "stations_listed": len(one.forwarded[STATION]),
            "workers": len(one.given[WORKER]),
            "workers_own": _number(one, WORKER),
            "workers_listed": len(one.forwarded[WORKER]),
            "left_out": "；".join(reasons) or None,
        }


def _number(one: Choice, role: str) -> str | None:
    """Return a unit's numbers as they are printed: 3, 其中上报2, or nothing where there is no limit."""
    own, forwarded = one.numbers.own[role], one.numbers.forwarded[role]
    if forwarded is not None:
        return f"{'不限' if own is None else own}，上报{forwarded}"
    return None if own is None else str(own)
