"""The figures of a packet's summaries, recomputed from the records that lie in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from services.bundle.verify_files import Files
from services.bundle.verify_told import Line
from services.recipe import RECORDS

_SHOWN = 20
_OF_A_UNIT = frozenset({"city", "region"})
"""The recipes of whose roster those stations count alone whose codes begin with the unit's."""


def of_figures(body: Mapping[str, Any], files: Files) -> Iterator[Line]:
    """Yield whether the manifest's figures are those of the records; each that differs by its name."""
    stated = body.get("figures")
    if not stated:
        return
    try:
        computed = _recomputed(body, files)
    except Exception:  # noqa: BLE001 - a record that was tampered with fails in whatever way; its hash has named it
        yield Line(holds=False, text="汇总数字无法重算:记录有缺失或改动")
        return
    unlike = tuple(_unlike(stated, computed, ()))
    for path, given, ours in unlike[:_SHOWN]:
        yield Line(holds=False, text=f"汇总数字 {path}:材料里为 {given},按所附记录重算为 {ours}")
    if not unlike:
        yield Line(holds=True, text=f"汇总数字按所附 {_count(body)} 份记录重算:一致")


def _count(body: Mapping[str, Any]) -> int:
    return len(_records(body))


def _records(body: Mapping[str, Any]) -> list[str]:
    """Return the names of the records: of the forms that are bound, and of those that only figure in the summaries."""
    bound = [str(entry["record"]) for entry in body["entries"] if entry["record"]]
    return bound + [str(file["name"]) for file in body.get("files", ()) if str(file["name"]).startswith(RECORDS)]


def _recomputed(body: Mapping[str, Any], files: Files) -> Any:
    from services.survey.verified import recompute  # noqa: PLC0415 - only packets with figures need the survey

    records = (json.loads(files.read(name)) for name in _records(body))
    roster = next((file["name"] for file in body.get("files", ()) if str(file["name"]).startswith("名册/")), "")
    own = str(body["agency_code"]) if body.get("recipe") in _OF_A_UNIT else ""
    return recompute(records, (roster.rpartition("/")[2], files.read(roster)) if roster else None, own)


def _unlike(stated: Any, computed: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    if isinstance(stated, dict) and isinstance(computed, dict):
        for key in dict.fromkeys((*stated, *computed)):
            yield from _unlike(stated.get(key), computed.get(key), (*path, str(key)))
    elif isinstance(stated, list) and isinstance(computed, list) and len(stated) == len(computed):
        for number, (one, other) in enumerate(zip(stated, computed, strict=True), 1):
            yield from _unlike(one, other, (*path, str(number)))
    elif stated != computed:
        yield " · ".join(path), _short(stated), _short(computed)


def _short(value: Any) -> str:
    text = "没有" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:40]}…"  # noqa: PLR2004 - what stands on a line
