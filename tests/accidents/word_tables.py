"""What is done to the rows, tables and the whole of a Word form without changing what it asks."""

import copy
import io
from random import Random
from typing import Any

import docx as python_docx
from lxml import etree

from services.answers import schedules
from services.form import Form
from tests import docx_edits as edits
from tests.accidents import invented
from tests.accidents.truth import Truth
from tests.accidents.word import Word, type_into, word_of
from tests.docx_edits import W


def _schedule(word: Word, truth: Truth, chance: Random, least: int) -> str:
    """A schedule with at least so many rows that no operation touched yet; '' for none."""
    touched = {path.split(".")[0] for path in truth.asked | truth.unsure | truth.gone}
    fit = [
        key
        for key in truth.open_schedules()
        if key not in touched and len(truth.rows(key)) >= least and len(word.schedule_rows(key)) >= len(truth.rows(key))
    ]
    return chance.choice(fit) if fit else ""


def _fill_row(form: Form, key: str, row: Any, values: dict[str, Any]) -> None:
    """Type values into the cells of a schedule's row, its first cell (the number) left."""
    columns = schedules(form)[key].columns
    for cell, column in zip(edits.cells(row)[1:], columns, strict=True):
        type_into(cell, column.kind.show(values.get(column.key)))


def _renumber(rows: list[Any]) -> None:
    for number, row in enumerate(rows):
        type_into(edits.cells(row)[0], str(number + 1))


# ---- rows -----------------------------------------------------------------------------------------


def rows_added_in_the_middle(word: Word, truth: Truth, chance: Random) -> bool:
    """Rows inserted above and between the filled ones, as copying a row does; numbers set right or left as copied."""
    key = _schedule(word, truth, chance, 1)
    if not key:
        return False
    rows, values = word.schedule_rows(key), truth.rows(key)
    for _ in range(chance.randint(1, 3)):
        if len(values) >= schedules(word.form)[key].max_rows:
            break
        place = chance.randrange(len(values))
        added = copy.deepcopy(rows[place])
        new = invented.row_of(word.form, key, chance)
        _fill_row(word.form, key, added, new)
        rows[place].addprevious(added)
        rows.insert(place, added)
        values.insert(place, new)
    if chance.random() < 0.6:
        _renumber(rows)
    truth.set_rows(key, values)
    return True


def rows_taken_from_the_middle(word: Word, truth: Truth, chance: Random) -> bool:
    key = _schedule(word, truth, chance, 2)
    if not key:
        return False
    rows, values = word.schedule_rows(key), truth.rows(key)
    for _ in range(chance.randint(1, min(3, len(values) - 1))):
        place = chance.randrange(len(values))
        edits.remove(rows.pop(place))
        values.pop(place)
    if chance.random() < 0.6:
        _renumber(rows)
    truth.set_rows(key, values)
    return True


def rows_in_another_order(word: Word, truth: Truth, chance: Random) -> bool:
    key = _schedule(word, truth, chance, 2)
    if not key:
        return False
    values = truth.rows(key)
    rows = word.schedule_rows(key)[: len(values)]
    order = list(range(len(values)))
    chance.shuffle(order)
    before = rows[0].getprevious()
    for number in order:
        edits.remove(rows[number])
    for number in reversed(order):
        before.addnext(rows[number])
    truth.set_rows(key, [values[number] for number in order])
    return True


def blank_rows_in_between(word: Word, truth: Truth, chance: Random) -> bool:
    key = _schedule(word, truth, chance, 1)
    if not key:
        return False
    rows = word.schedule_rows(key)
    for _ in range(chance.randint(1, 4)):
        row = chance.choice(rows[: len(truth.rows(key))])
        added = copy.deepcopy(row)
        _fill_row(word.form, key, added, {})
        row.addnext(added)
    return True


