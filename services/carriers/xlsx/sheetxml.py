"""A worksheet compiled once: its XML cut at the answers, so that filling it is joining bytes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from services.carriers.xlsx.address import cell_name
from services.carriers.xlsx.frame import Look, back, column_styles, front
from services.carriers.xlsx.measure import (
    EDGE_MM,
    INDENT_MM,
    LINE_EM,
    MM_PER_POINT,
    POINTS_PER_MM,
    TALLEST_MM,
    line_count,
    per_line,
)
from services.carriers.xlsx.plan import Sheet, Spot
from services.carriers.xlsx.style import Style
from services.carriers.xlsx.values import as_text, formula_tail, tail_of, text_tail
from services.kinds import Value

Entries = Mapping[str, Value]
Slot = Callable[[Entries], bytes]
Piece = bytes | Slot

HEADER = ""
"""The path under which the identity line's token is handed over."""

_NUMERIC = frozenset({"Day", "Whole", "Number", "Score", "Tick", "YesNo", "Picture"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A sheet's XML up to its drawing, literal bytes and slots in turn; `answers` counts the slots of answers."""

    pieces: tuple[Piece, ...]


def compiled(sheet: Sheet, look: Look) -> Compiled:
    """Return the compiled XML of a sheet."""
    pieces: list[Piece] = [front(sheet, look).encode()]
    cells = _cells_by_row(sheet, look)
    growing: dict[int, list[Spot]] = defaultdict(list)
    for spot in filter(_grows, sheet.spots):
        growing[spot.row].append(spot)
    for row, height in enumerate(sheet.heights_mm):
        pieces += _row(row, height, cells.get(row, {}), tuple(growing.get(row, ())))
    pieces.append(back(sheet, look).encode())
    return Compiled(pieces=tuple(_joined(pieces)))


def styles_of(sheet: Sheet) -> Iterator[Style]:
    """Yield every look that a sheet uses, those of answers that lock when they are copied included."""
    for spot in sheet.spots:
        yield spot.style
        if spot.field is not None and spot.field.copied:
            yield replace(spot.style, locked=True)
    for table in sheet.tables:
        yield from column_styles(sheet, table).values()


def _joined(pieces: list[Piece]) -> Iterator[Piece]:
    literal: list[bytes] = []
    for piece in pieces:
        if isinstance(piece, bytes):
            literal.append(piece)
            continue
        yield b"".join(literal)
        literal.clear()
        yield piece
    yield b"".join(literal)


# ---- cells --------------------------------------------------------------------------------------


def _cells_by_row(sheet: Sheet, look: Look) -> dict[int, dict[int, list[Piece]]]:
    rows: dict[int, dict[int, list[Piece]]] = defaultdict(dict)
    for spot in sheet.spots:
        rows[spot.row][spot.col] = list(_cell(spot, look))
        for row in range(spot.row, spot.row + spot.rows):
            for col in range(spot.col, spot.col + spot.cols):
                if (row, col) != (spot.row, spot.col):
                    rows[row][col] = [_open(row, col, look.index[spot.style]) + b"/>"]
    return rows


def _open(row: int, col: int, style: int) -> bytes:
    return f'<c r="{cell_name(row, col)}" s="{style}"'.encode()


def _cell(spot: Spot, look: Look) -> Iterator[Piece]:
    """Yield a cell: all of it for printed text, otherwise its opening and the slot of its answer."""
    opened = _open(spot.row, spot.col, look.index[spot.style])
    if spot.role == "identity":
        yield opened
        yield text_tail(look.heading) if spot.text == "left" else (lambda entries: text_tail(entries[HEADER]))
    elif spot.role in {"fixed", "number", "remark"}:
        yield opened + _printed(spot.text)
    elif spot.field is not None and spot.field.copied and spot.role == "answer":
        yield _copied(spot, look)
    else:
        yield opened
        yield _answer(spot, look)


def _printed(text: str) -> bytes:
    """Return a printed text; whole figures (序号, 满分) as numbers, so that Excel does not complain of them."""
    return b"><v>" + text.encode() + b"</v></c>" if text.isdecimal() and text.isascii() else text_tail(text)


def _answer(spot: Spot, look: Look) -> Slot:
    kind: Any = spot.field.kind if spot.field else None
    path = spot.path
    formula = look.formulas.get(f"={path}" if spot.role == "mirror" else path)
    tail = formula_tail(kind, formula) if formula else tail_of(kind)
    return lambda entries: tail(entries.get(path))


def _copied(spot: Spot, look: Look) -> Slot:
    """Return the slot of an answer that repeats form 1: locked once it is filled (rule X04)."""
    tail = tail_of(spot.field.kind) if spot.field else text_tail
    path = spot.path
    unlocked = _open(spot.row, spot.col, look.index[spot.style])
    locked = _open(spot.row, spot.col, look.index[replace(spot.style, locked=True)])

    def write(entries: Entries) -> bytes:
        value = entries.get(path)
        return (unlocked if value is None else locked) + tail(value)

    return write


# ---- rows ---------------------------------------------------------------------------------------


def _row(row: int, height_mm: float, cells: Mapping[int, list[Piece]], growing: tuple[Spot, ...]) -> Iterator[Piece]:
    opened = f'<row r="{row + 1}" ht="'.encode()
    if growing:
        yield opened
        yield _height(growing, height_mm)
        yield b' customHeight="1">'
    else:
        yield opened + f'{height_mm * POINTS_PER_MM:.2f}" customHeight="1">'.encode()
    for col in sorted(cells):
        yield from cells[col]
    yield b"</row>"


def _grows(spot: Spot) -> bool:
    return spot.field is not None and spot.rows == 1 and type(spot.field.kind).__name__ not in _NUMERIC


def _height(spots: tuple[Spot, ...], height_mm: float) -> Slot:
    """Return the slot of a row's height, which grows with its longest text."""
    least = f'{height_mm * POINTS_PER_MM:.2f}"'.encode()
    limits = tuple(
        (
            spot.path,
            as_text(spot.field.kind) if spot.field else str,
            per_line(spot.width_mm - spot.style.indent * INDENT_MM, spot.style.size),
            spot.style.size * LINE_EM * MM_PER_POINT,
        )
        for spot in spots
    )

    def write(entries: Entries) -> bytes:
        highest = height_mm
        for path, text_of, line, pitch in limits:
            value = entries.get(path)
            if value:
                text = text_of(value)
                if len(text) > line or "\n" in text:
                    highest = max(highest, line_count(text, line) * pitch + EDGE_MM)
        if highest == height_mm:
            return least
        return f'{min(highest, TALLEST_MM) * POINTS_PER_MM:.2f}"'.encode()

    return write
