"""What people left in a workbook besides answers: notes at cells, references to the outside (rule D05)."""

from __future__ import annotations

from collections.abc import Iterator

from services.carriers.container import Element, parse_xml
from services.carriers.left_in import SHOWN, commented, refers_outside
from services.carriers.xlsx.notes import MARK
from services.carriers.xlsx.opened import Opened, relations
from services.carriers.xlsx.package import S
from services.findings import Finding, Problem, found
from services.form import Form


def remarks(form: Form, opened: Opened) -> tuple[Finding, ...]:
    """Return what has to be settled before the file is final."""
    place = f"《{form.short_title}》"
    problems = (*_notes(opened), *_outside(opened))
    return tuple(found(problem, field="", label="", place=place) for problem in problems)


def _notes(opened: Opened) -> Iterator[Problem]:
    notes = tuple(_people(opened))
    if not notes:
        return
    where, text = notes[0]
    yield commented(len(notes), f"{where}:“{text[:SHOWN]}”", "notes")


def _people(opened: Opened) -> Iterator[tuple[str, str]]:
    """Yield cell and text of every note that people wrote, our own part of it left out."""
    parts = opened.container.parts
    for sheet, part in opened.parts.items():
        targets = relations(parts, part).values() if sheet in opened.shown else ()
        for name in (target for kind, target in targets if kind == "comments" and target in parts):
            for comment in parse_xml(parts[name]).iter(f"{S}comment"):
                text = _text(comment).partition(MARK)[0].strip()
                if text:
                    yield f"工作表“{sheet}” {comment.get('ref', '')}", " ".join(text.split())


def _text(comment: Element) -> str:
    return "".join(piece.text or "" for piece in comment.iter(f"{S}t"))


def _outside(opened: Opened) -> Iterator[Problem]:
    if opened.container.external:
        yield refers_outside(opened.container.external)
