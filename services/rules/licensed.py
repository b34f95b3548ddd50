"""What the schedules of form 1 say together: who is licensed for what, who examines, what was held."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from services.kinds.text import fold
from services.rules.rule import Facts

ENOUGH = 3
"""Examiners that each licensed occupation needs (R4: 每工种 3 名以上)."""

LEVEL_DIGITS: Mapping[str, str] = MappingProxyType({"五级": "5", "四级": "4", "三级": "3", "二级": "2", "一级": "1"})
LEVEL_NAMES: Mapping[str, str] = MappingProxyType({digit: name for name, digit in LEVEL_DIGITS.items()})
UPPER_LEVELS = frozenset("21")
"""技师 and 高级技师, which only a 高级考评员 judges (R3; older texts differ)."""

SENIOR = "高级考评员"
_SEPARATORS = re.compile(r"[、,;/和及]")
_EVERYTHING = frozenset({"通用", "公用", "共用", "全部", "全部职业", "各职业", "所有职业", "办公"})


def licensed_occupations(facts: Facts) -> Mapping[str, frozenset[str]]:
    """Return the licensed levels (digits) of each occupation by its folded name."""
    found: dict[str, frozenset[str]] = {}
    for row in facts.rows("occupations"):
        if row.get("name"):
            name = fold(str(row["name"]))
            found[name] = found.get(name, frozenset()) | frozenset(row.get("levels") or ())
    return found


def occupations_in(text: object) -> tuple[str, ...]:
    """Return the folded occupation names of a cell that may list several; a name is also given undivided."""
    whole = fold(str(text or ""))
    return (whole, *_SEPARATORS.split(whole)) if whole else ()


def is_licensed(facts: Facts, text: object) -> bool:
    """Return whether a cell names a licensed occupation, or says that it serves all of them."""
    known = licensed_occupations(facts).keys()
    return any(name in known or name in _EVERYTHING for name in occupations_in(text))


def examiners_of(facts: Facts, occupation: str) -> tuple[Mapping[str, Any], ...]:
    """Return the rows of the roster that name `occupation` (folded)."""
    return tuple(row for row in facts.rows("examiners") if occupation in occupations_in(row.get("occupation")))


def judges(row: Mapping[str, Any], level: str) -> bool:
    """Return whether an examiner is named for a level and may judge it."""
    return level in (row.get("levels") or ()) and (row.get("category") == SENIOR or level not in UPPER_LEVELS)


def examiner_shares(facts: Facts, day: date) -> Mapping[str, bool]:
    """Return for each licensed occupation whether every level has enough examiners with a card valid on `day`."""
    met: dict[str, bool] = {}
    for occupation, levels in licensed_occupations(facts).items():
        valid = [row for row in examiners_of(facts, occupation) if (row.get("card_until") or date.min) >= day]
        met[occupation] = all(sum(judges(row, level) for row in valid) >= ENOUGH for level in levels)
    return met


def outside_licence(facts: Facts) -> tuple[str, ...]:
    """Return the occupations and levels of the statistics that the licence does not hold, each once."""
    known = licensed_occupations(facts)
    if not known:
        return ()
    found: dict[str, None] = {}
    for row in facts.rows("statistics"):
        name, level = fold(str(row.get("occupation") or "")), row.get("level")
        if name and level and row.get("examined") and LEVEL_DIGITS.get(level, "") not in known.get(name, frozenset()):
            found[f"{row['occupation']}{level}"] = None
    return tuple(found)


def total_of(facts: Facts, column: str) -> int | None:
    """Return the sum of a column of the statistics, None while a cell of it is empty or there are no rows."""
    cells = [row.get(column) for row in facts.rows("statistics")]
    counts = [cell for cell in cells if isinstance(cell, int)]
    return sum(counts) if cells and len(counts) == len(cells) else None


def examined_by_year(facts: Facts) -> Mapping[str, int] | None:
    """Return the people examined in each year of the statistics, None while a cell is empty or there are no rows."""
    if total_of(facts, "examined") is None:
        return None
    found: dict[str, int] = {}
    for row in facts.rows("statistics"):
        year = str(row.get("year") or "")
        found[year] = found.get(year, 0) + row["examined"]
    return found


def examined_of(facts: Facts, occupation: str, years: frozenset[str]) -> int:
    """Return how many were examined in an occupation (folded name) in some years."""
    return sum(
        row.get("examined") or 0
        for row in facts.rows("statistics")
        if fold(str(row.get("occupation") or "")) == occupation and row.get("year") in years
    )
