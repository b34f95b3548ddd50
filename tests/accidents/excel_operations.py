"""What clerks and their programs do to a workbook, done by openpyxl."""

import copy
from random import Random
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName

from services.answers import field_at, schedules
from services.kinds import Choice, Choices, Code, Day, Month, Number, Score, Tick, Whole, YesNo
from tests.accidents import invented
from tests.accidents.excel import Excel, bounds, plain_text, put
from tests.accidents.truth import Truth, nothing_of
from tests.accidents.writings import tick_text, written

# ---- answers --------------------------------------------------------------------------------------


def _some(paths: list[str], chance: Random, most: int) -> list[str]:
    return chance.sample(paths, min(len(paths), chance.randint(1, most)))


def typed(excel: Excel, truth: Truth, chance: Random) -> bool:
    """Other answers typed: numbers and days as such or as text."""
    paths = excel.free(truth)
    for path in _some(paths, chance, 10):
        kind = field_at(excel.form, path).kind
        truth.entries[path] = invented.value_of(kind, chance)
        put(excel.cell(path), kind, truth.entries[path], chance)
    return bool(paths)


def written_otherwise(excel: Excel, truth: Truth, chance: Random) -> bool:
    """Days in every way of N02, serial numbers too, codes as numbers or in full width, numbers with units."""
    paths = [
        path
        for path in excel.free(truth)
        if truth.entries[path] is not None
        and isinstance(field_at(excel.form, path).kind, Day | Month | Code | Whole | Number | Score)
    ]
    for path in _some(paths, chance, 12):
        kind, value, cell = field_at(excel.form, path).kind, truth.entries[path], excel.cell(path)
        as_number = isinstance(kind, Code) and value.isdigit() and value[0] != "0" and len(value) <= 15
        if as_number and chance.random() < 0.5:
            cell.value, cell.number_format = int(value), "General"
        else:
            cell.value, cell.number_format = written(kind, value, chance), "@"
    return bool(paths)


def ticked_otherwise(excel: Excel, truth: Truth, chance: Random) -> bool:
    paths = [p for p in excel.free(truth) if isinstance(field_at(excel.form, p).kind, YesNo | Tick | Choices | Choice)]
    paths = [p for p in paths if not isinstance(k := field_at(excel.form, p).kind, Choice) or k.boxes]
    for path in _some(paths, chance, 6):
        kind = field_at(excel.form, path).kind
        if chance.random() < 0.5:
            truth.entries[path] = invented.value_of(kind, chance)
        excel.cell(path).value = tick_text(kind, truth.entries[path], chance)
    return bool(paths)


def nothing_said(excel: Excel, truth: Truth, chance: Random) -> bool:
    paths = [
        p for p in excel.free(truth) if truth.entries[p] is None and not isinstance(field_at(excel.form, p).kind, Tick)
    ]
    for path in _some(paths, chance, 8):
        sign = chance.choice(("无", "/", "—"))
        truth.entries[path] = nothing_of(excel.form, path, sign)
        if isinstance(field_at(excel.form, path).kind, YesNo):
            truth.entries[path] = False if sign == "无" else None
        if "无" in getattr(field_at(excel.form, path).kind, "options", ()):
            truth.entries[path] = "无" if sign == "无" else None
        excel.cell(path).value = sign
    return bool(paths)


def written_in_the_labels_cell(excel: Excel, truth: Truth, chance: Random) -> bool:
    paths = [p for p in excel.free(truth) if "." not in p and truth.entries[p] not in (None, "")]
    paths = [p for p in paths if not isinstance(field_at(excel.form, p).kind, Tick) and label_of(excel, p) is not None]
    if not paths:
        return False
    path = chance.choice(paths)
    label, cell = label_of(excel, path), excel.cell(path)
    text = plain_text(field_at(excel.form, path).kind, truth.entries[path])
    label.value = f"{label.value}{chance.choice(('：', ':', '： '))}{text}"
    cell.value = None
    truth.asked.add(path)
    return True


def label_of(excel: Excel, path: str) -> Any:
    """The cell of the label to the left of an answer."""
    cell = excel.cell(path)
    for column in range(cell.column - 1, 0, -1):
        left = cell.parent.cell(cell.row, column)
        if left.value is not None:
            return left if left.value == field_at(excel.form, path).label else None
    return None


def two_values_in_one_cell(excel: Excel, truth: Truth, chance: Random) -> bool:
    paths = [p for p in excel.free(truth) if truth.entries[p] is not None]
    paths = [p for p in paths if isinstance(field_at(excel.form, p).kind, Day | Month | Whole)]
    if not paths:
        return False
    path = chance.choice(paths)
    kind = field_at(excel.form, path).kind
    other = kind.show(invented.value_of(kind, chance))
    excel.cell(path).value = f"{kind.show(truth.entries[path])}{chance.choice(('、', '/', '；'))}{other}"
    truth.asked.add(path)
    truth.entries[path] = None  # neither is taken; a row that held nothing else is none any more
    truth.unsure.add(path)
    return True


