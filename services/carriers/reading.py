"""What every carrier gives back: a filled file, or the reading of a completed one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from services.findings import Finding
from services.identity import Stamp

_NOTHING: Mapping[str, str] = MappingProxyType({})


class UnreadableError(Exception):
    """The file is not what it claims, or cannot be read; `message` tells the clerk what to do next.

    `code` is stable: not-office, encrypted, macro, truncated, doctype, bomb, too-large, unknown-form, …
    """

    def __init__(self, code: str, message: str, message_en: str) -> None:
        """Keep the code and both wordings."""
        super().__init__(message)
        self.code = code
        self.message = message
        self.message_en = message_en


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A generated file, and what has to be said of it (removed or uncovered characters, overlong text)."""

    data: bytes
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What stands in a completed file.

    `raw` is path → text as written, wholly empty schedule rows left out and the others counted from 0;
    `places` is path → where the clerk finds it (《评估表》第3页 · 一、基本情况 · 机构编码, or 工作表“评分” F12);
    `anchors` is path → the carrier's own address of that cell, for marking; `sureness` is path → how it
    was identified: `agreed` (two witnesses or more), `single`, `doubtful`; `witnesses` is path → the anchors
    that held for it (`services.carriers.witness`).
    """

    carrier: str
    stamp: Stamp | None
    raw: Mapping[str, str]
    pictures: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    places: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    anchors: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    sureness: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    witnesses: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    findings: tuple[Finding, ...] = ()
