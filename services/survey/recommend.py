"""Rules about recommendations seen beside the stations' own forms: X03–X07 (X08 is judged form by form)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from services.answers import field_at
from services.catalogue import concrete
from services.findings import Severity
from services.kinds.text import fold
from services.survey.coverage import shown_fact
from services.survey.line import Line, Yearly, reductions
from services.survey.quotas import STATION, WORKER, allowed, certificates, recommended_by_unit
from services.survey.stations import Station, Survey
from services.survey.terms import Remark, SurveyRule, Terms, label_of
from services.totals import GRADES

EXCELLENT = GRADES[0][1]
GOOD_ENOUGH = frozenset(name for _, name in GRADES[:2])
_WORDS = {STATION: "优秀所(站)", WORKER: "优秀工作者"}


def x03(survey: Survey, terms: Terms) -> Iterator[Remark]:  # noqa: ARG001 - every rule takes the same
    """A recommended station that is not exempt has a form 1, reviewed 优秀 and without veto. Source: c."""
    for station in survey.stations:
        line = station.recommendation
        if line is None or station.status == "免检":
            continue
        if station.evaluation is None:
            yield _unfit(line, "evaluation", "没有评估表;不免检的须有本轮的评估表", "本轮的评估表")
        elif station.evaluation.number("review_total") is None:
            yield _unfit(line, "review", "的评估表没有复核分;推荐的须经检查组复核", "复核分")
        elif station.text("grade") != EXCELLENT and not _is_barred(station):
            yield _unfit(line, "grade", f"的评估表结论是“{station.text('grade')}”,推荐的应为“{EXCELLENT}”", EXCELLENT)


def _unfit(line: Line, name: str, phrase: str, want: str) -> Remark:
    return Remark(
        name=name,
        label=label_of(line),
        place=line.origin.place,
        phrase=phrase,
        english=f"is recommended but not fit for it ({name})",
        want=want,
        remedy="请补齐或改正评估表;确不够条件的撤回推荐表",
    )


def _is_barred(station: Station) -> bool:
    """Return whether a veto, an open complaint or the grade keeps a station out altogether (rule X07)."""
    return any(_bars(station))


def _bars(station: Station) -> Iterator[str]:
    line = station.evaluation
    if line is None or station.status == "免检":
        return
    if line.vetoes:
        yield f"有否决事项({'、'.join(words for _, words in line.vetoes)})"
    elif line.text("grade") and line.text("grade") not in GOOD_ENOUGH:
        yield f"结论是“{line.text('grade')}”"
    if line.number("complaints") == 0:
        yield "有投诉尚未办结(C303 为 0 分)"


def x07(survey: Survey, terms: Terms) -> Iterator[Remark]:  # noqa: ARG001
    """Nor a station with a veto, an open complaint or a grade below 合格, nor its head. Source: c."""
    barred = {station.code: station for station in survey.stations if _is_barred(station)}
    for station in barred.values():
        if station.recommendation is not None:
            yield _barred(station.recommendation, "station", f"{';'.join(_bars(station))},不能推荐")
    for line in survey.workers:
        station = barred.get(line.code)
        if station and fold(line.text("person")) == fold(station.text("head")):
            said = f"是{station.text('name')}的所(站)长,该所(站){';'.join(_bars(station))},不能推荐"
            yield _barred(line, "head", said)


def _barred(line: Line, name: str, phrase: str) -> Remark:
    return Remark(
        name=name,
        label=label_of(line),
        place=line.origin.place,
        phrase=phrase,
        english=f"cannot be recommended: veto, open complaint or grade ({name})",
        want=EXCELLENT,
        remedy="请与评估表核对;无误的撤回推荐表",
    )


def x04(survey: Survey, terms: Terms) -> Iterator[Remark]:  # noqa: ARG001
    """What form 2 repeats of form 1 is the same there, yearly figures included. Source: c."""
    for station in survey.stations:
        own, line = station.evaluation, station.recommendation
        if own is None or line is None:
            continue
        for fact in _copied(line):
            ours, theirs = own.facts.get(fact), line.facts.get(fact)
            if None not in (ours, theirs) and ours != theirs:  # what a later tier fills may be empty in one
                label, mine = shown_fact(own, fact, ours)
                yield _differs(line, "differs", label, (shown_fact(line, fact, theirs)[1], mine))
        yield from _figures(own, line)


def _copied(line: Line) -> Iterator[str]:
    """Yield the facts whose answers repeat form 1."""
    form = concrete(line.form, line.edition, line.region)
    return (take.fact for take in reductions()[line.form].takes if field_at(form, take.paths[0]).copied)


def _figures(own: Line, line: Line) -> Iterator[Remark]:
    ours, theirs = _by_year(own.yearly), _by_year(line.yearly)
    for year in sorted(ours.keys() & theirs.keys()):
        for number, words in enumerate(("鉴定人数", "合格人数")):
            if ours[year][number] != theirs[year][number]:
                texts = str(theirs[year][number]), str(ours[year][number])
                yield _differs(line, "figures", f"{year}{words}", texts)


def _by_year(yearly: tuple[Yearly, ...]) -> dict[str, tuple[int, int]]:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in yearly:
        sums[one.year][0] += one.examined
        sums[one.year][1] += one.passed
    return {year: (examined, passed) for year, (examined, passed) in sums.items()}


def _differs(line: Line, name: str, label: str, texts: tuple[str, str]) -> Remark:
    return Remark(
        name=name,
        label=label_of(line),
        place=line.origin.place,
        phrase=f"的“{label}”在推荐表中为“{texts[0]}”,在评估表中为“{texts[1]}”;两处需一致",
        english=f"{label} is {texts[0]!r} but {texts[1]!r} in form 1",
        got=texts[0],
        want=texts[1],
        remedy="请核对哪一份正确,改好后重报",
    )


def x05(survey: Survey, terms: Terms) -> Iterator[Remark]:
    """No more are recommended than a unit may, and no rank is given twice. Source: a (silent) · b P5 P4."""
    issued = certificates(survey)
    for unit, roles in recommended_by_unit(survey).items():
        own = allowed(terms.quotas, unit, issued.get(unit, 0), terms.region).own
        for role, lines in roles.items():
            most = own[role]
            if most is not None and len(lines) > most:
                yield _too_many(lines[most], _WORDS[role], (len(lines), most))
            yield from _ranks(lines, _WORDS[role])


def _too_many(line: Line, words: str, numbers: tuple[int, int]) -> Remark:
    count, most = numbers
    unit = line.text("report_to_name") or line.text("recommender")
    return Remark(
        name="quota",
        label=unit,
        place=line.origin.place,
        phrase=f"推荐了 {count} 个{words},名额是 {most} 个;从{label_of(line)}起超出",
        english=f"recommends {count}, {most} are allowed",
        got=f"{count} 个",
        want=f"不超过 {most} 个",
        remedy="请按推荐排序留下名额以内的,其余撤回",
        severity=Severity.MUST_FIX,
    )


def _ranks(lines: tuple[Line, ...], words: str) -> Iterator[Remark]:
    seen: dict[int, Line] = {}
    for line in lines:
        rank = line.number("rank")
        if rank is None:
            if len(lines) > 1:
                yield _rank(line, ("unranked", "没有推荐排序,排在最后"), ("空白", f"{words}逐个排序"), Severity.CONFIRM)
        elif int(rank) in seen:
            said = f"的推荐排序是 {rank},与{label_of(seen[int(rank)])}相同"
            yield _rank(line, ("rank", said), (str(rank), "不重复的排序"), Severity.MUST_FIX)
        else:
            seen[int(rank)] = line


def _rank(line: Line, said: tuple[str, str], texts: tuple[str, str], severity: Severity) -> Remark:
    return Remark(
        name=said[0],
        label=label_of(line),
        place=line.origin.place,
        phrase=said[1],
        english=f"its rank is missing or given twice ({said[0]})",
        got=texts[0],
        want=texts[1],
        remedy="请省级或行业主管部门重新排序",
        severity=severity,
    )


def x06(survey: Survey, terms: Terms) -> Iterator[Remark]:  # noqa: ARG001
    """The person of form 3 works in the station whose code is given. Source: b P5 · c."""
    stations = {station.code: station for station in survey.stations}
    for line in survey.workers:
        station = stations.get(line.code)
        if line.code and station is None:
            yield _works(
                line,
                "station",
                f"填写的机构编码 {line.code} 不是本次普查的所(站)",
                "本次普查的所(站)编码,不在所(站)工作的填“无”",
            )
        elif station and station.evaluation and not _works_there(line, station):
            names = "、".join(name for name in (station.text("name"), station.text("host")) if name)
            yield _works(line, "unit", f"的工作单位是“{line.text('unit')}”,机构编码 {line.code} 是{names}", names)


def _works_there(line: Line, station: Station) -> bool:
    unit = fold(line.text("unit"))
    return any(unit and fold(name) in unit for name in (station.text("name"), station.text("host")) if name)


def _works(line: Line, name: str, phrase: str, want: str) -> Remark:
    return Remark(
        name=f"survey-{name}",
        label=label_of(line),
        place=line.origin.place,
        phrase=phrase,
        english=f"unit and agency code do not belong together ({name})",
        got=line.text("unit"),
        want=want,
        remedy="请核对工作单位和机构编码",
    )


RULES: tuple[SurveyRule, ...] = (x03, x07, x04, x05, x06)
