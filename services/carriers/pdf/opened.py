"""A stranger's PDF opened: with limits, and every reason why it cannot be."""

from __future__ import annotations

import io

import pikepdf

from services.carriers.pdf.refusals import damaged, locked, too_long

MOST_PAGES = 400
"""A form with every schedule full has about 120."""


def open_pdf(data: bytes) -> pikepdf.Pdf:
    """Return the file opened; the caller closes it.

    Raises:
        UnreadableError: it has a password, is damaged or far too long.
    """
    try:
        document = pikepdf.open(io.BytesIO(data))
        pages = len(document.pages)
    except pikepdf.PasswordError:
        raise locked() from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
        raise damaged() from None
    if not 0 < pages <= MOST_PAGES:
        raise too_long(pages, MOST_PAGES) if pages else damaged()
    return document
