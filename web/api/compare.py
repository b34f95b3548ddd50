"""POST compare and POST upgrade: two completed forms side by side, and one in another edition; nothing is kept."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from services import desk
from services.findings import as_dict as finding_as_dict
from services.record import to_json
from web import scope, sent
from web.choice import asked_carrier
from web.downloads import download
from web.naming import filled_name
from web.receiving import examined
from web.refusals import AskedWronglyError

blueprint = Blueprint("api_compare", __name__)
_TWO = 2


@blueprint.post("/compare")
def compare() -> Response:
    """Answer every difference between two completed forms, the older one first."""
    files = sent.files()
    if len(files) != _TWO:
        raise AskedWronglyError(
            f"比较要两份文件,现在是 {len(files)} 份;先放原来的一份,再放现在的一份",
            f"two files are compared, the older one first; there are {len(files)}",
        )
    sides = [examined(piece.name, piece.data) for piece in files]
    found = desk.compared(*(desk.side_of(side) for side in sides))
    named = [(piece.name, side) for piece, side in zip(files, sides, strict=True)]
    return jsonify(desk.comparison_json(named, found))


@blueprint.post("/upgrade")
def upgrade() -> Response:
    """Answer a completed form's answers in another edition or region; with `as` the filled file itself."""
    (piece, *others) = sent.files()
    if others:
        raise AskedWronglyError("一次转一份文件", "one file is carried over at a time")
    found = examined(piece.name, piece.data)
    made = desk.carried_over(found, request.args.get("edition", ""), request.args.get("region"))
    if "as" in request.args:
        carrier = asked_carrier()
        data = desk.issue(made.form, made.record, carrier, scope.settings()).data
        return download(data, filled_name(made.form, "", "转填", scope.today(), carrier))
    findings = (*found.reading.findings, *made.findings)
    return jsonify(
        {
            **to_json(made.form, made.record),
            "carried": made.carried,
            "findings": [finding_as_dict(finding) for finding in findings],
        }
    )
