"""The forms among many inputs, one at a time: files, record JSON, folders, zips and packets, also in each other.

Nothing is kept but the form at hand. What cannot be read is a finding, the others go on.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from services import desk
from services.carriers import box
from services.carriers.reading import UnreadableError
from services.catalogue import UnknownFormError
from services.check import Context
from services.findings import Finding, Problem, Severity, found, must_fix
from services.recipe import MANIFEST, RECORDS
from services.settings import Settings
from services.survey.line import Line, Origin, reduce

_OFFICE = frozenset({"[Content_Types].xml", "mimetype"})
_MEMBERS = 200_000
_MEMBER_SIZE = 256 * 1024 * 1024
_DEPTH = 3
"""A region packet holds station packets, which hold forms."""
_EPOCH = (1980, 1, 1)
_PACKET_SIZE, _PATIENCE = 20 * 1024 * 1024, 16
_FORMS = frozenset({"json", "docx", "xlsx", "pdf", "doc", "xls", "wps", "et", "odt", "ods", "rtf"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An input that may be a form."""

    origin: Origin
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What became of an input: the line of its form, or why there is none."""

    origin: Origin
    line: Line | None
    findings: tuple[Finding, ...] = ()


def read(given: Given, settings: Settings) -> Read:
    """Return the line of one input, or the findings that keep it from being counted."""
    origin = given.origin
    try:
        if desk.is_record(given.data):
            form, record, findings = desk.open_record(given.data)
        else:
            examined = desk.examine(given.data, origin.name, Context(), settings)
            form, record, findings = examined.form, examined.record, examined.reading.findings
    except (UnreadableError, UnknownFormError) as error:
        said = f"没有计入汇总:{error}", f"not counted: {getattr(error, 'message_en', error)}"
        return Read(origin=origin, line=None, findings=(_about(origin, said),))
    if must_fix(findings):
        return Read(origin=origin, line=None, findings=findings)
    return Read(origin=origin, line=reduce(form, record, origin), findings=findings)


def _about(origin: Origin, said: tuple[str, str]) -> Finding:
    problem = Problem(
        code="summary.unreadable", rule="D05", severity=Severity.MUST_FIX, phrase=said[0], phrase_en=said[1]
    )
    return found(problem, field="", label=origin.place, place=origin.place)


def given_in(path: Path) -> Iterator[Given]:
    """Yield every input at `path` that may be a form, folders, zips and packets opened.

    Raises:
        UnreadableError: the path does not exist.
    """
    if path.is_dir():
        for inner in sorted(path.rglob("*")):
            if inner.is_file() and _may_be_form(inner.name):
                yield from given_in(inner)
        return
    try:
        with path.open("rb") as file:
            received = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
            yield from _opened(file, Origin(name=path.name, received=received), _DEPTH)
    except OSError as error:
        raise UnreadableError(
            "missing", f"读不到 {path}:{error.strerror}。请核对文件名。", f"{path} cannot be read"
        ) from error


def _opened(file: BinaryIO, origin: Origin, depth: int) -> Iterator[Given]:
    """Yield a file, or the forms in it when it is a zip of files or a packet."""
    head = file.read(5)
    file.seek(0)
    members = _archive(file) if head[:2] == b"PK" and depth else None
    if members is not None:
        with members:
            yield from _members(members, origin, depth)
        return
    file.seek(0)
    data = file.read()
    records = _bound_records(data) if head == b"%PDF-" else []
    inside = f"{origin.packet} · {origin.name}" if origin.packet else origin.name
    for name, text in records:
        yield Given(origin=Origin(name=name, packet=inside, received=origin.received), data=text.encode())
    if not records:
        yield Given(origin=origin, data=data)


def _archive(file: BinaryIO) -> zipfile.ZipFile | None:
    """Return the zip of files in `file`, None where it is an office file or broken."""
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None
    names = archive.namelist()
    if len(names) > _MEMBERS or not _OFFICE.isdisjoint(names):
        archive.close()
        return None
    return archive


def _members(archive: zipfile.ZipFile, origin: Origin, depth: int) -> Iterator[Given]:
    """Yield the forms in a zip: a packet's accepted records, and what lies in zips inside it."""
    is_packet = MANIFEST in archive.namelist()
    for info in sorted(archive.infolist(), key=lambda info: info.filename):
        name = info.filename.rpartition("/")[2]
        is_wanted = info.filename.startswith(RECORDS) if is_packet else _may_be_form(name)
        if info.is_dir() or not (is_wanted or name.endswith(".zip")):
            continue
        received = (
            datetime(*info.date_time, tzinfo=UTC).isoformat() if info.date_time[:3] != _EPOCH else origin.received
        )
        packet = f"{origin.packet} · {origin.name}" if origin.packet else origin.name
        inner = Origin(name=name, packet=packet, received=received)
        yield from _opened(io.BytesIO(_content(archive, info)), inner, depth - 1)


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Return the bytes of a member, as far as it can be unpacked; a damaged one is refused alone later."""
    try:
        with archive.open(info) as file:
            return file.read(_MEMBER_SIZE)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        return b""


def _may_be_form(name: str) -> bool:
    suffix = name.rpartition(".")[2].lower()
    return not name.startswith((".", "~$")) and suffix in _FORMS | {"zip"} and name != MANIFEST


def _bound_records(data: bytes) -> list[tuple[str, str]]:
    """Return the records that travel in a bound packet's PDF, by name; [] where it is no packet."""
    if RECORDS.encode("utf-16-be") not in data and b"/EmbeddedFile" not in data and b"/ObjStm" not in data:
        return []
    try:
        return [(name, text) for name, text in _in_box(data)]
    except UnreadableError:
        return []


def _in_box(data: bytes) -> list[list[str]]:
    """Return what `records_here` does in a box as large as the packet needs."""
    patience = min(_PATIENCE, 1 + len(data) // _PACKET_SIZE)
    found: list[list[str]] = box.run("services.survey.inputs:records_here", data, {}, patience=patience)
    return found


def records_here(data: bytes) -> list[list[str]]:
    """Return name and text of each record embedded in a PDF. Runs in the box."""
    import pikepdf  # noqa: PLC0415 - only where a PDF is opened

    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            held = pdf.attachments  # asked for once: the list costs more than most of its files
            names = sorted(name for name in held if name.startswith(RECORDS))
            files = ((name, held[name].get_file().read_bytes()) for name in names)
            return [[name.removeprefix(RECORDS), text.decode("utf-8", "replace")] for name, text in files]
    except (pikepdf.PdfError, pikepdf.PasswordError, KeyError, ValueError):
        return []
