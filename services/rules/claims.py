"""Rules that hold a score against the facts the form itself states: F01–F09, P08, P10."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from types import MappingProxyType

from services.findings import Severity
from services.kinds.day import show_day
from services.kinds.number import plain
from services.rules.licensed import (
    examined_by_year,
    examiner_shares,
    outside_licence,
    total_of,
)
from services.rules.names import form_day, is_expired
from services.rules.rule import Facts, Fault, Rule, points

LEAST_OFFICE = Decimal(15)
REGULATION_KINDS = ("考务", "考评人员", "试卷保密", "设备", "财务档案证书")
YEARS = 5
_VETOED = MappingProxyType({"veto_1": "A01", "veto_2": "C203", "veto_3": "A07"})
"""The items whose standard names a veto (触发否决)."""
_SURELY_VETOED = MappingProxyType({"veto_1": "A01", "veto_2": "C203"})
"""Those that cannot be 0 for another reason: A07 can be deducted to 0 as well."""
_TENURES = MappingProxyType({"B04": "theory_tenure", "B05": "skill_tenure"})


def _against(path: str, name: str, score: Decimal, fact: str, want: Decimal | str) -> Fault:
    """Return the fault that `score` does not go with `fact`; by the standard it is `want`."""
    wanted, english = (want, "less") if isinstance(want, str) else (points(want), plain(want))
    return Fault(
        field=path,
        name=name,
        phrase=f"为 {points(score)},但{fact};依据评分标准应为 {wanted}",
        english=f"is {plain(score)}, by the form's own answers ({name}) it should be {english}",
        got=plain(score),
        want=wanted,
        remedy="请核对得分和所填情况,改正其中一处",
    )


def f01(facts: Facts) -> Iterator[Fault]:
    """An expired licence earns nothing in A01. Source: b G2 · c."""
    path, score = facts.judged("A01")
    until, day = facts.day("licence_until"), form_day(facts)
    if score and until and day and is_expired(facts):
        fact = f"“{facts.label('licence_until')}”是 {show_day(until)},自查时({show_day(day)})许可证已过期"
        yield _against(path, "expired", score, fact, Decimal(0))


def f02(facts: Facts) -> Iterator[Fault]:
    """A02 counts the five kinds of regulations that are listed with a date. Source: b M1 · c."""
    path, score = facts.judged("A02")
    if score is None or not facts.asks("regulations") or not facts.is_whole("regulations"):
        return
    listed = {row.get("kind") for row in facts.rows("regulations") if row.get("name") and row.get("made_on")}
    kinds = tuple(kind for kind in REGULATION_KINDS if kind in listed)
    if score != len(kinds):
        fact = f"附表1-6 中写明制定日期的有 {len(kinds)} 类({'、'.join(kinds) or '无'})"
        yield _against(path, "kinds", score, fact, Decimal(len(kinds)))


def f03(facts: Facts) -> Iterator[Fault]:
    """B01 is full from 15 ㎡ on. Source: b H1 · c."""
    path, score = facts.judged("B01")
    area = facts.number("office_area")
    if score is not None and area is not None and score > 1 and area < LEAST_OFFICE:
        want = Decimal(1) if area else Decimal(0)
        yield _against(path, "area", score, f"“{facts.label('office_area')}”填写 {plain(area)} 平方米", want)


def f04(facts: Facts) -> Iterator[Fault]:
    """B04 and B05 are full only for premises of one's own; a rented one has its contract. Source: b M1 G1 · c."""
    for item_id, tenure in _TENURES.items():
        path, score = facts.judged(item_id)
        if not score or facts.text(tenure) != "租用":
            continue
        if score == facts.full_points(item_id):
            yield _against(path, "rented", score, f"“{facts.label(tenure)}”选择“租用”", Decimal(2))
        elif is_without_contract(facts, item_id):
            yield Fault(
                field=path,
                name="contract",
                phrase=f"为 {points(score)},“{facts.label(tenure)}”选择“租用”,没有附租用合同",
                english="is scored for rented premises, but no contract is attached",
                got="0 份",
                want="租用合同",
                remedy="请附上租用合同",
            )


def is_without_contract(facts: Facts, item_id: str) -> bool:
    """Return whether premises are rented and attachments, where they are looked at, hold nothing for the item."""
    rented = item_id in _TENURES and facts.text(_TENURES[item_id]) == "租用"
    return rented and facts.context.evidence is not None and not facts.context.evidence.get(item_id)


def f05(facts: Facts) -> Iterator[Fault]:
    """The third point of B09 needs somebody full-time in the staff table. Source: b M1 H1 · c."""
    path, score = facts.judged("B09")
    staff = facts.rows("staff")
    full_time = any(row.get("full_time") == "专职" for row in staff)
    if score and score == facts.full_points("B09") and staff and facts.is_whole("staff") and not full_time:
        yield _against(path, "part_time", score, f"附表1-2 的 {len(staff)} 人中没有专职人员", "2 分以下")


