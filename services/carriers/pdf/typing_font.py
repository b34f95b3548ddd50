"""The face that travels in a fillable PDF, for what a clerk types there.

It has the characters of GB 2312 and rare ones of names (scripts/fonts.py chooses them), 1.3 MB in each
file. What the service itself fills in is drawn with the faces of the typeset form, so that the file
looks right before anybody types.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

import pikepdf
from fontTools.ttLib import TTFont

from services.settings import fonts_of

NAME = "ZPHei"
"""What the fields call the face in their appearance strings."""

_FILE = "NotoSansCJKsc-Regular.otf"
_POSTSCRIPT = "ZPHEIA+NotoSansCJKsc-Regular"
_FULL_EM = 1000
_MOST_PAIRS = 100
# One line of it is 1 em, as in the typeset form: viewers place what is typed by these.
_ASCENT, _DESCENT = 880, -120


@dataclass(frozen=True, slots=True, kw_only=True)
class _Face:
    """A face as a PDF wants it: compressed outlines and code map, widths of codes that are not 1 em, box."""

    outlines: bytes
    code_map: bytes
    widths: tuple[tuple[int, int], ...]
    box: tuple[int, ...]


@lru_cache(maxsize=1)
def _face() -> _Face:
    path = fonts_of() / "typing" / _FILE
    with TTFont(path, lazy=True) as font:
        codes = {character: _code(name) for character, name in (font.getBestCmap() or {}).items()}
        widths = {_code(name): width for name, (width, _) in font["hmtx"].metrics.items()}
        return _Face(
            outlines=zlib.compress(path.read_bytes(), 9),
            code_map=zlib.compress(_code_map(codes), 9),
            widths=tuple(sorted((code, width) for code, width in widths.items() if width != _FULL_EM)),
            box=tuple(round(edge) for edge in font["CFF "].cff.topDictIndex[0].FontBBox),
        )


def _code(glyph: str) -> int:
    """Return the code of a glyph: its CID, which the face's own charset names."""
    return int(glyph.removeprefix("cid")) if glyph != ".notdef" else 0


def _code_map(codes: Mapping[int, int]) -> bytes:
    """Return the map from codes back to characters; a glyph of several characters is the first of them."""
    characters: dict[int, int] = {}
    for character, code in sorted(codes.items()):
        characters.setdefault(code, character)
    pairs = [
        f"<{code:04X}> <{chr(character).encode('utf-16-be').hex().upper()}>"
        for code, character in sorted(characters.items())
    ]
    runs = [pairs[start : start + _MOST_PAIRS] for start in range(0, len(pairs), _MOST_PAIRS)]
    body = "\n".join(f"{len(run)} beginbfchar\n{chr(10).join(run)}\nendbfchar" for run in runs)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode()


def embed(document: pikepdf.Pdf) -> pikepdf.Object:
    """Return the face as a font of `document`."""
    face = _face()
    outlines = _stream(document, face.outlines, Subtype=pikepdf.Name.OpenType)
    descriptor = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor,
        FontName=pikepdf.Name(f"/{_POSTSCRIPT}"),
        Flags=4,
        FontBBox=pikepdf.Array(face.box),
        ItalicAngle=0,
        Ascent=_ASCENT,
        Descent=_DESCENT,
        CapHeight=733,
        StemV=80,
        FontFile3=outlines,
    )
    descendant = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.CIDFontType0,
        BaseFont=pikepdf.Name(f"/{_POSTSCRIPT}"),
        CIDSystemInfo=pikepdf.Dictionary(
            Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0
        ),
        FontDescriptor=document.make_indirect(descriptor),
        DW=_FULL_EM,
        W=pikepdf.Array(list(_width_runs(face.widths))),
    )
    return document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type0,
            BaseFont=pikepdf.Name(f"/{_POSTSCRIPT}-Identity-H"),
            Encoding=pikepdf.Name("/Identity-H"),
            DescendantFonts=pikepdf.Array([document.make_indirect(descendant)]),
            ToUnicode=_stream(document, face.code_map),
        )
    )


def _stream(document: pikepdf.Pdf, packed: bytes, **entries: Any) -> pikepdf.Object:
    stream = pikepdf.Stream(document, packed)
    stream.stream_dict["/Filter"] = pikepdf.Name.FlateDecode
    for name, value in entries.items():
        stream.stream_dict[f"/{name}"] = value
    return document.make_indirect(stream)


def _width_runs(widths: tuple[tuple[int, int], ...]) -> Iterator[Any]:
    """Yield the widths as PDF writes them: first code, then the widths of the codes that follow it."""
    numbered = ((code - position, code, width) for position, (code, width) in enumerate(widths))
    for _, run in groupby(numbered, key=lambda entry: entry[0]):
        entries = list(run)
        yield entries[0][1]
        yield pikepdf.Array([width for _, _, width in entries])
