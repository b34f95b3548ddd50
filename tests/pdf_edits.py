"""Changes of a PDF's pages as editors make them: pdfium takes text out, Typst sets new text, pypdf and qpdf bind."""

import ctypes
import io
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pypdf.annotations
import pypdfium2
import pypdfium2.raw as pdfium
import typst

from services.paper.coverage import fonts_folder

Rect = tuple[float, float, float, float]


def _text_of(thing: Any, texts: Any) -> str:
    length = pdfium.FPDFTextObj_GetText(thing.raw, texts.raw, None, 0)
    buffer = (ctypes.c_ushort * (length // 2 + 1))()
    pdfium.FPDFTextObj_GetText(thing.raw, texts.raw, buffer, length)
    return bytes(buffer).decode("utf-16-le").split("\0")[0].replace("\u200b", "")


def texts_of(data: bytes, page: int) -> list[tuple[str, Rect]]:
    """The stretches of text that a page (from 0) draws, with their edges."""
    with pypdfium2.PdfDocument(data) as document:
        return [(_text_of(thing, texts), thing.get_bounds()) for texts, thing in _things(document[page])]


def place_of(data: bytes, words: str, start: int = 0) -> tuple[int, Rect]:
    """The first page (from 0) and the edges of a stretch of text that holds `words`."""
    with pypdfium2.PdfDocument(data) as document:
        found = (
            (number, thing.get_bounds())
            for number in range(start, len(document))
            for texts, thing in _things(document[number])
            if words in _text_of(thing, texts)
        )
        return next(found)


def _things(leaf: Any) -> Iterator[tuple[Any, Any]]:
    texts = leaf.get_textpage()
    return ((texts, thing) for thing in leaf.get_objects(filter=(pdfium.FPDF_PAGEOBJ_TEXT,)))


def taken_out(data: bytes, words: str, *, page: int | None = None) -> bytes:
    """Without the first stretch of text that holds `words`."""
    number = place_of(data, words)[0] if page is None else page
    with pypdfium2.PdfDocument(data) as document:
        leaf = document[number]
        things = [thing for texts, thing in _things(leaf) if words in _text_of(thing, texts)]
        leaf.remove_obj(things[0])
        leaf.gen_content()
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def overlay(size: tuple[float, float], body: str) -> bytes:
    """A page without ground of this size in points, drawn by Typst."""
    source = (
        f"#set page(width: {size[0]}pt, height: {size[1]}pt, margin: 0pt, fill: none)\n"
        '#set text(font: "Noto Sans CJK SC", fallback: false, lang: "zh")\n' + body
    )
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts_folder())])
    texts: Any = {"main.typ": source.encode()}
    made: Any = typst.Compiler(input=texts, font_paths=fonts, ignore_system_fonts=True).compile(format="pdf")
    return bytes(made)


