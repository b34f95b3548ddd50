"""GET forms, their schemas and blanks; POST fill."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from services import desk
from services.carriers.reading import UnreadableError
from services.catalogue import declared, regions
from services.desk import CARRIERS
from services.findings import as_dict, must_fix
from services.schema import record_schema
from web import problems, scope
from web.choice import asked_carrier, asked_form
from web.downloads import download
from web.naming import blank_name, filled_name
from web.refusals import Refusal

blueprint = Blueprint("api_forms", __name__)


@blueprint.get("/forms")
def index() -> Response:
    """Answer the forms there are, their editions and regions."""
    areas = [{"code": r.code, "name": r.name, "version": r.version} for r in regions()]
    return jsonify({"forms": [_listed(form.id) for form in declared()], "regions": areas, "carriers": list(CARRIERS)})


def _listed(form_id: str) -> dict[str, Any]:
    form = next(form for form in declared() if form.id == form_id)
    return {
        "id": form.id,
        "code": form.code,
        "title": form.title,
        "short_title": form.short_title,
        "editions": [{"id": edition.id, "version": edition.version} for edition in form.editions],
    }


@blueprint.get("/forms/<form_id>/schema")
def schema(form_id: str) -> Response:
    """Answer the JSON Schema of a form's record."""
    return jsonify(record_schema(asked_form(form_id)))


@blueprint.get("/forms/<form_id>/blank")
def blank(form_id: str) -> Response:
    """Answer the blank form."""
    form, carrier = asked_form(form_id), asked_carrier()
    return download(desk.blank(form, carrier, scope.settings()).data, blank_name(form, carrier))


@blueprint.post("/forms/<form_id>/fill")
def fill(form_id: str) -> Response:
    """Answer the form filled from the record in the body; a record with wrong keys or values is refused."""
    carrier = asked_carrier()
    asked_form(form_id)
    form, record, findings = desk.open_record(request.get_data(), partial=request.args.get("partial") == "1")
    if form.id != form_id:
        raise UnreadableError(
            "other-form", f"这是《{form.title}》的记录,不能填到这张表里", f"the record is of the form {form.id}"
        )
    if must_fix(findings):
        refusal = Refusal(
            status=422,
            code="record",
            message=f"记录有 {len(must_fix(findings))} 处不合要求,没有填表;各处见 findings",
            message_en="the record has unknown, missing or wrong entries",
        )
        return problems.answer(refusal, findings=[as_dict(finding) for finding in findings])
    data = desk.issue(form, record, carrier, scope.settings()).data
    station = str(record.values.get("name") or "")
    return download(data, filled_name(form, station, "已填", scope.today(), carrier))
