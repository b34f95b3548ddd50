"""Rules about counts and yearly sums: T01, T02, T04, T05."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from services.answers import schedules
from services.form import Field, Schedule
from services.kinds import Choice
from services.kinds.day import show_day
from services.rules.rule import Facts, Fault, Rule
from services.totals import expected

_CHAIN = (("examined", "applied"), ("passed", "examined"), ("issued", "passed"), ("senior", "examined"))
"""Columns and those that bound them from above (T01)."""

MANY = 30
HIGHEST_RATE = Decimal("0.97")


def filled_tables(facts: Facts, *columns: str) -> Iterator[Schedule]:
    """Yield the schedules that clerks fill row by row and that have all of these columns."""
    for schedule in facts.form.schedules:
        if not schedule.totals_of and {column.key for column in schedule.columns} >= set(columns):
            yield schedule


def t01(facts: Facts) -> Iterator[Fault]:
    """发证数 ≤ 合格人数 ≤ 鉴定人数 ≤ 申报人数, row by row. Source: b H1 X1 · c."""
    for smaller, larger in _CHAIN:
        for schedule in filled_tables(facts, smaller, larger):
            label = next(column.label for column in schedule.columns if column.key == larger)
            for number, row in enumerate(facts.rows(schedule.key)):
                few, many = row.get(smaller), row.get(larger)
                if isinstance(few, int) and isinstance(many, int) and few > many:
                    yield Fault(
                        field=f"{schedule.key}.{number}.{smaller}",
                        name=smaller,
                        phrase=f"填写 {few},多于本行“{label}”{many}",
                        english=f"is {few}, more than {larger} {many}",
                        got=str(few),
                        want=f"不多于 {many}",
                        remedy="请核对本行各数",
                    )


def t02(facts: Facts) -> Iterator[Fault]:
    """Yearly and grand totals recompute, and every year has its row (0 where nothing was held). Source: a · c."""
    wanted = expected(facts.form, facts.record)
    for schedule in facts.form.schedules:
        if schedule.totals_of:
            yield from _sums(facts, schedule, wanted)
    for schedule in filled_tables(facts, "year"):
        yield from _years(facts, schedule)


def _sums(facts: Facts, totals: Schedule, wanted: Mapping[str, Any]) -> Iterator[Fault]:
    base = facts.rows(totals.totals_of)
    for number, row in enumerate(facts.rows(totals.key)):
        whole = number == len(totals.groups) - 1
        chosen = [one for one in base if whole or one.get(totals.group_by) == totals.groups[number]]
        for column in totals.columns[1:]:
            typed, want = row.get(column.key), wanted.get(f"{totals.key}.{number}.{column.key}") or 0
            if typed is None or typed == want or any(one.get(column.key) is None for one in chosen):
                continue
            group = "" if whole else totals.groups[number]
            yield _wrong_sum(
                f"{totals.key}.{number}.{column.key}", typed, want, f"{_base_label(facts, totals)} {group}".strip()
            )


def _base_label(facts: Facts, totals: Schedule) -> str:
    return schedules(facts.form)[totals.totals_of].label


def _wrong_sum(path: str, typed: int, want: int, rows: str) -> Fault:
    return Fault(
        field=path,
        name="sum",
        phrase=f"应为 {want}({rows}各行之和),表中填写 {typed}",
        english=f"should be {want}, is {typed}",
        got=str(typed),
        want=str(want),
        remedy=f"请核对{rows}各行;无误的,改为 {want}",
    )


def _years(facts: Facts, schedule: Schedule) -> Iterator[Fault]:
    asked = next(column for column in schedule.columns if column.key == "year")
    rows = facts.rows(schedule.key)
    if not isinstance(asked.kind, Choice) or len(rows) < max(schedule.min_rows, 1) or _unread(facts, schedule, asked):
        return
    missing = [year for year in asked.kind.options if all(row.get("year") != year for row in rows)]
    if missing:
        yield Fault(
            field=schedule.key,
            name="years",
            phrase=f"缺少 {'、'.join(missing)}",
            english=f"has no row for {len(missing)} of the years 2001-2005",
            got=f"{len(asked.kind.options) - len(missing)} 个年度",
            want=f"{asked.kind.options[0]}至{asked.kind.options[-1]}每年都有",
            remedy="请补填;当年没有鉴定的,人数填 0",
        )


def _unread(facts: Facts, schedule: Schedule, column: Field) -> bool:
    return any(f"{schedule.key}.{number}.{column.key}" in facts.unread for number in range(schedule.max_rows))


def t04(facts: Facts) -> Iterator[Fault]:
    """Everybody passing (30 or more), or over 97 % in all years, is asked about. Source: b N6 · c."""
    for schedule in filled_tables(facts, "examined", "passed"):
        rows = [(n, row["examined"], row["passed"]) for n, row in enumerate(facts.rows(schedule.key)) if _counted(row)]
        everybody = [(number, examined) for number, examined, passed in rows if examined >= MANY and passed == examined]
        for number, examined in everybody:
            phrase = f"填写 {examined},鉴定 {examined} 人全部合格"
            yield _high(f"{schedule.key}.{number}.passed", "all", phrase, "100%")
        examined, passed = sum(row[1] for row in rows), sum(row[2] for row in rows)
        if not everybody and MANY <= examined < passed / HIGHEST_RATE:
            rate = f"{passed / examined:.1%}"
            yield _high(schedule.key, "rate", f"五年鉴定 {examined} 人,合格 {passed} 人,合格率 {rate},高于 97%", rate)


def _counted(row: Mapping[str, Any]) -> bool:
    return isinstance(row.get("examined"), int) and isinstance(row.get("passed"), int)


def _high(path: str, name: str, phrase: str, got: str) -> Fault:
    return Fault(
        field=path,
        name=name,
        phrase=phrase,
        english=f"gives a pass rate of {got}",
        got=got,
        want="全国 2004 年上半年为 86.4%",
        remedy="请与鉴定台账核对;无误的确认即可",
    )


def t05(facts: Facts) -> Iterator[Fault]:
    """Nobody is examined in a year before the licence. Source: c."""
    issued = facts.day("licence_date")
    for schedule in filled_tables(facts, "year", "examined") if issued else ():
        seen: set[str] = set()
        for number, row in enumerate(facts.rows(schedule.key)):
            year = str(row.get("year") or "")
            if (
                row.get("examined")
                and year not in seen
                and issued
                and year[:4].isdigit()
                and int(year[:4]) < issued.year
            ):
                seen.add(year)
                yield Fault(
                    field=f"{schedule.key}.{number}.year",
                    name="before",
                    phrase=f"是 {year},早于“{facts.label('licence_date')}”{show_day(issued)},却有鉴定人数",
                    english=f"is {year}, before the licence of {issued}",
                    got=year,
                    want=f"{issued.year}年以后",
                    remedy="请核对年度和发证日期;换发许可证的,确认即可",
                )


RULES: tuple[Rule, ...] = (t01, t02, t04, t05)
