"""The rows of a form as issued, and the rows of an upload: what the aligner compares.

A carrier reads its own blank form once and hands the rows to `compile_layout`; the same reading of an
upload gives `Row`s. Both Word tables and worksheets come to this.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from services.carriers.likeness import bare

ANY_ROW = "*"
"""Stands for the row number in the paths of a repeating row: `examiners.*.id_no`."""

_ROW_PATH = re.compile(r"(.+)\.(\d+|\*)\.(.+)")


class Piece(NamedTuple):
    """A stretch of a cell's text: a literal, or (with `path`) the text of one answer.

    In the form as issued the text of an answer is the prompt that a blank form shows there.
    """

    text: str
    path: str = ""


class Cell(NamedTuple):
    """A cell of a file: the carrier's own `address` of it, its text and its grid columns.

    `pieces` are its text by content control (empty where the carrier has none); `claims` are the
    answers that a control or a defined name says stand here, `bookmarks` those that a bookmark says.
    A tuple, since a form makes a thousand of them.
    """

    address: str = ""
    text: str = ""
    start: int = 0
    span: int = 1
    pieces: tuple[Piece, ...] = ()
    claims: tuple[str, ...] = ()
    bookmarks: tuple[str, ...] = ()


class Row(NamedTuple):
    """A row of a file, a paragraph outside tables being a row of one cell.

    `where` is how a clerk finds it when it belongs to no answer (工作表“评分” 第12行), `page` the page
    when that is certain, 0 otherwise.
    """

    cells: tuple[Cell, ...]
    where: str = ""
    page: int = 0
    in_table: bool = True


@dataclass(frozen=True, kw_only=True)
class LayoutCell:
    """A cell as issued. `label` is its fixed text bare, '' for a cell that holds an answer alone."""

    pieces: tuple[Piece, ...]
    start: int = 0
    span: int = 1

    @cached_property
    def answers(self) -> tuple[Piece, ...]:
        """The pieces that are answers, in order."""
        return tuple(piece for piece in self.pieces if piece.path)

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The answers of the cell, in order."""
        return tuple(piece.path for piece in self.answers)

    @cached_property
    def is_plain(self) -> bool:
        """Whether the cell holds one answer and nothing printed: then all that stands there is the answer."""
        return len(self.answers) == 1 and not self.literals

    @cached_property
    def text(self) -> str:
        """The fixed text as printed, each answer shown as ＿."""
        return "".join("＿" if piece.path else piece.text for piece in self.pieces).strip()

    @cached_property
    def label(self) -> str:
        """The fixed text bare."""
        return "".join(self.literals)

    @cached_property
    def literals(self) -> tuple[str, ...]:
        """The fixed stretches bare, in order, without empty ones."""
        return tuple(text for text in (bare(piece.text) for piece in self.pieces if not piece.path) if text)


@dataclass(frozen=True, kw_only=True)
class LayoutRow:
    """A row as issued. `repeat` is the key of the schedule whose rows may be any number, else ''."""

    cells: tuple[LayoutCell, ...]
    repeat: str = ""

    @cached_property
    def labels(self) -> tuple[int, ...]:
        """The indexes of the cells that hold fixed text; none in a repeating row."""
        return () if self.repeat else tuple(i for i, cell in enumerate(self.cells) if cell.label)

    @cached_property
    def asked(self) -> tuple[tuple[int, LayoutCell], ...]:
        """The cells that hold answers, with their index."""
        return tuple((index, cell) for index, cell in enumerate(self.cells) if cell.answers)

    @cached_property
    def starts(self) -> list[int]:
        """The grid columns that the cells start at."""
        return [cell.start for cell in self.cells]

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The answers of the row."""
        return tuple(path for cell in self.cells for path in cell.paths)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A form as issued by one carrier: all its rows in printed order."""

    rows: tuple[LayoutRow, ...]
    words: frozenset[str] = field(default=frozenset())

    @cached_property
    def heads(self) -> dict[tuple[int, str], tuple[int, ...]]:
        """The rows by (index, bare text) of their first label that is a label alone."""
        found: dict[tuple[int, str], tuple[int, ...]] = {}
        for number, row in enumerate(self.rows):
            first = next((i for i in row.labels if not row.cells[i].paths), None)
            if first is not None:
                key = first, row.cells[first].label
                found[key] = (*found.get(key, ()), number)
        return found


def compile_layout(rows: Iterable[Sequence[LayoutCell]], open_schedules: frozenset[str]) -> Layout:
    """Return the layout of a blank form's rows; the blank rows of an open schedule become one repeating row."""
    compiled: list[LayoutRow] = []
    for cells in rows:
        row = _row(tuple(cells), open_schedules)
        if not (row.repeat and compiled and compiled[-1].repeat == row.repeat):
            compiled.append(row)
    words = frozenset(
        cell.label for row in compiled if not row.repeat for cell in row.cells if cell.label and not cell.paths
    )
    return Layout(rows=tuple(compiled), words=words)


def _row(cells: tuple[LayoutCell, ...], open_schedules: frozenset[str]) -> LayoutRow:
    keys = {match[1] for cell in cells for path in cell.paths if (match := _ROW_PATH.fullmatch(path))}
    repeat = next((key for key in keys if key in open_schedules), "")
    if not repeat:
        return LayoutRow(cells=cells)
    return LayoutRow(cells=tuple(_numberless(cell) for cell in cells), repeat=repeat)


def _numberless(cell: LayoutCell) -> LayoutCell:
    pieces = tuple(Piece(text=piece.text, path=_ROW_PATH.sub(rf"\1.{ANY_ROW}.\3", piece.path)) for piece in cell.pieces)
    return LayoutCell(pieces=pieces, start=cell.start, span=cell.span)
