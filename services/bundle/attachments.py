"""Attachments as clerks hand them in (PDF, JPEG, PNG), made into plain PDF pages that can be bound.

Only page content is taken over: no scripts, actions, forms, links or embedded files come along. What
is done here reads hostile bytes, so it is called in the box of `services.carriers.box`.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import pikepdf
from PIL import Image, ImageOps

from services.carriers.reading import UnreadableError

PAGE_LIMIT = 500
LEAST_SIDE_PT = 3
SIDE_LIMIT_PT = 14_400
PIXEL_LIMIT = 50_000_000
DPI = 300
A4_MM = (210, 297)
_MM_PER_INCH = 25.4


def _refused(message: str, english: str) -> UnreadableError:
    return UnreadableError("attachment", message, english)


def media_of(data: bytes) -> str:
    """Return 'pdf', 'jpeg', 'png' or '' by what the bytes are, whatever the file is called."""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    return "png" if data.startswith(b"\x89PNG\r\n\x1a\n") else ""


def plain_pages(data: bytes) -> bytes:
    """Return a PDF with one plain page for each page of an attachment.

    Raises:
        UnreadableError: it is no PDF, JPEG or PNG, cannot be read, or is over a limit.
    """
    media = media_of(data)
    if media == "pdf":
        return _from_pdf(data)
    if media:
        return _from_image(data)
    raise _refused("附件只收 PDF、JPG、PNG。请把这份材料另存为 PDF 后再上传", "attachments must be PDF, JPEG or PNG")


def page_sizes(data: bytes) -> tuple[bool, ...]:
    """Return for each page of a `plain_pages` PDF whether it lies (is wider than high)."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return tuple(_size(page)[0] > _size(page)[1] for page in pdf.pages)


def _size(page: pikepdf.Page) -> tuple[float, float]:
    left, bottom, right, top = (float(side) for side in page.mediabox)
    return right - left, top - bottom


def _from_pdf(data: bytes) -> bytes:
    try:
        with pikepdf.open(io.BytesIO(data)) as source:
            return _copied(source)
    except pikepdf.PasswordError as error:
        raise _refused("这份 PDF 加了密码,打不开。请去掉密码后再上传", "the PDF is protected by a password") from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError) as error:
        raise _refused("这份 PDF 已损坏,读不出页面。请重新扫描或另存后再上传", "the PDF is damaged") from error


def _copied(source: pikepdf.Pdf) -> bytes:
    count = len(source.pages)
    if not 1 <= count <= PAGE_LIMIT:
        raise _refused(
            f"这份 PDF 有 {count} 页;一份附件应为 1–{PAGE_LIMIT} 页。请拆开后再上传", f"the PDF has {count} pages"
        )
    target = pikepdf.new()
    for page in source.pages:
        _copy_page(target, page)
    return _saved(target)


def _copy_page(target: pikepdf.Pdf, page: pikepdf.Page) -> None:
    """Add a page to `target` that shows `page` upright: its content as a drawing and nothing else of it."""
    form = target.copy_foreign(page.as_form_xobject())
    left, bottom, right, top = (float(side) for side in form.BBox)
    matrix = pikepdf.Matrix(*(float(n) for n in form.get("/Matrix", (1, 0, 0, 1, 0, 0))))
    box = matrix.transform(pikepdf.Rectangle(left, bottom, right, top))
    if not (0 < box.width <= SIDE_LIMIT_PT and 0 < box.height <= SIDE_LIMIT_PT):
        raise _refused(
            "这份 PDF 的页面尺寸不正常。请按 A4 重新打印成 PDF 后再上传", "a page is empty or larger than 14,400 pt"
        )
    target.add_blank_page(page_size=(box.width, box.height))
    new = target.pages[-1]
    new.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=form))
    new.Contents = target.make_stream(f"q 1 0 0 1 {-box.llx:.4f} {-box.lly:.4f} cm /P Do Q".encode())


def _from_image(data: bytes) -> bytes:
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > PIXEL_LIMIT:
                raise _too_many_pixels()
            upright = ImageOps.exif_transpose(image)
            plain = upright.convert("L" if upright.mode in ("1", "L", "I;16") else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except (OSError, SyntaxError, ValueError) as error:
        raise _refused(
            "这张图片打不开或不完整。请重新拍摄或另存为 JPG 后再上传", "the picture is damaged or incomplete"
        ) from error
    return _image_page(_reduced(plain))


def _too_many_pixels() -> UnreadableError:
    return _refused(
        f"这张图片的像素超过 {PIXEL_LIMIT // 10_000} 万,太大了。请缩小后再上传", "the picture has too many pixels"
    )


def _reduced(image: Image.Image) -> Image.Image:
    """Return the image with no more pixels than A4 at 300 dpi can show."""
    short, long = (round(side / _MM_PER_INCH * DPI) for side in A4_MM)
    limit = (long, short) if image.width > image.height else (short, long)
    copy = image.copy()
    copy.thumbnail(limit, Image.Resampling.LANCZOS)
    return copy


def _image_page(image: Image.Image) -> bytes:
    jpeg = io.BytesIO()
    image.save(jpeg, "JPEG", quality=85)
    pdf = pikepdf.new()
    width, height = (max(side, LEAST_SIDE_PT) for side in image.size)
    pdf.add_blank_page(page_size=(width, height))
    page = pdf.pages[0]
    drawing = pikepdf.Stream(
        pdf,
        jpeg.getvalue(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=image.width,
        Height=image.height,
        ColorSpace=pikepdf.Name.DeviceGray if image.mode == "L" else pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=drawing))
    page.Contents = pdf.make_stream(f"q {width} 0 0 {height} 0 0 cm /P Do Q".encode())
    return _saved(pdf)


def _saved(pdf: pikepdf.Pdf) -> bytes:
    data = io.BytesIO()
    pdf.save(data, deterministic_id=True)
    return data.getvalue()


def place(packet: pikepdf.Pdf, first_page: int, pages: bytes, frame_mm: Sequence[float]) -> None:
    """Draw each page of a PDF into the frame of the packet's pages from `first_page` (1 is the first).

    `frame_mm` is the left, bottom, right and top margin that stays free.
    """
    with pikepdf.open(io.BytesIO(pages)) as source:
        for offset, page in enumerate(source.pages):
            target = packet.pages[first_page - 1 + offset]
            width, height = _size(target)
            left, bottom, right, top = (side / _MM_PER_INCH * 72 for side in frame_mm)
            _lay(packet, target, page, pikepdf.Rectangle(left, bottom, width - right, height - top))


def _lay(packet: pikepdf.Pdf, target: pikepdf.Page, page: pikepdf.Page, frame: pikepdf.Rectangle) -> None:
    """Draw `page` over `target`; pikepdf's own overlay names the drawing at random, so bytes would differ."""
    drawing = packet.copy_foreign(page.as_form_xobject())
    name = target.add_resource(drawing, pikepdf.Name.XObject, name=pikepdf.Name.Laid)
    placement = target.calc_form_xobject_placement(
        drawing, name, frame, invert_transformations=True, allow_shrink=True, allow_expand=True
    )
    target.contents_add(b"q\n", prepend=True)
    target.contents_add(b"\nQ\nq\n" + placement + b"\nQ\n")
