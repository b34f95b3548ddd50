"""What can be wrong, and how we say it.

A `Problem` is what is wrong with a text, wherever it stands; a `Finding` is a problem at a place.
Both are values: they are returned, all at once, and never thrown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class Severity(StrEnum):
    """How much a finding matters: rules.csv calls these E, W and I."""

    MUST_FIX = "must-fix"
    CONFIRM = "confirm"
    NOTE = "note"


SEVERITY_LABELS: Mapping[Severity, str] = MappingProxyType(
    {Severity.MUST_FIX: "必须修改", Severity.CONFIRM: "需要确认", Severity.NOTE: "提示"}
)

REASON_MINIMUM = 5
"""The shortest reason (情况说明) that is taken, in characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with one text.

    `phrase` continues the quoted label (“机构编码”+ 应为 8 位数字,现在是 7 位); `remedy` is the whole
    sentence that says what to do; `phrase_en` continues the key in English. `code` is stable and
    never reused; `rule` is an id of rules.csv.
    """

    code: str
    rule: str
    severity: Severity
    phrase: str
    phrase_en: str
    got: str = ""
    want: str = ""
    remedy: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A problem at a place, as it is shown to the clerk and given to the API.

    `field` is the path in the record (`agency_code`, `examiners.0.id_no`, `items.A01.self`; rows
    count from 0 there and from 1 in `place`), empty when the finding concerns the whole file.
    `anchor` is the carrier's own address of a printed cell that is no answer (a label that was changed),
    for marking there, or of both cells of an answer that stands in two, a line each; it is no part of what is
    told outside.
    """

    code: str
    rule: str
    severity: Severity
    field: str
    label: str
    place: str
    got: str
    want: str
    message: str
    message_en: str
    source: str
    anchor: str = ""


def found(problem: Problem, *, field: str, label: str, place: str = "", anchor: str = "") -> Finding:
    """Return the finding that `problem` is at `field`, worded with its printed `label`."""
    quoted = f"“{label}”" if label else ""
    return Finding(
        code=problem.code,
        rule=problem.rule,
        severity=problem.severity,
        field=field,
        label=label,
        place=place or label,
        got=problem.got,
        want=problem.want,
        message=f"{quoted}{problem.phrase}{'。' + problem.remedy if problem.remedy else ''}",
        message_en=f"{field or 'file'}: {problem.phrase_en}",
        source=problem.source,
        anchor=anchor,
    )


def as_dict(finding: Finding) -> dict[str, Any]:
    """Return the finding as the plain object of the contract, keys in its order."""
    return {name: str(getattr(finding, name)) for name in Finding.__dataclass_fields__ if name != "anchor"}


def must_fix(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return those findings that stop acceptance."""
    return tuple(f for f in findings if f.severity is Severity.MUST_FIX)
