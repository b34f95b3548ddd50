"""Which row of an older table is which row of a newer one: by what stands in them, not by their numbers.

Rows with the same content are one row wherever they stand; of the others those that share what is rare in
the table (a name, a number) more than what many rows have are one row that was changed. What stands in
another order than its neighbours was moved; what has no partner was added or removed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

Row = tuple[str, ...]

MANY = 1_000
"""Rows beyond which partners are told by their number alone: no form has a tenth of it."""
_SAME_ROW = 0.5
_SAME_ROW_IN_PLACE = 0.2
"""The share of a row's weight that two rows must have in common, standing anywhere or between the same neighbours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """`pairs` are (old, new) row numbers in the new order; `moved` those whose order changed, by new number."""

    pairs: tuple[tuple[int, int], ...]
    moved: frozenset[int]
    removed: tuple[int, ...]
    added: tuple[int, ...]


def pair_rows(old: Sequence[Row], new: Sequence[Row], *, keyed: bool = False) -> Pairing:
    """Return the partners of two tables' rows; with `keyed` the first column alone says which row it is."""
    if max(len(old), len(new)) > MANY:
        partners = {number: number for number in range(min(len(old), len(new)))}
    elif keyed and _is_key(old) and _is_key(new):
        at = {row[:1]: number for number, row in enumerate(new)}
        partners = {number: at[row[:1]] for number, row in enumerate(old) if row[:1] in at}
    else:
        partners = _by_content(old, new)
    taken = set(partners.values())
    pairs = tuple(sorted(partners.items(), key=lambda pair: pair[1]))
    return Pairing(
        pairs=pairs,
        moved=_out_of_order(pairs),
        removed=tuple(number for number in range(len(old)) if number not in partners),
        added=tuple(number for number in range(len(new)) if number not in taken),
    )


def _is_key(rows: Sequence[Row]) -> bool:
    return len({row[:1] for row in rows}) == len(rows)


def _by_content(old: Sequence[Row], new: Sequence[Row]) -> dict[int, int]:
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    partners = {start + step: other + step for start, other, size in blocks for step in range(size)}
    _add_same(partners, old, new)
    _add_alike(partners, old, new)
    return partners


def _add_same(partners: dict[int, int], old: Sequence[Row], new: Sequence[Row]) -> None:
    """Give each row that stands elsewhere unchanged its partner."""
    free: dict[Row, list[int]] = {}
    taken = set(partners.values())
    for number, row in enumerate(new):
        if number not in taken:
            free.setdefault(row, []).append(number)
    for number, row in enumerate(old):
        if number not in partners and free.get(row):
            partners[number] = free[row].pop(0)


def _add_alike(partners: dict[int, int], old: Sequence[Row], new: Sequence[Row]) -> None:
    """Give each row that was changed its partner, the likest first, neighbours before strangers."""
    weights = _weights(old, new)
    gaps = _gaps(partners, len(old))
    found = sorted(_candidates(partners, old, new, weights, gaps))
    taken = set(partners.values())
    for _, _, one, other in found:
        if one not in partners and other not in taken:
            partners[one] = other
            taken.add(other)


def _candidates(
    partners: dict[int, int],
    old: Sequence[Row],
    new: Sequence[Row],
    weights: Sequence[Counter[str]],
    gaps: Sequence[tuple[int, int]],
) -> Iterator[tuple[float, int, int, int]]:
    """Yield (minus the likeness, distance, old row, new row) of every two free rows that may be one."""
    taken = set(partners.values())
    free = [number for number in range(len(new)) if number not in taken]
    for one in (number for number in range(len(old)) if number not in partners):
        before, after = gaps[one]
        for other in free:
            alike = _likeness(old[one], new[other], weights)
            if alike >= (_SAME_ROW_IN_PLACE if before < other < after else _SAME_ROW):
                yield -round(alike, 6), abs(one - other), one, other


def _gaps(partners: dict[int, int], count: int) -> list[tuple[int, int]]:
    """Return for each old row the new numbers of the nearest rows with a partner above and below it."""
    above, bounds = -1, []
    for number in range(count):
        above = partners.get(number, above)
        bounds.append(above)
    below, gaps = MANY + 1, []
    for number in reversed(range(count)):
        below = partners.get(number, below)
        gaps.append((bounds[number], below))
    return gaps[::-1]


def _weights(old: Sequence[Row], new: Sequence[Row]) -> tuple[Counter[str], ...]:
    """Return for each column how many rows of the fuller table hold a text: the rarer, the more it says."""
    width = len((old or new or ((),))[0])
    counted = ((Counter(row[col] for row in old), Counter(row[col] for row in new)) for col in range(width))
    return tuple(one | other for one, other in counted)


def _likeness(one: Row, other: Row, weights: Sequence[Counter[str]]) -> float:
    """Return the share, 0 to 1, of what two rows hold in common."""
    shared = whole = 0.0
    for count, here, there in zip(weights, one, other, strict=True):
        if here == there:
            shared += 1 / count[here] if here else 0
            whole += 1 / count[here] if here else 0
        else:
            whole += max(1 / count[text] for text in (here, there) if text)
    return shared / whole if whole else 0.0


def _out_of_order(pairs: Sequence[tuple[int, int]]) -> frozenset[int]:
    """Return the new numbers of those pairs that stand outside the longest run that kept its order."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, (one, _) in enumerate(pairs):
        at = bisect_left(tails, one)
        tails[at : at + 1] = [one]
        ends[at : at + 1] = [index]
        before.append(ends[at - 1] if at else -1)
    kept, index = set[int](), ends[-1] if ends else -1
    while index >= 0:
        kept.add(index)
        index = before[index]
    return frozenset(new for index, (_, new) in enumerate(pairs) if index not in kept)
