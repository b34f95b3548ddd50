"""Rules about what is computed from scores: P02, P03, P07, P11."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from services.answers import base_items, scalars, section_items
from services.form import Field
from services.kinds.number import plain
from services.rules.rule import Facts, Fault, Rule, points
from services.totals import grade_of, vetoes

FULL = Decimal(100)


def p02(facts: Facts) -> Iterator[Fault]:
    """A subtotal is the sum of its items, the total that of the sections; both recomputed. Source: c · b D1."""
    for key, field in totals_asked(facts):
        if not field.total_of.startswith("items.R."):
            yield from _sum(facts, key, field)


def p11(facts: Facts) -> Iterator[Fault]:
    """Regional items have a sum of their own and stay out of the base 100. Source: a · c."""
    for key, field in totals_asked(facts):
        if field.total_of.startswith("items.R."):
            yield from _sum(facts, key, field)


def totals_asked(facts: Facts) -> Iterator[tuple[str, Field]]:
    """Yield the key and the answer of every total of scores."""
    return ((key, field) for key, field in scalars(facts.form).items() if field.total_of.startswith("items."))


def _sum(facts: Facts, key: str, field: Field) -> Iterator[Fault]:
    """Yield that a typed total is not the sum; silent while an item is empty or has no legal score."""
    typed, parts = facts.number(key), _parts(facts, field)
    if typed is None or parts is None or typed == sum(parts, Decimal(0)):
        return
    want = sum(parts, Decimal(0))
    terms = "+".join(map(plain, parts)) or "本地区没有增加项目"
    yield Fault(
        field=key,
        name="sum",
        phrase=f"应为 {points(want)}({terms}),表中填写 {points(typed)}",
        english=f"should be {plain(want)}, is {plain(typed)}",
        got=plain(typed),
        want=plain(want),
        remedy=f"请核对各项得分;得分无误的,改为 {points(want)}",
    )


def _parts(facts: Facts, field: Field) -> tuple[Decimal, ...] | None:
    """Return the numbers a total is the sum of (a section's scores, or the sections' sums), None when one lacks."""
    _, section, column = field.total_of.split(".")
    if section != "*":
        return _known(facts.score(item.id, column) for item in section_items(facts.form, section))
    return _known(_section_sum(facts, part.key, column) for part in facts.form.sections if part.key != "R")


def _known(numbers: Iterable[Decimal | None]) -> tuple[Decimal, ...] | None:
    """Return the numbers, None when one of them lacks."""
    listed = tuple(numbers)
    known = tuple(number for number in listed if number is not None)
    return known if len(known) == len(listed) else None


def _section_sum(facts: Facts, section: str, column: str) -> Decimal | None:
    """Return the sum of a section's scores; while one lacks, the sum that was typed."""
    scores = _known(facts.score(item.id, column) for item in section_items(facts.form, section))
    if scores is not None:
        return sum(scores, Decimal(0))
    keys = (key for key, field in totals_asked(facts) if field.total_of == f"items.{section}.{column}")
    return next((facts.number(key) for key in keys), None)


def p03(facts: Facts) -> Iterator[Fault]:
    """Full points of the sections are their caps and make 100: the declaration's own sum. Source: c."""
    sections = [section for section in facts.form.sections if section.key != "R"]
    for section in sections:
        total = sum((item.points for item in section_items(facts.form, section.key)), Decimal(0))
        if total != section.points:
            yield _caps(f"{section.label}各项满分之和是 {points(total)},应为 {points(section.points)}")
    total = sum((section.points for section in sections), Decimal(0))
    if sections and total != FULL:
        yield _caps(f"各部分满分之和是 {points(total)},应为 100 分")


def _caps(phrase: str) -> Fault:
    return Fault(
        field="",
        name="caps",
        phrase=phrase,
        english="the form's own full points do not add up",
        remedy="请向下发空表的部门反映,不要自行改动",
    )


def p07(facts: Facts) -> Iterator[Fault]:
    """The grade follows from the reviewed total, else the self total; a veto fails. Source: b G2 · c.

    Silent while the total cannot be recomputed, unless a veto decides.
    """
    keys = [key for key, field in scalars(facts.form).items() if field.total_of == "grade"]
    for key in keys:
        typed, want, why = facts.text(key), *_grade(facts)
        if typed and want and typed != want:
            yield Fault(
                field=key,
                name="grade",
                phrase=f"应为“{want}”({why}),表中选择“{typed}”",
                english=f"should be {want!r}, is {typed!r}",
                got=typed,
                want=want,
                remedy=f"请核对得分和否决事项;无误的改选“{want}”",
            )


def _grade(facts: Facts) -> tuple[str | None, str]:
    ticked = vetoes(facts.form, facts.record)
    if ticked:
        return grade_of(None, vetoed=True), f"有否决事项:{'、'.join(facts.label(key) for key in ticked)}"
    reviewed = any(facts.number(f"items.{item.id}.review") is not None for item in base_items(facts.form))
    column = "review" if reviewed else "self"
    scores = [facts.score(item.id, column) for item in base_items(facts.form)]
    known = [score for score in scores if score is not None]
    if not known or len(known) < len(scores):
        return None, ""
    total = sum(known, Decimal(0))
    return grade_of(total, vetoed=False), f"{'复核' if reviewed else '自评'}总分 {points(total)}"


RULES: tuple[Rule, ...] = (p02, p03, p07, p11)
