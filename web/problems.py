"""Errors of the API as problem details (RFC 9457)."""

from __future__ import annotations

import json

from flask import Response, request

from web.refusals import Refusal

PREFIX = "/api/"


def is_api() -> bool:
    """Return whether the request is for the API."""
    return request.path.startswith(PREFIX)


def answer(refusal: Refusal, **more: object) -> Response:
    """Return the problem details of a refusal: `title` is English, `detail` the sentence for the clerk."""
    body = {
        "type": "about:blank",
        "title": refusal.message_en,
        "status": refusal.status,
        "detail": refusal.message,
        "code": refusal.code,
        "instance": request.path,
        **more,
    }
    text = json.dumps(body, ensure_ascii=False)
    return Response(text, refusal.status, content_type="application/problem+json; charset=utf-8")