def pasted_from_excel(word: Word, truth: Truth, chance: Random) -> bool:
    """All rows of a schedule pasted from a worksheet over the issued ones: plain cells of other widths."""
    key = _schedule(word, truth, chance, 1)
    if not key or any(True for row in word.schedule_rows(key) for _ in row.iter(f"{W}ins", f"{W}del")):
        return False
    rows, values = word.schedule_rows(key), truth.rows(key)
    before = rows[0].getprevious()
    blank_stay = chance.random() < 0.5
    for row in rows:
        if not (blank_stay and _is_blank(row)):
            edits.remove(row)
    columns = schedules(word.form)[key].columns
    numbered = chance.random() < 0.7
    widths = [chance.randint(600, 1800) for _ in range(len(columns) + 1)]
    for number in reversed(range(len(values))):
        texts = [str(number + 1) if numbered else "", *(c.kind.show(values[number].get(c.key)) for c in columns)]
        before.addnext(_excel_row(texts, widths))
    return True


def _is_blank(row: Any) -> bool:
    """Whether nothing stands in a row of a schedule but its number."""
    return not any(edits.text_of(cell).strip(" \u3000□") for cell in edits.cells(row)[1:])


def _excel_row(texts: list[str], widths: list[int]) -> Any:
    """A row as Word makes it of cells that were copied in Excel."""
    row = etree.Element(f"{W}tr")
    properties = etree.SubElement(row, f"{W}trPr")
    etree.SubElement(properties, f"{W}trHeight", {f"{W}val": "285"})
    for text, width in zip(texts, widths, strict=True):
        cell = etree.SubElement(row, f"{W}tc")
        look = etree.SubElement(cell, f"{W}tcPr")
        etree.SubElement(look, f"{W}tcW", {f"{W}w": str(width), f"{W}type": "dxa"})
        etree.SubElement(look, f"{W}noWrap")
        etree.SubElement(look, f"{W}vAlign", {f"{W}val": "bottom"})
        for line in text.split("\n"):
            made = etree.SubElement(cell, f"{W}p")
            style = etree.SubElement(made, f"{W}pPr")
            etree.SubElement(style, f"{W}widowControl")
            etree.SubElement(style, f"{W}jc", {f"{W}val": "left"})
            if line:
                run = etree.SubElement(made, f"{W}r")
                fonts = etree.SubElement(etree.SubElement(run, f"{W}rPr"), f"{W}rFonts")
                fonts.set(f"{W}eastAsia", "等线")
                etree.SubElement(run, f"{W}t", {edits.SPACE: "preserve"}).text = line
    return row


def row_inserted_with_tracking(word: Word, truth: Truth, chance: Random) -> bool:
    """A row inserted and one deleted in a schedule while changes were tracked."""
    key = _schedule(word, truth, chance, 2)
    if not key or len(truth.rows(key)) >= schedules(word.form)[key].max_rows:
        return False
    rows, values = [row for row in word.schedule_rows(key) if not _is_blank(row)], truth.rows(key)
    if len(rows) != len(values):
        return False
    told = {f"{W}id": "9500", f"{W}author": "王主任", f"{W}date": "2006-08-20T10:00:00Z"}
    taken = chance.randrange(len(values))
    _track_row(rows[taken], "del", told)
    for own in list(rows[taken].iter(f"{W}ins")):  # one's own insertion is gone when it is deleted again
        if own.getparent().tag != f"{W}trPr":
            edits.remove(own)
    for text in list(rows[taken].iter(f"{W}t")):
        run = text.getparent()
        text.tag = f"{W}delText"
        deleted = etree.Element(f"{W}del", told)
        run.addprevious(deleted)
        deleted.append(run)
    added, new = copy.deepcopy(rows[taken - 1 if taken else taken + 1]), invented.row_of(word.form, key, chance)
    _fill_row(word.form, key, added, new)
    _track_row(added, "ins", told)
    rows[taken].addnext(added)
    truth.set_rows(key, [*values[:taken], new, *values[taken + 1 :]])
    truth.told.add("remarks.tracked")
    return True


