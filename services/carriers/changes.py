"""What was changed in the printed text of a form (rule D02: 改表头).

Blanks, widths, dashes and trailing colons are no change. Every other difference from the form as issued
is told with the old text, the new text and the place: nothing that was added, removed or could not be
matched is passed over in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.answers import label_at, part_of
from services.carriers.align import Match
from services.carriers.differing import Spot, brief, difference, layout_told
from services.carriers.layout import ANY_ROW, Cell, Layout, LayoutRow, Row
from services.carriers.likeness import bare
from services.carriers.rowscore import is_exact, stands
from services.carriers.runs import MANY, bridged, runs
from services.carriers.vote import Upload
from services.findings import Finding, Severity
from services.form import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """What the findings are worded with: the form, its layout, the part of each issued row, the upload."""

    form: Form
    layout: Layout
    parts: Sequence[str]
    upload: Upload


def changes(form: Form, layout: Layout, upload: Upload, explained: frozenset[str]) -> tuple[Finding, ...]:
    """Return what differs from the form as issued, in the order of the upload, what is missing last.

    `explained` are the addresses of label cells in which an answer was written: that is told elsewhere.
    """
    if upload.alignment.straight:
        return ()
    sheet = _Sheet(form=form, layout=layout, parts=_parts(form, layout), upload=upload)
    told: list[tuple[int, Finding]] = []
    for match in upload.alignment.matches:
        told += ((match.row, finding) for finding in _row_changes(sheet, match, explained))
    told += _added(sheet)
    told.sort(key=lambda entry: entry[0])
    return (*(finding for _, finding in told), *_missing(sheet))


def _parts(form: Form, layout: Layout) -> tuple[str, ...]:
    """Return the title of the part that each issued row stands in."""
    titles = {bare(part.title): part.title for part in form.parts if part.title}
    homes = part_of(form)
    current, parts = "", []
    for row in layout.rows:
        path = next(iter(row.paths), "")
        steps = path.split(".")
        part = homes.get(".".join(steps[:2]) if steps[0] == "items" else steps[0])
        if part:
            current = part.title
        elif len(row.cells) == 1:
            current = titles.get(row.cells[0].label, current)
        parts.append(current)
    return tuple(parts)


def _place(sheet: _Sheet, row: Row | None, part: str) -> str:
    title = f"《{sheet.form.short_title}》"
    where = (row.where or f"{title}{f'第{row.page}页' if row.page else ''}") if row else title
    return f"{where} · {part}" if part else where


def _name_of(sheet: _Sheet, issued: LayoutRow) -> str:
    """Return the words that a row is known by: its first label, or the label of its answer."""
    if issued.labels:
        return issued.cells[issued.labels[0]].text
    path = next(iter(issued.paths), "").replace(ANY_ROW, "0")
    return label_at(sheet.form, path) if path else ""


def _address(cells: Sequence[Cell]) -> str:
    return cells[0].address if cells else ""


# ---- a row that was found -----------------------------------------------------------------------


def _row_changes(sheet: _Sheet, match: Match, explained: frozenset[str]) -> Iterator[Finding]:
    issued, row = sheet.layout.rows[match.issued], sheet.upload.rows[match.row]
    place = _place(sheet, row, sheet.parts[match.issued])
    if not issued.repeat:
        yield from _label_changes(issued, row, match, explained, place)
    if match.moved:
        said = ("所在的行换了位置,已按栏目读取", "its row was moved")
        at = Spot(place=place, anchor=_address(row.cells))
        yield layout_told("moved", _name_of(sheet, issued), at, said, "请移回原处", severity=Severity.CONFIRM)
    order = [index for index in match.cells if index >= 0]
    if order != sorted(order) and not issued.repeat:
        said = ("的各列换了次序,已按栏目读取", "its columns were exchanged")
        at = Spot(place=place, anchor=_address(row.cells))
        yield layout_told("columns", _name_of(sheet, issued), at, said, "请恢复原来的次序", severity=Severity.CONFIRM)
    if len(row.cells) != len(issued.cells) or -1 in match.cells:
        yield from _cell_changes(sheet, issued, row, match, place)


def _label_changes(
    issued: LayoutRow, row: Row, match: Match, explained: frozenset[str], place: str
) -> Iterator[Finding]:
    for index in issued.labels:
        cell = issued.cells[index]
        if match.cells[index] < 0:
            at = Spot(place=place, anchor=_address(row.cells))
            yield layout_told(
                "removed", brief(cell.text), at, ("被删除", "was removed"), "请恢复原来的栏目", want=cell.text
            )
            continue
        there = row.cells[match.cells[index]]
        if stands(cell, there.text) or there.address in explained:
            continue
        old, new = difference(cell.text, there.text.strip())
        said = f"被改成“{new}”" if new else "被删去"
        yield layout_told(
            "changed",
            old,
            Spot(place=place, anchor=there.address),
            (said, f"was changed to {new!r}"),
            "请改回原来的文字",
            got=there.text.strip(),
            want=cell.text,
        )


def _cell_changes(sheet: _Sheet, issued: LayoutRow, row: Row, match: Match, place: str) -> Iterator[Finding]:
    name = _name_of(sheet, issued)
    taken = set(match.cells)
    added = [cell for index, cell in enumerate(row.cells) if index not in taken and cell.text.strip()]
    at = Spot(place=place, anchor=_address(added or row.cells))
    if added:
        said = f"这一行多出“{brief('、'.join(cell.text.strip() for cell in added))}”"
        yield layout_told("cells", name, at, (said, "its row has cells that were not issued"), "请删去多出的格子")
    elif len(row.cells) != len(issued.cells):
        said = f"这一行应有 {len(issued.cells)} 格,现在是 {len(row.cells)} 格,已按栏目读取"
        yield layout_told(
            "cell-count",
            name,
            at,
            (said, f"its row has {len(row.cells)} cells instead of {len(issued.cells)}"),
            "请核对这一行的内容",
            got=" | ".join(cell.text.strip() for cell in row.cells),
            severity=Severity.CONFIRM,
        )


# ---- rows without a partner ---------------------------------------------------------------------


def _added(sheet: _Sheet) -> Iterator[tuple[int, Finding]]:
    """Yield what is said of rows that were not issued, with their number; many in a stretch are told at once."""
    extra = [number for number in sheet.upload.alignment.extra if not _is_passed_over(sheet, number)]
    silent = frozenset(sheet.upload.alignment.extra) - frozenset(extra)
    for run in runs(extra, silent.__contains__):
        if len(run) < MANY:
            yield from ((number, _added_row(sheet, number)) for number in run)
        else:
            yield run[0], _added_part(sheet, run)


def _is_passed_over(sheet: _Sheet, number: int) -> bool:
    """Return whether an uploaded row says nothing, or says again what is printed elsewhere."""
    row = sheet.upload.rows[number]
    repeats = (issued for issued in sheet.layout.rows if not issued.repeat and issued.labels)
    return not _text(row) or any(is_exact(issued, row) for issued in repeats)


def _text(row: Row) -> str:
    return " ".join(cell.text.strip() for cell in row.cells if cell.text.strip())


def _added_row(sheet: _Sheet, number: int) -> Finding:
    row = sheet.upload.rows[number]
    text, written = _text(row), [cell for cell in row.cells if cell.text.strip()]
    at = Spot(place=_place(sheet, row, _part_before(sheet, number)), anchor=_address(written))
    if row.in_table:
        said = ("是多出的一行", "is a row that was not issued")
        return layout_told("added", brief(text), at, said, "请删去这一行,内容填在原有栏目里", got=text)
    said = ("是表格以外的文字,没有读取", "is text outside the form and was not read")
    return layout_told("outside", brief(text), at, said, "需要保留的请填在栏目里", got=text, severity=Severity.CONFIRM)


def _added_part(sheet: _Sheet, run: Sequence[int]) -> Finding:
    first, last = (sheet.upload.rows[number] for number in (run[0], run[-1]))
    written = [cell for cell in first.cells if cell.text.strip()]
    at = Spot(place=_place(sheet, first, _part_before(sheet, run[0])), anchor=_address(written))
    said = (
        f"起到“{brief(_text(last))}”止,共 {len(run)} 行不是本表的内容,没有读取",
        f"begins {len(run)} rows that are none of the form's and were not read",
    )
    return layout_told(
        "added-part", brief(_text(first)), at, said, "请删去这些内容,需要保留的填在原有栏目里", got=_text(first)
    )


def _part_before(sheet: _Sheet, number: int) -> str:
    before = max((m for m in sheet.upload.alignment.matches if m.row < number), key=lambda m: m.row, default=None)
    return sheet.parts[before.issued] if before else ""


def _missing(sheet: _Sheet) -> Iterator[Finding]:
    """Yield what is said of issued rows that are not there; many in a stretch are told at once."""
    gone = sheet.upload.alignment.missing
    named = [number for number in gone if _name_of(sheet, sheet.layout.rows[number])]
    passed_over = frozenset(gone) | {number for number, row in enumerate(sheet.layout.rows) if row.repeat}
    for run in bridged(tuple(runs(named, passed_over.__contains__))):
        if len(run) < MANY:
            yield from (_missing_row(sheet, number) for number in run)
        else:
            yield _missing_part(sheet, run)


def _labels(sheet: _Sheet, number: int) -> str:
    issued = sheet.layout.rows[number]
    printed = (issued.cells[i].text for i in issued.labels if not issued.cells[i].paths)
    return "/".join(printed) or _name_of(sheet, issued)


def _missing_row(sheet: _Sheet, number: int) -> Finding:
    labels = _labels(sheet, number)
    said = ("所在的行被删除", "its row was removed")
    at = Spot(place=_place(sheet, None, sheet.parts[number]))
    return layout_told("row-removed", brief(labels), at, said, "请下载空表,恢复这一行", want=labels)


def _missing_part(sheet: _Sheet, run: Sequence[int]) -> Finding:
    titles = "、".join(f"“{title}”" for title in dict.fromkeys(sheet.parts[number] for number in run) if title)
    last = brief(_labels(sheet, run[-1]))
    said = (
        f"起到“{last}”止,共 {len(run)} 行不在文件里" + (f"(属于{titles})" if titles else ""),
        f"begins {len(run)} rows of the form that are missing",
    )
    remedy = "请从原来的文件里补上这一部分;没有原文件的,重新下载空表填写"
    at = Spot(place=_place(sheet, None, sheet.parts[run[0]]))
    return layout_told("part-removed", brief(_labels(sheet, run[0])), at, said, remedy, want=titles)
