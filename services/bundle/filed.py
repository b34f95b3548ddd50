"""Where a packet's originals and records stand in it, and the manifest that names them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from services.bundle.archive import ORIGINALS, distinct
from services.bundle.inputs import AttachmentInput, FormInput
from services.bundle.manifest import Entry, Manifest, sha256
from services.bundle.pagedigest import Digests
from services.bundle.plan import Planned
from services.bundle.source import Room
from services.bundle.whole import Whole
from services.recipe import RECORDS

RULES = Path(__file__).parent.parent / "rules" / "data" / "rules.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """The files of one piece: its original and, for a form, its record, by their names in the packet."""

    files: tuple[tuple[str, Path], ...]
    original: str
    record: str = ""

    def path(self, name: str) -> Path:
        """Return where the file of that name stands now."""
        return dict(self.files)[name]


def filed(planned: Sequence[Planned], room: Room) -> Mapping[str, Filed]:
    """Return the files of every piece that was handed in, by its key."""
    given = [entry for entry in planned if entry.given]
    names = distinct(entry.file for entry in given)
    return {entry.key: _filed(entry, name, room) for entry, name in zip(given, names, strict=True)}


def _filed(entry: Planned, name: str, room: Room) -> Filed:
    original = f"{ORIGINALS}{name}", room.kept(entry.source).path or Path()
    if not isinstance(entry.given, FormInput):
        return Filed(files=(original,), original=original[0])
    record = f"{RECORDS}{name.rpartition('.')[0]}.json", entry.given.kept
    return Filed(files=(original, record), original=original[0], record=record[0])


def entries_of(
    planned: Sequence[Planned],
    pages: Mapping[str, tuple[int, int]],
    files: Mapping[str, Filed],
    digests: Digests,
) -> Iterator[Entry]:
    """Yield an entry for every leaf of the packet in page order; the cover's digest is the root itself."""
    yield Entry(number=0, key="cover", title="封面", first_page=1, last_page=1, pages_sha256="")
    for key, title in (("contents", "目录"), ("checklist", "材料清单")):
        first, last = pages[key]
        digest = digests.digest(first, last)
        yield Entry(number=0, key=key, title=title, first_page=first, last_page=last, pages_sha256=digest)
    for number, entry in enumerate(planned, 1):
        yield entry_of(entry, number, pages[entry.key], files.get(entry.key), digests)


def entry_of(entry: Planned, number: int, pages: tuple[int, int], files: Filed | None, digests: Digests) -> Entry:
    """Return the manifest's entry for one piece."""
    first, last = pages
    plain = Entry(
        number=number,
        key=entry.piece.key,
        title=entry.title,
        first_page=first,
        last_page=last,
        pages_sha256=digests.digest(first, last),
        code=entry.code,
        station=entry.station,
        note=entry.note,
        packet=entry.given.packet if isinstance(entry.given, FormInput | AttachmentInput) else "",
    )
    return _with_files(plain, files) if files else plain


def _with_files(entry: Entry, files: Filed) -> Entry:
    original = files.path(files.original).read_bytes()
    return replace(
        entry,
        file=files.original,
        file_sha256=sha256(original),
        file_size=len(original),
        record=files.record,
        record_sha256=sha256(files.path(files.record).read_bytes()) if files.record else "",
    )


def manifest_of(whole: Whole, entries: tuple[Entry, ...]) -> Manifest:
    """Return the packet's manifest."""
    form, edition = whole.unit.form, whole.unit.edition
    return Manifest(
        recipe=whole.recipe.id,
        title=whole.recipe.title,
        unit=whole.unit.name,
        agency_code=whole.unit.agency_code,
        edition=edition.id,
        region=form.region,
        region_version=form.region_version,
        template_versions=_versions(whole),
        rules_sha256=sha256(RULES.read_bytes()),
        page_count=max(entry.last_page for entry in entries),
        entries=entries,
        reasons=tuple(whole.reasons),
        left_out=whole.gathered.left_out,
        packets=whole.gathered.packets,
        files=tuple(extra.described() for extra in whole.extras),
        figures=whole.figures,
        conformance=_conformance(whole),
    )


def _versions(whole: Whole) -> dict[str, str]:
    return {entry.form.id: entry.line.version for entry in whole.gathered.forms}


def _conformance(whole: Whole) -> dict[str, Any]:
    """Return the PDF/A level, and why it is not 2b or none at all.

    A packet carries its originals and records, which PDF/A-2 does not allow and PDF/A-3 does. A PDF from
    elsewhere is bound as it looks; what it is made of is not ours to vouch for.
    """
    foreign = [entry.source.name for entry in whole.gathered.attachments if not entry.is_picture]
    if foreign:
        shown = "、".join(foreign[:5]) + ("等" if len(foreign) > 5 else "")  # noqa: PLR2004
        return {"level": "", "why": [f"含有外来的 PDF 页面({shown}),不能保证符合 PDF/A"]}
    return {"level": "3B", "why": ["内嵌原件和记录文件,PDF/A-2b 不允许内嵌;页面符合 PDF/A-2b 的要求,整体按 PDF/A-3b"]}
