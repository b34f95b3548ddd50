"""The seal of a packet: one hash over every byte of the file, kept in the file itself.

The digests in the manifest are taken over what a packet shows and holds, so that they survive a harmless
saving-again; the seal is taken over the bytes, so that nothing survives it. In a PDF it is a comment line
before `startxref` (`%census-seal` and 64 hexadecimal digits), in a zip it is the archive's comment. The hash
is the SHA-256 of the whole file with these 64 digits as zeros.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from pathlib import Path
from typing import BinaryIO, Literal

State = Literal["whole", "changed", "appended", "saved-again"]
"""What the bytes say: as sealed; changed since; something follows the end; saved again by another program."""

_WORD = b"census-seal "
_DIGITS = 64
_ZEROS = b"0" * _DIGITS
_TAIL = 2048
_PIECE = 1 << 20
_PDF_END = re.compile(rb"startxref\s+\d+\s+%%EOF\s*\Z")
_PDF_SEAL = re.compile(rb"\n%census-seal ([0-9a-f]{64})\nstartxref\n\d+\n%%EOF\n\Z")
_ZIP_SEAL = re.compile(rb"PK\x05\x06.{16}\x4c\x00census-seal ([0-9a-f]{64})\Z", re.DOTALL)
_LINEAR = re.compile(rb"/Linearized\b")


def sealed(data: bytes) -> bytes:
    """Return a PDF or a zip with its seal."""
    file = io.BytesIO(data)
    _seal(file)
    return file.getvalue()


def seal_file(path: Path) -> None:
    """Put the seal into the PDF or zip at `path`."""
    with path.open("r+b") as file:
        _seal(file)


def _seal(file: BinaryIO) -> None:
    file.seek(0)
    where = _opened_zip(file) if file.read(2) == b"PK" else _opened_pdf(file)
    digest = _hash(file, where)
    file.seek(where)
    file.write(digest)


def _opened_pdf(file: BinaryIO) -> int:
    """Write a seal of zeros before the last `startxref`; return where its digits begin."""
    start, tail = _tail(file)
    end = _PDF_END.search(tail)
    if end is None:
        raise ValueError("not the end of a PDF")
    number = tail[end.start() :].split()[1]
    file.seek(start + end.start())
    file.write(b"%" + _WORD)
    where = file.tell()
    file.write(_ZEROS + b"\nstartxref\n" + number + b"\n%%EOF\n")
    file.truncate()
    return where


def _opened_zip(file: BinaryIO) -> int:
    """Write a seal of zeros as the archive's comment; return where its digits begin."""
    with zipfile.ZipFile(file, "a") as archive:
        archive.comment = _WORD + _ZEROS
    return file.seek(0, io.SEEK_END) - _DIGITS


def _tail(file: BinaryIO) -> tuple[int, bytes]:
    """Return the last bytes of a file and where they begin."""
    size = file.seek(0, io.SEEK_END)
    start = max(0, size - _TAIL)
    file.seek(start)
    return start, file.read()


def _hash(file: BinaryIO, where: int) -> bytes:
    """Return the SHA-256 in hex of the file with the digits at `where` as zeros."""
    digest = hashlib.sha256()
    file.seek(0)
    left = where
    while left and (piece := file.read(min(left, _PIECE))):
        digest.update(piece)
        left -= len(piece)
    file.seek(where + _DIGITS)
    digest.update(_ZEROS)
    while piece := file.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest().encode()


def judged(file: BinaryIO) -> State:
    """Return what the bytes of a PDF or zip say of themselves."""
    file.seek(0)
    is_zip = file.read(2) == b"PK"
    start, tail = _tail(file)
    if found := (_ZIP_SEAL if is_zip else _PDF_SEAL).search(tail):
        return "whole" if _hash(file, start + found.start(1)) == found[1] else "changed"
    return _judged_zip(tail) if is_zip else _judged_pdf(file, tail)


def _judged_zip(tail: bytes) -> State:
    """A zip without our seal: packed again by another program, or tampered with at its end."""
    if _WORD in tail:
        return "appended" if re.search(rb"census-seal [0-9a-f]{64}.", tail, re.DOTALL) else "changed"
    end = tail.rfind(b"PK\x05\x06")
    plain = end >= 0 and end + 22 + int.from_bytes(tail[end + 20 : end + 22], "little") == len(tail)
    return "saved-again" if plain else "appended"


def _judged_pdf(file: BinaryIO, tail: bytes) -> State:
    """A PDF without our seal at its end: saved again as a whole, or something was added behind it."""
    end = _PDF_END.search(tail)
    if end is None:
        return "appended" if b"%%EOF" in tail else "changed"
    before = tail[: end.start()].rstrip()
    if not before.endswith((b"endobj", b">>")):
        return "changed"
    return "appended" if _ends(file) > 1 else "saved-again"


def _ends(file: BinaryIO) -> int:
    """Return how many times the file says that it ends; one that is laid out for the web says so twice."""
    file.seek(0)
    head = file.read(1024)
    count, kept = 0, b""
    file.seek(0)
    while piece := file.read(_PIECE):
        count += len(re.findall(rb"[\r\n]startxref\s", kept + piece)) - len(re.findall(rb"[\r\n]startxref\s", kept))
        kept = piece[-16:]
    return count - bool(_LINEAR.search(head))
