"""What is said of a printed text that differs from the form as issued: of long ones only where they differ."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile

from services.findings import Finding, Problem, Severity, found

_SHOWN = 36
_CONTEXT = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a change stands: for a clerk, and as the carrier's address ('' for what is not there any more)."""

    place: str
    anchor: str = ""


def brief(text: str) -> str:
    """Return as much of a text as names it in a sentence."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHOWN else f"{flat[:_SHOWN]}…"


def difference(old: str, new: str) -> tuple[str, str]:
    """Return both texts; of long ones only what differs, with a few characters around it."""
    if max(len(old), len(new)) <= _SHOWN:
        return old, new
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    start = max(0, head - _CONTEXT)

    def cut(text: str) -> str:
        end = min(len(text), max(head, len(text) - tail) + _CONTEXT)
        return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"

    return cut(old), cut(new) if new else ""


def _shared(one: str, other: str) -> int:
    """Return how many characters two texts begin with in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def layout_told(  # noqa: PLR0913 - a row of the table of changes
    code: str,
    name: str,
    at: Spot,
    said: tuple[str, str],
    remedy: str,
    *,
    got: str = "",
    want: str = "",
    severity: Severity = Severity.MUST_FIX,
) -> Finding:
    """Return what is said of one change of the form, called `name` (rule D02); `said` in Chinese and English."""
    problem = Problem(
        rule="D02",
        code=f"layout.{code}",
        severity=severity,
        phrase=said[0],
        phrase_en=f"{name!r} {said[1]}",
        got=got,
        want=want,
        remedy=remedy,
    )
    return found(problem, field="", label=name, place=at.place, anchor=at.anchor)
