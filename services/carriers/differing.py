"""Two printed texts beside each other: of long ones only where they differ."""

from __future__ import annotations

from itertools import takewhile

_SHOWN = 36
_CONTEXT = 8


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
