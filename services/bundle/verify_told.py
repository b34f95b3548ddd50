"""What is said of each thing that was checked in a packet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that was checked, and whether it holds."""

    holds: bool
    text: str


_OF_ALL = (("unit", str), ("agency_code", str), ("root_sha256", str), ("page_count", int), ("entries", list))
_OF_ENTRY = (
    *((name, int) for name in ("number", "first_page", "last_page")),
    *((name, str) for name in ("title", "pages_sha256", "file", "file_sha256", "record", "record_sha256")),
)
_OF_FILE = (("name", str), ("sha256", str))


def is_shaped(body: Any) -> bool:
    """Return whether a manifest has the shape that everything which is checked in it relies on."""
    files = body.get("files", []) if isinstance(body, dict) else None
    return (
        _has(body, _OF_ALL)
        and all(_has(entry, _OF_ENTRY) for entry in body["entries"])
        and isinstance(files, list)
        and all(_has(file, _OF_FILE) for file in files)
    )


def _has(one: Any, wanted: tuple[tuple[str, type], ...]) -> bool:
    return isinstance(one, dict) and all(isinstance(one.get(name), kind) for name, kind in wanted)


def named(entry: Mapping[str, Any]) -> str:
    """Return what a person calls a piece: 第 2 件《…评估表》, and 《封面》 for what the service added."""
    return (f"第 {entry['number']} 件" if entry["number"] else "") + f"《{entry['title']}》"
