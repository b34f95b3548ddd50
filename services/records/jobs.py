"""Batches that were made: the list, what was found in it, and the zip of the filled forms."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, insert, select

from services.carriers.reading_json import findings_from_json
from services.findings import Finding, as_dict
from services.records import blobs
from services.records.store import Store, new_id, now, reading, writing
from services.records.tables import jobs


class UnknownJobError(LookupError):
    """This unit has no such job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A kept job: `filename` of the list, how many forms were `made`, and what is wrong with its rows."""

    id: str
    kind: str
    form: str
    filename: str
    made: int
    findings: tuple[Finding, ...]
    zip_sha: str
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A batch as it was made: of which form, from which list, and its zip."""

    form: str
    filename: str
    made: int
    findings: Sequence[Finding]
    archive: bytes


def keep(store: Store, unit: str, batch: Batch) -> Job:
    """Return the kept job."""
    zip_sha = blobs.put(store.files, unit, batch.archive)
    own = new_id()
    values = {
        "id": own,
        "unit_id": unit,
        "kind": "batch",
        "form": batch.form,
        "filename": batch.filename,
        "made": batch.made,
        "findings": json.dumps([as_dict(finding) for finding in batch.findings], ensure_ascii=False),
        "zip_sha": zip_sha,
        "created_at": now(),
    }
    with writing(store) as connection:
        connection.execute(insert(jobs).values(values))
    return get(store, unit, own)


def get(store: Store, unit: str, own: str) -> Job:
    """Return a job of `unit`.

    Raises:
        UnknownJobError: the unit has none of that id.
    """
    with reading(store) as connection:
        row = connection.execute(select(jobs).where(jobs.c.unit_id == unit, jobs.c.id == own)).first()
    if row is None:
        raise UnknownJobError(own)
    return _job(row)


def archive(store: Store, unit: str, job: Job) -> bytes:
    """Return the job's zip.

    Raises:
        BlobError: the file is no longer what was kept.
    """
    return blobs.get(store.files, unit, job.zip_sha)


def _job(row: Row[Any]) -> Job:
    values: dict[str, Any] = {name: getattr(row, name) for name in Job.__dataclass_fields__}
    values["findings"] = findings_from_json(json.loads(row.findings))
    return Job(**values)
