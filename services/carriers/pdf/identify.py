"""What a PDF says of itself: in the data that travels in it, in its properties, at the head of its pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pikepdf

from services.carriers.docx.read_layout import layout_of as layout_in_word
from services.carriers.likeness import bare
from services.carriers.pdf.carried import carried
from services.carriers.pdf.drawn import Drawn, drawn_pages
from services.carriers.pdf.grid import grid_rows
from services.carriers.pdf.opened import open_pdf
from services.carriers.pdf.refusals import scanned
from services.carriers.pdf.written import line_text, lines_of, text_of
from services.catalogue import concrete, declared, regions
from services.form import Form
from services.identity import Stamp, parse_token

FEWEST_LETTERS = 40
_ALIKE = 0.5
_HEAD = 0.9
_PAGES_WITH_HEADS = 5


def identify(data: bytes) -> Stamp | None:
    """Return the identity that a PDF carries, None when it carries none and looks like none of our forms.

    One that was printed anew has lost what travels in it: the line at the head of its pages names it,
    or else its labels do, and its token is then empty.

    Raises:
        UnreadableError: the file cannot be opened, or is a scan.
    """
    with open_pdf(data) as document:
        said = parse_token(str(carried(document).get("token", ""))) or _in_properties(document)
    if said:
        return said
    pages = drawn_pages(data)
    if sum(len(page.letters) for page in pages) < FEWEST_LETTERS:
        raise scanned(len(pages))
    return in_heads(pages) or _by_shape(pages)


def _in_properties(document: pikepdf.Pdf) -> Stamp | None:
    try:
        said = " ".join(str(document.docinfo.get(key, "")) for key in ("/Subject", "/Keywords"))
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, TypeError):
        return None
    return parse_token(said)


def in_heads(pages: Sequence[Drawn]) -> Stamp | None:
    """Return the identity that the line at the head of pages names."""
    for page in pages[:_PAGES_WITH_HEADS]:
        head = [letter for letter in page.letters if letter.base > _HEAD * page.high]
        for line in lines_of(head):
            said = parse_token(line_text(line).replace(" ", ""))
            if said:
                return said
    return None


def _by_shape(pages: Sequence[Drawn]) -> Stamp | None:
    """Return the form, edition and region whose labels the file holds most of, None below half of them."""
    said = said_in_cells(pages)
    best = max(_issued_forms(), key=lambda form: label_share(form, said))
    if label_share(best, said) < _ALIKE:
        return None
    edition = best.edition.id if best.edition else ""
    return Stamp(code=best.code.removeprefix("表"), edition=edition.upper(), region=best.region, record="", token="")


def said_in_cells(pages: Sequence[Drawn]) -> frozenset[str]:
    """Return the bare texts of all cells."""
    return frozenset(bare(text_of(cell.letters, cell.right)) for row in grid_rows(pages) for cell in row.cells)


def label_share(form: Form, said: frozenset[str]) -> float:
    """Return the share of the form's printed labels that are said in cells. Both carriers print the same ones."""
    wanted = layout_in_word(form).words
    return len(wanted & said) / max(1, len(wanted))


def _issued_forms() -> Iterator[Form]:
    for form in declared():
        for edition in form.editions:
            yield concrete(form.id, edition.id)
            yield from (concrete(form.id, edition.id, region.code) for region in regions())
