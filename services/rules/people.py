"""Rules about people: identity numbers, ages and careers: I01–I05."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from services.findings import Severity
from services.form import Schedule
from services.kinds.day import show_day
from services.rules import resident
from services.rules.names import form_day
from services.rules.resident import age_on, born_on, mask_id
from services.rules.rule import Coded, Facts, Fault, Rule
from services.rules.source import areas, prefectures

YOUNGEST, OLDEST = 18, 70
SYSTEM_BEGAN = date(1993, 7, 9)


def i01(facts: Facts) -> Iterator[Fault]:
    """身份证号: shape, county, day of birth, check character. Source: b V3 (GB 11643-1999, ISO 7064)."""
    for code in facts.codes.get("resident", ()):
        number = code.text
        if not resident.is_shaped(number):
            said = "现在夹有别的字符" if len(number) in (15, 18) else f"现在是 {len(number)} 位"
            yield _fault(code, "shape", f"应为 18 位数字(末位可为 X)或旧的 15 位数字,{said}", "18 位")
        elif born_on(number) is None:
            digits = resident.upgraded(number)[6:14]
            yield _fault(code, "birth", f"中的出生日期 {digits} 没有这一天", "年月日 8 位")
        elif len(number) == resident.LONG and number[-1] != resident.check_character(number):
            want = resident.check_character(number)
            yield _fault(code, "check", f"末位校验码算得 {want},现在是 {number[-1]},有一位抄错", want)
        else:
            yield from _county(code)


def _county(code: Coded) -> Iterator[Fault]:
    """Yield what is odd about the first six digits; a county of no known edition is only noted."""
    county = code.text[:6]
    if f"{county[:2]}0000" not in areas():
        yield _fault(code, "area", f"前两位 {county[:2]} 不是省级行政区划代码", "GB/T 2260 的代码")
    elif county not in areas():
        severity = Severity.NOTE if county[:4] in prefectures() else Severity.CONFIRM
        yield _fault(code, "county", f"前 6 位 {county} 不在历年的行政区划代码中", "GB/T 2260 的代码", severity)


def _fault(code: Coded, name: str, phrase: str, want: str, severity: Severity | None = None) -> Fault:
    return Fault(
        field=code.path,
        name=name,
        phrase=phrase,
        english=f"{mask_id(code.text)} is not an identity number that can be ({name})",
        got=mask_id(code.text),
        want=want,
        remedy="请与身份证逐位核对",
        severity=severity,
    )


def i02(facts: Facts) -> Iterator[Fault]:
    """15 digits belong to the 2006 edition; today's refuses them. Source: b V3."""
    for code in facts.codes.get("resident", ()):
        if len(code.text) == resident.SHORT and resident.is_shaped(code.text) and facts.profile != "2006":
            yield _fault(code, "old", "是 15 位的旧号码,应填 18 位", "18 位")


