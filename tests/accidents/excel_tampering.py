"""Changes of what a workbook prints: each must be told, with its old and its new text."""

from random import Random
from typing import Any

from services.answers import schedules
from tests.accidents.excel import Excel
from tests.accidents.excel_operations import delete_row, insert_row, label_of, schedule_of
from tests.accidents.truth import Tampering, Truth


def _note(truth: Truth, what: str, *words: str) -> bool:
    truth.tampered.append(Tampering(what=what, words=words))
    return True


def _labelled(excel: Excel, truth: Truth) -> list[str]:
    """The answers outside tables with their label to the left, in a row that no other operation touched."""
    return [p for p in excel.free(truth) if "." not in p and label_of(excel, p) is not None]


def label_edited(excel: Excel, truth: Truth, chance: Random) -> bool:
    paths = _labelled(excel, truth)
    if not paths:
        return False
    cell = label_of(excel, chance.choice(paths))
    old = cell.value
    cell.value = chance.choice((f"{old}情况", f"本单位{old}", f"{old}(必填)"))
    return _note(truth, "label", old, cell.value)


def row_deleted(excel: Excel, truth: Truth, chance: Random) -> bool:
    paths = _labelled(excel, truth)
    if not paths:
        return False
    cell = excel.cell(chance.choice(paths))
    here = [
        p
        for p in truth.entries
        if "." not in p and (c := excel.cell(p)) is not None and c.row == cell.row and c.parent is cell.parent
    ]
    if any(excel.is_repeated(p) for p in here) or any(p in truth.asked for p in here):
        return False
    if any(a.min_row <= cell.row <= a.max_row and a.min_row != a.max_row for a in cell.parent.merged_cells.ranges):
        return False
    label = label_of(excel, next(p for p in here if label_of(excel, p) is not None)).value
    truth.gone |= set(here)
    delete_row(excel, cell.parent, cell.row)
    return _note(truth, "row deleted", label)


def _scores(excel: Excel, truth: Truth, chance: Random) -> Any:
    """The cell of the self score of an item that no other operation touched."""
    items = [p for p in excel.free(truth) if p.startswith("items.") and p.endswith(".self")]
    return excel.cell(chance.choice(items)) if items else None


def full_points_changed(excel: Excel, truth: Truth, chance: Random) -> bool:
    cell = _scores(excel, truth, chance)
    if cell is None:
        return False
    points = cell.parent.cell(cell.row, cell.column - 3)
    if not str(points.value).isdigit():  # a column was added in between
        return False
    new = str(int(points.value) + chance.randint(1, 4))
    points.value = new if isinstance(points.value, str) else int(new)
    return _note(truth, "points", new)


def standard_changed(excel: Excel, truth: Truth, chance: Random) -> bool:
    cell = _scores(excel, truth, chance)
    if cell is None:
        return False
    standard = cell.parent.cell(cell.row, cell.column - 2)
    if not isinstance(standard.value, str):
        return False
    at = chance.randrange(len(standard.value))
    standard.value = f"{standard.value[:at]}或者{standard.value[at:]}"
    return _note(truth, "standard", standard.value)


def item_renamed(excel: Excel, truth: Truth, chance: Random) -> bool:
    cell = _scores(excel, truth, chance)
    if cell is None:
        return False
    name = cell.parent.cell(cell.row, cell.column - 4)
    name.value = f"{name.value[:-1]}等"
    return _note(truth, "item", name.value)


def item_deleted(excel: Excel, truth: Truth, chance: Random) -> bool:
    cell = _scores(excel, truth, chance)
    if cell is None:
        return False
    item = cell.parent.cell(cell.row, 1).value
    truth.gone |= {path for path in truth.entries if path.startswith(f"items.{item}.")}
    delete_row(excel, cell.parent, cell.row)
    return _note(truth, "item deleted", item)


