"""Typesetting of many pieces: chunk by chunk, each in a process that ends, so that memory stays bounded.

Typst keeps what it has laid out as long as its process lives; chunks of about 150 pages, each in a process of
its own, take the same memory for 40 pages as for 40,000.
"""

from __future__ import annotations

import json
import string
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from services.bundle.apart import Run, apart, here
from services.bundle.inputs import FormInput, read_record
from services.bundle.plan import Planned
from services.bundle.source import Progress, Room, silent
from services.catalogue import concrete
from services.findings import Finding
from services.identity import stamp
from services.paper.coverage import uncovered
from services.paper.typeset import SOURCES, Binding, Typeset, continued, sheet, typeset
from services.paper.typeset import Piece as Printed
from services.survey.printed import parted, rows_of

PAGES_AT_ONCE = 150
"""About so many pages are laid out in one compile; a few more when one piece alone has them."""
FORM_PAGES = 24
"""What a form is taken for before it is laid out; a shorter one only makes its chunk smaller."""
ROWS_A_PAGE = 13
FEW_PAGES = 200
"""So few are laid out here, in one compile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One piece to be typeset: a form by its record's place, or what is printed; one that goes on with piece `of`."""

    key: str
    code: str
    of: str = ""
    form: tuple[str, str, str] = ("", "", "")
    kept: Path | None = None
    printed: Printed | None = None

    @property
    def pages(self) -> int:
        """About how many pages it takes."""
        if self.printed is None:
            return FORM_PAGES
        return max(1, len(self.printed.data.get("lying", ())), len(rows_of(self.printed)) // ROWS_A_PAGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Pieces laid out in one PDF; pages as they are numbered in the packet. The first `lead` are not of them."""

    path: Path
    first_page: int
    count: int
    pages: Mapping[str, tuple[int, int]]
    parts: Mapping[str, tuple[tuple[str, int], ...]]
    findings: tuple[Finding, ...] = ()
    lead: int = 0

    @property
    def last_page(self) -> int:
        """The number of its last page."""
        return self.first_page + self.count - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """How pieces are typeset: the title, the key that signs identities, where chunks are put, who is told.

    `run` is what calls the typesetter. `letters` are those of the whole packet, by which chunks come to the same fonts.
    """

    title: str
    letters: str = ""
    secret: bytes
    room: Room
    progress: Progress = silent
    run: Run = here


def leaves_of(planned: Iterable[Planned]) -> Iterator[Leaf]:
    """Yield what is typeset of planned pieces; a table of very many rows goes on in further leaves."""
    for entry in planned:
        given = entry.given
        if isinstance(given, FormInput):
            edition = given.form.edition.id if given.form.edition else ""
            form = (given.form.id, edition, given.form.region)
            yield Leaf(key=entry.key, code=entry.code, form=form, kept=given.kept)
        elif entry.printed:
            first, *more = parted(entry.printed)
            yield Leaf(key=entry.key, code=entry.code, printed=first)
            yield from (Leaf(key=one.key, code=entry.code, printed=one, of=entry.key) for one in more)


def pages_of(chunks: Iterable[Chunk]) -> dict[str, tuple[int, int]]:
    """Return the first and the last page of every piece, wherever it begins and goes on."""
    pages: dict[str, tuple[int, int]] = {}
    for chunk in chunks:
        for key, (first, last) in chunk.pages.items():
            pages[key] = pages.get(key, (first, last))[0], last
    return pages


def parts_of(chunks: Iterable[Chunk]) -> dict[str, tuple[tuple[str, int], ...]]:
    """Return title and page of every part of every piece."""
    parts: dict[str, tuple[tuple[str, int], ...]] = {}
    for chunk in chunks:
        for key, found in chunk.parts.items():
            parts[key] = (*parts.get(key, ()), *found)
    return parts


@contextmanager
def presses(leaves: Sequence[Leaf]) -> Generator[Run]:
    """Give out what typesets these leaves: this process when they are few, else a new one for each chunk."""
    if _are_few(leaves):
        yield here
    else:
        with apart(_open_faces) as run:
            yield run


def _are_few(leaves: Sequence[Leaf]) -> bool:
    return sum(leaf.pages for leaf in leaves) <= FEW_PAGES and not any(leaf.of for leaf in leaves)


def _open_faces() -> None:
    """Open every font once, by asking for a letter that none has: else each chunk opens them anew."""
    uncovered("\ue000")


def printed_chunks(leaves: Sequence[Leaf], first_page: int, press: Press) -> Iterator[Chunk]:
    """Yield the pieces as PDFs, pages numbered through from `first_page`."""
    if _are_few(leaves):
        yield typeset_chunk(leaves, first_page, press)
        return
    done = 0
    begun: dict[str, int] = {}
    lettered = replace(press, letters=press.run(letters_of, leaves, press.secret))
    for batch in _batches(leaves):
        behind = first_page - begun.get(batch[0].of, first_page)
        chunk = typeset_chunk(batch, first_page, lettered, behind)
        done += len(batch)
        press.progress("排版", done, len(leaves))
        yield chunk
        begun = {key: first for key, (first, _) in chunk.pages.items()} | begun
        first_page = chunk.last_page + 1


def _batches(leaves: Sequence[Leaf]) -> Iterator[tuple[Leaf, ...]]:
    """Yield what is laid out at once; where a table goes on, its pages so far must be known."""
    batch: list[Leaf] = []
    for leaf in leaves:
        if batch and (leaf.of or sum(held.pages for held in batch) + leaf.pages > PAGES_AT_ONCE):
            yield tuple(batch)
            batch = []
        batch.append(leaf)
    if batch:
        yield tuple(batch)


def typeset_chunk(leaves: Sequence[Leaf], first_page: int, press: Press, behind: int = 0) -> Chunk:
    """Return pieces typeset in one compile, their PDF in the room; `behind` pages of the first one are in others."""
    chunk: Chunk = press.run(_typeset_chunk, leaves, first_page, replace(press, progress=silent, run=here), behind)
    return chunk


def _typeset_chunk(leaves: Sequence[Leaf], first_page: int, press: Press, behind: int) -> Chunk:
    pieces = [leaf.printed or _sheet(leaf, press.secret) for leaf in leaves]
    codes = {leaf.key: leaf.code for leaf in leaves}
    made = typeset(
        pieces,
        title=press.title,
        first_page=first_page,
        binding=Binding(codes=codes, before={leaves[0].key: behind}, tagged=False, letters=press.letters),
    )
    before, whole = first_page - 1, {leaf.key: leaf.of or leaf.key for leaf in leaves}
    return Chunk(
        path=press.room.keep(made.pdf, _free(press.room, first_page)),
        first_page=first_page,
        count=made.count,
        pages={whole[key]: (first + before, last + before) for key, (first, last) in made.pages.items()},
        parts={whole[key]: tuple((title, page + before) for title, page in found) for key, found in made.parts.items()},
        findings=tuple(_findings(leaves, pieces, made)),
        lead=made.lead,
    )


def letters_of(leaves: Sequence[Leaf], secret: bytes) -> str:
    """Return every letter that is printed of pieces, in the order of their codes.

    Forms print their records' texts and what one of each form prints beside; one letter that is missed
    only keeps a chunk from sharing a font.
    """
    found = set(string.printable)
    seen: set[tuple[str, str, str]] = set()
    for leaf in leaves:
        if leaf.kept:
            found |= set(leaf.kept.read_text(encoding="utf-8"))
        if leaf.printed or leaf.form not in seen:
            seen.add(leaf.form)
            found |= set(json.dumps(dict((leaf.printed or _sheet(leaf, secret)).data), ensure_ascii=False))
    for source in SOURCES.glob("*.typ"):
        found |= set(source.read_text(encoding="utf-8"))
    shown = (letter for letter in found if (letter.isprintable() or letter == "\u3000") and not uncovered(letter))
    return "".join(sorted(shown))


def _findings(leaves: Sequence[Leaf], pieces: Sequence[Printed], made: Typeset) -> Iterator[Finding]:
    for leaf, piece in zip(leaves, pieces, strict=True):
        yield from piece.findings
        if leaf.kept:
            yield from continued(concrete(*leaf.form), made, leaf.key)


def _sheet(leaf: Leaf, secret: bytes) -> Printed:
    """Return a form ready to be typeset, from its record in the room."""
    form = concrete(*leaf.form)
    record = read_record(form, leaf.kept or Path())
    return sheet(form, record, stamp(form, record, secret), key=leaf.key)


def _free(room: Room, first_page: int) -> str:
    """Return a name that no chunk has yet."""
    names = (f"chunk-{first_page}-{number}.pdf" for number in count())
    return next(name for name in names if not (room.folder / name).exists())
