"""The sheets of a form as issued made known, so that reading them compares instead of searching."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from services.carriers.archive import keep
from services.carriers.xlsx.address import cell_name
from services.carriers.xlsx.book import Sizes, book, strings, strings_xml, styles
from services.carriers.xlsx.cells import reader_of, scanned, tables_of
from services.carriers.xlsx.known import known_of, remember
from services.carriers.xlsx.plan import Sheet, Spot
from services.carriers.xlsx.sheetxml import blank_xml
from services.carriers.xlsx.values import day_tail, number_tail, tail_of
from services.form import Form


def preparing(form: Form, sizes: Sizes) -> Iterator[str]:
    """Make the sheets of a form's workbooks with these sizes known, yielding after each: each takes some 30 ms."""
    compiled = book(form, sizes)
    for member in compiled.fixed:
        keep(member.deflated)
    texts, looks = strings_xml(strings(form)), styles(form).xml
    tables = tables_of(texts, looks)
    if tables is None:
        return
    for page, part in zip(compiled.sheets, compiled.parts, strict=True):
        xml = blank_xml(part)
        start, end = xml.find(b"<sheetData"), xml.rfind(b"</sheetData>")
        answers = _answers(page)
        blank = scanned(xml, tables)
        if blank is not None and blank.formulas <= answers.keys():
            issued = {name: value for name, value in blank.cells.items() if name not in answers}
            known = known_of(xml[start:end], answers, issued, partial(reader_of, tables=tables))
            remember(texts, looks, xml[:start], known)
            yield page.name


def _answers(page: Sheet) -> dict[bytes, bool]:
    """Return the addresses of a sheet's cells that are written in, and whether with numbers."""
    return {cell_name(spot.row, spot.col).encode(): _is_number(spot) for spot in page.spots if _is_written(spot)}


def _is_written(spot: Spot) -> bool:
    """Return whether a cell holds an answer, repeats one, or names the file."""
    return spot.role in {"answer", "mirror"} or (spot.role == "identity" and spot.text != "left")


def _is_number(spot: Spot) -> bool:
    return spot.field is not None and tail_of(spot.field.kind) in {day_tail, number_tail}
