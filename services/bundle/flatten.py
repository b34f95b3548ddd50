"""Inputs one by one: the files of zips, and of lower packets what they enclose."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.bundle import lower
from services.bundle.attachments import media_of
from services.bundle.lower import Lower
from services.bundle.manifest import sha256
from services.bundle.source import Room, Source
from services.carriers.pdf import claims_to_be_issued
from services.carriers.reading import UnreadableError
from services.carriers.unzip import unpack_zip
from services.findings import Finding, Problem, Severity, found

_OFFICE = frozenset({"[Content_Types].xml", "mimetype"})
"""Names at the root of an office file: Word and Excel's own, and OpenDocument's."""
DEPTH = 3
"""So many zips may stand in each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flat:
    """The single files among the inputs, the lower packets, and what is wrong with these."""

    sources: tuple[Source, ...]
    lower: tuple[Lower, ...]
    findings: tuple[Finding, ...]
    packets: tuple[Mapping[str, str], ...]


@dataclass(slots=True)
class _Heap:
    sources: list[Source] = field(default_factory=list)
    lower: dict[str, Lower] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def about_file(name: str, rule: str, code: str, said: tuple[str, str], severity: Severity) -> Finding:
    """Return a finding about a whole input; `said` is the sentence in Chinese and in English."""
    problem = Problem(code=code, rule=rule, severity=severity, phrase=said[0], phrase_en=said[1])
    return found(problem, field="", label=name, place=name)


def flattened(sources: Iterable[Source], room: Room) -> Flat:
    """Return the inputs one by one; one that cannot be opened stays, to be refused alone."""
    heap = _Heap()
    for source in sources:
        _sort(heap, source, room, 0)
    return Flat(
        sources=tuple(heap.sources),
        lower=tuple(heap.lower.values()),
        findings=tuple(heap.findings),
        packets=tuple(_described(packet) for packet in heap.lower.values()),
    )


def _sort(heap: _Heap, source: Source, room: Room, depth: int) -> None:
    data = source.read()
    if not source.kind and _may_be_packet(data):
        packet = _opened(heap, source, room)
        if packet:
            return
    inner = _inside(heap, source, data) if depth < DEPTH and holds_files(data) else None
    if inner is None:
        heap.sources.append(source)
        return
    for name, content in inner:
        held = Source(name=name, data=content)
        _sort(heap, room.kept(held) if depth or len(inner) > DEPTH else held, room, depth + 1)


def _opened(heap: _Heap, source: Source, room: Room) -> bool:
    """Take a lower packet apart, if it is one; the same packet given twice (PDF and zip) counts once."""
    try:
        packet = lower.opened(source, room)
    except UnreadableError as error:
        heap.findings.append(_changed(source.name, (error.message, error.message_en), Severity.MUST_FIX))
        return True
    if packet is None:
        return False
    if not packet.is_whole:
        said = ("清单的总校验值不符,材料可能被改动过。请向报送单位要原来的文件", "its root hash does not hold")
        heap.findings.append(_changed(source.name, said, Severity.MUST_FIX))
        return True
    if packet.root in heap.lower:
        said = ("与另一份是同一份材料,只收一次", "is the same packet as another input and was taken once")
        heap.findings.append(_changed(source.name, said, Severity.NOTE))
    heap.lower.setdefault(packet.root, packet)
    return True


def _changed(name: str, said: tuple[str, str], severity: Severity) -> Finding:
    return about_file(name, "K06", "packet.lower", said, severity)


def _inside(heap: _Heap, source: Source, data: bytes) -> tuple[tuple[str, bytes], ...] | None:
    """Return the files of a zip; None where it cannot be opened: it is refused later, alone."""
    try:
        return unpack_zip(data)
    except UnreadableError as error:
        if error.code != "empty":
            return None
        said = (error.message, error.message_en)
        heap.findings.append(about_file(source.name, "D05", "packet.empty", said, Severity.CONFIRM))
        return ()


def _may_be_packet(data: bytes) -> bool:
    if data.startswith(b"PK"):
        return holds_files(data)
    return media_of(data) == "pdf" and not claims_to_be_issued(data)


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


def _described(packet: Lower) -> Mapping[str, str]:
    """Return a lower packet as the manifest names it."""
    said = packet.manifest
    return {
        "name": packet.source.name,
        "unit": str(said.get("unit", "")),
        "agency_code": str(said.get("agency_code", "")),
        "recipe": str(said.get("recipe", "")),
        "sha256": sha256(packet.source.read()),
        "root_sha256": packet.root,
    }
