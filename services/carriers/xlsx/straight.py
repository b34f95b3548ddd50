"""Reading a workbook whose printed cells all stand as issued: no alignment is needed, only long comparisons.

Tables may have more rows than were printed. Anything else out of place (a changed label, a stray text,
a name that points elsewhere) ends the walk, and the aligner reads the workbook instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import compress
from typing import TypeVar

from services.carriers.likeness import bare
from services.carriers.witness import AGREED, LABEL, NAME, PLACE, SINGLE
from services.carriers.xlsx.address import cell_name
from services.carriers.xlsx.issued import IssuedCell, IssuedSheet, issued
from services.carriers.xlsx.opened import Opened
from services.carriers.xlsx.stretches import (
    Block,
    Body,
    Placed,
    Stretch,
    block,
    placed,
    row_groups,
    row_paths,
    stretches,
)
from services.carriers.xlsx.values import CellValue, cell_text, is_number
from services.form import Form
from services.kinds import Text, Tick

EXACT_BELOW = 1e15
"""From here on Excel keeps no last digits: an identity number typed as a number ends in zeros."""

_FURTHEST = 2_000
"""How many rows below its printed place a row is sought behind a table that grew."""

_FIRST_ROW = tuple(cell_name(0, col).encode() for col in range(52))
_BY_ALL = (NAME, LABEL, PLACE)
_BY_PRINT = (LABEL, PLACE)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was read: text, address, place and sureness by path, and which anchors held.

    `unnamed` are the answers that no defined name tells,
    `groups` are the addresses of rows, items and tables as a whole, `rounded` the codes that Excel
    turned into a number of more digits than it keeps, `repeated` what was typed where an answer is only repeated.
    """

    raw: dict[str, str] = field(default_factory=dict)
    anchors: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    sureness: dict[str, str] = field(default_factory=dict)
    witnesses: dict[str, tuple[str, ...]] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    unnamed: list[str] = field(default_factory=list)
    rounded: list[str] = field(default_factory=list)
    repeated: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Walk:
    """A sheet on its way: as issued, the cells of the upload, the rows that they reach to, what was read so far."""

    sheet: IssuedSheet
    cells: Mapping[bytes, CellValue]
    formulas: frozenset[bytes]
    height: int
    opened: Opened
    answers: Answers


def straight(form: Form, opened: Opened) -> Answers | None:
    """Return what stands in a workbook that is as issued, None when anything stands otherwise."""
    answers = Answers()
    for sheet in issued(form):
        there = opened.sheet(sheet.name)
        if there is None:
            return None
        walk = _Walk(
            sheet=sheet,
            cells=there.cells,
            formulas=there.formulas,
            height=there.height,
            opened=opened,
            answers=answers,
        )
        if not _is_read(walk):
            return None
    if any(answers.raw.get(path) != text for path, text in answers.repeated):
        return None
    answers.sureness.update(dict.fromkeys(answers.raw, AGREED))
    answers.witnesses.update(dict.fromkeys(answers.raw, _BY_ALL))
    answers.sureness.update(dict.fromkeys(answers.unnamed, SINGLE))
    answers.witnesses.update(dict.fromkeys(answers.unnamed, _BY_PRINT))
    return answers


def _is_read(walk: _Walk) -> bool:
    """Read a sheet; return whether all of it stood as issued and nothing stood beside."""
    shifts = _shifts(walk)
    if shifts is None:
        return False
    accounted = _top(walk)
    ends = (*(stretch.first + shift for stretch, shift in shifts[1:]), walk.height)
    for (stretch, shift), end in zip(shifts, ends, strict=True):
        read = _stretch(walk, placed(stretch, shift))
        if read < 0:
            return False
        accounted += read + sum(_table(walk, body, body.row + shift, end) for body in stretch.bodies)
    return accounted == len(walk.cells)


def _shifts(walk: _Walk) -> list[tuple[Stretch, int]] | None:
    """Return by how many rows each stretch stands below its printed place, None when one is not found."""
    found: list[tuple[Stretch, int]] = []
    shift = 0
    for stretch in stretches(walk.sheet):
        if found and stretch.head:
            first = stretch.first + shift
            rows = range(first, min(first + _FURTHEST, walk.height))
            at = next((u for u in rows if _stands(walk.cells, u, stretch.head)), -1)
            if at < 0:
                return None
            shift = at - stretch.first
        found.append((stretch, shift))
    return found


def _stands(cells: Mapping[bytes, CellValue], at: int, labels: tuple[IssuedCell, ...]) -> bool:
    return all(cells.get(cell_name(at, cell.col).encode()) == cell.value for cell in labels)


def _top(walk: _Walk) -> int:
    """Return how many cells hold the identity line or our advice."""
    identity = sum(map(walk.cells.__contains__, _FIRST_ROW))
    if not walk.sheet.top:
        return identity
    below = map(walk.cells.get, _first_column(walk.height))
    return identity + sum(isinstance(value, str) and bare(value) in walk.sheet.top for value in below)


@lru_cache(maxsize=512)
def _first_column(height: int) -> tuple[bytes, ...]:
    return tuple(cell_name(row, 0).encode() for row in range(1, height))


