"""What a province or an industry adds to a form at run time, read from TOML (forms-and-rules §9).

A region adds items (scored apart, rule P11), answers, attachments and quotas, and may bring dates
forward. It contains no code.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from services.form import AnswerCell, Field, Form, Grid, Item, LabelCell, Part, Row
from services.kinds import Text


class RegionError(ValueError):
    """A region file does not say what it should; the message names the file and the entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """One region's additions. `dates` are last days by stage: station, city, review, region."""

    code: str
    name: str
    version: str
    items: tuple[Item, ...] = ()
    fields: tuple[Field, ...] = ()
    dates: tuple[tuple[str, date], ...] = ()
    attachments: tuple[str, ...] = ()
    quotas: tuple[tuple[str, int], ...] = ()
    licence_pattern: str = ""
    agency_prefix: str = ""


def load(path: Path) -> Region:
    """Return the region of a TOML file.

    Raises:
        RegionError: the file is not TOML, or an entry is missing or of the wrong type.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return _region(data)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RegionError(f"{path.name}: 不是 TOML 文件: {error}") from error
    except KeyError as error:
        raise RegionError(f"{path.name}: 缺少 {error}") from error
    except (TypeError, ValueError, ArithmeticError) as error:
        raise RegionError(f"{path.name}: {error}") from error


def _region(data: Mapping[str, Any]) -> Region:
    return Region(
        code=str(data["code"]),
        name=str(data["name"]),
        version=str(data["version"]),
        items=tuple(_item(entry) for entry in data.get("items", ())),
        fields=tuple(_field(entry) for entry in data.get("fields", ())),
        dates=tuple((str(stage), _day(day)) for stage, day in data.get("dates", {}).items()),
        attachments=tuple(map(str, data.get("attachments", ()))),
        quotas=tuple((str(form), int(count)) for form, count in data.get("quotas", {}).items()),
        licence_pattern=_pattern(str(data.get("licence_pattern", ""))),
        agency_prefix=str(data.get("agency_prefix", "")),
    )


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"licence_pattern 不是正则表达式: {error}") from error
    return text


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError(f"日期应写成 2006-08-25, 现在是 {value!r}")
    return value


def _item(entry: Mapping[str, Any]) -> Item:
    return Item(
        id=str(entry["id"]),
        section="R",
        label=str(entry["label"]),
        points=Decimal(str(entry["points"])),
        marking="ladder",
        steps=tuple(Decimal(str(step)) for step in entry["steps"]),
        standard=str(entry["standard"]),
        evidence=str(entry["evidence"]),
        source=str(entry.get("source", "c")),
    )


def _field(entry: Mapping[str, Any]) -> Field:
    return Field(
        key=f"r_{entry['key']}",
        label=str(entry["label"]),
        kind=Text(limit=int(entry.get("limit", 60)), lines=bool(entry.get("lines", False))),
        required=bool(entry.get("required", False)),
    )


def extended(form: Form, region: Region) -> Form:
    """Return `form` with the region's items and answers, printed in its part `regional`."""
    if not any(part.key == "regional" for part in form.parts):
        return replace(form, region=region.code, region_name=region.name, region_version=region.version)
    return replace(
        form,
        region=region.code,
        region_name=region.name,
        region_version=region.version,
        items=(*form.items, *region.items),
        fields=(*form.fields, *region.fields),
        parts=tuple(_with_fields(part, region) if part.key == "regional" else part for part in form.parts),
    )


def _with_fields(part: Part, region: Region) -> Part:
    if not region.fields:
        return part
    grid = Grid(
        columns_mm=(60, 197) if part.orientation == "landscape" else (50, 120),
        rows=tuple(Row(cells=(LabelCell(key=f.key), AnswerCell(key=f.key))) for f in region.fields),
    )
    return replace(part, blocks=(*part.blocks, grid))
