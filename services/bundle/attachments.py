"""Attachments as clerks hand them in (PDF, pictures), made into plain PDF pages that can be bound.

Only page content is taken over: no scripts, actions, forms, links or embedded files come along. What
is done here reads hostile bytes, so it is called in the box of `services.carriers.box`.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence

import pikepdf

from services.bundle.foreign import Plain, plain_pdf
from services.bundle.pictures import picture_of, picture_pages
from services.bundle.refused import refused

_MM_PER_INCH = 25.4


def media_of(data: bytes) -> str:
    """Return 'pdf', 'jpeg', 'png', 'tiff', … or '' by what the bytes are, whatever the file is called."""
    return "pdf" if b"%PDF-" in data[:1024] else picture_of(data)


def plain_pages(data: bytes) -> bytes:
    """Return a PDF with one plain page for each page of an attachment.

    Raises:
        UnreadableError: it is no PDF or picture, cannot be read, or is over a limit.
    """
    return _plain(data).pages


def attached_here(data: bytes, most: int = 0) -> bytes:
    """Return a line of JSON about an attachment (`lying` pages, `notes`, `signed`), then its plain pages.

    `most` is how many pages an office file may have become.

    Raises:
        UnreadableError: as `plain_pages`.
    """
    if most:
        _refuse_endless(data, most)
    plain = _plain(data)
    told = {"lying": page_sizes(plain.pages), "notes": plain.notes, "signed": plain.is_signed}
    return json.dumps(told).encode() + b"\n" + plain.pages


def _refuse_endless(data: bytes, most: int) -> None:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        count = len(pdf.pages)
    if count > most:
        raise refused(
            f"这份文件打印出来有 {count} 页,最多 {most} 页。请在 Excel 里设好打印区域,或另存为 PDF 后再上传",
            f"it prints {count} pages, at most {most}: set a print area or save it as PDF",
        )


def _plain(data: bytes) -> Plain:
    media = media_of(data)
    if media == "pdf":
        return plain_pdf(data)
    if media:
        return Plain(pages=picture_pages(data))
    raise refused(
        "附件只收 PDF、图片(JPG、PNG、TIFF、BMP、WEBP)和 Word、Excel 文件。请把这份材料另存为 PDF 后再上传",
        "attachments must be PDF, pictures or office files",
    )


def page_sizes(data: bytes) -> tuple[bool, ...]:
    """Return for each page of a `plain_pages` PDF whether it lies (is wider than high)."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return tuple(_size(page)[0] > _size(page)[1] for page in pdf.pages)


def _size(page: pikepdf.Page) -> tuple[float, float]:
    left, bottom, right, top = (float(side) for side in page.mediabox)
    return right - left, top - bottom


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
