"""按名单批量预填: a list uploaded on a form's page, and what was made of it."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.carriers.reading import UnreadableError
from services.findings import must_fix
from services.records import jobs
from services.records.jobs import Job
from web import scope
from web.batching import Asked, batched
from web.choice import asked_carrier, asked_form
from web.downloads import download
from web.naming import attachment_mark, file_name
from web.pages.forms import page
from web.words import form_named, local_day

blueprint = Blueprint("batches", __name__)


@blueprint.post("/forms/<form_id>/batches")
def make(form_id: str) -> AnyResponse | tuple[str, int]:
    """Make a prefilled form for every row of the uploaded list, and go to what was made."""
    form, carrier = asked_form(form_id), asked_carrier()
    sent = request.files.get("list")
    if sent is None or not sent.filename:
        return page(form, "选择一份名单(xlsx 或 csv),再按“按名单生成”"), 400
    try:
        job = batched(Asked(form=form, carrier=carrier, filename=sent.filename, data=sent.read()))
    except UnreadableError as error:
        return page(form, error.message), 422
    return redirect(url_for("batches.show", own=job.id), 303)


@blueprint.get("/jobs/<own>")
def show(own: str) -> str:
    """Show what was made of a list, and what is wrong with its rows."""
    job = _job(own)
    return render_template("batch.html", job=job, form=form_named(job.form), faults=len(must_fix(job.findings)))


@blueprint.get("/jobs/<own>.zip")
def archive(own: str) -> Response:
    """Hand out the forms of a batch."""
    job = _job(own)
    day = f"{local_day(job.created_at):%Y%m%d}"
    name = file_name((attachment_mark(form_named(job.form)), "预填", f"{job.made}份", day), "zip")
    return download(jobs.archive(scope.store(), scope.unit(), job), name)


def _job(own: str) -> Job:
    return jobs.get(scope.store(), scope.unit(), own)
