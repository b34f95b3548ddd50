"""Several files sent in one zip."""

from __future__ import annotations

import zipfile
import zlib

from services.carriers.archive import open_zip
from services.carriers.reading import UnreadableError

_NAMES_IN_UTF8 = 0x800
_PIECE = 4096
"""Read in small pieces: the one in which damage shows is lost."""
_LEFTOVERS = ("__MACOSX/", ".", "~$", "Thumbs.db", "desktop.ini")


def unpack_zip(data: bytes) -> tuple[tuple[str, bytes], ...]:
    """Return the files of a zip as (name without folders, bytes), leftovers of other programs left out.

    A file that is damaged inside comes as far as it can be unpacked, so that it alone is refused later.

    Raises:
        UnreadableError: the zip cannot be opened, is encrypted, unsafe, out of proportion, or holds no file.
    """
    with open_zip(data) as archive:
        files = tuple((name, _content(archive, info)) for info in archive.infolist() if (name := _name(info)))
    if not files:
        raise UnreadableError("empty", "压缩包里没有文件。请把填好的表放进压缩包,再重新上传。", "the zip holds no file")
    return files


def _name(info: zipfile.ZipInfo) -> str:
    """Return the name of a file, '' for a folder or a leftover; old Chinese zip tools write names in GBK."""
    name = info.filename
    if not info.flag_bits & _NAMES_IN_UTF8:
        raw = name.encode("cp437", "replace")
        name = _decoded(raw) or name
    last = name.rpartition("/")[2]
    is_leftover = name.startswith(_LEFTOVERS[0]) or last.startswith(_LEFTOVERS[1:])
    return "" if info.is_dir() or is_leftover else last


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    pieces: list[bytes] = []
    try:
        with archive.open(info) as file:
            while piece := file.read(_PIECE):
                pieces.append(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        pass
    return b"".join(pieces)
