"""Rules about exemption and recommendation: X01–X03, X06–X08."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.findings import Severity
from services.kinds.day import show_day
from services.kinds.kind import NOTHING
from services.kinds.text import fold
from services.rules.rule import Facts, Fault, Rule
from services.rules.scores import is_exempt
from services.rules.writing import says_nothing
from services.totals import GRADES

_MINISTRY = re.compile("劳动|人力资源")
_CLEAN = re.compile(r"(?:无|没有|未|不存在|从未)[^。;;]{0,12}(?:违规|违纪|违法)")
_AGREES = re.compile(r"同意[^。;;]{0,10}推荐|推荐")
EXCELLENT = GRADES[0][1]
LEAST_EXCELLENT = GRADES[0][0]
TOO_LOW = frozenset({"基本合格", "不合格"})


def _claim(facts: Facts) -> str:
    return "exempt" if facts.asks("exempt") else "qms"


def x01(facts: Facts) -> Iterator[Fault]:
    """免检 is shown by certificate number, the ministry's scheme and a date up to the notice. Source: a · b R12 · c."""
    if not is_exempt(facts):
        return
    for path in ("qms_no", "qms_issuer", "qms_on"):
        text, empty = facts.text(path), facts.value(path) is None and path not in facts.unread
        if facts.asks(path) and (empty or text in NOTHING):
            yield Fault(
                field=path,
                name="empty" if empty else "nothing",
                phrase=f"{'没有填写' if empty else f'填写“{text}”'},但已声明通过质量管理体系认证",
                english="is empty although exemption is claimed",
                got=text,
                want="认证证书上的内容",
                remedy="请按认证证书填写;没有通过认证的,改选“否”",
            )
    yield from _certificate(facts)


def _certificate(facts: Facts) -> Iterator[Fault]:
    issuer, day, last = facts.text("qms_issuer"), facts.day("qms_on"), facts.context.calendar.certified_by
    if issuer and issuer not in NOTHING and not _MINISTRY.search(issuer):
        yield Fault(
            field="qms_issuer",
            name="issuer",
            phrase=f"填写“{issuer}”,免检的是通过劳动保障部职业技能鉴定机构质量管理体系认证的",
            english=f"is {issuer!r}, exempt are those certified under the ministry's own scheme",
            got=issuer,
            want="劳动保障部的质量管理体系认证",
            remedy="请核对认证证书;其他认证不免检,改选“否”",
            severity=Severity.CONFIRM,
        )
    if day and day > last:
        yield Fault(
            field="qms_on",
            name="late",
            phrase=f"是 {show_day(day)},免检的应在 {show_day(last)}以前已通过认证",
            english=f"is {day}, after {last}",
            got=show_day(day),
            want=f"不晚于 {show_day(last)}",
            remedy="请与认证证书核对;日期无误的不免检,改选“否”并填写普查结果",
        )


def x02(facts: Facts) -> Iterator[Fault]:
    """An exempt station may go straight to form 2. Source: a (二)."""
    if is_exempt(facts):
        yield Fault(
            field=_claim(facts),
            name="exempt",
            phrase="选择“是”,免检的鉴定所(站)可以不填评估表,直接作为优秀所(站)候选单位推荐",
            english="is yes: an exempt station need not file form 1 and may be recommended",
            got="是",
            remedy="请随表附上认证证书复印件",
        )


def x03(facts: Facts) -> Iterator[Fault]:
    """A station that is not exempt is recommended with a reviewed grade of 优秀. Source: c."""
    if facts.value("exempt") is not False or not facts.asks("exempt", "grade", "review_total"):
        return
    grade, total = facts.text("grade"), facts.number("review_total")
    if grade and grade != EXCELLENT and grade not in TOO_LOW:
        yield Fault(
            field="grade",
            name="grade",
            phrase=f"是“{grade}”,推荐的鉴定所(站)普查结论应为“优秀”",
            english="is not 优秀, which a recommended station needs",
            got=grade,
            want=EXCELLENT,
            remedy="请与评估表核对;结论无误的不能推荐",
        )
    elif grade == EXCELLENT and total is not None and total < LEAST_EXCELLENT:
        yield Fault(
            field="review_total",
            name="total",
            phrase=f"填写 {total} 分,结论“优秀”应不低于 90 分",
            english=f"is {total}, 优秀 needs 90",
            got=str(total),
            want="不低于 90 分",
            remedy="请与评估表核对,改正其中一处",
        )


def x06(facts: Facts) -> Iterator[Fault]:
    """The person works in the unit named; examiners and supervisors have a card. Source: b P5 · c."""
    if facts.text("category") in ("考评人员", "质量督导员") and facts.asks("card_no"):
        card = facts.text("card_no")
        if card in NOTHING or (facts.value("card_no") is None and "card_no" not in facts.unread):
            yield Fault(
                field="card_no",
                name="nothing" if card else "empty",
                phrase=f"{f'填写“{card}”' if card else '没有填写'},但人员类别是{facts.text('category')}",
                english="is empty for an examiner or supervisor",
                got=card,
                want="证卡号",
                remedy="请按考评员或督导员证卡填写",
                severity=Severity.CONFIRM if card else Severity.MUST_FIX,
            )
    rows = [row for row in facts.rows("career") if not says_nothing(row)]
    unit, last = facts.text("unit"), str(rows[-1].get("unit") or "") if rows else ""
    if unit and last and fold(unit) != fold(last):
        yield Fault(
            field="unit",
            name="unit",
            phrase=f"填写“{unit}”,工作简历最后一行的单位是“{last}”",
            english=f"is {unit!r}, the last row of the career says {last!r}",
            got=unit,
            want=last,
            remedy="请核对;两处写同一全称,最后一行写现任职务",
        )


def x07(facts: Facts) -> Iterator[Fault]:
    """A grade below 合格 keeps a station from being recommended. Source: c."""
    grade = facts.text("grade")
    if facts.asks("recommender", "grade") and grade in TOO_LOW:
        yield Fault(
            field="grade",
            name="grade",
            phrase=f"是“{grade}”,结论在合格以下的鉴定所(站)及其负责人不能推荐",
            english=f"is {grade}, which keeps the station from being recommended",
            got=grade,
            want=EXCELLENT,
            remedy="请与评估表核对;结论无误的不能推荐",
        )


def x08(facts: Facts) -> Iterator[Fault]:
    """The unit's own opinion says that there was no violation and that it recommends. Source: b P2 · c."""
    for box in facts.form.opinions if facts.asks("recommender") else ():
        text = facts.text(box.key)
        lacking = [name for name, said in (("没有违规违纪", _CLEAN), ("同意推荐", _AGREES)) if not said.search(text)]
        if box.stage == "station" and text and lacking:
            yield Fault(
                field=box.key,
                name="opinion",
                phrase=f"中没有写明{'和'.join(f'“{name}”' for name in lacking)}",
                english="does not say that there was no violation and that the unit recommends",
                want="写明没有违规违纪并同意推荐",
                remedy="请补写,如:近五年无违规违纪行为,同意推荐",
            )


RULES: tuple[Rule, ...] = (x01, x02, x03, x06, x07, x08)
