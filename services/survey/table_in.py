"""A table that a clerk keeps in a workbook or a CSV file, as rows of texts: the roster, the reasons."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import TypeVar

from python_calamine import CalamineError, CalamineWorkbook

from services.carriers.reading import UnreadableError
from services.kinds.text import fold

MOST_ROWS = 20_000
HEAD_ROWS = 10
"""The heads stand in one of the first rows: titles may be above them."""

Columns = TypeVar("Columns")


def table_of(data: bytes, what: str, code: str) -> list[list[str]]:
    """Return the texts of a workbook's first sheet, or of a CSV file. Runs in the box.

    `what` names the file in a refusal, `code` is the refusal's.

    Raises:
        UnreadableError: the file is neither, or has too many rows.
    """
    table = _workbook_table(data, what, code) if data[:2] == b"PK" else _csv_table(data, what, code)
    if len(table) > MOST_ROWS:
        raise UnreadableError(
            "too-long", f"{what}超过 {MOST_ROWS} 行。请按省或行业分开。", "the table has too many rows"
        )
    return table


def _workbook_table(data: bytes, what: str, code: str) -> list[list[str]]:
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
        return [[cell_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    except (CalamineError, IndexError, ValueError) as error:
        raise UnreadableError(
            code, f"{what}不是能打开的 xlsx 工作簿。请另存为 xlsx 后再用。", "the table is no workbook"
        ) from error


def _csv_table(data: bytes, what: str, code: str) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return list(csv.reader(io.StringIO(data.decode(encoding)), strict=True))
        except UnicodeDecodeError:
            continue
        except csv.Error:
            break
    raise UnreadableError(
        code,
        f"{what}不是 xlsx 或 csv 文件。请另存为 xlsx 后再用。",
        "the table is no xlsx or CSV file",
    )


def below_heads(
    table: Sequence[Sequence[str]], columns_of: Callable[[Sequence[str]], Columns | None]
) -> tuple[int, Columns] | None:
    """Return the number of rows up to the heads, and what `columns_of` makes of them; None where no row has any.

    `columns_of` is given the texts of a row, folded, and gives None for one that holds no heads.
    """
    for number, row in enumerate(table[:HEAD_ROWS], 1):
        columns = columns_of([fold(cell) for cell in row])
        if columns is not None:
            return number, columns
    return None


def cell_text(value: object) -> str:
    """Return a cell as text; Excel keeps whole numbers as floats and drops the zeros in front of codes."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
