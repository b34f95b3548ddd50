"""A small invented portrait for the samples: a drawn head and shoulders, no one's photograph."""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageDraw

PIXELS_PER_MM = 9
SHIRTS = ("#2f4858", "#5a3e36", "#36513b", "#3d3a5c")
SKINS = ("#e8c6a4", "#dcb48f", "#efd0b0")
HAIR = "#231f1c"
BACKGROUND = "#b9cfe4"


@lru_cache(maxsize=32)
def portrait(width_mm: float, height_mm: float, seed: int) -> bytes:
    """Return a JPEG of `width_mm` by `height_mm` (9 pixels a millimetre); the same arguments give the same bytes."""
    width, height = round(width_mm * PIXELS_PER_MM), round(height_mm * PIXELS_PER_MM)
    image = Image.new("RGB", (width, height), BACKGROUND)
    _draw(ImageDraw.Draw(image), width, height, seed)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85, dpi=(PIXELS_PER_MM * 25.4,) * 2)
    return out.getvalue()


def _draw(pen: ImageDraw.ImageDraw, width: int, height: int, seed: int) -> None:
    """Draw from back to front: shoulders, collar, neck, hair, face, ears, eyes, mouth."""
    skin, shirt = SKINS[seed % len(SKINS)], SHIRTS[seed % len(SHIRTS)]

    def box(left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        return left * width, top * height, right * width, bottom * height

    pen.ellipse(box(0.06, 0.72, 0.94, 1.40), fill=shirt)
    pen.polygon(
        [(0.36 * width, 0.74 * height), (0.64 * width, 0.74 * height), (0.5 * width, 0.92 * height)], fill="white"
    )
    pen.rectangle(box(0.42, 0.58, 0.58, 0.78), fill=skin)
    pen.ellipse(box(0.27, 0.14, 0.73, 0.58), fill=HAIR)
    pen.ellipse(box(0.26, 0.36, 0.74, 0.48), fill=skin)
    pen.ellipse(box(0.31, 0.23, 0.69, 0.66), fill=skin)
    pen.pieslice(box(0.29, 0.16, 0.71, 0.44), 180, 360, fill=HAIR)
    for left in (0.39, 0.55):
        pen.ellipse(box(left, 0.41, left + 0.06, 0.435), fill=HAIR)
        pen.line(box(left - 0.01, 0.385, left + 0.07, 0.38), fill=HAIR, width=3)
    pen.line(box(0.5, 0.44, 0.49, 0.51), fill="#b98d68", width=3)
    pen.arc(box(0.43, 0.50, 0.57, 0.58), 20, 160, fill="#8a3b32", width=4)
