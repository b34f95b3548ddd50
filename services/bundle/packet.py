"""Binding: forms typeset from their checked records, attachments, cover, contents, manifest, in one PDF.

The forms are typeset in one compile together with contents, checklist and a leaf for every page of an
attachment, so that fonts are embedded once and the printed number is the PDF's page. The cover is
printed last, when the root hash is known. Same inputs, same bytes.
"""

from __future__ import annotations

import io
import json
import mimetypes
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf

from forms.packets import RECIPES
from services.bundle.archive import MANIFEST, PACKET, distinct, pack
from services.bundle.attachments import place
from services.bundle.completeness import is_exempt, judge, need_of
from services.bundle.gather import AttachmentInput, FormInput, Gathered, Source, gather
from services.bundle.manifest import Entry, Manifest, as_json, dump, pages_digest, sha256
from services.bundle.plan import Planned, Unit, fit, front, plan, unit_of
from services.catalogue import UnknownFormError
from services.check import Context
from services.findings import Finding, must_fix
from services.paper import qr
from services.paper.typeset import Piece as Printed
from services.paper.typeset import Binding, Typeset, continued, typeset
from services.recipe import Recipe
from services.record import to_json
from services.settings import Settings

__all__ = ["Bound", "Source", "bind", "recipe_named"]

RULES = Path(__file__).parent.parent / "rules" / "data" / "rules.csv"
FRAME_MM = (12, 18, 12, 21)
"""Left, bottom, right and top margin around an attachment's page: page number and running head stay free."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A packet, or why there is none: with a must-fix finding `pdf` and `archive` are empty."""

    findings: tuple[Finding, ...]
    pdf: bytes = b""
    archive: bytes = b""
    manifest: Mapping[str, Any] = field(default_factory=dict)


def recipe_named(name: str) -> Recipe:
    """Return the recipe of that name.

    Raises:
        UnknownFormError: there is none.
    """
    for recipe in RECIPES:
        if recipe.id == name:
            return recipe
    raise UnknownFormError(f"没有名为“{name}”的材料;现有:{'、'.join(recipe.id for recipe in RECIPES)}")


def bind(recipe_name: str, sources: Sequence[Source], context: Context, settings: Settings) -> Bound:
    """Return the packet bound from `sources`, and everything that is wrong with them.

    Raises:
        UnknownFormError: there is no such recipe.
    """
    recipe = recipe_named(recipe_name)
    gathered = gather(recipe, sources, context, settings)
    findings = (*gathered.findings, *judge(recipe, gathered))
    if must_fix(findings) or not gathered.forms:
        return Bound(findings=findings)
    unit = unit_of(gathered)
    planned = plan(recipe, gathered, unit, settings)
    leaves = (*front(recipe, unit, planned, _missing(recipe, gathered)), *(entry.printed for entry in planned))
    made = typeset(leaves, title=f"{recipe.title} {unit.name}", binding=Binding())
    body = _with_attachments(made, planned)
    manifest = as_json(_manifest(recipe, unit, _entries(body, made, planned)))
    files = _files(planned)
    pdf = _finished(body, _cover(recipe, unit, manifest), files | {MANIFEST: dump(manifest)})
    archive = pack({PACKET: pdf, MANIFEST: dump(manifest), **files})
    said = (*findings, *_said(planned, made))
    return Bound(findings=said, pdf=pdf, archive=archive, manifest=manifest)


def _missing(recipe: Recipe, gathered: Gathered) -> tuple[str, ...]:
    """Return the titles of the expected pieces that are not there: the checklist names them as 未附."""
    there = {entry.piece.key for entry in (*gathered.forms, *gathered.attachments)}
    exempt = is_exempt(recipe, gathered)
    wanted = (piece for piece in recipe.pieces if need_of(piece, exempt=exempt) == "expected")
    return tuple(piece.title for piece in wanted if piece.key not in there)


def _said(planned: Sequence[Planned], made: Typeset) -> Iterator[Finding]:
    for entry in planned:
        yield from entry.printed.findings
        if isinstance(entry.given, FormInput):
            yield from continued(entry.given.examined.form, made, entry.key)


def _with_attachments(made: Typeset, planned: Sequence[Planned]) -> bytes:
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        for entry in planned:
            if isinstance(entry.given, AttachmentInput):
                place(pdf, made.pages[entry.key][0], entry.given.pages, FRAME_MM)
        return _saved(pdf)


