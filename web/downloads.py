"""Files handed out: always as an attachment, never shown by the browser as a page."""

from __future__ import annotations

from types import MappingProxyType

from flask import Response

from services.desk import MEDIA_TYPES
from web.naming import disposition

TYPES = MappingProxyType(
    dict(MEDIA_TYPES)
    | {
        "csv": "text/csv; charset=utf-8",
        "json": "application/json; charset=utf-8",
        "zip": "application/zip",
        "jpg": "image/jpeg",
        "png": "image/png",
    }
)


def download(data: bytes, name: str) -> Response:
    """Return `data` as the download `name`; its type follows the ending."""
    media = TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
    response = Response(data, mimetype=None, content_type=media)
    response.headers["Content-Disposition"] = disposition(name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
