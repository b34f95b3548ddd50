"""Stretches of rows that are told as one: half a form that is missing is one fault, not a hundred."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

MANY = 6
"""Rows in a stretch from which it is told as a whole."""
_CHANCE = 3


def runs(numbers: Sequence[int], is_passed_over: Callable[[int], bool]) -> Iterator[tuple[int, ...]]:
    """Yield ascending `numbers` in stretches; a number between two may be missing if it is passed over."""
    run: list[int] = []
    for number in numbers:
        if run and not all(is_passed_over(between) for between in range(run[-1] + 1, number)):
            yield tuple(run)
            run = []
        run.append(number)
    if run:
        yield tuple(run)


def bridged(stretches: Sequence[tuple[int, ...]]) -> Iterator[tuple[int, ...]]:
    """Yield the stretches, two long ones joined where a row or two between them found a partner by chance."""
    kept: tuple[int, ...] = ()
    for run in stretches:
        if kept and min(len(kept), len(run)) >= MANY and run[0] - kept[-1] <= _CHANCE:
            kept = (*kept, *run)
            continue
        if kept:
            yield kept
        kept = run
    if kept:
        yield kept