def readable(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield the path of the row (or '') and the number of every identity number that can be relied on."""
    for code in facts.codes.get("resident", ()):
        number = code.text
        if resident.is_valid(number):
            yield code.path.rpartition(".")[0], number


def _beside(row: str, key: str) -> str:
    return f"{row}.{key}" if row else key


def i03(facts: Facts) -> Iterator[Fault]:
    """Birth and sex beside an identity number agree with it. Source: b V3 (odd order = 男)."""
    for row, number in readable(facts):
        sex, birth = facts.text(_beside(row, "sex")), facts.day(_beside(row, "birth"))
        if sex and sex != resident.sex(number):
            yield _unlike(_beside(row, "sex"), sex, resident.sex(number), "sex")
        born = born_on(number)
        if birth and born and (birth.year, birth.month) != (born.year, born.month):
            yield _unlike(
                _beside(row, "birth"), f"{birth.year}年{birth.month}月", f"{born.year}年{born.month}月", "birth"
            )


def _unlike(path: str, got: str, want: str, name: str) -> Fault:
    return Fault(
        field=path,
        name=name,
        phrase=f"填写“{got}”,按身份证号应为“{want}”",
        english=f"is {got!r}, the identity number says {want!r}",
        got=got,
        want=want,
        remedy="请与身份证核对,改正其中一处",
    )


def i04(facts: Facts) -> Iterator[Fault]:
    """Ages are 18-70 on the form's day; years of service fit the age and 1993-07-09. Source: b R1 · c."""
    day = form_day(facts)
    if day is None:
        return
    for row, number in readable(facts):
        born = born_on(number)
        if born and not YOUNGEST <= age_on(day, born) <= OLDEST:
            yield _odd_age(_beside(row, "id_no"), age_on(day, born), "按身份证号,填表时年龄是")
    for schedule in facts.form.schedules:
        yield from _odd_ages(facts, schedule)
    yield from _service(facts, day)


def _odd_ages(facts: Facts, schedule: Schedule) -> Iterator[Fault]:
    for number, row in enumerate(facts.rows(schedule.key)):
        age = row.get("age")
        if isinstance(age, int) and not YOUNGEST <= age <= OLDEST:
            yield _odd_age(f"{schedule.key}.{number}.age", age, "填写")


def _odd_age(path: str, age: int, said: str) -> Fault:
    return Fault(
        field=path,
        name="age",
        phrase=f"{said} {age} 岁,不在 {YOUNGEST}–{OLDEST} 岁之间",
        english=f"gives the age {age}, outside {YOUNGEST}-{OLDEST}",
        got=f"{age} 岁",
        want=f"{YOUNGEST}–{OLDEST} 岁",
        remedy="请核对;无误的确认即可",
    )


def _service(facts: Facts, day: date) -> Iterator[Fault]:
    years = facts.number("years")
    if years is None:
        return
    born = next((born_on(number) for row, number in readable(facts) if not row), None) or facts.day("birth")
    limits = [(age_on(day, SYSTEM_BEGAN), f"职业技能鉴定制度始于 {show_day(SYSTEM_BEGAN)}", "system")]
    if born:
        limits.insert(0, (age_on(day, born) - YOUNGEST, f"填表时 {age_on(day, born)} 岁", "years"))
    most, why, name = min(limits, key=lambda limit: limit[0])
    if years > most:
        yield Fault(
            field="years",
            name=name,
            phrase=f"填写 {years} 年,{why},最多 {most} 年",
            english=f"is {years}, at most {most} is possible",
            got=f"{years} 年",
            want=f"不多于 {most} 年",
            remedy="请核对",
        )


def i05(facts: Facts) -> Iterator[Fault]:
    """工作简历 is in order without overlaps, and its last row is the present post. Source: c."""
    rows = facts.rows("career")
    for number, row in enumerate(rows):
        yield from _span(number, row)
        if number:
            yield from _follows(number, rows[number - 1], row)
    day = form_day(facts)
    until = rows[-1].get("until_on") if rows else None
    if isinstance(until, date) and day and (until.year, until.month) < (day.year, day.month):
        yield _career(len(rows) - 1, "until_on", "present", "在填表以前,最后一行应是现任职务", "至今,或留空")


def _span(number: int, row: Any) -> Iterator[Fault]:
    began, until = row.get("from_on"), row.get("until_on")
    if began and until and until < began:
        yield _career(number, "until_on", "span", "早于本行的起始年月", "不早于起始年月")


def _follows(number: int, before: Any, row: Any) -> Iterator[Fault]:
    began, ended = row.get("from_on"), before.get("until_on")
    if began and before.get("from_on") and began < before["from_on"]:
        yield _career(number, "from_on", "order", f"早于第 {number} 行的起始年月", "按时间先后填写")
    elif began and ended and began < ended:
        yield _career(
            number, "from_on", "overlap", f"早于第 {number} 行的截止年月,两段时间重叠", "不早于上一行的截止年月"
        )
    elif began and before.get("from_on") and ended is None:
        yield _career(number - 1, "until_on", "open", "没有填写,后面还有经历", "只有最后一行可以留空")


def _career(number: int, column: str, name: str, phrase: str, want: str) -> Fault:
    return Fault(
        field=f"career.{number}.{column}",
        name=name,
        phrase=phrase,
        english=f"does not fit the rows around it ({name})",
        want=want,
        remedy="请核对起止年月和行的先后",
    )


RULES: tuple[Rule, ...] = (i01, i02, i03, i04, i05)
