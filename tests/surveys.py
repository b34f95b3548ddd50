"""Surveys for tests: sample forms of invented stations, reviewed, changed as a case says, and reduced to lines."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from services.answers import scalars
from services.catalogue import concrete
from services.record import Record, parse, shown
from services.sample import sample
from services.survey.line import Line, Origin, reduce
from services.totals import completed

SHORT = "情况属实。"
"""Long answers of samples are alike by nature; this one is too short to be compared (rule D11)."""


@cache
def texts_of(form_id: str, seed: int, edition: str = "", region: str = "") -> Mapping[str, str]:
    form = concrete(form_id, edition, region)
    computed = {key for key, field in scalars(form).items() if field.total_of}
    texts = {path: text for path, text in shown(form, sample(form, seed)).items() if path not in computed}
    texts |= {f"items.{item.id}.review": texts[f"items.{item.id}.self"] for item in form.items}
    texts |= {key: SHORT for key in ("conclusion", "rectification", "deeds") if key in texts}
    texts |= {"disposal": "通过"} if "disposal" in texts else {}
    if form_id == "station-recommendation":
        texts |= {"review_total": "92"}  # as the reviewed form 1 has it
    return texts | ({"rank": str(seed + 1)} if "rank" in texts else {})


def record_of(form_id: str, seed: int, changes: Mapping[str, str] | None = None, **issued: str) -> Record:
    form = concrete(form_id, issued.get("edition", ""), issued.get("region", ""))
    texts = dict(texts_of(form_id, seed, **issued)) | dict(changes or {})
    record, findings = parse(form, {path: text for path, text in texts.items() if text}, {}, {})
    assert not [f for f in findings if f.severity == "must-fix"], findings
    return completed(form, record)


def line_of(form_id: str, seed: int = 0, changes: Mapping[str, str] | None = None, **told: str) -> Line:
    issued = {key: told[key] for key in ("edition", "region") if key in told}
    record = record_of(form_id, seed, changes, **issued)
    form = concrete(record.form, record.edition, record.region)
    origin = Origin(name=told.get("name", f"{form_id}-{seed}.json"), received=told.get("received", ""))
    return reduce(form, record, origin)


def lines_of(case: Mapping[str, Any], *, spoilt: bool) -> list[Line]:
    """The lines of a case: `[[form]]` with form, seed, `changes`; `fault` and `only_spoilt` when it is spoilt."""
    lines = []
    for told in case["form"]:
        if spoilt or not told.get("only_spoilt"):
            changes = told.get("changes", {}) | (told.get("fault", {}) if spoilt else {})
            named = {key: told[key] for key in ("name", "received", "edition", "region") if key in told}
            lines.append(line_of(told["form"], told.get("seed", 0), changes, **named))
    return lines
