"""Changes of what a Word form prints: each must be told, with its old and its new text."""

import copy
from random import Random
from typing import Any

from lxml import etree

from services.answers import schedules
from tests import docx_edits as edits
from tests.accidents.truth import Tampering, Truth
from tests.accidents.word import Word, tags, type_into
from tests.docx_edits import W

_SHOWN = 20
"""So much at least of a lost text stands in the finding: long ones are cut there."""


def _note(truth: Truth, what: str, *words: str) -> bool:
    truth.tampered.append(Tampering(what=what, words=words))
    return True


def _rows(word: Word) -> list[Any]:
    return [row for row in word.label_rows() if next(row.iter(f"{W}vMerge"), None) is None]


def label_edited(word: Word, truth: Truth, chance: Random) -> bool:
    cell = chance.choice([cell for row in _rows(word) for cell in word.labels(row)])
    old = edits.text_of(cell)
    new = chance.choice((f"{old}情况", f"{old[:-1]}栏", f"本单位{old}", f"{old}(必填)", f"新{old}"))
    type_into(cell, new)
    return _note(truth, "label", old, new)


def label_replaced(word: Word, truth: Truth, chance: Random) -> bool:
    """A label of a row with several replaced by another word; its answer may then be missed, but not in silence."""
    rows = [row for row in _rows(word) if len(word.labels(row)) > 1]
    cell = chance.choice([cell for row in rows for cell in word.labels(row)])
    old = edits.text_of(cell)
    type_into(cell, "备用栏目")
    truth.gone |= word.answers_in(cell.getnext())
    return _note(truth, "label replaced", old, "备用栏目")


def _score_cells(word: Word, chance: Random) -> tuple[Any, list[Any]] | None:
    rows = word.item_rows()
    if not rows:
        return None
    row = chance.choice(rows)
    return row, [cell for cell in edits.cells(row) if not tags(cell)]


def _item_cell(index: int, what: str, word: Word, truth: Truth, chance: Random, change: Any) -> bool:
    found = _score_cells(word, chance)
    if not found or len(found[1]) <= index:
        return False
    cell = found[1][index]
    old = edits.text_of(cell)
    new = change(old)
    if new == old:
        return False
    type_into(cell, new)
    return _note(truth, what, new)


def item_renamed(word: Word, truth: Truth, chance: Random) -> bool:
    return _item_cell(1, "item", word, truth, chance, lambda old: f"{old[:-1]}等")


def full_points_changed(word: Word, truth: Truth, chance: Random) -> bool:
    return _item_cell(
        2, "points", word, truth, chance, lambda old: str(int(old) + chance.randint(1, 4)) if old.isdigit() else old
    )


def standard_changed(word: Word, truth: Truth, chance: Random) -> bool:
    def loosened(old: str) -> str:
        at = chance.randrange(len(old))
        digits = [n for n, c in enumerate(old) if c.isdigit()]
        if digits and chance.random() < 0.7:
            at = chance.choice(digits)
            return f"{old[:at]}{(int(old[at]) + 1) % 10}{old[at + 1 :]}"
        return f"{old[:at]}或者{old[at:]}"

    return _item_cell(3, "standard", word, truth, chance, loosened)


def item_deleted(word: Word, truth: Truth, chance: Random) -> bool:
    found = _score_cells(word, chance)
    if not found:
        return False
    row, cells = found
    truth.gone |= word.answers_in(row)
    edits.remove(row)
    return _note(truth, "item deleted", edits.text_of(cells[0]))


def item_added(word: Word, truth: Truth, chance: Random) -> bool:
    found = _score_cells(word, chance)
    if not found:
        return False
    row, _ = found
    added = copy.deepcopy(row)
    texts = ["D99", "领导印象", "5", "领导满意5分", "无", "5", "", ""]
    for cell, text in zip(edits.cells(added), texts, strict=False):
        type_into(cell, text)
    row.addnext(added)
    return _note(truth, "item added", "领导印象")


def row_deleted(word: Word, truth: Truth, chance: Random) -> bool:
    copies = word.copies()
    rows = [row for row in _rows(word) if not word.answers_in(row) & copies]
    row = chance.choice(rows)
    label = edits.text_of(word.labels(row)[0])
    truth.gone |= word.answers_in(row)
    edits.remove(row)
    return _note(truth, "row deleted", label)


def row_added(word: Word, truth: Truth, chance: Random) -> bool:
    row = chance.choice(_rows(word))
    added = copy.deepcopy(row)
    for number, cell in enumerate(edits.cells(added)):
        type_into(cell, "上级单位意见" if number % 2 == 0 else "同意")
    row.addnext(added)
    return _note(truth, "row added", "上级单位意见")


