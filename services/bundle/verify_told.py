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


def named(entry: Mapping[str, Any]) -> str:
    """Return what a person calls a piece: 第 2 件《…评估表》, and 《封面》 for what the service added."""
    return (f"第 {entry['number']} 件" if entry["number"] else "") + f"《{entry['title']}》"