def _entries(body: bytes, made: Typeset, planned: Sequence[Planned]) -> Iterator[Entry]:
    """Yield an entry for every leaf of the packet in page order; the cover's digest is the root itself."""
    records = _record_files(planned)
    with pikepdf.open(io.BytesIO(body)) as pdf:
        yield Entry(number=0, key="cover", title="封面", first_page=1, last_page=1, pages_sha256="")
        for key, title in (("contents", "目录"), ("checklist", "材料清单")):
            first, last = made.pages[key]
            digest = pages_digest(pdf, first, last)
            yield Entry(number=0, key=key, title=title, first_page=first, last_page=last, pages_sha256=digest)
        for number, entry in enumerate(planned, 1):
            first, last = made.pages[entry.key]
            name, record = records.get(entry.key, ("", b""))
            yield Entry(
                number=number,
                key=entry.given.piece.key,
                title=entry.title,
                first_page=first,
                last_page=last,
                pages_sha256=pages_digest(pdf, first, last),
                file=_file_names(planned)[entry.key],
                file_sha256=sha256(entry.source.data),
                file_size=len(entry.source.data),
                record=name,
                record_sha256=sha256(record) if name else "",
            )


def _file_names(planned: Sequence[Planned]) -> dict[str, str]:
    names = distinct(entry.file for entry in planned)
    return {entry.key: f"原件/{name}" for entry, name in zip(planned, names, strict=True)}


def _record_files(planned: Sequence[Planned]) -> dict[str, tuple[str, bytes]]:
    """Return for each form its record's name in the zip and its JSON."""
    files = {}
    for entry, name in zip(planned, distinct(entry.file for entry in planned), strict=True):
        if isinstance(entry.given, FormInput):
            examined = entry.given.examined
            text = json.dumps(to_json(examined.form, examined.record), ensure_ascii=False, indent=1)
            files[entry.key] = (f"记录/{name.rpartition('.')[0]}.json", f"{text}\n".encode())
    return files


def _files(planned: Sequence[Planned]) -> dict[str, bytes]:
    names = _file_names(planned)
    originals = {names[entry.key]: entry.source.data for entry in planned}
    return originals | dict(_record_files(planned).values())


def _manifest(recipe: Recipe, unit: Unit, entries: Iterator[Entry]) -> Manifest:
    listed = tuple(entries)
    return Manifest(
        recipe=recipe.id,
        title=recipe.title,
        unit=unit.name,
        agency_code=unit.agency_code,
        edition=unit.edition.id,
        region=unit.form.region,
        region_version=unit.form.region_version,
        template_versions={unit.form.id: unit.edition.version},
        rules_sha256=sha256(RULES.read_bytes()),
        page_count=max(entry.last_page for entry in listed),
        entries=listed,
    )


def _cover(recipe: Recipe, unit: Unit, manifest: Mapping[str, Any]) -> bytes:
    root = str(manifest["root_sha256"])
    pieces = sum(1 for entry in manifest["entries"] if entry["number"])
    lines = [
        ["报送单位", fit(unit.name)],
        ["机构编码", unit.agency_code],
        ["上报主管部门", fit(unit.report_to)],
        ["材料", f"共 {pieces} 件,{manifest['page_count']} 页"],
    ]
    data = {"page": "cover", "title": ["职业技能鉴定所(站)质量普查", "上报材料"], "lines": lines, "root": root}
    piece = Printed(key="cover", kind="packet", data=data, pictures={"root.png": qr.png(root.upper())})
    return typeset([piece], title=recipe.title).pdf


def _finished(body: bytes, cover: bytes, files: Mapping[str, bytes]) -> bytes:
    """Return the packet: the cover laid on its page, everything it is made of embedded."""
    with pikepdf.open(io.BytesIO(body)) as pdf:
        place(pdf, 1, cover, (0, 0, 0, 0))
        for name, data in files.items():
            pdf.attachments[name] = _embedded(pdf, name, data)
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            for claim in ("pdfaid:part", "pdfaid:conformance"):
                if claim in metadata:  # a packet holds foreign pages and files, so it is no PDF/A-2b
                    del metadata[claim]
        return _saved(pdf)


def _embedded(pdf: pikepdf.Pdf, name: str, data: bytes) -> pikepdf.AttachedFileSpec:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return pikepdf.AttachedFileSpec(
        pdf, data, filename=name, description="", mime_type=kind, creation_date="", mod_date=""
    )


def _saved(pdf: pikepdf.Pdf) -> bytes:
    data = io.BytesIO()
    pdf.save(data, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return data.getvalue()
