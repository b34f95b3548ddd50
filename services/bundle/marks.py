"""The bookmarks of a packet: its pieces in binding order, and the forms once more station by station."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from services.bundle.inputs import FormInput
from services.bundle.plan import Planned
from services.survey.line import Line
from services.survey.stations import merge_key

Pages = Mapping[str, tuple[int, int]]
"""The first and the last page of each piece, by its key."""

BY_STATION = "按所(站)查找"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A bookmark: its title, its page (1 is the first) and those under it."""

    title: str
    page: int
    under: tuple[Mark, ...] = ()


def marks_of(planned: Sequence[Planned], pages: Pages, parts: Mapping[str, Any]) -> tuple[Mark, ...]:
    """Return the bookmarks of pieces: under the titles of their trails, above those of their parts."""
    found: list[Mark] = []
    for trail, entries in groupby(planned, key=lambda entry: entry.trail):
        under = tuple(_mark(entry, pages, parts) for entry in entries)
        found += [Mark(title=trail[0], page=under[0].page, under=under)] if trail else under
    return tuple(found)


def _mark(entry: Planned, pages: Pages, parts: Mapping[str, Any]) -> Mark:
    found = parts.get(entry.key, ())
    # What the service made in one part bears that part's name already.
    under = tuple(Mark(title=title, page=page) for title, page in found if entry.given or len(found) > 1)
    return Mark(title=entry.label if entry.trail else entry.title, page=pages[entry.key][0], under=under)


# ---- station by station -----------------------------------------------------------------------------


def by_station(planned: Sequence[Planned], pages: Pages, parts: Mapping[str, Any]) -> tuple[Mark, ...]:
    """Return one bookmark with every form under its region and station; none where there are no forms.

    A packet of many stations is bound piece by piece, and all that a station handed in is sought by its name.
    """
    stations: dict[str, list[tuple[Planned, Line]]] = {}
    for entry in planned:
        if isinstance(entry.given, FormInput):
            stations.setdefault(entry.given.line.code, []).append((entry, entry.given.line))
    regions: dict[str, list[Mark]] = {}
    for code in sorted(stations, key=merge_key):
        lines = [line for _, line in stations[code]]
        forms = tuple(_form(entry, line, pages, parts) for entry, line in stations[code])
        mark = Mark(title=f"{_stated(lines, 'name', 'unit')}({code})", page=forms[0].page, under=forms)
        regions.setdefault(_stated(lines, "region_name", "report_to_name"), []).append(mark)
    under = tuple(Mark(title=name or "其他", page=marks[0].page, under=tuple(marks)) for name, marks in regions.items())
    return (Mark(title=BY_STATION, page=under[0].page, under=under),) if under else ()


def _form(entry: Planned, line: Line, pages: Pages, parts: Mapping[str, Any]) -> Mark:
    under = tuple(Mark(title=title, page=page) for title, page in parts.get(entry.key, ()))
    return Mark(title=f"{entry.piece.title} {line.text('person')}".strip(), page=pages[entry.key][0], under=under)


def _stated(lines: Sequence[Line], *facts: str) -> str:
    """Return the first of these facts that one of the forms states, '' where none does."""
    return next((text for fact in facts for line in lines if (text := line.text(fact))), "")
