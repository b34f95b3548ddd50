"""POST submissions, and what becomes of one."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for

from services.findings import as_dict
from services.records import requests, review, submissions
from services.records.submissions import Submission
from web import returning, scope, sent
from web.pages import submissions as pages
from web.receiving import Piece, outcome, receive
from web.refusals import AskedWronglyError

blueprint = Blueprint("api_submissions", __name__)


def shown(submission: Submission, *, whole: bool = True) -> dict[str, Any]:
    """Return a submission as the API gives it; `whole` with its values and findings."""
    own = submission.id
    links = {name: url_for(f"api_submissions.{name}", own=own) for name in ("original", "marked", "pdf")}
    values = {
        "id": own,
        "number": submission.number,
        "version": submission.version,
        "replaced_by": submission.replaced_by,
        "state": submission.state,
        "form": submission.form,
        "edition": submission.edition,
        "region": submission.region,
        "station": submission.station,
        "agency_code": submission.agency_code,
        "carrier": submission.carrier,
        "filename": submission.filename,
        "original_sha256": submission.original_sha,
        "created_at": submission.created_at,
        "links": links | {"self": url_for("api_submissions.get", own=own)},
    }
    if not whole:
        return values
    found = [as_dict(finding) for finding in submission.findings]
    said = review.reasons_of(scope.store(), scope.unit(), own)
    reasons = [{"code": code, "field": field, "reason": text} for (code, field), text in said.items()]
    return values | {"record": submission.record, "findings": found, "reasons": reasons}


@blueprint.get("/submissions")
def index() -> Response:
    """Answer the standing submissions, newest first."""
    found = submissions.standing(scope.store(), scope.unit())
    return jsonify({"submissions": [shown(submission, whole=False) for submission in found]})


@blueprint.post("/submissions")
def create() -> Response:
    """Keep completed files: one gives its submission, several a result for each."""
    files = sent.files()
    replaces = request.args.get("replaces", "")
    if len(files) == 1:
        return _create_one(files[0], replaces)
    return jsonify({"results": [_result(piece) for piece in files]})


def _create_one(file: Piece, replaces: str) -> Response:
    key, digest = request.headers.get("Idempotency-Key", ""), hashlib.sha256(file.data).hexdigest()
    store, unit = scope.store(), scope.unit()
    answer = requests.claim(store, unit, key, digest) if key else ""
    if answer:
        return _created(submissions.get(store, unit, answer), is_new=False)
    submission, is_new = receive(file.name, file.data, replaces)
    if key:
        requests.answered(store, unit, key, submission.id)
    return _created(submission, is_new=is_new)


def _created(submission: Submission, *, is_new: bool) -> Response:
    response = jsonify(shown(submission))
    response.status_code = 201 if is_new else 200
    response.headers["Location"] = url_for("api_submissions.get", own=submission.id)
    return response


def _result(piece: Piece) -> dict[str, Any]:
    found, name = outcome(piece), piece.name
    if not found.submission_id:
        return {
            "file": name,
            "unreadable": {"code": found.code, "message": found.message, "message_en": found.message_en},
        }
    submission = submissions.get(scope.store(), scope.unit(), found.submission_id)
    return {"file": name, "is_new": found.is_new, "submission": shown(submission)}


@blueprint.get("/submissions/<own>")
def get(own: str) -> Response:
    """Answer a submission with its record, findings and reasons."""
    return jsonify(shown(submissions.get(scope.store(), scope.unit(), own)))


@blueprint.get("/submissions/<own>/original")
def original(own: str) -> Response:
    """Answer the file as it was sent."""
    return pages.original(own)


@blueprint.get("/submissions/<own>/marked")
def marked(own: str) -> Response:
    """Answer the marked copy; 404 when nothing is marked."""
    return pages.marked(own)


@blueprint.get("/submissions/<own>/pdf")
def pdf(own: str) -> Response:
    """Answer the form typeset from the record."""
    return pages.pdf(own)


@blueprint.post("/submissions/<own>/<any('return', accept, withdraw):action>")
def move(own: str, action: str) -> Response:
    """Return, accept or withdraw a submission; the body may hold `message`, `deadline`, `handler`."""
    body = sent.json_object()
    for name in ("message", "deadline", "handler"):
        if not isinstance(body.get(name, ""), str):
            raise AskedWronglyError(f"{name} 应为文字", f"`{name}` should be a string")
    return jsonify(shown(returning.act(own, action, body.get("message", ""), body.get)))
