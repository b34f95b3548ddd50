"""Rules about opinion boxes and their dates: Z01–Z03, P06."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from services.form import Opinion
from services.kinds.day import show_day
from services.kinds.text import fold
from services.rules.calendar import Span
from services.rules.rule import Facts, Fault, Rule

_PARTS = (("", "意见"), ("_signer", "签字"), ("_on", "日期"))


def z01(facts: Facts) -> Iterator[Fault]:
    """An opinion box has its text, signature and date (and seal, which is registered apart). Source: b X1 P2 · c.

    Asked of the required boxes that the form has come to, and of every box that somebody began.
    """
    for box in facts.form.opinions:
        missing = [part for part in _PARTS if _is_empty(facts, f"{box.key}{part[0]}")]
        due = box.required and facts.reached(box.stage)
        if len(missing) == len(_PARTS):
            yield from _whole(box) if due else ()
        else:
            yield from (_part(box, suffix, name) for suffix, name in missing)


def _is_empty(facts: Facts, path: str) -> bool:
    return facts.value(path) is None and path not in facts.unread


def _whole(box: Opinion) -> Iterator[Fault]:
    seal = "、公章" if box.has_seal else ""
    yield Fault(
        field=box.key,
        name="empty",
        phrase="没有填写,意见、签字和日期都空着",
        english="is an empty box",
        want=f"意见、{box.signed_by}签字{seal}、日期",
        remedy=f"请填写意见,由{box.signed_by}签字{'、盖章' if box.has_seal else ''}并写日期",
    )


def _part(box: Opinion, suffix: str, name: str) -> Fault:
    todo = {"": "写明意见", "_signer": f"由{box.signed_by}签字", "_on": "写明日期"}[suffix]
    return Fault(
        field=f"{box.key}{suffix}",
        name="empty",
        phrase=f"没有填写,本栏缺{name}",
        english="is empty",
        want=name,
        remedy=f"请{todo}",
    )


def _signed(facts: Facts) -> Iterator[tuple[str, date]]:
    """Yield the path and day of the self-check and of every box, in the order of their stages."""
    own = facts.day("self_date")
    if own and facts.asks("self_date"):
        yield "self_date", own
    for box in facts.form.opinions:
        day = facts.day(f"{box.key}_on")
        if day:
            yield f"{box.key}_on", day


def z02(facts: Facts) -> Iterator[Fault]:
    """Dates ascend: self-check, station, city, inspection, province, ministry. Source: c."""
    latest: tuple[str, date] | None = None
    for path, day in _signed(facts):
        if latest and day < latest[1]:
            yield Fault(
                field=path,
                name="order",
                phrase=f"是 {show_day(day)},早于“{facts.label(latest[0])}”{show_day(latest[1])}",
                english=f"is {day}, before {latest[0]} {latest[1]}",
                got=show_day(day),
                want=f"不早于 {show_day(latest[1])}",
                remedy="请核对两处日期",
            )
        else:
            latest = path, day


def z03(facts: Facts) -> Iterator[Fault]:
    """The self-check and the inspection lie in their stages, a region's own earlier dates included. Source: a (四)."""
    if not facts.asks("self_date"):
        return
    calendar = facts.context.calendar
    yield from _outside(facts, "self_date", calendar.station, "自查阶段")
    for box in facts.form.opinions:
        if box.stage == "review":
            yield from _outside(facts, f"{box.key}_on", calendar.review, "检查阶段")


def _outside(facts: Facts, path: str, span: Span, stage: str) -> Iterator[Fault]:
    day = facts.day(path)
    if day and not span[0] <= day <= span[1]:
        yield Fault(
            field=path,
            name="stage",
            phrase=f"是 {show_day(day)},{stage}是 {show_day(span[0])}至{show_day(span[1])}",
            english=f"is {day}, outside {span[0]} to {span[1]}",
            got=show_day(day),
            want=f"{show_day(span[0])}至{show_day(span[1])}",
            remedy="请核对日期;无误的说明原因后确认",
        )


def p06(facts: Facts) -> Iterator[Fault]:
    """Review scores come with reviewers, leader and date; none of them is the station's own. Source: b Z1 · c."""
    if all(facts.number(f"items.{item.id}.review") is None for item in facts.form.items):
        return
    for path, want in (
        ("review_members", "检查组成员姓名"),
        ("opinion_review_signer", "检查组组长签字"),
        ("opinion_review_on", "检查日期"),
    ):
        if facts.asks(path) and _is_empty(facts, path) and facts.reached("review"):
            yield Fault(
                field=path,
                name="empty",
                phrase="没有填写,但已有复核分",
                english="is empty although there are review scores",
                want=want,
                remedy=f"请填写{want}",
            )
    yield from _own_people(facts)


def _own_people(facts: Facts) -> Iterator[Fault]:
    tables = ("staff", "examiners")
    own = {fold(str(row.get("name") or "")) for table in tables for row in facts.rows(table)} - {""}
    for path in ("review_members", "opinion_review_signer"):
        names = [name for name in re.split(r"[、,;\s]+", facts.text(path).replace("，", ",")) if fold(name) in own]
        if names:
            yield Fault(
                field=path,
                name="own",
                phrase=f"有{'、'.join(names)},在本所(站)的名册上,检查人员应是本所(站)以外的人员",
                english="names people of the station's own rosters",
                got="、".join(names),
                want="本所(站)以外的人员",
                remedy="请核对;确是本所(站)人员的,由其他检查人员复核",
            )


RULES: tuple[Rule, ...] = (z01, p06, z02, z03)
