"""Where the answers of a workbook as issued stand: worked out once for each arrangement of its tables' rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TypeVar

from services.carriers.witness import AGREED, LABEL, NAME, PLACE
from services.carriers.xlsx.address import place_of
from services.carriers.xlsx.stretches import Block, Body, Placed, row_groups, row_paths

BY_ALL = (NAME, LABEL, PLACE)
BY_PRINT = (LABEL, PLACE)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The rows of a table that state something: where each of them begins in the table's line of cells."""

    body: Body
    block: Block
    kept: tuple[int, ...]

    def of(self, line: Sequence[_T]) -> Sequence[_T]:
        """Return what a line of cells holds in these rows."""
        kept, wide = self.kept, len(self.body.cells)
        if not kept or kept[-1] == (len(kept) - 1) * wide:  # the first ones, none left open between them
            return line[: len(kept) * wide]
        return [value for start in kept for value in line[start : start + wide]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The paths of the answers in the order of their cells, and by path where each stands.

    `anchors` and `places` tell those of rows, items and tables as well; `agreed` and `by_all` are the sureness
    and the witnesses of answers that everything agrees about.
    """

    paths: tuple[str, ...]
    anchors: Mapping[str, str]
    places: Mapping[str, str]
    agreed: Mapping[str, str]
    by_all: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=16)
def standing_of(pieces: tuple[Placed | Rows, ...]) -> Standing:
    """Return where the answers of the pieces of a workbook stand."""
    answers = {path: (anchor, place) for piece in pieces for path, anchor, place in _cells(piece)}
    groups = {path: anchor for piece in pieces for path, anchor in _groups(piece)}
    anchors = {path: anchor for path, (anchor, _) in answers.items()}
    places = {path: place for path, (_, place) in answers.items()}
    return Standing(
        paths=tuple(answers),
        anchors=MappingProxyType({**groups, **anchors}),
        places=MappingProxyType({**{path: place_of(anchor) for path, anchor in groups.items()}, **places}),
        agreed=MappingProxyType(dict.fromkeys(answers, AGREED)),
        by_all=MappingProxyType(dict.fromkeys(answers, BY_ALL)),
    )


def _cells(piece: Placed | Rows) -> Iterator[tuple[str, str, str]]:
    """Yield path, anchor and place of each answer."""
    if isinstance(piece, Placed):
        return zip(piece.paths, piece.anchors, piece.places, strict=True)
    paths = row_paths(piece.body, len(piece.kept))
    return zip(paths, piece.of(piece.block.anchors), piece.of(piece.block.places), strict=True)


def _groups(piece: Placed | Rows) -> Iterator[tuple[str, str]]:
    if isinstance(piece, Placed):
        return iter(piece.groups.items())
    firsts = piece.of(piece.block.anchors)[:: len(piece.body.cells)]
    return zip(row_groups(piece.body, len(piece.kept)), firsts, strict=True)
