"""The typeset form as a PDF, which carries its record so that it can be read back as issued.

The record travels as compressed JSON in the page-piece dictionary of the catalogue, the place that
ISO 32000-1 §14.5 gives a program for its own data and that PDF/A-2b allows. Beside it stands the
SHA-256 of the whole file with this digest left blank: a file that another program edited, annotated or
saved again no longer has it and is refused, since its pages may say something else than its record.
The record itself is vouched for by the signed identity, which holds the record's own digest.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zlib
from typing import Any

import pikepdf

from services.answers import field_at, place_at
from services.carriers.reading import Filled, Reading, UnreadableError
from services.form import Form
from services.identity import Stamp, parse_token, record_id
from services.kinds import Picture
from services.paper.typeset import continued, sheet, typeset
from services.record import Record, entries_of, from_json, shown, to_json

_APPLICATION = "/ZPCensus"
_ISSUED_ON = "D:20060703000000Z"
_BLANK = b"0" * 64
_OWN = re.compile(rb"<< /Filter /FlateDecode /ZPDigest \(([0-9a-f]{64})\) /Length (\d{1,9}) >>\nstream\n")
_MOST_BYTES = 64 * 1024 * 1024


def fill(form: Form, record: Record, stamp: Stamp) -> Filled:
    """Return the form with its record as PDF/A-2b; the same record gives the same bytes.

    The findings: characters that no font covers (N01), photographs that cannot be opened (D05), texts
    that run over to another page (D08).
    """
    piece = sheet(form, record, stamp)
    made = typeset((piece,), title=form.title, subject=stamp.token)
    content = {"token": stamp.token, "record": to_json(form, record)}
    data = _sealed(_carrying(made.pdf, content))
    return Filled(data=data, findings=(*piece.findings, *continued(form, made, piece.key)))


def _carrying(pdf: bytes, content: dict[str, Any]) -> bytes:
    """Return the PDF with `content` in its page-piece dictionary and a blank digest."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        private = pikepdf.Stream(document, zlib.compress(text.encode(), 9))
        private.stream_dict["/Filter"] = pikepdf.Name.FlateDecode
        private.stream_dict["/ZPDigest"] = pikepdf.String(_BLANK.decode())
        own = pikepdf.Dictionary(LastModified=pikepdf.String(_ISSUED_ON), Private=document.make_indirect(private))
        document.Root["/PieceInfo"] = pikepdf.Dictionary({_APPLICATION: own})
        document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _sealed(data: bytes) -> bytes:
    """Return the file with the SHA-256 of its bytes, the digest itself counted as blank."""
    found = _OWN.search(data)
    if found is None:
        raise AssertionError("the record was not written the way it is looked for")
    start, stop = found.span(1)
    return data[:start] + hashlib.sha256(data).hexdigest().encode() + data[stop:]


def claims_to_be_issued(data: bytes) -> bool:
    """Return whether a PDF carries a record, by its bytes alone: nothing is parsed, nothing is proved."""
    return _OWN.search(data) is not None


def identify(data: bytes) -> Stamp | None:
    """Return what the file says of itself, None for a PDF that this service did not issue.

    Raises:
        UnreadableError: it was issued here and changed since.
    """
    content = _content(data)
    return parse_token(str(content.get("token", ""))) if content else None


def read(form: Form, data: bytes) -> Reading:
    """Return the record that travels in a PDF as issued.

    Whether the identity is genuine is for the caller to ask, who knows the key; that the record is the
    one the identity names is asked here.

    Raises:
        UnreadableError: this service did not issue the file, or it was changed since.
    """
    content = _content(data)
    stamp = parse_token(str(content.get("token", ""))) if content else None
    if content is None or stamp is None:
        raise foreign()
    record, _ = from_json(
        form, content.get("record") or {}
    )  # what is wrong with the texts is said when they are parsed
    if record_id(form, record) != stamp.record:
        raise _changed()
    pictures = {path: value for path, value in entries_of(form, record).items() if isinstance(value, bytes)}
    raw = {p: text for p, text in shown(form, record).items() if not isinstance(field_at(form, p).kind, Picture)}
    places = {path: place_at(form, path) for path in raw}
    return Reading(carrier="pdf", stamp=stamp, raw=raw, pictures=pictures, places=places)


def _content(data: bytes) -> dict[str, Any] | None:
    """Return what travels in the file, None when nothing of ours does.

    The bytes are looked at as they were written, so no PDF of a stranger is ever parsed.

    Raises:
        UnreadableError: the file is not as it was issued.
    """
    found = _OWN.search(data)
    if found is None:
        if _APPLICATION.encode() in data or b"/ZPDigest" in data:
            raise _changed()
        return None
    start, stop = found.span(1)
    blank = hashlib.sha256(data[:start])
    blank.update(_BLANK)
    blank.update(data[stop:])
    if blank.hexdigest().encode() != found[1]:
        raise _changed()
    return _opened(data[found.end() : found.end() + int(found[2])])


def _opened(packed: bytes) -> dict[str, Any]:
    try:
        content = json.loads(zlib.decompressobj().decompress(packed, _MOST_BYTES))
    except (zlib.error, ValueError, RecursionError):
        raise _changed() from None
    if not isinstance(content, dict):
        raise _changed()
    return content


def foreign() -> UnreadableError:
    """Return the refusal of a PDF that carries no record of ours."""
    return UnreadableError(
        "pdf-foreign",
        "这个 PDF 不是从本系统下载的表格,读不出填写的内容。PDF 只收本系统生成的原文件;"
        "请上传填好的 Word 或 Excel 表,扫描件请作为附件上传",
        "this PDF was not issued here, so it has no answers to read; please upload the completed Word or Excel form,"
        " and scans as attachments",
    )


def _changed() -> UnreadableError:
    return UnreadableError(
        "pdf-changed",
        "这个 PDF 下载以后被改动过(编辑、批注、签章或另存),不能再作为填写的表。"
        "请上传下载时的原文件,或改用 Word、Excel 表填写",
        "this PDF was changed after it was issued (edited, annotated, signed or saved again); please upload the"
        " original file, or the completed Word or Excel form",
    )
