"""The lines of many inputs: few are read here, many by further processes too, always in the order of the inputs."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice
from pathlib import Path

from services import desk
from services.settings import Settings
from services.survey.inputs import Given, Read, given_in, read
from services.workers import side_by_side

FEW = 20
"""So many batches are read here: another process would hardly have started when they are done."""
_TOGETHER = 32
"""So many records make a batch; a file of another kind, which takes as long as they do, ends one."""
_LARGE = 4 * 1024 * 1024
"""Bytes from which a batch is given out at once, so that few of them wait in memory."""


def lines_of(paths: Iterable[Path], settings: Settings, *, processes: int = 0) -> Iterator[Read]:
    """Yield what each form among the inputs says, folders and zips opened, in the order of their names.

    `processes` read them where there are many, this one among them; 0 is one for each processor.

    Raises:
        UnreadableError: a path does not exist.
    """
    work = partial(_read_all, settings=settings)
    batches = _batches(given for path in paths for given in given_in(path))
    first = list(_few(batches))
    others = (processes or len(os.sched_getaffinity(0))) - 1
    is_much = len(first) >= FEW or any(map(_is_large, first))
    found = (
        side_by_side(work, chain(first, batches), others) if is_much and others else map(work, chain(first, batches))
    )
    for reads in found:
        yield from reads


def _few(batches: Iterator[Sequence[Given]]) -> Iterator[Sequence[Given]]:
    """Yield the first batches, up to what shows that there is much to be read."""
    for batch in islice(batches, FEW):
        yield batch
        if _is_large(batch):
            return


def _batches(inputs: Iterable[Given]) -> Iterator[Sequence[Given]]:
    batch: list[Given] = []
    for given in inputs:
        batch.append(given)
        if len(batch) == _TOGETHER or not desk.is_record(given.data) or _is_large(batch):
            yield batch
            batch = []
    if batch:
        yield batch


def _is_large(batch: Sequence[Given]) -> bool:
    return sum(len(given.data) for given in batch) >= _LARGE


def _read_all(batch: Sequence[Given], settings: Settings) -> list[Read]:
    return [read(given, settings) for given in batch]
