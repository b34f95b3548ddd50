"""Reading a workbook whose printed cells all stand as issued: no alignment is needed, only long comparisons.

Tables may have more rows than were printed. Anything else out of place (a changed label, a stray text,
a name that points elsewhere) ends the walk, and the aligner reads the workbook instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import compress

from services.carriers.likeness import bare
from services.carriers.witness import SINGLE
from services.carriers.xlsx.address import cell_name
from services.carriers.xlsx.issued import IssuedCell, IssuedSheet, issued
from services.carriers.xlsx.opened import Opened, tables_in, targets_in
from services.carriers.xlsx.standing import BY_PRINT, Rows, standing_of
from services.carriers.xlsx.stretches import Body, Placed, Stretch, block, placed, row_paths, stretches
from services.carriers.xlsx.values import CellValue, cell_text, is_number
from services.form import Form
from services.kinds import Text, Tick

EXACT_BELOW = 1e15
"""From here on Excel keeps no last digits: an identity number typed as a number ends in zeros."""

_FURTHEST = 2_000
"""How many rows below its printed place a row is sought behind a table that grew."""

_FIRST_ROW = tuple(cell_name(0, col).encode() for col in range(52))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was read: text, address, place and sureness by path, and which anchors held.

    `anchors` and `places` also tell those of rows, items and tables as a whole; `rounded` are the codes that
    Excel turned into a number of more digits than it keeps.
    """

    raw: dict[str, str] = field(default_factory=dict)
    anchors: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    sureness: Mapping[str, str] = field(default_factory=dict)
    witnesses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rounded: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What was read so far: the texts of the answers, in the order of the pieces that they stand in.

    `unnamed` are the answers that no defined name tells, `repeated` is what was typed where an answer is only
    repeated.
    """

    texts: list[str] = field(default_factory=list)
    pieces: list[Placed | Rows] = field(default_factory=list)
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
    read: _Read


def straight(form: Form, opened: Opened) -> Answers | None:
    """Return what stands in a workbook that is as issued, None when anything stands otherwise."""
    read = _Read()
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
            read=read,
        )
        if not _is_read(walk):
            return None
    return _answers(read)


def _answers(read: _Read) -> Answers | None:
    """Return what was read, None when an answer was typed otherwise where it is only repeated."""
    standing = standing_of(tuple(read.pieces))
    raw = dict(zip(standing.paths, read.texts, strict=True))
    if any(raw.get(path) != text for path, text in read.repeated):
        return None
    sureness, witnesses = standing.agreed, standing.by_all
    if read.unnamed:
        sureness = {**sureness, **dict.fromkeys(read.unnamed, SINGLE)}
        witnesses = {**witnesses, **dict.fromkeys(read.unnamed, BY_PRINT)}
    return Answers(
        raw=raw,
        anchors=standing.anchors,
        places=standing.places,
        sureness=sureness,
        witnesses=witnesses,
        rounded=read.rounded,
    )


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
    if labels != here.values or any(labels[n].__class__ is bool for n in here.truths):
        return -1
    unnamed = _unnamed(walk.opened.workbook, walk.sheet.name, here)
    if unnamed is None:
        return -1
    values = tuple(map(get, here.cells))
    walk.read.unnamed.extend(unnamed)
    walk.read.pieces.append(here)
    walk.read.texts.extend(_texts(values))
    walk.read.rounded.extend(here.paths[n] for n in here.codes if is_rounded(values[n]))
    others = (*values, *map(get, here.numbers))
    return len(labels) + len(others) - others.count(None) + _mirrors(walk, here)


def _mirrors(walk: _Walk, here: Placed) -> int:
    """Return how many cells repeat an answer; what was not computed there is kept, to be compared with the answer."""
    written = [(address, path) for address, path in here.mirrors if address in walk.cells]
    typed = [(path, cell_text(walk.cells[address])) for address, path in written if address not in walk.formulas]
    walk.read.repeated.extend(typed)
    return len(written)


@lru_cache(maxsize=512)
def _unnamed(workbook: bytes, sheet: str, here: Placed) -> tuple[str, ...] | None:
    """Return the answers of a stretch that no name tells, None when one points elsewhere; `workbook` is the part."""
    tables = tables_in(workbook)
    if any((tables[key].sheet, tables[key].head) != (sheet, at) for key, at in here.heads if key in tables):
        return None
    names = tuple(map(targets_in(workbook).get, here.names))
    if any(name not in {None, target} for name, target in zip(names, here.targets, strict=True)):
        return None
    told = {key for key, _ in here.heads if key in tables}
    unnamed = [number for number, name in zip(here.named, names, strict=True) if name is None]
    unnamed += [number for key, number in here.tables if key not in told]
    return tuple(here.paths[number] for number in unnamed)


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
    kept = tuple(start for start in starts if _states_any(body, values[start : start + wide]))
    _keep_rows(walk.read, Rows(body=body, block=rows, kept=kept), values)
    if body.key not in walk.opened.tables:
        walk.read.unnamed.extend(row_paths(body, len(kept)))
    numbered = sum(value is not None and is_number(value) for value in map(walk.cells.get, rows.numbers))
    return len(values) - values.count(None) + numbered


def _states_any(body: Body, row: Sequence[CellValue | None]) -> bool:
    """Return whether a row states anything; its texts are looked at first, for they say so at once."""
    if row.count(None) == len(row):
        return False
    for number in body.texts:
        value = row[number]
        if isinstance(value, str) and value[:1].isalnum():
            return True
    return any(map(states, body.cells, row))


def _keep_rows(read: _Read, rows: Rows, values: Sequence[CellValue | None]) -> None:
    """Keep the rows that state something of the table's line of cells."""
    body = rows.body
    wide = len(body.cells)
    written = rows.of(values)
    read.pieces.append(rows)
    read.texts.extend(_texts(written))
    for code in body.codes:
        column = written[code::wide]
        if float in set(map(type, column)):
            paths = row_paths(body, len(rows.kept))[code::wide]
            read.rounded.extend(compress(paths, map(is_rounded, column)))


def states(cell: IssuedCell, value: CellValue | None) -> bool:
    """Return whether a cell of a row states anything: a blank row is left out."""
    if value is None or cell.kind is None:
        return False
    if value.__class__ is str and isinstance(cell.kind, Text) and str(value)[:1].isalnum():
        return True
    parsed, problems = cell.kind.parse(cell_text(value))
    return bool(problems) or (parsed is not None and not (isinstance(cell.kind, Tick) and parsed is False))
