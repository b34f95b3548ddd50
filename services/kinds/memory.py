"""Kinds that remember: what a form says again and again (自有, 五级, a year, a score of 2) is worked out once.

Kinds are values and their verbs are pure, so that equal kinds share what they remember and an answer that was
remembered is the answer itself. Only short plain values are remembered, some hundreds of each kind: nobody can
fill the memory with them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeVar

from services.kinds.kind import JsonValue, Kind, Parsed, Value

_SHORT = 64
_GREAT = 10**12
_KEPT = 512
_KINDS = 512
_PLAIN = (str, int, bool, type(None))
"""Each type apart: 1 and True are equal. Floats are left out, since 0.0 and -0.0 are equal too."""
_WRITTEN = (*_PLAIN, Decimal, date)
"""Values that are equal are written in the same way, 1.50 as 1.5."""

Given = TypeVar("Given")
Answer = TypeVar("Answer")


Known = Mapping[type, dict[Any, Answer]]
"""Remembered answers, by type of value and value."""

Memory = tuple[Known[Answer], Callable[[Given], Answer]]
"""What is known, and the function to be asked for what is not: it remembers what it answers."""


@lru_cache(maxsize=_KINDS)
def parser_of(kind: Kind) -> Memory[Parsed, str]:
    """Return the kind's `parse`, remembering."""
    return _remembering(kind.parse, _PLAIN)


@lru_cache(maxsize=_KINDS)
def reader_of(kind: Kind) -> Memory[Parsed, JsonValue]:
    """Return the kind's `from_json`, remembering."""
    return _remembering(kind.from_json, _PLAIN)


@lru_cache(maxsize=_KINDS)
def writer_of(kind: Kind) -> Memory[JsonValue, Value]:
    """Return the kind's `to_json`, remembering."""
    return _remembering(kind.to_json, _WRITTEN)


def _remembering(verb: Callable[[Given], Answer], types: tuple[type, ...]) -> Memory[Answer, Given]:
    known: Known[Answer] = MappingProxyType({kind: {} for kind in types})

    def ask(value: Given) -> Answer:
        answer = verb(value)
        kept = known.get(value.__class__)
        if kept is not None and _is_short(value):
            if len(kept) >= _KEPT:
                kept.clear()
            kept[value] = answer
        return answer

    return known, ask


def _is_short(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= _SHORT
    return -_GREAT < value < _GREAT if isinstance(value, int | Decimal) else True
