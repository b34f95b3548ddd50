"""退回修改单: handed out as PDF, and answered line by line (rule K07)."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.records import slips, submissions
from services.records.slip_sheet import slip_pdf
from services.records.submissions import RefusedError
from web import returning, scope
from web.downloads import download
from web.pages.submissions import page_of
from web.words import submission_name

blueprint = Blueprint("slips", __name__, url_prefix="/submissions")


@blueprint.get("/<own>/slip.pdf")
def pdf(own: str) -> Response:
    """Hand out the slip of a submission, its own or the one it has to answer."""
    slip, _ = returning.slip_at(own)
    returned = slip.submission
    name = submission_name(returned, submissions.form_of(returned), "退回修改单", "pdf")
    return download(slip_pdf(slip), name)


@blueprint.post("/<own>/answers")
def answer(own: str) -> AnyResponse | tuple[str, int]:
    """Keep the answers typed beside the lines of the slip; empty ones and those kept before are left alone."""
    found = submissions.get(scope.store(), scope.unit(), own)
    given = returning.answering(found)
    typed = {reply: request.form.get(f"answer.{reply.number}", "").strip() for reply in (given[1] if given else ())}
    said = {reply.number: text for reply, text in typed.items() if text not in ("", reply.answer)}
    try:
        slips.give_answers(scope.store(), scope.unit(), own, said)
    except RefusedError as error:
        return page_of(found, error.message), 422
    return redirect(url_for("submissions.show", own=own, _anchor="answers"), 303)
