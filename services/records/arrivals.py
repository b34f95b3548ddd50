"""A completed form arrives: kept once, numbered, and made the newest version for its station.

The same file of the same unit is the same submission. Another file for the same station and form is
its next version: the old one is kept, replaced, and can no longer change (rules D09, K08).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from services.findings import Finding, Problem, Severity, as_dict, found
from services.form import Form
from services.record import Record, to_json
from services.records import blobs
from services.records.review import carry_reasons
from services.records.store import Act, Store, new_id, now, remember, writing
from services.records.submissions import Submission, fetch, form_of, from_row, of_unit, record_of
from services.records.tables import submissions

_IDENTITIES = ("id_no", "agency_code", "name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A completed form as it came in: what was sent, and what was made of it.

    `replaces` is the submission whose next version this is said to be, '' to let the record tell.
    """

    form: Form
    record: Record
    findings: tuple[Finding, ...]
    original: bytes
    filename: str
    carrier: str
    marked: bytes | None = None
    replaces: str = ""


def station_of(form: Form, record: Record) -> str:
    """Return the name that a submission is listed under: the station, or the person and the unit of form 3."""
    parts = (record.values.get("name"), record.values.get("unit"))
    return " · ".join(str(part) for part in parts if part) or f"(未填名称的{form.short_title})"


def series_of(form: Form, record: Record) -> str:
    """Return what ties versions together: the form with the number and the name of its person or station.

    Both must agree: a number typed wrongly must not replace the form of the station that bears it. ''
    when the record names nobody.
    """
    known = [str(record.values.get(key) or "") for key in _IDENTITIES]
    return hashlib.sha256("\n".join((form.id, *known)).encode()).hexdigest() if any(known) else ""


def keep(store: Store, unit: str, arrival: Arrival) -> tuple[Submission, bool]:
    """Return the submission of an arrival, and whether it is new; its files are on the disk first."""
    original = blobs.put(store.files, unit, arrival.original)
    marked = blobs.put(store.files, unit, arrival.marked) if arrival.marked else None
    with writing(store) as connection:
        same = connection.execute(of_unit(unit).where(submissions.c.live_sha == original)).first()
        if same:
            return from_row(same), False
        row = _row(connection, unit, arrival) | {"original_sha": original, "live_sha": original, "marked_sha": marked}
        connection.execute(insert(submissions).values(row))
        _replace(connection, unit, row)
        remember(connection, unit, row["id"], Act(action="received", sha=original, detail=arrival.filename))
        return fetch(connection, unit, row["id"]), True


def _row(connection: Connection, unit: str, arrival: Arrival) -> dict[str, Any]:
    form, record, own = arrival.form, arrival.record, new_id()
    findings = (*_strayed(connection, unit, arrival), *arrival.findings)
    series = _series(connection, unit, arrival) or own
    mine = submissions.c.unit_id == unit
    number = connection.execute(select(func.max(submissions.c.number)).where(mine)).scalar() or 0
    in_series = mine & (submissions.c.series == series)
    version = connection.execute(select(func.max(submissions.c.version)).where(in_series)).scalar() or 0
    return {
        "id": own,
        "unit_id": unit,
        "number": number + 1,
        "series": series,
        "version": version + 1,
        "form": form.id,
        "edition": record.edition,
        "region": record.region,
        "station": station_of(form, record),
        "agency_code": str(record.values.get("agency_code") or ""),
        "state": "received",
        "carrier": arrival.carrier,
        "filename": arrival.filename,
        "record": json.dumps(to_json(form, record), ensure_ascii=False),
        "findings": json.dumps([as_dict(finding) for finding in findings], ensure_ascii=False),
        "created_at": now(),
    }


def _series(connection: Connection, unit: str, arrival: Arrival) -> str:
    """Return the series that the clerk named by pressing the button beside it, else the record's own."""
    named = _named(connection, unit, arrival)
    if named and not _is_of_another(named, arrival):
        return named.series
    own = series_of(arrival.form, arrival.record)
    namesakes = _namesakes(connection, unit, arrival) if own else ()
    return next((one.series for one in namesakes if _said_by(one) == own), own)


def _namesakes(connection: Connection, unit: str, arrival: Arrival) -> Iterator[Submission]:
    """Yield the standing versions under the same name: a corrected number stands in the old one's series."""
    form, name = arrival.form, station_of(arrival.form, arrival.record)
    wanted = of_unit(unit).where(submissions.c.form == form.id, submissions.c.station == name)
    yield from map(from_row, connection.execute(wanted.where(submissions.c.replaced_by.is_(None))))


def _said_by(kept: Submission) -> str:
    return series_of(form_of(kept), record_of(kept))


def _named(connection: Connection, unit: str, arrival: Arrival) -> Submission | None:
    wanted = of_unit(unit).where(submissions.c.id == arrival.replaces, submissions.c.form == arrival.form.id)
    row = connection.execute(wanted).first()
    return from_row(row) if row else None


def _is_of_another(named: Submission, arrival: Arrival) -> bool:
    """Return whether all that both say of whose they are differs: a corrected name or number alone does not."""
    former = record_of(named).values
    pairs = [(former.get(key), arrival.record.values.get(key)) for key in arrival.form.known_by]
    told = [(old, new) for old, new in pairs if old and new]
    return bool(told) and all(old != new for old, new in told)


def _strayed(connection: Connection, unit: str, arrival: Arrival) -> tuple[Finding, ...]:
    """Return the finding that a file was sent as the next version of another owner's form (rules D01, D09)."""
    named = _named(connection, unit, arrival)
    if named is None or not _is_of_another(named, arrival):
        return ()
    form, own = arrival.form, station_of(arrival.form, arrival.record)
    problem = Problem(
        rule="D01",
        code="identity.strayed",
        severity=Severity.CONFIRM,
        phrase=f"是“{own}”的,上传在“{named.station}”的表下面,已另作一份收下,没有替换那一份",
        phrase_en="is of another owner than the form it was sent for; kept apart, nothing was replaced",
        got=own,
        want=named.station,
        remedy="传错了的,请撤回这一份,再到原来的表下面上传",
    )
    return (found(problem, field="", label=f"这份{form.short_title}", place=f"《{form.short_title}》"),)


def _replace(connection: Connection, unit: str, row: Mapping[str, Any]) -> None:
    """Make the new row the standing version of its series, the reasons given before going with it."""
    older = (submissions.c.series == row["series"]) & (submissions.c.id != row["id"])
    former = connection.execute(of_unit(unit).where(older, submissions.c.replaced_by.is_(None))).first()
    if former is None:
        return
    standing = (submissions.c.unit_id == unit) & (submissions.c.id == former.id)
    connection.execute(update(submissions).where(standing).values(replaced_by=row["id"]))
    carry_reasons(connection, unit, from_row(former), fetch(connection, unit, row["id"]))
