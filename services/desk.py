"""What the command and the pages both do: issue a file, examine an upload, mark it.

Each step is a plain function; nothing is kept here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal, cast

from services.answers import field_at, label_at, place_at, schedules
from services.carriers import docx, pdf, xlsx
from services.carriers.intake import Intake, mark_upload, read_upload
from services.carriers.reading import Filled, Reading, UnreadableError
from services.catalogue import concrete
from services.check import Checked, Context, check_reading, check_record
from services.compare import Comparison, Side, as_dict, compare, written
from services.findings import Finding, Problem, Severity, found, must_fix
from services.form import Form
from services.identity import holds, is_genuine, is_of_another, stamp
from services.record import Record, empty, entries_of, from_json, shown
from services.settings import Settings
from services.upgrade import Upgraded, target_of, upgrade

CarrierName = Literal["docx", "xlsx", "pdf"]
CARRIERS: tuple[CarrierName, ...] = ("docx", "xlsx", "pdf")
MEDIA_TYPES = (
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("pdf", "application/pdf"),
)
_MODULES: tuple[tuple[CarrierName, ModuleType], ...] = (("docx", docx), ("xlsx", xlsx), ("pdf", pdf))
_NOTHING_THERE = (".empty", ".rows")
"""How the codes of those findings end that say that nothing is written where something should be."""
_GONE = frozenset({"layout.part-removed", "layout.row-removed", "layout.removed"})
_UNREAD = frozenset({"code.rounded", "value.error"})
"""What a workbook lost of a value: the rules say nothing more of it."""
_OTHER_FORM = "identity.other-form"
_INCOMPLETE = frozenset({"layout.part-removed", "unknown-edition", "unknown-region"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """An upload that could be read: what form it is, its record, how it was read, all findings.

    `intake` is what marks go into, None for a record file.
    """

    form: Form
    record: Record
    reading: Reading
    findings: tuple[Finding, ...]
    intake: Intake | None = None


def carrier(name: str) -> ModuleType:
    """Return the carrier module of that name."""
    return dict(_MODULES)[cast("CarrierName", name)]


def issue(form: Form, record: Record, name: str, settings: Settings) -> Filled:
    """Return `record` on the carrier `name` (docx, xlsx, pdf), signed with the service's key."""
    return carrier(name).fill(form, record, stamp(form, record, settings.secret))


def blank(form: Form, name: str, settings: Settings) -> Filled:
    """Return the blank form on the carrier `name`."""
    return issue(form, empty(form), name, settings)


def open_record(data: bytes, *, partial: bool = False) -> tuple[Form, Record, tuple[Finding, ...]]:
    """Return the form and record of a record file (JSON), and what is wrong with it.

    Raises:
        UnreadableError: it is not such a file.
        UnknownFormError: it names a form, edition or region that there is not.
    """
    try:
        content = json.loads(data)
        named = [content[key] for key in ("form", "edition", "region")]
    except (ValueError, RecursionError, TypeError, KeyError) as error:
        raise UnreadableError(
            "record",
            '这不是记录文件:应为一个 JSON 对象,含 form(表)、edition(版)、region(地区,没有的写 "")、values(各栏内容)',
            "not a record file: a JSON object with form, edition, region and values is expected",
        ) from error
    form = concrete(*(str(name or "") for name in named))
    record, findings = from_json(form, content, partial=partial)
    return form, record, findings


def is_record(data: bytes) -> bool:
    """Return whether this is meant to be a record file (JSON)."""
    return data.lstrip()[:1] == b"{"


def examine(data: bytes, name: str, context: Context, settings: Settings) -> Examined:
    """Return what a completed file (or a record file) holds and everything that is wrong with it.

    Raises:
        UnreadableError: the file cannot be read at all; its message says why and what to do.
    """
    if is_record(data):
        return _examine_record(data, context)
    intake = read_upload(data, name, settings.secret)
    reading = intake.reading
    checked = check_reading(intake.form, reading.raw, reading.pictures, reading.places, context)
    others = _of_another(intake, checked.record, settings)
    findings = (*reading.findings, *others, *_not_told_before(intake.form, reading, checked))
    return Examined(form=intake.form, record=checked.record, reading=reading, findings=findings, intake=intake)


def _of_another(intake: Intake, record: Record, settings: Settings) -> Iterator[Finding]:
    """Yield that a form was issued, prefilled, for another owner than it now names (rule D01)."""
    form, issued = intake.form, intake.reading.stamp
    if issued is None or any(finding.code == _OTHER_FORM for finding in intake.reading.findings):
        return
    if not is_genuine(issued, settings.secret) or not is_of_another(issued, form, record):
        return
    key = form.known_by[0]
    value, label = field_at(form, key).kind.show(record.values[key]), label_at(form, key)
    problem = Problem(
        rule="D01",
        code="identity.other-owner",
        severity=Severity.CONFIRM,
        phrase=f"现在是“{value}”,而这份表是为另一个{label}预先填好签发的",
        phrase_en="is not the one that this form was issued for",
        got=value,
        remedy="拿错了别家的表的,请下载自己的表填写;改正了号码的,请在情况说明里写明",
    )
    yield found(problem, field=key, label=label, place=intake.reading.places.get(key) or place_at(form, key))


