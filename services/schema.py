"""The JSON Schema of a form's record, derived from its declaration."""

from __future__ import annotations

from typing import Any

from services.answers import item_fields, scalars
from services.form import Field, Form


def _nullable(field: Field) -> dict[str, Any]:
    return {
        "title": field.label,
        "anyOf": [field.kind.schema(), {"type": "null"}],
        "x-required": field.required,
        "x-stage": field.stage,
    }


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": list(properties), "properties": properties}


def record_schema(form: Form) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a record of `form`."""
    values = {key: _nullable(field) for key, field in scalars(form).items()}
    for schedule in form.schedules:
        row = _object({column.key: _nullable(column) for column in schedule.columns})
        values[schedule.key] = {"title": schedule.label, "type": "array", "maxItems": schedule.max_rows, "items": row}
    if form.items:
        cells = {
            item.id: {"title": item.label, **_object({f.key: _nullable(f) for f in item_fields(item)})}
            for item in form.items
        }
        values["items"] = _object(cells)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": form.title,
        **_object(
            {
                "form": {"const": form.id},
                "edition": {"const": form.edition.id if form.edition else ""},
                "region": {"const": form.region},
                "values": _object(values),
            }
        ),
    }
