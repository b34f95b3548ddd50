"""What is prepared while no file waits to be read, so that the first one need not wait for it either."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from services.carriers import docx, xlsx
from services.carriers.docx.issued import issued as issued_in_word
from services.carriers.intake import read_here
from services.carriers.xlsx.fill import sizes_of
from services.carriers.xlsx.issued import layout_of as layout_in_excel
from services.carriers.xlsx.prepared import preparing
from services.catalogue import concrete, declared, regions
from services.form import Form
from services.identity import stamp
from services.record import empty, entries_of
from services.sample import sample

__all__ = ["warming"]


def warming() -> Iterator[str]:
    """Prepare what every reading needs, yielding after each piece.

    First one invented form of each kind is read: what is found out once on the way, a forked reader finds
    already there (a Word form then takes it half the processor time). Then each form as issued in each region, and
    last the sheets of Excel forms, blank and of an invented station, so that they are compared instead of searched.
    """
    for form, carrier in product(_issues(("",)), (docx, xlsx)):
        record = sample(form)
        read_here(carrier.fill(form, record, stamp(form, record, b"")).data)
        yield f"{form.id} {carrier.__name__}"
    for form, layout_of in product(_issues(region.code for region in regions()), (issued_in_word, layout_in_excel)):
        layout_of(form)
        yield f"{form.id} {form.region}"
    for form in _issues(("",)):
        for record in (empty(form), sample(form)):
            yield from preparing(form, sizes_of(form, record, entries_of(form, record)))


def _issues(codes: Iterable[str]) -> Iterator[Form]:
    """Yield every form in every edition, for the regions of these codes."""
    for form, code in product(declared(), tuple(codes)):
        yield from (concrete(form.id, edition.id, code) for edition in form.editions)
