"""转到现行版本: the answers of a submission in another edition or region, and what does not go over (rule D03)."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from services import desk
from services.catalogue import regions
from services.records import submissions
from services.records.submissions import Submission
from services.upgrade import Upgraded
from web import scope
from web.choice import asked_carrier
from web.downloads import download
from web.naming import filled_name
from web.pages.forms import redirect_to
from web.receiving import reopened

blueprint = Blueprint("upgrade", __name__, url_prefix="/submissions")


def _made(own: str) -> tuple[Submission, Upgraded]:
    """Return a submission and its answers in the edition and region that the request names."""
    kept = submissions.get(scope.store(), scope.unit(), own)
    return kept, desk.carried_over(reopened(kept), request.values.get("edition", ""), request.values.get("region"))


@blueprint.get("/<own>/upgrade")
def show(own: str) -> str:
    """Show what goes over to another edition, and what does not."""
    kept, made = _made(own)
    form = submissions.form_of(kept)
    return render_template("upgrade.html", submission=kept, form=form, made=made, regions=regions())


@blueprint.get("/<own>/upgraded")
def file(own: str) -> Response:
    """Hand out the form of the other edition, filled with what goes over."""
    kept, made = _made(own)
    carrier = asked_carrier()
    data = desk.issue(made.form, made.record, carrier, scope.settings()).data
    return download(data, filled_name(made.form, kept.station, "转填", scope.today(), carrier))


@blueprint.post("/<own>/upgraded")
def fill(own: str) -> AnyResponse:
    """Open what goes over on the page, to be completed there; what is sent from it is the next version."""
    kept, made = _made(own)
    return redirect_to(made.form, made.record, kept.id)
