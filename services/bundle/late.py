"""What is new of late pieces: what a packet has already, word for word, is named and not bound again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from services.bundle.flatten import about_file
from services.bundle.inputs import AttachmentInput, FormInput, Gathered
from services.bundle.lower import Lower
from services.bundle.manifest import sha256
from services.findings import Finding, Severity

_KNOWN = "与原材料里的完全相同,没有再收"


def new_of(late: Gathered, own: Gathered, before: Lower) -> Gathered:
    """Return the late pieces without those that the packet `before`, whose forms are `own`, holds already (rule D09).

    A form is held against the newest of its kind there, so that one may go back to what it said earlier.
    """
    newest = {_whose(entry): entry.kept for entry in own.forms}
    held = {str(entry.get("file_sha256", "")) for entry in before.manifest["entries"]}
    known: list[FormInput | AttachmentInput] = [e for e in late.forms if newest.get(_whose(e)) == e.kept]
    known += [entry for entry in late.attachments if sha256(entry.source.read()) in held]
    names = {id(entry) for entry in known}
    return replace(
        late,
        forms=tuple(entry for entry in late.forms if id(entry) not in names),
        attachments=tuple(entry for entry in late.attachments if id(entry) not in names),
        findings=(*late.findings, *(_said(entry) for entry in known)),
        left_out=(*late.left_out, *(_named(entry) for entry in known)),
    )


def untold(left_out: tuple[Mapping[str, str], ...], late: Gathered, before: Lower) -> tuple[Mapping[str, str], ...]:
    """Return what is left out now, without what the packet has told of itself before."""
    told = {(line.get("name"), line.get("title")) for line in before.manifest.get("left_out", ())}
    return tuple(line for line in left_out if line in late.left_out or (line["name"], line["title"]) not in told)


def _whose(entry: FormInput) -> tuple[str, str, str]:
    """Return what makes two forms the same one; where their records stand in the room tells whether they agree."""
    return entry.form.id, entry.line.code, entry.line.named


def _said(entry: FormInput | AttachmentInput) -> Finding:
    said = (_KNOWN, "is in the packet already, word for word")
    return about_file(entry.source.name, "D09", "D09.same", said, Severity.NOTE)


def _named(entry: FormInput | AttachmentInput) -> Mapping[str, str]:
    return {"name": entry.source.name, "title": entry.piece.title, "why": _KNOWN}
