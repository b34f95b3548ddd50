"""Pictures as clerks hand them in, made into pages: upright, at most A4 at 300 dpi, grey without colour.

Pillow reads them; what it does not (HEIC) is refused with what to do on the telephone.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import pikepdf
from PIL import Image, ImageChops, ImageOps

from services.bundle.refused import A4_MM, DPI, PAGE_LIMIT, PIXEL_LIMIT, refused, wrong_count
from services.carriers.reading import UnreadableError

LEAST_SIDE_PT = 3
TOTAL_PIXELS = 1_500_000_000
QUALITY = 85
COLOUR = 24
"""How far apart red, green and blue may be (of 255) in a picture taken for grey; seals and pens are beyond 60."""

_MM_PER_INCH = 25.4
_HEADS: Mapping[bytes, str] = MappingProxyType(
    {
        b"\xff\xd8\xff": "jpeg",
        b"\x89PNG\r\n\x1a\n": "png",
        b"II*\x00": "tiff",
        b"MM\x00*": "tiff",
        b"BM": "bmp",
        b"GIF87a": "gif",
        b"GIF89a": "gif",
        b"\x00\x00\x00\x0cjP  ": "jpeg2000",
    }
)
_BRANDS: Mapping[bytes, str] = MappingProxyType(
    {b"avif": "avif", **dict.fromkeys((b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1"), "heic")}
)
_DEEP = ("I;16", "I;16B", "I;16L", "I;16N")


def picture_of(data: bytes) -> str:
    """Return 'jpeg', 'png', 'tiff', … by the first bytes, '' when it is no picture."""
    for head, kind in _HEADS.items():
        if data.startswith(head):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return _BRANDS.get(data[8:12], "") if data[4:8] == b"ftyp" else ""


def picture_pages(data: bytes) -> bytes:
    """Return a PDF with one page for each frame of a picture.

    Raises:
        UnreadableError: it is damaged, too large, of too many frames, or of a kind that Pillow does not read.
    """
    kind = picture_of(data)
    if kind == "heic":
        raise refused(
            "这是手机的 HEIC 照片,打不开。请在手机“相机-格式”里选“兼容性最佳”重新拍摄,或另存为 JPG 后再上传",
            "HEIC pictures cannot be read; save as JPEG",
        )
    try:
        with Image.open(io.BytesIO(data), formats=[kind.upper()]) as image:
            return _pages(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError) as error:
        raise refused(
            "这张图片打不开或不完整。请重新拍摄或另存为 JPG 后再上传", "the picture is damaged or incomplete"
        ) from error


def _pages(image: Image.Image) -> bytes:
    frames = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1  # a moving picture is its first frame
    if frames > PAGE_LIMIT:
        raise wrong_count(frames, "这份图片", "the picture")
    pdf = pikepdf.new()
    for frame in _frames(image, frames):
        _add_page(pdf, frame)
    data = io.BytesIO()
    pdf.save(data, deterministic_id=True)
    return data.getvalue()


def _frames(image: Image.Image, count: int) -> Iterator[Image.Image]:
    left = TOTAL_PIXELS
    for number in range(count):
        image.seek(number)
        left -= image.width * image.height
        if image.width * image.height > PIXEL_LIMIT or left < 0:
            raise _too_many_pixels()
        yield reduced(without_colour(_plain(ImageOps.exif_transpose(image))), *_a4(image))


def _too_many_pixels() -> UnreadableError:
    return refused(
        f"这张图片的像素超过 {PIXEL_LIMIT // 10_000} 万,太大了。请缩小后再上传", "the picture has too many pixels"
    )


def _plain(image: Image.Image) -> Image.Image:
    """Return the picture as 1 bit, grey or RGB, on white where one can see through it."""
    if image.mode in _DEEP:
        return image.point(lambda value: value / 256).convert("L")
    if image.mode in ("1", "L"):
        return image
    if image.has_transparency_data:
        clear = image.convert("RGBA")
        paper = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(paper, clear).convert("RGB")
    return image.convert("L" if image.mode in ("I", "F") else "RGB")


def _a4(image: Image.Image) -> tuple[int, int]:
    """Return how many pixels A4 at 300 dpi has, lying for a lying picture."""
    short, long = (round(side / _MM_PER_INCH * DPI) for side in A4_MM)
    return (long, short) if image.width > image.height else (short, long)


def reduced(image: Image.Image, width: int, height: int) -> Image.Image:
    """Return the picture with at most so many pixels each way; one of 1 bit stays one."""
    if image.width <= width and image.height <= height:
        return image
    grey = image.convert("L") if image.mode == "1" else image.copy()
    grey.thumbnail((width, height), Image.Resampling.LANCZOS)
    return grey.convert("1", dither=Image.Dither.NONE) if image.mode == "1" else grey


def without_colour(image: Image.Image) -> Image.Image:
    """Return an RGB picture in which nothing is coloured as grey, any other as it is."""
    return image.convert("L") if image.mode == "RGB" and is_colourless(image) else image


def is_colourless(image: Image.Image) -> bool:
    """Return whether no spot of an RGB picture is coloured; single pixels (noise of a scanner) do not count."""
    small = image.reduce(min(4, image.width, image.height))
    red, green, blue = small.split()
    pairs = ((red, green), (green, blue), (red, blue))
    return all(_most(ImageChops.difference(one, other)) < COLOUR for one, other in pairs)


def _most(image: Image.Image) -> int:
    return max(value for value, count in enumerate(image.histogram()) if count)


def _add_page(pdf: pikepdf.Pdf, image: Image.Image) -> None:
    width, height = (max(side, LEAST_SIDE_PT) for side in image.size)
    pdf.add_blank_page(page_size=(width, height))
    page = pdf.pages[-1]
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=drawing(pdf, image)))
    page.Contents = pdf.make_stream(f"q {width} 0 0 {height} 0 0 cm /P Do Q".encode())


def drawing(pdf: pikepdf.Pdf, image: Image.Image) -> pikepdf.Stream:
    """Return a 1-bit, grey or RGB picture as a PDF image: packed without loss at 1 bit, as JPEG else."""
    if image.mode == "1":
        data, packing, bits = image.tobytes(), None, 1
    else:
        jpeg = io.BytesIO()
        image.save(jpeg, "JPEG", quality=QUALITY, optimize=True)
        data, packing, bits = jpeg.getvalue(), pikepdf.Name.DCTDecode, 8
    made = pikepdf.Stream(
        pdf,
        data,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=image.width,
        Height=image.height,
        ColorSpace=pikepdf.Name.DeviceRGB if image.mode == "RGB" else pikepdf.Name.DeviceGray,
        BitsPerComponent=bits,
    )
    if packing is not None:
        made.Filter = packing
    return made
