"""The record that travels in a PDF as issued, and how it is known whether the file is still as issued.

The record is compressed JSON in the page-piece dictionary of the catalogue, the place that ISO 32000-1
§14.5 gives a program for its own data and that PDF/A-2b allows. Beside it stands the SHA-256 of the whole
file with this digest left blank. The record only counts where nothing that is seen says otherwise.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from typing import Any

import pikepdf

from services.carriers.pdf.untouched import page_digests
from services.form import Form
from services.identity import Stamp
from services.record import Record, to_json

_APPLICATION = "/ZPCensus"
_ISSUED_ON = "D:20060703000000Z"
_BLANK = b"0" * 64
_OWN = re.compile(rb"/ZPDigest \(([0-9a-f]{64})\)")
_MOST_BYTES = 64 * 1024 * 1024
_UNREADABLE = (pikepdf.PdfError, pikepdf.PasswordError)
"""pikepdf's PasswordError is no PdfError."""


def carry(document: pikepdf.Pdf, form: Form, record: Record, stamp: Stamp) -> None:
    """Put the record with its identity and the digests of the pages into the page-piece dictionary, all but sealed."""
    content = {"token": stamp.token, "record": to_json(form, record), "pages": page_digests(document)}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    private = pikepdf.Stream(document, zlib.compress(text.encode(), 9))
    private.stream_dict["/Filter"] = pikepdf.Name.FlateDecode
    private.stream_dict["/ZPDigest"] = pikepdf.String(_BLANK.decode())
    own = pikepdf.Dictionary(LastModified=pikepdf.String(_ISSUED_ON), Private=document.make_indirect(private))
    document.Root["/PieceInfo"] = pikepdf.Dictionary({_APPLICATION: own})


def sealed(data: bytes) -> bytes:
    """Return the file with the SHA-256 of its bytes, the digest itself counted as blank."""
    found = _OWN.search(data)
    if found is None:
        raise AssertionError("the record was not written the way it is looked for")
    start, stop = found.span(1)
    return data[:start] + hashlib.sha256(data).hexdigest().encode() + data[stop:]


def claims_to_be_issued(data: bytes) -> bool:
    """Return whether a PDF carries a record, by its bytes alone: nothing is parsed, nothing is proved."""
    return b"/ZPDigest" in data


def carried(document: pikepdf.Pdf) -> dict[str, Any]:
    """Return what travels in a file: `token`, `record`, `pages`; empty where nothing of ours does, or nothing whole."""
    try:
        packed = document.Root.PieceInfo[_APPLICATION].Private.read_raw_bytes()
        content = json.loads(zlib.decompressobj().decompress(packed, _MOST_BYTES))
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError, zlib.error, *_UNREADABLE):
        return {}
    return content if isinstance(content, dict) else {}
