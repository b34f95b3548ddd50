"""Checking a packet from the packet alone: every byte, hash, page range and figure, and the root on the cover.

First the seal says whether a single byte changed since binding; then the content is checked piece by piece, so
that what changed has a name. A packet that another program merely saved again has no seal and still holds.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO

import pikepdf
import pypdf

from services.bundle import seal
from services.bundle.archive import PACKET
from services.bundle.manifest import FORMAT, root
from services.bundle.verify_figures import of_figures
from services.bundle.verify_files import Files, InPdf, InZip, of_files, of_verifier
from services.bundle.verify_other import named, no_packet
from services.bundle.verify_pages import of_pages
from services.bundle.verify_told import Line, is_shaped
from services.carriers import box
from services.carriers.reading import UnreadableError
from services.recipe import MANIFEST

__all__ = ["Line", "Verified", "verify"]

FILE_LIMIT = 20_000
SIZE_LIMIT = 4 * 1024 * 1024 * 1024
RATIO = 60
"""How many times its size a packet may unpack to: its documents are packed already."""

_MISSHAPEN = (
    f"{MANIFEST} 里缺少应有的内容,或写法不对:不是本系统装订的上报材料,或者清单被改动过。请向报送单位要原来的文件"
)
_PER_PATIENCE = 8 * 1024 * 1024
_MOST_PATIENCE = 16
_SEALS: Mapping[seal.State, tuple[bool, str]] = MappingProxyType(
    {
        "whole": (True, "封记完好:装订以后没有一个字节改动"),
        "changed": (False, "封记不符:装订以后有字节被改动"),
        "appended": (False, "文件末尾在装订以后多出了内容"),
        "saved-again": (True, "没有封记:这份材料被别的程序另存过,只按内容核对"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """Everything that was checked. `root` is the packet's root hash, empty when none was found."""

    lines: tuple[Line, ...]
    root: str = ""

    @property
    def holds(self) -> bool:
        """Whether everything holds."""
        return bool(self.lines) and all(line.holds for line in self.lines)


