"""What a file is that was to be verified and is no packet: one of the forms, a record; said in words."""

from __future__ import annotations

import json
from pathlib import Path

from services.carriers.intake import LIMIT, read_upload
from services.carriers.reading import UnreadableError
from services.carriers.sniff import CONVERTIBLE, sniff
from services.catalogue import UnknownFormError, concrete
from services.desk import is_record
from services.form import Form

CODE = "not-a-packet"


def no_packet(message: str) -> UnreadableError:
    """Return the refusal of a file that is no packet."""
    return UnreadableError(CODE, message, "the file is not a packet that this service bound")


def named(refusal: UnreadableError, packet: bytes | Path) -> UnreadableError:
    """Return the refusal of what is no packet; of one of the forms it says which form that is."""
    form = _form(packet) if refusal.code == CODE else None
    if form is None:
        return refusal
    return UnreadableError(
        CODE,
        f"这是一份《{form.title}》,不是上报材料,没有装订时的校验值可核。要核对填得对不对,请用“上传核对”"
        "(命令 census check);要校验的,请选装订好的 PDF 或压缩包",
        f"the file is the form {form.id}, not a packet; check it instead",
    )


def _form(packet: bytes | Path) -> Form | None:
    size = packet.stat().st_size if isinstance(packet, Path) else len(packet)
    if size > LIMIT:
        return None
    data = packet.read_bytes() if isinstance(packet, Path) else packet
    try:
        if is_record(data):
            return concrete(str(json.loads(data)["form"]))
        return None if sniff(data, LIMIT) in CONVERTIBLE else read_upload(data, "", b"").form
    except (UnreadableError, UnknownFormError, ValueError, KeyError, RecursionError):
        return None
