"""What a file says of itself: form, edition, region and record, signed so that a change shows.

The same token stands in the document properties, the subject, the header line and the QR code. It
uses only the alphanumeric characters of a QR code, so that the code stays at version 3 (29 modules).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

from services.form import Form
from services.record import Record, digest, empty

BLANK = "BLANK"
_CONTENTS, _OWNER = 10, 4
_TOKEN = re.compile(r"ZP([0-9A-Z]+):([0-9A-Z.]+):([0-9A-Z]*):([0-9A-Z]+):([0-9A-Z]{10})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """The identity that a carrier writes into a file, and its token with the signature."""

    code: str
    edition: str
    region: str
    record: str
    token: str

    @property
    def header(self) -> str:
        """The visible header line's right half."""
        return f"编号 {self.token}"


def _signature(text: str, secret: bytes) -> str:
    mac = hmac.new(secret, text.encode(), hashlib.sha256).digest()
    return base64.b32encode(mac).decode()[:10]


def record_id(form: Form, record: Record) -> str:
    """Return the id of a record, `BLANK` for a blank form: ten characters of its contents, four of its owner.

    The four are left out where the record does not say whose it is.
    """
    if record == empty(form):
        return BLANK
    return base64.b32encode(bytes.fromhex(digest(form, record))).decode()[:_CONTENTS] + _owner(form, record)


def _owner(form: Form, record: Record) -> str:
    """Return four characters of the number that a form is known by, '' where that is not filled in."""
    key = next(iter(form.known_by), "")
    value = record.values.get(key)
    return base64.b32encode(hashlib.sha256(f"{key}:{value}".encode()).digest()).decode()[:_OWNER] if value else ""


def holds(found: Stamp, form: Form, record: Record) -> bool:
    """Return whether a record has the contents that an identity names."""
    return found.record[:_CONTENTS] == record_id(form, record)[:_CONTENTS]


def is_of_another(found: Stamp, form: Form, record: Record) -> bool:
    """Return whether an identity was issued for another owner than the record names; False where either is silent."""
    issued_for, own = found.record[_CONTENTS:], _owner(form, record)
    return bool(issued_for and own) and issued_for != own


def stamp(form: Form, record: Record, secret: bytes) -> Stamp:
    """Return the signed identity of a form filled with a record."""
    code, edition = form.code.removeprefix("表"), (form.edition.id if form.edition else "").upper()
    record_name = record_id(form, record)
    text = f"ZP{code}:{edition}:{form.region}:{record_name}"
    return Stamp(
        code=code,
        edition=edition,
        region=form.region,
        record=record_name,
        token=f"{text}:{_signature(text, secret)}",
    )


def parse_token(text: str) -> Stamp | None:
    """Return the first identity that stands in `text`, whoever signed it."""
    match = _TOKEN.search(text)
    if match is None:
        return None
    code, edition, region, record, _ = match.groups()
    return Stamp(code=code, edition=edition, region=region, record=record, token=match[0])


def is_genuine(found: Stamp, secret: bytes) -> bool:
    """Return whether the token was signed with `secret`."""
    text, _, signature = found.token.rpartition(":")
    return hmac.compare_digest(signature, _signature(text, secret))
