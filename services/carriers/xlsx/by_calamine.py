"""A workbook opened by calamine, which lays each sheet out from its first cell to its last: far cells are refused."""

from __future__ import annotations

import io
import re

from python_calamine import CalamineWorkbook

from services.carriers.container import Container
from services.carriers.reading import UnreadableError

BOX_CELLS = 2_000_000
_REFERENCE = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Z]{1,3})(\d{1,7})["']""")


def by_calamine(container: Container) -> CalamineWorkbook:
    """Return the workbook in `container`.

    Raises:
        UnreadableError: far-cells; calamine raises its own errors, and plain ones for odd files.
    """
    for name, part in container.parts.items():
        if b"sheetData" in part:
            _refuse_far_cells(name, part)
    return CalamineWorkbook.from_filelike(io.BytesIO(container.data))


def _refuse_far_cells(name: str, part: bytes) -> None:
    """Refuse a sheet whose used area, from the first cell to the last, is beyond reason."""
    found = _REFERENCE.findall(part)
    rows = {int(row) for _, row in found}
    columns = {_column(letters) for letters, _ in found}
    if rows and (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1) > BOX_CELLS:
        raise UnreadableError(
            "far-cells",
            f"工作簿({name})里有相距极远的单元格(如第 {max(rows)} 行),读不出来。请删去表格以外的内容,保存后再上传。",
            f"{name} has filled cells too far apart",
        )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
