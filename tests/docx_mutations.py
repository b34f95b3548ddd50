"""Random accidents of a Word form, each with what it may change in the answers and what must be told of it."""

import copy
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from tests import docx_edits as edits
from tests.docx_edits import W


@dataclass
class Accident:
    """What was done: codes of findings that must be there, answers whose row was deleted."""

    told: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)


Mutation = Callable[[Any, random.Random, Accident], None]


def _grid_rows(root: Any) -> list[Any]:
    """The rows of label and answer pairs: those whose second cell holds a control, in tables without a head."""
    rows = []
    for table in root.iter(f"{W}tbl"):
        first = edits.text_of(next(table.iter(f"{W}tr")))
        if not first.startswith("序号"):
            rows += [row for row in table.iter(f"{W}tr") if len(edits.cells(row)) in {2, 4, 6} and _labels(row)]
    return rows


def _labels(row: Any) -> list[Any]:
    found = [(cell, edits.text_of(cell)) for cell in edits.cells(row)[::2] if next(cell.iter(f"{W}sdt"), None) is None]
    return [cell for cell, text in found if text and not text.isdigit()]


def _schedule_rows(root: Any) -> list[Any]:
    """The rows of open schedules that hold answers (a number, then controls)."""
    rows = []
    for table in root.iter(f"{W}tbl"):
        found = list(table.iter(f"{W}tr"))
        if edits.text_of(found[0]).startswith("序号") and edits.text_of(edits.cells(found[-1])[0]).isdigit():
            rows += [row for row in found[1:] if next(edits.cells(row)[1].iter(f"{W}sdt"), None) is not None]
    return rows


def edit_label(root: Any, chance: random.Random, done: Accident) -> None:
    cell = chance.choice(_labels(chance.choice(_grid_rows(root))))
    old = edits.text_of(cell)
    edits.write(cell, chance.choice((f"{old}情况", old[:-1] + "栏", f"本单位{old}", f"{old}(必填)")))
    done.told.add("layout.changed")


def replace_label(root: Any, chance: random.Random, done: Accident) -> None:
    cell = chance.choice(_labels(chance.choice([row for row in _grid_rows(root) if len(_labels(row)) > 1])))
    edits.write(cell, "备用栏目")
    done.told.add("layout.changed")


def space_labels(root: Any, chance: random.Random, done: Accident) -> None:
    for cell in chance.sample(_labels(chance.choice(_grid_rows(root))), 1):
        edits.write(cell, chance.choice(("　", "  ")).join(edits.text_of(cell)) + chance.choice(("", "：", ":", "*")))
    del done


def unwrap(root: Any, chance: random.Random, done: Accident) -> None:
    edits.unwrap_controls(root)
    del chance, done


def forget_bookmarks(root: Any, chance: random.Random, done: Accident) -> None:
    edits.drop_bookmarks(root)
    del chance, done


def retype(root: Any, chance: random.Random, done: Accident) -> None:
    """Type an answer again over its control."""
    row = chance.choice(_grid_rows(root))
    cell = chance.choice(edits.cells(row)[1::2])
    edits.write(cell, edits.text_of(cell))
    del done


def split_runs(root: Any, chance: random.Random, done: Accident) -> None:
    for text in chance.sample(list(root.iter(f"{W}t")), 20):
        run = text.getparent()
        if text.text and len(text.text) > 1:
            other = copy.deepcopy(run)
            middle = len(text.text) // 2
            texts = list(other.iter(f"{W}t"))
            if len(texts) == 1:
                texts[0].text = text.text[middle:]
                text.text = text.text[:middle]
                run.addnext(other)
    del done


def insert_blank_rows(root: Any, chance: random.Random, done: Accident) -> None:
    rows = _schedule_rows(root)
    for row in chance.sample(rows, min(1, len(rows))):
        for _ in range(chance.randint(1, 4)):
            edits.put_after(row, *[""] * len(edits.cells(row)))
    del done


def renumber(root: Any, chance: random.Random, done: Accident) -> None:
    """Lose the printed numbers of a schedule."""
    rows = _schedule_rows(root)
    for row in chance.sample(rows, min(5, len(rows))):
        edits.write(edits.cells(row)[0], chance.choice(("", "一", "(1)", "01")))
    del done


