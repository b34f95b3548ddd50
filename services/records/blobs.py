"""Files kept by their content: `files/<unit>/<first two digits>/<sha-256>`, one folder tree a unit.

A file is whole or absent: written beside its place, flushed to the disk, then renamed. A caller puts
the file first and commits the row that names it afterwards, so no row ever lacks its file.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path


class BlobError(LookupError):
    """No such file is kept, or its content is no longer what its name says."""


def sha256(data: bytes) -> str:
    """Return the SHA-256 of `data` in hex."""
    return hashlib.sha256(data).hexdigest()


def put(files: Path, unit: str, data: bytes) -> str:
    """Keep `data` for `unit` and return its SHA-256; it is on the disk when this returns.

    Raises:
        OSError: the disk is full or cannot be written.
    """
    name = sha256(data)
    path = _path(files, unit, name)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, data)
        _sync_folder(path.parent)
    return name


def get(files: Path, unit: str, name: str) -> bytes:
    """Return the file of `unit` with this SHA-256.

    Raises:
        BlobError: it is not kept for this unit, or was changed on the disk.
    """
    try:
        data = _path(files, unit, name).read_bytes()
    except FileNotFoundError as error:
        raise BlobError(name) from error
    if sha256(data) != name:
        raise BlobError(name)
    return data


def place(files: Path, unit: str, name: str) -> Path:
    """Return where the file of `unit` with this SHA-256 stands, for what is too large to be held in memory.

    Raises:
        BlobError: it is not kept for this unit, or was changed on the disk.
    """
    path = _path(files, unit, name)
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise BlobError(name) from error
    if found != name:
        raise BlobError(name)
    return path


def _path(files: Path, unit: str, name: str) -> Path:
    return files / unit / name[:2] / name


def _write(path: Path, data: bytes) -> None:
    """Write beside the place and rename; a half-written file never bears the name."""
    partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        with partial.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    """Make the new name itself durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
