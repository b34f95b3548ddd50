"""What was handed in for a packet, sorted: forms by their lines, attachments by their pages, what is left out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services.bundle.attachments import media_of
from services.bundle.flatten import about_file
from services.bundle.source import Progress, Room, Source, silent
from services.check import Context
from services.findings import Finding, Severity
from services.form import Form
from services.recipe import Piece, Recipe
from services.record import Record, from_json
from services.settings import Settings
from services.survey.line import Line

REASON = ("station", "name", "form", "file", "code", "rule", "field", "label", "place", "message", "reason")
"""What a manifest tells of a finding that was passed: whose form, which finding, and why."""

Told = Mapping[tuple[str, str, str], tuple[Mapping[str, str], ...]]
"""The findings that a lower packet passed with their reasons, by (form, station, person or name)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormInput:
    """A completed form among the inputs: its line, and where its record stands.

    `scant` are its findings of too little evidence (rule P10), `asked` the others that ask to be
    confirmed; `reasons` say why they were, by (code, field). `packet` is the root of its lower packet,
    `told` what that says was passed; `regional` are the scores of the region's own items (rule P11).
    """

    piece: Piece
    source: Source
    form: Form
    kept: Path
    carrier: str
    line: Line
    scant: tuple[Finding, ...] = ()
    asked: tuple[Finding, ...] = ()
    reasons: Mapping[tuple[str, str], str] = field(default_factory=dict)
    told: tuple[Mapping[str, str], ...] = ()
    packet: str = ""
    regional: Mapping[str, Any] = field(default_factory=dict)

    @property
    def record(self) -> Record:
        """Its record, read again."""
        return read_record(self.form, self.kept)


def read_record(form: Form, kept: Path) -> Record:
    """Return the record that stands in a file of the room."""
    return from_json(form, json.loads(kept.read_bytes()))[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentInput:
    """An attachment among the inputs: where its plain pages stand, and the item it is evidence for, if any."""

    piece: Piece
    source: Source
    pages: Path
    lying: tuple[bool, ...]
    item: str = ""
    note: str = ""
    station: str = ""
    packet: str = ""

    @property
    def is_picture(self) -> bool:
        """Whether its pages were made here, of a picture."""
        return media_of(self.source.read()[:2048]) not in ("", "pdf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """All inputs in binding order, what is wrong with any of them, and what is not taken and why."""

    forms: tuple[FormInput, ...]
    attachments: tuple[AttachmentInput, ...]
    findings: tuple[Finding, ...]
    left_out: tuple[Mapping[str, str], ...] = ()
    packets: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What inputs are judged by and kept in.

    `packet`, `root`, `station` and `told` are of the lower packet at hand: its file name and root hash,
    whose attachment is taken, and what it says was passed, by (form, station, person or name).
    """

    recipe: Recipe
    context: Context
    settings: Settings
    room: Room
    reasons: Mapping[str, Mapping[tuple[str, str], str]] = field(default_factory=dict)
    packet: str = ""
    root: str = ""
    station: str = ""
    told: Told = field(default_factory=dict)
    progress: Progress = silent


@dataclass(slots=True)
class Tray:
    """What has been sorted so far."""

    forms: list[FormInput] = field(default_factory=list)
    attachments: list[AttachmentInput] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    left_out: list[Mapping[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An input that is not bound: its name, the finding's code and rule, and the sentence in Chinese and English."""

    name: str
    code: str
    said: tuple[str, str]
    rule: str = "D05"


def refuse(tray: Tray, recipe: Recipe, refused: Refused) -> None:
    """Say that an input is not bound: for a packet of many it is left out, for a station's it stops the binding."""
    said, english = refused.said
    if not recipe.is_of_many:
        told = (said if refused.rule == "K01" else f"不能装订:{said}", f"cannot be bound: {english}")
        tray.findings.append(about_file(refused.name, refused.rule, refused.code, told, Severity.MUST_FIX))
        return
    told = (f"没有收入:{said.rstrip('。')}。改好后重新装订,或用补充件补报", f"left out: {english}")
    tray.findings.append(about_file(refused.name, refused.rule, refused.code, told, Severity.CONFIRM))
    tray.left_out.append({"name": refused.name, "title": "", "why": said})