def _stretch(walk: _Walk, here: Placed) -> int:
    """Read a stretch; return how many cells of it are written in, -1 when one is not as issued.

    A true cell equals 1: that is why the class of figures is compared as well.
    """
    get = walk.cells.get
    labels = tuple(map(get, here.labels))
    if labels != here.values or bool in {*map(type, labels)}:
        return -1
    told = _told_tables(walk, here)
    values = tuple(map(get, here.cells))
    if told is None or not _answers(walk, here, values, told):
        return -1
    others = (*values, *map(get, here.numbers))
    return len(labels) + len(others) - others.count(None) + _mirrors(walk, here)


def _mirrors(walk: _Walk, here: Placed) -> int:
    """Return how many cells repeat an answer; what was not computed there is kept, to be compared with the answer."""
    written = [(address, path) for address, path in here.mirrors if address in walk.cells]
    typed = [(path, cell_text(walk.cells[address])) for address, path in written if address not in walk.formulas]
    walk.answers.repeated.extend(typed)
    return len(written)


def _told_tables(walk: _Walk, here: Placed) -> frozenset[str] | None:
    """Return the tables whose names point at their heads here, None when one points elsewhere."""
    tables = walk.opened.tables
    told = [(tables[key], at) for key, at in here.heads if key in tables]
    if any((table.sheet, table.head) != (walk.sheet.name, at) for table, at in told):
        return None
    return frozenset(key for key, _ in here.heads if key in tables)


def _answers(walk: _Walk, here: Placed, values: Sequence[CellValue | None], told: frozenset[str]) -> bool:
    """Keep the single answers of a stretch; return whether their names, where there are any, point at their cells."""
    names = tuple(map(walk.opened.targets.get, here.names))
    is_certain = names == here.targets and all(key in told for key, _ in here.tables)
    if not is_certain and any(name not in {None, target} for name, target in zip(names, here.targets, strict=True)):
        return False
    walk.answers.raw.update(zip(here.paths, _texts(values), strict=True))
    walk.answers.anchors.update(zip(here.paths, here.anchors, strict=True))
    walk.answers.places.update(zip(here.paths, here.places, strict=True))
    walk.answers.groups.update(here.groups)
    walk.answers.rounded.extend(here.paths[n] for n in here.codes if is_rounded(values[n]))
    if not is_certain:
        unnamed = [number for number, name in zip(here.named, names, strict=True) if name is None]
        unnamed += [number for key, number in here.tables if key not in told]
        walk.answers.unnamed.extend(here.paths[number] for number in unnamed)
    return True


def _texts(values: Sequence[CellValue | None]) -> list[str]:
    return ["" if v is None else v if isinstance(v, str) else _text(v) for v in values]


_text = lru_cache(maxsize=4096, typed=True)(cell_text)
"""Figures and days repeat themselves; true and 1 are told apart."""


def is_rounded(value: CellValue | None) -> bool:
    """Return whether a code was turned into a number whose last digits are lost."""
    return isinstance(value, float) and abs(value) >= EXACT_BELOW


# ---- tables -------------------------------------------------------------------------------------


def _table(walk: _Walk, body: Body, first: int, end: int) -> int:
    """Read the rows of a table; return how many cells of it are written in."""
    rows = block(body, first, max(first, end))
    values = tuple(map(walk.cells.get, rows.cells))
    wide = len(body.cells)
    starts = range(0, len(values), wide)
    written = [start for start in starts if values[start : start + wide].count(None) < wide]
    kept = [start for start in written if any(map(states, body.cells, values[start : start + wide]))]
    _keep_rows(walk.answers, body, rows, values, kept)
    if body.key not in walk.opened.tables:
        walk.answers.unnamed.extend(row_paths(body, len(kept)))
    numbered = sum(value is not None and is_number(value) for value in map(walk.cells.get, rows.numbers))
    return len(values) - values.count(None) + numbered


def _keep_rows(
    answers: Answers, body: Body, rows: Block, values: Sequence[CellValue | None], kept: Sequence[int]
) -> None:
    """Keep the rows that begin at `kept` in the table's line of cells."""
    wide = len(body.cells)
    paths = row_paths(body, len(kept))
    written = _rows_of(values, kept, wide)
    anchors = _rows_of(rows.anchors, kept, wide)
    answers.raw.update(zip(paths, _texts(written), strict=True))
    answers.anchors.update(zip(paths, anchors, strict=True))
    answers.places.update(zip(paths, _rows_of(rows.places, kept, wide), strict=True))
    answers.groups.update(zip(row_groups(body, len(kept)), anchors[::wide], strict=True))
    for code in body.codes:
        column = written[code::wide]
        if float in set(map(type, column)):
            answers.rounded.extend(compress(paths[code::wide], map(is_rounded, column)))


def _rows_of(line: Sequence[_T], kept: Sequence[int], wide: int) -> Sequence[_T]:
    """Return the rows that begin at `kept` of a line of cells."""
    if not kept or kept[-1] == (len(kept) - 1) * wide:  # the first ones, none left open between them
        return line[: len(kept) * wide]
    return [value for start in kept for value in line[start : start + wide]]


def states(cell: IssuedCell, value: CellValue | None) -> bool:
    """Return whether a cell of a row states anything: a blank row is left out."""
    if value is None or cell.kind is None:
        return False
    if value.__class__ is str and isinstance(cell.kind, Text) and str(value)[:1].isalnum():
        return True
    parsed, problems = cell.kind.parse(cell_text(value))
    return bool(problems) or (parsed is not None and not (isinstance(cell.kind, Tick) and parsed is False))
