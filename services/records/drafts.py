"""Drafts: forms being filled on the page, kept as typed until they are sent in.

A draft holds raw text by path, exactly as typed, and the hashes of its pictures. `revision` counts
its changes, so that two tabs do not silently overwrite each other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from services.catalogue import concrete
from services.form import Form
from services.records.store import Act, Store, new_id, now, reading, remember, writing
from services.records.submissions import RefusedError
from services.records.tables import drafts


class UnknownDraftError(LookupError):
    """This unit has no such draft."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft: `raw` is path → text as typed, `pictures` path → SHA-256.

    `submission_id` is the submission whose next version it is to be, None for a new one.
    """

    form: str
    edition: str
    region: str
    raw: Mapping[str, str]
    pictures: Mapping[str, str]
    station: str = ""
    id: str = ""
    revision: int = 0
    submission_id: str | None = None
    changed_at: str = ""


def form_of(draft: Draft) -> Form:
    """Return the form that a draft is of, in its edition and region."""
    return concrete(draft.form, draft.edition, draft.region)


def start(store: Store, unit: str, draft: Draft) -> Draft:
    """Return the draft as kept, with its new id."""
    kept = replace(draft, id=new_id(), revision=1, changed_at=now())
    with writing(store) as connection:
        connection.execute(insert(drafts).values(_row(kept) | {"unit_id": unit}))
        remember(connection, unit, kept.id, Act(action="started"))
    return kept


def save(store: Store, unit: str, draft: Draft) -> Draft:
    """Return the draft as kept, one revision on.

    Raises:
        RefusedError: it was changed or taken away elsewhere since `draft` was read.
    """
    kept = replace(draft, revision=draft.revision + 1, changed_at=now())
    mine = (drafts.c.unit_id == unit) & (drafts.c.id == draft.id) & (drafts.c.revision == draft.revision)
    with writing(store) as connection:
        done = connection.execute(update(drafts).where(mine).values(_row(kept)))
        if done.rowcount != 1:
            raise RefusedError(
                "这份表刚在另一个窗口保存过,本次填写没有写入;请核对下面的最新内容,再改一次",
                "the draft was saved in another window meanwhile; nothing was written",
            )
    return kept


def get(store: Store, unit: str, own: str) -> Draft:
    """Return a draft of `unit`.

    Raises:
        UnknownDraftError: the unit has none of that id.
    """
    with reading(store) as connection:
        row = connection.execute(select(drafts).where(drafts.c.unit_id == unit, drafts.c.id == own)).first()
    if row is None:
        raise UnknownDraftError(own)
    return _draft(row)


def of_unit(store: Store, unit: str, *, limit: int = 50) -> tuple[Draft, ...]:
    """Return the unit's drafts, the last changed first."""
    wanted = select(drafts).where(drafts.c.unit_id == unit).order_by(drafts.c.changed_at.desc()).limit(limit)
    with reading(store) as connection:
        return tuple(_draft(row) for row in connection.execute(wanted))


def remove(store: Store, unit: str, own: str) -> None:
    """Take a draft away: it was sent in, or is no longer wanted."""
    with writing(store) as connection:
        connection.execute(delete(drafts).where(drafts.c.unit_id == unit, drafts.c.id == own))
        remember(connection, unit, own, Act(action="removed"))


def _row(draft: Draft) -> dict[str, Any]:
    values = {name: getattr(draft, name) for name in Draft.__dataclass_fields__}
    return values | {
        "raw": json.dumps(dict(draft.raw), ensure_ascii=False),
        "pictures": json.dumps(dict(draft.pictures)),
    }


def _draft(row: Row[Any]) -> Draft:
    values = {name: getattr(row, name) for name in Draft.__dataclass_fields__}
    return Draft(**values | {"raw": json.loads(row.raw), "pictures": json.loads(row.pictures)})
