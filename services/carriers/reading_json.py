"""A reading as JSON, for crossing from one process to another."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from services.carriers.reading import Reading
from services.findings import Finding, Severity
from services.identity import Stamp


def findings_to_json(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Return the findings as plain objects, their anchors with them."""
    return [asdict(finding) for finding in findings]


def findings_from_json(data: list[dict[str, str]]) -> tuple[Finding, ...]:
    """Return the findings that `findings_to_json` wrote."""
    return tuple(Finding(**{**entry, "severity": Severity(entry["severity"])}) for entry in data)


def reading_to_json(reading: Reading) -> dict[str, Any]:
    """Return the reading as what JSON can hold."""
    return {
        "carrier": reading.carrier,
        "stamp": asdict(reading.stamp) if reading.stamp else None,
        "raw": dict(reading.raw),
        "pictures": {path: base64.b64encode(data).decode("ascii") for path, data in reading.pictures.items()},
        "places": dict(reading.places),
        "anchors": dict(reading.anchors),
        "sureness": dict(reading.sureness),
        "witnesses": {path: list(anchors) for path, anchors in reading.witnesses.items()},
        "findings": findings_to_json(reading.findings),
    }


def reading_from_json(data: Mapping[str, Any]) -> Reading:
    """Return the reading that `reading_to_json` wrote."""
    return Reading(
        carrier=data["carrier"],
        stamp=Stamp(**data["stamp"]) if data["stamp"] else None,
        raw=data["raw"],
        pictures={path: base64.b64decode(text) for path, text in data["pictures"].items()},
        places=data["places"],
        anchors=data["anchors"],
        sureness=data["sureness"],
        witnesses={path: tuple(anchors) for path, anchors in data["witnesses"].items()},
        findings=findings_from_json(data["findings"]),
    )
