"""A workbook opened by openpyxl for accidents, and where the answers stand in it by the names it was issued with."""

import re
from dataclasses import dataclass
from random import Random
from typing import Any

from openpyxl.utils import range_boundaries

from services.answers import field_at, scalars, schedules
from services.form import Cover, Form
from services.kinds import Choice, Choices, Day, Number, Picture, Score, Text, Tick, Whole, YesNo
from tests import xlsx_edits as edits
from tests.accidents.truth import Truth

_ITEM = re.compile(r"I_(.+)_(self|review|reason)")


@dataclass
class Excel:
    """A workbook and its form. Formulas are turned to the values they had, as a copied sheet has them."""

    form: Form
    book: Any

    def saved(self) -> bytes:
        return edits.saved(self.book)

    def cell(self, path: str) -> Any:
        """The cell of an answer, None where no name says it."""
        head, *rest = path.split(".")
        if head == "items":
            return self._named(f"I_{rest[0]}_{rest[1]}")
        if rest:
            sheet, top, columns = self.table(head)
            number = [column.key for column in schedules(self.form)[head].columns].index(rest[1])
            return sheet.cell(top + 1 + int(rest[0]), columns[number])
        return self._named(f"F_{head}")

    def _named(self, name: str) -> Any:
        if name not in self.book.defined_names:
            return None
        sheet, _, address = self.book.defined_names[name].attr_text.rpartition("!")
        return self.book[sheet.strip("'")][address.replace("$", "")]

    def table(self, key: str) -> tuple[Any, int, list[int]]:
        """The sheet of a schedule, the row of its head, the sheet's columns of its columns."""
        sheet_name, _, address = self.book.defined_names[f"T_{key}"].attr_text.rpartition("!")
        sheet = self.book[sheet_name.strip("'")]
        left, top, right, _ = bounds(address)
        heads = [column for column in range(left, right + 1) if sheet.cell(top, column).value is not None]
        return sheet, top, heads[1:]

    def long_answers(self) -> set[str]:
        """The answers that a workbook may spread over several cells."""
        return {
            key for key, asked in scalars(self.form).items() if isinstance(asked.kind, Text) and asked.kind.limit >= 200
        }

    def free(self, truth: Truth) -> list[str]:
        """The answers with a cell of their own that no operation touched yet."""
        told = truth.asked | truth.unsure | truth.gone
        return [path for path in truth.entries if path not in told and self._may_change(path)]

    def _may_change(self, path: str) -> bool:
        asked = field_at(self.form, path)
        if path in self.long_answers() or isinstance(asked.kind, Picture) or asked.total_of or asked.copied:
            return False
        head = path.split(".", maxsplit=1)[0]
        if (
            "." in path
            and head != "items"
            and (head not in schedules(self.form) or schedules(self.form)[head].totals_of)
        ):
            return False
        cell = self.cell(path)
        return cell is not None and not _is_formula(cell) and not self.is_repeated(path)

    def is_repeated(self, path: str) -> bool:
        """Whether the cover repeats the answer."""
        return any(path in block.lines for part in self.form.parts for block in part.blocks if isinstance(block, Cover))


def bounds(address: str) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of an address as it stands in a name."""
    left, top, right, bottom = range_boundaries(address.replace("$", ""))
    return left or 0, top or 0, right or 0, bottom or 0


def _is_formula(cell: Any) -> bool:
    return isinstance(cell.value, str) and cell.value.startswith("=")


def plain_text(kind: Any, value: Any) -> str:
    """How a value is typed into a cell: an option alone, several joined by 、."""
    match kind:
        case Choices():
            labels = dict(kind.options)
            return "、".join(labels[key] for key in value or ())
        case YesNo():
            return "" if value is None else "是" if value else "否"
        case Choice():
            return value or ""
        case _:
            return kind.show(value)


def put(cell: Any, kind: Any, value: Any, chance: Random) -> None:
    """Type a value into a cell as a person would: numbers and days as such, or as text."""
    if value is None:
        cell.value = None
    elif isinstance(kind, Whole | Number | Score) and chance.random() < 0.7:
        cell.value = value
    elif isinstance(kind, Day) and chance.random() < 0.5:
        cell.value = value
        cell.number_format = chance.choice(("yyyy-mm-dd", 'yyyy"年"m"月"d"日"', "yyyy/m/d", "m/d/yy"))
    elif isinstance(kind, Tick):
        cell.value = kind.show(value)
    else:
        cell.value = plain_text(kind, value) or None
        cell.number_format = "@"


def excel_of(form: Form, data: bytes) -> Excel:
    """The workbook opened, its formulas turned to values."""
    return Excel(form=form, book=edits.opened(data, values=True))
