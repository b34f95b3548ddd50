"""The door for completed forms: what a stranger's file is, which form it holds, and what stands in it.

A file says itself which form it is; its name says nothing. Everything that touches its content happens in
a box (`services.carriers.box`); here only first bytes are looked at. Rules D01, D03, D04, D05.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

from services.carriers import box as boxed
from services.carriers import whole
from services.carriers.container import open_container
from services.carriers.named import as_another_issue, form_of, unknown_form, wrong_form
from services.carriers.reading import Reading, UnreadableError
from services.carriers.reading_json import findings_from_json, findings_to_json, reading_from_json, reading_to_json
from services.carriers.refusals import not_office
from services.carriers.sniff import CONVERTIBLE, sniff
from services.carriers.unzip import unpack_zip
from services.catalogue import concrete
from services.findings import Finding, Problem, Severity, found
from services.form import Form
from services.identity import Stamp, is_genuine
from services.paper import office

__all__ = ["LIMIT", "Intake", "mark_upload", "read_upload", "unmarked", "unpack_zip"]

LIMIT = 60 * 1024 * 1024
_PATIENCE = 2
"""A PDF printed anew, with schedules of hundreds of rows, is compared with the form typeset again."""
_OTHER_ISSUE = frozenset({"unknown-edition", "unknown-region"})
_MODERN = {"doc": "docx", "odt": "docx", "rtf": "docx", "xls": "xlsx", "ods": "xlsx"}
_OLD_NAMES = {
    "doc": "旧版 Word(.doc、.wps)",
    "xls": "旧版 Excel(.xls、.et)",
    "odt": ".odt",
    "ods": ".ods",
    "rtf": ".rtf",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """A file that was read: its form made concrete, its reading, and the bytes that marks go into.

    `data` is the file as sent, or what an old format was converted to.
    """

    form: Form
    reading: Reading
    data: bytes


def read_upload(data: bytes, name: str, secret: bytes, *, box: bool = True, expected: str = "") -> Intake:
    """Return the form that a file holds and what stands in it. `name` is only used in messages.

    With `expected` (a form id) any other form is refused.

    Raises:
        UnreadableError: the file is not one of our forms, or cannot or must not be opened.
        MissingToolError: it is in an old format and LibreOffice is not installed.
    """
    kind = sniff(data, LIMIT)
    notes: tuple[Finding, ...] = ()
    if kind in CONVERTIBLE:
        data, notes = _converted(data, kind, name)
    patience = _PATIENCE if kind == "pdf" else 1
    told = boxed.run("services.carriers.intake:read_here", data, {}, box=box, patience=patience)
    form = concrete(told["form"], told["edition"], told["region"])
    if expected and expected != form.id:
        raise wrong_form(form, expected)
    reading = reading_from_json(told["reading"])
    findings = (*notes, *_identity_findings(form, reading.stamp, secret), *reading.findings)
    return Intake(form=form, reading=replace(reading, findings=findings), data=data)


def mark_upload(intake: Intake, findings: Sequence[Finding], *, box: bool = True) -> bytes:
    """Return the clerk's own file with `findings` marked in it, our former marks removed.

    Raises:
        UnreadableError: the file's kind cannot be marked.
    """
    form = intake.form
    arguments = {
        "form": form.id,
        "edition": form.edition.id if form.edition else "",
        "region": form.region,
        "reading": reading_to_json(intake.reading),
        "findings": findings_to_json(findings),
    }
    return boxed.run("services.carriers.intake:mark_here", intake.data, arguments, box=box)


def unmarked(data: bytes, *, box: bool = True) -> bytes:
    """Return a completed form as its people wrote it: our own marks taken out, everything else as it came.

    Raises:
        UnreadableError: the file must not be opened.
    """
    return boxed.run("services.carriers.intake:unmark_here", data, {}, box=box)


# ---- inside the box -----------------------------------------------------------------------------


def read_here(data: bytes) -> dict[str, Any]:
    """Return form, edition, region and reading of a file as JSON, without a box of its own.

    Raises:
        UnreadableError: the file is not one of our forms, or cannot or must not be opened.
    """
    module = _carrier_of(data)
    identity = module.identify(data)
    named, doubts = _named_by(module, data, identity)
    form, reading = _as_it_is(named, module, data)
    stamped = replace(reading, stamp=reading.stamp or identity, findings=(*doubts, *reading.findings))
    return {
        "form": form.id,
        "edition": form.edition.id if form.edition else "",
        "region": form.region,
        "reading": reading_to_json(stamped),
    }


def _named_by(module: ModuleType, data: bytes, identity: Stamp | None) -> tuple[Form, tuple[Finding, ...]]:
    """Return the form that a file says it is, or else the one that its words are of, and what has to be said of that.

    Raises:
        UnreadableError: it is none of ours.
    """
    try:
        if identity is not None:
            return form_of(identity), ()
    except UnreadableError as error:
        form = whole.likeliest(whole.words_of(data)) if _has_words(module) else None
        if form is None or error.code not in _OTHER_ISSUE:
            raise
        return form, (as_another_issue(form, error),)
    if not _has_words(module):
        refusal: UnreadableError = getattr(module, "foreign", unknown_form)()
        raise refusal
    words = whole.words_of(data)
    form = whole.likeliest(words)
    if form is None:
        raise unknown_form(words)
    return form, ()


def _has_words(module: ModuleType) -> bool:
    return module.__name__.rpartition(".")[2] in {"docx", "xlsx"}


def _as_it_is(named: Form, module: ModuleType, data: bytes) -> tuple[Form, Reading]:
    """Return the form that a file truly holds, whatever it says it is, and its reading."""
    reading: Reading = module.read(named, data)
    if not _has_words(module) or not whole.is_doubtful(reading):
        return named, reading
    words = whole.words_of(data)
    form = whole.truly(named, words)
    if form is not named:
        reading = module.read(form, data)
        reading = replace(reading, findings=whole.of_another(named, form, reading))
    return form, replace(reading, findings=whole.with_others_named(form, words, reading))


def mark_here(data: bytes, **told: Any) -> bytes:
    """Return a file with findings marked, without a box of its own; arguments as `mark_upload` gives them.

    Raises:
        UnreadableError: the file's kind cannot be marked.
    """
    form = concrete(told["form"], told["edition"], told["region"])
    module = _carrier_of(data)
    if not hasattr(module, "mark"):
        raise UnreadableError(
            "not-markable", "PDF 文件里不能标出问题,请看问题清单。", "faults cannot be marked in a PDF"
        )
    return module.mark(form, data, reading_from_json(told["reading"]), findings_from_json(told["findings"]))


def unmark_here(data: bytes) -> bytes:
    """Return a file without our marks, without a box of its own; what cannot be marked comes back as it is.

    Raises:
        UnreadableError: the file must not be opened.
    """
    module = _carrier_of(data)
    return module.unmark(data) if hasattr(module, "unmark") else data


def _carrier_of(data: bytes) -> ModuleType:
    kind = "pdf" if data[:1024].lstrip().startswith(b"%PDF-") else open_container(data).kind
    module = importlib.import_module(f"services.carriers.{kind}")
    if not hasattr(module, "read"):
        raise not_office()
    return module


# ---- what is said of a whole file ---------------------------------------------------------------


def _converted(data: bytes, kind: str, name: str) -> tuple[bytes, tuple[Finding, ...]]:
    try:
        modern = office.convert(data, kind, _MODERN[kind])
    except office.ConversionError as error:
        raise UnreadableError("not-converted", str(error), f"{name}: could not be converted from {kind}") from error
    problem = Problem(
        rule="D04",
        code="file.converted",
        severity=Severity.NOTE,
        phrase=f"是{_OLD_NAMES[kind]}格式,已先转换成 .{_MODERN[kind]} 再读取",
        phrase_en=f"was converted from .{kind} to .{_MODERN[kind]} before reading",
        got=f".{kind}",
        want=".docx 或 .xlsx",
        remedy="以后请直接上传 .docx 或 .xlsx",
    )
    return modern, (found(problem, field="", label="文件", place="文件"),)


def _identity_findings(form: Form, identity: Stamp | None, secret: bytes) -> Iterator[Finding]:
    if identity is None or not identity.token:
        problem = Problem(
            rule="D01",
            code="identity.missing",
            severity=Severity.CONFIRM,
            phrase=f"里没有表格编号,按版式认出是{whole.title(form)}",
            phrase_en=f"carries no identity; recognised as {form.id} by its layout",
            want="表格编号",
            remedy="请核对是不是这张表;最好在下载的表里填写,不要把内容复制到别的文件",
        )
    elif not is_genuine(identity, secret):
        problem = Problem(
            rule="D03",
            code="identity.not-ours",
            severity=Severity.CONFIRM,
            phrase=f"里的编号“{identity.token}”不是本站签发的,或被改动过",
            phrase_en=f"carries the identity {identity.token}, which was not signed here",
            got=identity.token,
            want="本站签发的编号",
            remedy="别处签发的表请核对版本;不清楚来历的,请重新下载空表填写",
        )
    else:
        return
    yield found(problem, field="", label="文件", place=f"《{form.short_title}》")