def _track_row(row: Any, change: str, told: dict[str, str]) -> None:
    properties = row.find(f"{W}trPr")
    if properties is None:
        properties = etree.Element(f"{W}trPr")
        row.insert(0, properties)
    etree.SubElement(properties, f"{W}{change}", told)


# ---- tables ---------------------------------------------------------------------------------------


def table_split(word: Word, truth: Truth, chance: Random) -> bool:
    """A table cut in two, an empty paragraph between; a schedule's head sometimes copied to its second half."""
    tables = [table for table in word.body.iter(f"{W}tbl") if len(list(table.iterchildren(f"{W}tr"))) > 2]
    table = chance.choice(tables)
    rows = list(table.iterchildren(f"{W}tr"))
    cut = chance.randrange(1, len(rows))
    other = etree.Element(f"{W}tbl")
    for shape in ("tblPr", "tblGrid"):
        other.append(copy.deepcopy(table.find(f"{W}{shape}")))
    if edits.text_of(rows[0]).startswith("序号") and chance.random() < 0.5:
        other.append(copy.deepcopy(rows[0]))
    if _is_merged_on(rows[cut]):
        return False
    for row in rows[cut:]:
        other.append(row)
    table.addnext(other)
    table.addnext(edits.paragraph(""))
    del truth
    return True


def _is_merged_on(row: Any) -> bool:
    return any(m.get(f"{W}val") != "restart" for m in row.iter(f"{W}vMerge"))


def tables_joined(word: Word, truth: Truth, chance: Random) -> bool:
    """Two tables run together when what stood between them was deleted: only empty paragraphs are."""
    pairs = []
    for table in word.body.iterchildren(f"{W}tbl"):
        between, after = [], table.getnext()
        while after is not None and _is_empty_line(after):
            between.append(after)
            after = after.getnext()
        if after is not None and after.tag == f"{W}tbl":
            pairs.append((table, between, after))
    if not pairs:
        return False
    table, between, after = chance.choice(pairs)
    for row in list(after.iterchildren(f"{W}tr")):
        table.append(row)
    for gone in (*between, after):
        edits.remove(gone)
    del truth
    return True


def _is_empty_line(element: Any) -> bool:
    """Whether an element is an empty paragraph that ends no section."""
    plain = element.tag == f"{W}p" and not edits.text_of(element)
    return plain and element.find(f".//{W}sectPr") is None


def columns_dragged(word: Word, truth: Truth, chance: Random) -> bool:
    """Column borders dragged in some rows, so that the table's grid gets finer than the issued one."""
    table = chance.choice(list(word.body.iter(f"{W}tbl")))
    for row in table.iterchildren(f"{W}tr"):
        for cell in row.iterchildren(f"{W}tc"):
            properties = cell.find(f"{W}tcPr")
            span = properties.find(f"{W}gridSpan")
            if span is None:
                span = etree.Element(f"{W}gridSpan", {f"{W}val": "1"})
                properties.insert(1, span)
            span.set(f"{W}val", str(int(span.get(f"{W}val") or 1) * 2))
    grid = table.find(f"{W}tblGrid")
    for column in list(grid):
        half = int(column.get(f"{W}w")) // 2
        column.set(f"{W}w", str(half))
        column.addnext(etree.Element(f"{W}gridCol", {f"{W}w": str(half)}))
    del truth
    return True


def labels_spaced(word: Word, truth: Truth, chance: Random) -> bool:
    """Labels set wide with blanks, with a colon or star behind, in full-width brackets: nothing was changed."""
    cells = [cell for row in word.label_rows() for cell in word.labels(row)]
    for cell in chance.sample(cells, min(4, len(cells))):
        text = edits.text_of(cell)
        wide = text.translate(str.maketrans("()", "（）"))
        blank = chance.choice(("　", " ", "  "))
        type_into(cell, chance.choice((blank.join(text), wide, f"{text}：", f"{text}:", f"*{text}", f"{text} ")))
    del truth
    return bool(cells)


