"""What the rules are in words, and the reference tables they look things up in (data/SOURCES.md)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from services.findings import Severity

DATA = Path(__file__).parent / "data"
_SEVERITIES = MappingProxyType({"E": Severity.MUST_FIX, "W": Severity.CONFIRM, "I": Severity.NOTE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One rule of rules.csv: its sentence in Chinese and English, its severity, where it comes from.

    `severity` is the first that rules.csv names; a rule of two severities says which at each fault.
    `source` holds the marks a/b/c of the domain page.
    """

    id: str
    sentence: str
    sentence_en: str
    severity: Severity
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A code of GB/T 2260: its name, and whether the editions of 2005-12 and of today have it."""

    name: str
    in_2005: bool
    in_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A province or industry of the ministry's own two-digit table: its name and reporting line."""

    name: str
    line: str


def table(name: str) -> tuple[Mapping[str, str], ...]:
    """Return the rows of data/`name`.csv, by column."""
    with (DATA / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return tuple(csv.DictReader(file))


@lru_cache(maxsize=1)
def statements() -> Mapping[str, Statement]:
    """Return every rule of rules.csv by id, in its order."""
    chinese = {row["id"]: row["sentence"] for row in table("sentences")}
    found = {
        row["id"]: Statement(
            id=row["id"],
            sentence=chinese[row["id"]],
            sentence_en=row["statement"],
            severity=_SEVERITIES[row["severity"][0]],
            source=row["source"],
        )
        for row in table("rules")
    }
    return MappingProxyType(found)


@lru_cache(maxsize=1)
def areas() -> Mapping[str, Area]:
    """Return every code of the editions of GB/T 2260 from 1980-12 to today."""
    found = {
        row["code"]: Area(name=row["name"], in_2005=row["in_2005"] == "1", in_current=row["in_current"] == "1")
        for row in table("areas")
    }
    return MappingProxyType(found)


@lru_cache(maxsize=1)
def prefectures() -> frozenset[str]:
    """Return the first four digits of every code there ever was."""
    return frozenset(code[:4] for code in areas())


@lru_cache(maxsize=1)
def units() -> Mapping[str, Unit]:
    """Return the province and industry codes that stand in an agency code (rule S02); the table is open-ended."""
    return MappingProxyType({row["code"]: Unit(name=row["name"], line=row["line"]) for row in table("units")})


@lru_cache(maxsize=1)
def postcode_prefixes() -> Mapping[str, tuple[str, ...]]:
    """Return the first two digits of the postcodes of each province, by the province's digits in GB/T 2260."""
    return MappingProxyType({row["province"]: tuple(row["prefixes"].split()) for row in table("postcodes")})


@lru_cache(maxsize=1)
def occupations() -> Mapping[str, str]:
    """Return code → name of the occupations of the 1999 edition that are known here (rule L06)."""
    return MappingProxyType({row["code"]: row["name"] for row in table("occupations") if row["edition"] == "1999"})
