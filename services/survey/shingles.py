"""How alike two texts are, and which of thousands are too much alike (rule D11).

A text's signature is the sorted 32-bit hashes of all its runs of five characters, blanks and marks left
out. Its first members are a minhash sketch (bottom-k), so that resembling texts are found without comparing
every pair; a pair that may be alike is then compared by all its runs.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from typing import TypeVar
from zlib import crc32

RUN = 5
ALIKE = 0.8
"""The share of common runs (Jaccard) above which two texts are called nearly identical; rules.csv D11."""

LEAST_RUNS = 100
"""Shorter texts say the same things by chance."""

_SKETCH = 16
_SHARED = 6
"""Texts that are 0.8 alike share fewer than 6 of their 16 least hashes once in 100,000 times."""
_SAME = 0.9
"""A text this much like an earlier one is not compared with later ones: the earlier one stands for it."""
Owner = TypeVar("Owner", bound=Hashable)
_BLANK = re.compile(r"[\s\W_]+")


def signature(text: str) -> bytes:
    """Return the signature of a text, b"" for one too short to be compared."""
    data = _BLANK.sub("", text).encode("utf-16-le")
    runs = {crc32(data[start : start + 2 * RUN]) for start in range(0, len(data) - 2 * RUN + 1, 2)}
    return array("I", sorted(runs)).tobytes() if len(runs) >= LEAST_RUNS else b""


def likeness(one: bytes, other: bytes) -> float:
    """Return the share of common runs of two signatures, 0.0 to 1.0."""
    left, right = set(_hashes(one)), set(_hashes(other))
    return len(left & right) / len(left | right) if left or right else 0.0


def resemblances(signed: Sequence[tuple[Owner, bytes]]) -> Iterator[tuple[Owner, Owner, float]]:
    """Yield (later, earlier, likeness) for every text that is more than `ALIKE` like an earlier one.

    `signed` are the texts' owners and signatures; texts of one owner are not compared. Each text is
    named once, with the earlier one that it resembles most.
    """
    index: dict[int, list[int]] = defaultdict(list)
    for number, (owner, text) in enumerate(signed):
        if not text:
            continue
        sketch = _hashes(text[: 4 * _SKETCH])
        shared = Counter(earlier for least in sketch for earlier in index.get(least, ()))
        enough = [earlier for earlier, count in shared.items() if count >= _SHARED and signed[earlier][0] != owner]
        best, like = _closest(text, enough, signed)
        if like > ALIKE:
            yield owner, signed[best][0], like
        if like < _SAME:
            for least in sketch:
                index[least].append(number)


def _closest(text: bytes, candidates: Sequence[int], signed: Sequence[tuple[Owner, bytes]]) -> tuple[int, float]:
    """Return the candidate most like `text` and its likeness; (-1, 0) when there is none."""
    return max(
        ((number, likeness(text, signed[number][1])) for number in candidates),
        key=lambda found: (found[1], -found[0]),
        default=(-1, 0.0),
    )


def _hashes(signed: bytes) -> array[int]:
    return array("I", signed)
