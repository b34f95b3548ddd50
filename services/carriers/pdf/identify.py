"""What a PDF says of itself: in the data that travels in it, in its properties, at the head of its pages."""

from __future__ import annotations

import pikepdf

from services.carriers.pdf.carried import carried
from services.carriers.pdf.opened import open_pdf
from services.identity import Stamp, parse_token


def identify(data: bytes) -> Stamp | None:
    """Return the identity that a PDF carries, None for one that is none of ours.

    Raises:
        UnreadableError: the file cannot be opened.
    """
    with open_pdf(data) as document:
        return parse_token(str(carried(document).get("token", ""))) or _in_properties(document)


def _in_properties(document: pikepdf.Pdf) -> Stamp | None:
    try:
        said = " ".join(str(document.docinfo.get(key, "")) for key in ("/Subject", "/Keywords"))
    except (pikepdf.PdfError, ValueError, TypeError):
        return None
    return parse_token(said)
