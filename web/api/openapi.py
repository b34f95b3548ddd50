"""GET openapi.json: the API described in OpenAPI 3.1."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from services.catalogue import declared
from services.compare import WHAT_LABELS
from services.desk import CARRIERS, MEDIA_TYPES
from services.findings import Finding, Severity
from services.records.review import STATES
from services.records.settle import STATE_LABELS
from web.api.described import PATHS

blueprint = Blueprint("api_openapi", __name__)


@blueprint.get("/openapi.json")
def describe() -> Response:
    """Answer this description."""
    return jsonify(description())


def description() -> dict[str, Any]:
    """Return the whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "职业技能鉴定所(站)质量普查 census API",
            "version": "1",
            "summary": "Issue the three forms, read them back, check them, keep them, bind packets",
            "description": "The forms are reconstructed after 劳社厅函〔2006〕338号, not the ministry's originals.",
        },
        "servers": [{"url": "/api/v1"}],
        "paths": PATHS,
        "components": {"schemas": _schemas(), "parameters": _parameters(), "responses": _responses()},
    }


def _parameters() -> dict[str, Any]:
    form = {"type": "string", "enum": [form.id for form in declared()]}
    editions = sorted({edition.id for form in declared() for edition in form.editions})
    return {
        "form": {"name": "form_id", "in": "path", "required": True, "schema": form},
        "own": {"name": "own", "in": "path", "required": True, "schema": {"type": "string"}},
        "as": {"name": "as", "in": "query", "schema": {"type": "string", "enum": list(CARRIERS), "default": "docx"}},
        "edition": {"name": "edition", "in": "query", "schema": {"type": "string", "enum": editions}},
        "region": {"name": "region", "in": "query", "schema": {"type": "string"}, "description": "code or name"},
        "key": {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 200}},
    }


def _responses() -> dict[str, Any]:
    binary = {media: {"schema": {"type": "string", "format": "binary"}} for _, media in MEDIA_TYPES}
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "File": {"description": "The file, as an attachment", "content": binary},
        "Zip": {"description": "The zip", "content": {"application/zip": {"schema": {"type": "string"}}}},
        "Problem": {"description": "Refused: `detail` is the sentence for the clerk", "content": problem},
    }


def _schemas() -> dict[str, Any]:
    text = {"type": "string"}
    finding = dict.fromkeys(Finding.__dataclass_fields__, text) | {
        "severity": {"type": "string", "enum": [severity.value for severity in Severity]}
    }
    return {
        "Finding": {"type": "object", "required": list(finding), "properties": finding},
        "Problem": _problem(),
        "Record": {
            "type": "object",
            "required": ["form", "edition", "region", "values"],
            "properties": {**dict.fromkeys(("form", "edition", "region"), text), "values": {"type": "object"}},
            "description": "GET forms/{form_id}/schema gives the whole JSON Schema",
        },
        "Result": {
            "type": "object",
            "required": ["file", "findings"],
            "properties": {
                "file": text,
                **dict.fromkeys(("form", "edition", "region"), text),
                "values": {"type": "object"},
                "incomplete": {"type": "boolean", "description": "only a part of the form could be read"},
                "findings": {"type": "array", "items": {"$ref": "#/components/schemas/Finding"}},
                "unreadable": {"type": "object", "properties": dict.fromkeys(("code", "message", "message_en"), text)},
            },
        },
        **_side_by_side(),
        **_slip(),
        "Submission": _kept({"state": {"type": "string", "enum": list(STATES)}, "version": {"type": "integer"}}),
        "Job": _job(),
        "Packet": _kept({"page_count": {"type": "integer"}, "root_sha256": text, "manifest": {"type": "object"}}),
    }


def _problem() -> dict[str, Any]:
    text = {"type": "string"}
    return {
        "type": "object",
        "required": ["type", "title", "status", "detail", "code"],
        "properties": {
            **dict.fromkeys(("type", "title", "detail", "code", "instance"), text),
            "status": {"type": "integer"},
            "findings": {"type": "array", "items": {"$ref": "#/components/schemas/Finding"}},
            "results": {"type": "array", "items": {"$ref": "#/components/schemas/Result"}},
        },
    }


def _side_by_side() -> dict[str, Any]:
    """Return the schemas of what comparing and carrying over answer."""
    text = {"type": "string"}
    return {
        "Comparison": {
            "type": "object",
            "required": ["files", "equal", "notes", "changes"],
            "properties": {
                "files": _list(dict.fromkeys(("file", "form", "edition", "region"), text)),
                "equal": {"type": "boolean"},
                "notes": _list(dict.fromkeys(("message", "message_en"), text)),
                "changes": _changes(),
            },
        },
        "Upgraded": {
            "type": "object",
            "required": ["form", "edition", "region", "values", "carried", "findings"],
            "properties": {
                **dict.fromkeys(("form", "edition", "region"), text),
                "values": {"type": "object"},
                "carried": {"type": "integer"},
                "findings": {"type": "array", "items": {"$ref": "#/components/schemas/Finding"}},
            },
        },
    }


def _job() -> dict[str, Any]:
    """Return the schema of a batch that was made."""
    properties = {
        **{key: {"type": "string"} for key in ("id", "kind", "form", "list", "created_at")},
        "state": {"type": "string", "enum": ["done"]},
        "made": {"type": "integer"},
        "findings": {"type": "array", "items": {"$ref": "#/components/schemas/Finding"}},
        "links": {"type": "object"},
    }
    return {"type": "object", "required": list(properties), "properties": properties}


def _slip() -> dict[str, Any]:
    """Return the schemas of a return slip."""
    text, day = {"type": "string"}, {"type": "string", "format": "date"}
    line = {
        "line": {"type": "integer"},
        **dict.fromkeys(("label", "place", "problem", "rule", "remedy", "field", "code", "answer"), text),
        "state": {"type": "string", "enum": list(STATE_LABELS)},
        "changes": _changes(),
    }
    properties = {
        **dict.fromkeys(("number", "submission", "station", "form", "unit", "handler"), text),
        **dict.fromkeys(("deadline", "returned_on"), day),
        **{key: {"type": "integer"} for key in ("version", "open")},
        "lines": _list(line),
    }
    return {"Slip": {"type": "object", "required": list(properties), "properties": properties}}


def _changes() -> dict[str, Any]:
    """Return the schema of a list of differences."""
    return _list(
        {
            **{key: {"type": "string"} for key in ("field", "label", "place", "old", "new")},
            "what": {"type": "string", "enum": list(WHAT_LABELS)},
            **{key: {"type": "integer"} for key in ("row_old", "row_new")},
        }
    )


def _list(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "object", "properties": properties}}


def _kept(own: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of something kept: its id, number, time, and `own`."""
    text = {"type": "string"}
    common = {"id": text, "number": {"type": "integer"}, "created_at": {"type": "string", "format": "date-time"}}
    return {"type": "object", "required": [*common, *own], "properties": common | own}