def f06(facts: Facts) -> Iterator[Fault]:
    """B10 follows from the roster: three examiners for each licensed occupation and level. Source: b R4 R3 · c.

    Counted are those whose card is valid on the day of the self-check, who are named for the
    occupation and the level, an 考评员 not above 三级. Each occupation counts once for the share.
    """
    path, score = facts.judged("B10")
    day = facts.day("self_date")
    if score is None or day is None or not _is_countable(facts):
        return
    met = examiner_shares(facts, day)
    share = Decimal(sum(met.values())) / len(met)
    want = Decimal(3) if share == 1 else Decimal(2) if share >= Decimal("0.8") else Decimal(share >= Decimal("0.5"))
    if score != want:
        short = "、".join(name for name, enough in met.items() if not enough)
        fact = f"按附表1-1 和附表1-3,{len(met)} 个职业中有 {sum(met.values())} 个每个等级都有 3 名以上有效考评人员"
        yield _against(path, "roster", score, f"{fact}{f'(不足的:{short})' if short else ''}", want)


def _is_countable(facts: Facts) -> bool:
    """Return whether licence and roster are filled so far that examiners can be counted."""
    tables = ("examiners", "occupations")
    return all(facts.rows(table) for table in tables) and facts.is_whole(*tables)


def f07(facts: Facts) -> Iterator[Fault]:
    """C203 is nothing when the statistics hold an occupation or level off the licence. Source: b N3 R5 · c."""
    path, score = facts.judged("C203")
    outside = outside_licence(facts)
    if score and outside and facts.is_whole("occupations", "statistics"):
        fact = f"附表1-5 中有附表1-1 以外的鉴定:{'、'.join(outside)}"
        yield _against(path, "scope", score, fact, "0 分并勾选否决事项 V2")


def f08(facts: Facts) -> Iterator[Fault]:
    """C301 follows from the yearly mean of 2001-2005 against the capacity. Source: b N3 · c."""
    path, score = facts.judged("C301")
    capacity, examined = facts.number("capacity"), examined_by_year(facts)
    if score is None or not capacity or examined is None:
        return
    mean = Decimal(sum(examined.values())) / YEARS
    share = mean / capacity
    want = Decimal(2) if share >= Decimal("0.5") else Decimal(share >= Decimal("0.2"))
    if score != want:
        fact = f"附表1-5 年均鉴定 {plain(mean)} 人,占“{facts.label('capacity')}”{plain(capacity)} 的 {share:.0%}"
        yield _against(path, "scale", score, fact, want)


def f09(facts: Facts) -> Iterator[Fault]:
    """C201 is full only with a supervision report for each session. Source: b R5 · c."""
    path, score = facts.judged("C201")
    reports, batches = facts.number("supervision_reports"), total_of(facts, "batches")
    if score is None or score != facts.full_points("C201") or reports is None or batches is None:
        return
    if reports < batches:
        fact = f"“{facts.label('supervision_reports')}”填写 {plain(reports)} 份,附表1-5 共 {batches} 批次"
        yield _against(path, "reports", score, fact, "2 分以下")


def p08(facts: Facts) -> Iterator[Fault]:
    """A veto and the items that call it forth agree. Source: b N3 · c.

    A veto ticked is looked at at once; one that is missing only after the inspection, which ticks it.
    """
    for veto, item_id in _VETOED.items():
        path, score = facts.judged(item_id)
        if score and facts.value(veto) is True:
            yield _against(path, "score", score, f"已勾选“{facts.label(veto)}”", Decimal(0))
    for veto, item_id in _SURELY_VETOED.items():
        path, score = facts.judged(item_id)
        if facts.reached("review") and facts.asks(veto) and score == 0 and facts.value(veto) is not True:
            yield Fault(
                field=veto,
                name="unticked",
                phrase=f"没有勾选,但“{facts.label(path)}”为 0 分",
                english=f"is not ticked although {item_id} has 0 points",
                got="未勾选",
                want="勾选",
                remedy="请核对;确属否决事项的打√,不属的改正得分",
            )


def p10(facts: Facts) -> Iterator[Fault]:
    """A score above 0 has at least the attachments its item asks for. Source: b G1 M1 G2.

    Silent while attachments are not looked at (`Context.evidence` is None).
    """
    evidence = facts.context.evidence
    for item in facts.form.items if evidence is not None else ():
        path, score = facts.judged(item.id)
        count = (evidence or {}).get(item.id, 0)
        if score and count < item.evidence_count and not is_without_contract(facts, item.id):
            yield Fault(
                field=path,
                name="evidence",
                phrase=f"为 {points(score)},证明材料({item.evidence})附了 {count} 份,应不少于 {item.evidence_count} 份",
                english=f"is {plain(score)} with {count} of {item.evidence_count} attachments",
                got=f"{count} 份",
                want=f"不少于 {item.evidence_count} 份",
                remedy="请补附证明材料",
                severity=Severity.CONFIRM,
            )


RULES: tuple[Rule, ...] = (f01, f02, f03, f04, f05, f06, f07, f08, f09, p08, p10)
