"""The forms there are, and a form made concrete for an edition and a region."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import forms
from services.form import Block, Cover, Edition, Form, Grid, LabelCell, Notes, Part, Row
from services.region import Region, extended, load

REGIONS = Path(forms.__file__).parent / "regions"


class UnknownFormError(LookupError):
    """No such form, edition or region; the message names what there is."""


@lru_cache(maxsize=1)
def declared() -> tuple[Form, ...]:
    """Return every declared form, in the order of its code (表1, 表2, 表3)."""
    modules = (importlib.import_module(f"forms.{info.name}") for info in pkgutil.iter_modules(forms.__path__))
    found = (module.FORM for module in modules if hasattr(module, "FORM"))
    return tuple(sorted(found, key=lambda form: form.code))


@lru_cache(maxsize=1)
def regions() -> tuple[Region, ...]:
    """Return every region file, in the order of its code.

    Raises:
        RegionError: a file does not say what it should.
    """
    return tuple(load(path) for path in sorted(REGIONS.glob("*.toml")))


def region(name: str) -> Region:
    """Return the region with this code or name.

    Raises:
        UnknownFormError: there is none.
    """
    for candidate in regions():
        if name in (candidate.code, candidate.name):
            return candidate
    known = "、".join(f"{r.code} {r.name}" for r in regions())
    raise UnknownFormError(f"没有地区“{name}”的增加项目;现有:{known}")


def concrete(form_id: str, edition: str = "", region_name: str = "") -> Form:
    """Return the form as issued in `edition` (the first declared one when empty) to a region.

    The same form, edition and region give the same object, however they are named.

    Raises:
        UnknownFormError: there is no such form, edition or region.
    """
    form = next((form for form in declared() if form.id == form_id), None)
    if form is None:
        known = "、".join(form.id for form in declared())
        raise UnknownFormError(f"没有名为“{form_id}”的表;现有:{known}")
    chosen = next((e for e in form.editions if e.id == (edition or form.editions[0].id)), None)
    if chosen is None:
        known = "、".join(e.id for e in form.editions)
        raise UnknownFormError(f"《{form.title}》没有“{edition}”版;现有:{known}")
    return _concrete(form, chosen, region(region_name) if region_name else None)


@lru_cache(maxsize=64)
def _concrete(form: Form, edition: Edition, added: Region | None) -> Form:
    issued = _issued(form, edition)
    return extended(issued, added) if added else issued


def _issued(form: Form, edition: Edition) -> Form:
    """Return the form with only this edition's answers, and its names in the printed texts."""
    fields = tuple(field for field in form.fields if not field.editions or edition.id in field.editions)
    gone = frozenset(field.key for field in form.fields) - frozenset(field.key for field in fields)
    return replace(
        form,
        edition=edition,
        fields=tuple(replace(field, label=_named(field.label, edition)) for field in fields),
        opinions=tuple(replace(opinion, label=_named(opinion.label, edition)) for opinion in form.opinions),
        parts=tuple(_part(part, edition, gone) for part in form.parts),
    )


def _part(part: Part, edition: Edition, gone: frozenset[str]) -> Part:
    return replace(part, blocks=tuple(_block(block, edition, gone) for block in part.blocks))


def _block(block: Block, edition: Edition, gone: frozenset[str]) -> Block:
    match block:
        case Cover():
            return replace(block, lines=tuple(key for key in block.lines if key not in gone))
        case Notes():
            return replace(block, lines=tuple(_named(line, edition) for line in block.lines))
        case Grid():
            return replace(block, rows=tuple(_row(row, edition, gone) for row in block.rows))
        case _:
            return block


def _row(row: Row, edition: Edition, gone: frozenset[str]) -> Row:
    kept = (cell for cell in row.cells if cell.key not in gone)
    cells = (replace(c, text=_named(c.text, edition)) if isinstance(c, LabelCell) and c.text else c for c in kept)
    return replace(row, cells=tuple(cells))


def _named(text: str, edition: Edition) -> str:
    """Return a printed text with the edition's own names for its marks."""
    return (
        text.replace("{ministry}", edition.ministry)
        .replace("{department}", edition.department)
        .replace("{copies}", "零一二三四五六七八九十"[edition.copies])
        .replace("{version}", edition.version)
    )
