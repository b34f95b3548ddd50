"""What may become of a submission: accepted, returned for correction, withdrawn; findings explained with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from sqlalchemy import Connection, update

from services.findings import REASON_MINIMUM, Severity
from services.records.reasons import reasons_in, write_reason
from services.records.slip import Terms
from services.records.slips import keep_slip, refuse_unanswered
from services.records.store import Act, Store, now, reading, remember, writing
from services.records.submissions import RefusedError, Submission, count, fetch
from services.records.tables import submissions

STATES: Mapping[str, str] = MappingProxyType(
    {"received": "已提交", "returned": "已退回", "accepted": "审核通过", "withdrawn": "已撤回"}
)
ACTIONS: Mapping[str, str] = MappingProxyType({"return": "退回修改", "accept": "审核通过", "withdraw": "撤回"})
_NEXT: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("return", "received"): "returned",
        ("return", "accepted"): "returned",
        ("accept", "received"): "accepted",
        ("withdraw", "received"): "withdrawn",
        ("withdraw", "returned"): "withdrawn",
    }
)


class MissingMessageError(RefusedError):
    """A form is returned without a word on what to correct."""


def move(store: Store, unit: str, own: str, *, action: str, message: str = "") -> Submission:
    """Return the submission after `action` (`return`, `accept`, `withdraw`), written into its history.

    Raises:
        UnknownSubmissionError: the unit has none of that id.
        MissingMessageError: it is returned without a message.
        RefusedError: the action does not fit the submission as it stands, or lines of its return slip are
            still open (rule K07).
    """
    if action == "return":
        return give_back(store, unit, own, message, Terms(today=date.fromisoformat(now()[:10])))
    with writing(store) as connection:
        found = fetch(connection, unit, own)
        state = _next_state(found, action)
        if action == "accept":
            refuse_unanswered(connection, unit, found)
        return _moved(connection, unit, found, Act(action=state, sha=found.original_sha, detail=message))


def give_back(store: Store, unit: str, own: str, message: str, terms: Terms) -> Submission:
    """Return the submission, returned for correction with its slip (退回修改单, rule K07).

    Raises:
        UnknownSubmissionError: the unit has none of that id.
        MissingMessageError: there is no message.
        DeadlineError: the deadline is past already.
        RefusedError: it cannot be returned as it stands.
    """
    if not message.strip():
        raise MissingMessageError(
            "退回修改要写明意见:哪里要改、怎么改。请填写意见后再退回",
            "returning needs a message: what is to be corrected",
        )
    with writing(store) as connection:
        found = fetch(connection, unit, own)
        state = _next_state(found, "return")
        keep_slip(connection, unit, found, message, terms)
        return _moved(connection, unit, found, Act(action=state, sha=found.original_sha, detail=message))


def _moved(connection: Connection, unit: str, found: Submission, act: Act) -> Submission:
    """Return the submission in the state that `act` names, the act remembered."""
    # A withdrawn file may be sent again: its hash no longer stands for this submission.
    values = {"state": act.action} | ({"live_sha": None} if act.action == "withdrawn" else {})
    mine = (submissions.c.unit_id == unit) & (submissions.c.id == found.id)
    connection.execute(update(submissions).where(mine).values(values))
    remember(connection, unit, found.id, act)
    return fetch(connection, unit, found.id)


def _next_state(found: Submission, action: str) -> str:
    if found.replaced_by:
        raise RefusedError("这一版已被新版本替换;请在最新版本上办理", "this version was replaced; use the newest one")
    state = _NEXT.get((action, found.state))
    if state is None:
        said, wanted = STATES[found.state], ACTIONS[action]
        raise RefusedError(f"目前状态是“{said}”,不能{wanted}", f"cannot {action} what is {found.state}")
    faults = count(found, Severity.MUST_FIX)
    if action == "accept" and faults:
        raise RefusedError(
            f"还有 {faults} 处必须修改,不能审核通过;请退回修改", f"{faults} findings must be fixed before acceptance"
        )
    return state


def give_reason(store: Store, unit: str, own: str, *, finding: tuple[str, str], text: str) -> None:
    """Keep the reason for the finding `(code, field)`, in the place of an earlier one.

    Raises:
        UnknownSubmissionError: the unit has none of that id.
        RefusedError: the submission has no such finding to confirm, the reason is too short, or this version
            stands no longer.
    """
    said = text.strip()
    if len(said) < REASON_MINIMUM:
        raise RefusedError(f"情况说明至少写 {REASON_MINIMUM} 个字", f"a reason has {REASON_MINIMUM} characters or more")
    with writing(store) as connection:
        kept = fetch(connection, unit, own)
        if not kept.stands:
            raise RefusedError(
                "这一版已被新版替换或撤回,说明没有保存;请写在最新的一版上",
                "this version was replaced or withdrawn; give the reason for the newest one",
            )
        asked = {(f.code, f.field) for f in kept.findings if f.severity is Severity.CONFIRM}
        if finding not in asked:
            raise RefusedError("这份表没有这一处需要确认的内容", "there is no such finding to confirm")
        write_reason(connection, unit, own, finding=finding, text=said)
        remember(connection, unit, own, Act(action="explained", detail=f"{' '.join(finding)}: {said}"))


def reasons_of(store: Store, unit: str, own: str) -> Mapping[tuple[str, str], str]:
    """Return the reasons given for a submission's findings, by (code, field)."""
    with reading(store) as connection:
        return reasons_in(connection, unit, own)


def carry_reasons(connection: Connection, unit: str, old: Submission, new: Submission) -> None:
    """Give the new version those reasons whose finding it still has, with the same content."""
    still = {(f.code, f.field, f.got) for f in new.findings}
    same = {(f.code, f.field) for f in old.findings if (f.code, f.field, f.got) in still}
    for finding, text in reasons_in(connection, unit, old.id).items():
        if finding in same:
            write_reason(connection, unit, new.id, finding=finding, text=text)
