"""The days of the notice, 劳社厅函〔2006〕338号, and a region's earlier ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

Span = tuple[date, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The spans and days that the rules compare with; both ends count.

    `licensed` is when a licence must have been issued (二), `station` the self-check and `review` the
    inspection (四), `reported_by` the last day of a province's or industry's packet (四), `certified_by` the
    last day of a quality certificate that exempts: the notice's own.
    """

    licensed: Span = (date(2001, 1, 1), date(2005, 12, 31))
    station: Span = (date(2006, 7, 11), date(2006, 8, 31))
    review: Span = (date(2006, 9, 1), date(2006, 10, 31))
    reported_by: date = date(2006, 10, 21)
    certified_by: date = date(2006, 7, 3)


NOTICE = Calendar()


def brought_forward(calendar: Calendar, last_days: Mapping[str, date]) -> Calendar:
    """Return the calendar with a region's last days; a region may bring dates forward, never back (§9)."""
    station = _ending(calendar.station, last_days.get("station"))
    review = _ending(calendar.review, last_days.get("review") or last_days.get("region"))
    reported_by = min(calendar.reported_by, last_days.get("region") or calendar.reported_by)
    return replace(calendar, station=station, review=review, reported_by=reported_by)


def _ending(span: Span, last: date | None) -> Span:
    return (span[0], min(span[1], last)) if last else span
