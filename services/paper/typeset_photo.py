"""Photographs made fit for print."""

from __future__ import annotations

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from services.answers import place_at, scalars
from services.findings import Finding, Problem, Severity, found
from services.form import Form
from services.kinds import Picture
from services.record import Record, at

_MOST_PIXELS = 40_000_000
_LONG_SIDE = 1600
_ORIENTATION = 0x0112
_UPRIGHT = 1

_UNREADABLE = Problem(
    rule="D05",
    code="picture.unreadable",
    severity=Severity.CONFIRM,
    phrase="的图片打不开,没有印出",
    phrase_en="is a picture that cannot be opened; it was not printed",
    got="打不开的图片",
    want="jpg 或 png 图片",
    remedy="请换一张 jpg 或 png 照片",
)


def photos(form: Form, record: Record) -> tuple[dict[str, tuple[str, bytes]], tuple[Finding, ...]]:
    """Return the pictures by path as (file name, bytes that Typst opens), and the faults of the others."""
    ready: dict[str, tuple[str, bytes]] = {}
    findings: list[Finding] = []
    for path, asked in scalars(form).items():
        data = at(record, path)
        if not isinstance(asked.kind, Picture) or not isinstance(data, bytes):
            continue
        picture = _opened(data)
        if picture is None:
            findings.append(found(_UNREADABLE, field=path, label=asked.label, place=place_at(form, path)))
        else:
            ready[path] = (f"{path}{picture[0]}", picture[1])
    return ready, tuple(findings)


def _opened(data: bytes) -> tuple[str, bytes] | None:
    """Return the picture upright, in grey or RGB and of a sensible size, as (suffix, bytes).

    One that is so already is taken as it is.
    """
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                return None
            picture.load()
            if _is_plain(picture):
                return (".jpg" if picture.format == "JPEG" else ".png"), data
            return ".jpg", _redrawn(picture)
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError, Image.DecompressionBombError):
        return None


def _is_plain(picture: Image.Image) -> bool:
    upright = picture.getexif().get(_ORIENTATION, _UPRIGHT) == _UPRIGHT
    return upright and picture.mode in {"L", "RGB"} and max(picture.size) <= _LONG_SIDE


def _redrawn(picture: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(picture)
    if "A" in upright.mode or upright.mode == "P":
        ground = Image.new("RGBA", upright.size, "white")
        ground.alpha_composite(upright.convert("RGBA"))
        upright = ground
    upright = upright.convert("RGB")
    upright.thumbnail((_LONG_SIDE, _LONG_SIDE))
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=90)
    return out.getvalue()