def delete_row(root: Any, chance: random.Random, done: Accident) -> None:
    """Delete a row of answers that are repeated nowhere."""
    row = chance.choice([row for row in _grid_rows(root) if len(edits.cells(row)) > 2])
    for tag in row.iter(f"{W}tag"):
        done.gone.add(tag.get(f"{W}val"))
    edits.remove(row)
    done.told.add("layout.row-removed")


def add_row(root: Any, chance: random.Random, done: Accident) -> None:
    row = chance.choice(_grid_rows(root))
    edits.put_after(row, *[f"新增栏{n}" if n % 2 == 0 else "内容" for n in range(len(edits.cells(row)))])
    done.told.add("layout.added")


def move_row(root: Any, chance: random.Random, done: Accident) -> None:
    rows = _grid_rows(root)
    here, there = chance.sample(range(len(rows)), 2)
    moved = rows[here]
    edits.remove(moved)
    rows[there].addnext(moved)
    del done


def drag_columns(root: Any, chance: random.Random, done: Accident) -> None:
    """Drag column borders so that a table's grid gets finer."""
    table = chance.choice(list(root.iter(f"{W}tbl")))
    for row in table.iter(f"{W}tr"):
        for cell in edits.cells(row):
            properties = cell.find(f"{W}tcPr")
            span = properties.find(f"{W}gridSpan")
            if span is None:
                span = etree.Element(f"{W}gridSpan", {f"{W}val": "1"})
                properties.insert(1, span)
            span.set(f"{W}val", str(int(span.get(f"{W}val") or 1) * 2 + chance.randint(0, 1)))
    del done


def split_cell(root: Any, chance: random.Random, done: Accident) -> None:
    row = chance.choice(_grid_rows(root))
    cell = chance.choice(edits.cells(row)[1::2])
    empty = copy.deepcopy(cell)
    edits.write(empty, "")
    cell.addnext(empty)
    done.told.add("layout.cell-count")


def split_table(root: Any, chance: random.Random, done: Accident) -> None:
    row = chance.choice(list(root.iter(f"{W}tr")))
    table = row.getparent()
    below = list(row.itersiblings())
    if below:
        other = etree.Element(f"{W}tbl")
        for moved in below:
            other.append(moved)
        table.addnext(other)
        table.addnext(edits.paragraph(""))
    del done


def join_tables(root: Any, chance: random.Random, done: Accident) -> None:
    tables = list(root.iter(f"{W}tbl"))
    first = chance.choice([t for t in tables if t.getnext() is not None and t.getnext().tag == f"{W}tbl"] or tables[:1])
    second = first.getnext()
    if second is not None and second.tag == f"{W}tbl":
        for row in list(second.iter(f"{W}tr")):
            first.append(row)
        edits.remove(second)
    del done


def empty_paragraphs(root: Any, chance: random.Random, done: Accident) -> None:
    for table in chance.sample(list(root.iter(f"{W}tbl")), 2):
        for _ in range(chance.randint(1, 5)):
            table.addprevious(edits.paragraph(""))
    for cell in chance.sample(list(root.iter(f"{W}tc")), 6):
        cell.append(edits.paragraph(""))
    del done


HARMLESS: tuple[Mutation, ...] = (
    space_labels,
    unwrap,
    forget_bookmarks,
    retype,
    split_runs,
    insert_blank_rows,
    renumber,
    drag_columns,
    split_table,
    join_tables,
    empty_paragraphs,
    move_row,
)
TAMPERING: tuple[Mutation, ...] = (edit_label, replace_label, delete_row, add_row, split_cell)


def mutate(data: bytes, seed: int) -> tuple[bytes, Accident]:
    """The file after one to four accidents, at most one of which tampers with the form."""
    chance = random.Random(seed)
    accident = Accident()
    chosen = [*chance.sample(HARMLESS, chance.randint(1, 3)), *chance.sample(TAMPERING, seed % 2)]

    def change(root: Any) -> None:
        for mutation in sorted(chosen, key=lambda m: m in {unwrap, forget_bookmarks}):
            mutation(root, chance, accident)

    return edits.edited(data, change), accident
