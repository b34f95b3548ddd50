"""POST batches: a prefilled form for every row of a list; GET jobs with .zip."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for

from services.findings import as_dict
from services.records import jobs
from services.records.jobs import Job
from web import scope
from web.batching import Asked, batched
from web.choice import asked_carrier, asked_form
from web.pages import batches
from web.refusals import AskedWronglyError

blueprint = Blueprint("api_batches", __name__)


def shown(job: Job) -> dict[str, Any]:
    """Return a job as the API gives it; a batch is made while its request is answered, so it is always done."""
    return {
        "id": job.id,
        "kind": job.kind,
        "state": "done",
        "form": job.form,
        "list": job.filename,
        "made": job.made,
        "findings": [as_dict(finding) for finding in job.findings],
        "created_at": job.created_at,
        "links": {
            "self": url_for("api_batches.get", own=job.id),
            "zip": url_for("api_batches.archive", own=job.id),
        },
    }


@blueprint.post("/batches")
def create() -> Response:
    """Make the forms of a list that a multipart body holds as `list`."""
    form, carrier = asked_form(request.form.get("form", "")), asked_carrier()
    sent = request.files.get("list")
    if sent is None or not sent.filename:
        raise AskedWronglyError("请求里没有名单:用 multipart/form-data,名单放在 list 里", "send the list as `list`")
    asked = Asked(
        form=form, carrier=carrier, filename=sent.filename, data=sent.read(), pattern=request.form.get("names", "")
    )
    job = batched(asked)
    response = jsonify(shown(job))
    response.status_code = 201
    response.headers["Location"] = url_for("api_batches.get", own=job.id)
    return response


@blueprint.get("/jobs/<own>")
def get(own: str) -> Response:
    """Answer a job with its findings."""
    return jsonify(shown(jobs.get(scope.store(), scope.unit(), own)))


@blueprint.get("/jobs/<own>.zip")
def archive(own: str) -> Response:
    """Answer the job's zip."""
    return batches.archive(own)
