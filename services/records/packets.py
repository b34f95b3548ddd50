"""Packets that were bound: the PDF, the zip with the originals, and what went in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Row, func, insert, select

from services.records import blobs, owners
from services.records.owners import Owner
from services.records.store import Act, Store, new_id, now, reading, remember, writing
from services.records.tables import packets


class UnknownPacketError(LookupError):
    """This unit has no such packet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """A kept packet; `manifest` is its own manifest, `inputs` the ids of the submissions and attachments in it."""

    id: str
    number: int
    recipe: str
    station: str
    inputs: tuple[str, ...]
    manifest: Mapping[str, Any]
    pdf_sha: str
    zip_sha: str
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A packet as it was bound; `filed` are the attachments in it that are the owner's from now on."""

    recipe: str
    station: str
    inputs: tuple[str, ...]
    manifest: Mapping[str, Any]
    pdf: bytes
    archive: bytes
    owner: Owner
    filed: tuple[str, ...] = ()


def keep(store: Store, unit: str, binding: Binding) -> Packet:
    """Return the kept packet; the same inputs give the same bytes, and those are kept once.

    Its attachments are filed under its owner.
    """
    pdf_sha = blobs.put(store.files, unit, binding.pdf)
    zip_sha = blobs.put(store.files, unit, binding.archive)
    same = select(packets).where(packets.c.unit_id == unit, packets.c.pdf_sha == pdf_sha, packets.c.zip_sha == zip_sha)
    with writing(store) as connection:
        row = connection.execute(same).first()
        if row is None:
            last = connection.execute(select(func.max(packets.c.number)).where(packets.c.unit_id == unit)).scalar()
            values = _row(binding) | {"unit_id": unit, "number": (last or 0) + 1}
            values |= {"pdf_sha": pdf_sha, "zip_sha": zip_sha}
            connection.execute(insert(packets).values(values))
            remember(connection, unit, values["id"], Act(action="bound", sha=pdf_sha, detail=binding.station))
            row = connection.execute(same).one()
        owners.file_under(connection, unit, binding.filed, binding.owner)
    return _packet(row)


def _row(binding: Binding) -> dict[str, Any]:
    return {
        "id": new_id(),
        "recipe": binding.recipe,
        "station": binding.station,
        "inputs": json.dumps(binding.inputs),
        "manifest": json.dumps(dict(binding.manifest), ensure_ascii=False),
        "created_at": now(),
    }


def get(store: Store, unit: str, own: str) -> Packet:
    """Return a packet of `unit`.

    Raises:
        UnknownPacketError: the unit has none of that id.
    """
    with reading(store) as connection:
        row = connection.execute(select(packets).where(packets.c.unit_id == unit, packets.c.id == own)).first()
    if row is None:
        raise UnknownPacketError(own)
    return _packet(row)


def of_unit(store: Store, unit: str, *, limit: int = 50) -> tuple[Packet, ...]:
    """Return the unit's packets, newest first."""
    wanted = select(packets).where(packets.c.unit_id == unit).order_by(packets.c.number.desc()).limit(limit)
    with reading(store) as connection:
        return tuple(_packet(row) for row in connection.execute(wanted))


def pdf(store: Store, unit: str, packet: Packet) -> bytes:
    """Return the packet's PDF.

    Raises:
        BlobError: the file is no longer what was kept.
    """
    return blobs.get(store.files, unit, packet.pdf_sha)


def archive(store: Store, unit: str, packet: Packet) -> bytes:
    """Return the packet's zip.

    Raises:
        BlobError: the file is no longer what was kept.
    """
    return blobs.get(store.files, unit, packet.zip_sha)


def archive_place(store: Store, unit: str, packet: Packet) -> Path:
    """Return where the packet's zip stands.

    Raises:
        BlobError: the file is no longer what was kept.
    """
    return blobs.place(store.files, unit, packet.zip_sha)


def _packet(row: Row[Any]) -> Packet:
    values = {name: getattr(row, name) for name in Packet.__dataclass_fields__}
    return Packet(**values | {"inputs": tuple(json.loads(row.inputs)), "manifest": json.loads(row.manifest)})
