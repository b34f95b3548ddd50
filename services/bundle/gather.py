"""What was handed in for a packet: which inputs are forms, which are attachments and of which piece.

Records and files stand in the packet's room and not in memory: of each form only its line is kept.
"""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from services import desk
from services.bundle.attached import kind_of
from services.bundle.enclosures import attach_input, taken_as_attachments
from services.bundle.flatten import flattened, holds_files, may_be_form
from services.bundle.inputs import REASON, Desk, FormInput, Gathered, Refused, Told, Tray, refuse
from services.bundle.lower import Enclosed, Lower
from services.bundle.source import Source
from services.carriers.intake import unmarked
from services.carriers.reading import Reading, UnreadableError
from services.catalogue import UnknownFormError
from services.check import check_record
from services.desk import Examined
from services.findings import Finding, Severity, must_fix
from services.form import Form
from services.recipe import Piece
from services.record import Record, to_json
from services.record import at as value_at
from services.survey.line import Origin, reduce
from services.survey.stations import merge_key

__all__ = ["gather", "holds_files", "may_be_form"]

_NO_FORM = frozenset({"unknown-form"})
"""What is said of an office file that is none of our forms: it may be an attachment."""
_AT_STATIONS = frozenset({"P05.early"})
"""What is asked of a station alone: above it the inspection has been, and its scores are what is reported."""
_SHOWN = 3
"""So many faults of a form that is left out are told in its sentence."""


def gather(sources: Iterable[Source], at: Desk) -> Gathered:
    """Return the inputs sorted into the recipe's pieces; what cannot be read is a finding, the others go on."""
    flat = flattened(sources, at.room)
    tray = Tray(findings=list(flat.findings))
    forms: list[Source] = []
    for source in flat.sources:
        if source.kind or not may_be_form(source.read()):
            attach_input(tray, source, at)
        else:
            forms.append(source)
    evidence: Counter[str] = Counter()
    for attachment in tray.attachments:
        evidence[attachment.item] += len(attachment.lying)
    counted = replace(at, context=replace(at.context, evidence=None if at.recipe.is_of_many else dict(evidence)))
    for number, source in enumerate(forms, 1):
        _file_form(tray, source, counted)
        at.progress("核对", number, len(forms))
    tray.findings += taken_as_attachments(at.recipe, tray.attachments)
    for number, lower in enumerate(flat.lower, 1):
        take_lower(tray, lower, at)
        at.progress("取下级材料", number, len(flat.lower))
    return gathered(tray, at, flat.packets)


def gathered(tray: Tray, at: Desk, packets: tuple[Mapping[str, str], ...] = ()) -> Gathered:
    """Return what is on the tray in binding order."""
    order = {piece.key: number for number, piece in enumerate(at.recipe.pieces)}

    def place(entry: FormInput) -> tuple[object, ...]:
        """One station's forms stand as they were given, those of many by their codes, whatever order they came in."""
        return (order[entry.piece.key], *(merge_key(entry.line.code) if at.recipe.is_of_many else ()))

    return Gathered(
        forms=tuple(sorted(tray.forms, key=place)),
        attachments=tuple(sorted(tray.attachments, key=lambda entry: (order[entry.piece.key], entry.item))),
        findings=tuple(tray.findings),
        left_out=tuple(tray.left_out),
        packets=packets,
    )


# ---- forms ------------------------------------------------------------------------------------------


def _file_form(tray: Tray, source: Source, at: Desk) -> None:
    data = source.read()
    try:
        examined = desk.examine(data, source.name, at.context, at.settings)
    except (UnreadableError, UnknownFormError, zipfile.BadZipFile) as error:
        if getattr(error, "code", "") in _NO_FORM and kind_of(data) == "office":
            attach_input(tray, source, at)
            return
        english = getattr(error, "message_en", str(error))
        refuse(tray, at.recipe, Refused(name=source.name, code="packet.unreadable", said=(f"{error}", english)))
        return
    own = replace(source, data=_as_written(data, examined), path=None)
    _take(tray, own, examined, at)


def _as_written(data: bytes, examined: Examined) -> bytes:
    """Return the file without our marks: a list of faults long mended has no place in what is submitted."""
    if not desk.can_mark(examined) or examined.intake is None or examined.intake.data != data:
        return data
    return unmarked(data)


def _take(tray: Tray, source: Source, examined: Examined, at: Desk) -> None:
    """Sort a form in; one of many that has something to mend is left out, so that the others go on."""
    piece = next((piece for piece in at.recipe.pieces if piece.form == examined.form.id), None)
    if piece is None:
        said = (f"《{examined.form.title}》不在这份材料之内", f"{examined.form.id} is not part of this packet")
        refuse(tray, at.recipe, Refused(name=source.name, code="packet.foreign", said=said, rule="K01"))
        return
    faults = must_fix(examined.findings)
    if faults and at.recipe.is_of_many:
        said = _faulty(examined.form, faults)
        refuse(tray, at.recipe, Refused(name=source.name, code="packet.faults", said=said, rule=faults[0].rule))
        return
    entry = _entry(piece, source, examined, at)
    if not at.recipe.is_of_many:
        told = (finding for finding in examined.findings if finding not in entry.scant)
        tray.findings += [replace(finding, place=f"{source.name} {finding.place}") for finding in told]
    tray.forms.append(entry)


