"""Reasons (情况说明) as they are kept: for the findings of a submission that ask to be confirmed."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from services.records.store import now
from services.records.tables import reasons


def write_reason(connection: Connection, unit: str, own: str, *, finding: tuple[str, str], text: str) -> None:
    """Keep the reason for the finding `(code, field)`, in the place of an earlier one."""
    code, field = finding
    mine = (reasons.c.unit_id == unit) & (reasons.c.submission_id == own)
    connection.execute(delete(reasons).where(mine & (reasons.c.code == code) & (reasons.c.field == field)))
    values = {"unit_id": unit, "submission_id": own, "code": code, "field": field, "text": text, "given_at": now()}
    connection.execute(insert(reasons).values(values))


def reasons_in(connection: Connection, unit: str, own: str) -> dict[tuple[str, str], str]:
    """Return the reasons given for a submission's findings, by (code, field)."""
    mine = (reasons.c.unit_id == unit) & (reasons.c.submission_id == own)
    return {(row.code, row.field): row.text for row in connection.execute(select(reasons).where(mine))}
