"""POST check: everything that is wrong with completed files; nothing is kept."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from services import desk
from services.carriers.reading import UnreadableError
from services.findings import as_dict
from services.record import to_json
from web import problems, sent
from web.receiving import examined
from web.refusals import Refusal

blueprint = Blueprint("api_check", __name__)


@blueprint.post("/check")
def check() -> Response:
    """Answer the record and findings of each file; 422 when none of them could be read."""
    results = [_result(piece.name, piece.data) for piece in sent.files()]
    unread = [result["unreadable"] for result in results if "unreadable" in result]
    if len(unread) < len(results):
        return jsonify({"results": results})
    first = unread[0]
    refusal = Refusal(status=422, code=first["code"], message=first["message"], message_en=first["message_en"])
    return problems.answer(refusal, results=results)


def _result(name: str, data: bytes) -> dict[str, Any]:
    """Return what `census check --json` says of a file, and the record that was read."""
    try:
        found = examined(name, data)
    except UnreadableError as error:
        said = {"code": error.code, "message": error.message, "message_en": error.message_en}
        return {"file": name, "unreadable": said, "findings": []}
    record = to_json(found.form, found.record)
    told = [as_dict(finding) for finding in found.findings]
    return {"file": name, **record, "incomplete": desk.is_incomplete(found.findings), "findings": told}
