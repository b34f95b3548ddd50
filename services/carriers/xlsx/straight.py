"""Reading a workbook whose printed cells all stand as issued: no alignment is needed, only a walk down the rows.

Tables may have more rows than were printed. Anything else out of place (a changed label, a stray text,
a name that points elsewhere) ends the walk, and the aligner reads the workbook instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.carriers.likeness import bare
from services.carriers.xlsx.address import cell_name, column_name, fixed_name
from services.carriers.xlsx.issued import IssuedCell, IssuedRow, IssuedSheet, issued
from services.carriers.xlsx.opened import Grid, Opened
from services.carriers.xlsx.values import CellValue, cell_text
from services.form import Form
from services.kinds import Code, Tick

EXACT_BELOW = 1e15
"""From here on Excel keeps no last digits: an identity number typed as a number ends in zeros."""

_FURTHEST = 2_000
"""How many rows below its printed place a row is sought behind a table that grew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was read: text, address and sureness by path.

    `groups` are the addresses of rows, items and tables as a whole, `rounded` the codes that Excel
    turned into a number of more digits than it keeps.
    """

    raw: dict[str, str] = field(default_factory=dict)
    anchors: dict[str, str] = field(default_factory=dict)
    sureness: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    rounded: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Walk:
    """A sheet on its way: the form, the upload, the sheet as issued and as uploaded, what was read so far."""

    form: Form
    opened: Opened
    sheet: IssuedSheet
    grid: Grid
    formulas: frozenset[str]
    targets: Mapping[str, str]
    tables: frozenset[str]
    answers: Answers


def straight(form: Form, opened: Opened) -> Answers | None:
    """Return what stands in a workbook that is as issued, None when anything stands otherwise."""
    answers = Answers()
    for sheet in issued(form):
        grid = opened.grids.get(sheet.name)
        if grid is None:
            return None
        mirrors = any(cell.mirror for row in sheet.rows for cell in row.cells)
        walk = _Walk(
            form=form,
            opened=opened,
            sheet=sheet,
            grid=_padded(grid, sheet.columns),
            formulas=opened.formula_cells(sheet.name) if mirrors else frozenset(),
            targets=opened.targets,
            tables=frozenset(key for key, table in opened.tables.items() if table.sheet == sheet.name),
            answers=answers,
        )
        if not _walked(walk):
            return None
    return answers


def _padded(grid: Grid, columns: int) -> Grid:
    """Return the grid at least `columns` wide: empty columns at the right are not stored."""
    short = columns - len(grid[0]) if grid else 0
    return [[*row, *([""] * short)] for row in grid] if short > 0 else grid


def _walked(walk: _Walk) -> bool:
    """Read a sheet; return whether all of it stood as issued."""
    placed = _placed(walk)
    if placed is None:
        return False
    accounted = _top(walk) + sum(len(row.labels) for row, _ in placed)
    for number, (row, at) in enumerate(placed):
        if row.schedule:
            end = next((u for later, u in placed[number + 1 :] if later.labels), len(walk.grid))
            read = _table(walk, row, at, end)
        else:
            read = _cells(walk, row, at)
        if read < 0:
            return False
        accounted += read
    return accounted == sum(len(row) - list(row).count("") for row in walk.grid)


def _placed(walk: _Walk) -> tuple[tuple[IssuedRow, int], ...] | None:
    """Return every issued row with the row of the upload that it stands in, None when one is not found."""
    placed: list[tuple[IssuedRow, int]] = []
    shift, grows = 0, False
    for row in walk.sheet.rows:
        at = row.row + shift
        labels = row.labels
        if labels:
            limit = at + (_FURTHEST if grows else 1)
            found = next((u for u in range(at, min(limit, len(walk.grid))) if _stands(walk.grid[u], labels)), -1)
            if found < 0:
                return None
            shift, grows, at = found - row.row, False, found
        grows = grows or row.row in walk.sheet.grows_after
        placed.append((row, at))
    return tuple(placed)


def _stands(values: Sequence[CellValue], labels: tuple[IssuedCell, ...]) -> bool:
    return all(values[cell.col] == cell.value for cell in labels)


def _top(walk: _Walk) -> int:
    """Return how many cells hold the identity line or our advice."""
    identity = sum(1 for value in walk.grid[0] if value != "") if walk.grid else 0
    advice = sum(1 for row in walk.grid[1:] if row[0] != "" and bare(str(row[0])) in walk.sheet.top)
    return identity + (advice if walk.sheet.top else 0)


def _cells(walk: _Walk, row: IssuedRow, at: int) -> int:
    """Read the answers of a row; return how many cells of it are written in, -1 when one is not as issued."""
    values = walk.grid[at] if at < len(walk.grid) else ()
    written = 0
    for cell in row.others:
        value = values[cell.col] if values else ""
        written += value != ""
        if cell.mirror:
            if value != "" and cell_name(at, cell.col) not in walk.formulas:
                return -1
        elif not cell.counted and not _answer(walk, cell, at, value, moved=at != row.row):
            return -1
    return written


def _answer(walk: _Walk, cell: IssuedCell, at: int, value: CellValue, *, moved: bool) -> bool:
    """Keep an answer; return whether its name, where there is one, points at the same cell."""
    path, answers = cell.path, walk.answers
    named = walk.targets.get(cell.name)
    if named is not None and named != (f"{walk.sheet.name}!{fixed_name(at, cell.col)}" if moved else cell.target):
        return False
    anchor = f"{walk.sheet.name}!{cell_name(at, cell.col)}" if moved else cell.anchor
    answers.raw[path] = cell_text(value)
    answers.anchors[path] = anchor
    told = named is not None or cell.group.partition(".")[0] in walk.tables
    answers.sureness[path] = "agreed" if told else "single"
    if cell.group:
        answers.groups.setdefault(cell.group, anchor)
    if value.__class__ is float and is_rounded(cell, value):
        answers.rounded.append(path)
    return True


def is_rounded(cell: IssuedCell, value: CellValue) -> bool:
    """Return whether a code was turned into a number whose last digits are lost."""
    return value.__class__ is float and isinstance(cell.kind, Code) and abs(float(str(value))) >= EXACT_BELOW


def _table(walk: _Walk, row: IssuedRow, first: int, end: int) -> int:
    """Read the rows of a table; return how many cells of it are written in, -1 when its name points elsewhere."""
    key = row.schedule
    named = walk.opened.tables.get(key)
    if named is not None and (named.sheet, named.head) != (walk.sheet.name, first - 1):
        return -1
    walk.answers.groups[key] = f"{walk.sheet.name}!{cell_name(first - 1, 0)}"
    columns = tuple(
        (cell, cell.col, cell.path.rpartition(".")[2], f"{walk.sheet.name}!{column_name(cell.col)}")
        for cell in row.cells
        if cell.path
    )
    numbers = tuple(cell.col for cell in row.cells if cell.counted)
    written = 0
    kept = 0
    for at in range(first, min(end, len(walk.grid))):
        values = walk.grid[at]
        filled = sum([values[col] != "" for _, col, _, _ in columns])
        written += filled + sum([values[col] != "" for col in numbers])
        if filled and any(_states(cell, values[col]) for cell, col, _, _ in columns):
            _keep(walk, f"{key}.{kept}.", at, columns)
            kept += 1
    return written


def _keep(walk: _Walk, prefix: str, at: int, columns: tuple[tuple[IssuedCell, int, str, str], ...]) -> None:
    answers, values, number = walk.answers, walk.grid[at], str(at + 1)
    sure = "agreed" if prefix.partition(".")[0] in walk.tables else "single"
    answers.groups[prefix[:-1]] = columns[0][3] + number
    for cell, col, column, letters in columns:
        path, value = prefix + column, values[col]
        answers.raw[path] = cell_text(value)
        answers.anchors[path] = letters + number
        answers.sureness[path] = sure
        if value.__class__ is float and is_rounded(cell, value):
            answers.rounded.append(path)


def _states(cell: IssuedCell, value: CellValue) -> bool:
    """Return whether a cell of a row states anything: a blank row is left out."""
    if value == "" or cell.kind is None:
        return False
    parsed, problems = cell.kind.parse(cell_text(value))
    return bool(problems) or (parsed is not None and not (isinstance(cell.kind, Tick) and parsed is False))
