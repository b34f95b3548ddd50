"""A picture in a form: the bytes of a JPEG or PNG file."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from services.kinds.kind import JsonValue, Parsed, Value, wrong_json

_TYPES = ((b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"))


def media_type(data: bytes) -> str | None:
    """Return 'jpeg' or 'png' by the first bytes, None for anything else."""
    return next((name for magic, name in _TYPES if data.startswith(magic)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A photograph printed `width_mm` by `height_mm`; the value is the file's bytes."""

    width_mm: float
    height_mm: float

    def parse(self, text: str) -> Parsed:
        """Return nothing: a picture is not written as text; carriers hand over its bytes."""
        del text
        return None, ()

    def show(self, value: Value) -> str:
        """Return nothing: carriers place the picture."""
        del value
        return ""

    def to_json(self, value: Value) -> JsonValue:
        """Return a data URI."""
        if not isinstance(value, bytes):
            return None
        return f"data:image/{media_type(value) or 'jpeg'};base64,{base64.b64encode(value).decode('ascii')}"

    def from_json(self, value: JsonValue) -> Parsed:
        """Return the bytes of a record file's data URI."""
        if value is None:
            return None, ()
        try:
            data = base64.b64decode(str(value).partition(";base64,")[2], validate=True)
        except (binascii.Error, ValueError):
            data = b""
        return (data, ()) if media_type(data) else wrong_json(str(value)[:30], "jpg 或 png 图片的 data URI")

    def schema(self) -> dict[str, Any]:
        """Return a data-URI schema."""
        return {"type": "string", "pattern": "^data:image/(jpeg|png);base64,"}
