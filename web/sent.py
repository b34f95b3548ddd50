"""What a client sent: files in a multipart body, or one file as the body itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import request

from services.desk import MEDIA_TYPES
from web import scope
from web.receiving import Piece, unfolded
from web.refusals import AskedWronglyError

_ENDINGS = {media: ending for ending, media in MEDIA_TYPES} | {"application/json": "json", "application/zip": "zip"}


def files() -> tuple[Piece, ...]:
    """Return every file of the request, those inside zips one by one.

    Raises:
        AskedWronglyError: there is none.
        UnreadableError: a zip cannot be opened, or there are too many files.
    """
    if request.mimetype == "multipart/form-data":
        found = [(part.filename or "", part.read()) for _, part in request.files.items(multi=True) if part.filename]
    else:
        body = b"" if request.mimetype == "application/x-www-form-urlencoded" else request.get_data()
        found = [(f"file.{_ENDINGS.get(request.mimetype, 'bin')}", body)] if body else []
    if not found:
        raise AskedWronglyError(
            "请求里没有文件:用 multipart/form-data 上传,或把文件作为请求的正文",
            "no file: send multipart/form-data, or the file as the body",
        )
    return unfolded(found, scope.settings().files_limit)


def json_object() -> Mapping[str, Any]:
    """Return the JSON object in the body; {} for an empty body.

    Raises:
        AskedWronglyError: the body is no JSON object.
    """
    body = request.get_data()
    if not body:
        return {}
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise AskedWronglyError("请求的正文应为 JSON 对象", "the body should be a JSON object") from error
    if not isinstance(content, dict):
        raise AskedWronglyError("请求的正文应为 JSON 对象", "the body should be a JSON object")
    return content
