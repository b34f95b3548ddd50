"""Judging a whole survey: every rule that concerns several forms at once, in the order of what it says."""

from __future__ import annotations

from collections.abc import Iterator

from services.findings import Finding, Severity
from services.kinds.day import show_day
from services.rules.calendar import NOTICE, brought_forward
from services.survey import alike, coverage, recommend
from services.survey.stations import Survey
from services.survey.terms import Remark, SurveyRule, Terms, finding_of

__all__ = ["RULES", "Terms", "judge", "z04"]


def z04(survey: Survey, terms: Terms) -> Iterator[Remark]:  # noqa: ARG001 - every rule takes the same
    """The packet of a province or industry is in by 21 October 2006, or the region's own earlier day. Source: a.

    The day counts (c): the date that the letter bears, else today. It is a Saturday: from the Friday before on
    there is a reminder, after it 逾期.
    """
    last = brought_forward(NOTICE, dict(terms.region.dates) if terms.region else {}).reported_by
    day = terms.sent_on or terms.today
    left = (last - day).days
    what = "报送函的日期是" if terms.sent_on else "今天是"
    if left < 0:
        yield Remark(
            name="late",
            label="报送截止日期",
            place="上报材料",
            phrase=f"是 {show_day(last)},{what} {show_day(day)},已过 {-left} 天,记为逾期",
            english=f"was {last}, {-left} days ago: taken, marked late",
            got=show_day(day),
            want=f"不晚于 {show_day(last)}",
            remedy="照常报送,并说明原因",
        )
    elif left <= 1 and not terms.sent_on:
        soon = "今天" if left == 0 else f"还有 {left} 天"
        yield Remark(
            name="due",
            label="报送截止日期",
            place="上报材料",
            phrase=f"是 {show_day(last)}(星期{'一二三四五六日'[last.weekday()]}),{soon}",
            english=f"is {last}, {left} days left",
            want=f"不晚于 {show_day(last)}",
            remedy="请尽快报送;截止日在休息日的,前一个工作日送到" if last.weekday() >= _SATURDAY else "请尽快报送",
            severity=Severity.NOTE,
        )


_SATURDAY = 5
RULES: tuple[SurveyRule, ...] = (*coverage.RULES, *recommend.RULES, *alike.RULES, z04)


def judge(survey: Survey, terms: Terms) -> tuple[Finding, ...]:
    """Return everything that is wrong between the forms of a survey, the gravest first, then rule by rule."""
    gravity = (Severity.MUST_FIX, Severity.CONFIRM, Severity.NOTE)
    findings = [finding_of(rule.__name__.upper(), remark) for rule in RULES for remark in rule(survey, terms)]
    return tuple(sorted(findings, key=lambda finding: gravity.index(finding.severity)))
