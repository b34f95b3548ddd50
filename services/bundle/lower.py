"""Packets of the tier below, taken apart: their records and originals, each held against the packet's own manifest.

What a packet embeds is hostile until read in the box; it comes back as a plain zip of manifest and files.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import pikepdf

from services.bundle.archive import PACKET
from services.bundle.manifest import FORMATS, root
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
_AT_ONCE = 16 * 1024 * 1024
"""About so much of a packet crosses at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """One piece of a lower packet: its entry in the manifest, its original and, for a form, where its record stands."""

    entry: Mapping[str, Any]
    original: Source
    kept: Path | None = None

    @property
    def record(self) -> bytes:
        """The record, b'' where there is none."""
        return self.kept.read_bytes() if self.kept else b""


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
    files = dict(_kept(source, room))
    if MANIFEST not in files:
        return None
    manifest = json.loads(files.pop(MANIFEST).read_bytes())
    found = [_enclosed(files, entry) for entry in manifest["entries"]]
    return Lower(
        source=source,
        manifest=manifest,
        enclosed=tuple(one for one in found if isinstance(one, Enclosed)),
        changed=tuple(name for names in found if isinstance(names, list) for name in names),
        files=tuple((name, files[name]) for name in sorted(files)),
        is_whole=root(manifest) == manifest.get("root_sha256"),
        reasons=tuple(reason for reason in manifest.get("reasons", ()) if isinstance(reason, Mapping)),
    )


def _kept(source: Source, room: Room) -> Iterator[tuple[str, Path]]:
    """Yield the files of a packet and where they now stand; the box gives them out a part at a time."""
    data, path = (b"", str(source.path.resolve())) if source.path else (source.data, "")
    size = source.path.stat().st_size if source.path else len(data)
    patience = min(_MOST_PATIENCE, 1 + size // _PER_PATIENCE)
    begin, count, size = 0, 1, 0
    while begin < count:
        part = box.run("services.bundle.lower:contents", data, {"path": path, "begin": begin}, patience=patience)
        if not part:
            return
        with zipfile.ZipFile(io.BytesIO(part)) as archive:
            names = archive.namelist()
            begin, count = begin + len(names), int(archive.comment) if names else 0
            for name in names:
                content = archive.read(name)
                size += len(content)
                _refuse_large(count, size)
                yield name, room.keep(content)


def _enclosed(files: Mapping[str, Path], entry: Mapping[str, Any]) -> Enclosed | list[str]:
    """Return a piece with its files; the names of those that are not what the manifest says."""
    named = {kind: str(entry[kind]) for kind in ("file", "record") if entry.get(kind)}
    # What is kept stands under its hash.
    there = {
        kind: files[name]
        for kind, name in named.items()
        if name in files and files[name].name == entry.get(f"{kind}_sha256")
    }
    if len(there) < len(named):
        return [name for kind, name in named.items() if kind not in there]
    original = Source(name=named.get("file", "").rpartition("/")[2], path=there.get("file"))
    return Enclosed(entry=entry, original=original, kept=there.get("record"))


# ---- in the box -------------------------------------------------------------------------------------


def contents(data: bytes, path: str = "", begin: int = 0) -> bytes:
    """Return a zip of a packet's files from the one numbered `begin` on, as many as go at once; b'' for no packet.

    The first file is the manifest; the zip's comment says how many there are. The packet is `data`, or the file
    at `path`.

    Raises:
        UnreadableError: it is out of proportion.
    """
    try:
        with Path(path).open("rb") if path else io.BytesIO(data) as file:
            is_zip = file.read(2) == b"PK"
            file.seek(0)
            return _of_zip(file, begin) if is_zip else _of_pdf(file, begin)
    except (pikepdf.PdfError, pikepdf.PasswordError, zipfile.BadZipFile, *_MISSHAPEN):
        return b""


def _of_pdf(file: BinaryIO, begin: int) -> bytes:
    with pikepdf.open(file) as pdf:
        files = pdf.attachments
        return _part(list(files), lambda name: files[name].get_file().read_bytes(), begin)


def _of_zip(file: BinaryIO, begin: int) -> bytes:
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
        _refuse_large(len(entries), sum(entry.file_size for entry in entries))
        return _part([entry.filename for entry in entries if entry.filename != PACKET], archive.read, begin)


def _part(names: Sequence[str], read: Callable[[str], bytes], begin: int) -> bytes:
    """Return files from the one numbered `begin` on, the manifest being the first."""
    if MANIFEST not in names or (not begin and not _is_manifest(json.loads(read(MANIFEST)))):
        return b""
    ordered = tuple(dict.fromkeys((MANIFEST, *names)))
    made, size = io.BytesIO(), 0
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        archive.comment = b"%d" % len(ordered)
        for name in ordered[begin:]:
            content = read(name)
            archive.writestr(name, content)
            size += len(content)
            if size > _AT_ONCE:
                break
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


def _refuse_large(count: int, size: int) -> None:
    if count > _FILES or size > _SIZE:
        raise UnreadableError(
            "packet-large",
            "这份材料内的文件太多或太大,读不出来。请改用它的压缩包,或分成几份",
            "the packet holds too many files, or too large ones",
        )
