"""The photographs on the pages of a PDF: a picture belongs to the cell that its middle lies in."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping

import pypdfium2
import pypdfium2.raw as pdfium

from services.answers import scalars
from services.form import Form
from services.kinds import Picture
from services.kinds.picture import media_type

_DEEPEST = 6
_MOST_PIXELS = 40_000_000


def pictures_at(form: Form, data: bytes, addresses: Mapping[str, str]) -> dict[str, bytes]:
    """Return the pictures that stand at `addresses` (page and rectangle by path), as JPEG or PNG files."""
    paths = [key for key, asked in scalars(form).items() if isinstance(asked.kind, Picture) and addresses.get(key)]
    if not paths:
        return {}
    with pypdfium2.PdfDocument(data) as document:
        found = ((path, picture) for path in paths for picture in _pictures(document, addresses[path]))
        return {path: picture for path, picture in found if media_type(picture)}


def _pictures(document: pypdfium2.PdfDocument, address: str) -> Iterator[bytes]:
    number, _, edges = address.partition(":")
    left, bottom, right, top = (float(edge) for edge in edges.split(","))
    page = document[int(number)]
    for thing in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=_DEEPEST):
        matrix = thing.get_matrix()
        holder = thing.container
        while holder is not None:
            matrix = matrix.multiply(holder.get_matrix())
            holder = holder.container
        x, y = matrix.on_point(0.5, 0.5)
        if left < x < right and bottom < y < top and isinstance(thing, pypdfium2.PdfImage):
            yield _file(thing)
    page.close()


def _file(image: pypdfium2.PdfImage) -> bytes:
    """Return a picture as a file: a JPEG as it is, anything else as PNG, b"" for one that is far too large."""
    wide, high = image.get_px_size()
    if wide * high > _MOST_PIXELS:
        return b""
    if image.get_filters() == ["DCTDecode"]:
        return bytes(image.get_data())
    out = io.BytesIO()
    image.get_bitmap().to_pil().convert("RGB").save(out, "PNG")
    return out.getvalue()
