"""How a new version answers a return slip (rule K07): each line corrected, answered in words, or still open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from services.compare import Change, Side, compare, written
from services.findings import Finding, Severity
from services.records.slip import Line, Slip
from services.records.submissions import RefusedError, Submission, form_of, record_of

State = Literal["settled", "answered", "open"]
STATE_LABELS: Mapping[State, str] = MappingProxyType({"settled": "已改正", "answered": "已答复", "open": "未答复"})
MOST_NAMED = 5
"""So many open lines are named in a refusal; the others are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was said in words: answers to lines by their number, reasons for findings by (code, field)."""

    answers: Mapping[int, str]
    reasons: Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a version answers to one line, `number` counting from 1: what it changed there, and words.

    A line that `must_be_fixed` cannot be answered in words: its finding still stops acceptance.
    """

    number: int
    line: Line
    state: State
    changes: tuple[Change, ...]
    answer: str
    must_be_fixed: bool


def replies(slip: Slip, latter: Submission, said: Said) -> tuple[Reply, ...]:
    """Return the reply of a later version to every line of a slip; numbers of persons are masked (rule I06)."""
    changes = compare(_side(slip.submission), _side(latter)).changes
    still = {_key(f): f.severity for f in latter.findings if f.severity is not Severity.NOTE}
    return tuple(
        _reply((number, line), tuple(_at(changes, line.field)), still, said)
        for number, line in enumerate(slip.lines, 1)
    )


def _key(found: Finding | Line) -> tuple[str, str, str]:
    """Return what makes a finding the same in two versions; those of the whole file differ in their labels."""
    return found.code, found.field, "" if found.field else found.label


def _side(submission: Submission) -> Side:
    form, record = form_of(submission), record_of(submission)
    return Side(form=form, record=record, unread=written(submission.findings), masked=True)


def _reply(
    numbered: tuple[int, Line],
    changes: tuple[Change, ...],
    still: Mapping[tuple[str, str, str], Severity],
    said: Said,
) -> Reply:
    number, line = numbered
    is_settled = _key(line) not in still if line.code else bool(changes)
    answer = said.answers.get(number) or (said.reasons.get((line.code, line.field), "") if line.code else "")
    must_be_fixed = bool(line.code) and still.get(_key(line)) is Severity.MUST_FIX
    in_words: State = "answered" if answer and not must_be_fixed else "open"
    return Reply(
        number=number,
        line=line,
        state="settled" if is_settled else in_words,
        changes=changes,
        answer=answer,
        must_be_fixed=must_be_fixed,
    )


def _at(changes: Sequence[Change], field: str) -> Iterator[Change]:
    """Yield the changes at a path of the returned record, or below it; rows are those of the returned form."""
    head, _, rest = field.partition(".")
    for change in changes:
        if field and change.field.partition(".")[0] == head and (not rest or _is_there(change, rest)):
            yield change


def _is_there(change: Change, rest: str) -> bool:
    """Return whether a change is of the row and column, or of the item and its column, that `rest` names."""
    first, _, column = rest.partition(".")
    if first.isdigit():
        is_row = change.row_old == int(first) + 1 and change.what in ("changed", "removed")
        return is_row and (not column or change.what == "removed" or change.field.endswith(f".{column}"))
    steps = change.field.split(".")[1:]
    return steps[:1] == [first] and (not column or steps[1:] in ([], [column]))


def refuse_open(slip: Slip, given: Sequence[Reply]) -> None:
    """Refuse what has to wait until every line is corrected or answered (rule K07).

    Raises:
        RefusedError: some are not; it says which.
    """
    left = [reply for reply in given if reply.state == "open"]
    if not left:
        return
    named = "、".join(f"第 {reply.number} 条“{reply.line.name}”" for reply in left[:MOST_NAMED])
    numbers = ", ".join(str(reply.number) for reply in left)
    raise RefusedError(
        f"退回修改单 {slip.number} 还有 {len(left)} 条没有改正或答复:{named}{'等' if len(left) > MOST_NAMED else ''}。"
        "请逐条改正,或在这一版的页面上写明答复,再办理(规则 K07)",
        f"lines {numbers} of return slip {slip.number} are neither corrected nor answered (rule K07)",
    )
