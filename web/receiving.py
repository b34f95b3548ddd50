"""A completed file comes in: read, checked, marked, kept; or the sentence that says why not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from services import desk
from services.bundle.gather import holds_files
from services.carriers.reading import Reading, UnreadableError
from services.carriers.unzip import unpack_zip
from services.catalogue import UnknownFormError
from services.desk import Examined
from services.findings import must_fix
from services.form import Form
from services.paper.office import MissingToolError
from services.record import Record
from services.records import arrivals, submissions
from services.records.arrivals import Arrival
from services.records.submissions import Submission
from services.records.uploads import Outcome
from web import scope

Named = tuple[str, bytes]
"""A file's name as the clerk had it, and its bytes."""

UNFILLED = "unfilled"
"""The code of what is said of a form in which nothing is filled in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A file that came in: by itself, or in the zip named `archive`."""

    name: str
    data: bytes
    archive: str = ""


def unfolded(files: Iterable[Named], limit: int) -> tuple[Piece, ...]:
    """Return the files, those inside zips one by one; a zip that cannot be opened stays itself, to be refused alone.

    Raises:
        UnreadableError: there are more than `limit` files.
    """
    found = tuple(entry for name, data in files for entry in _opened_zip(name, data))
    refuse_too_many(len(found), limit)
    return found


def refuse_too_many(count: int, limit: int) -> None:
    """Refuse more files at once than `limit`.

    Raises:
        UnreadableError: there are more.
    """
    if count > limit:
        raise UnreadableError(
            "too-many",
            f"一次最多 {limit} 个文件,现在是 {count} 个。请分几次上传",
            f"at most {limit} files at once, there are {count}",
        )


def _opened_zip(name: str, data: bytes) -> tuple[Piece, ...]:
    if not holds_files(data):
        return (Piece(name=name, data=data),)
    try:
        return tuple(Piece(name=inner, data=content, archive=name) for inner, content in unpack_zip(data))
    except UnreadableError:
        return (Piece(name=name, data=data),)


def examined(name: str, data: bytes) -> Examined:
    """Return what a completed file holds.

    Raises:
        UnreadableError: it cannot be read; the message says why and what to do.
    """
    if not data:
        raise UnreadableError(
            "empty", "这个文件是空的。请在 Word 或 Excel 里打开核对,保存后再上传", "the file is empty"
        )
    if holds_files(data):
        unpack_zip(data)  # A zip that was not unfolded has its own sentence: empty, encrypted, out of proportion.
    try:
        return desk.examine(data, name, scope.context(), scope.settings())
    except UnknownFormError as error:
        raise UnreadableError("unknown-form", str(error), "the form, edition or region is unknown") from error
    except MissingToolError as error:
        raise UnreadableError("missing-tool", str(error), "LibreOffice is not installed") from error


def reopened(submission: Submission) -> Examined:
    """Return what a kept submission holds, as it was read when it came in."""
    reading = Reading(carrier=submission.carrier, stamp=None, raw={}, findings=submission.findings)
    form, record = submissions.form_of(submission), submissions.record_of(submission)
    return Examined(form=form, record=record, reading=reading, findings=submission.findings)


def marked(found: Examined) -> bytes | None:
    """Return the clerk's own file with its faults marked, None where there are none or it cannot be marked.

    A file that was read but cannot be written into is still kept: the list of findings stands on its page.
    """
    if not found.findings or not desk.can_mark(found):
        return None
    try:
        return desk.mark(found)
    except UnreadableError:
        return None


def opened(name: str, data: bytes, form_id: str) -> tuple[Form, Record]:
    """Return the form and record of an uploaded record file or completed form, to prefill from.

    A record file may leave keys out; what it holds must belong to the form.

    Raises:
        UnreadableError: it cannot be read, is of another form, or a record file holds what the form does not ask.
    """
    form, record = _opened_record(data) if desk.is_record(data) else _opened_form(name, data)
    if form.id != form_id:
        raise UnreadableError(
            "other-form",
            f"这是《{form.title}》的文件,不能填到这张表里。请到那张表的页面上传",
            f"the file is of the form {form.id}",
        )
    return form, record


def _opened_form(name: str, data: bytes) -> tuple[Form, Record]:
    found = examined(name, data)
    return found.form, found.record


def _opened_record(data: bytes) -> tuple[Form, Record]:
    form, record, findings = desk.open_record(data, partial=True)
    faults = must_fix(findings)
    if faults:
        said = ";".join(fault.message for fault in faults[:3])
        raise UnreadableError(
            "record", f"记录文件有 {len(faults)} 处不合要求,没有填表:{said}", "; ".join(f.message_en for f in faults)
        )
    return form, record


def receive(name: str, data: bytes, replaces: str = "") -> tuple[Submission, bool]:
    """Return the submission of a file, and whether it is new.

    Raises:
        UnreadableError: it cannot be read, or nothing is filled in; nothing is kept.
    """
    found = examined(name, data)
    _refuse_unfilled(found)
    arrival = Arrival(
        form=found.form,
        record=found.record,
        findings=found.findings,
        original=data,
        filename=name,
        carrier=found.reading.carrier,
        marked=marked(found),
        replaces=replaces,
    )
    return arrivals.keep(scope.store(), scope.unit(), arrival)


def _refuse_unfilled(found: Examined) -> None:
    if not desk.is_unfilled(found, scope.settings()):
        return
    form, count = found.form, desk.answers_written(found.form, found.record)
    first = next(part.title for part in form.parts if part.title)
    but, but_en = (f"除了签发时预先填好的 {count} 栏,", f" but the {count} it was issued with") if count else ("", "")
    raise UnreadableError(
        UNFILLED,
        f"这份《{form.short_title}》{but}还没有填写,没有收下。请打开它,从“{first}”填起,保存后再传;"
        "也可以在首页点“填写”,在网页上填。已经填过的,请看看是不是选错了文件,或者填好以后没有保存",
        f"nothing is filled in{but_en}; fill the form in and upload it again",
    )


def outcome(piece: Piece, replaces: str = "") -> Outcome:
    """Return what became of one file of several: the others go on whatever it is."""
    came = Outcome(filename=piece.name, archive=piece.archive)
    try:
        submission, is_new = receive(piece.name, piece.data, replaces)
    except UnreadableError as error:
        return replace(came, code=error.code, message=error.message, message_en=error.message_en)
    return replace(came, submission_id=submission.id, is_new=is_new)
