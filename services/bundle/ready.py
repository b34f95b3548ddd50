"""A packet typeset and filed, and how it is put together: the body, the leaves before it, manifest, cover, seal."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.bundle import assemble, front, marks
from services.bundle.archive import PACKET, pack_to
from services.bundle.assemble import Book
from services.bundle.chunks import (
    Chunk,
    Leaf,
    Press,
    leaves_of,
    pages_of,
    parts_of,
    presses,
    printed_chunks,
    typeset_chunk,
)
from services.bundle.closing import Closing, close
from services.bundle.completeness import missing
from services.bundle.embedding import embed
from services.bundle.filed import Filed, entries_of, filed, manifest_of
from services.bundle.front import Front
from services.bundle.inputs import Desk
from services.bundle.manifest import as_json, dump
from services.bundle.plan import Planned, Shelf, plan
from services.bundle.seal import seal_file
from services.bundle.source import Room
from services.bundle.verifier import VERIFIER, page
from services.bundle.whole import Options, Whole
from services.findings import Finding
from services.recipe import MANIFEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """Everything typeset and filed, ready to be put together."""

    whole: Whole
    desk: Desk
    planned: tuple[Planned, ...]
    chunks: tuple[Chunk, ...]
    pages: Mapping[str, tuple[int, int]]
    filed: Mapping[str, Filed]
    press: Press

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found while typesetting."""
        return tuple(finding for chunk in self.chunks for finding in chunk.findings)


@contextmanager
def ready(whole: Whole, desk: Desk, options: Options) -> Generator[Ready]:
    """Give out every piece typeset: the first leaves twice, since how many they are must be known first."""
    planned = plan(Shelf(recipe=whole.recipe, gathered=whole.gathered, unit=whole.unit, made=whole.made))
    title = f"{whole.recipe.title} {whole.unit.name}"
    first = Front(
        recipe=whole.recipe,
        unit=whole.unit,
        planned=planned,
        gathered=whole.gathered,
        missing=missing(whole.recipe, whole.gathered),
    )
    leaves = tuple(leaves_of(planned))
    with presses(leaves) as run:
        press = Press(title=title, secret=desk.settings.secret, room=desk.room, progress=options.progress, run=run)
        before = _front(first, {}, press)
        body = tuple(printed_chunks(leaves, before.last_page + 1, press))
        pages = pages_of((before, *body))
        yield Ready(
            whole=whole,
            desk=desk,
            planned=planned,
            chunks=(_front(first, pages, press), *body),
            pages=pages,
            filed=filed(planned, desk.room),
            press=press,
        )


def _front(first: Front, pages: Mapping[str, tuple[int, int]], press: Press) -> Chunk:
    own = first.unit.agency_code
    codes = {"contents": f"{own}-目录", "checklist": f"{own}-清单"}
    leaves = [Leaf(key=p.key, code=codes.get(p.key, ""), printed=p) for p in front.leaves(first, pages)]
    return typeset_chunk(leaves, 1, press)


def write_pdf(made: Ready, path: Path) -> Mapping[str, Any]:
    """Write the packet's PDF to `path`; return its manifest."""
    with path.open("wb") as file:
        book = assemble.begun(file, made.chunks[-1].last_page)
        assemble.append(book, made.chunks, made.planned)
        entries = tuple(entries_of(made.planned, made.pages, made.filed, book.digests))
        manifest = as_json(manifest_of(made.whole, entries))
        close(book, ending(made, book, manifest, _marks(made)))
    seal_file(path)
    return manifest


def ending(made: Ready, book: Book, manifest: Mapping[str, Any], bookmarks: tuple[marks.Mark, ...]) -> Closing:
    """Write the files of a book, the manifest among them, and typeset its cover; return what it ends with."""
    room = made.desk.room
    page = front.cover(made.whole.recipe, made.whole.unit, manifest)
    return Closing(
        cover=typeset_chunk([Leaf(key=page.key, code="", printed=page)], 1, made.press).path,
        conformance=str(manifest["conformance"]["level"]),
        marks=bookmarks,
        files=embed(book.out, [*files_of(made), (MANIFEST, room.keep(dump(manifest)))], room),
    )


def _marks(made: Ready) -> tuple[marks.Mark, ...]:
    parts = parts_of(made.chunks)
    own = [
        marks.Mark(title=title, page=made.pages[key][0])
        for key, title in (("cover", "封面"), ("contents", "目录"), ("checklist", "材料清单"))
    ]
    recipe = made.whole.recipe
    stations = marks.by_station(made.planned, made.pages, parts) if recipe.is_of_many and not recipe.by_station else ()
    return (*own, *marks.marks_of(made.planned, made.pages, parts), *stations)


def files_of(made: Ready) -> list[tuple[str, Path]]:
    """Return every embedded file but the manifest: originals, records, and what the service made beside the pages."""
    return [file for entry in made.filed.values() for file in entry.files] + [
        (extra.name, extra.path) for extra in made.whole.extras
    ]


def write_zip(
    files: Iterable[tuple[str, Path]], manifest: Mapping[str, Any], room: Room, targets: tuple[Path, Path]
) -> None:
    """Write the zip of the PDF at the first of `targets`, its manifest, files and checking page to the second."""
    pdf, path = targets
    pack_to(path, [(PACKET, pdf), (MANIFEST, room.keep(dump(manifest))), *files, (VERIFIER, room.keep(page()))])
    seal_file(path)


@contextmanager
def appearing(pdf: Path, archive: Path | None) -> Generator[tuple[Path, Path | None]]:
    """Give places to write to; what stands there appears under the right names at the end, or not at all."""
    targets = [target for target in (pdf, archive) if target]
    for target in targets:
        target.parent.mkdir(parents=True, exist_ok=True)
    parts = [target.with_name(f".{target.name}.{os.getpid()}.part") for target in targets]
    try:
        yield parts[0], parts[1] if archive else None
        for part, target in zip(parts, targets, strict=True):
            part.replace(target)
    finally:
        for part in parts:
            part.unlink(missing_ok=True)
