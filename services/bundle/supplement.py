"""Late pieces (补充件): bound behind a packet, whose own pages and page numbers stay as they are.

Only the cover is printed again, with the new root; the manifest keeps the former one. What the service
computes (summaries, 数据情况说明表) follows the late pieces once more, for all forms together.
"""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from services.bundle import assemble, front, lower, marks, verify
from services.bundle.chunks import (
    Chunk,
    Leaf,
    Press,
    leaves_of,
    pages_of,
    parts_of,
    presses,
    printed_chunks,
    typeset_chunk,
)
from services.bundle.closing import Former, close
from services.bundle.filed import entry_of, filed, manifest_of
from services.bundle.flatten import about_file
from services.bundle.front import Front
from services.bundle.gather import gather, gathered, take_lower
from services.bundle.inputs import Desk, FormInput, Gathered, Tray
from services.bundle.late import new_of, untold
from services.bundle.lower import Lower
from services.bundle.manifest import Entry, Manifest, as_json
from services.bundle.packet import Bound, Job, desk_of, recipe_named
from services.bundle.pagedigest import Digests
from services.bundle.plan import MadePiece, Planned, Shelf, plan
from services.bundle.ready import Ready, appearing, ending, files_of, write_zip
from services.bundle.seal import seal_file
from services.bundle.source import Room, Source
from services.bundle.whole import Extra, Whole, whole_of
from services.carriers.reading import UnreadableError
from services.findings import Finding, Severity, must_fix
from services.recipe import Piece

_AGAIN = frozenset({"summary", "unreported", "explanations"})
"""What is computed and printed again, for all forms."""
_ORDINALS = "一二三四五六七八九十"


def append(job: Job, former: Path, pdf: Path, archive: Path | None = None) -> Bound:
    """Bind the late pieces of `job` behind the packet `former` into `pdf` (which may be the same file).

    Raises:
        UnreadableError: `former` is no packet of this recipe, or it was changed since it was bound.
    """
    recipe = recipe_named(job.recipe)
    with tempfile.TemporaryDirectory(prefix="packet-") as name:
        room = Room(folder=Path(name))
        desk = desk_of(job, recipe, room)
        before = _former(former, desk)
        tray = Tray()
        take_lower(tray, before, desk)
        own = gathered(tray, desk)
        late = new_of(gather(job.sources, desk), own, before)
        whole = _judged(own, late, before, desk, job)
        if must_fix(whole.findings):
            return Bound(findings=whole.findings)
        with _typeset(whole, late, before, desk) as made, appearing(pdf, archive) as (part, zip_part):
            manifest = _written(made, former, before, part)
            if zip_part:
                write_zip(_all_files(made, before), manifest, room, (part, zip_part))
    return Bound(findings=(*whole.findings, *made.findings), manifest=manifest)


def _former(path: Path, desk: Desk) -> Lower:
    """Return the packet that is added to, verified."""
    with path.open("rb") as file:
        is_pdf = file.read(4) == b"%PDF"
    found = lower.opened(Source(name=path.name, path=path), desk.room) if is_pdf else None
    if found is None:
        raise _refused(path, "不是本系统装订的上报材料 PDF", "is no packet")
    if found.manifest.get("recipe") != desk.recipe.id:
        raise _refused(path, f"不是“{desk.recipe.title}”", "is a packet of another kind")
    if not verify.verify(path).holds:
        raise _refused(path, "与它的清单不一致,装订后被改动过", "was changed since it was bound")
    return found


def _last_number(told: Mapping[str, Any]) -> int:
    return max(int(entry["number"]) for entry in told["entries"])


def _refused(path: Path, why: str, english: str) -> UnreadableError:
    said = f"“{path.name}”{why},不能补充。请用原来的文件"
    return UnreadableError("not-a-packet", said, f"{path.name} {english}")


# ---- judged -----------------------------------------------------------------------------------------


def _judged(own: Gathered, late: Gathered, before: Lower, desk: Desk, job: Job) -> Whole:
    """Return the packet with the late pieces; what was said of it before is not said again."""
    both = Gathered(
        forms=(*own.forms, *late.forms),
        attachments=(*own.attachments, *late.attachments),
        findings=late.findings,
        left_out=late.left_out,
        packets=late.packets,
    )
    unit = job.options.unit or str(before.manifest.get("unit", ""))
    options = replace(job.options, unit=unit, former=before.reasons)
    whole = whole_of(both, desk, options)
    findings = tuple(f for f in whole.findings if f.rule not in {"K01", "P10"} or f in late.findings)
    if not (_taken(whole, late) or late.attachments):
        findings = (*findings, _nothing(desk))
    left_out = untold(whole.gathered.left_out, late, before)
    return replace(whole, findings=findings, gathered=replace(whole.gathered, left_out=left_out))


def _taken(whole: Whole, late: Gathered) -> tuple[FormInput, ...]:
    """Return the late forms that count: one of another unit, or out of scope, was left out by name."""
    counting = {id(entry) for entry in whole.gathered.forms}
    return tuple(entry for entry in late.forms if id(entry) in counting)


def _nothing(desk: Desk) -> Finding:
    said = ("没有新的材料可以补充,原来的上报材料没有改动", "nothing new came; the packet stays as it was")
    return about_file(desk.recipe.title, "K01", "K01.nothing", said, Severity.MUST_FIX)


# ---- typeset ----------------------------------------------------------------------------------------


