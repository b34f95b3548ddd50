"""GET a submission's return slip (退回修改单), and POST the answers to its lines (rule K07)."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from services.records import slips
from web import returning, scope, sent
from web.pages import slips as pages
from web.refusals import AskedWronglyError

blueprint = Blueprint("api_slips", __name__)


@blueprint.get("/submissions/<own>/slip")
def get(own: str) -> Response:
    """Answer the slip of a submission, its own or the one it has to answer; 404 when there is none."""
    return jsonify(returning.shown(*returning.slip_at(own)))


@blueprint.get("/submissions/<own>/slip.pdf")
def pdf(own: str) -> Response:
    """Answer that slip on paper."""
    return pages.pdf(own)


@blueprint.post("/submissions/<own>/answers")
def answer(own: str) -> Response:
    """Keep answers to lines of the slip, `{"answers": [{"line": 1, "answer": "…"}]}`, and answer the slip."""
    slips.give_answers(scope.store(), scope.unit(), own, _answers())
    return get(own)


def _answers() -> dict[int, str]:
    said = sent.json_object().get("answers")
    if not isinstance(said, list):
        raise _asked_wrongly()
    found: dict[int, str] = {}
    for one in said:
        match one:
            case {"line": int(line), "answer": str(text)} if not isinstance(line, bool):
                found[line] = text
            case _:
                raise _asked_wrongly()
    return found


def _asked_wrongly() -> AskedWronglyError:
    return AskedWronglyError(
        'answers 应为列表,每条写成 {"line": 条号, "answer": "答复"}',
        '`answers` should be a list of {"line": number, "answer": text}',
    )
