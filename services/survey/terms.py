"""What rules over several forms depend on beside the forms, and how they say what they find."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from forms.quotas import NONE
from services.findings import Finding, Problem, Severity, found
from services.region import Region
from services.rules.source import statements
from services.summary import Quotas
from services.survey.line import Line
from services.survey.stations import Survey

SAME_EXAMINER = 5
"""Rule T09's default: the same examiner on the rosters of more stations is asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The day, the region with its own dates and numbers, the quotas in force, and rule T09's limit.

    `sent_on` is the date that the packet's letter bears, where one is given.
    """

    today: date
    sent_on: date | None = None
    region: Region | None = None
    quotas: Quotas = NONE
    examiner_limit: int = SAME_EXAMINER


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What a rule found, worded as `services.findings.Problem` is; `place` names the file, `label` the station.

    `name` makes the finding's code with the rule's id (`outside` → K02.outside); it is never reused.
    """

    name: str
    label: str
    place: str
    phrase: str
    english: str
    got: str = ""
    want: str = ""
    remedy: str = ""
    severity: Severity | None = None


SurveyRule = Callable[[Survey, Terms], Iterator[Remark]]


def finding_of(rule: str, remark: Remark) -> Finding:
    """Return the finding that a rule's remark is."""
    statement = statements()[rule]
    problem = Problem(
        code=f"{rule}.{remark.name}",
        rule=rule,
        severity=remark.severity or statement.severity,
        phrase=remark.phrase,
        phrase_en=remark.english,
        got=remark.got,
        want=remark.want,
        remedy=remark.remedy,
        source=statement.source,
    )
    return found(problem, field="", label=remark.label, place=remark.place)


def label_of(line: Line) -> str:
    """Return how a line is named in a finding: 南京市启明技工学校国家职业技能鉴定所(10011001), or a person."""
    name, code = line.named, line.code
    return f"{name}({code})" if code else name
