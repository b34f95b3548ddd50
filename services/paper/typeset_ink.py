"""The colours of a fillable form: each answer is drawn in one of its own, so that it is known again on the page.

A colour is a number from 1: the answer's text, or with boxes to tick each box (`sex#0`, `sex#1` …).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.answers import field_at
from services.form import Form
from services.kinds import Choice, Choices, Kind, Tick, YesNo

TICKED_BOX, EMPTY_BOX = "√", "□"
"""The colours of the two samples that all boxes to tick are drawn from."""


def options_of(kind: Kind) -> tuple[str, ...]:
    """Return the labels printed behind boxes to tick, () for an answer that is written."""
    match kind:
        case Choice() if kind.boxes:
            return kind.options
        case Choices():
            return tuple(label for _, label in kind.options)
        case YesNo():
            return ("是", "否")
        case Tick():
            return (kind.label,)
        case _:
            return ()


def inks_of(form: Form, parts: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return the colour of everything that is answered on these parts, numbered as printed."""
    inks: dict[str, None] = {}
    for path in (path for part in parts for block in part["blocks"] for path in _paths(block)):
        options = options_of(field_at(form, path).kind)
        for name in (path, *(f"{path}#{number}" for number in range(len(options)))):
            inks.setdefault(name)
    return {name: number for number, name in enumerate((*inks, TICKED_BOX, EMPTY_BOX), 1)}


def _paths(block: Mapping[str, Any]) -> Iterator[str]:
    """Yield the answers of a block, pictures left out: a picture is no text."""
    kind: str = block["block"]
    match kind:
        case "cover":
            yield from (line["path"] for line in block["lines"])
        case "table":
            yield from (cell["path"] for row in block["rows"] for cell in row["cells"] if "path" in cell)
        case "text":
            yield block["key"]
        case "opinion":
            yield from (block["key"], f"{block['key']}_signer", f"{block['key']}_on")
        case _:
            return
