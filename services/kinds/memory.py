"""Kinds that remember: what a form says again and again (自有, 五级, a year, a score of 2) is worked out once.

Kinds are values and their verbs are pure, so that equal kinds share what they remember and an answer that was
remembered is the answer itself. Only short plain values are remembered, a few hundred of each kind: nobody
can fill the memory with them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from services.kinds.kind import JsonValue, Kind, Parsed, Value

_SHORT = 64
_GREAT = 10**12
_KEPT = 512
_KINDS = 512

Given = TypeVar("Given")
Answer = TypeVar("Answer")


@lru_cache(maxsize=_KINDS)
def parser_of(kind: Kind) -> Callable[[str], Parsed]:
    """Return the kind's `parse`, remembering."""
    return _remembering(kind.parse)


@lru_cache(maxsize=_KINDS)
def reader_of(kind: Kind) -> Callable[[JsonValue], Parsed]:
    """Return the kind's `from_json`, remembering."""
    return _remembering(kind.from_json)


@lru_cache(maxsize=_KINDS)
def writer_of(kind: Kind) -> Callable[[Value], JsonValue]:
    """Return the kind's `to_json`, remembering."""
    return _remembering(kind.to_json)


def _remembering(verb: Callable[[Given], Answer]) -> Callable[[Given], Answer]:
    """Return a pure function that looks short plain values up; it works all others out each time.

    Values of different types are told apart (1, 1.0, True), and so are 0.0 and -0.0, which are equal:
    neither is remembered.
    """
    known = lru_cache(maxsize=_KEPT, typed=True)(verb)

    def once(value: Given) -> Answer:
        kind = value.__class__
        if kind is str:
            is_plain = len(value) <= _SHORT  # pyright: ignore[reportArgumentType] - it is a str
        elif kind is int:
            is_plain = -_GREAT < value < _GREAT  # pyright: ignore[reportOperatorIssue] - it is an int
        else:
            is_plain = value is None or kind is bool or (kind is float and value != 0)
        return known(value) if is_plain else verb(value)

    return once
