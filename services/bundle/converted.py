"""Office files made into PDF by LibreOffice, once for each content: what was made is kept, and so is a failure.

The store is a folder of files named after the SHA-256 of what was converted. It may be emptied at any time; it
never grows over `MOST` bytes, what was used longest ago goes first.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from pathlib import Path

from services.bundle.manifest import sha256
from services.paper.office import ConversionError, convert

MOST = 512 * 1024 * 1024
REMEMBERED_S = 24 * 60 * 60
"""How long a failure is remembered: a file that LibreOffice hangs on does so only once a day."""


def as_pdf(data: bytes, kind: str, folder: Path | None) -> bytes:
    """Return an office file of `kind` (docx, doc, odt, rtf, xlsx, xls, ods) as PDF; kept in `folder`, if there is one.

    Raises:
        MissingToolError: LibreOffice is not installed.
        ConversionError: LibreOffice cannot convert it.
    """
    if folder is None:
        return convert(data, kind, "pdf")
    digest = sha256(data)
    made = folder / digest[:2] / f"{digest}.{kind}.pdf"
    failed = made.with_suffix(".failed")
    if made.exists():
        return _used(made)
    if failed.exists() and time.time() - failed.stat().st_mtime < REMEMBERED_S:
        raise ConversionError(failed.read_text(encoding="utf-8"))
    try:
        pdf = convert(data, kind, "pdf")
    except ConversionError as error:
        _keep(failed, str(error).encode())
        raise
    _keep(made, pdf)
    _make_room(folder)
    return pdf


def _used(path: Path) -> bytes:
    data = path.read_bytes()
    with contextlib.suppress(OSError):
        os.utime(path)
    return data


def _keep(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=".")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(part).replace(path)


def _make_room(folder: Path) -> None:
    files = sorted((path.stat().st_mtime, path.stat().st_size, path) for path in folder.glob("??/*"))
    over = sum(size for _, size, _ in files) - MOST
    for _, size, path in files:
        if over <= 0:
            return
        path.unlink(missing_ok=True)
        over -= size
