"""Rules about the people, equipment and occupations listed: T06–T08, T10, T11."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from services.findings import Severity
from services.kinds.day import show_day
from services.kinds.text import fold
from services.rules.licensed import (
    ENOUGH,
    LEVEL_NAMES,
    SENIOR,
    UPPER_LEVELS,
    examined_of,
    examiners_of,
    is_licensed,
    licensed_occupations,
)
from services.rules.names import form_day
from services.rules.resident import is_shaped, upgraded
from services.rules.rule import Facts, Fault, Rule
from services.rules.tables import filled_tables

LAST_YEARS = frozenset({"2003年", "2004年", "2005年"})


def t06(facts: Facts) -> Iterator[Fault]:
    """No card or identity number stands twice in a roster, and cards are valid. Source: b H1 X1 G1.

    That every column is filled is rule D07's (all are required answers).
    """
    for scheme in ("resident", "card"):
        seen: dict[tuple[str, str], str] = {}
        for code in facts.codes.get(scheme, ()):
            table, _, row = code.path.rpartition(".")[0].partition(".")
            key = (table, upgraded(code.text) if scheme == "resident" and is_shaped(code.text) else code.text)
            if row and key in seen:
                yield _twice(code.path, int(seen[key]) + 1)
            elif row:
                seen[key] = row
    yield from _expired_cards(facts)


def _twice(path: str, row: int) -> Fault:
    return Fault(
        field=path,
        name="twice",
        phrase=f"与第 {row} 行相同",
        english=f"repeats row {row}",
        want="每人一行,号码不重复",
        remedy="请核对;同一人考评几个职业的,写在一行",
    )


def _expired_cards(facts: Facts) -> Iterator[Fault]:
    day = form_day(facts)
    for schedule in filled_tables(facts, "card_until"):
        for number, row in enumerate(facts.rows(schedule.key)):
            until = row.get("card_until")
            if isinstance(until, date) and day and until < day:
                yield Fault(
                    field=f"{schedule.key}.{number}.card_until",
                    name="expired",
                    phrase=f"是 {show_day(until)},自查时({show_day(day)})已过期",
                    english=f"is {until}, before the form's day {day}",
                    got=show_day(until),
                    want=f"{show_day(day)}以后",
                    remedy="请核对;已过期的不计入每个职业 3 名考评人员",
                    severity=Severity.CONFIRM,
                )


def t07(facts: Facts) -> Iterator[Fault]:
    """技师 and 高级技师 are judged by a 高级考评员. Source: b R3; older texts differ, so it is asked about."""
    for number, row in enumerate(facts.rows("examiners")):
        upper = sorted(UPPER_LEVELS & set(row.get("levels") or ()), reverse=True)
        if upper and row.get("category") and row["category"] != SENIOR:
            names = "、".join(LEVEL_NAMES[level] for level in upper)
            yield _senior(f"examiners.{number}.levels", "grade", f"有{names},该人员是{row['category']}", "五级至三级")
    for number, row in enumerate(facts.rows("occupations")):
        examiners = examiners_of(facts, fold(str(row.get("name") or "")))
        juniors = bool(examiners) and all(one.get("category") != SENIOR for one in examiners)
        if juniors and UPPER_LEVELS & set(row.get("levels") or ()):
            yield _senior(f"occupations.{number}.levels", "senior", "有二级或一级,附表1-3 中没有高级考评员", SENIOR)


def _senior(path: str, name: str, phrase: str, want: str) -> Fault:
    return Fault(
        field=path,
        name=name,
        phrase=phrase,
        english=f"holds levels that a senior examiner judges ({name})",
        want=want,
        remedy="请核对考评员类别和等级;当地另有规定的,确认即可",
        severity=Severity.CONFIRM,
    )


def t08(facts: Facts) -> Iterator[Fault]:
    """Every licensed occupation has three examiners. Source: b R4."""
    for number, row in enumerate(facts.rows("occupations") if facts.rows("examiners") else ()):
        count = len(examiners_of(facts, fold(str(row.get("name") or ""))))
        if row.get("name") and count < ENOUGH:
            yield Fault(
                field=f"occupations.{number}.name",
                name="few",
                phrase=f"填写“{row['name']}”,附表1-3 中有 {count} 名考评人员,应不少于 {ENOUGH} 名",
                english=f"has {count} examiners, at least {ENOUGH} are needed",
                got=f"{count} 名",
                want=f"不少于 {ENOUGH} 名",
                remedy="请核对附表1-3 的考评职业,或补充考评人员",
            )


def t10(facts: Facts) -> Iterator[Fault]:
    """Equipment: at least one piece, no more working than there are, for a licensed occupation. Source: b X1 G1."""
    licensed = licensed_occupations(facts)
    for number, row in enumerate(facts.rows("equipment")):
        path, quantity, working = f"equipment.{number}", row.get("quantity"), row.get("working")
        if quantity == 0:
            yield _equipment(f"{path}.quantity", "quantity", "填写 0,应不少于 1", "不少于 1")
        elif isinstance(quantity, int) and isinstance(working, int) and working > quantity:
            yield _equipment(
                f"{path}.working", "working", f"填写 {working},多于台(套)数 {quantity}", f"不多于 {quantity}"
            )
        if licensed and row.get("occupation") and not is_licensed(facts, row["occupation"]):
            yield _equipment(
                f"{path}.occupation", "occupation", f"填写“{row['occupation']}”,不在附表1-1 中", "附表1-1 中的职业"
            )


def _equipment(path: str, name: str, phrase: str, want: str) -> Fault:
    return Fault(
        field=path,
        name=name,
        phrase=phrase,
        english=f"does not fit the equipment list ({name})",
        want=want,
        remedy="请核对",
    )


def t11(facts: Facts) -> Iterator[Fault]:
    """An occupation idle in 2003-2005 is marked so, and one that is marked so was idle. Source: b N3 N1."""
    held = facts.rows("statistics") and facts.is_whole("statistics")
    for number, row in enumerate(facts.rows("occupations") if held else ()):
        active = row.get("active")
        examined = examined_of(facts, fold(str(row.get("name") or "")), LAST_YEARS)
        if active is True and not examined:
            yield _idle(number, "idle", "填写“是”,附表1-5 中 2003—2005 年没有鉴定(连续三年未鉴定)", "否")
        elif active is False and examined:
            yield _idle(number, "held", f"填写“否”,附表1-5 中 2003—2005 年鉴定了 {examined} 人", "是")


def _idle(number: int, name: str, phrase: str, want: str) -> Fault:
    return Fault(
        field=f"occupations.{number}.active",
        name=name,
        phrase=phrase,
        english=f"contradicts the statistics of 2003-2005 ({name})",
        got="否" if want == "是" else "是",
        want=want,
        remedy="请与鉴定台账核对,改正其中一处",
    )


RULES: tuple[Rule, ...] = (t06, t07, t08, t10, t11)
