"""The pages of a packet against the manifest's digests: what changed, what is missing, what was moved."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pikepdf

from services.bundle.pagedigest import Pages
from services.bundle.verify_told import Line, named

_DAMAGED = bytes(32)


def of_pages(body: Mapping[str, Any], pdf: pikepdf.Pdf) -> Iterator[Line]:
    """Yield what holds of the number of pages, of each piece's pages, and of their order."""
    count, expected = len(pdf.pages), int(body["page_count"])
    yield Line(holds=count == expected, text=f"共 {count} 页" + ("" if count == expected else f",清单为 {expected} 页"))
    hashes = tuple(_hashes(pdf))
    following, shift, is_broken = 1, 0, False
    for entry in body["entries"]:
        first, last = int(entry["first_page"]), int(entry["last_page"])
        if first != following or last < first:
            yield Line(holds=False, text=f"{_where(entry)}:清单里的页码不相接")
            return
        line, shift = _piece(entry, hashes, shift, is_broken=is_broken)
        is_broken = is_broken or not line.holds
        following = last + 1
        yield line
    said = "各件页码首尾相接" if following == expected + 1 else "各件页码不相接"
    yield Line(holds=following == expected + 1, text=said)


def _hashes(pdf: pikepdf.Pdf) -> Iterator[bytes]:
    pages = Pages(pdf)
    for number in range(len(pdf.pages)):
        try:
            yield bytes.fromhex(pages.page(number))
        except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, AttributeError, KeyError):
            yield _DAMAGED


def _where(entry: Mapping[str, Any]) -> str:
    return f"{named(entry)}第 {entry['first_page']}–{entry['last_page']} 页"


def _piece(entry: Mapping[str, Any], hashes: Sequence[bytes], shift: int, *, is_broken: bool) -> tuple[Line, int]:
    """Return what holds of a piece's pages, and by how many pages it and what follows are shifted.

    After a piece that lost or gained pages the following ones are whole, only elsewhere: they hold.
    """
    first, last, stated = int(entry["first_page"]), int(entry["last_page"]), entry["pages_sha256"]
    where = _where(entry)
    if not stated:
        return Line(holds=first == last == 1, text=f"{where}:封面,以总校验值为准"), shift
    length = last - first + 1
    if _digest(hashes, first - 1 + shift, length) == stated:
        moved = f"(现为第 {first + shift}–{last + shift} 页)" if shift else ""
        return Line(holds=True, text=f"{where}:一致{moved}"), shift
    found = next((at for at in range(len(hashes)) if _digest(hashes, at, length) == stated), None)
    if found is None:
        return Line(holds=False, text=f"{where}:{_lost(hashes, first - 1 + shift, length)}"), shift
    moved = f"(现为第 {found + 1}–{found + length} 页)"
    if is_broken:
        return Line(holds=True, text=f"{where}:一致{moved}"), found + 1 - first
    return Line(holds=False, text=f"{where}:页面被移动{moved}"), shift


def _lost(hashes: Sequence[bytes], start: int, length: int) -> str:
    pages = hashes[start : start + length]
    if len(pages) < length:
        return "缺页"
    if _DAMAGED in pages:
        return f"第 {start + pages.index(_DAMAGED) + 1} 页已损坏,读不出"
    return "页面内容已改动,或有缺页、多页"


def _digest(hashes: Sequence[bytes], start: int, length: int) -> str:
    part = hashes[start : start + length] if start >= 0 else ()
    return hashlib.sha256(b"".join(part)).hexdigest() if len(part) == length else ""
