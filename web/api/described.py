"""The addresses of the API in OpenAPI's words: one entry for each, in the order of the design's contract."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

_PROBLEM = {"$ref": "#/components/responses/Problem"}
_FILES: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {"file": {"type": "array", "items": {"type": "string", "format": "binary"}}},
            }
        },
        "application/json": {"schema": {"$ref": "#/components/schemas/Record"}},
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
    },
}
_TWO_FILES: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["old", "new"],
                "properties": {key: {"type": "string", "format": "binary"} for key in ("old", "new")},
            }
        }
    },
}
_RECORD: dict[str, Any] = {
    "required": True,
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Record"}}},
}
_RETURN: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["message"],
                "properties": {
                    "message": {"type": "string", "description": "each line becomes a line of the return slip"},
                    "deadline": {"type": "string", "format": "date", "description": "ten working days if not said"},
                    "handler": {"type": "string", "maxLength": 40},
                },
            }
        }
    },
}
_ANSWERS: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["answers"],
                "properties": {
                    "answers": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["line", "answer"],
                            "properties": {"line": {"type": "integer"}, "answer": {"type": "string"}},
                        },
                    }
                },
            }
        }
    },
}
_MESSAGE: dict[str, Any] = {
    "content": {
        "application/json": {"schema": {"type": "object", "properties": {"message": {"type": "string"}}}},
    }
}
_LIST: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["form", "list"],
                "properties": {
                    **{key: {"type": "string"} for key in ("form", "as", "edition", "region")},
                    "names": {"type": "string", "description": "a file's name, labels of the form in braces"},
                    "list": {"type": "string", "format": "binary", "description": "xlsx or csv"},
                },
            }
        }
    },
}
_PACKET: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["submissions"],
                "properties": {
                    "recipe": {"type": "string", "enum": ["station", "city", "region", "ministry"]},
                    "submissions": {"type": "array", "items": {"type": "string"}},
                    "attachments": {"type": "array", "items": {"type": "string"}},
                    "packets": {"type": "array", "items": {"type": "string"}},
                    "number": {"type": "string"},
                    "signed_on": {"type": "string", "format": "date"},
                    "unit": {"type": "string"},
                    "quotas": {"type": "string"},
                    "size": {"type": "string", "description": "of the spot check: a number or a share like 5%"},
                    "seed": {"type": "string", "description": "of the spot check; the same seed draws the same"},
                },
            }
        },
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "description": "completed forms as `file`, attachments under their kind (`licence`) or item (`A04`), "
                "packets of the tier below as `packet`, the list of stations in scope as `roster`; at most 50 files",
                "properties": {"recipe": {"type": "string"}, "file": {"type": "string", "format": "binary"}},
            }
        },
    },
}


def _parameters(names: Iterable[str]) -> list[dict[str, str]]:
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]


def _json(schema: dict[str, Any], said: str) -> dict[str, Any]:
    return {"description": said, "content": {"application/json": {"schema": schema}}}


def _list_of(name: str, schema: str) -> dict[str, Any]:
    items = {"$ref": f"#/components/schemas/{schema}"}
    return {"type": "object", "properties": {name: {"type": "array", "items": items}}}


def _operation(
    own: str, summary: str, good: dict[str, Any], *, parameters: str = "", body: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return one operation; `good` is its answer by status, everything else is a problem."""
    found: dict[str, Any] = {"operationId": own, "summary": summary, "responses": {**good, "default": _PROBLEM}}
    found |= {"parameters": _parameters(parameters.split())} if parameters else {}
    return found | ({"requestBody": body} if body else {})


_FILE = {"200": {"$ref": "#/components/responses/File"}}
_SUBMISSION: dict[str, Any] = {"$ref": "#/components/schemas/Submission"}
_OBJECT: dict[str, Any] = {"type": "object"}
_SLIP: dict[str, Any] = {"$ref": "#/components/schemas/Slip"}
_ISSUE = "form as edition region"

