"""Which characters our faces can print, and what is printed for those they cannot.

A face prints with its own glyphs first and the next faces of its list after them (design decision 10);
what none of them has is printed as 〓 and reported, never as an empty box.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from fontTools.ttLib import TTFont

from services.settings import fonts_of

Role = Literal["fang", "song", "hei"]
"""What a face is for: 仿宋 (answers), 宋体 (texts, titles in bold), 黑体 (labels)."""

GETA = "〓"
"""The printer's mark for a missing type (下駄), which GB 2312 has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """A font: its family name in Typst, its file, and whether it only gives Latin letters and digits."""

    family: str
    file: str
    latin_only: bool = False


_LATIN = Face(family="Liberation Serif", file="LiberationSerif-Regular.ttf", latin_only=True)
_FANG = Face(family="FandolFang R", file="FandolFang-Regular.otf")
_SONG = Face(family="Noto Serif CJK SC", file="NotoSerifCJKsc-Regular.otf")
_HEI = Face(family="Noto Sans CJK SC", file="NotoSansCJKsc-Regular.otf")
_REST = Face(family="DejaVu Sans", file="DejaVuSans.ttf")

FACES: MappingProxyType[Role, tuple[Face, ...]] = MappingProxyType(
    {
        "fang": (_LATIN, _FANG, _SONG, _HEI, _REST),
        "song": (_LATIN, _SONG, _HEI, _REST),
        "hei": (_HEI, _SONG, _REST),
    }
)

# Marks that steer the writing and have no shape of their own; leaving them out changes nothing on paper.
_SHAPELESS = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff") | {
    chr(code) for start, stop in ((0x202A, 0x202F), (0x2061, 0x2070), (0xFE00, 0xFE10)) for code in range(start, stop)
}
_LINE_ENDS = frozenset("\v\f\x85\u2028\u2029")


def fonts_folder() -> Path:
    """Return the folder of the single faces that Typst uses."""
    return fonts_of() / "typst"


@lru_cache(maxsize=16)
def _characters(file: str) -> frozenset[int]:
    """Return the code points of a font file (0.1 s for a large one, read once a process)."""
    with TTFont(fonts_folder() / file, lazy=True) as font:
        return frozenset(font.getBestCmap() or ())


def printable(text: str) -> str:
    """Return `text` as it is set: composed letters, one kind of line end, blanks for tabs, no shapeless marks."""
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", text)
    return "".join(_set(character) for character in composed if character not in _SHAPELESS)


def _set(character: str) -> str:
    if character in _LINE_ENDS:
        return "\n"
    if character == "\t":
        return "\u3000"
    if character != "\n" and unicodedata.category(character) == "Cc":
        return ""
    return " " if unicodedata.category(character) == "Zs" and character != "\u3000" else character


def uncovered(text: str, face: Role = "fang") -> tuple[str, ...]:
    """Return the characters of `text` that no face of the list covers, each once, in order.

    A letter with combining marks counts as one character, which one face must cover as a whole.
    Rule N01.
    """
    shown = printable(text)
    if _is_common(shown):
        return ()
    clusters = (cluster for cluster in _clusters(shown) if cluster != "\n")
    return tuple(dict.fromkeys(cluster for cluster in clusters if not _covered(cluster, face)))


def with_geta(text: str, missing: tuple[str, ...]) -> str:
    """Return `text` as it is set, each of the `missing` characters as 〓."""
    shown = printable(text)
    if not missing:
        return shown
    return "".join(GETA if cluster in missing else cluster for cluster in _clusters(shown))


def _is_common(text: str) -> bool:
    """Return whether `text` is of GB 2312 alone, which the faces cover: then no font file is opened."""
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _clusters(text: str) -> list[str]:
    found: list[str] = []
    for character in text:
        if found and found[-1] != "\n" and unicodedata.category(character) in ("Mn", "Me", "Mc"):
            found[-1] += character
        else:
            found.append(character)
    return found


def _covered(cluster: str, role: Role) -> bool:
    codes = frozenset(map(ord, cluster))
    # The faces are asked in order, so that a large font is opened only for what the first ones lack.
    return any(codes <= _characters(face.file) for face in FACES[role] if not face.latin_only)
