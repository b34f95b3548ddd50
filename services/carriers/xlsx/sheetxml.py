"""A worksheet compiled once: its XML cut at the answers, so that filling it is joining bytes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
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
    units,
)
from services.carriers.xlsx.plan import Sheet, Spot
from services.carriers.xlsx.style import Style
from services.carriers.xlsx.values import EMPTY, Tail, as_text, formula_tail, tail_of, text_tail
from services.carriers.zipped import Ending, ending
from services.form import Field
from services.kinds import Choice, Choices, Kind, Month, Value

Entries = Mapping[str, Value]
Slot = Callable[[Entries], bytes]
Answer = tuple[str, Tail, bytes]
"""The path of an answer, how its cell is written, and what is written when it is empty."""

Piece = bytes | Answer | Slot

Stretch = tuple[bytes, str | None, Callable[[Any], bytes], bytes]
"""Literal bytes and the answer behind them; without a path the slot is given all answers."""

HEADER = ""
"""The path under which the identity line's token is handed over."""

_NUMERIC = frozenset({"Day", "Whole", "Number", "Score", "Tick", "YesNo", "Picture"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of a sheet as stretches, the answers in it, and its XML while all of them are empty."""

    stretches: tuple[Stretch, ...]
    paths: tuple[str, ...]
    blank: bytes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Compiled:
    """A sheet's XML up to its first row, its rows, and what stands behind them.

    `endings` keeps what was deflated once: the blank rows from one on with everything behind them.
    """

    front: bytes
    lines: tuple[Line, ...]
    back: bytes
    endings: dict[tuple[int, bool], Ending] = field(default_factory=dict)


def compiled(sheet: Sheet, look: Look) -> Compiled:
    """Return the compiled XML of a sheet."""
    cells = _cells_by_row(sheet, look)
    growing: dict[int, list[Spot]] = defaultdict(list)
    for spot in filter(_grows, sheet.spots):
        growing[spot.row].append(spot)
    rows = (
        list(_row(row, height, cells.get(row, {}), tuple(growing.get(row, ()))))
        for row, height in enumerate(sheet.heights_mm)
    )
    return Compiled(
        front=front(sheet, look).encode(),
        lines=tuple(_line(pieces) for pieces in rows),
        back=back(sheet, look).encode(),
    )


def part_xml(part: Compiled, answers: Entries, *, drawn: bool) -> tuple[bytes, Ending]:
    """Return the XML of a sheet filled with `answers`: up to its last row with an answer, and from there on."""
    get = answers.get
    written = [any(get(path) is not None for path in line.paths) for line in part.lines]
    last = max((number for number, is_written in enumerate(written, 1) if is_written), default=0)
    out = [part.front]
    for line, is_written in zip(part.lines[:last], written, strict=False):
        if is_written:
            _fill(out, line, answers)
        else:
            out.append(line.blank)
    if (last, drawn) not in part.endings:
        part.endings[last, drawn] = ending(_blank(part, last, drawn=drawn))
    return b"".join(out), part.endings[last, drawn]


def _fill(out: list[bytes], line: Line, answers: Entries) -> None:
    """Append a row to `out`."""
    add, get = out.append, answers.get
    for literal, path, tail, empty in line.stretches:
        add(literal)
        if path is None:
            add(tail(answers))
        else:
            value = get(path)
            add(empty if value is None else tail(value))


def blank_xml(part: Compiled) -> bytes:
    """Return the XML of a sheet with nothing filled in."""
    return part.front + _blank(part, 0, drawn=False)


def _blank(part: Compiled, first: int, *, drawn: bool) -> bytes:
    drawing = b'<drawing r:id="rId1"/>' if drawn else b""
    return b"".join((*(line.blank for line in part.lines[first:]), part.back, drawing, b"</worksheet>"))


def styles_of(sheet: Sheet) -> Iterator[Style]:
    """Yield every look that a sheet uses, those of answers that lock when they are copied included."""
    for spot in sheet.spots:
        yield spot.style
        if spot.field is not None and spot.field.copied:
            yield replace(spot.style, locked=True)
    for table in sheet.tables:
        yield from column_styles(sheet, table).values()


def _line(pieces: list[Piece]) -> Line:
    """Return a row with the literal bytes between two answers joined."""
    literal: list[bytes] = []
    stretches: list[Stretch] = []
    for piece in pieces:
        if isinstance(piece, bytes):
            literal.append(piece)
            continue
        path, tail, empty = piece if isinstance(piece, tuple) else (None, piece, b"")
        stretches.append((b"".join(literal), path, tail, empty))
        literal.clear()
    paths = tuple(path for _, path, _, _ in stretches if path is not None)
    whole = (*stretches, (b"".join(literal), None, _nothing, b""))
    blank: list[bytes] = []
    _fill(blank, Line(stretches=whole, paths=paths, blank=b""), {})
    return Line(stretches=whole, paths=paths, blank=b"".join(blank))


def _nothing(entries: Entries) -> bytes:
    del entries
    return b""


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
        yield _printed(look.heading, look) if spot.text == "left" else (HEADER, text_tail, EMPTY)
    elif spot.role in {"fixed", "number", "remark"}:
        yield opened + _printed(spot.text, look)
    elif spot.field is not None and spot.field.copied and spot.role == "answer":
        yield _copied(spot, spot.field, look)
    else:
        yield opened
        yield _answer(spot, look)


def _printed(text: str, look: Look) -> bytes:
    """Return a printed text by its index; whole figures (序号, 满分) as numbers, so that Excel takes no offence."""
    if is_figure(text):
        return b"><v>" + text.encode() + b"</v></c>"
    return b' t="s"><v>%d</v></c>' % look.strings[text] if text else EMPTY


def is_figure(text: str) -> bool:
    """Return whether a printed text is a whole figure."""
    return text.isdecimal() and text.isascii()


def _answer(spot: Spot, look: Look) -> Answer:
    kind: Any = spot.field.kind if spot.field else None
    path = spot.path
    formula = look.formulas.get(f"={path}" if spot.role == "mirror" else path)
    tail = formula_tail(kind, formula) if formula else tail_of(kind)
    return path, tail, tail(None)


def _copied(spot: Spot, asked: Field, look: Look) -> Answer:
    """Return the slot of an answer that repeats form 1: locked once it is filled (rule X04)."""
    tail = tail_of(asked.kind)
    unlocked = _open(spot.row, spot.col, look.index[spot.style])
    locked = _open(spot.row, spot.col, look.index[replace(spot.style, locked=True)])
    return spot.path, lambda value: locked + tail(value), unlocked + EMPTY


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
    """Return whether an answer may need more than one line: no number, and longer than its cell is wide."""
    if spot.field is None or spot.rows > 1 or type(spot.field.kind).__name__ in _NUMERIC:
        return False
    return _longest(spot.field.kind) > per_line(spot.width_mm - spot.style.indent * INDENT_MM, spot.style.size)


def _longest(kind: Kind) -> float:
    """Return the greatest width of an answer in full-width characters."""
    match kind:
        case Choice():
            return max(map(len, kind.options))
        case Choices():
            return sum(len(label) + 1 for _, label in kind.options)
        case Month():
            return units("2006年12月")
        case _:
            return float("inf")


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
