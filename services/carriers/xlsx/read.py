"""Reading a completed workbook: every answer with its cell, and what was changed in the printed text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from services.answers import field_at, label_at, rank, scalars
from services.carriers.align import align
from services.carriers.changes import changes
from services.carriers.reading import Reading
from services.carriers.votes import Upload, Vote, vote_findings, votes_of
from services.carriers.witness import NAME
from services.carriers.xlsx.address import cell_name, place_of
from services.carriers.xlsx.book import META
from services.carriers.xlsx.faults import KEPT, is_list
from services.carriers.xlsx.identify import witnesses
from services.carriers.xlsx.issued import issued, layout_of
from services.carriers.xlsx.opened import Opened, open_workbook
from services.carriers.xlsx.pictures import pictures
from services.carriers.xlsx.remarks import remarks
from services.carriers.xlsx.shaped import Shaped, homes_of, shaped_rows
from services.carriers.xlsx.straight import EXACT_BELOW, Answers, straight
from services.findings import Finding, Problem, Severity, found
from services.form import Form
from services.identity import Stamp
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
    answers = straight(form, opened)
    aligned = None if answers is not None else _aligned(form, opened)
    told = answers or (aligned.answers if aligned else Answers())
    kept, unusable = pictures(form, opened, told.anchors)
    sheets = (*opened.unseen.items(), *opened.shown.items())
    stamps = tuple(witnesses(opened.container.parts, ((name, sheet.top) for name, sheet in sheets)))
    raw = told.raw
    for path in _picture_paths(form):
        raw.pop(path, None)
    return Reading(
        carrier=CARRIER,
        stamp=stamps[0][1] if stamps else None,
        raw=raw,
        pictures=kept,
        places={**{key: place_of(anchor) for key, anchor in told.groups.items()}, **told.places},
        anchors={**told.groups, **told.anchors},
        sureness=told.sureness,
        witnesses=told.witnesses,
        findings=(
            *_identity_findings(form, stamps),
            *_extra_sheets(form, opened),
            *remarks(form, opened),
            *(aligned.findings if aligned else ()),
            *(_lost_digits(form, told, path) for path in told.rounded),
            *unusable,
        ),
    )


@lru_cache(maxsize=64)
def _picture_paths(form: Form) -> tuple[str, ...]:
    return tuple(key for key, field in scalars(form).items() if isinstance(field.kind, Picture))


# ---- by alignment -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Aligned:
    """What the aligner and the votes made of a workbook."""

    answers: Answers
    findings: tuple[Finding, ...]


def _aligned(form: Form, opened: Opened) -> _Aligned:
    layout, shaped = layout_of(form), shaped_rows(form, opened)
    rows = tuple(one.row for one in shaped)
    upload = Upload(rows=rows, alignment=align(layout, rows), claimed_by=NAME)
    votes = sorted(votes_of(form, layout, upload), key=lambda vote: rank(form, vote.path))
    explained = frozenset(vote.beside for vote in votes if vote.beside)
    answers = Answers(
        raw={vote.path: vote.text for vote in votes},
        anchors={vote.path: vote.address for vote in votes},
        places={vote.path: place_of(vote.address) for vote in votes},
        sureness={vote.path: vote.sureness for vote in votes},
        witnesses={vote.path: vote.witnesses for vote in votes},
        groups=_groups(shaped, votes),
        rounded=list(_rounded(form, opened, votes)),
    )
    return _Aligned(
        answers=answers,
        findings=(
            *(_pinned(finding, shaped) for finding in changes(form, layout, upload, explained)),
            *vote_findings(form, votes, lambda _path, address, _page: place_of(address)),
            *_stale(form, shaped),
        ),
    )


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


def _stale(form: Form, shaped: Sequence[Shaped]) -> Iterator[Finding]:
    """Yield what is said of names that stayed behind when rows were inserted."""
    names = [path for one in shaped for path in one.stale]
    if names:
        problem = Problem(
            rule="D06",
            code="names.stale",
            severity=Severity.NOTE,
            phrase=f"有 {len(names)} 个单元格名称不在原来的格子上(可能插入过行),已按栏目名称读取",
            phrase_en=f"{len(names)} defined names point at other cells; read by the labels",
            got=f"{len(names)} 个",
        )
        yield found(problem, field="", label="", place=f"《{form.short_title}》")


# ---- the file as a whole ------------------------------------------------------------------------


def _extra_sheets(form: Form, opened: Opened) -> Iterator[Finding]:
    """Yield the sheets with something in them that are none of the form's: they were not read."""
    ours = {META, KEPT, *(sheet.name for sheet in issued(form))}
    others = {name: sheet for name, sheet in opened.shown.items() if name not in ours and sheet.cells}
    homes = homes_of(form, opened) if others else {}
    for name, sheet in others.items():
        if name not in homes and not is_list(sheet):
            problem = Problem(
                rule="D02",
                code="sheet.extra",
                severity=Severity.CONFIRM,
                phrase=f"工作表“{name}”不是本表的,没有读取",
                phrase_en=f"sheet {name!r} is none of the form's and was not read",
                got=name,
                remedy="需要保留的内容请填到本表的工作表里",
            )
            yield found(problem, field="", label="", place=f"工作表“{name}” A1")


def _identity_findings(form: Form, said: Sequence[tuple[str, Stamp]]) -> Iterator[Finding]:
    others = [(place, stamp) for place, stamp in said[1:] if stamp.token != said[0][1].token]
    if not others:
        return
    first, other = said[0], others[0]
    problem = Problem(
        rule="D01",
        code="identity.differs",
        severity=Severity.CONFIRM,
        phrase=f"{first[0]}里的编号是“{first[1].token}”,{other[0]}里是“{other[1].token}”,两处不一致",
        phrase_en=f"the identities {first[1].token} and {other[1].token} differ",
        got=other[1].token,
        want=first[1].token,
        remedy="请核对表里的内容是否都出自同一份表",
    )
    yield found(problem, field="", label="", place=f"《{form.short_title}》")


def _lost_digits(form: Form, answers: Answers, path: str) -> Finding:
    text = answers.raw.get(path, "")
    problem = Problem(
        rule="N01",
        code="code.rounded",
        severity=Severity.MUST_FIX,
        phrase=f"被 Excel 当作数字,第 16 位以后变成了 0,现在是“{text}”",
        phrase_en=f"was turned into a number by Excel and lost its last digits, is {text!r}",
        got=text,
        want="文字格式的号码",
        remedy="请把这一格设为文本格式后重新填写",
    )
    return found(problem, field=path, label=label_at(form, path), place=place_of(answers.anchors[path]))


def _big_numbers(grids: Mapping[str, Sequence[Sequence[object]]]) -> Iterator[str]:
    for sheet, grid in grids.items():
        for row, values in enumerate(grid):
            for col, value in enumerate(values):
                if value.__class__ is float and isinstance(value, float) and value >= EXACT_BELOW:
                    yield f"{sheet}!{cell_name(row, col)}"