def notes_by_people(excel: Excel, truth: Truth, chance: Random) -> bool:
    paths = [path for path in excel.free(truth) if "." not in path]
    for path in _some(paths, chance, 3):
        excel.cell(path).comment = Comment("请核对此处，应为2006年", "李审核")
    truth.told |= {"remarks.comments"} if paths else set()
    return bool(paths)


# ---- rows -----------------------------------------------------------------------------------------


def schedule_of(excel: Excel, truth: Truth, chance: Random, least: int) -> str:
    touched = {path.split(".")[0] for path in truth.asked | truth.unsure | truth.gone}
    fit = [
        key
        for key in truth.open_schedules()
        if key not in touched and f"T_{key}" in excel.book.defined_names and len(truth.rows(key)) >= least
    ]
    return chance.choice(fit) if fit else ""


def _write_row(excel: Excel, key: str, row: int, values: dict[str, Any], chance: Random) -> None:
    sheet, _, columns = excel.table(key)
    for column, asked in zip(columns, schedules(excel.form)[key].columns, strict=True):
        put(sheet.cell(row, column), asked.kind, values.get(asked.key), chance)


def rows_inserted(excel: Excel, truth: Truth, chance: Random) -> bool:
    """Rows inserted among the filled ones as Excel does it: merged cells and names move along."""
    key = schedule_of(excel, truth, chance, 1)
    if not key:
        return False
    values = truth.rows(key)
    sheet, top, _ = excel.table(key)
    for _ in range(chance.randint(1, 3)):
        if len(values) >= schedules(excel.form)[key].max_rows:
            break
        place = chance.randrange(len(values))
        insert_row(excel, sheet, top + 1 + place)
        new = invented.row_of(excel.form, key, chance)
        _write_row(excel, key, top + 1 + place, new, chance)
        values.insert(place, new)
    truth.set_rows(key, values)
    return True


def insert_row(excel: Excel, sheet: Any, at: int) -> None:
    """Insert a row at `at` like the one there: merges, names and formats below move along, as in Excel."""
    like = [copy.copy(sheet.cell(at, column)._style) for column in range(1, sheet.max_column + 1)]
    areas = [bounds(str(area)) for area in sheet.merged_cells.ranges]
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))
    sheet.insert_rows(at)
    for left, top, right, bottom in areas:
        down = (top >= at, bottom >= at)
        sheet.merge_cells(start_row=top + down[0], end_row=bottom + down[1], start_column=left, end_column=right)
        if top == bottom == at:
            sheet.merge_cells(start_row=at, end_row=at, start_column=left, end_column=right)
    for column, style in enumerate(like, 1):
        sheet.cell(at, column)._style = style
    _shift_names(excel, sheet, at, 1)


def delete_row(excel: Excel, sheet: Any, at: int) -> None:
    areas = [bounds(str(area)) for area in sheet.merged_cells.ranges]
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))
    sheet.delete_rows(at)
    for left, top, right, bottom in areas:
        if not top == bottom == at:
            ends = {"start_row": top - (top > at), "end_row": bottom - (bottom >= at)}
            sheet.merge_cells(**ends, start_column=left, end_column=right)
    _shift_names(excel, sheet, at, -1)


def _shift_names(excel: Excel, sheet: Any, at: int, by: int) -> None:
    for name, defined in list(excel.book.defined_names.items()):
        home, _, address = defined.attr_text.rpartition("!")
        if home.strip("'") != sheet.title:
            continue
        left, top, right, bottom = bounds(address)
        if by < 0 and top == bottom == at:
            del excel.book.defined_names[name]
            continue
        top, bottom = top + by * (top >= at + (by < 0)), bottom + by * (bottom >= at)
        one, other = f"${get_column_letter(left)}${top}", f"${get_column_letter(right)}${bottom}"
        text = f"{home}!{one}" if ":" not in address else f"{home}!{one}:{other}"
        excel.book.defined_names[name] = DefinedName(name, attr_text=text)


def rows_inserted_by_a_script(excel: Excel, truth: Truth, chance: Random) -> bool:
    """Rows inserted by a program that leaves merged cells and names where they were."""
    key = schedule_of(excel, truth, chance, 1)
    if not key or len(truth.rows(key)) >= schedules(excel.form)[key].max_rows:
        return False
    sheet, top, columns = excel.table(key)
    if any(str(area) and area.min_row > top for area in sheet.merged_cells.ranges):
        return False
    values = truth.rows(key)
    place = chance.randrange(len(values))
    sheet.insert_rows(top + 1 + place)
    new = invented.row_of(excel.form, key, chance)
    for column, asked in zip(columns, schedules(excel.form)[key].columns, strict=True):
        put(sheet.cell(top + 1 + place, column), asked.kind, new.get(asked.key), chance)
    values.insert(place, new)
    truth.set_rows(key, values)
    return True


def rows_deleted(excel: Excel, truth: Truth, chance: Random) -> bool:
    key = schedule_of(excel, truth, chance, 2)
    if not key:
        return False
    values = truth.rows(key)
    sheet, top, _ = excel.table(key)
    for _ in range(chance.randint(1, min(3, len(values) - 1))):
        place = chance.randrange(len(values))
        delete_row(excel, sheet, top + 1 + place)
        values.pop(place)
    truth.set_rows(key, values)
    return True


