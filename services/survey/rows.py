"""Where the rows of each declared table come from: one function a kind of row, by the name a table gives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import MappingProxyType

from services.kinds import Value
from services.survey.line import Line
from services.survey.stations import Station, Survey, recommended

Facts = Mapping[str, Value]
RECTIFY, REVOKE = "限期整改", "撤销"
NO_REASON = "未写明原因"
_PUBLIC = ("name", "kind", "address", "postcode", "licence_org", "licence_no", "licence_until", "occupations")
_LEVELS = ("五级", "四级", "三级", "二级", "一级")


def stations(survey: Survey) -> Iterator[Facts]:
    """Yield every station in scope; scores only of those that were evaluated (rule K02)."""
    for station in survey.stations:
        basic = {fact: station.get(fact) for fact in ("name", "kind", "licence_no", "licence_date")}
        row: dict[str, Value] = basic | {"code": station.code, "area": station.area, "remark": remark(station)}
        if station.status == "已评估" and station.evaluation:
            row |= station.evaluation.facts
            row |= {"area": station.area, "vetoes": veto_marks(station.evaluation), "remark": None}
        yield row


def remark(station: Station) -> str:
    """Return why a station has no scores: 免检, 未报 or 撤销, with the roster's reason."""
    reason = station.entry.facts.get("reason", "") if station.entry else ""
    return f"{station.status}：{reason}" if reason and station.status in {"未报", "撤销"} else station.status


def veto_marks(line: Line) -> str | None:
    """Return the marks of a form's vetoes: V2、V4."""
    return "、".join(mark for mark, _ in line.vetoes) or None


def years(survey: Survey) -> Iterator[Facts]:
    """Yield the figures of each year and level over all forms 1 that count, levels upward."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for station in survey.stations:
        for yearly in station.evaluation.yearly if station.evaluation else ():
            found = sums[yearly.year, yearly.level]
            found[0] += yearly.examined
            found[1] += yearly.passed
    for year, level in sorted(sums, key=lambda key: (key[0], _level_order(key[1]))):
        examined, passed = sums[year, level]
        yield {"year": year, "level": level, "examined": examined, "passed": passed}


def _level_order(level: str) -> int:
    return _LEVELS.index(level) if level in _LEVELS else len(_LEVELS)


def exempt(survey: Survey) -> Iterator[Facts]:
    """Yield the exempt stations with their certificates."""
    for station in survey.stations:
        if station.status == "免检":
            row = {fact: station.get(fact) for fact in ("name", "qms_no", "qms_on", "qms_issuer")}
            yield row | {"code": station.code, "area": station.area}


def unreported(survey: Survey) -> Iterator[Facts]:
    """Yield the stations that handed in no form 1, with the roster's reason (rule K02)."""
    for station in survey.stations:
        if station.status == "未报":
            reason = station.entry.facts.get("reason", "") if station.entry else ""
            row = {"name": station.get("name"), "code": station.code, "area": station.area}
            yield row | {"reason": reason or NO_REASON}


def corrected(survey: Survey) -> Iterator[Facts]:
    """Yield the stations that must correct something or lose their licence, and those already revoked."""
    yield from rectified(survey)
    yield from revoked(survey)


def rectified(survey: Survey) -> Iterator[Facts]:
    """Yield the evaluated stations told to correct within a time."""
    yield from (_disposed(station) for station in _evaluated(survey) if station.get("disposal") == RECTIFY)


def revoked(survey: Survey) -> Iterator[Facts]:
    """Yield the stations to be revoked after the evaluation, and those that the roster says are revoked."""
    for station in survey.stations:
        if station.status == "撤销":
            reason = station.entry.facts.get("reason", "") if station.entry else ""
            yield {"name": station.get("name"), "code": station.code, "area": station.area} | {
                "disposal": REVOKE,
                "problem": reason or "应查名单注明撤销",
            }
        elif station.status == "已评估" and station.get("disposal") == REVOKE:
            yield _disposed(station)


def _evaluated(survey: Survey) -> Iterator[Station]:
    return (station for station in survey.stations if station.status == "已评估")


def _disposed(station: Station) -> Facts:
    """Return a station with its open problems: vetoes first, then what its 整改台账 has not done."""
    line = station.evaluation
    open_ones = [c for c in line.corrections if not c.is_done] if line else []
    problems = [*(words for _, words in (line.vetoes if line else ())), *(c.problem for c in open_ones)]
    until = station.get("disposal_until")
    days = [c.due_on for c in open_ones if c.due_on]
    return {
        "name": station.get("name"),
        "code": station.code,
        "area": station.area,
        "disposal": station.get("disposal"),
        "problem": _numbered(problems) or "见复核意见",
        "measure": _numbered([c.measure for c in open_ones]),
        "due_on": until if isinstance(until, date) else max(days, default=None),
    }


def _numbered(texts: list[str]) -> str:
    """Return several texts as 1.… 2.…, a single one as it stands."""
    kept = list(dict.fromkeys(" ".join(text.split()) for text in texts if text.strip()))
    return kept[0] if len(kept) == 1 else " ".join(f"{number}.{text}" for number, text in enumerate(kept, 1))


def recommended_stations(survey: Survey) -> Iterator[Facts]:
    """Yield the recommended stations in the order of recommendation."""
    for station in recommended(survey):
        line = station.recommendation
        if line is None:
            continue
        scores = ("self_total", "review_total", "grade")
        yield dict(line.facts) | {
            "area": station.area,
            "exempt_no": station.get("qms_no") if station.status == "免检" else None,
            **{fact: None if station.status == "免检" else station.get(fact) for fact in scores},
            "examined": sum(yearly.examined for yearly in (station.evaluation or line).yearly),
        }


def recommended_workers(survey: Survey) -> Iterator[Facts]:
    """Yield the recommended workers in the order of recommendation."""
    return (line.facts for line in survey.workers)


def red(survey: Survey) -> Iterator[Facts]:
    """Yield the evaluated stations that their province or industry proposes for the red list."""
    for station in _evaluated(survey):
        if station.get("listing") == "红" and station.evaluation:
            yield dict(station.evaluation.facts) | {"area": station.area}


def black(survey: Survey) -> Iterator[Facts]:
    """Yield the evaluated stations proposed for the black list, with what is wrong with them."""
    return (_disposed(station) for station in _evaluated(survey) if station.get("listing") == "黑")


def register(survey: Survey) -> Iterator[Facts]:
    """Yield what the public may know of every station; nothing of a person is among the facts."""
    for station in survey.stations:
        facts = {fact: station.get(fact) for fact in _PUBLIC}
        grade = station.get("grade") if station.status == "已评估" else station.status
        yield facts | {"code": station.code, "area": station.area, "result": grade}


SOURCES: Mapping[str, Callable[[Survey], Iterator[Facts]]] = MappingProxyType(
    {
        "stations": stations,
        "years": years,
        "exempt": exempt,
        "unreported": unreported,
        "corrected": corrected,
        "rectified": rectified,
        "revoked": revoked,
        "red": red,
        "black": black,
        "register": register,
        "recommended_stations": recommended_stations,
        "recommended_workers": recommended_workers,
    }
)
