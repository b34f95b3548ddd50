"""Reading a completed Word form: every answer with its place, and what was changed in the printed text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from services.answers import place_at, rank
from services.carriers.align import align
from services.carriers.changes import changes
from services.carriers.container import Container, Element, open_container, parse_mended
from services.carriers.docx.circled import spell_out
from services.carriers.docx.grid import Grid, flatten, grid_of
from services.carriers.docx.identify import witnesses
from services.carriers.docx.mark_ours import may_be_listed, unlisted
from services.carriers.docx.paged import pages_before, pages_of
from services.carriers.docx.parts import bare_text, main_part, related
from services.carriers.docx.read_beside import left_over, questioned
from services.carriers.docx.read_layout import layout_of, names_of
from services.carriers.docx.read_pictures import photographs, picture_paths
from services.carriers.docx.read_remarks import remarks
from services.carriers.docx.scan import scan
from services.carriers.docx.straight import straight
from services.carriers.identity_said import identity_findings
from services.carriers.reading import Reading, UnreadableError
from services.carriers.version import other_version
from services.carriers.votes import Upload, Vote, vote_findings, votes_of
from services.carriers.witness import AGREED, DOUBTFUL
from services.findings import Finding, Problem, Severity, found
from services.form import Form

CARRIER = "docx"
_OLD_OFFICE = re.compile(rb"<Application>LibreOffice/(\d+)\.(\d+)")
_MULTIPLIES_UP_TO = (7, 4)


def read(form: Form, data: bytes) -> Reading:
    """Return what stands in a completed Word form, aligned with the form as issued.

    Raises:
        UnreadableError: it is not a Word file, or nothing in it can be read.
    """
    container = open_container(data)
    if container.kind != CARRIER:
        raise UnreadableError("not-word", "这不是 Word(.docx)文件。", "not a Word (.docx) file")
    said = tuple(witnesses(container))
    reading = _as_issued(form, container) or _aligned(form, container)
    findings = (
        *identity_findings(form, said),
        *other_version(form, _heading(container)),
        *reading.findings,
    )
    return replace(reading, stamp=said[0][1] if said else None, findings=findings)


# ---- a file that is as issued -------------------------------------------------------------------


def _as_issued(form: Form, container: Container) -> Reading | None:
    """Return what stands in a file whose XML is the issued one, None for every other."""
    if may_be_listed(container) or _multiplies(container):
        return None
    answers = straight(form, container.parts[main_part(container)])
    if answers is None:
        return None
    pages = pages_of(form, answers.printed, answers.texts)
    shown_as_pictures = picture_paths(form)
    photos = photographs(form, container, answers.pictures, answers.votes(shown_as_pictures))
    sureness = dict.fromkeys(answers.paths, AGREED)
    return Reading(
        carrier=CARRIER,
        stamp=None,
        raw=answers.all_but(shown_as_pictures),
        pictures=photos.pictures,
        places={
            path: _place(form, printed, pages.get(printed, 0))
            for path, printed in zip(answers.paths, answers.printed, strict=True)
        },
        anchors=dict(zip(answers.paths, answers.addresses, strict=True)),
        sureness=sureness | {photos.fetched: DOUBTFUL} if photos.fetched else sureness,
        witnesses=dict(zip(answers.paths, answers.witnesses, strict=True)),
        findings=(*remarks(form, container, None), *photos.findings),
    )


# ---- every other file ---------------------------------------------------------------------------


def _aligned(form: Form, container: Container) -> Reading:
    """Return what stands in a file whose rows and cells have to be found."""
    flat, root, mended = _flattened(container)
    grid = grid_of(flat, names_of(form))
    upload = Upload(
        rows=grid.rows,
        alignment=align(layout_of(form), grid.rows),
        boxes=grid.boxes,
        heals=_multiplies(container),
    )
    heard: Sequence[Vote] = votes_of(form, layout_of(form), upload)
    if not upload.alignment.straight:
        heard = sorted(heard, key=lambda vote: _rank(form, vote.path))
    votes, pages = questioned(grid, heard), _pages(form, upload, heard)
    findings = (
        *remarks(form, container, root),
        *(_mended(form) if mended else ()),
        *_layout_findings(form, upload, votes, pages),
        *left_over(form, grid, votes),
    )
    reading = _reading(form, container, grid, (votes, pages))
    return replace(reading, findings=(*findings, *reading.findings))


def _pages(form: Form, upload: Upload, votes: Sequence[Vote]) -> Mapping[str, int]:
    """Return the page of each printed path as far as the form as issued says, where the file itself does not."""
    rows = upload.alignment
    if any(row.page for row in upload.rows[:1]) or rows.extra or rows.missing or any(m.moved for m in rows.matches):
        return {}
    return pages_of(form, [vote.printed for vote in votes], [vote.text for vote in votes])


def _flattened(container: Container) -> tuple[Sequence[str], Element | None, bool]:
    """Return the document's flattened text, its tree when that was needed, and whether it had to be mended."""
    part = container.parts[main_part(container)]
    flat = None if may_be_listed(container) else scan(part)
    if flat is not None:
        return flat, None, False
    root, mended = parse_mended(part)
    unlisted(container, root)
    if b"instrText" in part:
        spell_out(root)
    return flatten(root), root, mended


