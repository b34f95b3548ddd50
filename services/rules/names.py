"""Rules about the station's name and its licence: S01, L01–L05."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from services.findings import Severity
from services.kinds.day import show_day
from services.kinds.kind import NOTHING
from services.kinds.text import fold
from services.rules.rule import Facts, Fault, Rule

_FULL_NAME = re.compile(r".*职业技能鉴定[所站]")
_BRACKETS = re.compile(r"\([^()]*\)$")
_LABOUR = re.compile("劳动|人力资源")


def s01(facts: Facts) -> Iterator[Fault]:
    """鉴定所(站)名称 is the full name, as on licence and seal. Source: b P2 (全称,不要简化) · c.

    Whether a name is whole is not certain from its text, so a short one is only asked about.
    """
    name = facts.text("name")
    if not facts.asks("name", "agency_code", "licence_no") or not name:
        return
    if not _FULL_NAME.fullmatch(_BRACKETS.sub("", fold(name))):
        yield Fault(
            field="name",
            name="short",
            phrase=f"填写“{name}”,看起来不是全称",
            english=f"is {name!r}, which does not look like the full name",
            got=name,
            want="与许可证、公章一致的全称,如 江苏省第十二职业技能鉴定所",
            remedy="请与许可证和公章核对;许可证上就是这样写的,确认即可",
            severity=Severity.CONFIRM,
        )


def l01(facts: Facts) -> Iterator[Fault]:
    """许可证编号 is there; its form is free unless the region gives a pattern. Source: a · §12."""
    number = facts.text("licence_no")
    region = facts.context.region
    if number in NOTHING:
        yield Fault(
            field="licence_no",
            name="missing",
            phrase=f"填写“{number}”,普查对象都持有许可证",
            english="says there is none, but every station surveyed holds a licence",
            got=number,
            want="许可证上的编号",
            remedy="请按《职业技能鉴定许可证》填写;没有许可证的,请先报告上报主管部门",
        )
    elif number and region and region.licence_pattern and not re.fullmatch(region.licence_pattern, number):
        yield Fault(
            field="licence_no",
            name="pattern",
            phrase=f"填写“{number}”,与{region.name}规定的编号样式不符",
            english=f"is {number!r}, which is not of the region's pattern {region.licence_pattern}",
            got=number,
            want=f"{region.name}规定的样式 {region.licence_pattern}",
            remedy="请与许可证核对",
        )


def l02(facts: Facts) -> Iterator[Fault]:
    """发证日期 lies in the years surveyed; other stations are listed apart, not thrown away. Source: a (二)."""
    issued = facts.day("licence_date")
    first, last = facts.context.calendar.licensed
    if issued and not first <= issued <= last:
        yield Fault(
            field="licence_date",
            name="scope",
            phrase=f"是 {show_day(issued)},普查对象是 {show_day(first)}至{show_day(last)}发证的鉴定所(站)",
            english=f"is {issued}, outside {first} to {last}",
            got=show_day(issued),
            want=f"{show_day(first)}至{show_day(last)}",
            remedy="请与许可证核对;日期无误的不属普查对象,由上级列入范围外名单",
        )


def form_day(facts: Facts) -> date | None:
    """Return the day the form speaks of: the self-check's, else the day it was filled."""
    return facts.day("self_date") or facts.day("filled_on")


def is_expired(facts: Facts) -> bool:
    """Return whether the licence had run out on the form's own day; not known while its two days contradict."""
    issued, until, day = facts.day("licence_date"), facts.day("licence_until"), form_day(facts)
    contradict = issued is not None and until is not None and until <= issued
    return until is not None and day is not None and until < day and not contradict


def l03(facts: Facts) -> Iterator[Fault]:
    """有效期至 is after 发证日期 and after the self-check; expired means A01 = 0 and V1. Source: c · b A01.

    Once A01 is scored, rules F01 and P08 speak of an expired licence where it counts.
    """
    issued, until = facts.day("licence_date"), facts.day("licence_until")
    if until and issued and until <= issued:
        yield Fault(
            field="licence_until",
            name="order",
            phrase=f"是 {show_day(until)},不晚于“{facts.label('licence_date')}”{show_day(issued)}",
            english=f"is {until}, not after the day of issue {issued}",
            got=show_day(until),
            want=f"晚于 {show_day(issued)}",
            remedy="请与许可证核对,改正其中一处",
        )
    elif is_expired(facts) and until and facts.score("A01") is None:
        yield Fault(
            field="licence_until",
            name="expired",
            phrase=f"是 {show_day(until)},填表时许可证已过期",
            english=f"is {until}: the licence had expired when the form was filled",
            got=show_day(until),
            want="晚于填表日期",
            remedy="请与许可证核对;确已过期的,A01 为 0 分并勾选否决事项 V1,不能推荐为优秀",
        )


def l04(facts: Facts) -> Iterator[Fault]:
    """批准机关 is the ministry or a labour department. Source: a · b R1."""
    office = facts.text("licence_org")
    if office and not _LABOUR.search(office):
        yield Fault(
            field="licence_org",
            name="office",
            phrase=f"填写“{office}”,看不出是劳动保障行政部门",
            english=f"is {office!r}, which does not read as a labour department",
            got=office,
            want="劳动保障部或省级劳动保障行政部门",
            remedy="请与许可证上的发证机关核对",
        )


def l05(facts: Facts) -> Iterator[Fault]:
    """An occupation stands once among those licensed. Source: b X1 M1 (name and levels are required answers)."""
    seen: dict[str, int] = {}
    for number, row in enumerate(facts.rows("occupations")):
        name = fold(str(row.get("name") or ""))
        if name and name in seen:
            yield Fault(
                field=f"occupations.{number}.name",
                name="twice",
                phrase=f"填写“{row['name']}”,与第 {seen[name] + 1} 行重复",
                english=f"repeats row {seen[name] + 1}",
                got=str(row["name"]),
                want="每个职业(工种)一行",
                remedy="请合并为一行,各等级都打√",
            )
        seen.setdefault(name, number)


RULES: tuple[Rule, ...] = (s01, l01, l02, l03, l04, l05)
