"""The zip of a packet: the bound PDF, its manifest, the originals as they came and the accepted records."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path

PACKET = "上报材料.pdf"
ORIGINALS = "原件/"
"""Where originals as they came stand in a packet."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
_PACKED = (".pdf", ".docx", ".xlsx", ".jpg", ".jpeg", ".png", ".zip")
_LARGE = 1 << 31
_NAME_LIMIT = 80
_FORBIDDEN = str.maketrans(dict.fromkeys('\\/:*?"<>|', "_"))
_RESERVED = frozenset({"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))})


def safe_name(name: str) -> str:
    """Return `name` as a file name of at most 80 characters that Windows and old zip programs take."""
    plain = "".join(c for c in name.translate(_FORBIDDEN) if c.isprintable()).strip(" .")
    stem, dot, suffix = plain.rpartition(".")
    if not dot:
        stem, suffix = plain, ""
    if stem.upper() in _RESERVED or not stem:
        stem = f"_{stem}"
    room = _NAME_LIMIT - len(suffix) - 1
    if len(stem) > room:
        stem = stem[: room // 2] + "…" + stem[-(room - room // 2 - 1) :]
    return f"{stem}.{suffix}" if suffix else stem


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Return safe names, a second one of the same name as `name(2)`."""
    taken: dict[str, int] = {}
    result = []
    for name in map(safe_name, names):
        taken[name] = taken.get(name, 0) + 1
        stem, dot, suffix = name.rpartition(".")
        again = f"({taken[name]})" if taken[name] > 1 else ""
        result.append(f"{stem}{again}.{suffix}" if dot else f"{name}{again}")
    return tuple(result)


def pack_to(path: Path, files: Iterable[tuple[str, Path]]) -> None:
    """Write a zip of files (name in the zip, where it stands), the same bytes for the same files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in files:
            info = plain_entry(name)
            with archive.open(info, "w", force_zip64=file.stat().st_size > _LARGE) as entry, file.open("rb") as given:
                shutil.copyfileobj(given, entry, 1 << 20)


def plain_entry(name: str) -> zipfile.ZipInfo:
    """Return the entry of a file that says nothing of the day and the machine it was made on."""
    info = zipfile.ZipInfo(name, _EPOCH)
    # What is packed already only costs time.
    info.compress_type = zipfile.ZIP_STORED if name.endswith(_PACKED) else zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    info.create_system = 3
    return info


def file_in(path: Path, name: str) -> bytes:
    """Return a file of a packet's own zip.

    Raises:
        KeyError: it holds no such file.
    """
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)
