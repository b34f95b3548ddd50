"""Attachments on the way into a packet: each opened in the box, office files through LibreOffice first."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

from services.bundle.attachments import media_of
from services.bundle.converted import as_pdf
from services.bundle.refused import refused
from services.carriers import box
from services.carriers.container import open_container
from services.carriers.reading import UnreadableError
from services.carriers.sniff import CONVERTIBLE, sniff
from services.paper.office import INSTALL, ConversionError, MissingToolError

OFFICE_PAGES = 200
SIZE_LIMIT = 200 * 1024 * 1024
CONVERTED = "由 LibreOffice 转换"
_PER_PATIENCE = 8 * 1024 * 1024
_MOST_PATIENCE = 16
_MAIN_PARTS = (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """An attachment ready to be bound: its plain pages, which of them lie, and what has to be said of it.

    `signed`: the original bears a digital signature, which no copy of its pages carries.
    """

    pages: bytes
    lying: tuple[bool, ...]
    signed: bool = False
    notes: tuple[str, ...] = ()


def kind_of(data: bytes) -> str:
    """Return 'pdf', 'picture', 'office' or '' by what the bytes are."""
    media = media_of(data)
    if media:
        return "pdf" if media == "pdf" else "picture"
    try:
        return "office" if _office_kind(data) else ""
    except UnreadableError:  # locked or with macros: it will be refused in words
        return "office"


def attach(data: bytes, folder: Path | None = None) -> Attached:
    """Return an attachment ready to be bound. `folder` keeps what LibreOffice made.

    Raises:
        UnreadableError: it cannot be bound; the message says why and what to do.
    """
    if media_of(data):
        return _opened(data, {}, ())
    kind = _office_kind(data)
    if not kind:
        raise refused(
            "附件只收 PDF、图片(JPG、PNG、TIFF、BMP、WEBP)和 Word、Excel、WPS 文件。请把这份材料另存为 PDF 后再上传",
            "attachments must be PDF, pictures or office files",
        )
    return _opened(_pdf(data, kind, folder), {"most": OFFICE_PAGES}, (CONVERTED,))


def _opened(data: bytes, arguments: dict[str, int], notes: tuple[str, ...]) -> Attached:
    patience = min(_MOST_PATIENCE, 2 + len(data) // _PER_PATIENCE)
    answer: bytes = box.run("services.bundle.attachments:attached_here", data, arguments, patience=patience)
    head, _, pages = answer.partition(b"\n")
    told = json.loads(head)
    return Attached(
        pages=pages, lying=tuple(told["lying"]), signed=told["signed"], notes=(*notes, *map(str, told["notes"]))
    )


def _office_kind(data: bytes) -> str:
    """Return docx, doc, odt, rtf, xlsx, xls or ods by the first bytes and names; '' for anything else.

    Raises:
        UnreadableError: it is one, but locked or with macros.
    """
    try:
        kind = sniff(data, SIZE_LIMIT)
    except UnreadableError as error:
        if error.code in {"encrypted", "macro", "too-large"}:
            raise
        return ""
    return _ooxml_kind(data) if kind == "ooxml" else kind if kind in CONVERTIBLE else ""


def _ooxml_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return ""
    return next((kind for part, kind in _MAIN_PARTS if part in names), "")


def _pdf(data: bytes, kind: str, folder: Path | None) -> bytes:
    """Return an office file as PDF; one of the new kinds is looked through in the box first."""
    if kind in {"docx", "xlsx"}:
        box.run("services.bundle.attached:looked_through_here", data, {})
    try:
        return as_pdf(data, kind, folder)
    except MissingToolError as error:
        raise UnreadableError(
            "no-libreoffice",
            "这台机器没有安装 LibreOffice,不能把 Word、Excel 附件转成 PDF。"
            f"请另存为 PDF 后再上传,或请管理员执行:{INSTALL}",
            f"LibreOffice is not installed; save as PDF, or run: {INSTALL}",
        ) from error
    except ConversionError as error:
        said = str(error).split("请")[0].rstrip("。")
        raise refused(f"{said}。请打开原文件另存为 PDF 后再上传", "LibreOffice could not convert it") from error


def looked_through_here(data: bytes) -> str:
    """Return docx or xlsx for an office file that is what it claims.

    Raises:
        UnreadableError: it is not, or it unpacks or nests out of all proportion.
    """
    return open_container(data).kind
