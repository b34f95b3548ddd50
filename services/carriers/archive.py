"""A stranger's zip archive: judged by its directory before a byte is unpacked, counted again while unpacking."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from isal import isal_zlib

from services.carriers.reading import UnreadableError
from services.carriers.refusals import bomb, broken, encrypted

ENTRIES = 2_000
UNPACKED = 500 * 1024 * 1024
XML = 64 * 1024 * 1024
RATIO, RATIO_FROM = 200, 1024 * 1024

_XML_ENDINGS = (".xml", ".rels", ".vml")
_ODD_NAMES = re.compile(r"\.\.|[:\0]|^[/\\]", re.MULTILINE)
"""What may make a name one that leads outside."""

_LOCAL = struct.Struct("<4s22xHH")
_WINDOW = 15
_FILE_TYPE, _LINK = 0o170000, 0o120000


def open_zip(data: bytes) -> zipfile.ZipFile:
    """Return the zip archive in `data`, judged by its directory: number, names, sizes, encryption.

    Raises:
        UnreadableError: truncated, encrypted, bomb or unsafe-names.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, UnicodeDecodeError) as error:
        raise broken() from error
    entries = archive.infolist()
    if any(info.flag_bits & 0x1 for info in entries):
        raise encrypted()
    if len(entries) > ENTRIES:
        raise bomb(f"里面有 {len(entries)} 个部分,最多 {ENTRIES} 个", f"{len(entries)} entries, at most {ENTRIES}")
    _refuse_names(entries)
    _refuse_sizes(entries)
    return archive


def is_xml(name: str) -> bool:
    """Return whether a part of this name is XML."""
    return name.casefold().rstrip("\n").endswith(_XML_ENDINGS)


def _refuse_names(entries: Sequence[zipfile.ZipInfo]) -> None:
    names = [info.filename for info in entries]
    links = any((info.external_attr >> 16) & _FILE_TYPE == _LINK for info in entries)
    if not links and len({*map(str.casefold, names)}) == len(names) and not _ODD_NAMES.search("\n".join(names)):
        return  # all of them as every program writes them: none is looked at alone
    counted = Counter(info.filename.casefold() for info in entries)
    for info in entries:
        name = info.filename
        climbs = ".." in re.split(r"[\\/]", name) or name.startswith(("/", "\\")) or ":" in name or "\0" in name
        is_link = (info.external_attr >> 16) & _FILE_TYPE == _LINK
        if climbs or is_link or counted[name.casefold()] > 1:
            raise UnreadableError(
                "unsafe-names",
                f"压缩包里的文件名“{name}”不能接受(重名、指向别处或是链接)。请用 Word 或 Excel 重新另存后上传。",
                f"the archive holds an entry named {name!r} that is a duplicate, a link or leads outside",
            )


def _refuse_sizes(entries: Sequence[zipfile.ZipInfo]) -> None:
    xml = sum(info.file_size for info in entries if is_xml(info.filename))
    total = sum(info.file_size for info in entries)
    if xml > XML or total > UNPACKED:
        size = max(xml, total) // (1024 * 1024)
        raise bomb(f"展开后有 {size} MB", f"unpacks to {size} MB")
    for info in entries:
        if info.file_size > RATIO_FROM and info.file_size > RATIO * max(1, info.compress_size):
            raise bomb(f"“{info.filename}”展开后是压缩时的 {RATIO} 倍以上", f"{info.filename} unpacks {RATIO}-fold")


def unpack(data: bytes, info: zipfile.ZipInfo) -> bytes:
    """Return the content of an entry, never more than the size that was judged.

    Cut out by hand: `ZipFile.read` costs more than inflating a small part.

    Raises:
        UnreadableError: the entry is not what the directory says of it.
    """
    if not 0 <= info.header_offset <= len(data) - _LOCAL.size:
        raise broken()
    mark, name_size, extra_size = _LOCAL.unpack_from(data, info.header_offset)
    start = info.header_offset + _LOCAL.size + name_size + extra_size
    packed = data[start : start + info.compress_size]
    kept = _kept().get((info.CRC, info.file_size))
    if kept and kept[0] == packed and mark == b"PK\x03\x04" and info.compress_type == zipfile.ZIP_DEFLATED:
        return kept[1]
    try:
        content = packed if info.compress_type == zipfile.ZIP_STORED else _inflated(packed, info)
    except isal_zlib.error as error:  # pyright: ignore[reportGeneralTypeIssues] - it is a class, its stubs say otherwise
        raise broken() from error
    is_whole = mark == b"PK\x03\x04" and len(content) == info.file_size and isal_zlib.crc32(content) == info.CRC
    if not is_whole:
        raise broken()
    return content


@lru_cache(maxsize=1)
def _kept() -> dict[tuple[int, int], tuple[bytes, bytes]]:
    """Return the deflated parts that were inflated before and their content, by CRC-32 and size of the content."""
    return {}


def keep(packed: bytes) -> None:
    """Keep what a deflated part of ours is inflated to: the same part stands in every file of a form."""
    content = isal_zlib.decompress(packed, -_WINDOW)
    _kept()[isal_zlib.crc32(content), len(content)] = (packed, content)


def _inflated(packed: bytes, info: zipfile.ZipInfo) -> bytes:
    if info.compress_type != zipfile.ZIP_DEFLATED:
        raise broken()
    # Inflates in half the time of zlib.
    return isal_zlib.decompressobj(-_WINDOW).decompress(packed, info.file_size + 1)
