"""The figures of a packet computed again from the records it carries (rule K03)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from services.catalogue import concrete
from services.record import from_json
from services.survey.figures import as_json, figures_of
from services.survey.line import Line, Origin, reduce
from services.survey.roster import of_unit, read_roster
from services.survey.stations import Survey, survey_of
from services.survey.tables import Made, summaries, texts


def digest_of(survey: Survey) -> dict[str, Any]:
    """Return what a packet's manifest says of its figures: the figures themselves, and a digest of each summary."""
    tables = {made.table.mark: cells_digest(made) for made in summaries(survey)}
    return {"figures": as_json(figures_of(survey)), "tables": tables}


def cells_digest(made: Made) -> str:
    """Return the SHA-256 of every printed cell of a table, in hex."""
    digest = hashlib.sha256()
    for line in texts(made):
        digest.update(json.dumps(line, ensure_ascii=False).encode())
    return digest.hexdigest()


def recompute(
    records: Iterable[Mapping[str, Any]], roster: tuple[str, bytes] | None = None, prefix: str = ""
) -> dict[str, Any]:
    """Return `digest_of` the survey that these records (and the roster, name and bytes) make.

    Of the roster those stations count whose codes begin with `prefix`.

    The records are those that count, one of a form and a station; a faulty one is left out, so that
    the figures differ and the packet is not confirmed.
    """
    listed = read_roster(roster[1], roster[0])[0] if roster else None
    return digest_of(survey_of(_lines(records), of_unit(listed, prefix)[0] if listed else None))


def _lines(records: Iterable[Mapping[str, Any]]) -> Iterator[Line]:
    for number, data in enumerate(records):
        form = concrete(*(str(data.get(key) or "") for key in ("form", "edition", "region")))
        record, _ = from_json(form, data)
        yield reduce(form, record, Origin(name=f"{number}"))
