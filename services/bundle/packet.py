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
from services.bundle.archive import PACKET
from services.bundle.gather import gather
from services.bundle.inputs import Desk
from services.bundle.ready import appearing, files_of, ready, write_pdf, write_zip
from services.bundle.source import Room, Source
from services.bundle.whole import Options, whole_of
from services.catalogue import UnknownFormError
from services.check import Context
from services.findings import Finding, must_fix
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
        desk = desk_of(job, recipe, room)
        whole = whole_of(gather(job.sources, desk), desk, job.options)
        if must_fix(whole.findings) or not whole.gathered.forms:
            return Bound(findings=whole.findings)
        with ready(whole, desk, job.options) as made, appearing(pdf, archive) as (part, zip_part):
            manifest = write_pdf(made, part)
            if zip_part:
                write_zip(files_of(made), manifest, desk.room, (part, zip_part))
    return Bound(findings=(*whole.findings, *made.findings), manifest=manifest)


def asked_of(job: Job) -> tuple[tuple[Finding, ...], tuple[Mapping[str, str], ...]]:
    """Return what is wrong with a job's inputs, and what of it may pass with a reason (情况说明); nothing is bound.

    Raises:
        UnknownFormError: there is no such recipe.
    """
    with tempfile.TemporaryDirectory(prefix="packet-") as name:
        desk = desk_of(job, recipe_named(job.recipe), Room(folder=Path(name)))
        whole = whole_of(gather(job.sources, desk), desk, job.options)
        return whole.findings, whole.reasons


def desk_of(job: Job, recipe: Recipe, room: Room) -> Desk:
    """Return what a job's inputs are judged by and kept in."""
    return Desk(
        recipe=recipe,
        context=job.context,
        settings=job.settings,
        room=room,
        reasons=job.options.reasons,
        progress=job.options.progress,
    )
