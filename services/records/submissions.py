"""Submissions: completed forms that were sent in, and how a unit finds them again.

The same file of the same unit is the same submission (`services.records.arrivals`); what may become
of one is in `services.records.review`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from services.carriers.reading_json import findings_from_json
from services.catalogue import concrete
from services.findings import Finding, Severity
from services.form import Form
from services.record import Record, from_json
from services.records import blobs
from services.records.store import Store, reading
from services.records.tables import submissions


class UnknownSubmissionError(LookupError):
    """This unit has no such submission."""


class RefusedError(ValueError):
    """The step cannot be taken; `message` says why and what to do, `message_en` the same in English."""

    def __init__(self, message: str, message_en: str) -> None:
        """Keep both wordings."""
        super().__init__(message)
        self.message = message
        self.message_en = message_en


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A kept submission; `record` is its JSON, hashes are SHA-256 in hex, `created_at` UTC.

    `number` counts the unit's submissions, `version` those of one station and form (a series).
    """

    id: str
    number: int
    series: str
    version: int
    replaced_by: str | None
    form: str
    edition: str
    region: str
    station: str
    agency_code: str
    state: str
    carrier: str
    filename: str
    original_sha: str
    marked_sha: str | None
    record: Mapping[str, Any]
    findings: tuple[Finding, ...]
    created_at: str

    @property
    def stands(self) -> bool:
        """Whether it is neither replaced nor withdrawn."""
        return self.replaced_by is None and self.state != "withdrawn"


def count(submission: Submission, severity: Severity) -> int:
    """Return how many findings of a submission have this severity."""
    return sum(finding.severity is severity for finding in submission.findings)


def form_of(submission: Submission) -> Form:
    """Return the form that a submission is of, in its edition and region."""
    return concrete(submission.form, submission.edition, submission.region)


def record_of(submission: Submission) -> Record:
    """Return the record of a submission."""
    return from_json(form_of(submission), submission.record, partial=True)[0]


def of_unit(unit: str) -> Select[Any]:
    """Return the query for a unit's submissions."""
    return select(submissions).where(submissions.c.unit_id == unit)


def from_row(row: Row[Any]) -> Submission:
    """Return the submission in a row."""
    values = {name: getattr(row, name) for name in Submission.__dataclass_fields__}
    values["record"] = json.loads(row.record)
    values["findings"] = findings_from_json(json.loads(row.findings))
    return Submission(**values)


def fetch(connection: Connection, unit: str, own: str) -> Submission:
    """Return a submission of `unit` within a transaction.

    Raises:
        UnknownSubmissionError: the unit has none of that id.
    """
    row = connection.execute(of_unit(unit).where(submissions.c.id == own)).first()
    if row is None:
        raise UnknownSubmissionError(own)
    return from_row(row)


def get(store: Store, unit: str, own: str) -> Submission:
    """Return a submission of `unit`.

    Raises:
        UnknownSubmissionError: the unit has none of that id.
    """
    with reading(store) as connection:
        return fetch(connection, unit, own)


def standing(store: Store, unit: str, *, limit: int = 200) -> tuple[Submission, ...]:
    """Return the unit's standing versions (not replaced, not withdrawn), newest first."""
    wanted = of_unit(unit).where(submissions.c.replaced_by.is_(None), submissions.c.state != "withdrawn")
    with reading(store) as connection:
        rows = connection.execute(wanted.order_by(submissions.c.number.desc()).limit(limit))
        return tuple(from_row(row) for row in rows)


def versions(store: Store, unit: str, submission: Submission) -> tuple[Submission, ...]:
    """Return every version of a submission's series, newest first."""
    wanted = of_unit(unit).where(submissions.c.series == submission.series)
    with reading(store) as connection:
        return tuple(from_row(row) for row in connection.execute(wanted.order_by(submissions.c.version.desc())))


def original(store: Store, unit: str, submission: Submission) -> bytes:
    """Return the file as the clerk sent it.

    Raises:
        BlobError: the file is no longer what was sent.
    """
    return blobs.get(store.files, unit, submission.original_sha)


def marked(store: Store, unit: str, submission: Submission) -> bytes | None:
    """Return the marked copy, None when there is none.

    Raises:
        BlobError: the file is no longer what was kept.
    """
    return blobs.get(store.files, unit, submission.marked_sha) if submission.marked_sha else None
