"""The files that a packet embeds: packed batch by batch and written, so that their bytes are never all in memory."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Iterator
from pathlib import Path

import pikepdf

from services.bundle.archive import ORIGINALS
from services.bundle.copied import Copied
from services.bundle.output import Output
from services.bundle.source import Room

_BATCH = 8 * 1024 * 1024


def embed(out: Output, files: Iterable[tuple[str, Path]], room: Room) -> dict[str, int]:
    """Write files into a packet; return the number of each one's object by its name there."""
    numbers: dict[str, int] = {}
    for batch in _batches(files):
        source = Copied(out)
        with pikepdf.open(_holder(room, batch)) as pdf:
            for (name, _), spec in zip(batch, pdf.Root.Held, strict=True):
                numbers[name] = source.number(spec)
            source.copy(pdf)
    return numbers


def _batches(files: Iterable[tuple[str, Path]]) -> Iterator[list[tuple[str, Path]]]:
    batch: list[tuple[str, Path]] = []
    size = 0
    for name, path in files:
        batch.append((name, path))
        size += path.stat().st_size
        if size > _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _holder(room: Room, batch: Iterable[tuple[str, Path]]) -> Path:
    """Return a PDF that only holds files, packed."""
    path = room.folder / "files.pdf"
    with pikepdf.new() as pdf:
        specs = (_spec(pdf, file, path.read_bytes()) for file, path in batch)
        pdf.Root.Held = pikepdf.Array(pdf.make_indirect(spec) for spec in specs)
        pdf.save(path, deterministic_id=True)
    return path


def _spec(pdf: pikepdf.Pdf, name: str, data: bytes) -> pikepdf.Object:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    spec = pikepdf.AttachedFileSpec(
        pdf, data, filename=name, description="", mime_type=kind, creation_date="", mod_date=""
    ).obj
    spec.AFRelationship = pikepdf.Name.Source if name.startswith(ORIGINALS) else pikepdf.Name.Data
    return spec
