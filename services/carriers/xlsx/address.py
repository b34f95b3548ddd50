"""Cell addresses: rows and columns counted from 0 here, A1 and $A$1 in the file."""

from __future__ import annotations

import re
from functools import lru_cache

_LETTERS = 26
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")

Cell = tuple[int, int]
"""Row and column, from 0."""


@lru_cache(maxsize=1024)
def column_name(col: int) -> str:
    """Return the letters of a column: 0 → A, 26 → AA."""
    name = ""
    number = col + 1
    while number:
        number, rest = divmod(number - 1, _LETTERS)
        name = chr(ord("A") + rest) + name
    return name


def cell_name(row: int, col: int) -> str:
    """Return F12 for row 11, column 5."""
    return f"{column_name(col)}{row + 1}"


def fixed_name(row: int, col: int) -> str:
    """Return $F$12 for row 11, column 5."""
    return f"${column_name(col)}${row + 1}"


def range_name(row: int, col: int, rows: int, cols: int) -> str:
    """Return A1:B2, or A1 alone for one cell."""
    first = cell_name(row, col)
    return first if rows == cols == 1 else f"{first}:{cell_name(row + rows - 1, col + cols - 1)}"


def read_cell(text: str) -> Cell | None:
    """Return the cell that A1 or $A$1 names, None for anything else."""
    match = _CELL.fullmatch(text)
    return (int(match[2]) - 1, column_number(match[1])) if match else None


@lru_cache(maxsize=1024)
def column_number(letters: str) -> int:
    """Return the column of its letters: A → 0."""
    number = 0
    for letter in letters:
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number - 1


def quoted(sheet: str) -> str:
    """Return a sheet's name as formulas write it."""
    return "'" + sheet.replace("'", "''") + "'"


def split_reference(text: str) -> tuple[str, str]:
    """Return sheet and address of 评分!$F$12 or 'a''b'!$F$12; the sheet is empty when none is named."""
    sheet, _, address = text.rpartition("!")
    if sheet.startswith("'") and sheet.endswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    return sheet, address


@lru_cache(maxsize=20_000)
def place_of(anchor: str) -> str:
    """Return how a clerk finds a cell: 工作表“评分” F12 for 评分!F12."""
    sheet, _, name = anchor.rpartition("!")
    return f"工作表“{sheet}” {name}"