def _not_told_before(form: Form, reading: Reading, checked: Checked) -> tuple[Finding, ...]:
    """Return what the rules find, without the answers that are empty because the whole form or its part is."""
    if checked.record == empty(form) and all(finding.code.endswith(_NOTHING_THERE) for finding in checked.findings):
        return (_blank(form),)
    spoilt = {finding.field for finding in reading.findings if finding.code in _UNREAD}
    told = tuple(finding for finding in checked.findings if finding.field not in spoilt)
    if not any(finding.code in _GONE for finding in reading.findings):
        return told
    return tuple(f for f in told if not _is_echo(form, reading, f))


def _is_echo(form: Form, reading: Reading, finding: Finding) -> bool:
    """Return whether a finding only repeats that a part is gone: an empty answer of it, a sum over its rows."""
    if finding.code.endswith(_NOTHING_THERE):
        return not _has_place(form, reading, finding.field)
    totals = schedules(form).get(finding.field.partition(".")[0])
    if finding.code.endswith(".sum") and totals and totals.totals_of:
        return not _has_place(form, reading, totals.totals_of)
    return False


def _has_place(form: Form, reading: Reading, path: str) -> bool:
    """Return whether an answer's cell, or any cell of a table, stands in the file."""
    if path in schedules(form):
        return any(anchor.startswith(f"{path}.") for anchor in reading.anchors)
    return path in reading.anchors


def _blank(form: Form) -> Finding:
    problem = Problem(
        rule="D07",
        code="file.blank",
        severity=Severity.MUST_FIX,
        phrase=f"这是一份空的《{form.short_title}》,没有填写任何内容。请填好后再上传;填过的,请核对是不是选错了文件",
        phrase_en="is a blank form, nothing is filled in",
    )
    return found(problem, field="", label="", place=f"《{form.short_title}》")


def answers_written(form: Form, record: Record) -> int:
    """Return how many answers a record holds that a blank form does not print."""
    printed = entries_of(form, empty(form))
    return sum(value != printed.get(path) for path, value in entries_of(form, record).items())


def is_unfilled(examined: Examined, settings: Settings) -> bool:
    """Return whether nothing is written in an upload but what it was issued with, and more is left to write than that.

    What was written and could not be read counts as written.
    """
    form, record, reading = examined.form, examined.record, examined.reading
    if written(examined.findings) or any(finding.field for finding in reading.findings):
        return False
    if record == empty(form):
        return True
    issued = reading.stamp
    if issued is None or not is_genuine(issued, settings.secret) or not holds(issued, form, record):
        return False
    missing = sum(finding.code.endswith(_NOTHING_THERE) for finding in must_fix(examined.findings))
    return missing > answers_written(form, record)


def is_incomplete(findings: Iterable[Finding]) -> bool:
    """Return whether only a part of a form could be read: the rest is missing, or of an issue unknown here."""
    return any(finding.code in _INCOMPLETE for finding in findings)


def _examine_record(data: bytes, context: Context) -> Examined:
    form, record, findings = open_record(data)
    reading = Reading(carrier="json", stamp=None, raw=shown(form, record), findings=findings)
    return Examined(
        form=form, record=record, reading=reading, findings=(*findings, *check_record(form, record, context))
    )


def can_mark(examined: Examined) -> bool:
    """Return whether an upload of this carrier can be given back marked."""
    return examined.intake is not None


def mark(examined: Examined) -> bytes:
    """Return the clerk's own file with the faults marked in it.

    Raises:
        ValueError: there is no file to mark (a record file); ask `can_mark` first.
    """
    if examined.intake is None:
        raise ValueError("a record file has no cells to mark")
    return mark_upload(examined.intake, examined.findings)


def side_of(examined: Examined, *, masked: bool = False) -> Side:
    """Return an upload as one of two that are compared; with `masked` identity numbers are shown in part (I06)."""
    return Side(
        form=examined.form,
        record=examined.record,
        unread=written(examined.findings),
        places=examined.reading.places,
        masked=masked,
    )


def compared(old: Side, new: Side) -> Comparison:
    """Return what differs between two uploads.

    Raises:
        UnreadableError: they are not of the same form, so that no answer stands in both.
    """
    if old.form.id != new.form.id:
        raise UnreadableError(
            "other-form",
            f"前一份是《{old.form.short_title}》,后一份是《{new.form.short_title}》,不是同一种表,不能逐栏比较。"
            "请选同一种表的两份文件。",
            f"one is {old.form.id}, the other {new.form.id}: two files of the same form are compared",
        )
    return compare(old, new)


def comparison_json(files: Sequence[tuple[str, Examined]], comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as the command and the API give it; `files` are the two with their names, older first."""
    return {
        "files": [
            {
                "file": name,
                "form": side.form.id,
                "edition": side.form.edition.id if side.form.edition else "",
                "region": side.form.region,
            }
            for name, side in files
        ],
        "equal": not comparison.changes,
        "notes": [{"message": note, "message_en": english} for note, english in comparison.notes],
        "changes": [as_dict(change) for change in comparison.changes],
    }


def carried_over(examined: Examined, edition: str = "", region: str | None = None) -> Upgraded:
    """Return an upload's answers in another edition or region, by default the newest edition and the same region.

    A file whose own printed version is an older one goes by default to the present version of its edition.

    Raises:
        UnknownFormError: there is no such edition or region.
    """
    own = examined.form.edition.id if examined.form.edition and is_outdated(examined) else ""
    target = target_of(examined.form, edition or own, region)
    return upgrade(
        examined.form,
        examined.record,
        target,
        unread=written(examined.findings),
        places=examined.reading.places,
    )


def is_outdated(examined: Examined) -> bool:
    """Return whether a file prints an older version of its form than the one that is issued now (rule D03)."""
    return any(finding.code == "version.other" for finding in examined.findings)
