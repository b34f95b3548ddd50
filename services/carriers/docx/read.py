"""Reading a completed Word form: every answer with its place, and what was changed in the printed text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from services.answers import label_at, place_at, rank, scalars
from services.carriers.align import align
from services.carriers.changes import changes
from services.carriers.container import Container, Element, open_container, parse_mended
from services.carriers.docx.grid import Grid, flatten, grid_of
from services.carriers.docx.identify import witnesses
from services.carriers.docx.mark_ours import may_be_listed, unlisted
from services.carriers.docx.paged import page_before, pages_of
from services.carriers.docx.parts import bare_text, main_part, related, relations
from services.carriers.docx.read_layout import layout_of, names_of
from services.carriers.docx.read_remarks import remarks
from services.carriers.docx.scan import scan
from services.carriers.layout import Layout
from services.carriers.reading import Reading, UnreadableError
from services.carriers.version import other_version
from services.carriers.votes import Upload, Vote, vote_findings, votes_of
from services.findings import Finding, Problem, Severity, found
from services.form import Form
from services.identity import Stamp
from services.kinds import Picture
from services.kinds.picture import media_type

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
    flat, root, mended = _flattened(container)
    grid = grid_of(flat, names_of(form))
    upload = Upload(
        rows=grid.rows,
        alignment=align(layout_of(form), grid.rows),
        boxes=grid.boxes,
        heals=_multiplies(container),
    )
    said = tuple(witnesses(container))
    votes = _paged(form, upload, sorted(votes_of(form, layout_of(form), upload), key=lambda v: _rank(form, v.path)))
    findings = (
        *_identity_findings(form, said),
        *other_version(form, _heading(container)),
        *remarks(form, container, root),
        *(_mended(form) if mended else ()),
        *_layout_findings(form, layout_of(form), upload, votes),
    )
    reading = _reading(form, container, grid, votes)
    stamp = said[0][1] if said else None
    return replace(reading, stamp=stamp, findings=(*findings, *reading.findings))


def _paged(form: Form, upload: Upload, votes: list[Vote]) -> list[Vote]:
    """Return the votes with the page each stands on: as the file says, else as far as the form as issued says."""
    rows = upload.alignment
    if any(row.page for row in upload.rows[:1]) or rows.extra or rows.missing or any(m.moved for m in rows.matches):
        return votes
    pages = pages_of(form, votes)
    return [vote._replace(page=pages.get(vote.printed, 0)) for vote in votes]


def _flattened(container: Container) -> tuple[Sequence[str], Element | None, bool]:
    """Return the document's flattened text, its tree when that was needed, and whether it had to be mended."""
    part = container.parts[main_part(container)]
    flat = None if may_be_listed(container) else scan(part)
    if flat is not None:
        return flat, None, False
    root, mended = parse_mended(part)
    unlisted(container, root)
    return flatten(root), root, mended


def _reading(form: Form, container: Container, grid: Grid, votes: Sequence[Vote]) -> Reading:
    """Return what the votes come to, with what is wrong with pictures."""
    shown_as_pictures = _picture_paths(form)
    texts = [vote for vote in votes if vote.path not in shown_as_pictures]
    pictures = dict(_pictures(form, container, grid, votes))
    return Reading(
        carrier=CARRIER,
        stamp=None,
        raw={vote.path: vote.text for vote in texts},
        pictures=pictures,
        places={vote.path: _place(form, vote.printed, vote.page) for vote in votes},
        anchors={vote.path: vote.address for vote in votes},
        sureness={vote.path: vote.sureness for vote in votes},
        witnesses={vote.path: vote.witnesses for vote in votes},
        findings=_unusable_pictures(form, grid, votes, pictures),
    )


def _layout_findings(form: Form, layout: Layout, upload: Upload, votes: Sequence[Vote]) -> Iterator[Finding]:
    explained = frozenset(vote.beside for vote in votes if vote.beside)
    for change in changes(form, layout, upload, explained):
        page = page_before(votes, change.anchor)
        title = f"《{form.short_title}》"
        yield replace(change, place=change.place.replace(f"{title} ", f"{title}第{page}页 ", 1)) if page else change
    yield from vote_findings(form, votes, lambda path, _address, page: _place(form, path, page))


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


# ---- pictures -----------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _picture_paths(form: Form) -> frozenset[str]:
    return frozenset(key for key, field in scalars(form).items() if isinstance(field.kind, Picture))


@lru_cache(maxsize=20_000)
def _place(form: Form, path: str, page: int) -> str:
    return place_at(form, path, page=page)


@lru_cache(maxsize=20_000)
def _rank(form: Form, path: str) -> tuple[int, int, int]:
    return rank(form, path)


def _pictures(form: Form, container: Container, grid: Grid, votes: Sequence[Vote]) -> Iterator[tuple[str, bytes]]:
    targets: Mapping[str, tuple[str, str]] = relations(container, main_part(container))
    for vote in votes:
        if vote.path in _picture_paths(form) and vote.address in grid.pictures:
            _, target = targets.get(grid.pictures[vote.address], ("", ""))
            data = container.media(target)
            if media_type(data):
                yield vote.path, data


def _unusable_pictures(
    form: Form, grid: Grid, votes: Sequence[Vote], pictures: Mapping[str, bytes]
) -> tuple[Finding, ...]:
    problem = Problem(
        rule="D07",
        code="picture.unreadable",
        severity=Severity.MUST_FIX,
        phrase="处的图片不是 jpg 或 png,没有读出来",
        phrase_en="holds a picture that is neither jpg nor png",
        want="jpg 或 png",
        remedy="请换成 jpg 或 png 照片",
    )
    return tuple(
        found(problem, field=vote.path, label=label_at(form, vote.path), place=place_at(form, vote.path))
        for vote in votes
        if vote.path in _picture_paths(form) and vote.address in grid.pictures and vote.path not in pictures
    )
