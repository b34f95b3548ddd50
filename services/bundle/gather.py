"""What was handed in for a packet: which inputs are forms, which are attachments and of which piece."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from services import desk
from services.bundle.attachments import media_of, page_sizes
from services.carriers import box
from services.carriers.intake import unmarked
from services.carriers.pdf import claims_to_be_issued
from services.carriers.reading import UnreadableError
from services.carriers.unzip import unpack_zip
from services.catalogue import UnknownFormError, declared
from services.check import Context
from services.desk import Examined
from services.findings import Finding, Problem, Severity, found
from services.recipe import Piece, Recipe
from services.settings import Settings

_OFFICE = frozenset({"[Content_Types].xml", "mimetype"})
"""Names at the root of an office file: Word and Excel's own, and OpenDocument's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One input: a file's name and bytes, and the piece (or item id) it was called, if it was."""

    name: str
    data: bytes
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormInput:
    """A completed form among the inputs. `scant` are its findings of too little evidence (rule P10)."""

    piece: Piece
    source: Source
    examined: Examined
    scant: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentInput:
    """An attachment among the inputs: its plain pages, and the item it is evidence for, if any."""

    piece: Piece
    source: Source
    pages: bytes
    lying: tuple[bool, ...]
    item: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """All inputs in binding order, and what is wrong with any of them."""

    forms: tuple[FormInput, ...]
    attachments: tuple[AttachmentInput, ...]
    findings: tuple[Finding, ...]


def about_file(name: str, rule: str, code: str, said: tuple[str, str], severity: Severity) -> Finding:
    """Return a finding about a whole input; `said` is the sentence in Chinese and in English."""
    problem = Problem(code=code, rule=rule, severity=severity, phrase=said[0], phrase_en=said[1])
    return found(problem, field="", label=name, place=name)


def gather(recipe: Recipe, sources: Sequence[Source], context: Context, settings: Settings) -> Gathered:
    """Return the inputs sorted into the recipe's pieces; what cannot be read is a finding, the others go on."""
    flat = tuple(_flat(sources))
    loose = [source for source in flat if source.kind or not may_be_form(source.data)]
    attachments, findings = _attachments(recipe, loose)
    evidence: Counter[str] = Counter()
    for attachment in attachments:
        evidence[attachment.item] += len(attachment.lying)
    forms: list[FormInput] = []
    for source in (source for source in flat if source not in loose):
        form, said = _form(recipe, source, replace(context, evidence=dict(evidence)), settings)
        forms += form
        findings += said
    order = {piece.key: number for number, piece in enumerate(recipe.pieces)}
    return Gathered(
        forms=tuple(sorted(forms, key=lambda entry: order[entry.piece.key])),
        attachments=tuple(sorted(attachments, key=lambda entry: (order[entry.piece.key], entry.item))),
        findings=tuple(findings),
    )


def _flat(sources: Iterable[Source]) -> Iterator[Source]:
    """Yield the sources, those inside a plain zip one by one; one that cannot be opened stays, to be refused alone."""
    for source in sources:
        try:
            inner = unpack_zip(source.data) if holds_files(source.data) else ()
        except UnreadableError:
            inner = ()
        yield from (Source(name=name, data=data) for name, data in inner) if inner else (source,)


def holds_files(data: bytes) -> bool:
    """Return whether `data` is a zip of files: by its own directory, since an office file may stand in it unpacked.

    A broken zip is left as it is and gets its own sentence later.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    return data.startswith(b"PK") and names.isdisjoint(_OFFICE)


def may_be_form(data: bytes) -> bool:
    """Return whether an input that nobody called anything may be a form: no picture, no foreign PDF."""
    media = media_of(data)
    return not media or (media == "pdf" and claims_to_be_issued(data))


def _form(
    recipe: Recipe, source: Source, context: Context, settings: Settings
) -> tuple[list[FormInput], list[Finding]]:
    try:
        examined = desk.examine(source.data, source.name, context, settings)
    except (UnreadableError, UnknownFormError, zipfile.BadZipFile) as error:
        english = getattr(error, "message_en", str(error))
        said = (f"不能装订:{error}", f"cannot be bound: {english}")
        return [], [about_file(source.name, "D05", "packet.unreadable", said, Severity.MUST_FIX)]
    piece = next((piece for piece in recipe.pieces if piece.form == examined.form.id), None)
    if piece is None:
        said = (f"《{examined.form.title}》不在这份材料之内", f"{examined.form.id} is not part of this packet")
        return [], [about_file(source.name, "K01", "packet.foreign", said, Severity.MUST_FIX)]
    scant = tuple(finding for finding in examined.findings if finding.rule == "P10")
    placed = [replace(f, place=f"{source.name} {f.place}") for f in examined.findings if f not in scant]
    return [FormInput(piece=piece, source=_as_written(source, examined), examined=examined, scant=scant)], placed


def _as_written(source: Source, examined: Examined) -> Source:
    """Return the file without our marks: a list of faults long mended has no place in what is submitted."""
    if not desk.can_mark(examined) or examined.intake is None or examined.intake.data != source.data:
        return source
    return replace(source, data=unmarked(source.data))


def _attachments(recipe: Recipe, sources: Iterable[Source]) -> tuple[list[AttachmentInput], list[Finding]]:
    attachments: list[AttachmentInput] = []
    findings: list[Finding] = []
    for source in sources:
        piece, item = _piece_of(recipe, source)
        try:
            pages = box.run("services.bundle.attachments:plain_pages", source.data, {})
        except UnreadableError as error:
            said = (f"不能装订:{error.message}", f"cannot be bound as an attachment: {error.message_en}")
            findings.append(about_file(source.name, "D05", "packet.attachment", said, Severity.MUST_FIX))
        else:
            attachments.append(
                AttachmentInput(piece=piece, source=source, pages=pages, lying=page_sizes(pages), item=item)
            )
    return attachments, findings


def _piece_of(recipe: Recipe, source: Source) -> tuple[Piece, str]:
    """Return the piece an attachment belongs to, and the item it is evidence for.

    By what it was called; else by the longest of the pieces' words, or an item id at the head, of
    its file name; else 其他材料. The name is a courtesy only: the 材料清单 shows how it was taken.
    """
    pieces: Mapping[str, Piece] = {piece.key: piece for piece in recipe.pieces}
    if source.kind in pieces:
        return pieces[source.kind], ""
    item = next((known for known in _item_ids() if source.kind == known or source.name.startswith(known)), "")
    if item and "evidence" in pieces:
        return pieces["evidence"], item
    named = [(len(word), key) for key, piece in pieces.items() for word in piece.words if word in source.name]
    return (pieces[max(named)[1]] if named else pieces["other"]), ""


def _item_ids() -> tuple[str, ...]:
    """Return every item id, the longest first."""
    ids = {item.id for form in declared() for item in form.items}
    return tuple(sorted(ids, key=len, reverse=True))