def _entry(piece: Piece, source: Source, examined: Examined, at: Desk) -> FormInput:
    """Return a form with its record put away."""
    due = examined.findings
    if at.recipe.is_of_many:
        due = tuple(finding for finding in due if finding.code not in _AT_STATIONS)
    scant = tuple(finding for finding in due if finding.rule == "P10")
    line = reduce(examined.form, examined.record, Origin(name=source.name, packet=at.packet))
    named = examined.form.id, line.code, line.named
    told = tuple(one for one in at.told.get(named, ()) if one["code"] not in _AT_STATIONS)
    return FormInput(
        piece=piece,
        source=at.room.kept(source),
        form=examined.form,
        kept=at.room.keep(_json(examined.form, examined.record)),
        carrier=examined.reading.carrier,
        line=line,
        scant=scant,
        asked=tuple(f for f in due if f.severity is Severity.CONFIRM and f not in scant),
        reasons=dict(at.reasons.get(source.name, {})) | {(one["code"], one["field"]): one["reason"] for one in told},
        told=told,
        packet=at.root,
        regional=regional_scores(examined.form, examined.record),
    )


def regional_scores(form: Form, record: Record) -> Mapping[str, Any]:
    """Return the score of every regional item, the reviewed one where there is one (rule P11)."""
    found = {}
    for key in (item.id for item in form.items if item.section == "R"):
        review = value_at(record, f"items.{key}.review")
        found[key] = value_at(record, f"items.{key}.self") if review is None else review
    return found


def _json(form: Form, record: Record) -> bytes:
    return (json.dumps(to_json(form, record), ensure_ascii=False, indent=1) + "\n").encode()


def _faulty(form: Form, faults: Sequence[Finding]) -> tuple[str, str]:
    shown = ";".join(f"{fault.place}:{fault.message}" for fault in faults[:_SHOWN])
    more = "等" if len(faults) > _SHOWN else ""
    return (
        f"《{form.short_title}》有 {len(faults)} 处必须修改({shown}{more})",
        f"{len(faults)} findings must be fixed first: {', '.join(fault.code for fault in faults[:_SHOWN])}",
    )


# ---- lower packets ----------------------------------------------------------------------------------


def take_lower(tray: Tray, lower: Lower, at: Desk) -> None:
    """Take the records and originals of a lower packet, as accepted there and checked again here."""
    here = replace(at, packet=lower.source.name, root=lower.root, told=_told(lower))
    for name in lower.changed:
        said = (f"材料“{lower.source.name}”中的 {name} 与它的清单不一致,可能被改动过", f"{name} was changed")
        refuse(tray, at.recipe, Refused(name=name, code="packet.changed", said=said, rule="K06"))
    for enclosed in lower.enclosed:
        if enclosed.record:
            _take_record(tray, enclosed, here)
        elif enclosed.entry.get("file") and at.recipe.by_station:
            _take_attachment(tray, enclosed, lower, here)


def _take_attachment(tray: Tray, enclosed: Enclosed, lower: Lower, at: Desk) -> None:
    entry = enclosed.entry
    kind = str(entry.get("key", ""))
    item = str(entry.get("title", "")).rpartition(" ")[2] if kind == "evidence" else ""
    station = str(entry.get("station") or lower.manifest.get("agency_code", ""))
    attach_input(tray, replace(enclosed.original, kind=item or kind), replace(at, station=station))


def _take_record(tray: Tray, enclosed: Enclosed, at: Desk) -> None:
    original = enclosed.original
    try:
        form, record, misread = desk.open_record(enclosed.record)
    except (UnreadableError, UnknownFormError) as error:
        refuse(tray, at.recipe, Refused(name=original.name, code="packet.unreadable", said=(str(error), str(error))))
        return
    reading = Reading(carrier=original.name.rpartition(".")[2] or "json", stamp=None, raw={})
    found = (*misread, *check_record(form, record, replace(at.context, evidence=None)))
    examined = Examined(form=form, record=record, reading=reading, findings=found)
    _take(tray, original, examined, at)


def _told(lower: Lower) -> Told:
    """Return what the lower packet says was passed of each of its forms, and why."""
    told: dict[tuple[str, str, str], tuple[Mapping[str, str], ...]] = {}
    for one in lower.reasons:
        reason = dict.fromkeys(REASON, "") | {str(key): str(value) for key, value in one.items()}
        whose = reason["form"], reason["station"], reason["name"]
        told[whose] = (*told.get(whose, ()), reason)
    return told
