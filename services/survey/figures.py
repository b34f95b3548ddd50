"""The figures of a survey that reports quote: coverage, results by area, deductions, corrections (rule K03)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from forms.summaries import EVALUATION, SCORED
from services.catalogue import concrete
from services.form import Form
from services.kinds.number import plain
from services.rules.source import units
from services.survey.line import Line
from services.survey.rows import RECTIFY, REVOKE
from services.survey.stations import Station, Survey, recommended
from services.totals import GRADES

_TENTH = Decimal("0.1")
_PERCENT = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How many stations are in scope and what became of them; `name` is whose they are, `code` its two digits."""

    code: str
    name: str
    expected: int
    evaluated: int
    exempt: int
    missing: int
    revoked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """The results in one part of form 1: mean score of the evaluated stations, and its share of the points in %."""

    section: str
    label: str
    points: Decimal
    mean: Decimal | None
    rate: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduction:
    """An item that lost points: at how many stations, and how many points on the whole."""

    item: str
    label: str
    stations: int
    lost: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything that a report quotes. `deductions` are commonest first; `regions` the coverage unit by unit.

    `corrections` counts the lines of all 整改台账: total, done, open. `examined`, `passed` and `issued`
    are those of 2001–2005 over all forms 1.
    """

    whole: Coverage
    regions: tuple[Coverage, ...]
    grades: Mapping[str, int]
    disposals: Mapping[str, int]
    vetoes: Mapping[str, int]
    mean_self: Decimal | None
    mean_review: Decimal | None
    areas: tuple[Area, ...]
    deductions: tuple[Deduction, ...]
    corrections: Mapping[str, int]
    examined: int
    passed: int
    issued: int
    recommended_stations: int
    recommended_workers: int


def figures_of(survey: Survey) -> Figures:
    """Return the figures of a survey, computed from its lines alone."""
    evaluated = [station for station in survey.stations if station.status == "已评估" and station.evaluation]
    lines = [station.evaluation for station in evaluated if station.evaluation]
    form = concrete(EVALUATION.form)
    corrections = [one for line in lines for one in line.corrections]
    done = sum(one.is_done for one in corrections)
    yearly = [one for station in survey.stations if station.evaluation for one in station.evaluation.yearly]
    return Figures(
        whole=_coverage("", "合计", survey.stations),
        regions=_regions(survey),
        grades=_counted((name for _, name in GRADES), (line.text("grade") for line in lines)),
        disposals=_counted(("通过", RECTIFY, REVOKE), (line.text("disposal") for line in lines)),
        vetoes=dict(sorted(Counter(mark for line in lines for mark, _ in line.vetoes).items())),
        mean_self=_mean([line.number("self_total") for line in lines]),
        mean_review=_mean([line.number("review_total") for line in lines]),
        areas=tuple(_area(form, section, fact, lines) for section, fact in SCORED),
        deductions=_deductions(form, lines),
        corrections={"total": len(corrections), "done": done, "open": len(corrections) - done},
        examined=sum(one.examined for one in yearly),
        passed=sum(one.passed for one in yearly),
        issued=sum(one.issued for one in yearly),
        recommended_stations=len(recommended(survey)),
        recommended_workers=len(survey.workers),
    )


def _coverage(code: str, name: str, stations: Sequence[Station]) -> Coverage:
    counts = Counter(station.status for station in stations)
    return Coverage(
        code=code,
        name=name,
        expected=len(stations),
        evaluated=counts["已评估"],
        exempt=counts["免检"],
        missing=counts["未报"],
        revoked=counts["撤销"],
    )


def _regions(survey: Survey) -> tuple[Coverage, ...]:
    """Return the coverage of every province and industry, by the first two digits of the agency codes."""
    members: dict[str, list[Station]] = defaultdict(list)
    for station in survey.stations:
        members[station.code[:2]].append(station)
    return tuple(_coverage(code, unit_name(code, stations), stations) for code, stations in sorted(members.items()))


def unit_name(code: str, stations: Iterable[Station]) -> str:
    """Return what a province or industry is called: by the table of codes, else as its stations write it."""
    known = units().get(code)
    written = Counter(name for station in stations if (name := station.text("report_to_name")))
    return written.most_common(1)[0][0] if written else known.name if known else code


def _counted(names: Iterable[str], values: Iterable[str]) -> dict[str, int]:
    counts = Counter(values)
    return {name: counts[name] for name in names}


def _mean(values: Sequence[Decimal | None]) -> Decimal | None:
    """Return the mean of what is there, to one decimal."""
    there = [value for value in values if value is not None]
    return (sum(there, Decimal(0)) / len(there)).quantize(_TENTH, ROUND_HALF_UP) if there else None


def _area(form: Form, section: str, fact: str, lines: Sequence[Line]) -> Area:
    declared = next(one for one in form.sections if one.key == section)
    scores = [score for line in lines if (score := line.number(fact)) is not None]
    whole = sum(scores, Decimal(0)) / len(scores) / declared.points * _PERCENT if scores else None
    return Area(
        section=section,
        label=declared.label,
        points=declared.points,
        mean=_mean(scores),
        rate=whole.quantize(_TENTH, ROUND_HALF_UP) if whole is not None else None,
    )


def _deductions(form: Form, lines: Sequence[Line]) -> tuple[Deduction, ...]:
    lost: dict[str, list[Decimal]] = defaultdict(list)
    for line in lines:
        for item, points in line.deductions:
            lost[item].append(points)
    labels = {item.id: item.label for item in form.items}
    found = (
        Deduction(item=item, label=labels.get(item, item), stations=len(points), lost=sum(points, Decimal(0)))
        for item, points in lost.items()
    )
    return tuple(sorted(found, key=lambda one: (-one.stations, -one.lost, one.item)))


def as_json(figures: Figures) -> dict[str, Any]:
    """Return the figures as JSON of whole numbers and texts alone, scores as they are printed."""
    plain: dict[str, Any] = _jsonable(asdict(figures))
    return plain


def _jsonable(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, Mapping):
        return {str(key): _jsonable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(inner) for inner in value]
    return "" if value is None else value
