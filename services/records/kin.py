"""Two standing forms that may be one: the same owner, with the number or the name written in two ways (rule D09).

Neither replaced the other when it came in, since a number typed wrongly must not replace the form of
the station that bears it. A person who knows says that the later one is the next version of the earlier.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, update

from services.records.review import carry_reasons
from services.records.store import Act, Store, remember, writing
from services.records.submissions import RefusedError, Submission, fetch, form_of, of_unit
from services.records.tables import submissions

MOST_SLIPS = 2
"""In so many places a number may be mistyped and still be meant for the same."""


def alike(standing: Iterable[Submission]) -> Mapping[str, tuple[Submission, ...]]:
    """Return, by the id of each standing form, the others that may be of the same owner."""
    known = [(one, _identity(one)) for one in standing]
    found = {
        one.id: tuple(other for other, theirs in known if other.series != one.series and _may_be_one(mine, theirs))
        for one, mine in known
    }
    return {own: others for own, others in found.items() if others}


def _identity(submission: Submission) -> tuple[str, ...]:
    """Return the form and what it says of whose it is: its number, then its name."""
    values = submission.record["values"]
    return submission.form, *(str(values.get(key) or "") for key in form_of(submission).known_by)


def _may_be_one(mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    if mine[0] != theirs[0] or not all((*mine[2:], *theirs[2:])):
        return False
    if mine[2:] == theirs[2:]:
        return is_slip(mine[1], theirs[1])
    return bool(mine[1]) and mine[1] == theirs[1]


def is_slip(one: str, other: str) -> bool:
    """Return whether two numbers differ as a mistyped one does: in two places, or by a digit; or one is missing."""
    long, short = sorted((one, other), key=len, reverse=True)
    if not short or len(long) == len(short):
        return not short or sum(a != b for a, b in zip(long, short, strict=True)) <= MOST_SLIPS
    return any(long[:place] + long[place + 1 :] == short for place in range(len(long)))


def replace(store: Store, unit: str, own: str, former: str) -> Submission:
    """Return the submission as the next version of an earlier one that it turns out to correct; both are kept.

    Its own earlier versions go with it, and the reasons that were given for the earlier form.

    Raises:
        UnknownSubmissionError: the unit has none of these ids.
        RefusedError: one of them was replaced or withdrawn, it is the earlier of the two, or they are not alike.
    """
    with writing(store) as connection:
        later, earlier = fetch(connection, unit, own), fetch(connection, unit, former)
        _refuse_unfit(later, earlier)
        mine = submissions.c.unit_id == unit
        for number, version in enumerate(_versions(connection, unit, later), earlier.version + 1):
            values = {"series": earlier.series, "version": number}
            connection.execute(update(submissions).where(mine & (submissions.c.id == version)).values(values))
        replaced = update(submissions).where(mine & (submissions.c.id == former)).values(replaced_by=own)
        connection.execute(replaced)
        carry_reasons(connection, unit, earlier, later)
        detail = f"SL{earlier.number:05d} 第 {earlier.version} 版"
        remember(connection, unit, own, Act(action="replaced", sha=later.original_sha, detail=detail))
        return fetch(connection, unit, own)


def _versions(connection: Connection, unit: str, submission: Submission) -> list[str]:
    """Return the ids of a series, the first version first."""
    wanted = of_unit(unit).where(submissions.c.series == submission.series).order_by(submissions.c.version)
    return [row.id for row in connection.execute(wanted)]


def _refuse_unfit(later: Submission, earlier: Submission) -> None:
    if later.stands and earlier.stands and later.number > earlier.number and alike((later, earlier)):
        return
    raise RefusedError(
        "这两份不能这样替换:只有同一家(同一人)的同一种表、都还是现行的一版,才能用后收到的替换先收到的。请刷新页面看看现在的版次",
        "only the later of two standing forms of one owner may replace the other",
    )
