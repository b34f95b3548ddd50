"""How a difference is told: in a sentence for clerks, as a plain object for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from services.compare.differences import Change, What

NOTHING = "(空)"
WHAT_LABELS: Mapping[What, str] = MappingProxyType(
    {
        "changed": "改动",
        "added": "新增",
        "removed": "删去",
        "moved": "移动",
        "only-old": "只在前一份",
        "only-new": "只在后一份",
    }
)


def said(change: Change) -> str:
    """Return a row's difference in words: 新增第3行, 删去第2行, 第2行移到第5行; '' for any other."""
    match change.what:
        case "added":
            return f"新增第{change.row_new}行"
        case "removed":
            return f"删去第{change.row_old}行"
        case "moved":
            return f"第{change.row_old}行移到第{change.row_new}行"
        case "changed" if change.row_old != change.row_new:
            return f"原第{change.row_old}行"
        case "only-old" | "only-new":
            return "只有这一份有这一栏"
        case _:
            return ""


def as_dict(change: Change) -> dict[str, Any]:
    """Return a difference as the plain object that the command and the API give."""
    return asdict(change)
