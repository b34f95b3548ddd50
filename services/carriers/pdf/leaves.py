"""Which page of a PDF is which page of the form as issued, by where its letters stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.carriers.pdf.drawn import Drawn, Letter

_BIN, _HAIR = 8.0, 2.0
_ALIKE = 0.4
_MOST_COMPARED = 10_000

Seen = frozenset[tuple[str, int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """Pages of an upload by issued page (all from 0), issued pages that are missing, pages that were added."""

    pairs: Mapping[int, int]
    missing: tuple[int, ...]
    added: tuple[int, ...]

    @property
    def moved(self) -> tuple[int, ...]:
        """The fewest issued pages that would have to be moved to bring all into order."""
        order = [issued for issued, _ in sorted(self.pairs.items(), key=lambda pair: pair[1])]
        longest: list[tuple[int, ...]] = []
        for issued in order:
            before = max((run for run in longest if run[-1] < issued), key=len, default=())
            longest.append((*before, issued))
        kept = frozenset(max(longest, key=len, default=()))
        return tuple(issued for issued in order if issued not in kept)


def paired(issued: Sequence[Sequence[Letter]], pages: Sequence[Drawn]) -> Pairing:
    """Return the pages of an upload by the issued pages, whose printed letters are given.

    The same page is looked for first where it was; then the likeliest of those that are left.
    """
    wanted = [frozenset((x.text, int(x.left // _BIN), int(x.base // _BIN)) for x in letters) for letters in issued]
    there = [_seen(page.letters) for page in pages]
    pairs: dict[int, int] = {}
    exact = [(w, t) for w, one in enumerate(wanted) for t, other in enumerate(there) if _holds(one, other) >= 1]
    _take(pairs, sorted(exact, key=lambda pair: (abs(pair[0] - pair[1]), pair)))
    left = [w for w in range(len(wanted)) if w not in pairs]
    free = [t for t in range(len(there)) if t not in pairs.values()]
    if len(left) * len(free) > _MOST_COMPARED:
        left, free = left[:100], free[:100]
    alike = [(_holds(wanted[w], there[t]), w, t) for w in left for t in free]
    alike.sort(key=lambda entry: (-round(entry[0], 2), abs(entry[1] - entry[2])))
    _take(pairs, [(w, t) for share, w, t in alike if share >= _ALIKE])
    return Pairing(
        pairs=pairs,
        missing=tuple(w for w in range(len(wanted)) if w not in pairs),
        added=tuple(t for t in range(len(there)) if t not in pairs.values()),
    )


def _take(pairs: dict[int, int], candidates: Sequence[tuple[int, int]]) -> None:
    """Add candidates in their order, each page of either side once."""
    taken = set(pairs.values())
    for wanted, there in candidates:
        if wanted not in pairs and there not in taken:
            pairs[wanted] = there
            taken.add(there)


def _seen(letters: Sequence[Letter]) -> Seen:
    """Return the letters with all places that are within a hair of where they stand."""
    return frozenset(
        (letter.text, int((letter.left + across) // _BIN), int((letter.base + up) // _BIN))
        for letter in letters
        for across in (-_HAIR, _HAIR)
        for up in (-_HAIR, _HAIR)
    )


def _holds(wanted: Seen, there: Seen) -> float:
    """Return the share of the wanted letters that are there."""
    return len(wanted & there) / max(1, len(wanted))
