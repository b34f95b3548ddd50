"""Packets of the tier below, taken apart: their records and originals, each held against the packet's own manifest.

What a packet embeds is hostile until read in the box; it comes back as a plain zip of manifest and files.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf

from services.bundle.archive import PACKET
from services.bundle.manifest import FORMATS, root, sha256
from services.bundle.source import Room, Source
from services.carriers import box
from services.carriers.reading import UnreadableError
from services.recipe import MANIFEST

_PER_PATIENCE, _MOST_PATIENCE = 16 * 1024 * 1024, 8
"""The box is given more time and memory for a large packet."""
_TEXTS = ("recipe", "title", "unit", "root_sha256")
_LISTS = ("entries", "reasons", "left_out", "packets", "files", "supplements")
_MISSHAPEN = (ValueError, TypeError, KeyError, AttributeError, RuntimeError)
_FILES = 60_000
_SIZE = 900 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """One piece of a lower packet: its entry in the manifest, its original and, for a form, its record."""

    entry: Mapping[str, Any]
    original: Source
    record: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lower:
    """A lower packet: its manifest, the files that agree with it, and the names of those that do not.

    `files` are all its files but the manifest, by name, as they now stand in the room.
    """

    source: Source
    manifest: Mapping[str, Any]
    enclosed: tuple[Enclosed, ...] = ()
    changed: tuple[str, ...] = ()
    is_whole: bool = True
    files: tuple[tuple[str, Path], ...] = ()
    reasons: tuple[Mapping[str, Any], ...] = field(default=())

    @property
    def root(self) -> str:
        """Its root hash."""
        return str(self.manifest.get("root_sha256", ""))


def opened(source: Source, room: Room) -> Lower | None:
    """Return the lower packet that `source` is; None when it is none.

    Raises:
        UnreadableError: it is a packet, but it cannot be taken apart.
    """
    data = source.read()
    patience = min(_MOST_PATIENCE, 1 + len(data) // _PER_PATIENCE)
    plain = box.run("services.bundle.lower:contents", data, {}, patience=patience)
    if not plain:
        return None
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        manifest = json.loads(archive.read(MANIFEST))
        names = frozenset(archive.namelist())
        enclosed, changed = [], []
        files = [(name, room.keep(archive.read(name))) for name in sorted(names) if name not in (MANIFEST, PACKET)]
        for entry in manifest["entries"]:
            found = _enclosed(archive, names, entry, room)
            if isinstance(found, Enclosed):
                enclosed.append(found)
            else:
                changed += found
    return Lower(
        source=source,
        manifest=manifest,
        enclosed=tuple(enclosed),
        changed=tuple(changed),
        files=tuple(files),
        is_whole=root(manifest) == manifest.get("root_sha256"),
        reasons=tuple(reason for reason in manifest.get("reasons", ()) if isinstance(reason, Mapping)),
    )


def _enclosed(
    archive: zipfile.ZipFile, names: frozenset[str], entry: Mapping[str, Any], room: Room
) -> Enclosed | list[str]:
    """Return a piece with its files; the names of those that are not what the manifest says."""
    files: dict[str, bytes] = {}
    changed = []
    for kind in ("file", "record"):
        name = str(entry.get(kind) or "")
        if not name:
            continue
        files[kind] = archive.read(name) if name in names else b""
        if name not in names or sha256(files[kind]) != entry.get(f"{kind}_sha256"):
            changed.append(name)
    if changed:
        return changed
    original = Source(
        name=str(entry.get("file") or "").rpartition("/")[2], path=room.keep(files["file"]) if "file" in files else None
    )
    return Enclosed(entry=entry, original=original, record=files.get("record", b""))


# ---- in the box -------------------------------------------------------------------------------------


def contents(data: bytes) -> bytes:
    """Return a zip of a packet's manifest and embedded files, b'' when `data` is no packet.

    Raises:
        UnreadableError: it is out of proportion.
    """
    try:
        files = dict(_zipped(data) if data.startswith(b"PK") else _embedded(data))
        if MANIFEST not in files or not _is_manifest(json.loads(files[MANIFEST])):
            return b""
    except (pikepdf.PdfError, pikepdf.PasswordError, zipfile.BadZipFile, *_MISSHAPEN):
        return b""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def _is_manifest(plain: Any) -> bool:
    """Return whether this has the shape of a packet's manifest, which whoever asks for a lower packet relies on.

    Raises:
        TypeError: it is no object.
        ValueError: its text cannot be written, so that it has no hash.
    """
    root(plain)
    return (
        plain["format"] in FORMATS
        and all(isinstance(plain.get(name), str) for name in _TEXTS)
        and all(_is_list_of_objects(plain.get(name, [])) for name in _LISTS)
    )


def _is_list_of_objects(plain: Any) -> bool:
    return isinstance(plain, list) and all(isinstance(one, dict) for one in plain)


def _embedded(data: bytes) -> Iterator[tuple[str, bytes]]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        if MANIFEST not in pdf.attachments:
            return
        size = 0
        for number, (name, spec) in enumerate(pdf.attachments.items()):
            content = spec.get_file().read_bytes()
            size += len(content)
            _refuse_large(number, size)
            yield name, content


def _zipped(data: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        _refuse_large(len(entries), sum(entry.file_size for entry in entries))
        if MANIFEST not in archive.namelist():
            return
        yield from ((entry.filename, archive.read(entry)) for entry in entries if entry.filename != PACKET)


def _refuse_large(count: int, size: int) -> None:
    if count > _FILES or size > _SIZE:
        raise UnreadableError(
            "packet-large",
            "这份材料内的文件太多或太大,读不出来。请改用它的压缩包,或分成几份",
            "the packet holds too many files, or too large ones",
        )
