"""Binding: forms typeset from their checked records, attachments, what the service makes, manifest, in one PDF.

The pieces are typeset chunk by chunk and numbered through; contents and checklist are typeset when their
pages are known, the cover when the root hash is. Nothing but the pages' outline is held in memory. The
packet appears whole under its name, or the former one stays. Same inputs, same bytes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forms.packets import RECIPES
from services.bundle import assemble, front
from services.bundle.archive import MANIFEST, PACKET, pack_to
from services.bundle.assemble import Book
from services.bundle.chunks import Chunk, Leaf, Press, leaf_of, printed_chunks, typeset_chunk
from services.bundle.completeness import missing
from services.bundle.filed import Filed, entries_of, filed, manifest_of
from services.bundle.front import Front
from services.bundle.gather import gather
from services.bundle.inputs import Desk
from services.bundle.manifest import Manifest, as_json, dump
from services.bundle.pagedigest import Pages
from services.bundle.plan import Planned, Shelf, plan
from services.bundle.seal import seal_file
from services.bundle.source import Room, Source
from services.bundle.whole import Options, Whole, whole_of
from services.catalogue import UnknownFormError
from services.check import Context
from services.findings import Finding, must_fix
from services.paper.typeset import typeset
from services.recipe import Recipe
from services.settings import Settings

__all__ = ["Bound", "Job", "Options", "Source", "bind", "bind_to", "recipe_named"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A packet, or why there is none: with a must-fix finding nothing is bound and the manifest is empty.

    `pdf` and `archive` hold the bytes only where the packet was not written to files.
    """

    findings: tuple[Finding, ...]
    pdf: bytes = b""
    archive: bytes = b""
    manifest: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is to be bound, by which recipe, judged and named by what."""

    recipe: str
    sources: Iterable[Source]
    context: Context
    settings: Settings
    options: Options = field(default_factory=Options)


def recipe_named(name: str) -> Recipe:
    """Return the recipe of that name.

    Raises:
        UnknownFormError: there is none.
    """
    for recipe in RECIPES:
        if recipe.id == name:
            return recipe
    raise UnknownFormError(f"没有名为“{name}”的材料;现有:{'、'.join(recipe.id for recipe in RECIPES)}")


def bind(
    recipe_name: str, sources: Sequence[Source], context: Context, settings: Settings, options: Options | None = None
) -> Bound:
    """Return the packet bound from `sources`, and everything that is wrong with them.

    Raises:
        UnknownFormError: there is no such recipe.
    """
    with tempfile.TemporaryDirectory(prefix="packet-") as name:
        pdf, archive = Path(name, PACKET), Path(name, "packet.zip")
        job = Job(recipe=recipe_name, sources=sources, context=context, settings=settings, options=options or Options())
        bound = bind_to(job, pdf, archive)
        if not bound.manifest:
            return bound
        return Bound(
            findings=bound.findings, manifest=bound.manifest, pdf=pdf.read_bytes(), archive=archive.read_bytes()
        )


def bind_to(job: Job, pdf: Path, archive: Path | None = None) -> Bound:
    """Bind a packet into the file `pdf` and its zip into `archive`; return it without its bytes.

    Either both files are written whole, or those that were there stay as they were.

    Raises:
        UnknownFormError: there is no such recipe.
        OSError: a file cannot be written.
    """
    recipe = recipe_named(job.recipe)
    with tempfile.TemporaryDirectory(prefix="packet-") as name:
        room = Room(folder=Path(name))
        desk = Desk(recipe=recipe, context=job.context, settings=job.settings, room=room)
        whole = whole_of(gather(job.sources, desk), desk, job.options)
        if must_fix(whole.findings) or not whole.gathered.forms:
            return Bound(findings=whole.findings)
        made = _made(whole, desk, job.options)
        for target in filter(None, (pdf, archive)):
            target.parent.mkdir(parents=True, exist_ok=True)
        parts = [_part(pdf)] + ([_part(archive)] if archive else [])
        manifest = _written(made, parts[0])
        if archive:
            _zip(made, manifest, parts[0], parts[1])
        for part, target in zip(parts, (pdf, archive), strict=False):
            part.replace(target or part)
    return Bound(findings=(*whole.findings, *made.findings), manifest=manifest)


def _part(path: Path) -> Path:
    return path.with_name(f".{path.name}.part")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """Everything typeset and filed, ready to be put together."""

    whole: Whole
    desk: Desk
    planned: tuple[Planned, ...]
    chunks: tuple[Chunk, ...]
    pages: Mapping[str, tuple[int, int]]
    filed: Mapping[str, Filed]
    title: str

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found while typesetting."""
        return tuple(finding for chunk in self.chunks for finding in chunk.findings)