def laid_over(data: bytes, page: int, body: str) -> bytes:
    """With a drawing by Typst laid over a page by pypdf."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    leaf = writer.pages[page]
    size = float(leaf.mediabox.width), float(leaf.mediabox.height)
    leaf.merge_page(pypdf.PdfReader(io.BytesIO(overlay(size, body))).pages[0])
    return written(writer)


def written(writer: pypdf.PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def typed(high: float, rect: Rect, text: str, *, size: float = 10.5, white: bool = False) -> str:
    """Typst that sets a text where `rect` begins, on white paper if so wished."""
    left, bottom, right, top = rect
    paper = f"rect(width: {right - left + 2}pt, height: {top - bottom + 4}pt, fill: white)"
    box = f"#place(top + left, dx: {left - 1}pt, dy: {high - top - 2}pt, {paper})\n"
    words = f'#place(top + left, dx: {left}pt, dy: {high - top - 1}pt, text(size: {size}pt, "{text}"))\n'
    return (box if white else "") + (words if text else "")


def height_of(data: bytes, page: int) -> float:
    with pikepdf.open(io.BytesIO(data)) as document:
        return float(document.pages[page].mediabox[3])


def retyped(data: bytes, old: str, new: str, *, start: int = 0) -> bytes:
    """With another text in place of the first stretch from page `start` (from 0) on that holds `old`."""
    page, rect = place_of(data, old, start)
    return laid_over(taken_out(data, old, page=page), page, typed(height_of(data, page), rect, new))


def pasted_over(data: bytes, old: str, new: str, *, start: int = 0) -> bytes:
    """With white paper over the first stretch from page `start` on that holds `old`, and another text on it."""
    page, rect = place_of(data, old, start)
    return laid_over(data, page, typed(height_of(data, page), rect, new, white=True))


def blotted(data: bytes, words: str) -> bytes:
    """With a black bar over a stretch of text."""
    page, (left, bottom, right, top) = place_of(data, words)
    high = height_of(data, page)
    black = f"rect(width: {right - left}pt, height: {top - bottom}pt, fill: black)"
    bar = f"#place(top + left, dx: {left}pt, dy: {high - top}pt, {black})"
    return laid_over(data, page, bar)


def written_at(data: bytes, page: int, x: float, y: float, text: str) -> bytes:
    """With a text set at (x, y) from the lower left corner of a page."""
    return laid_over(data, page, typed(height_of(data, page), (x, y, x, y + 10.5), text))


def annotated(data: bytes, page: int, note: Any) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    writer.add_annotation(page, note)
    return written(writer)


def note_over(data: bytes, words: str, text: str) -> bytes:
    """With a FreeText note with white ground over a stretch of text."""
    page, rect = place_of(data, words)
    note = pypdf.annotations.FreeText(
        text=text, rect=rect, font_size="9pt", font_color="000000", border_color=None, background_color="ffffff"
    )
    return annotated(data, page, note)


def struck_out(data: bytes, words: str) -> bytes:
    """With a stretch of text struck out by a note."""
    page, (left, bottom, right, top) = place_of(data, words)
    with pikepdf.open(io.BytesIO(data)) as document:
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.StrikeOut,
            Rect=[left, bottom, right, top],
            QuadPoints=[left, top, right, top, left, bottom, right, bottom],
            C=[1, 0, 0],
        )
        leaf = document.pages[page].obj
        leaf["/Annots"] = pikepdf.Array([*leaf.get("/Annots", []), document.make_indirect(note)])
        return saved(document)


def saved(document: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pages_in_order(data: bytes, order: Sequence[int]) -> bytes:
    """With these pages (from 0) alone, in this order."""
    with pikepdf.open(io.BytesIO(data)) as document:
        pages = [document.pages[number] for number in order]
        while len(document.pages):
            del document.pages[0]
        document.pages.extend(pages)
        return saved(document)


def count_of(data: bytes) -> int:
    with pikepdf.open(io.BytesIO(data)) as document:
        return len(document.pages)


def joined(*files: bytes) -> bytes:
    """Several files behind each other by qpdf, the first one's form fields kept."""
    with tempfile.TemporaryDirectory() as name:
        paths = [Path(name) / f"{number}.pdf" for number in range(len(files))]
        for path, data in zip(paths, files, strict=True):
            path.write_bytes(data)
        target = Path(name) / "out.pdf"
        command = ["qpdf", str(paths[0]), "--pages", *map(str, paths), "--", str(target)]
        subprocess.run(command, capture_output=True, check=False, timeout=120)
        return target.read_bytes()


# ---- programs that save it ----------------------------------------------------------------------


def by_qpdf(data: bytes) -> bytes:
    """Taken apart and written anew by qpdf."""
    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name) / "in.pdf", Path(name) / "out.pdf"
        source.write_bytes(data)
        # It ends with 3 where it only warns.
        subprocess.run(["qpdf", "--qdf", str(source), str(target)], capture_output=True, check=False, timeout=120)
        return target.read_bytes()


def by_pypdf(data: bytes) -> bytes:
    return written(pypdf.PdfWriter(clone_from=io.BytesIO(data)))


def by_pikepdf(data: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as document:
        out = io.BytesIO()
        document.save(out, linearize=True, recompress_flate=True)
    return out.getvalue()


def by_pdftocairo(data: bytes) -> bytes:
    """Printed to a file by poppler: no form fields are left."""
    return _through(["pdftocairo", "-pdf", "-", "-"], data)


def flattened(data: bytes) -> bytes:
    """Flattened by pdfium, as Chrome's print dialogue does."""
    with pypdfium2.PdfDocument(data) as document:
        document.init_forms()
        for number in range(len(document)):
            page = document[number]
            pdfium.FPDFPage_Flatten(page, pdfium.FLAT_PRINT)
            page.close()
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def _through(command: Sequence[str], data: bytes) -> bytes:
    return subprocess.run(command, input=data, capture_output=True, check=True, timeout=120).stdout
