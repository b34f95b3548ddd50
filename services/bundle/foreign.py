"""Other people's PDFs as plain pages: each page one upright drawing, everything that acts left behind.

qpdf (by pikepdf) opens them; what it cannot is tried with pypdf and then with pdfium, whose copy goes on.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from dataclasses import dataclass

import pikepdf

from services.bundle import appearances, layers, lighter
from services.bundle.refused import PAGE_LIMIT, SIDE_LIMIT_PT, damaged, locked, refused, wrong_count
from services.bundle.scrub import scrub
from services.carriers.reading import UnreadableError

# Each engine grumbles about every oddity of a stranger's file on its own channel.
for _grumbler in ("pypdf", "pikepdf"):
    logging.getLogger(_grumbler).setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """The plain pages of a PDF, what has to be said of them, and whether the original bears a signature."""

    pages: bytes
    notes: tuple[str, ...] = ()
    is_signed: bool = False


def plain_pdf(data: bytes) -> Plain:
    """Return every page of a PDF as one drawing.

    Raises:
        UnreadableError: it asks for a password, no engine can read it, or it is over a limit.
    """
    refusals: list[Exception] = []
    for engine in (_as_it_is, _by_pypdf, _by_pdfium):
        try:
            return _made(engine, data)
        except UnreadableError:
            raise
        except pikepdf.PasswordError as error:
            raise locked() from error
        except Exception as error:  # noqa: BLE001 - measured: on odd files the engines raise whatever there is
            refusals.append(error)
    raise damaged() from refusals[-1]


def _made(engine: Callable[[bytes], bytes], data: bytes) -> Plain:
    with pikepdf.open(io.BytesIO(engine(data))) as source:
        count = len(source.pages)
        if not 1 <= count <= PAGE_LIMIT:
            raise wrong_count(count)
        _refuse_empty_shells(source)
        return _plain(source)


def _as_it_is(data: bytes) -> bytes:
    return data


def _by_pypdf(data: bytes) -> bytes:
    import pypdf  # noqa: PLC0415 - seldom needed, and every file has a child that would import it

    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(data), strict=False))
    copy = io.BytesIO()
    writer.write(copy)
    return copy.getvalue()


def _by_pdfium(data: bytes) -> bytes:
    import pypdfium2  # noqa: PLC0415 - the same

    source, target = pypdfium2.PdfDocument(data), pypdfium2.PdfDocument.new()
    if not 1 <= len(source) <= PAGE_LIMIT:
        raise wrong_count(len(source))
    target.import_pages(source)
    copy = io.BytesIO()
    target.save(copy)
    return copy.getvalue()


def _refuse_empty_shells(source: pikepdf.Pdf) -> None:
    """Refuse a PDF whose pages only say that the content is elsewhere: an XFA form, a portfolio."""
    if source.Root.get("/NeedsRendering", False):
        raise refused(
            "这份 PDF 是要在 Adobe Reader 里现排的表单(XFA),页面上没有内容。请打开后“打印成 PDF”再上传",
            "a dynamic XFA form: print it to PDF first",
        )
    if "/Collection" in source.Root:
        raise refused(
            "这份 PDF 是文件包,内容在它附带的文件里。请把里面的文件逐份取出后上传", "a PDF portfolio: send its files"
        )


def _plain(source: pikepdf.Pdf) -> Plain:
    if off := layers.switched_off(source):
        layers.without_hidden(source, off)
    shown = appearances.draw(source)
    target = pikepdf.new()
    for page in source.pages:
        _copy_page(target, page)
    left = lighter.lighten(target)
    scrub([page.obj["/Resources"]["/XObject"]["/P"] for page in target.pages])
    data = io.BytesIO()
    target.save(data, deterministic_id=True)
    notes = (*shown.notes, *(["部分图片过多,未缩小"] if left else []))
    return Plain(pages=data.getvalue(), notes=notes, is_signed=shown.is_signed)


def _copy_page(target: pikepdf.Pdf, page: pikepdf.Page) -> None:
    """Add a page to `target` that shows `page` upright: its content as a drawing and nothing else of it."""
    for box in ("/TrimBox", "/BleedBox", "/ArtBox"):  # what is seen is the crop box
        if box in page.obj:
            del page.obj[box]
    form = target.copy_foreign(page.as_form_xobject())
    left, bottom, right, top = (float(side) for side in form.BBox)
    matrix = pikepdf.Matrix(*(float(n) for n in form.get("/Matrix", (1, 0, 0, 1, 0, 0))))
    box = matrix.transform(pikepdf.Rectangle(left, bottom, right, top))
    if not (0 < box.width <= SIDE_LIMIT_PT and 0 < box.height <= SIDE_LIMIT_PT):
        raise refused(
            "这份 PDF 的页面尺寸不正常。请按 A4 重新打印成 PDF 后再上传", "a page is empty or larger than 14,400 pt"
        )
    target.add_blank_page(page_size=(box.width, box.height))
    new = target.pages[-1]
    new.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=form))
    new.Contents = target.make_stream(f"q 1 0 0 1 {-box.llx:.4f} {-box.lly:.4f} cm /P Do Q".encode())
