"""The pieces of a packet in binding order, and what is printed of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from services.bundle.inputs import AttachmentInput, FormInput, Gathered
from services.bundle.source import Source
from services.form import Edition, Form
from services.paper.coverage import Role, uncovered, with_geta
from services.paper.typeset import Piece as Printed
from services.recipe import Piece, Recipe
from services.survey.stations import merge_key, rank_key


@dataclass(frozen=True, slots=True, kw_only=True)
class MadePiece:
    """What the service itself makes of a piece: its title, the code of its pages and what is printed."""

    title: str
    code: str
    printed: Printed


Maker = Callable[[Piece], Sequence[MadePiece]]
"""Makes a piece; nothing where there is nothing to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One bound piece: a form, an attachment, or what the service made (`printed`).

    `file` is its original's name in the zip, `trail` the titles of the bookmarks it stands under,
    `code` the beginning of its pages' codes, `label` its name among those of its trail.
    """

    key: str
    piece: Piece
    title: str
    label: str
    code: str
    file: str = ""
    trail: tuple[str, ...] = ()
    given: FormInput | AttachmentInput | None = None
    printed: Printed | None = None

    @property
    def source(self) -> Source:
        """The input that it came from; an empty one for what the service made."""
        return self.given.source if self.given else Source(name="")

    @property
    def station(self) -> str:
        """The 机构编码 it belongs to, '' for the whole packet's own."""
        if isinstance(self.given, FormInput):
            return self.given.line.code
        return self.given.station if self.given else ""

    @property
    def note(self) -> str:
        """What is said beside it on the contents page."""
        return self.given.note if isinstance(self.given, AttachmentInput) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Whose packet it is, and whom it is handed to."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What is put in order: inputs, the unit, and what the service makes itself; numbers go on from `begin`."""

    recipe: Recipe
    gathered: Gathered
    unit: Unit
    made: Maker = field(default=lambda _: ())
    begin: int = 0


def plan(shelf: Shelf) -> tuple[Planned, ...]:
    """Return every piece in binding order."""
    total = len(shelf.gathered.forms) + len(shelf.gathered.attachments) + shelf.begin
    width = max(2, len(str(total)))
    found = _by_station(shelf) if shelf.recipe.by_station else _by_piece(shelf)
    return tuple(_planned(shelf, (number, width), entry) for number, entry in enumerate(found, shelf.begin + 1))


_Found = tuple[Piece, FormInput | AttachmentInput | MadePiece, tuple[str, ...]]


def _by_piece(shelf: Shelf) -> Iterator[_Found]:
    """Yield each piece through all stations: form 1 of every station, then form 2 of every one recommended."""
    for piece in shelf.recipe.pieces:
        found = _of_piece(shelf, piece)
        if not piece.form:
            yield from _made(shelf, piece, has_given=bool(found))
        if piece.form and not shelf.recipe.prints_forms:
            continue
        trail = (piece.title,) if shelf.recipe.is_of_many and piece.form and found else ()
        yield from ((piece, entry, trail) for entry in found)


def _by_station(shelf: Shelf) -> Iterator[_Found]:
    """Yield the packet's own pieces, and between them station by station all that each handed in."""
    codes = sorted({_owner(entry) for entry in _inputs(shelf.gathered)} - {""}, key=merge_key)
    names = {entry.line.code: entry.line.text("name") for entry in shelf.gathered.forms if entry.line.text("name")}
    stationed = False
    for piece in shelf.recipe.pieces:
        given = _of_piece(shelf, piece)
        yield from _made(shelf, piece, has_given=any(not _owner(entry) for entry in given))
        yield from ((piece, entry, ()) for entry in given if not _owner(entry))
        if piece.made == "summary" and not stationed:
            stationed = True
            for code in codes:
                trail = (f"{names.get(code, '')}({code})",)
                yield from (
                    (other, entry, trail)
                    for other in shelf.recipe.pieces
                    for entry in _of_piece(shelf, other)
                    if _owner(entry) == code
                )


def _inputs(gathered: Gathered) -> tuple[FormInput | AttachmentInput, ...]:
    return (*gathered.forms, *gathered.attachments)


def _owner(entry: FormInput | AttachmentInput) -> str:
    return entry.line.code if isinstance(entry, FormInput) else entry.station


def _of_piece(shelf: Shelf, piece: Piece) -> list[FormInput | AttachmentInput]:
    found = [entry for entry in _inputs(shelf.gathered) if entry.piece.key == piece.key]
    if piece.order == "code":
        found.sort(key=lambda entry: merge_key(_owner(entry)))
    if piece.order == "rank":
        found.sort(key=lambda entry: rank_key(entry.line) if isinstance(entry, FormInput) else ())
    return found


def _made(shelf: Shelf, piece: Piece, *, has_given: bool) -> Iterator[_Found]:
    """Yield what the service makes of a piece, unless it was handed in."""
    if piece.made and not has_given:
        yield from ((piece, made, ()) for made in shelf.made(piece))


def _planned(shelf: Shelf, numbered: tuple[int, int], found: _Found) -> Planned:
    """Return a piece with its number, which is written with so many digits."""
    piece, entry, trail = found
    if isinstance(entry, FormInput):
        return _form(entry, numbered, trail)
    if isinstance(entry, AttachmentInput):
        return _attachment(shelf, entry, numbered, trail)
    return Planned(
        key=entry.printed.key,
        piece=piece,
        title=entry.title,
        label=entry.title,
        code=f"{shelf.unit.agency_code}-{entry.code}",
        printed=entry.printed,
    )


def _form(entry: FormInput, numbered: tuple[int, int], trail: tuple[str, ...]) -> Planned:
    number, width = numbered
    form, line = entry.form, entry.line
    owner = line.code or "无编码"
    person = line.text("person")
    version = form.edition.version.split()[-1] if form.edition else ""
    code = form.code.removeprefix("表")
    named = f"{line.text('name') or line.text('unit')}({owner})"
    label = f"{person} {line.text('unit')}".strip() if person else named
    return Planned(
        key=f"p{number}",
        piece=entry.piece,
        title=f"{form.title} {person}".strip() if not trail else f"{form.short_title} {label}",
        label=label,
        code=f"{owner}-F{code}",
        file=f"{number:0{width}}_{owner}_F{code}_v{version}_r1.{entry.carrier}",
        trail=trail,
        given=entry,
    )


def _attachment(shelf: Shelf, entry: AttachmentInput, numbered: tuple[int, int], trail: tuple[str, ...]) -> Planned:
    number, width = numbered
    title = f"{entry.piece.title} {entry.item}".strip()
    suffix = entry.source.name.rpartition(".")[2].lower() or "bin"
    data = {"page": "leaves", "title": title, "head": title, "lying": list(entry.lying)}
    owner = entry.station or shelf.unit.agency_code
    return Planned(
        key=f"p{number}",
        piece=entry.piece,
        title=title,
        label=title,
        code=f"{owner}-{entry.piece.code}{entry.item}",
        file=f"{number:0{width}}_{title}.{suffix}",
        trail=trail,
        given=entry,
        printed=Printed(key=f"p{number}", kind="packet", data=data),
    )
