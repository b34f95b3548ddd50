"""Reading a completed workbook: every answer with its cell, and what was changed in the printed text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from services.answers import field_at, rank, scalars
from services.carriers.align import align
from services.carriers.changes import changes
from services.carriers.identity_said import identity_findings
from services.carriers.reading import Reading
from services.carriers.version import other_version
from services.carriers.votes import Upload, Vote, vote_findings, votes_of
from services.carriers.witness import NAME
from services.carriers.xlsx.address import cell_name, place_of
from services.carriers.xlsx.boxes import Box, boxes_on, by_cell, left_over
from services.carriers.xlsx.homes import homes_of
from services.carriers.xlsx.identify import witnesses
from services.carriers.xlsx.issued import issued, layout_of, sheet_of_rows
from services.carriers.xlsx.opened import Opened, open_workbook
from services.carriers.xlsx.pictures import pictures
from services.carriers.xlsx.remarks import remarks
from services.carriers.xlsx.shaped import Shaped, shaped_rows
from services.carriers.xlsx.sheets_said import extra_sheets, hidden_sheets, missing_sheets, moved_columns, stale_names
from services.carriers.xlsx.straight import EXACT_BELOW, Answers, straight
from services.carriers.xlsx.values_said import computed, value_findings
from services.findings import Finding
from services.form import Form
from services.kinds import Code, Picture

CARRIER = "xlsx"


def read(form: Form, data: bytes) -> Reading:
    """Return what stands in a completed workbook.

    Labels, names and places are compared; what is as issued is read straight, the rest is aligned.

    Raises:
        UnreadableError: it is not a workbook, or nothing in it can be read.
    """
    return read_opened(form, open_workbook(data))


def read_opened(form: Form, opened: Opened) -> Reading:
    """Return the reading of an opened workbook."""
    boxes = boxes_on(opened)
    answers = None if boxes else straight(form, opened)
    aligned = None if answers is not None else _aligned(form, opened, boxes)
    told = answers or (aligned.answers if aligned else Answers())
    kept, unusable = pictures(form, opened, told.anchors)
    sheets = (*opened.unseen.items(), *opened.shown.items())
    stamps = tuple(witnesses(opened.container.parts, ((name, sheet.top) for name, sheet in sheets)))
    raw, unsaved = told.raw, computed(form, opened, told)
    for path in _picture_paths(form):
        raw.pop(path, None)
    return Reading(
        carrier=CARRIER,
        stamp=stamps[0][1] if stamps else None,
        raw=raw,
        pictures=kept,
        places=told.places,
        anchors=told.anchors,
        sureness=told.sureness,
        witnesses=told.witnesses,
        findings=(
            *identity_findings(form, stamps),
            *other_version(form, _headings(opened)),
            *extra_sheets(form, opened),
            *hidden_sheets(form, opened),
            *remarks(form, opened),
            *(aligned.findings if aligned else ()),
            *value_findings(form, told, unsaved),
            *unusable,
        ),
    )


@lru_cache(maxsize=64)
def _picture_paths(form: Form) -> tuple[str, ...]:
    return tuple(key for key, field in scalars(form).items() if isinstance(field.kind, Picture))


def _headings(opened: Opened) -> str:
    """Return the lines at the top of the sheets: form, version and region."""
    return " ".join(dict.fromkeys(str(sheet.cells.get(b"A1", "")) for sheet in opened.shown.values()))


# ---- by alignment -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Aligned:
    """What the aligner and the votes made of a workbook."""

    answers: Answers
    findings: tuple[Finding, ...]


def _aligned(form: Form, opened: Opened, boxes: Sequence[Box]) -> _Aligned:
    layout, shaped = layout_of(form), shaped_rows(form, opened)
    rows = tuple(one.row for one in shaped)
    upload = Upload(rows=rows, alignment=align(layout, rows), boxes=by_cell(boxes), claimed_by=NAME)
    gone = _missing_sheets(form, opened)
    votes = sorted(votes_of(form, layout, upload), key=lambda vote: rank(form, vote.path))
    explained = frozenset(vote.beside for vote in votes if vote.beside)
    anchors = _groups(shaped, votes) | {vote.path: vote.address for vote in votes}
    answers = Answers(
        raw={vote.path: vote.text for vote in votes},
        anchors=anchors,
        places={path: place_of(anchor) for path, anchor in anchors.items()},
        sureness={vote.path: vote.sureness for vote in votes},
        witnesses={vote.path: vote.witnesses for vote in votes},
        rounded=tuple(_rounded(form, opened, votes)),
    )
    return _Aligned(
        answers=answers,
        findings=(
            *missing_sheets(form, gone),
            *_changes(form, upload, shaped, (explained, gone)),
            *vote_findings(form, votes, lambda _path, address, _page: place_of(address)),
            *moved_columns(shaped),
            *stale_names(form, shaped),
            *left_over(boxes, votes),
        ),
    )


def _missing_sheets(form: Form, opened: Opened) -> frozenset[str]:
    there = {home.name for home in homes_of(form, opened).values()}
    return frozenset(sheet.name for sheet in issued(form) if sheet.name not in there)


def _changes(
    form: Form, upload: Upload, shaped: Sequence[Shaped], told: tuple[frozenset[str], frozenset[str]]
) -> Iterator[Finding]:
    """Yield what was changed on the sheets that are there; `told` elsewhere are label cells and missing sheets."""
    explained, gone = told
    missing = tuple(n for n in upload.alignment.missing if sheet_of_rows(form)[n] not in gone)
    there = replace(upload, alignment=replace(upload.alignment, missing=missing))
    bodies = {one.row.where for one in shaped if one.like and one.like.schedule}
    for finding in changes(form, layout_of(form), there, explained):
        # A column that was deleted is told at the head of its table, not again at each of the rows.
        if finding.code != "layout.cell-count" or finding.place.partition(" · ")[0] not in bodies:
            yield _pinned(finding, shaped)


def _pinned(finding: Finding, shaped: Sequence[Shaped]) -> Finding:
    """Return a change with the cell that it stands in where the row alone is told: 工作表“评分” D5 · 三、评估评分."""
    for one in shaped:
        if finding.got and finding.place.startswith(f"{one.row.where} ·"):
            for cell in one.row.cells:
                if cell.text.strip() == finding.got:
                    return replace(finding, place=finding.place.replace(one.row.where, place_of(cell.address), 1))
    return finding


def _groups(shaped: Sequence[Shaped], votes: Sequence[Vote]) -> dict[str, str]:
    """Return the first cell of each row and item, and of the head of each table."""
    found: dict[str, str] = {}
    for vote in votes:
        if "." in vote.path:
            found.setdefault(vote.path.rpartition(".")[0], vote.address)
    heads = ((one.like.head_of, one) for one in shaped if one.like and one.like.head_of)
    return found | {key: f"{one.sheet}!{cell_name(one.at, 0)}" for key, one in heads}


def _rounded(form: Form, opened: Opened, votes: Sequence[Vote]) -> Iterator[str]:
    """Yield the codes that stand in a cell with a number too long for Excel."""
    big = frozenset(_big_numbers(opened.grids))
    for vote in votes if big else ():
        if vote.address in big and isinstance(field_at(form, vote.path).kind, Code):
            yield vote.path


# ---- the file as a whole ------------------------------------------------------------------------


def _big_numbers(grids: Mapping[str, Sequence[Sequence[object]]]) -> Iterator[str]:
    for sheet, grid in grids.items():
        for row, values in enumerate(grid):
            for col, value in enumerate(values):
                if value.__class__ is float and isinstance(value, float) and value >= EXACT_BELOW:
                    yield f"{sheet}!{cell_name(row, col)}"
