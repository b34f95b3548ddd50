"""A completed file comes in: read, checked, marked, kept; or the sentence that says why not."""

from __future__ import annotations

from collections.abc import Iterable

from services import desk
from services.carriers.intake import unpack_zip
from services.carriers.reading import UnreadableError
from services.catalogue import UnknownFormError
from services.desk import Examined
from services.form import Form
from services.paper.office import MissingToolError
from services.record import Record
from services.records import arrivals
from services.records.arrivals import Arrival
from services.records.submissions import Submission
from services.records.uploads import Outcome
from web import scope

Named = tuple[str, bytes]
"""A file's name as the clerk had it, and its bytes."""

_OFFICE_MARKS = (b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis")


def unfolded(files: Iterable[Named], limit: int) -> tuple[Named, ...]:
    """Return the files, those inside plain zips one by one.

    Raises:
        UnreadableError: a zip cannot be opened, or there are more than `limit` files.
    """
    found: list[Named] = []
    for name, data in files:
        found += unpack_zip(data) if is_plain_zip(data) else [(name, data)]
    if len(found) > limit:
        raise UnreadableError(
            "too-many",
            f"一次最多 {limit} 个文件,现在是 {len(found)} 个。请分几次上传",
            f"at most {limit} files at once, there are {len(found)}",
        )
    return tuple(found)


def is_plain_zip(data: bytes) -> bool:
    """Return whether `data` is a zip of files and no office file, broken ones included."""
    return data.startswith(b"PK") and not any(mark in data for mark in _OFFICE_MARKS)


def examined(name: str, data: bytes) -> Examined:
    """Return what a completed file holds.

    Raises:
        UnreadableError: it cannot be read; the message says why and what to do.
    """
    if not data:
        raise UnreadableError(
            "empty", "这个文件是空的。请在 Word 或 Excel 里打开核对,保存后再上传", "the file is empty"
        )
    try:
        return desk.examine(data, name, scope.context(), scope.settings())
    except UnknownFormError as error:
        raise UnreadableError("unknown-form", str(error), "the form, edition or region is unknown") from error
    except MissingToolError as error:
        raise UnreadableError("missing-tool", str(error), "LibreOffice is not installed") from error


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

    Raises:
        UnreadableError: it cannot be read, or is of another form.
    """
    found = examined(name, data)
    if found.form.id != form_id:
        raise UnreadableError(
            "other-form",
            f"这是《{found.form.title}》的文件,不能填到这张表里。请到那张表的页面上传",
            f"the file is of the form {found.form.id}",
        )
    return found.form, found.record


def receive(name: str, data: bytes, replaces: str = "") -> tuple[Submission, bool]:
    """Return the submission of a file, and whether it is new.

    Raises:
        UnreadableError: it cannot be read; nothing is kept.
    """
    found = examined(name, data)
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


def outcome(name: str, data: bytes, replaces: str = "") -> Outcome:
    """Return what became of one file of several: the others go on whatever it is."""
    try:
        submission, is_new = receive(name, data, replaces)
    except UnreadableError as error:
        return Outcome(filename=name, code=error.code, message=error.message, message_en=error.message_en)
    return Outcome(filename=name, submission_id=submission.id, is_new=is_new)
