"""What holds for every request: limits, headers, the token of posted forms, and a sentence for every refusal."""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Flask, Response, render_template, request, session
from werkzeug.exceptions import Forbidden, HTTPException
from werkzeug.wrappers import Response as AnyResponse

from services.settings import Settings
from web import problems, scope
from web.refusals import Refusal, refusal_of

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
PACKET_ENDPOINTS = frozenset(
    {
        "packets.attach",
        "packets.hand_in",
        "packets.remove",
        "packets.make",
        "packets.check",
        "api_packets.create",
    }
)
"""Where packets of the tier below may be in the request."""
FORM_MEMORY = 4 * 1024 * 1024
"""Bytes of typed text in one request: a page of the longest schedule, percent-encoded, fits."""

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_LOG = logging.getLogger("census")


def attach(application: Flask, settings: Settings) -> None:
    """Set the limits, the headers, the token check and the answers to errors."""
    application.config.update(
        SECRET_KEY=hmac.new(settings.secret, b"session", hashlib.sha256).digest(),
        SESSION_COOKIE_NAME="census",
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=settings.upload_limit,
        MAX_FORM_MEMORY_SIZE=FORM_MEMORY,
        MAX_FORM_PARTS=1000,
    )
    application.jinja_env.globals["csrf_token"] = csrf_token
    application.before_request(take_packets)
    application.before_request(check_origin)
    application.after_request(add_headers)
    application.register_error_handler(Exception, answer_error)


def take_packets() -> None:
    """Take in more where packets are handed in: a province's alone may be larger than all else together.

    Files alone, which go to the disk: any other body is held in memory whole.
    """
    if request.endpoint in PACKET_ENDPOINTS and request.mimetype == "multipart/form-data":
        request.max_content_length = scope.settings().packet_limit


# ---- the token ----------------------------------------------------------------------------------


def csrf_token() -> str:
    """Return this visitor's token, for the hidden field of every form."""
    return session.setdefault("csrf", secrets.token_urlsafe(32))


def check_origin() -> None:
    """Refuse a change that another site asks for, and a posted page without its token.

    Raises:
        Forbidden: the request did not come from a page of this service.
    """
    if request.method in SAFE_METHODS:
        return
    origin = request.headers.get("Origin", "")
    if origin and urlsplit(origin).netloc != request.host:
        raise Forbidden
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        raise Forbidden
    if problems.is_api():
        return
    known, sent = session.get("csrf", ""), request.form.get("csrf", "")
    if not known or not hmac.compare_digest(known.encode(), sent.encode()):
        raise Forbidden


# ---- headers ------------------------------------------------------------------------------------


def add_headers(response: Response) -> Response:
    """Add the headers of every answer: nothing is cached, framed, sniffed or told to other sites."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    is_static = request.endpoint == "static"
    headers["Cache-Control"] = "public, max-age=3600" if is_static else "private, no-store"
    return response


# ---- errors -------------------------------------------------------------------------------------


def answer_error(error: Exception) -> AnyResponse:
    """Return the answer to an error: a page in Chinese, or problem details under /api."""
    refusal = refusal_of(error)
    if refusal.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _LOG.exception("%s %r", request.method, request.path, exc_info=error)
    if isinstance(error, HTTPException) and error.code and error.code < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    response = problems.answer(refusal) if problems.is_api() else _page(refusal)
    if refusal.status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = "5"
    if isinstance(error, HTTPException):
        response.headers.extend((k, v) for k, v in error.get_headers() if k in ("Allow", "Retry-After"))
    return response


def _page(refusal: Refusal) -> Response:
    return Response(render_template("error.html", refusal=refusal), refusal.status)
