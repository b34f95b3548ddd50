"""Return slips as they are kept (rule K07): one for each returned version, answered by the versions that follow."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date

from sqlalchemy import Connection, delete, insert, select

from services.findings import REASON_MINIMUM, Severity
from services.kinds.text import clean
from services.records.reasons import reasons_in, write_reason
from services.records.settle import Reply, Said, refuse_open, replies
from services.records.slip import Line, Slip, Terms, default_deadline, lines_of
from services.records.store import Act, Store, now, reading, remember, writing
from services.records.submissions import RefusedError, Submission, fetch, from_row, of_unit
from services.records.tables import return_slips, slip_answers, submissions, units

ANSWER_LIMIT = 500
Answering = tuple[Slip, tuple[Reply, ...]]
"""The slip that a version has to answer, and its reply to each line."""


class UnknownSlipError(LookupError):
    """No return slip concerns this submission."""


class DeadlineError(RefusedError):
    """The last day for correcting lies before the day of the return, or is no day."""


# ---- keeping ----------------------------------------------------------------------------------------


def keep_slip(connection: Connection, unit: str, returned: Submission, message: str, terms: Terms) -> None:
    """Keep the slip of a submission that is returned now.

    Raises:
        DeadlineError: the deadline is past already.
    """
    deadline = terms.deadline or default_deadline(returned.region, terms.today)
    if deadline < terms.today:
        raise DeadlineError(
            f"改好期限 {deadline} 早于今天({terms.today})。请写今天或以后的日期",
            f"the deadline {deadline} is before today, {terms.today}",
        )
    lines = lines_of(returned, reasons_in(connection, unit, returned.id), message)
    values = {
        "submission_id": returned.id,
        "unit_id": unit,
        "lines": json.dumps([asdict(line) for line in lines], ensure_ascii=False),
        "deadline": deadline.isoformat(),
        "handler": terms.handler,
        "returned_on": terms.today.isoformat(),
    }
    connection.execute(insert(return_slips).values(values))


def _slip(connection: Connection, unit: str, returned: Submission) -> Slip | None:
    mine = (return_slips.c.unit_id == unit) & (return_slips.c.submission_id == returned.id)
    row = connection.execute(select(return_slips, units.c.name).join(units).where(mine)).first()
    if row is None:
        return None
    return Slip(
        submission=returned,
        unit_name=row.name,
        lines=tuple(Line(**line) for line in json.loads(row.lines)),
        deadline=date.fromisoformat(row.deadline),
        handler=row.handler,
        returned_on=date.fromisoformat(row.returned_on),
    )


def slip_of(store: Store, unit: str, returned: Submission) -> Slip | None:
    """Return the slip with which a submission was returned, None when it was not."""
    with reading(store) as connection:
        return _slip(connection, unit, returned)


# ---- answering --------------------------------------------------------------------------------------


def _to_answer(connection: Connection, unit: str, latter: Submission) -> Slip | None:
    """Return the slip that a version has to answer: the last one before it, unless a version since was accepted."""
    earlier = (submissions.c.series == latter.series) & (submissions.c.version < latter.version)
    for row in connection.execute(of_unit(unit).where(earlier).order_by(submissions.c.version.desc())):
        former = from_row(row)
        if former.state == "accepted":
            return None
        found = _slip(connection, unit, former)
        if found:
            return found
    return None


def answered_in(connection: Connection, unit: str, latter: Submission) -> Answering | None:
    """Return the slip that a version has to answer and its replies, None when there is none."""
    slip = _to_answer(connection, unit, latter)
    if slip is None:
        return None
    mine = (slip_answers.c.unit_id == unit) & (slip_answers.c.submission_id == slip.submission.id)
    answers = {row.line: row.text for row in connection.execute(select(slip_answers).where(mine))}
    said = Said(answers=answers, reasons=reasons_in(connection, unit, latter.id))
    return slip, replies(slip, latter, said)


def answering(store: Store, unit: str, latter: Submission) -> Answering | None:
    """Return the slip that a version has to answer and its replies, None when there is none."""
    with reading(store) as connection:
        return answered_in(connection, unit, latter)


def refuse_unanswered(connection: Connection, unit: str, latter: Submission) -> None:
    """Refuse to go on with a version that leaves lines of its slip open (rule K07).

    Raises:
        RefusedError: some lines are neither corrected nor answered.
    """
    found = answered_in(connection, unit, latter)
    if found:
        refuse_open(*found)


def give_answers(store: Store, unit: str, own: str, said: Mapping[int, str]) -> None:
    """Keep the answers to lines (by their number, from 1), in the place of earlier ones: all, or none.

    The answer to a finding that asks to be confirmed is its reason (情况说明) too.

    Raises:
        UnknownSubmissionError: the unit has none of that id.
        RefusedError: there is no such line to answer, it has to be corrected, or an answer is too short or long.
    """
    with writing(store) as connection:
        found = fetch(connection, unit, own)
        for number, text in said.items():
            _answer(connection, unit, found, (number, clean(text).strip()))


def _answer(connection: Connection, unit: str, latter: Submission, said: tuple[int, str]) -> None:
    number, text = said
    slip, line = _asked(connection, unit, latter, number)
    if not REASON_MINIMUM <= len(text) <= ANSWER_LIMIT:
        raise RefusedError(
            f"第 {number} 条“{line.name}”的答复应写 {REASON_MINIMUM} 至 {ANSWER_LIMIT} 个字(规则 K07)",
            f"the answer to line {number} should have {REASON_MINIMUM} to {ANSWER_LIMIT} characters (rule K07)",
        )
    _write_answer(connection, unit, slip, line=number, text=text)
    key = (line.code, line.field)
    if key in {(f.code, f.field) for f in latter.findings if f.severity is Severity.CONFIRM}:
        write_reason(connection, unit, latter.id, finding=key, text=text)
    remember(connection, unit, latter.id, Act(action="answered", detail=f"第 {number} 条“{line.name}”:{text}"))


def _asked(connection: Connection, unit: str, latter: Submission, number: int) -> tuple[Slip, Line]:
    if latter.replaced_by or latter.state != "received":
        raise RefusedError("这一版已经办结,不能再答复", "this version can no longer be answered for")
    found = answered_in(connection, unit, latter)
    reply = next((reply for reply in found[1] if reply.number == number), None) if found else None
    if found is None or reply is None:
        raise RefusedError(f"没有要答复的第 {number} 条", f"there is no line {number} to answer")
    if reply.must_be_fixed:
        raise RefusedError(
            f"第 {number} 条“{reply.line.name}”必须改正,不能用文字答复。请改好再传(规则 K07)",
            f"line {number} must be corrected; words do not answer it (rule K07)",
        )
    return found[0], reply.line


def _write_answer(connection: Connection, unit: str, slip: Slip, *, line: int, text: str) -> None:
    own = slip.submission.id
    mine = (slip_answers.c.unit_id == unit) & (slip_answers.c.submission_id == own)
    connection.execute(delete(slip_answers).where(mine & (slip_answers.c.line == line)))
    values = {"unit_id": unit, "submission_id": own, "line": line, "text": text, "given_at": now()}
    connection.execute(insert(slip_answers).values(values))
