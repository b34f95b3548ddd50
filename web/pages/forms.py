"""表格页: a form's blanks in each carrier, prefilled copies, and the way to filling it on the page."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from services import desk
from services.catalogue import regions
from services.form import Form
from services.record import Record
from services.records import drafts
from web import scope
from web.batching import MOST, heads_of
from web.choice import asked_carrier, asked_form
from web.downloads import download
from web.entry import raw_of
from web.naming import blank_name, filled_name
from web.receiving import opened

blueprint = Blueprint("forms", __name__, url_prefix="/forms")


@blueprint.get("/<form_id>")
def show(form_id: str) -> str:
    """Show what can be done with a form."""
    return page(asked_form(form_id))


def page(form: Form, message: str = "") -> str:
    """Return the page of a form; `message` says why nothing was made of a list."""
    return render_template("form.html", form=form, regions=regions(), message=message, heads=heads_of(form), most=MOST)


@blueprint.get("/<form_id>/blank")
def blank(form_id: str) -> Response:
    """Hand out the blank form."""
    form, carrier = asked_form(form_id), asked_carrier()
    return download(desk.blank(form, carrier, scope.settings()).data, blank_name(form, carrier))


@blueprint.post("/<form_id>/fill")
def fill(form_id: str) -> AnyResponse:
    """Hand out the form filled from an uploaded record or completed file; without a file, start filling on the page."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return start(form_id)
    form, record = opened(sent.filename, sent.read(), form_id)
    if request.form.get("to") == "page":
        return redirect_to(form, record)
    carrier = asked_carrier()
    filled = desk.issue(form, record, carrier, scope.settings())
    station = str(record.values.get("name") or "")
    return download(filled.data, filled_name(form, station, "已填", scope.today(), carrier))


@blueprint.post("/<form_id>/drafts")
def start(form_id: str) -> AnyResponse:
    """Start an empty draft and go to it."""
    form = asked_form(form_id)
    edition = form.edition.id if form.edition else ""
    empty = drafts.Draft(form=form.id, edition=edition, region=form.region, raw={}, pictures={})
    kept = drafts.start(scope.store(), scope.unit(), empty)
    return redirect(url_for("drafts.show", own=kept.id), 303)


def redirect_to(form: Form, record: Record, replaces: str | None = None) -> AnyResponse:
    """Start a draft that holds `record` and go to it."""
    kept = drafts.start(scope.store(), scope.unit(), raw_of(form, record, replaces))
    return redirect(url_for("drafts.show", own=kept.id), 303)
