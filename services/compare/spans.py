"""Two texts cut into what they share and what differs, so that a reader's eye finds the difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

LONG = 60
"""Characters from which what two texts share is shortened."""
_KEPT = 16
_MOST = 6_000
_ALIKE = 0.35


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of a text, and whether the other text has it not."""

    text: str
    differs: bool = False


def spans(old: str, new: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return both texts in stretches; long ones that they share are shortened in the middle.

    Texts that have little in common differ as a whole.
    """
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if max(len(old), len(new)) > _MOST or matcher.ratio() < _ALIKE:
        return _whole(old), _whole(new)
    codes = matcher.get_opcodes()
    return (
        tuple(_cut((old[a:b], tag != "equal") for tag, a, b, _, _ in codes)),
        tuple(_cut((new[a:b], tag != "equal") for tag, _, _, a, b in codes)),
    )


def _whole(text: str) -> tuple[Span, ...]:
    return (Span(text=text, differs=True),) if text else ()


def _cut(pieces: Iterator[tuple[str, bool]]) -> Iterator[Span]:
    kept = [(text, differs) for text, differs in pieces if text]
    for number, (text, differs) in enumerate(kept):
        if differs or len(text) <= LONG:
            yield Span(text=text, differs=differs)
            continue
        head = text[:_KEPT] if number else ""
        tail = text[-_KEPT:] if number + 1 < len(kept) else ""
        yield Span(text=f"{head}……{tail}" if head or tail else f"{text[:_KEPT]}……")
