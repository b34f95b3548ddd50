"""Pictures inside a stranger's PDF brought down to 300 dpi on A4, and to grey where nothing is coloured.

How large a picture is drawn is found by following the transformations in the content; one that is drawn in
several places counts at its largest. What is smaller than `_LEAST` pixels stays: there is nothing to gain.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf
from PIL import Image

from services.bundle.pictures import QUALITY, drawing, is_colourless, reduced
from services.bundle.refused import A4_PT, DPI, PIXEL_LIMIT

_LEAST = 160_000
_TOTAL = 600_000_000
"""How many pixels are opened in one attachment; what is beyond stays as it is, the same for the same file."""
_OVER = 1.05
_WORTH = 0.8
"""A picture that only loses its colour is replaced when that takes a fifth of its size away."""
_DEPTH = 12

_IDENTITY = pikepdf.Matrix()


@dataclass(slots=True, kw_only=True)
class _Placed:
    """A picture and the largest size that it is drawn at, in points on A4."""

    image: pikepdf.Stream
    width: float = 0
    height: float = 0


def lighten(pdf: pikepdf.Pdf) -> int:
    """Replace the pictures that are finer than 300 dpi or grey in colours; return how many were too much work."""
    left, budget = 0, _TOTAL
    for placed in _placed(pdf).values():
        pixels = int(placed.image.get("/Width", 0)) * int(placed.image.get("/Height", 0))
        if pixels < _LEAST or pixels > PIXEL_LIMIT or not _may_gain(placed):
            continue
        budget -= pixels
        if budget < 0:
            left += 1
        else:
            _replace(placed)
    return left


def _placed(pdf: pikepdf.Pdf) -> dict[tuple[int, int], _Placed]:
    found: dict[tuple[int, int], _Placed] = {}
    for page in pdf.pages:
        left, bottom, right, top = (float(side) for side in page.mediabox)
        sides = right - left, top - bottom
        short, long = A4_PT
        room = (long, short) if sides[0] > sides[1] else (short, long)
        scale = min(room[0] / sides[0], room[1] / sides[1])
        for image, matrix in _drawn(page.obj, _IDENTITY.scaled(scale, scale), 0):
            placed = found.setdefault(image.objgen, _Placed(image=image))
            placed.width = max(placed.width, math.hypot(matrix.a, matrix.b))
            placed.height = max(placed.height, math.hypot(matrix.c, matrix.d))
    return found


def _drawn(content: Any, outer: pikepdf.Matrix, depth: int) -> Iterator[tuple[pikepdf.Stream, pikepdf.Matrix]]:
    """Yield each picture that a page or drawing draws, with its transformation."""
    drawings = content.get("/Resources", pikepdf.Dictionary()).get("/XObject", pikepdf.Dictionary())
    if depth > _DEPTH or not drawings:
        return
    for name, matrix in _done(content, outer):
        if name in drawings:
            yield from _of(drawings[name], matrix, depth)


def _done(content: Any, outer: pikepdf.Matrix) -> Iterator[tuple[str, pikepdf.Matrix]]:
    """Yield the name of each drawing that is called, with its transformation."""
    matrix, kept = outer, []
    for operands, operator in pikepdf.parse_content_stream(content, "q Q cm Do"):
        match str(operator):
            case "q":
                kept.append(matrix)
            case "Q":
                matrix = kept.pop() if kept else outer
            case "cm":
                matrix = pikepdf.Matrix(*(float(n) for n in operands)) @ matrix
            case _:
                yield str(operands[0]), matrix


def _of(drawn: Any, matrix: pikepdf.Matrix, depth: int) -> Iterator[tuple[pikepdf.Stream, pikepdf.Matrix]]:
    if str(drawn.get("/Subtype")) == "/Image":
        yield drawn, matrix
    elif str(drawn.get("/Subtype")) == "/Form":
        own = pikepdf.Matrix(*(float(n) for n in drawn.get("/Matrix", (1, 0, 0, 1, 0, 0))))
        yield from _drawn(drawn, own @ matrix, depth + 1)


def _target(placed: _Placed) -> tuple[int, int]:
    """Return how many pixels the picture's place has at 300 dpi."""
    return tuple(max(1, math.ceil(side / 72 * DPI)) for side in (placed.width, placed.height))  # pyright: ignore[reportReturnType]


def _is_over(placed: _Placed) -> bool:
    width, height = _target(placed)
    image = placed.image
    return int(image.Width) > width * _OVER and int(image.Height) > height * _OVER


def _may_gain(placed: _Placed) -> bool:
    image = placed.image
    is_mask = bool(image.get("/ImageMask", False)) or "/Mask" in image or "/Decode" in image
    has_colour = str(image.get("/ColorSpace", "")) != "/DeviceGray" and int(image.get("/BitsPerComponent", 8)) > 1
    return not is_mask and (_is_over(placed) or has_colour)


def _replace(placed: _Placed) -> None:
    """Put a lighter picture in the place of this one; one that Pillow does not understand stays."""
    try:
        image = pikepdf.PdfImage(placed.image).as_pil_image()
        lighter = _lighter(placed, image)
        if lighter is None:
            return
        _write(placed.image, lighter)
    except Exception:  # noqa: BLE001 - pictures in PDFs are odd in more ways than their readers have exceptions
        return


def _lighter(placed: _Placed, image: Image.Image) -> Image.Image | None:
    plain = image if image.mode in ("1", "L", "RGB") else image.convert("RGB")
    is_grey = plain.mode == "RGB" and is_colourless(plain)
    if is_grey:
        plain = plain.convert("L")
    if _is_over(placed):
        return _exactly(plain, *_target(placed))
    return plain if is_grey and _size(plain) < _WORTH * len(placed.image.read_raw_bytes()) else None


def _exactly(image: Image.Image, width: int, height: int) -> Image.Image:
    """Return the picture with as few pixels as keep 300 dpi both ways (it may be drawn stretched)."""
    factor = min(1.0, max(width / image.width, height / image.height))
    return reduced(image, math.ceil(image.width * factor), math.ceil(image.height * factor))


def _size(image: Image.Image) -> int:
    jpeg = io.BytesIO()
    image.save(jpeg, "JPEG", quality=QUALITY, optimize=True)
    return len(jpeg.getvalue())


def _write(old: pikepdf.Stream, image: Image.Image) -> None:
    with pikepdf.new() as scratch:
        new = drawing(scratch, image)
        data, packing = new.read_raw_bytes(), pikepdf.Name.DCTDecode if "/Filter" in new else None
        for key in ("/Width", "/Height", "/ColorSpace", "/BitsPerComponent"):
            old[key] = new[key]
    for key in ("/Intent", "/Decode", "/DecodeParms"):
        if key in old:
            del old[key]
    old.write(data, filter=packing)
