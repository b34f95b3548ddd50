"""Rules about the forms of a survey as a whole: K02, K04, K05, S12, D09."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence

from services.answers import field_at
from services.catalogue import concrete
from services.findings import Severity
from services.kinds import Value
from services.survey.line import Line, reductions
from services.survey.stations import Station, Survey, unit_of
from services.survey.terms import Remark, SurveyRule, Terms, label_of

_SHOWN = 5
"""So many differences are named in a sentence."""


def k02(survey: Survey, terms: Terms) -> Iterator[Remark]:  # noqa: ARG001 - every rule takes the same
    """Every station in scope is evaluated, exempt, missing or revoked, and no other is there. Source: c."""
    if survey.roster is None:
        return
    for station in survey.stations:
        if station.entry is None:
            yield _outside(survey, station)
        elif station.status == "未报" and not station.entry.facts.get("reason"):
            yield _missing(survey.roster.name, station)
        elif station.entry.is_revoked and station.lines:
            yield _revoked(station)


def _outside(survey: Survey, station: Station) -> Remark:
    line = station.lines[0]
    name = survey.roster.name if survey.roster else ""
    return Remark(
        name="outside",
        label=label_of(line),
        place=line.origin.place,
        phrase=f"不在应查名单“{name}”中",
        english=f"is not in the roster {name!r}",
        want="应查名单中的所(站)",
        remedy="请核对机构编码;确在应查范围的,补进应查名单,不在的撤下",
    )


def _missing(roster: str, station: Station) -> Remark:
    row = station.entry.row if station.entry else 0
    return Remark(
        name="missing",
        label=f"{station.text('name')}({station.code})",
        place=f"{roster} 第{row}行",
        phrase="没有评估表,也没有写明原因,按“未报”计",
        english="has filed no form and the roster gives no reason",
        want="评估表,或在应查名单“原因”栏写明未报的原因",
        remedy="请催报,或写明原因",
        severity=Severity.CONFIRM,
    )


def _revoked(station: Station) -> Remark:
    line = station.lines[0]
    return Remark(
        name="revoked",
        label=label_of(line),
        place=line.origin.place,
        phrase="在应查名单中注明撤销,但有填报的表",
        english="is revoked in the roster but has filed a form",
        got="撤销",
        want="只有一种结果",
        remedy="请核对:没有撤销的改应查名单;已经撤销的撤下所填的表",
    )


def k04(survey: Survey, terms: Terms) -> Iterator[Remark]:  # noqa: ARG001
    """应查 = 实查 + 免检 + 未报 + 撤销. Source: c.

    The roster's rows are counted against the stations that have a result: a station listed twice shows.
    """
    if survey.roster is None:
        return
    counts = Counter(station.status for station in survey.stations if station.entry)
    rows, sum_of = len(survey.roster.entries), sum(counts.values())
    if rows != sum_of:
        twice = [code for code, count in Counter(e.code for e in survey.roster.entries).items() if count > 1]
        yield Remark(
            name="count",
            label="应查数",
            place=survey.roster.name,
            phrase=f"是 {rows},实查 {counts['已评估']}、免检 {counts['免检']}、未报 {counts['未报']}、"
            f"撤销 {counts['撤销']},合计 {sum_of}",
            english=f"is {rows}, but the results sum up to {sum_of}",
            got=str(rows),
            want=str(sum_of),
            remedy=f"请删去重复的行:{'、'.join(twice)}" if twice else "请核对应查名单与填报的表",
        )


def k05(survey: Survey, terms: Terms) -> Iterator[Remark]:  # noqa: ARG001
    """All forms have one template version; a reporting unit's own additions are of one version too. Source: c.

    What another province adds is its own affair: in the ministry's packet each is held against itself.
    """
    yield from _unlike(survey.lines, ("version", "表样"), lambda line: line.version)
    units: dict[str, list[Line]] = defaultdict(list)
    for line in survey.lines:
        if line.role == "evaluation":
            units[unit_of(line)].append(line)
    for lines in units.values():
        yield from _unlike(
            lines, ("extension", "地区增加项目"), lambda line: f"{line.region} {line.region_version}".strip()
        )


def _unlike(lines: Sequence[Line], about: tuple[str, str], version_of: Callable[[Line], str]) -> Iterator[Remark]:
    """Yield a remark for every line of another version than most are of."""
    versions = Counter(version_of(line) for line in lines)
    usual = versions.most_common(1)[0][0] if versions else ""
    for line in lines:
        if version_of(line) != usual:
            yield _version(line, about, version_of(line) or "无", usual or "无")


def _version(line: Line, about: tuple[str, str], got: str, want: str) -> Remark:
    return Remark(
        name=about[0],
        label=label_of(line),
        place=line.origin.place,
        phrase=f"用的{about[1]}是“{got}”,其他表是“{want}”;同一份材料应用同一版本",
        english=f"is of {about[0]} {got!r}, the others of {want!r}",
        got=got,
        want=want,
        remedy="请用 census upgrade 把内容转到同一版本",
        severity=None if about[0] == "version" else Severity.CONFIRM,
    )


def s12(survey: Survey, terms: Terms) -> Iterator[Remark]:  # noqa: ARG001
    """One form 1 a code; no code and no licence number belongs to two stations. Source: c."""
    for line, other in survey.clashing:
        yield Remark(
            name="code",
            label=label_of(line),
            place=line.origin.place,
            phrase=f"与“{other.text('name')}”({other.origin.place})用同一个机构编码 {line.code},没有计入汇总",
            english=f"bears the agency code {line.code} of another station",
            got=line.code,
            want="每个所(站)一个机构编码",
            remedy="请核对两个所(站)的机构编码,改好后重报",
        )
    holders: dict[str, list[Line]] = defaultdict(list)
    for station in survey.stations:
        if station.evaluation and station.evaluation.text("licence_no"):
            holders[station.evaluation.text("licence_no")].append(station.evaluation)
    for licence, lines in holders.items():
        for line in lines[1:]:
            yield Remark(
                name="licence",
                label=label_of(line),
                place=line.origin.place,
                phrase=f"的许可证编号“{licence}”与{label_of(lines[0])}相同",
                english=f"has the licence number {licence!r} of another station",
                got=licence,
                want="每个所(站)一个许可证编号",
                remedy="请与许可证原件核对,改正其中一份",
            )


def d09(survey: Survey, terms: Terms) -> Iterator[Remark]:  # noqa: ARG001
    """Of two files of one form of one station the newer counts; what differs is listed. Source: c."""
    for older, newer in survey.replaced:
        if older.digest == newer.digest:
            yield _again(newer, ("same", f"与{older.origin.place}是同一张表,内容完全相同,只计一份"), older)
            continue
        differences = tuple(_differences(older, newer)) or ("汇总所用的栏目相同,其他栏目有改动",)
        more = f";等 {len(differences)} 处" if len(differences) > _SHOWN else ""
        said = (
            f"交了两次,以后一份为准,前一份({older.origin.place})照样保留;"
            f"不同之处:{';'.join(differences[:_SHOWN])}{more}"
        )
        yield _again(newer, ("newer", said), older)


def _again(newer: Line, said: tuple[str, str], older: Line) -> Remark:
    is_same = said[0] == "same"
    return Remark(
        name=said[0],
        label=label_of(newer),
        place=newer.origin.place,
        phrase=said[1],
        english=f"replaces {older.origin.place}",
        got=older.origin.place,
        want=newer.origin.place,
        remedy="" if is_same else "请核对确应以后一份为准",
        severity=Severity.NOTE if is_same else None,
    )


def _differences(older: Line, newer: Line) -> Iterator[str]:
    """Yield every kept answer that two lines of one form state otherwise: “结论”原为“优秀”,现为“合格”."""
    form = concrete(newer.form, newer.edition, newer.region)
    for take in reductions()[newer.form].takes:
        field = field_at(form, take.paths[0])
        before, after = (field.kind.show(line.facts.get(take.fact)) for line in (older, newer))
        if before != after:
            yield f"“{field.label}”原为“{before or '空白'}”,现为“{after or '空白'}”"


def shown_fact(line: Line, fact: str, value: Value) -> tuple[str, str]:
    """Return the printed label of a fact in a line's form, and a value of it as printed."""
    path = next(take.paths[0] for take in reductions()[line.form].takes if take.fact == fact)
    field = field_at(concrete(line.form, line.edition, line.region), path)
    return field.label, field.kind.show(value)


RULES: tuple[SurveyRule, ...] = (k02, k04, k05, s12, d09)
