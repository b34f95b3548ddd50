"""The pieces of a packet in binding order, and what is printed of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services.bundle.gather import AttachmentInput, FormInput, Gathered, Source
from services.bundle.manifest import sha256
from services.form import Edition, Form
from services.identity import stamp
from services.paper.coverage import Role, uncovered, with_geta
from services.paper.typeset import Piece as Printed
from services.paper.typeset import sheet
from services.recipe import Recipe
from services.record import at
from services.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One bound piece: a form or an attachment, its title, its name in the zip and what is typeset for it."""

    key: str
    title: str
    file: str
    given: FormInput | AttachmentInput
    printed: Printed

    @property
    def source(self) -> Source:
        """The input that it came from."""
        return self.given.source


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Whose packet it is."""

    name: str
    agency_code: str
    report_to: str
    form: Form

    @property
    def edition(self) -> Edition:
        """The edition of its forms."""
        return self.form.edition or self.form.editions[0]


def fit(text: str, role: Role = "fang") -> str:
    """Return `text` with 〓 for what no face covers."""
    return with_geta(text, uncovered(text, role))


def unit_of(gathered: Gathered) -> Unit:
    """Return whose packet it is: what the first form that a station files once says."""
    own = [entry for entry in gathered.forms if not entry.piece.many] or list(gathered.forms)
    form, record = own[0].examined.form, own[0].examined.record
    named = "name" if not own[0].piece.many else "unit"
    return Unit(
        name=str(at(record, named) or ""),
        agency_code=str(at(record, "agency_code") or ""),
        report_to=str(at(record, "report_to_name") or ""),
        form=form,
    )


def plan(recipe: Recipe, gathered: Gathered, unit: Unit, settings: Settings) -> tuple[Planned, ...]:
    """Return every piece in binding order."""
    return tuple(_planned(recipe, gathered, unit, settings))


def _planned(recipe: Recipe, gathered: Gathered, unit: Unit, settings: Settings) -> Iterator[Planned]:
    number = 0
    for piece in recipe.pieces:
        for entry in (*gathered.forms, *gathered.attachments):
            if entry.piece.key != piece.key:
                continue
            number += 1
            if isinstance(entry, FormInput):
                yield _form(entry, number, unit, settings)
            else:
                yield _attachment(entry, number)


def _form(entry: FormInput, number: int, unit: Unit, settings: Settings) -> Planned:
    form, record = entry.examined.form, entry.examined.record
    person = f" {at(record, 'name')}" if entry.piece.many else ""
    version = form.edition.version.split()[-1] if form.edition else ""
    suffix = entry.examined.reading.carrier
    code = form.code.removeprefix("表")
    return Planned(
        key=f"p{number}",
        title=f"{form.title}{person}",
        file=f"{number:02}_{unit.agency_code}_F{code}_v{version}_r1.{suffix}",
        given=entry,
        printed=sheet(form, record, stamp(form, record, settings.secret), key=f"p{number}"),
    )


def _attachment(entry: AttachmentInput, number: int) -> Planned:
    title = f"{entry.piece.title} {entry.item}".strip()
    suffix = entry.source.name.rpartition(".")[2].lower() or "bin"
    data = {"page": "leaves", "title": title, "head": title, "lying": list(entry.lying)}
    return Planned(
        key=f"p{number}",
        title=title,
        file=f"{number:02}_{title}.{suffix}",
        given=entry,
        printed=Printed(key=f"p{number}", kind="packet", data=data),
    )


def front(recipe: Recipe, unit: Unit, planned: tuple[Planned, ...], missing: tuple[str, ...]) -> tuple[Printed, ...]:
    """Return the leaves before the first piece: the cover's place, contents and checklist."""
    head = f"{recipe.title} · {fit(unit.name, 'song')}"
    entries = [{"key": "checklist", "title": "材料清单", "level": 0}]
    entries += [{"key": entry.key, "title": fit(entry.title), "level": 0} for entry in planned]
    return (
        Printed(key="cover", kind="packet", data={"page": "blank", "title": "封面"}),
        Printed(key="contents", kind="packet", data={"page": "contents", "head": head, "entries": entries}),
        Printed(
            key="checklist",
            kind="packet",
            data={"page": "checklist", "head": head, "unit": fit(unit.name, "song"), "rows": _rows(planned, missing)},
        ),
    )


def _rows(planned: tuple[Planned, ...], missing: tuple[str, ...]) -> list[dict[str, str]]:
    there = [
        {
            "number": str(number),
            "title": fit(entry.title),
            "file": fit(entry.source.name),
            "key": entry.key,
            "hash": sha256(entry.source.data)[:8],
        }
        for number, entry in enumerate(planned, 1)
    ]
    return [*there, *({"number": "—", "title": title, "file": "", "key": "", "hash": ""} for title in missing)]
