"""Rules about the scores of items: P01, P04, P05, P09, P12."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from services.answers import base_items
from services.form import Item
from services.kinds.number import plain
from services.rules.rule import STEP, Facts, Fault, Rule, is_legal, points
from services.rules.sums import totals_asked

APART, FAR_APART = Decimal(2), Decimal(10)
_COLUMNS = ("self", "review")


def is_exempt(facts: Facts) -> bool:
    """Return whether exemption by a quality certificate is claimed (form 1 `qms`, form 2 `exempt`)."""
    return facts.value("qms") is True or facts.value("exempt") is True


def is_unscored(facts: Facts) -> bool:
    """Return whether no item has a score of the station's own."""
    return all(facts.number(f"items.{item.id}.self") is None for item in facts.form.items)


def p01(facts: Facts) -> Iterator[Fault]:
    """自评分 is there for every item, from 0 to 满分 in steps of 0.5. Source: a (逐项逐条) · b H1 M1.

    An exempt station may leave the scoring empty altogether (notice 二).
    """
    if is_exempt(facts) and is_unscored(facts):
        return
    for item in facts.form.items:
        for column in _COLUMNS:
            yield from _score(facts, item, f"items.{item.id}.{column}")


def _score(facts: Facts, item: Item, path: str) -> Iterator[Fault]:
    score = facts.number(path)
    if score is None:
        if path.endswith("self") and path not in facts.unread:
            yield Fault(
                field=path,
                name="empty",
                phrase="没有填写",
                english="is empty",
                want=f"0–{points(item.points)}",
                remedy=f"请对照评分标准填写 0–{points(item.points)};没有得分的填 0",
            )
    elif not 0 <= score <= item.points:
        yield _wrong_score(path, "range", f"应在 0 分与满分 {points(item.points)}之间", score)
    elif not item.steps and score % STEP:
        yield _wrong_score(path, "step", "以 0.5 分为单位", score)


def _wrong_score(path: str, name: str, want: str, score: Decimal) -> Fault:
    return Fault(
        field=path,
        name=name,
        phrase=f"{want},现在是 {points(score)}",
        english=f"is {plain(score)}, not a score of this item ({name})",
        got=plain(score),
        want=want,
        remedy="请对照评分标准改正",
    )


def p04(facts: Facts) -> Iterator[Fault]:
    """A 扣分 item below its full points says why. Source: b Z1 (备注) · c."""
    for item in facts.form.items:
        path, score = facts.judged(item.id)
        reason = f"items.{item.id}.reason"
        if item.marking == "deduct" and score is not None and score < item.points and not facts.text(reason):
            yield Fault(
                field=reason,
                name="empty",
                phrase=f"没有填写;{facts.label(path)}为 {points(score)},扣了 {points(item.points - score)}",
                english=f"is empty although {plain(item.points - score)} points were deducted",
                want="扣分原因",
                remedy="请写明扣分原因",
            )


def p05(facts: Facts) -> Iterator[Fault]:
    """复核分 comes with the inspection; a score 2 apart or a total 10 apart is explained. Source: b H1."""
    reviewed = [item for item in facts.form.items if facts.number(f"items.{item.id}.review") is not None]
    if reviewed and not facts.reached("review"):
        yield Fault(
            field=f"items.{reviewed[0].id}.review",
            name="early",
            phrase=f"已填写(共 {len(reviewed)} 项),复核分由检查组在检查以后填写",
            english=f"holds a review score before the inspection ({len(reviewed)} in all)",
            got=f"{len(reviewed)} 项",
            want="留空",
            remedy="自查阶段请留空",
        )
    for item in reviewed:
        yield from _apart(facts, item)
    yield from _far_apart(facts)


def _apart(facts: Facts, item: Item) -> Iterator[Fault]:
    own, review = facts.score(item.id), facts.score(item.id, "review")
    reason = f"items.{item.id}.reason"
    if own is not None and review is not None and abs(review - own) >= APART and not facts.text(reason):
        yield Fault(
            field=reason,
            name="empty",
            phrase=f"没有填写;自评 {points(own)},复核 {points(review)},相差 {points(abs(review - own))}",
            english=f"is empty although the review differs by {plain(abs(review - own))}",
            want="复核说明",
            remedy="请由检查组写明复核说明",
        )


def _far_apart(facts: Facts) -> Iterator[Fault]:
    keys = {field.total_of: key for key, field in totals_asked(facts)}
    own, review = (facts.number(keys.get(f"items.*.{column}", "")) for column in _COLUMNS)
    if not facts.asks("review_note") or own is None or review is None or facts.text("review_note"):
        return
    if abs(review - own) >= FAR_APART:
        yield Fault(
            field="review_note",
            name="total",
            phrase=f"没有填写;自评总分 {points(own)},复核总分 {points(review)},相差 {points(abs(review - own))}",
            english=f"is empty although the totals differ by {plain(abs(review - own))}",
            want="复核说明",
            remedy="请由检查组写明复核说明",
        )


def p09(facts: Facts) -> Iterator[Fault]:
    """An item with steps holds one of them. Source: b H1 M1 Y1."""
    for item in facts.form.items:
        for path in (f"items.{item.id}.{column}" for column in _COLUMNS):
            score = facts.number(path)
            if item.steps and score is not None and 0 <= score <= item.points and not is_legal(item, score):
                yield _wrong_score(path, "step", f"只能填 {'、'.join(map(plain, item.steps))} 分", score)


def p12(facts: Facts) -> Iterator[Fault]:
    """Full points for everything are asked about. Source: b G2 (scores at odds with fact)."""
    scored = base_items(facts.form)
    if scored and all(facts.score(item.id) == item.points for item in scored):
        totals = (key for key, field in totals_asked(facts) if field.total_of == "items.*.self")
        yield Fault(
            field=next(totals, f"items.{scored[0].id}.self"),
            name="full",
            phrase=f"中 {len(scored)} 项全部是满分",
            english=f"all {len(scored)} items have their full points",
            got="满分",
            want="与实际相符的得分",
            remedy="请逐项对照评分标准和证明材料核实;确实都是满分的,写明说明后确认",
        )


RULES: tuple[Rule, ...] = (p01, p04, p05, p09, p12)