def head_of_column_changed(word: Word, truth: Truth, chance: Random) -> bool:
    heads = [row for row in word.root.iter(f"{W}tr") if edits.text_of(row).startswith("序号")]
    cell = chance.choice(edits.cells(chance.choice(heads))[1:])
    old = edits.text_of(cell)
    new = f"{old}(可不填)"
    type_into(cell, new)
    return _note(truth, "column head", old, new)


def column_deleted(word: Word, truth: Truth, chance: Random) -> bool:
    """A column of a schedule deleted with its head: its answers are gone, the others are read."""
    key = chance.choice(truth.open_schedules())
    columns = schedules(word.form)[key].columns
    rows = word.schedule_rows(key)
    if not rows or len(columns) < 3 or any(path.split(".")[0] == key for path in truth.asked):
        return False
    number = chance.randrange(1, len(columns))
    table = rows[0].getparent()
    head = next(row for row in table.iterchildren(f"{W}tr") if edits.text_of(row).startswith("序号"))
    if len(edits.cells(head)) != len(columns) + 1:
        return False
    for row in (head, *rows):
        if len(edits.cells(row)) == len(columns) + 1:
            edits.remove(edits.cells(row)[number + 1])
    gone = columns[number]
    # What stood there is nowhere any more, and a row that held nothing else is none.
    lost = {path for path in truth.entries if path.startswith(f"{key}.") and path.endswith(f".{gone.key}")}
    truth.entries |= dict.fromkeys(lost)
    truth.gone |= lost
    return _note(truth, "column deleted", gone.label)


def cell_added(word: Word, truth: Truth, chance: Random) -> bool:
    row = chance.choice(_rows(word))
    last = edits.cells(row)[-1]
    added = copy.deepcopy(last)
    type_into(added, "经办人:李某")
    last.addnext(added)
    truth.tampered.append(Tampering(what="cell added", words=("经办人:李某",), adds=True))
    return True


def title_changed(word: Word, truth: Truth, chance: Random) -> bool:
    paragraphs = [p for p in word.body.iterchildren(f"{W}p") if edits.text_of(p)]
    titles = [p for p in paragraphs if "表" in edits.text_of(p) and len(edits.text_of(p)) < 40]
    if not titles:
        return False
    home = chance.choice(titles)
    old = edits.text_of(home)
    for run in list(home.iterchildren(f"{W}r")):
        home.remove(run)
    run = etree.SubElement(home, f"{W}r")
    etree.SubElement(run, f"{W}t").text = f"{old}(试行)"
    return _note(truth, "title", f"{old}(试行)")


def note_changed(word: Word, truth: Truth, chance: Random) -> bool:
    """A line of the 填表说明 changed or taken out."""
    notes = [
        p for p in word.body.iterchildren(f"{W}p") if edits.text_of(p)[:1].isdigit() and len(edits.text_of(p)) > 10
    ]
    home = chance.choice(notes)
    texts = list(home.iter(f"{W}t"))
    old = texts[-1].text or ""
    if chance.random() < 0.5:
        texts[-1].text = f"{old[:-1]}，特殊情况除外。"
        return _note(truth, "note", "特殊情况除外")
    edits.remove(home)
    return _note(truth, "note deleted", old[:12])


def text_added(word: Word, truth: Truth, chance: Random) -> bool:
    """A paragraph of one's own between the tables."""
    table = chance.choice(list(word.body.iterchildren(f"{W}tbl")))
    table.addprevious(edits.paragraph("以上内容经研究决定不予公开"))
    return _note(truth, "text added", "以上内容经研究决定不予公开")


def _first_text(block: Any) -> str:
    """The first words of a paragraph or a table."""
    texts = (edits.text_of(home) for home in block.iter(f"{W}p"))
    return next((text for text in texts if text.strip()), "")


def half_a_form(word: Word, truth: Truth, chance: Random) -> bool:
    """Everything behind a table lost: what is missing is named, and its answers are not made up."""
    blocks = [e for e in word.body if e.tag != f"{W}sectPr"]
    tables = [n for n, e in enumerate(blocks) if e.tag == f"{W}tbl"]
    cut = tables[chance.randint(2, len(tables) - 2)]
    kept = {name for e in blocks[: cut + 1] for name in word.answers_in(e)}
    lost = blocks[cut + 1 :]
    words = next((text for e in lost if (text := _first_text(e))), "")
    heads = {name.split(".")[0] for e in blocks[: cut + 1] for name in tags(e) if name.count(".") == 1}
    for path in truth.entries:
        head = path.split(".")[0]
        if path not in kept and head not in heads:
            truth.gone.add(path)
    for e in lost:
        edits.remove(e)
    return _note(truth, "half a form", words[:_SHOWN])