def verify(packet: bytes | Path) -> Verified:
    """Return what holds and what does not in a packet (PDF or zip), recomputed in a box sized by the packet.

    Raises:
        UnreadableError: it is neither, or carries no manifest; where it is one of the forms, it says so.
    """
    size = packet.stat().st_size if isinstance(packet, Path) else len(packet)
    data, where = (b"", str(packet.resolve())) if isinstance(packet, Path) else (packet, "")
    patience = min(_MOST_PATIENCE, 1 + size // _PER_PATIENCE)
    try:
        told = box.run("services.bundle.verify:verify_here", data, {"path": where}, patience=patience)
    except UnreadableError as error:
        raise named(error, packet) from error
    return Verified(lines=tuple(Line(holds=holds, text=text) for holds, text in told["lines"]), root=told["root"])


def verify_here(data: bytes, path: str = "") -> dict[str, Any]:
    """Return the same as JSON, without a box of its own; of the file at `path` when there is one.

    Raises:
        UnreadableError: it is neither PDF nor zip, or carries no manifest.
    """
    with Path(path).open("rb") if path else io.BytesIO(data) as file:
        is_zip = file.read(2) == b"PK"
        lines, root_hash = _of_archive(file) if is_zip else _of_pdf(file)
    return {"lines": [(line.holds, line.text) for line in _placed(lines)], "root": root_hash}


def _placed(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return the lines; where the seal alone is broken it is said that no page and no file is touched."""
    broken = [line for line in lines if not line.holds]
    if len(broken) != 1 or broken[0].text not in (f"PDF {_SEALS['changed'][1]}", f"压缩包{_SEALS['changed'][1]}"):
        return lines
    said = Line(holds=False, text=f"{broken[0].text}(不在任何一件的页面和文件里)")
    return tuple(said if line is broken[0] else line for line in lines)


def _of_seal(file: BinaryIO, what: str) -> Line:
    holds, text = _SEALS[seal.judged(file)]
    return Line(holds=holds, text=f"{what}{text}")


def _of_pdf(file: BinaryIO) -> tuple[tuple[Line, ...], str]:
    sealed = _of_seal(file, "PDF ")
    file.seek(0)
    try:
        with pikepdf.open(file) as pdf:
            body = _manifest(InPdf(pdf))
            lines = (sealed, *_of_manifest(body), *_of_content(body, pdf))
    except (pikepdf.PdfError, pikepdf.PasswordError, RuntimeError, ValueError, UnreadableError) as error:
        if sealed.holds or not _has_seal(file):
            raise _refusal(error) from error
        said = "PDF 损坏得打不开,或其中的清单已读不出:请索取没有损坏的一份"
        return (sealed, Line(holds=False, text=said)), ""
    return lines, str(body.get("root_sha256", ""))


def _refusal(error: Exception) -> UnreadableError:
    if isinstance(error, UnreadableError):
        return error
    return no_packet("这不是上报材料:应为本系统装订的 PDF 或压缩包")


def _has_seal(file: BinaryIO) -> bool:
    file.seek(max(0, file.seek(0, io.SEEK_END) - 4096))
    return b"census-seal " in file.read()


def _of_content(body: Mapping[str, Any], pdf: pikepdf.Pdf) -> Iterator[Line]:
    files = InPdf(pdf)
    yield from of_files(body, files)
    yield from of_pages(body, pdf)
    yield from _of_cover(body, pdf)
    yield from of_figures(body, files)


def _manifest(files: Files) -> Mapping[str, Any]:
    if MANIFEST not in files.names():
        raise no_packet(f"文件里没有 {MANIFEST}:不是本系统装订的上报材料,或者内嵌的清单被去掉了")
    try:
        body = json.loads(files.read(MANIFEST))
        if body["format"] != FORMAT:
            raise no_packet(f"{MANIFEST} 的格式是 {body['format']!r},应为 {FORMAT}")
        if not is_shaped(body):
            raise no_packet(_MISSHAPEN)
    except (ValueError, TypeError, KeyError, pikepdf.PdfError, zipfile.BadZipFile, zlib.error) as error:
        raise no_packet(f"{MANIFEST} 读不出来,不能校验") from error
    return body


def _of_manifest(body: Mapping[str, Any]) -> Iterator[Line]:
    stated, computed = str(body.get("root_sha256", "")), root(body)
    unlike = "" if stated == computed else f"与清单所写 {stated[:16]}… 不一致"
    yield Line(holds=stated == computed, text=f"清单总校验值 {computed[:16]}…{unlike}")


def _of_cover(body: Mapping[str, Any], pdf: pikepdf.Pdf) -> Iterator[Line]:
    text = _squeezed(_cover_text(pdf))
    wanted = (("总校验值", root(body)), ("单位名称", str(body["unit"])), ("机构编码", str(body["agency_code"])))
    for name, value in wanted:
        there = _squeezed(value) in text
        yield Line(holds=there, text=f"封面上的{name}{'与清单一致' if there else '与清单不一致'}")


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _cover_text(pdf: pikepdf.Pdf) -> str:
    """Return the text of the first page, taken out alone: the packet may be large."""
    cover = pikepdf.new()
    cover.pages.append(pdf.pages[0])
    data = io.BytesIO()
    cover.save(data)
    try:
        return pypdf.PdfReader(data).pages[0].extract_text()
    except Exception:  # noqa: BLE001 - a damaged cover says nothing, whatever the reader makes of it
        return ""


def _of_archive(file: BinaryIO) -> tuple[tuple[Line, ...], str]:
    sealed = _of_seal(file, "压缩包")
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            _refuse_bomb(archive, file.seek(0, io.SEEK_END))
            lines, root_hash = _of_open_archive(InZip(archive))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, OSError) as error:
        if _has_seal(file):
            return (sealed, Line(holds=False, text="压缩包已损坏,打不开:请索取没有损坏的一份")), ""
        raise no_packet("压缩包已损坏或加了密码,不能校验") from error
    return (sealed, *lines), root_hash


def _of_open_archive(files: InZip) -> tuple[tuple[Line, ...], str]:
    if PACKET not in files.names():
        raise no_packet(f"压缩包里没有 {PACKET}:不是本系统装订的上报材料")
    body = _manifest(files)
    loose = (*_of_manifest(body), *of_files(body, files), *of_verifier(files))
    inside = files.hashed(PACKET)
    if not inside:
        return (*loose, Line(holds=False, text=f"{PACKET} 已损坏,解不开")), str(body.get("root_sha256", ""))
    lines, root_hash = _of_pdf(io.BytesIO(files.read(PACKET)))
    same = root_hash == body.get("root_sha256")
    link = Line(holds=same, text=f"压缩包的清单与 PDF 内的清单{'一致' if same else '不一致'}")
    return (*loose, link, *lines), root_hash


def _refuse_bomb(archive: zipfile.ZipFile, size: int) -> None:
    entries = archive.infolist()
    total = sum(entry.file_size for entry in entries)
    if len(entries) > FILE_LIMIT or total > SIZE_LIMIT or total > RATIO * size + 64 * 1024 * 1024:
        raise no_packet("压缩包太大,不像是上报材料")
