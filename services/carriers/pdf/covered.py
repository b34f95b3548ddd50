"""Printed words that are no longer seen though the text of a page still holds them: covered, blotted out, or white."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from services.carriers.pdf.collated import Index
from services.carriers.pdf.drawn import Drawn, Letter
from services.carriers.pdf.reissued import Reissued, Unit

_SCALE: Any = 1.5
_FAINT, _BLOT, _DARK = 0.35, 2.2, 160
_BARELY = 12
_FEW = 3
_HARMLESS = frozenset(
    {
        pdfium.FPDF_ANNOT_TEXT,
        pdfium.FPDF_ANNOT_POPUP,
        pdfium.FPDF_ANNOT_HIGHLIGHT,
        pdfium.FPDF_ANNOT_UNDERLINE,
        pdfium.FPDF_ANNOT_SQUIGGLY,
        pdfium.FPDF_ANNOT_LINK,
    }
)
"""Notes beside a text, and what is drawn to point it out."""


def covered(form: Reissued, data: bytes, pages: Sequence[Drawn], pairs: Mapping[int, int]) -> Iterator[Unit]:
    """Yield the units of which letters cannot be seen; `pairs` are the uploaded pages by issued page, from 0."""
    with pypdfium2.PdfDocument(form.data) as issued, pypdfium2.PdfDocument(data) as upload:
        for number, there in pairs.items():
            page = upload[there]
            _take_notes(page)
            if _differ(page.get_size(), issued[number].get_size()):
                continue
            before, after, index = _picture(issued[number]), _picture(page), Index(pages[there].letters)
            for unit in form.leaves[number].units:
                seen = ((letter, index.find(letter)) for letter in unit.letters)
                hidden = sum(_is_hidden((before, letter), (after, now)) for letter, now in seen if now)
                if hidden and not unit.pictured and (hidden > 1 or len(unit.letters) <= _FEW):
                    yield unit


def _differ(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return any(abs(a - b) > 1 for a, b in zip(one, other, strict=True))


def _take_notes(page: pypdfium2.PdfPage) -> None:
    for index in reversed(range(pdfium.FPDFPage_GetAnnotCount(page))):
        note = pdfium.FPDFPage_GetAnnot(page, index)
        kind = pdfium.FPDFAnnot_GetSubtype(note)
        pdfium.FPDFPage_CloseAnnot(note)
        if kind in _HARMLESS:
            pdfium.FPDFPage_RemoveAnnot(page, index)


def _picture(page: pypdfium2.PdfPage) -> Image.Image:
    bitmap: Any = page.render(scale=_SCALE, grayscale=True, may_draw_forms=False)
    return bitmap.to_pil().convert("L")


def _is_hidden(before: tuple[Image.Image, Letter], after: tuple[Image.Image, Letter]) -> bool:
    """Return whether the ink of a letter is gone, or drowned in more ink."""
    ink, there = _ink(*before), _ink(*after)
    return ink >= _BARELY and (there < _FAINT * ink or (there > _BLOT * ink and there > _DARK))


def _ink(picture: Image.Image, letter: Letter) -> float:
    """Return how dark the place of a letter is, 0 for white to 255 for black."""
    base, high = picture.height - letter.base * _SCALE, letter.size * _SCALE
    edges = letter.left * _SCALE, base - 0.85 * high, letter.right * _SCALE + 1, base + 0.1 * high + 1
    left, top = max(0, int(edges[0])), max(0, int(edges[1]))
    right, bottom = min(picture.width, int(edges[2])), min(picture.height, int(edges[3]))
    if left >= right or top >= bottom:
        return 0
    shade: Any = picture.resize((1, 1), Image.Resampling.BOX, box=(left, top, right, bottom)).getpixel((0, 0))
    return 255 - shade
