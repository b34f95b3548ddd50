"""A batch asked for by a page or the API: a list in, a zip of prefilled forms kept."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from services.answers import label_at
from services.batch.files import Made, PatternError, made, names, pack, usual_pattern
from services.batch.rows import Listed, read_list
from services.carriers.reading import UnreadableError
from services.desk import CarrierName
from services.findings import Finding
from services.form import Form
from services.records import jobs
from services.records.jobs import Batch, Job
from web import scope
from web.refusals import AskedWronglyError

MOST = MappingProxyType({"docx": 1000, "xlsx": 1000, "pdf": 50})
"""So many forms are made at a time, by carrier: a PDF form brings its fonts along, 2 MB each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be made: forms on a carrier from a list, file names by `pattern` ('' for the usual ones)."""

    form: Form
    carrier: CarrierName
    filename: str
    data: bytes
    pattern: str = ""


def batched(asked: Asked) -> Job:
    """Return the kept batch.

    Raises:
        UnreadableError: the list cannot be read, or has too many rows.
        AskedWronglyError: the pattern names what the form does not have.
    """
    listed = read_list(asked.form, asked.data, asked.filename, scope.context())
    most = MOST[asked.carrier]
    if len(listed.rows) > most:
        raise UnreadableError(
            "too-long",
            f"名单有 {len(listed.rows)} 行,一次最多 {most} 行。请把名单分成几份,或者用 census batch 命令。",
            f"the list has {len(listed.rows)} rows, at most {most} are made at a time",
        )
    try:
        named = names(listed, asked.pattern or usual_pattern(asked.form), asked.carrier)
    except PatternError as error:
        raise AskedWronglyError(str(error), "`names` asks for what the form does not have") from error
    findings, archive = _packed(listed, named, asked.carrier)
    batch = Batch(form=asked.form.id, filename=asked.filename, made=len(named), findings=findings, archive=archive)
    return jobs.keep(scope.store(), scope.unit(), batch)


def _packed(listed: Listed, named: tuple[str, ...], carrier: CarrierName) -> tuple[list[Finding], bytes]:
    findings = [*listed.findings]

    def told(file: Made) -> None:
        findings.extend(file.findings)

    with tempfile.TemporaryDirectory(prefix="batch-") as folder:
        path = Path(folder, "batch.zip")
        pack(path, made(listed, named, carrier, scope.settings()), told)
        return findings, path.read_bytes()


def heads_of(form: Form) -> tuple[str, ...]:
    """Return the labels that a list is headed with at least: whose the form is."""
    return tuple(label_at(form, key) for key in form.known_by)