def rows_in_another_order(excel: Excel, truth: Truth, chance: Random) -> bool:
    """The filled rows of a schedule sorted otherwise, their numbers left."""
    key = schedule_of(excel, truth, chance, 2)
    if not key:
        return False
    values = truth.rows(key)
    sheet, top, columns = excel.table(key)
    if any(len({sheet.cell(top + 1 + n, c).number_format for n in range(len(values))}) > 1 for c in columns):
        return False
    held = [[sheet.cell(top + 1 + n, column).value for column in columns] for n in range(len(values))]
    order = list(range(len(values)))
    chance.shuffle(order)
    for number, source in enumerate(order):
        for column, value in zip(columns, held[source], strict=True):
            sheet.cell(top + 1 + number, column).value = value
    truth.set_rows(key, [values[source] for source in order])
    return True


def blank_rows_in_between(excel: Excel, truth: Truth, chance: Random) -> bool:
    key = schedule_of(excel, truth, chance, 1)
    if not key:
        return False
    sheet, top, _ = excel.table(key)
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(truth.rows(key)))
        insert_row(excel, sheet, top + 1 + place)
    return True


# ---- the whole workbook ---------------------------------------------------------------------------


def names_lost(excel: Excel, truth: Truth, chance: Random) -> bool:
    for name in list(excel.book.defined_names):
        del excel.book.defined_names[name]
    del truth, chance
    return True


def copied_to_a_new_workbook(excel: Excel, truth: Truth, chance: Random) -> bool:
    """The values of every sheet pasted into a new workbook: no names, formats, pictures or properties."""
    new = Workbook()
    new.remove(new.worksheets[0])
    for sheet in (sheet for sheet in excel.book.worksheets if sheet.sheet_state == "visible"):
        target = new.create_sheet(sheet.title if chance.random() < 0.8 else f"Sheet{len(new.worksheets) + 1}")
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
            target.cell(cell.row, cell.column, cell.value).number_format = cell.number_format
    excel.book = new
    truth.entries |= {path: None for path, value in truth.entries.items() if isinstance(value, bytes)}
    truth.may_tell |= {"identity.missing"}
    truth.told.discard("remarks.comments")
    return True


def sheets_moved_and_renamed(excel: Excel, truth: Truth, chance: Random) -> bool:
    sheets = [sheet for sheet in excel.book.worksheets if sheet.sheet_state == "visible"]
    excel.book.move_sheet(chance.choice(sheets).title, offset=chance.randint(-4, 4))
    names = {home.attr_text.rpartition("!")[0].strip("'") for home in excel.book.defined_names.values()}
    free = [sheet for sheet in sheets if sheet.title not in names]
    if free and chance.random() < 0.5:
        chance.choice(free).title = "Sheet1"
    del truth
    return True


def columns_widened(excel: Excel, truth: Truth, chance: Random) -> bool:
    """Column borders and row heights dragged, the grid shown, the protection taken off."""
    for sheet in excel.book.worksheets:
        for column in range(1, 8):
            sheet.column_dimensions[get_column_letter(column)].width = chance.uniform(4, 40)
        sheet.protection.sheet = False
    del truth
    return True


def column_inserted(excel: Excel, truth: Truth, chance: Random) -> bool:
    """An empty column inserted in a sheet, merged cells and names moved along."""
    names = {home.attr_text.rpartition("!")[0].strip("'") for home in excel.book.defined_names.values()}
    sheet = excel.book[
        chance.choice(sorted(name for name in names if name in excel.book.sheetnames and name != "_meta"))
    ]
    at = chance.randint(1, 4)
    areas = [bounds(str(area)) for area in sheet.merged_cells.ranges]
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))
    sheet.insert_cols(at)
    for left, top, right, bottom in areas:
        ends = {"start_column": left + (left >= at), "end_column": right + (right >= at)}
        sheet.merge_cells(start_row=top, end_row=bottom, **ends)
    for name, defined in list(excel.book.defined_names.items()):
        home, _, address = defined.attr_text.rpartition("!")
        if home.strip("'") == sheet.title:
            left, top, right, bottom = bounds(address)
            left, right = left + (left >= at), right + (right >= at)
            one, other = f"${get_column_letter(left)}${top}", f"${get_column_letter(right)}${bottom}"
            text = f"{home}!{one}" if ":" not in address else f"{home}!{one}:{other}"
            excel.book.defined_names[name] = DefinedName(name, attr_text=text)
    truth.may_tell |= {"layout.moved"}
    return True


def sheet_of_ones_own(excel: Excel, truth: Truth, chance: Random) -> bool:
    """A sheet with workings of one's own: it is reported, and nothing on it is read."""
    sheet = excel.book.create_sheet("工作底稿")
    for row in range(1, 6):
        sheet.append(["合计", chance.randint(1, 99), "待核对", row])
    truth.told.add("sheet.extra")
    return True
