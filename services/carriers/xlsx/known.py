"""Worksheets known byte for byte but for their answers: one comparison tells that all else stands as issued.

A sheet that fits a known one holds its issued cells and the answers that were cut out; any other is read
cell by cell, with the same result. Which are known is prepared while no file waits to be read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from services.carriers.xlsx.values import CellValue

Reader = Callable[[str], CellValue]
"""What makes a value of what stands in a cell."""

_CUT = re.compile(
    rb' ht="[\d.]++"|<c r="([A-Z]\d{1,4}+)"( s="\d++")'
    rb'(?:/>|>(<f>[^<]*+</f>)</c>| t="inlineStr"><is><t>[^<]*+</t></is></c>)'
)
_HEIGHT = rb' ht="[\d.]++"'
_NUMBER = rb"(?:/>|><v>([^<]++)</v></c>)"
_WORDS = rb'(?:/>| t="inlineStr"><is><t(?: xml:space="preserve"|)>([^<]++)</t></is></c>)'
_COMPUTED_NUMBER = rb">%b(?:<v>([^<]++)</v>|)</c>"
_COMPUTED_WORDS = rb'(?:>%b</c>| t="str">%b<v>([^<]++)</v></c>)'


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Known:
    """A known sheet: the pattern of its rows with a group for each answer, and where the answers stand.

    `readers` are what reads each answer, `issued` the cells of the sheet while it is blank, `lowest` the address
    of the last of them, `formulas` the computed cells.
    """

    pattern: re.Pattern[bytes]
    names: tuple[bytes, ...]
    readers: tuple[Reader, ...]
    issued: dict[bytes, CellValue]
    lowest: bytes
    formulas: frozenset[bytes]

    def texts(self, rows: bytes) -> Sequence[Any] | None:
        """Return the text of each answer, None or b'' for an empty one; None for rows that do not fit."""
        found = self.pattern.fullmatch(rows)
        return found.groups() if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slot:
    """A place in a sheet's rows that varies: from `start` to `end`, its pattern; its address, '' for a height."""

    start: int
    end: int
    pattern: bytes
    name: bytes = b""
    looks: bytes = b""


def known_of(
    rows: bytes,
    answers: Mapping[bytes, bool],
    issued: dict[bytes, CellValue],
    reader_of: Callable[[bytes], Reader],
) -> Known:
    """Return the known sheet of these blank rows.

    `answers` are the addresses of the cells that are written in, and whether with numbers; `issued` are the
    values of the others, the lowest last; `reader_of` tells what reads a cell of these attributes.
    """
    slots = tuple(_slots(rows, answers))
    ends = (0, *(slot.end for slot in slots))
    pieces = (re.escape(rows[end : slot.start]) + slot.pattern for end, slot in zip(ends, slots, strict=False))
    written = tuple(slot for slot in slots if slot.name)
    return Known(
        pattern=re.compile(b"".join((*pieces, re.escape(rows[ends[-1] :])))),
        names=tuple(slot.name for slot in written),
        readers=tuple(reader_of(slot.looks) for slot in written),
        issued=issued,
        lowest=next(reversed(tuple(issued)), b""),
        formulas=frozenset(cut[1] for cut in _CUT.finditer(rows) if cut[3]),
    )


def _slots(rows: bytes, answers: Mapping[bytes, bool]) -> Iterator[_Slot]:
    for cut in _CUT.finditer(rows):
        name = cut[1]
        if name is None:
            yield _Slot(start=cut.start(), end=cut.end(), pattern=_HEIGHT)
        elif name in answers:
            pattern, kind = _written(answers[name], re.escape(cut[3] or b""))
            yield _Slot(start=cut.end(2), end=cut.end(), pattern=pattern, name=name, looks=cut[2] + kind)


def _written(is_number: bool, formula: bytes) -> tuple[bytes, bytes]:  # noqa: FBT001 - one of two kinds of cell
    """Return the pattern of a cell behind its style, and the attribute of its type."""
    if is_number:
        return (_COMPUTED_NUMBER % formula if formula else _NUMBER), b""
    return (_COMPUTED_WORDS % (formula, formula), b' t="str"') if formula else (_WORDS, b' t="inlineStr"')


@lru_cache(maxsize=1)
def _all() -> dict[tuple[bytes, bytes], dict[bytes, list[Known]]]:
    return defaultdict(lambda: defaultdict(list))


def remember(strings: bytes, styles: bytes, front: bytes, known: Known) -> None:
    """Keep a known sheet of workbooks with these shared texts and styles; `front` is what stands before its rows."""
    there = _all()[strings, styles][front]
    if all(known.pattern != other.pattern for other in there):
        there.append(known)


def known_in(strings: bytes, styles: bytes) -> Mapping[bytes, Sequence[Known]]:
    """Return the known sheets of workbooks with these shared texts and styles, by what stands before their rows."""
    return _all().get((strings, styles), {})
