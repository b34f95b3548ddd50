"""上传核对: one or many completed files, zips too, and what became of each."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.carriers.reading import UnreadableError
from services.records import kin, submissions, uploads
from services.records.uploads import Outcome
from web import scope
from web.receiving import UNFILLED, Named, outcome, unfolded

blueprint = Blueprint("upload", __name__)


@blueprint.get("/upload")
def ask() -> str:
    """Show the upload box."""
    return render_template("upload.html", message="")


@blueprint.post("/upload")
def take() -> AnyResponse | tuple[str, int]:
    """Take the files in, each by itself, and go to the list of results."""
    sent: list[Named] = [(f.filename or "", f.read()) for f in request.files.getlist("file") if f.filename]
    if not sent:
        return render_template("upload.html", message="选择要核对的文件,再按“上传并核对”"), 400
    try:
        files = unfolded(sent, scope.settings().files_limit)
    except UnreadableError as error:
        return render_template("upload.html", message=error.message), 422
    replaces = request.form.get("replaces", "")
    outcomes = [outcome(piece, replaces) for piece in files]
    if len(outcomes) == 1 and outcomes[0].submission_id:
        return redirect(url_for("submissions.show", own=outcomes[0].submission_id, new=int(outcomes[0].is_new)), 303)
    own = uploads.keep(scope.store(), scope.unit(), outcomes)
    return redirect(url_for("upload.results", own=own), 303)


@blueprint.get("/uploads/<own>")
def results(own: str) -> str:
    """Show what became of each file of an upload."""
    outcomes = uploads.get(scope.store(), scope.unit(), own)
    lines = [(outcome, _submission(outcome)) for outcome in outcomes]
    refused = sum(not outcome.submission_id for outcome in outcomes)
    unfilled = sum(outcome.code == UNFILLED for outcome in outcomes)
    alike = kin.alike(submissions.standing(scope.store(), scope.unit()))
    return render_template("outcomes.html", lines=lines, refused=refused, unfilled=unfilled, alike=alike)


def _submission(outcome: Outcome) -> submissions.Submission | None:
    if not outcome.submission_id:
        return None
    return submissions.get(scope.store(), scope.unit(), outcome.submission_id)