PATHS: dict[str, Any] = {
    "/forms": {"get": _operation("forms", "The forms there are", {"200": _json(_OBJECT, "forms, regions, carriers")})},
    "/forms/{form_id}/schema": {
        "get": _operation(
            "schema",
            "JSON Schema of a form's record",
            {"200": _json(_OBJECT, "The schema")},
            parameters="form edition region",
        )
    },
    "/forms/{form_id}/blank": {"get": _operation("blank", "The blank form", _FILE, parameters=_ISSUE)},
    "/forms/{form_id}/fill": {
        "post": _operation("fill", "The form filled from a record", _FILE, parameters="form as", body=_RECORD)
    },
    "/check": {
        "post": _operation(
            "check",
            "Everything that is wrong with completed files; nothing is kept",
            {"200": _json(_list_of("results", "Result"), "A result for each file")},
            body=_FILES,
        )
    },
    "/compare": {
        "post": _operation(
            "compare",
            "Every difference between two completed forms of one kind, the older one first; nothing is kept",
            {"200": _json({"$ref": "#/components/schemas/Comparison"}, "Files, notes and changes in printed order")},
            body=_TWO_FILES,
        )
    },
    "/upgrade": {
        "post": _operation(
            "upgrade",
            "A completed form's answers in another edition or region; with `as` the filled file; nothing is kept",
            {"200": _json({"$ref": "#/components/schemas/Upgraded"}, "The record and what was not carried over")},
            parameters="as edition region",
            body=_FILES,
        )
    },
    "/submissions": {
        "get": _operation(
            "submissions",
            "The standing submissions",
            {"200": _json(_list_of("submissions", "Submission"), "Newest first")},
        ),
        "post": _operation(
            "submit",
            "Keep completed files; the same file is the same submission",
            {
                "200": _json(_OBJECT, "Known already; or `results`, one for each of several files"),
                "201": _json(_SUBMISSION, "Kept"),
            },
            parameters="key",
            body=_FILES,
        ),
    },
    "/submissions/{own}": {
        "get": _operation(
            "submission", "A submission with record and findings", {"200": _json(_SUBMISSION, "It")}, parameters="own"
        )
    },
    "/submissions/{own}/original": {"get": _operation("original", "The file as it was sent", _FILE, parameters="own")},
    "/submissions/{own}/marked": {
        "get": _operation("marked", "The file with its faults marked", _FILE, parameters="own")
    },
    "/submissions/{own}/pdf": {"get": _operation("pdf", "The form typeset from the record", _FILE, parameters="own")},
    **{
        f"/submissions/{{own}}/{action}": {
            "post": _operation(action, summary, {"200": _json(_SUBMISSION, "It")}, parameters="own", body=body)
        }
        for action, summary, body in (
            ("return", "Return for correction, with a return slip", _RETURN),
            ("accept", "Accept; refused while lines of a return slip are open", _MESSAGE),
            ("withdraw", "Withdraw", _MESSAGE),
        )
    },
    "/submissions/{own}/slip": {
        "get": _operation(
            "slip",
            "The return slip of a submission, its own or the one it has to answer",
            {"200": _json(_SLIP, "It, with the reply to each line")},
            parameters="own",
        )
    },
    "/submissions/{own}/slip.pdf": {"get": _operation("slip_pdf", "The return slip on paper", _FILE, parameters="own")},
    "/submissions/{own}/answers": {
        "post": _operation(
            "answer",
            "Answer lines of the return slip in words",
            {"200": _json(_SLIP, "The slip, with the reply to each line")},
            parameters="own",
            body=_ANSWERS,
        )
    },
    "/batches": {
        "post": _operation(
            "batch",
            "A prefilled form for every row of a list whose columns are headed with the form's labels",
            {"201": _json({"$ref": "#/components/schemas/Job"}, "Made; `links.zip` has the files")},
            body=_LIST,
        )
    },
    "/jobs/{own}": {
        "get": _operation(
            "job",
            "A batch and its findings",
            {"200": _json({"$ref": "#/components/schemas/Job"}, "It")},
            parameters="own",
        )
    },
    "/jobs/{own}.zip": {
        "get": _operation(
            "job_zip", "The files of a batch", {"200": {"$ref": "#/components/responses/Zip"}}, parameters="own"
        )
    },
    "/packets": {
        "post": _operation(
            "bind",
            "Bind a packet; 422 lists what is missing",
            {"201": _json({"$ref": "#/components/schemas/Packet"}, "Bound")},
            body=_PACKET,
        )
    },
    "/packets/{own}": {
        "get": _operation(
            "packet",
            "A packet with its manifest",
            {"200": _json({"$ref": "#/components/schemas/Packet"}, "It")},
            parameters="own",
        )
    },
    "/packets/{own}.pdf": {"get": _operation("packet_pdf", "The packet", _FILE, parameters="own")},
    "/packets/{own}.zip": {
        "get": _operation(
            "packet_zip",
            "The packet with all originals",
            {"200": {"$ref": "#/components/responses/Zip"}},
            parameters="own",
        )
    },
    "/openapi.json": {"get": _operation("openapi", "This description", {"200": _json(_OBJECT, "OpenAPI 3.1")})},
}