def item_added(excel: Excel, truth: Truth, chance: Random) -> bool:
    cell = _scores(excel, truth, chance)
    if cell is None:
        return False
    sheet, row, column = cell.parent, cell.row, cell.column
    insert_row(excel, sheet, row)
    for number, value in enumerate(("D99", "领导印象", 5, "领导满意5分", "无", 5)):
        sheet.cell(row, column - 5 + number).value = value
    return _note(truth, "item added", "领导印象")


def row_added(excel: Excel, truth: Truth, chance: Random) -> bool:
    paths = _labelled(excel, truth)
    if not paths:
        return False
    cell = excel.cell(chance.choice(paths))
    if any(a.min_row <= cell.row <= a.max_row and a.min_row != a.max_row for a in cell.parent.merged_cells.ranges):
        return False
    sheet, row = cell.parent, cell.row
    insert_row(excel, sheet, row)
    sheet.cell(row, 1).value = "上级单位意见"
    return _note(truth, "row added", "上级单位意见")


def head_of_column_changed(excel: Excel, truth: Truth, chance: Random) -> bool:
    key = schedule_of(excel, truth, chance, 0)
    if not key:
        return False
    sheet, top, columns = excel.table(key)
    cell = sheet.cell(top, chance.choice(columns))
    old = cell.value
    cell.value = f"{old}(可不填)"
    return _note(truth, "column head", old, cell.value)


def column_deleted(excel: Excel, truth: Truth, chance: Random) -> bool:
    key = schedule_of(excel, truth, chance, 0)
    if not key:
        return False
    sheet, top, columns = excel.table(key)
    if any(area.min_row > 1 and area.min_row >= top for area in sheet.merged_cells.ranges):
        return False
    number = chance.randrange(len(columns))
    if len(schedules(excel.form)[key].columns) < 4 or _tables_on(excel, sheet) > 1:
        return False
    column = schedules(excel.form)[key].columns[number]
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))
    sheet.delete_cols(columns[number])
    for name, defined in list(excel.book.defined_names.items()):
        if defined.attr_text.rpartition("!")[0].strip("'") == sheet.title:
            del excel.book.defined_names[name]
    # What stood there is nowhere any more, and a row that held nothing else is none.
    lost = {path for path in truth.entries if path.startswith(f"{key}.") and path.endswith(f".{column.key}")}
    truth.entries |= dict.fromkeys(lost)
    truth.gone |= lost
    return _note(truth, "column deleted", column.label)


def _tables_on(excel: Excel, sheet: Any) -> int:
    homes = [
        d.attr_text.rpartition("!")[0].strip("'") for n, d in excel.book.defined_names.items() if n.startswith("T_")
    ]
    return homes.count(sheet.title)


def text_added(excel: Excel, truth: Truth, chance: Random) -> bool:
    """A line of one's own below or beside what is printed."""
    sheets = [sheet for sheet in excel.book.worksheets if sheet.sheet_state == "visible"]
    sheet = chance.choice(sheets)
    sheet.cell(sheet.max_row + chance.randint(1, 3), 1).value = "以上内容经研究决定不予公开"
    return _note(truth, "text added", "以上内容经研究决定不予公开")


def sheet_deleted(excel: Excel, truth: Truth, chance: Random) -> bool:
    """A whole sheet deleted: what is missing is named."""
    names = sorted(
        {
            d.attr_text.rpartition("!")[0].strip("'")
            for n, d in excel.book.defined_names.items()
            if n[:2] in ("F_", "I_")
        }
    )
    names = [name for name in names if name in excel.book.sheetnames]
    if len(names) < 2:
        return False
    sheet = excel.book[chance.choice(names)]
    here = [p for p in truth.entries if _stands_on(excel, p, sheet)]
    if any(excel.is_repeated(p) for p in here):
        return False
    truth.gone |= set(here)
    del excel.book[sheet.title]
    return _note(truth, "sheet deleted", sheet.title)


def _stands_on(excel: Excel, path: str, sheet: Any) -> bool:
    head = path.partition(".")[0]
    if "." in path and head != "items":
        if f"T_{head}" in excel.book.defined_names:
            return excel.table(head)[0] is sheet
        return False
    cell = excel.cell(path)
    return cell is not None and cell.parent is sheet