def rows_moved(word: Word, truth: Truth, chance: Random) -> bool:
    """A row of labels with its answers moved to another place in its table: read, and asked about."""
    rows = [r for r in word.label_rows() if next(r.iter(f"{W}vMerge"), None) is None]
    tables = [[r for r in rows if r.getparent() is table] for table in {r.getparent() for r in rows}]
    tables = sorted((t for t in tables if len(t) > 2), key=lambda t: rows.index(t[0]))
    if not tables:
        return False
    some = chance.choice(tables)
    here, there = chance.sample(range(len(some)), 2)
    edits.remove(some[here])
    some[there].addnext(some[here])
    truth.may_tell.add("layout.moved")
    return True


def empty_paragraphs(word: Word, truth: Truth, chance: Random) -> bool:
    """Empty lines pressed in before tables and at the end of cells."""
    tables = list(word.body.iterchildren(f"{W}tbl"))
    for table in chance.sample(tables, min(3, len(tables))):
        for _ in range(chance.randint(1, 4)):
            table.addprevious(edits.paragraph(""))
    cells = list(word.body.iter(f"{W}tc"))
    for cell in chance.sample(cells, min(8, len(cells))):
        cell.append(edits.paragraph(""))
    del truth
    return True


# ---- the whole document ---------------------------------------------------------------------------


def controls_lost(word: Word, truth: Truth, chance: Random) -> bool:
    """Every content control taken off its text, as Google Docs and many others save it."""
    edits.unwrap_controls(word.root)
    if chance.random() < 0.5:
        edits.drop_bookmarks(word.root)
    del truth
    return True


def bookmarks_lost(word: Word, truth: Truth, chance: Random) -> bool:
    edits.drop_bookmarks(word.root)
    del truth, chance
    return True


def copied_into_a_new_document(word: Word, truth: Truth, chance: Random) -> bool:
    """Everything selected, copied and pasted into a new document, styles with it: no properties, no header."""
    made = python_docx.Document()
    document: Any = made.element
    body = document.body
    for element in [element for element in body if element.tag != f"{W}sectPr"]:
        body.remove(element)
    for number, element in enumerate(element for element in word.body if element.tag != f"{W}sectPr"):
        body.insert(number, copy.deepcopy(element))
    _leave_behind(body)
    pictures = _pictures(word)
    for blip in body.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}blip"):
        blip.set(_EMBED, made.part.get_or_add_image(io.BytesIO(pictures[blip.get(_EMBED)]))[0])
    out = io.BytesIO()
    made.save(out)
    _become(word, edits.with_parts(out.getvalue(), {"word/styles.xml": word.parts["word/styles.xml"]}))
    truth.may_tell |= {"identity.missing"}
    truth.told.discard("remarks.comments")
    del chance
    return True


def _leave_behind(body: Any) -> None:
    """Take out what copying leaves behind: sections, prompts of controls, comments."""
    for section in list(body.iter(f"{W}sectPr"))[:-1]:
        section.getparent().remove(section)
    gone = ("placeholder", "commentRangeStart", "commentRangeEnd", "commentReference")
    for left in list(body.iter(*(f"{W}{tag}" for tag in gone))):
        left.getparent().remove(left)


_EMBED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"


def _pictures(word: Word) -> dict[str, bytes]:
    rels = etree.fromstring(word.parts["word/_rels/document.xml.rels"])
    return {
        relation.get("Id") or "": word.parts[f"word/{relation.get('Target')}"]
        for relation in rels
        if (relation.get("Type") or "").endswith("/image")
    }


def _become(word: Word, data: bytes) -> None:
    other = word_of(word.form, data)
    word.root, word.parts = other.root, other.parts
