"""Attachments of packets: what clerks hand in beside the forms, each named by its kind and item."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Row, delete, insert, select

from services.records import blobs, owners
from services.records.owners import Owners
from services.records.store import Act, Store, new_id, now, reading, remember, writing
from services.records.tables import attachments


class UnknownAttachmentError(LookupError):
    """This unit has no such attachment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A kept attachment; `kind` is a piece of the packet, `item` the evaluated item that it is evidence of."""

    id: str
    kind: str
    item: str
    filename: str
    sha: str
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """An attachment as it came in."""

    kind: str
    item: str
    filename: str
    data: bytes


def keep(store: Store, unit: str, handed: Handed) -> Attachment:
    """Return the kept attachment; the same file of the same kind and item is kept once.

    Handed in once more, it may go into its next packet, whoever's it was.
    """
    sha = blobs.put(store.files, unit, handed.data)
    same = select(attachments).where(
        attachments.c.unit_id == unit,
        attachments.c.sha == sha,
        attachments.c.kind == handed.kind,
        attachments.c.item == handed.item,
    )
    with writing(store) as connection:
        row = connection.execute(same).first()
        if row is None:
            values = {"id": new_id(), "unit_id": unit, "kind": handed.kind, "item": handed.item}
            values |= {"filename": handed.filename, "sha": sha, "created_at": now()}
            connection.execute(insert(attachments).values(values))
            remember(connection, unit, values["id"], Act(action="attached", sha=sha, detail=handed.filename))
            row = connection.execute(same).one()
        owners.release(connection, unit, row.id)
    return _attachment(row)


def of_unit(store: Store, unit: str) -> tuple[Attachment, ...]:
    """Return the unit's attachments, oldest first."""
    wanted = select(attachments).where(attachments.c.unit_id == unit)
    with reading(store) as connection:
        return tuple(_attachment(row) for row in connection.execute(wanted.order_by(attachments.c.created_at)))


def get(store: Store, unit: str, own: str) -> Attachment:
    """Return an attachment of `unit`.

    Raises:
        UnknownAttachmentError: the unit has none of that id.
    """
    with reading(store) as connection:
        row = connection.execute(select(attachments).where(_mine(unit, own))).first()
    if row is None:
        raise UnknownAttachmentError(own)
    return _attachment(row)


def owned(store: Store, unit: str) -> Owners:
    """Return whose the unit's attachments are, by their ids."""
    with reading(store) as connection:
        return owners.of_unit(connection, unit)


def place(store: Store, unit: str, attachment: Attachment) -> Path:
    """Return where the file of an attachment stands.

    Raises:
        BlobError: the file is no longer what was kept.
    """
    return blobs.place(store.files, unit, attachment.sha)


def remove(store: Store, unit: str, own: str) -> None:
    """Take an attachment off the list; its file stays, packets already bound from it are whole."""
    with writing(store) as connection:
        connection.execute(delete(attachments).where(_mine(unit, own)))
        owners.forget(connection, unit, own)
        remember(connection, unit, own, Act(action="removed"))


def _mine(unit: str, own: str) -> Any:
    return (attachments.c.unit_id == unit) & (attachments.c.id == own)


def _attachment(row: Row[Any]) -> Attachment:
    return Attachment(**{name: getattr(row, name) for name in Attachment.__dataclass_fields__})
