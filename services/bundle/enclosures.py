"""Attachments on their way into a packet: made into plain pages, and told which piece they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from services.bundle.attached import attach
from services.bundle.attachments import media_of
from services.bundle.flatten import about_file
from services.bundle.inputs import AttachmentInput, Desk, Refused, Tray, refuse
from services.bundle.source import Source
from services.carriers.reading import UnreadableError
from services.catalogue import declared
from services.findings import Finding, Severity
from services.recipe import Piece, Recipe

_HEAD = 2048
_NO_FORM = MappingProxyType(
    {
        "": ("内容不是本系统的三种表。要报的是表,请用本系统发出的表填写", "an office file that is none of the forms"),
        "pdf": ("不是本系统发出的 PDF 表。要报的是表,请交填好的原文件", "a PDF that was not issued here"),
        "picture": ("图片、照片里的表读不出来。要报的是表,请交填好的 Word、Excel 或 PDF", "pictures are not read"),
    }
)
"""Why an attachment could not be a form, by what it is."""


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


def taken_as_attachments(recipe: Recipe, attachments: Iterable[AttachmentInput]) -> Iterator[Finding]:
    """Yield what was taken as an attachment although nobody called it one, and why it could not be a form.

    A station's attachments belong to its packet by their names: only those of no known name are told.
    """
    for entry in attachments:
        if not entry.source.kind and (recipe.is_of_many or entry.piece.key == "other"):
            media = media_of(entry.source.read()[:_HEAD])
            why, english = _NO_FORM[media if media in _NO_FORM else "picture"]
            said = (
                f"作为附件“{f'{entry.piece.title} {entry.item}'.strip()}”收入,没有当作表:{why}",
                f"taken as an attachment ({entry.piece.key}): {english}",
            )
            yield about_file(entry.source.name, "K01", "packet.as-attachment", said, Severity.NOTE)


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