def _reading(form: Form, container: Container, grid: Grid, told: tuple[Sequence[Vote], Mapping[str, int]]) -> Reading:
    """Return what votes and pages come to, with what is wrong with pictures."""
    votes, pages = told
    shown_as_pictures = picture_paths(form)
    photos = photographs(form, container, grid.pictures, votes)
    sureness = {vote.path: vote.sureness for vote in votes}
    return Reading(
        carrier=CARRIER,
        stamp=None,
        raw={vote.path: vote.text for vote in votes if vote.path not in shown_as_pictures},
        pictures=photos.pictures,
        places={vote.path: _place(form, vote.printed, pages.get(vote.printed, vote.page)) for vote in votes},
        anchors={vote.path: vote.address for vote in votes},
        sureness=sureness | {photos.fetched: DOUBTFUL} if photos.fetched else sureness,
        witnesses={vote.path: vote.witnesses for vote in votes},
        findings=photos.findings,
    )


def _layout_findings(form: Form, upload: Upload, votes: Sequence[Vote], pages: Mapping[str, int]) -> Iterator[Finding]:
    explained = frozenset(vote.beside for vote in votes if vote.beside)
    title = f"《{form.short_title}》"
    page_before = pages_before(votes, pages)
    for change in changes(form, layout_of(form), upload, explained):
        page = page_before(change.anchor)
        yield replace(change, place=change.place.replace(f"{title} ", f"{title}第{page}页 ", 1)) if page else change
    yield from vote_findings(form, votes, lambda path, _address, page: _place(form, path, pages.get(path, page)))


# ---- the file as a whole ------------------------------------------------------------------------


def _multiplies(container: Container) -> bool:
    """Return whether the file was saved by a LibreOffice that writes Chinese text in old fields several times."""
    match = _OLD_OFFICE.search(container.parts.get("docProps/app.xml", b""))
    return bool(match) and (int(match[1]), int(match[2])) <= _MULTIPLIES_UP_TO


def _heading(container: Container) -> str:
    return " ".join(bare_text(container.parts[name]) for name in related(container, "header"))


def _mended(form: Form) -> Iterator[Finding]:
    problem = Problem(
        rule="D05",
        code="read.mended",
        severity=Severity.CONFIRM,
        phrase="文件保存时有损坏,已尽量读取",
        phrase_en="the file was saved damaged and mended as far as possible",
        remedy="请逐项核对读出的内容",
    )
    yield found(problem, field="", label="", place=f"《{form.short_title}》")


@lru_cache(maxsize=20_000)
def _place(form: Form, path: str, page: int) -> str:
    return place_at(form, path, page=page)


@lru_cache(maxsize=20_000)
def _rank(form: Form, path: str) -> tuple[int, int, int]:
    return rank(form, path)
