"""What was changed of the printed form in a PDF (rule D02): each change with its page, its old and its new text.

A file whose pages are as they were issued is not looked at (`untouched`). Any other is compared with the form
typeset again: by its pages, by every letter of them, and by what can be seen of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pikepdf

from services.carriers.likeness import bare
from services.carriers.pdf.collated import collated, likeness
from services.carriers.pdf.covered import covered
from services.carriers.pdf.drawn import Drawn, printed_pages
from services.carriers.pdf.leaves import Pairing, paired
from services.carriers.pdf.mark_ours import ADVICE
from services.carriers.pdf.overlaid import Note, notes
from services.carriers.pdf.reissued import Reissued, Unit, reissued
from services.carriers.pdf.tampering_said import (
    changed,
    covering,
    others_said,
    page_added,
    page_missing,
    page_moved,
    written_beside,
)
from services.carriers.pdf.untouched import page_digests
from services.findings import Finding
from services.form import Form
from services.identity import BLANK, Stamp
from services.record import Record, empty

MOST_TOLD = 60
_SAME_FORM = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A file, and what it tells of how it was issued: its identity, the record that travels in it, the one read.

    `has_fields` tells that its form fields are still there.
    """

    document: pikepdf.Pdf
    data: bytes
    has_fields: bool
    stamp: Stamp | None
    record: Record | None
    read: Record | None = None


def tampering(form: Form, file: Evidence) -> list[Finding] | None:
    """Return what differs from the form as issued, page by page; None when it is not known how it was issued."""
    has_notes = any("/Annots" in page.obj for page in file.document.pages)
    pages = printed_pages(file.data, has_notes=has_notes)
    for record in _records(form, file):
        issued = reissued(form, record, file.stamp) if file.stamp and file.stamp.token else None
        pairing = _pairing(issued, pages) if issued else None
        if issued and pairing:
            found = list(_findings(form, file, issued, pairing, pages))
            found += _noted(form, file, issued, pairing, pages) if file.has_fields else ()
            return found if len(found) <= MOST_TOLD else [*found[:MOST_TOLD], others_said(form, len(found) - MOST_TOLD)]
    return None


def _records(form: Form, file: Evidence) -> Iterator[Record]:
    """Yield the records that the file may have been issued with, the surest first."""
    if file.record is not None:
        yield file.record
        return
    if file.stamp is not None and file.stamp.record == BLANK:
        yield empty(form)
    if file.read is not None:
        yield file.read


def _pairing(issued: Reissued, pages: Sequence[Drawn]) -> Pairing | None:
    """Return which page is which, None when the pages are set otherwise than the form is."""
    pairing = paired([leaf.drawn.letters for leaf in issued.leaves], pages)
    shares = [likeness(issued.leaves[number], pages[there]) for number, there in pairing.pairs.items()]
    return pairing if shares and sum(shares) / len(shares) >= _SAME_FORM else None


def _findings(
    form: Form, file: Evidence, issued: Reissued, pairing: Pairing, pages: Sequence[Drawn]
) -> Iterator[Finding]:
    order = sorted(pairing.pairs.items(), key=lambda pair: pair[1])
    yield from (page_moved(form, issued.leaves[n], n, pairing.pairs[n]) for n in pairing.moved)
    yield from page_added(form, pages, _not_ours(pages, pairing.added))
    here = page_digests(file.document)
    order = [(n, there) for n, there in order if not here[there] or here[there] != issued.digests[n]]
    hidden = {id(unit): unit for unit in covered(issued, file.data, pages, dict(order))}
    for number, there in order:
        told: set[int] = set()
        for difference in collated(issued.leaves[number], pages[there], has_fields=file.has_fields):
            told.add(id(difference.unit))
            yield changed(form, difference, there, is_hidden=id(difference.unit) in hidden)
        units = (unit for unit in hidden.values() if unit.page == number and id(unit) not in told)
        yield from (covering(form, unit, there) for unit in units)
    yield from (page_missing(form, issued.leaves[n], n) for n in pairing.missing)


def _not_ours(pages: Sequence[Drawn], added: Sequence[int]) -> Iterator[int]:
    """Yield the added pages without our list of faults, whose pages another program made anew."""
    after = -1
    for number in added:
        if bare(ADVICE) in bare("".join(letter.text for letter in pages[number].letters)) or number == after:
            after = number + 1
        else:
            yield number


def _noted(form: Form, file: Evidence, issued: Reissued, pairing: Pairing, pages: Sequence[Drawn]) -> Iterator[Finding]:
    homes = {there: number for number, there in pairing.pairs.items()}
    for note in notes(file.document, pages):
        number = homes.get(note.page)
        if number is not None:
            yield written_beside(form, note, _under(issued, number, note))


def _under(issued: Reissued, number: int, note: Note) -> Unit | None:
    """Return the unit that a note lies on."""
    left, bottom, right, top = note.rect
    x, y = (left + right) / 2, (bottom + top) / 2
    units = issued.leaves[number].units
    return next((u for u in units if u.rect[0] <= x <= u.rect[2] and u.rect[1] <= y <= u.rect[3]), None)
