"""Which rules there are, and the function of each that is checked on one form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from services.findings import Severity
from services.rules import (
    claims,
    codes,
    contacts,
    documents,
    names,
    opinions,
    people,
    recommend,
    rosters,
    scores,
    sums,
    tables,
    writing,
)
from services.rules.rule import Rule
from services.rules.source import Statement, statements

BY_KINDS = frozenset({"D08", "L07", "N01", "N02", "N04", "N05", "T03"})
"""Rules that `services.kinds` judges while it reads a text."""

BY_READERS = frozenset({"D01", "D02", "D03", "D04", "D05", "D06"})
"""Rules that the carriers judge while they read a file."""

BY_WORDING = frozenset({"I06"})
"""Rules that findings keep in how they are worded: numbers of people are masked."""

_TUPLES = (
    writing.RULES,
    names.RULES,
    codes.RULES,
    contacts.RULES,
    documents.RULES,
    people.RULES,
    scores.RULES,
    sums.RULES,
    claims.RULES,
    tables.RULES,
    rosters.RULES,
    opinions.RULES,
    recommend.RULES,
)

CHECKS: Mapping[str, Rule] = MappingProxyType({rule.__name__.upper(): rule for rules in _TUPLES for rule in rules})
"""The function of every rule that is checked here, by id; a more special rule comes after a more general one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A rule as the help page lists it: id, sentence, severity, source marks, and who looks at it."""

    id: str
    sentence: str
    sentence_en: str
    severity: Severity
    source: str
    checked: bool


def listing() -> tuple[Listed, ...]:
    """Return every rule of rules.csv in its order; `checked` says whether one form alone is checked by it."""
    return tuple(_listed(statement) for statement in statements().values())


def _listed(statement: Statement) -> Listed:
    return Listed(
        id=statement.id,
        sentence=statement.sentence,
        sentence_en=statement.sentence_en,
        severity=statement.severity,
        source=statement.source,
        checked=statement.id in CHECKS.keys() | BY_KINDS | BY_READERS | BY_WORDING,
    )
