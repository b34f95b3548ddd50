"""Returning and answering: the pages and the API do it alike (rule K07)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from services.compare import as_dict
from services.kinds.text import clean
from services.records import review, slips, submissions
from services.records.settle import Reply
from services.records.slip import Line, Slip, Terms, default_deadline
from services.records.slips import Answering, DeadlineError, UnknownSlipError
from services.records.submissions import Submission
from web import scope
from web.refusals import AskedWronglyError

MESSAGE_LIMIT = 2_000
HANDLER_LIMIT = 40


def terms_of(said: Callable[[str], object]) -> Terms:
    """Return what is said of a return beside its message: `deadline` (a day, ISO) and `handler` (经办人).

    Raises:
        AskedWronglyError: the name of the handler is too long.
        DeadlineError: the deadline is no day.
    """
    text, handler = (clean(str(said(name) or "")) for name in ("deadline", "handler"))
    try:
        deadline = date.fromisoformat(text) if text else None
    except ValueError as error:
        message = f"改好期限应写成 2006-08-31 这样,现在是“{text[:40]}”"
        raise DeadlineError(message, "`deadline` should be a day such as 2006-08-31") from error
    return Terms(today=scope.today(), deadline=deadline, handler=_within(handler, HANDLER_LIMIT, "经办人"))


def _within(text: str, limit: int, label: str) -> str:
    if len(text) > limit:
        message = f"“{label}”最多 {limit} 个字,现在是 {len(text)} 个。请写短些"
        raise AskedWronglyError(message, f"at most {limit} characters, there are {len(text)}")
    return text


def act(own: str, action: str, message: str, said: Callable[[str], object]) -> Submission:
    """Return the submission after it was returned, accepted or withdrawn.

    Raises:
        UnknownSubmissionError: the unit has none of that id.
        AskedWronglyError: the message is too long.
        RefusedError: it cannot be, as it stands.
    """
    store, unit, words = scope.store(), scope.unit(), _within(clean(message), MESSAGE_LIMIT, "退回意见")
    if action == "return":
        return review.give_back(store, unit, own, words, terms_of(said))
    return review.move(store, unit, own, action=action, message=words)


def suggested_deadline(submission: Submission) -> date:
    """Return the last day that is suggested for correcting a form which is returned today."""
    return default_deadline(submission.region, scope.today())


def own_slip(submission: Submission) -> Slip | None:
    """Return the slip with which a submission was returned."""
    return slips.slip_of(scope.store(), scope.unit(), submission)


def answering(submission: Submission) -> Answering | None:
    """Return the slip that a submission has to answer, with its replies."""
    return slips.answering(scope.store(), scope.unit(), submission)


def slip_at(own: str) -> tuple[Slip, tuple[Reply, ...]]:
    """Return the slip of a submission, its own or else the one it has to answer, and its replies to that.

    Raises:
        UnknownSubmissionError: the unit has none of that id.
        UnknownSlipError: no slip concerns it.
    """
    submission = submissions.get(scope.store(), scope.unit(), own)
    slip = own_slip(submission)
    if slip:
        return slip, ()
    found = answering(submission)
    if found is None:
        raise UnknownSlipError(own)
    return found


def shown(slip: Slip, given: tuple[Reply, ...]) -> dict[str, object]:
    """Return a slip as the API gives it; with replies each line has its state, changes and answer."""
    replied = {reply.number: reply for reply in given}
    return {
        "number": slip.number,
        "submission": slip.submission.id,
        "station": slip.submission.station,
        "form": slip.submission.form,
        "version": slip.submission.version,
        "unit": slip.unit_name,
        "deadline": slip.deadline.isoformat(),
        "handler": slip.handler,
        "returned_on": slip.returned_on.isoformat(),
        "lines": [_line(number, line, replied.get(number)) for number, line in enumerate(slip.lines, 1)],
        "open": sum(reply.state == "open" for reply in given) if given else len(slip.lines),
    }


def _line(number: int, line: Line, reply: Reply | None) -> dict[str, object]:
    return {
        "line": number,
        "label": line.label,
        "place": line.place,
        "problem": line.problem,
        "rule": line.rule,
        "remedy": line.remedy,
        "field": line.field,
        "code": line.code,
        "state": reply.state if reply else "open",
        "changes": [as_dict(change) for change in reply.changes] if reply else [],
        "answer": reply.answer if reply else "",
    }
