"""Reading a completed PDF: from its form fields, or from what is printed on its pages when they are gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from services.answers import field_at, label_at, place_at, rank, scalars
from services.carriers.likeness import bare
from services.carriers.pdf.carried import carried
from services.carriers.pdf.doubts import doubts, lost_pictures
from services.carriers.pdf.identify import identify
from services.carriers.pdf.mark import unmark
from services.carriers.pdf.opened import open_pdf
from services.carriers.pdf.pictures import pictures_at
from services.carriers.pdf.places import kept_rows
from services.carriers.pdf.read_fields import Filled, filled_fields
from services.carriers.pdf.read_pages import exact_texts, read_pages
from services.carriers.pdf.tampering import Evidence, tampering
from services.carriers.pdf.untouched import is_untouched
from services.carriers.reading import Reading, UnreadableError
from services.carriers.vote import two_readings
from services.carriers.witness import AGREED, DOUBTFUL, FIELD, RECORD, SINGLE
from services.findings import Finding, Problem, Severity, found
from services.form import Form
from services.identity import BLANK, Stamp, holds, parse_token
from services.kinds import Picture
from services.record import Record, entries_of, from_json, parse, shown

CARRIER = "pdf"
_TOLD_BY_PAGE = frozenset({"layout.changed", "layout.removed"})


def read(form: Form, data: bytes) -> Reading:
    """Return what stands in a completed PDF.

    What is seen counts: the form fields, or without them what is printed on the pages. The record that
    travels in the file gives the photograph, and the exact letters of texts that are seen unchanged.

    Raises:
        UnreadableError: it is none of our forms, a scan, damaged, or its text cannot be read.
    """
    data = unmark(data)
    with open_pdf(data) as document:
        content = carried(document)
        stamp = parse_token(str(content.get("token", "")))
        record = _record(form, content, stamp)
        filled = filled_fields(document, form)
        reading = _from_fields(form, filled, stamp, record) if filled else _from_pages(form, data, stamp, record)
        if filled:
            reading = replace(reading, pictures=_pictures(form, data, record, {}))
        if is_untouched(document, content):
            return reading
        stamp = reading.stamp or identify(data)
        read = None if record else parse(form, reading.raw, reading.pictures, reading.places)[0]
        file = Evidence(document=document, data=data, has_fields=bool(filled), stamp=stamp, record=record, read=read)
        return _with_tampering(reading, tampering(form, file))


def _with_tampering(reading: Reading, told: Sequence[Finding] | None) -> Reading:
    """Return the reading with what was changed of the printed form; each change is told once."""
    if told is None:
        return reading
    wanted = {_letters(finding.want) for finding in told if finding.want}
    own = (
        finding
        for finding in reading.findings
        if finding.code != "layout.added"
        and (finding.code not in _TOLD_BY_PAGE or _letters(finding.want) not in wanted)
    )
    return replace(reading, findings=(*told, *own))


def _letters(text: str) -> str:
    return "".join(letter for letter in bare(text) if letter.isalnum())


def _from_pages(form: Form, data: bytes, stamp: Stamp | None, record: Record | None) -> Reading:
    said = identify(data)
    reading = exact_texts(form, read_pages(form, data, is_ours=said is not None and bool(said.token)), record)
    pictures = _pictures(form, data, record, reading.anchors)
    told = list(doubts(form, reading, record))
    lost = lost_pictures(form, pictures) if told and record is None else ()
    return replace(reading, stamp=stamp or said, pictures=pictures, findings=(*reading.findings, *told, *lost))


def _record(form: Form, content: Mapping[str, Any], stamp: Stamp | None) -> Record | None:
    """Return the record that travels in the file, None when it is not the one that the identity names."""
    if stamp is None or not isinstance(content.get("record"), dict):
        return None
    record, _ = from_json(form, content["record"], partial=True)
    return record if holds(stamp, form, record) else None


# ---- from the fields ----------------------------------------------------------------------------


def _from_fields(form: Form, filled: Mapping[str, Filled], stamp: Stamp | None, record: Record | None) -> Reading:
    kept = kept_rows(form, {path: field.text for path, field in filled.items()})
    ordered = sorted(kept, key=lambda path: rank(form, path))
    issued = shown(form, record) if record else {}
    doubts = [path for path in ordered if filled[path].stored]
    agreed = frozenset(path for path in ordered if issued.get(path) == filled[path].text)
    return Reading(
        carrier=CARRIER,
        stamp=stamp,
        raw={kept[path]: filled[path].text for path in ordered},
        places={kept[path]: place_at(form, path, page=filled[path].page + 1) for path in ordered},
        anchors={kept[path]: filled[path].address for path in ordered},
        sureness={kept[p]: DOUBTFUL if p in doubts else AGREED if p in agreed else SINGLE for p in ordered},
        witnesses={kept[path]: (FIELD, RECORD) if path in agreed else (FIELD,) for path in ordered},
        findings=(
            *(_contradiction(form, path, filled[path]) for path in doubts),
            *_missing(form, filled),
            *_edited(form, {kept[path]: filled[path].text for path in ordered}, issued, stamp),
        ),
    )


def _pictures(form: Form, data: bytes, record: Record | None, addresses: Mapping[str, str]) -> Mapping[str, bytes]:
    """Return the photographs: those of the record that travels along, or those that are drawn in their cells."""
    if record is not None:
        return {path: value for path, value in entries_of(form, record).items() if isinstance(value, bytes)}
    if not any(isinstance(asked.kind, Picture) for asked in scalars(form).values()):
        return {}
    with suppress(UnreadableError):
        return pictures_at(form, data, addresses or read_pages(form, data, is_ours=True).anchors)
    return {}


def _contradiction(form: Form, path: str, field: Filled) -> Finding:
    problem = two_readings("表上打的勾", field.text, "表单域的值", field.stored, field.text)
    return found(problem, field=path, label=label_at(form, path), place=place_at(form, path, page=field.page + 1))


def _missing(form: Form, filled: Mapping[str, Filled]) -> Iterator[Finding]:
    """Yield the answers that stand once and whose form field was taken out."""
    for path, asked in scalars(form).items():
        if path not in filled and not isinstance(asked.kind, Picture):
            problem = Problem(
                rule="D02",
                code="layout.removed",
                severity=Severity.MUST_FIX,
                phrase="的填写框被删去,读不出填写的内容",
                phrase_en="has lost its form field",
                want="填写框",
                remedy="请重新下载空表填写",
            )
            yield found(problem, field=path, label=label_at(form, path), place=place_at(form, path))


def _edited(form: Form, texts: Mapping[str, str], issued: Mapping[str, str], stamp: Stamp | None) -> Iterator[Finding]:
    """Yield what a prefilled form holds otherwise than it was issued: what is seen counts, and it is told."""
    if not issued or stamp is None or stamp.record == BLANK:
        return
    fixed = {
        f"{schedule.key}.{n}.{schedule.columns[0].key}"
        for schedule in form.schedules
        for n in range(len(schedule.groups))
    }
    paths = [path for path in issued if path not in fixed and not isinstance(field_at(form, path).kind, Picture)]
    paths += [path for path in texts if path not in issued]
    changed = [path for path in paths if texts.get(path, "").strip() != issued.get(path, "").strip()]
    changed = [path for path in changed if not _is_unstated(form, path, texts.get(path, ""), issued.get(path, ""))]
    if not changed:
        return
    names = "、".join(label_at(form, path) for path in changed[:5])
    more = f"等 {len(changed)} 处" if len(changed) > 5 else ""  # noqa: PLR2004 - as many as read well
    problem = Problem(
        rule="D06",
        code="record.edited",
        severity=Severity.NOTE,
        phrase=f"下载以后改过:{names}{more},已按表上现在的内容读取",
        phrase_en=f"{len(changed)} answers differ from the file as issued; what is seen was read",
        got=str(len(changed)),
        remedy="请核对是否都要改",
    )
    yield found(problem, field="", label=form.short_title, place=f"《{form.short_title}》")


def _is_unstated(form: Form, path: str, text: str, issued: str) -> bool:
    """Return whether neither text states anything: no boxes ticked is the same as no text at all."""
    kind = field_at(form, path).kind
    return kind.parse(text)[0] == kind.parse(issued)[0] and not (text.strip() and issued.strip())