@contextmanager
def _typeset(whole: Whole, late: Gathered, before: Lower, desk: Desk) -> Generator[Ready]:
    number = len(before.manifest.get("supplements", ())) + 1
    planned = _planned(whole, late, number, _last_number(before.manifest))
    leaves = tuple(leaves_of(planned))
    with presses(leaves) as run:
        press = Press(
            title=f"{whole.recipe.title} {whole.unit.name}",
            secret=desk.settings.secret,
            room=desk.room,
            progress=desk.progress,
            run=run,
        )
        chunks = _chunks(
            Front(recipe=whole.recipe, unit=whole.unit, planned=planned, gathered=whole.gathered),
            leaves,
            (number, int(before.manifest["page_count"]) + 1),
            press,
        )
        yield Ready(
            whole=replace(whole, extras=tuple(_renamed(extra, number) for extra in whole.extras)),
            desk=desk,
            planned=planned,
            chunks=chunks,
            pages=pages_of(chunks),
            filed=filed(planned, desk.room),
            press=press,
        )


def _chunks(first: Front, leaves: Sequence[Leaf], place: tuple[int, int], press: Press) -> tuple[Chunk, ...]:
    """Return a supplement of this number and first page typeset, its contents twice: once to see how long they are."""
    number, first_page = place
    key = f"supplement{number}"
    title = f"补充件({_ORDINALS[number - 1] if number <= len(_ORDINALS) else number})目录"

    def contents(pages: Mapping[str, tuple[int, int]]) -> Chunk:
        printed = front.contents(first, pages, title, key)
        leaf = Leaf(key=key, code=f"{first.unit.agency_code}-补{number}目录", printed=printed)
        return typeset_chunk([leaf], first_page, press)

    head = contents({})
    body = tuple(printed_chunks(leaves, head.last_page + 1, press))
    return contents(pages_of((head, *body))), *body


def _planned(whole: Whole, late: Gathered, number: int, begin: int) -> tuple[Planned, ...]:
    """Return the late pieces in binding order, and after them what is computed again."""

    def again(piece: Piece) -> Sequence[MadePiece]:
        return whole.made(piece) if piece.made in _AGAIN else ()

    shelf = Shelf(
        recipe=replace(whole.recipe, pieces=tuple(p for p in whole.recipe.pieces if not p.made or p.made in _AGAIN)),
        gathered=replace(whole.gathered, forms=_taken(whole, late), attachments=late.attachments),
        unit=whole.unit,
        made=again,
        begin=begin,
    )
    found = plan(shelf)
    ordered = (*(e for e in found if e.given), *(e for e in found if not e.given))
    return tuple(_marked(entry, number) for entry in ordered)


def _marked(entry: Planned, number: int) -> Planned:
    """Return what is computed again under a name and a page code of its own."""
    if entry.given:
        return entry
    return replace(
        entry, title=f"{entry.title}(补充后)", label=f"{entry.label}(补充后)", code=f"{entry.code}补{number}"
    )


def _renamed(extra: Extra, number: int) -> Extra:
    stem, dot, suffix = extra.name.rpartition(".")
    return replace(extra, name=f"{stem}_补{number}{dot}{suffix}", title=f"{extra.title}(补充后)")


# ---- written ----------------------------------------------------------------------------------------


def _written(made: Ready, former: Path, before: Lower, path: Path) -> Mapping[str, Any]:
    """Write the former packet with the late pages behind it; return the new manifest."""
    first = made.chunks[0].first_page
    with path.open("wb") as file:
        book = assemble.begun(file, made.chunks[-1].last_page, first)
        source = assemble.take_over(book, former)
        assemble.append(book, made.chunks, made.planned)
        manifest = as_json(_manifest(made, before, book.digests))
        under = marks.marks_of(made.planned, made.pages, parts_of(made.chunks))
        title = f"补充件({len(manifest['supplements'])})"
        added = ending(made, book, manifest, (marks.Mark(title=title, page=first, under=under),))
        supplements = tuple(int(one["first_page"]) for one in manifest["supplements"])
        close(book, added, Former(path=former, source=source, supplements=supplements))
    seal_file(path)
    return manifest


def _manifest(made: Ready, before: Lower, digests: Digests) -> Manifest:
    told = before.manifest
    later = list(told.get("supplements", ()))
    number, first = len(later) + 1, made.chunks[0].first_page
    entries = (*_old(told), *_new(made, digests, number, _last_number(told)))
    later.append(
        {
            "number": number,
            "first_page": first,
            "last_page": entries[-1].last_page,
            "former_root_sha256": before.root,
        }
    )
    plain = manifest_of(made.whole, entries)
    return replace(
        plain,
        unit=str(told["unit"]),
        agency_code=str(told["agency_code"]),
        left_out=(*told.get("left_out", ()), *plain.left_out),
        packets=(*told.get("packets", ()), *plain.packets),
        files=(*told.get("files", ()), *plain.files),
        conformance=plain.conformance if told.get("conformance", {}).get("level") else told.get("conformance", {}),
        supplements=tuple(later),
    )


def _old(told: Mapping[str, Any]) -> tuple[Entry, ...]:
    known = Entry.__dataclass_fields__
    return tuple(Entry(**{k: v for k, v in entry.items() if k in known}) for entry in told["entries"])


def _new(made: Ready, digests: Digests, number: int, begin: int) -> tuple[Entry, ...]:
    """Return the entries of a supplement: its contents, its pieces, numbered on from `begin`."""
    key = f"supplement{number}"
    first, last = made.pages[key]
    contents = Entry(
        number=0,
        key=key,
        title="补充件目录",
        first_page=first,
        last_page=last,
        pages_sha256=digests.digest(first, last),
        supplement=number,
    )
    found = (
        entry_of(entry, begin + place, made.pages[entry.key], made.filed.get(entry.key), digests)
        for place, entry in enumerate(made.planned, 1)
    )
    return (contents, *(replace(entry, supplement=number) for entry in found))


def _all_files(made: Ready, before: Lower) -> list[tuple[str, Path]]:
    """Return the files of the former packet and of the late pieces."""
    return [*before.files, *files_of(made)]
