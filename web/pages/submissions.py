"""核对结果: one submission with its findings, values, versions, and what can be done with it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from services import desk
from services.answers import label_at
from services.compare import Comparison
from services.findings import SEVERITY_LABELS, Severity
from services.records import kin, review, submissions
from services.records.store import acts, reading
from services.records.submissions import Submission
from web import returning, scope
from web.downloads import download
from web.pages.forms import redirect_to
from web.receiving import reopened
from web.refusals import refusal_of
from web.table import parts_of, text_of
from web.words import submission_name

ENDINGS = frozenset({*desk.CARRIERS, "json", "doc", "xls", "wps", "et", "odt", "ods", "rtf"})
blueprint = Blueprint("submissions", __name__, url_prefix="/submissions")


def _submission(own: str) -> Submission:
    return submissions.get(scope.store(), scope.unit(), own)


@blueprint.get("")
def index() -> str:
    """Show every standing submission."""
    return render_template("submissions.html", submissions=submissions.standing(scope.store(), scope.unit()))


@blueprint.get("/<own>")
def show(own: str) -> str:
    """Show a submission: findings first, then what is in it."""
    return page_of(_submission(own))


def page_of(submission: Submission, refused: str = "") -> str:
    """Return the page of a submission, with what was refused."""
    store, unit = scope.store(), scope.unit()
    form, record = submissions.form_of(submission), submissions.record_of(submission)
    versions = submissions.versions(store, unit, submission)
    former = next((v for v in versions if v.version < submission.version), None)
    with reading(store) as connection:
        history = acts(connection, unit, submission.id)
    return render_template(
        "submission.html",
        submission=submission,
        form=form,
        parts=parts_of(form, record, submission.findings),
        reasons=review.reasons_of(store, unit, submission.id),
        asked=[f for f in submission.findings if f.severity is Severity.CONFIRM],
        counts={s: submissions.count(submission, s) for s in Severity},
        versions=versions,
        alike=_alike(submission),
        former=former,
        comparison=_compared(former, submission) if former else None,
        history=history,
        slip=returning.own_slip(submission),
        answering=returning.answering(submission),
        suggested=returning.suggested_deadline(submission),
        today=scope.today(),
        refused=refused,
    )


def _alike(submission: Submission) -> list[tuple[Submission, list[tuple[str, str, str]]]]:
    """Return the other standing forms that may be this one, each with what they say differently of whose it is."""
    others = kin.alike(submissions.standing(scope.store(), scope.unit())).get(submission.id, ())
    return [(other, list(_told_apart(other, submission))) for other in others]


def _told_apart(other: Submission, submission: Submission) -> Iterator[tuple[str, str, str]]:
    """Yield label, the other's text and this one's, numbers of persons masked (rule I06)."""
    form, theirs, mine = submissions.form_of(submission), *map(submissions.record_of, (other, submission))
    for key in form.known_by:
        texts = [text_of(form, key, record.values.get(key)) or "(空)" for record in (theirs, mine)]
        if texts[0] != texts[1] or theirs.values.get(key) != mine.values.get(key):
            yield label_at(form, key), texts[0], texts[1]


def _compared(former: Submission, latter: Submission) -> Comparison:
    """Return what changed between two versions, identity numbers masked (rules K08, I06)."""
    old, new = (desk.side_of(reopened(submission), masked=True) for submission in (former, latter))
    return desk.compared(old, new)


@blueprint.get("/<own>/original")
def original(own: str) -> Response:
    """Hand out the file as it was sent."""
    found = _submission(own)
    data = submissions.original(scope.store(), scope.unit(), found)
    return download(data, submission_name(found, submissions.form_of(found), "原件", _ending(found)))


@blueprint.get("/<own>/marked")
def marked(own: str) -> Response:
    """Hand out the clerk's own file with the faults marked in it."""
    found = _submission(own)
    data = submissions.marked(scope.store(), scope.unit(), found)
    if data is None:
        abort(404)
    return download(data, submission_name(found, submissions.form_of(found), "标注稿", found.carrier))


def _ending(submission: Submission) -> str:
    """Return the ending of the file as it was sent, the carrier's where the name has none."""
    ending = submission.filename.rpartition(".")[2].lower()
    return ending if ending in ENDINGS else submission.carrier


@blueprint.get("/<own>/pdf")
def pdf(own: str) -> Response:
    """Hand out the form typeset from the submission's record."""
    found = _submission(own)
    form = submissions.form_of(found)
    data = desk.issue(form, submissions.record_of(found), "pdf", scope.settings()).data
    return download(data, submission_name(found, form, "打印稿", "pdf"))


@blueprint.get("/<own>/record.json")
def record(own: str) -> Response:
    """Hand out the submission's record file."""
    found = _submission(own)
    text = json.dumps(dict(found.record), ensure_ascii=False, indent=1)
    return download(text.encode(), submission_name(found, submissions.form_of(found), "记录", "json"))


@blueprint.get("/<own>/findings.csv")
def findings(own: str) -> Response:
    """Hand out the list of findings, for Excel: UTF-8 with its mark, no cell that Excel would compute."""
    found = _submission(own)
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(("序号", "程度", "位置", "问题和改法", "现在的内容", "应为", "规则"))
    for number, f in enumerate(found.findings, 1):
        cells = (SEVERITY_LABELS[f.severity], f.place, f.message, f.got, f.want, f.rule)
        lines.writerow((number, *map(_plain_cell, cells)))
    return download(
        text.getvalue().encode("utf-8-sig"), submission_name(found, submissions.form_of(found), "错误清单", "csv")
    )


def _plain_cell(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


@blueprint.post("/<own>/edit")
def edit(own: str) -> AnyResponse:
    """Open the submission's record on the page; what is sent from there is its next version."""
    found = _submission(own)
    return redirect_to(submissions.form_of(found), submissions.record_of(found), found.id)


@blueprint.post("/<own>/reasons")
def explain(own: str) -> AnyResponse | tuple[str, int]:
    """Keep the reasons typed beside the findings to confirm; empty ones are left alone."""
    found = _submission(own)
    asked = [f for f in found.findings if f.severity is Severity.CONFIRM]
    known = review.reasons_of(scope.store(), scope.unit(), own)
    for number, finding in enumerate(asked, 1):
        text, key = request.form.get(f"reason.{number}", "").strip(), (finding.code, finding.field)
        if not text or known.get(key) == text:
            continue
        try:
            review.give_reason(scope.store(), scope.unit(), own, finding=key, text=text)
        except submissions.RefusedError as error:
            return page_of(found, f"第 {number} 条:{error.message}"), 422
    return redirect(url_for("submissions.show", own=own, _anchor="reasons"), 303)


@blueprint.post("/<own>/replace")
def replace(own: str) -> AnyResponse | tuple[str, int]:
    """Make a submission the next version of the earlier one that it corrects."""
    try:
        kin.replace(scope.store(), scope.unit(), own, request.form.get("former", ""))
    except submissions.RefusedError as error:
        return page_of(_submission(own), error.message), refusal_of(error).status
    return redirect(url_for("submissions.show", own=own), 303)


@blueprint.post("/<own>/<any('return', accept, withdraw):action>")
def move(own: str, action: str) -> AnyResponse | tuple[str, int]:
    """Return, accept or withdraw a submission."""
    try:
        returning.act(own, action, request.form.get("message", ""), request.form.get)
    except submissions.RefusedError as error:
        return page_of(_submission(own), error.message), refusal_of(error).status
    return redirect(url_for("submissions.show", own=own), 303)
