"""What one press of the upload button brought, kept so that its result page can be opened again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import insert, select

from services.records.store import Store, new_id, now, reading, writing
from services.records.tables import uploads


class UnknownUploadError(LookupError):
    """This unit has no such upload."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one uploaded file: a submission, or the sentence that says why it could not be read.

    `archive` is the zip that the file lay in, '' for a file that was sent by itself.
    """

    filename: str
    archive: str = ""
    submission_id: str = ""
    is_new: bool = False
    message: str = ""
    message_en: str = ""
    code: str = ""


def keep(store: Store, unit: str, outcomes: Sequence[Outcome]) -> str:
    """Return the new id of the outcomes of one upload."""
    own, text = new_id(), json.dumps([asdict(outcome) for outcome in outcomes], ensure_ascii=False)
    with writing(store) as connection:
        connection.execute(insert(uploads).values(id=own, unit_id=unit, outcomes=text, created_at=now()))
    return own


def get(store: Store, unit: str, own: str) -> tuple[Outcome, ...]:
    """Return the outcomes of an upload of `unit`, in the order of its files.

    Raises:
        UnknownUploadError: the unit has none of that id.
    """
    wanted = select(uploads.c.outcomes).where(uploads.c.unit_id == unit, uploads.c.id == own)
    with reading(store) as connection:
        text = connection.execute(wanted).scalar()
    if text is None:
        raise UnknownUploadError(own)
    return tuple(Outcome(**entry) for entry in json.loads(text))
