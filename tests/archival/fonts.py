"""ISO 19005-2, 6.2.11: every glyph that is shown is embedded, as wide as stated, and has a character."""

import contextlib
import io
import re
from collections import defaultdict
from typing import Any

import pikepdf
from fontTools.cffLib import CFFFontSet
from fontTools.misc.psCharStrings import T2WidthExtractor
from fontTools.ttLib import TTFont

from tests.archival.drawn import appearances
from tests.archival.parts import name

_INVISIBLE = 3


def of_fonts(pdf):
    shown = _Shown()
    for page in pdf.pages:
        shown.take(page.obj, page.obj.get("/Resources"))
        for note in page.obj.get("/Annots", []):
            for look in appearances(note):
                shown.take(look, look.get("/Resources"))
    for key, font in shown.fonts.items():
        yield from _of_font(font, shown.codes[key])
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary) and name(thing, "/Type") == "FontDescriptor" and not _program(thing):
            yield f"6.2.11.4.1 {name(thing, '/FontName')} is not embedded"


class _Shown:
    """Which codes of which font are shown; those drawn invisibly are left out."""

    def __init__(self):
        self.fonts, self.codes, self.seen = {}, defaultdict(set), set()

    def take(self, content, resources):
        if resources is None or content.objgen in self.seen:
            return
        self.seen.add(content.objgen)
        self._read(content, resources.get("/Font", pikepdf.Dictionary()))
        for drawing in resources.get("/XObject", {}).values():
            if name(drawing, "/Subtype") == "Form":
                self.take(drawing, drawing.get("/Resources"))

    def _read(self, content, fonts):
        font, mode, kept = None, 0, []
        for operands, operator in pikepdf.parse_content_stream(content, "q Q Tf Tr Tj TJ ' \""):
            match str(operator):
                case "q" | "Q" as word:
                    font, mode = _kept(word, (font, mode), kept)
                case "Tf":
                    font = fonts.get(str(operands[0]))
                case "Tr":
                    mode = int(operands[0])
                case _:
                    self._add(None if mode == _INVISIBLE else font, operands[-1])

    def _add(self, font, text):
        if font is None:
            return
        key = font.objgen
        self.fonts[key] = font
        for one in [text] if isinstance(text, pikepdf.String) else text:
            if isinstance(one, pikepdf.String):
                data = bytes(one)
                self.codes[key] |= {int.from_bytes(data[at : at + 2]) for at in range(0, len(data), 2)}


def _kept(word, state, kept):
    """The font and mode after q, which keeps them, or Q, which brings back what was kept."""
    if word == "Q":
        return kept.pop()
    kept.append(state)
    return state


def _of_font(font, codes):
    label = name(font, "/BaseFont")
    if (name(font, "/Type"), name(font, "/Subtype")) != ("Font", "Type0"):
        yield f"6.2.11 {label} is a {name(font, '/Subtype')}: the service makes none, and nothing here reads it"
        return
    inner = font.DescendantFonts[0]
    if name(font, "/Encoding") not in {"Identity-H", "Identity-V"}:
        yield f"6.2.11.3.3 the codes of {label} are mapped by {name(font, '/Encoding')}"
    if not {"/CIDSystemInfo", "/FontDescriptor"} <= set(inner.keys()):
        yield f"6.2.11.3.1 {label} does not say what its codes are"
    if name(inner, "/Subtype") == "CIDFontType2" and name(inner, "/CIDToGIDMap") != "Identity":
        yield f"6.2.11.3.2 {label} has no CIDToGIDMap"
    if unknown := codes - _with_characters(font):
        yield f"6.2.11.7 {label} shows codes without a character: {sorted(unknown)[:5]}"
    if program := _program(inner.FontDescriptor):
        yield from _of_glyphs(inner, label, codes, _widths_in(program))


def _with_characters(font):
    """The codes that have a character; level B does not ask for it, but what cannot be searched is no archive."""
    text = font.ToUnicode.read_bytes().decode("latin-1") if "/ToUnicode" in font else ""
    found = set()
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.DOTALL):
        found |= {int(code, 16) for code in re.findall(r"<([0-9A-Fa-f]+)>\s*<", block)}
    for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.DOTALL):
        for low, high in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*[<\[]", block):
            found |= set(range(int(low, 16), int(high, 16) + 1))
    return found


def _of_glyphs(inner, label, codes, widths):
    stated = _widths_stated(inner)
    for code in sorted(codes):
        if code == 0:
            yield f"6.2.11.8 {label} shows the glyph for what it has not"
        elif code not in widths:
            yield f"6.2.11.4.1 {label} shows glyphs that are not embedded"
        elif abs(stated[code] - widths[code]) > 1:
            yield f"6.2.11.5 the widths stated of {label} are not those of the font"
    if "/CIDSet" in inner.FontDescriptor and _held(inner.FontDescriptor.CIDSet.read_bytes()) != set(widths):
        yield f"6.2.11.4.2 the CIDSet of {label} is not the set of its glyphs"


def _held(bits):
    return {8 * at + bit for at, byte in enumerate(bits) for bit in range(8) if byte & (0x80 >> bit)}


def _widths_stated(inner):
    default = float(inner.get("/DW", 1000))
    found, entries = defaultdict(lambda: default), list(inner.get("/W", []))
    while entries:
        first, second = int(entries.pop(0)), entries.pop(0)
        if isinstance(second, pikepdf.Array):
            found |= {first + at: float(width) for at, width in enumerate(second)}
        else:
            found |= dict.fromkeys(range(first, int(second) + 1), float(entries.pop(0)))
    return found


# ---- font programs ------------------------------------------------------------------------------------------


def _program(descriptor):
    return next((descriptor[key] for key in ("/FontFile2", "/FontFile3") if key in descriptor), None)


def _widths_in(stream):
    """The width of every glyph in a font program, by its CID, in thousandths of an em."""
    data = stream.read_bytes()
    if name(stream, "/Subtype") == "CIDFontType0C":
        fonts = CFFFontSet()
        fonts.decompile(io.BytesIO(data), None)
        return _widths_in_cff(fonts[0])
    font: Any
    with TTFont(io.BytesIO(data), lazy=True) as font:
        glyphs = font["CFF "].cff[0].charset if "CFF " in font else font.getGlyphOrder()
        em = font["head"].unitsPerEm
        return {_cid(glyph, at): font["hmtx"][glyph][0] * 1000 / em for at, glyph in enumerate(glyphs)}


class _KnownError(Exception):
    """The width of a glyph is known: its first numbers say it, the outline need not be followed."""


class _Width(T2WidthExtractor):
    def popallWidth(self, evenOdd=0):  # noqa: N802, N803 - fontTools' names
        super().popallWidth(evenOdd)
        raise _KnownError


def _widths_in_cff(font):
    found = {}
    for at, glyph in enumerate(font.charset):
        drawn = font.CharStrings[glyph]
        private = drawn.private
        reader = _Width(
            getattr(private, "Subrs", []), drawn.globalSubrs, private.nominalWidthX, private.defaultWidthX, private
        )
        with contextlib.suppress(_KnownError):
            reader.execute(drawn)
        found[_cid(glyph, at)] = reader.width * 1000 * font.FontMatrix[0]
    return found


def _cid(glyph, at):
    return int(glyph.removeprefix("cid")) if re.fullmatch(r"cid\d+", glyph) else at
