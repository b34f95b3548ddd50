"""What a Word file says of itself: in its properties, its subject and its header line, or by its shape."""

from __future__ import annotations

from collections.abc import Iterator

from services.carriers.container import Container, open_container, parse_xml
from services.carriers.docx.content import NO_NAMES
from services.carriers.docx.grid import flatten, grid_of
from services.carriers.docx.parts import bare_text, main_part, related
from services.carriers.docx.read_layout import layout_of
from services.carriers.likeness import bare
from services.catalogue import concrete, declared, regions
from services.form import Form
from services.identity import Stamp, parse_token

_ALIKE = 0.5
"""The share of a form's labels that a file without identity must hold to be taken for it."""


def identify(data: bytes) -> Stamp | None:
    """Return the identity that a Word file carries, None when it carries none and looks like none of our forms.

    A form copied into a new document has lost its identity: it is known by its labels, its token is
    then empty and its edition the likeliest.

    Raises:
        UnreadableError: it is not a Word file that can be opened.
    """
    container = open_container(data)
    return next((stamp for _, stamp in witnesses(container)), None) or by_shape(container)


def witnesses(container: Container) -> Iterator[tuple[str, Stamp]]:
    """Yield every identity that stands in the file with the place that says so, the surest first."""
    places = (
        ("文件属性", ("docProps/custom.xml",)),
        ("文件主题", ("docProps/core.xml",)),
        ("页眉", related(container, "header")),
    )
    for place, parts in places:
        for part in parts:
            stamp = parse_token(bare_text(container.parts.get(part, b"")))
            if stamp:
                yield place, stamp
                break


def by_shape(container: Container) -> Stamp | None:
    """Return the form, edition and region whose labels the file holds most of, None below half of them."""
    rows = grid_of(flatten(parse_xml(container.parts[main_part(container)])), NO_NAMES).rows
    words = frozenset(bare(cell.text) for row in rows for cell in row.cells)
    best = max(_issued_forms(), key=lambda form: _share(form, words))
    if _share(best, words) < _ALIKE:
        return None
    edition = best.edition.id if best.edition else ""
    return Stamp(code=best.code.removeprefix("表"), edition=edition.upper(), region=best.region, record="", token="")


def _share(form: Form, words: frozenset[str]) -> float:
    wanted = layout_of(form).words
    return len(wanted & words) / len(wanted) if wanted else 0.0


def _issued_forms() -> Iterator[Form]:
    for form in declared():
        for edition in form.editions:
            yield concrete(form.id, edition.id)
            yield from (concrete(form.id, edition.id, region.code) for region in regions())