def _made(whole: Whole, desk: Desk, options: Options) -> _Made:
    """Typeset every piece: the first leaves twice, since their number must be known and their numbers are not."""
    planned = plan(Shelf(recipe=whole.recipe, gathered=whole.gathered, unit=whole.unit, made=whole.made))
    title = f"{whole.recipe.title} {whole.unit.name}"
    press = Press(title=title, secret=desk.settings.secret, room=desk.room, progress=options.progress)
    first = Front(
        recipe=whole.recipe,
        unit=whole.unit,
        planned=planned,
        gathered=whole.gathered,
        missing=missing(whole.recipe, whole.gathered),
    )
    before = _front(first, {}, press)
    body = tuple(printed_chunks([leaf_of(entry) for entry in planned], before.last_page + 1, press))
    pages = dict(before.pages) | {key: found for chunk in body for key, found in chunk.pages.items()}
    after = _front(first, pages, press)
    return _Made(
        whole=whole,
        desk=desk,
        planned=planned,
        chunks=(after, *body),
        pages=pages,
        filed=filed(planned, desk.room),
        title=title,
    )


def _front(first: Front, pages: Mapping[str, tuple[int, int]], press: Press) -> Chunk:
    own = first.unit.agency_code
    codes = {"contents": f"{own}-目录", "checklist": f"{own}-清单"}
    leaves = [Leaf(key=p.key, code=codes.get(p.key, ""), printed=p) for p in front.leaves(first, pages)]
    return typeset_chunk(leaves, 1, press)


def _written(made: _Made, path: Path) -> Mapping[str, Any]:
    """Write the packet's PDF to `path`; return its manifest."""
    book = assemble.opened(made.chunks[0].path, made.desk.room)
    try:
        assemble.append(book, (chunk.path for chunk in made.chunks[1:]))
        assemble.lay(book, made.planned, made.pages)
        assemble.finish(book)
        _marked(book, made)
        manifest = as_json(_manifest(book, made))
        _closed(book, made, manifest)
        assemble.write(book, path)
    finally:
        book.close()
    seal_file(path)
    return manifest


def _marked(book: Book, made: _Made) -> None:
    parts = {key: found for chunk in made.chunks for key, found in chunk.parts.items()}
    own = [
        assemble.Mark(title=title, page=made.pages[key][0])
        for key, title in (("cover", "封面"), ("contents", "目录"), ("checklist", "材料清单"))
    ]
    assemble.bookmark(book, (*own, *assemble.marks_of(made.planned, made.pages, parts)))
    assemble.label(book, ())


def _manifest(book: Book, made: _Made) -> Manifest:
    entries = tuple(entries_of(made.planned, made.pages, made.filed, Pages(book.pdf)))
    return manifest_of(made.whole, entries)


def _closed(book: Book, made: _Made, manifest: Mapping[str, Any]) -> None:
    """Add what the manifest speaks of, the manifest itself, and the cover that bears its root."""
    room = made.desk.room
    files = [*_files(made), (MANIFEST, room.keep(dump(manifest), MANIFEST))]
    assemble.embed(book, files)
    page = front.cover(made.whole.recipe, made.whole.unit, manifest)
    assemble.cover(book, room.keep(typeset([page], title=made.title).pdf, "cover.pdf"))
    assemble.describe(book, made.title, str(manifest["conformance"]["level"]))


def _files(made: _Made) -> list[tuple[str, Path]]:
    """Return every embedded file but the manifest: originals, records, and what the service made beside the pages."""
    return [file for entry in made.filed.values() for file in entry.files] + [
        (extra.name, extra.path) for extra in made.whole.extras
    ]


def _zip(made: _Made, manifest: Mapping[str, Any], pdf: Path, path: Path) -> None:
    room = made.desk.room
    pack_to(path, [(PACKET, pdf), (MANIFEST, room.keep(dump(manifest), MANIFEST)), *_files(made)])
    seal_file(path)
