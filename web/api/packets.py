"""POST packets from submissions, attachments and new files; GET them with .pdf and .zip."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for

from services.bundle.gather import may_be_form
from services.bundle.source import Source
from services.findings import Finding, as_dict, must_fix
from services.records import attachments, packets, submissions
from services.records.attachments import Attachment, Handed
from services.records.packets import Packet
from web import problems, scope, sent
from web.binding import ROSTER, Asked, bind, keep_attachment, named_kind, options_of, recipe_of
from web.handed import refuse_more_than_may
from web.lower import keep_lower
from web.pages import bound
from web.receiving import receive
from web.refusals import AskedWronglyError, Refusal

blueprint = Blueprint("api_packets", __name__)
_UNNAMED = frozenset({"file", "files", "form", "attachment"})
"""Names of multipart parts that say nothing of the file's kind."""
_PACKET = "packet"
"""The name of a part that is a packet of the tier below."""


def shown(packet: Packet) -> dict[str, Any]:
    """Return a packet as the API gives it."""
    links = {name: url_for(f"api_packets.{name}", own=packet.id) for name in ("get", "pdf", "archive")}
    return {
        "id": packet.id,
        "number": packet.number,
        "recipe": packet.recipe,
        "station": packet.station,
        "inputs": list(packet.inputs),
        "pdf_sha256": packet.pdf_sha,
        "zip_sha256": packet.zip_sha,
        "root_sha256": packet.manifest.get("root_sha256", ""),
        "page_count": packet.manifest.get("page_count", 0),
        "manifest": packet.manifest,
        "created_at": packet.created_at,
        "links": {"self": links["get"], "pdf": links["pdf"], "zip": links["archive"]},
    }


@blueprint.post("/packets")
def create() -> Response:
    """Bind a packet: of kept submissions and attachments named in JSON, or of files in a multipart body."""
    is_multipart = request.mimetype == "multipart/form-data"
    asked = _from_parts() if is_multipart else _from_json(sent.json_object())
    attempt = bind(asked)
    if attempt.packet is None:
        return _refused(attempt.findings)
    response = jsonify(shown(attempt.packet) | {"findings": [as_dict(finding) for finding in attempt.findings]})
    response.status_code = 201
    response.headers["Location"] = url_for("api_packets.get", own=attempt.packet.id)
    return response


def _refused(findings: Sequence[Finding]) -> Response:
    count = len(must_fix(findings))
    refusal = Refusal(
        status=422,
        code="incomplete",
        message=f"没有装订:有 {count} 处要先解决,见 findings" if count else "没有装订:没有一份填好的表",
        message_en="the packet is incomplete or its forms have faults; nothing was bound",
    )
    return problems.answer(refusal, findings=[as_dict(finding) for finding in findings])


def _from_json(body: dict[str, Any] | Any) -> Asked:
    store, unit = scope.store(), scope.unit()
    return Asked(
        recipe=recipe_of(str(body.get("recipe", "station"))),
        forms=tuple(submissions.get(store, unit, own) for own in _ids(body, "submissions")),
        enclosed=tuple(attachments.get(store, unit, own) for own in _ids(body, "attachments")),
        lower=tuple(packets.get(store, unit, own) for own in _ids(body, "packets")),
        options=options_of(body.get),
        confirmed=True,
    )


def _ids(body: Any, name: str) -> list[str]:
    found = body.get(name, [])
    if not isinstance(found, list) or not all(isinstance(own, str) for own in found):
        raise AskedWronglyError(f"{name} 应为编号的列表", f"`{name}` should be a list of ids")
    return found


def _from_parts() -> Asked:
    """Keep the files of a multipart body, each named by its kind, and return them as inputs.

    Raises:
        UnreadableError: there are more than a page takes; none is kept.
    """
    refuse_more_than_may()
    recipe = recipe_of(request.form.get("recipe", "station"))
    forms = [submissions.get(scope.store(), scope.unit(), own) for own in request.form.getlist("submission")]
    enclosed: list[Attachment] = []
    roster: Source | None = None
    for name, part in request.files.items(multi=True):
        data, filename = part.read(), part.filename or ""
        if name == ROSTER:
            roster = Source(name=filename, data=data)
        elif name == _PACKET:
            enclosed.append(keep_lower(recipe, filename, data))
        elif name in _UNNAMED and may_be_form(data):
            forms.append(receive(filename, data)[0])
        else:
            kind, item = named_kind(recipe, "" if name in _UNNAMED else name)
            enclosed.append(keep_attachment(Handed(kind=kind, item=item, filename=filename, data=data)))
    return Asked(
        recipe=recipe,
        forms=tuple(forms),
        enclosed=tuple(enclosed),
        options=options_of(request.form.get, roster),
        confirmed=True,
    )


@blueprint.get("/packets/<own>")
def get(own: str) -> Response:
    """Answer a packet with its manifest."""
    return jsonify(shown(packets.get(scope.store(), scope.unit(), own)))


@blueprint.get("/packets/<own>.pdf")
def pdf(own: str) -> Response:
    """Answer the packet's PDF."""
    return bound.pdf(own)


@blueprint.get("/packets/<own>.zip")
def archive(own: str) -> Response:
    """Answer the packet's zip."""
    return bound.archive(own)
