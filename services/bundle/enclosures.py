"""Attachments on their way into a packet: made into plain pages, and told which piece they belong to."""

from __future__ import annotations

from collections.abc import Mapping

from services.bundle.attached import attach
from services.bundle.flatten import about_file
from services.bundle.inputs import AttachmentInput, Desk, Refused, Tray, refuse
from services.bundle.source import Source
from services.carriers.reading import UnreadableError
from services.catalogue import declared
from services.findings import Severity
from services.recipe import Piece, Recipe


def attach_input(tray: Tray, source: Source, at: Desk) -> None:
    """Sort an attachment in."""
    piece, item = piece_of(at.recipe, source)
    try:
        found = attach(source.read(), at.settings.data / "converted")
    except UnreadableError as error:
        _leave_attachment(tray, at, source.name, piece, error)
        return
    notes = (*(("含电子签名,原件随附",) if found.signed else ()), *found.notes)
    tray.attachments.append(
        AttachmentInput(
            piece=piece,
            source=at.room.kept(source),
            pages=at.room.keep(found.pages),
            lying=found.lying,
            item=item,
            note=";".join(notes),
            station=at.station,
            packet=at.root,
        )
    )


def _leave_attachment(tray: Tray, at: Desk, name: str, piece: Piece, error: UnreadableError) -> None:
    """Say that an attachment is not bound: one that nothing depends on is left out by name, the others go on."""
    if piece.need == "required" and not piece.made:
        said = (error.message, f"as an attachment: {error.message_en}")
        refuse(tray, at.recipe, Refused(name=name, code="packet.attachment", said=said))
        return
    said = (f"没有收入:{error.message}", f"left out: {error.message_en}")
    tray.findings.append(about_file(name, "D05", "packet.attachment", said, Severity.CONFIRM))
    tray.left_out.append({"name": name, "title": piece.title, "why": error.message})


def piece_of(recipe: Recipe, source: Source) -> tuple[Piece, str]:
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
