"""Checking a packet from the packet alone: every hash, every page range, the root on the cover."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pikepdf
import pypdf

from services.bundle.archive import MANIFEST, PACKET
from services.bundle.manifest import FORMAT, pages_digest, root, sha256
from services.carriers import box
from services.carriers.reading import UnreadableError

FILE_LIMIT = 2_000
SIZE_LIMIT = 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that was checked, and whether it holds."""

    holds: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """Everything that was checked. `root` is the packet's root hash, empty when none was found."""

    lines: tuple[Line, ...]
    root: str = ""

    @property
    def holds(self) -> bool:
        """Whether everything holds."""
        return bool(self.lines) and all(line.holds for line in self.lines)


def _no_packet(message: str) -> UnreadableError:
    return UnreadableError("not-a-packet", message, "the file is not a packet that this service bound")


def verify(data: bytes) -> Verified:
    """Return what holds and what does not in a packet (PDF or zip), recomputed in a box.

    Raises:
        UnreadableError: it is neither, or carries no manifest.
    """
    told = box.run("services.bundle.verify:verify_here", data, {})
    lines = tuple(Line(holds=holds, text=text) for holds, text in told["lines"])
    return Verified(lines=lines, root=told["root"])


def verify_here(data: bytes) -> dict[str, Any]:
    """Return the same as JSON, without a box of its own.

    Raises:
        UnreadableError: it is neither PDF nor zip, or carries no manifest.
    """
    lines, root_hash = _of_archive(data) if data.startswith(b"PK") else _of_pdf(data)
    return {"lines": [(line.holds, line.text) for line in lines], "root": root_hash}


def _of_pdf(data: bytes) -> tuple[tuple[Line, ...], str]:
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            files = {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}
            body = _manifest(files.get(MANIFEST))
            lines = (*_of_manifest(body), *_of_files(body, files), *_of_pages(body, pdf), *_of_cover(body, data))
    except (pikepdf.PdfError, RuntimeError) as error:
        raise _no_packet("这不是上报材料:应为本系统装订的 PDF 或压缩包") from error
    return lines, str(body.get("root_sha256", ""))


def _manifest(data: bytes | None) -> Mapping[str, Any]:
    if data is None:
        raise _no_packet(f"文件里没有 {MANIFEST}:不是本系统装订的上报材料,或者内嵌的清单被去掉了")
    try:
        body = json.loads(data)
        if body["format"] != FORMAT or not isinstance(body["entries"], list):
            raise _no_packet(f"{MANIFEST} 的格式是 {body['format']!r},应为 {FORMAT}")
    except (ValueError, TypeError, KeyError) as error:
        raise _no_packet(f"{MANIFEST} 读不出来,不能校验") from error
    return body


def _of_manifest(body: Mapping[str, Any]) -> Iterator[Line]:
    stated, computed = str(body.get("root_sha256", "")), root(body)
    yield Line(holds=stated == computed, text=f"清单总校验值 {computed[:16]}…" + _unlike(stated, computed))


def _unlike(stated: str, computed: str) -> str:
    return "" if stated == computed else f"与清单所写 {stated[:16]}… 不一致"


def _of_files(body: Mapping[str, Any], files: Mapping[str, bytes]) -> Iterator[Line]:
    for entry in body["entries"]:
        for name, stated in ((entry["file"], entry["file_sha256"]), (entry["record"], entry["record_sha256"])):
            if not name:
                continue
            computed = sha256(files[name]) if name in files else ""
            said = "缺少" if name not in files else "内容已改动" if computed != stated else "一致"
            yield Line(holds=computed == stated, text=f"{_named(entry)} {name}:{said}")
    listed = {name for entry in body["entries"] for name in (entry["file"], entry["record"])} | {MANIFEST}
    for name in sorted(set(files) - listed):
        yield Line(holds=False, text=f"多出清单里没有的文件 {name}")


def _named(entry: Mapping[str, Any]) -> str:
    """Return what a person calls a piece: 第 2 件《…评估表》, and 《封面》 for what the service added."""
    return (f"第 {entry['number']} 件" if entry["number"] else "") + f"《{entry['title']}》"


def _of_pages(body: Mapping[str, Any], pdf: pikepdf.Pdf) -> Iterator[Line]:
    count, expected = len(pdf.pages), int(body["page_count"])
    yield Line(holds=count == expected, text=f"共 {count} 页" + ("" if count == expected else f",清单为 {expected} 页"))
    following = 1
    for entry in body["entries"]:
        first, last = int(entry["first_page"]), int(entry["last_page"])
        yield _pages_line(entry, pdf, following)
        following = last + 1 if last >= first else following
    yield Line(
        holds=following == expected + 1, text="各件页码首尾相接" if following == expected + 1 else "各件页码不相接"
    )


def _pages_line(entry: Mapping[str, Any], pdf: pikepdf.Pdf, following: int) -> Line:
    first, last = int(entry["first_page"]), int(entry["last_page"])
    where = f"{_named(entry)}第 {first}–{last} 页"
    if first != following or last > len(pdf.pages):
        return Line(holds=False, text=f"{where}:页码与实际不符")
    if not entry["pages_sha256"]:
        return Line(holds=first == last == 1, text=f"{where}:封面,以总校验值为准")
    same = pages_digest(pdf, first, last) == entry["pages_sha256"]
    return Line(holds=same, text=f"{where}:{'一致' if same else '页面内容已改动'}")


def _of_cover(body: Mapping[str, Any], data: bytes) -> Iterator[Line]:
    text = re.sub(r"\s+", "", pypdf.PdfReader(io.BytesIO(data)).pages[0].extract_text())
    wanted = (("总校验值", root(body)), ("单位名称", str(body["unit"])), ("机构编码", str(body["agency_code"])))
    for name, value in wanted:
        there = re.sub(r"\s+", "", value) in text
        yield Line(holds=there, text=f"封面上的{name}{'与清单一致' if there else '与清单不一致'}")


def _of_archive(data: bytes) -> tuple[tuple[Line, ...], str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = _unpacked(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise _no_packet("压缩包已损坏或加了密码,不能校验") from error
    if PACKET not in files:
        raise _no_packet(f"压缩包里没有 {PACKET}:不是本系统装订的上报材料")
    body = _manifest(files.get(MANIFEST))
    lines, root_hash = _of_pdf(files[PACKET])
    same = root_hash == body.get("root_sha256")
    link = Line(holds=same, text=f"压缩包的清单与 PDF 内的清单{'一致' if same else '不一致'}")
    loose = {name: content for name, content in files.items() if name != PACKET}
    return (*_of_manifest(body), *_of_files(body, loose), link, *lines), root_hash


def _unpacked(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > FILE_LIMIT or sum(entry.file_size for entry in entries) > SIZE_LIMIT:
        raise _no_packet("压缩包太大,不像是上报材料")
    return {entry.filename: archive.read(entry) for entry in entries if not entry.is_dir()}
