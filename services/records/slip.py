"""The return slip (退回修改单, rule K07): what a returned form has to answer line by line, and until when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.answers import ITEM_COLUMNS, items, label_at, place_at, scalars, schedules
from services.catalogue import region
from services.findings import Finding, Severity
from services.form import Form
from services.kinds.text import clean, fold
from services.record import Record, row_counts
from services.records.submissions import Submission, form_of, record_of
from services.rules.calendar import NOTICE, brought_forward

REVIEWER = "审核意见"
"""What stands for the label of a line that names no field, and for the rule of one that the reviewer wrote."""
WORKING_DAYS = 10
_SATURDAY = 5
_TWO_SENTENCES = re.compile(r"((?>“[^”]*”|[^。])*+)。(.+)", re.DOTALL)
"""What is wrong, and what to do; a quoted text may hold a full stop of its own."""
_NUMBERED = re.compile(r"^\s*[((]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[))、..]\s*")
_BRACKETED = re.compile(r"\([^()]*\)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a slip: the printed label and place, the problem, its rule, how to correct it.

    `field` is the path in the returned record, '' for none; `code` is the finding's, '' for a line that
    the reviewer wrote.
    """

    label: str
    place: str
    problem: str
    rule: str
    remedy: str
    field: str = ""
    code: str = ""

    @property
    def name(self) -> str:
        """What the line is called: its label, the place where the finding has none."""
        return self.label or self.place


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is said of a return beside its message: the day it is, the last day for correcting, 经办人."""

    today: date
    deadline: date | None = None
    handler: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """A kept return slip: the submission it returns, the unit that returned it, lines in printed order."""

    submission: Submission
    unit_name: str
    lines: tuple[Line, ...]
    deadline: date
    handler: str
    returned_on: date

    @property
    def number(self) -> str:
        """The number of the slip: that of the submission, and the version that is returned."""
        return f"TH{self.submission.number:05d}-{self.submission.version}"


def default_deadline(region_code: str, today: date) -> date:
    """Return ten working days (Monday to Friday) from `today`, or the calendar's closing day while that is earlier."""
    calendar = brought_forward(NOTICE, dict(region(region_code).dates)) if region_code else NOTICE
    day, left = today, WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < _SATURDAY
    return min(day, calendar.reported_by) if calendar.reported_by >= today else day


# ---- lines ----------------------------------------------------------------------------------------


def lines_of(submission: Submission, explained: Mapping[tuple[str, str], str], message: str) -> tuple[Line, ...]:
    """Return the lines of a slip: what must be fixed or confirmed and was not, then each line of the message.

    `explained` are the reasons given, by (code, field).
    """
    form, record = form_of(submission), record_of(submission)
    said = (line.strip() for line in clean(message).splitlines())
    return (
        *(_of_finding(finding) for finding in submission.findings if _asks(finding, explained)),
        *(_of_reviewer(form, record, line) for line in said if line),
    )


def _asks(finding: Finding, explained: Mapping[tuple[str, str], str]) -> bool:
    if finding.severity is Severity.CONFIRM:
        return (finding.code, finding.field) not in explained
    return finding.severity is Severity.MUST_FIX


def _of_finding(finding: Finding) -> Line:
    parted = _TWO_SENTENCES.fullmatch(finding.message)
    problem, remedy = parted.groups() if parted else (finding.message, _remedy(finding))
    return Line(
        label=finding.label,
        place=finding.place,
        problem=problem,
        rule=finding.rule,
        remedy=remedy,
        field=finding.field,
        code=finding.code,
    )


def _remedy(finding: Finding) -> str:
    if finding.severity is Severity.CONFIRM:
        return "填错的请改正;情况属实的,请写明原因"
    return f"应为:{finding.want}" if finding.want else "请改正"


def _of_reviewer(form: Form, record: Record, text: str) -> Line:
    path = field_named(form, record, text)
    return Line(
        label=label_at(form, path) if path else REVIEWER,
        place=place_at(form, path),
        problem=text,
        rule=REVIEWER,
        remedy="请照意见改正这一栏;不改的,请写明原因" if path else "请照意见改正,并写明改了什么",
        field=path,
    )


def field_named(form: Form, record: Record, text: str) -> str:
    """Return the path of the answer whose printed label `text` begins with, '' for none or several.

    A number before the label and quotes around it may stand; the bracket at a label's end may be left
    out. The longest label counts. An item or a table may be named as a whole.
    """
    named = {fold(said).lstrip("“\"'") for said in (text, _NUMBERED.sub("", text))}
    found = [
        (len(label), path) for label, path in _labels(form, record) if any(said.startswith(label) for said in named)
    ]
    longest = max((length for length, _ in found), default=0)
    paths = {path for length, path in found if length == longest}
    return paths.pop() if len(paths) == 1 else ""


def _labels(form: Form, record: Record) -> Iterator[tuple[str, str]]:
    """Yield every printed label, folded, with its path."""
    for path in _paths(form, record):
        whole = fold(label_at(form, path))
        yield whole, path
        short = _BRACKETED.sub("", whole)
        if short and short != whole:
            yield short, path
    yield from ((fold(item), f"items.{item}") for item in items(form))


def _paths(form: Form, record: Record) -> Iterator[str]:
    yield from scalars(form)
    for item in items(form):
        yield from (f"items.{item}", *(f"items.{item}.{column}" for column in ITEM_COLUMNS))
    for key, count in row_counts(form, record).items():
        yield key
        for row in range(count):
            yield f"{key}.{row}"
            yield from (f"{key}.{row}.{column.key}" for column in schedules(form)[key].columns)
