"""What kind of file a stranger sent, by its first bytes and never by its name."""

from __future__ import annotations

from services.carriers.archive import open_zip
from services.carriers.reading import UnreadableError
from services.carriers.refusals import encrypted, macro, not_office

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_OPEN_DOCUMENT = (
    (b"application/vnd.oasis.opendocument.text", "odt"),
    (b"application/vnd.oasis.opendocument.spreadsheet", "ods"),
)
CONVERTIBLE = frozenset({"doc", "xls", "odt", "ods", "rtf"})


def sniff(data: bytes, limit: int) -> str:
    """Return what `data` is: ooxml, pdf, doc, xls, odt, ods or rtf.

    Raises:
        UnreadableError: empty, too-large, encrypted, picture, or no office file at all.
    """
    if not data:
        raise UnreadableError(
            "empty", "这是一个空文件(0 字节),可能没有上传完整。请重新选择文件上传。", "the file is empty"
        )
    if len(data) > limit:
        size, most = len(data) // (1024 * 1024), limit // (1024 * 1024)
        raise UnreadableError(
            "too-large",
            f"文件有 {size} MB,最大 {most} MB。请压缩文件里的图片,或删去与表格无关的内容后再上传。",
            f"the file has {size} MB, at most {most} MB",
        )
    if data.startswith(b"PK\x03\x04"):
        return _zipped(data)
    if data.startswith(_OLE):
        return _compound(data)
    if data.startswith(b"{\\rtf"):
        return "rtf"
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return "pdf"
    raise _picture() if data.startswith(_PICTURES) else not_office()


def _zipped(data: bytes) -> str:
    kind = next((kind for mime, kind in _OPEN_DOCUMENT if data[30:200].startswith(b"mimetype" + mime)), "")
    if kind:
        with open_zip(data) as archive:
            names = set(archive.namelist())
        if any(name.startswith(("Basic/", "Scripts/")) for name in names):
            raise macro()
    return kind or "ooxml"


def _compound(data: bytes) -> str:
    """Return what an OLE file holds, by the names of its streams (UTF-16)."""
    if _stream("EncryptedPackage") in data or _stream("EncryptionInfo") in data:
        raise encrypted()
    if _stream("_VBA_PROJECT") in data:
        raise macro()
    if _stream("WordDocument") in data:
        return "doc"
    if _stream("Workbook") in data or _stream("Book") in data:
        return "xls"
    raise not_office()


def _stream(name: str) -> bytes:
    return name.encode("utf-16-le") + b"\x00\x00"


def _picture() -> UnreadableError:
    return UnreadableError(
        "picture",
        "这是一张图片。盖章扫描件只作附件,表中内容请上传填好的 Word(.docx)或 Excel(.xlsx)文件。",
        "a picture: scans are attachments, never the source of answers",
    )
