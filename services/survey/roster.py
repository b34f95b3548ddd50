"""The roster of stations in scope (应查名单), read from a workbook, a CSV file or JSON (rules K02, K04)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from forms.summaries import ROSTER
from services.carriers import box
from services.carriers.reading import UnreadableError
from services.findings import Finding, Problem, Severity, found
from services.kinds.text import fold
from services.survey.table_in import HEAD_ROWS, below_heads, cell_text, table_of

REVOKED, EXEMPT = "撤销", "免检"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A station in scope: the facts that the roster states of it, and the row it stands in (from 1)."""

    facts: Mapping[str, str]
    row: int

    @property
    def code(self) -> str:
        """The agency code."""
        return self.facts["code"]

    @property
    def is_revoked(self) -> bool:
        """Whether the roster says that the licence was revoked."""
        return REVOKED in self.facts.get("status", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The stations in scope, in the order of the file `name`."""

    name: str
    entries: tuple[Entry, ...]


def of_unit(roster: Roster, prefix: str) -> tuple[Roster, int]:
    """Return the roster with those stations alone whose codes begin with `prefix`, and how many rows others have."""
    own = tuple(entry for entry in roster.entries if entry.code.startswith(prefix))
    return replace(roster, entries=own), len(roster.entries) - len(own)


def read_roster(data: bytes, name: str) -> tuple[Roster, tuple[Finding, ...]]:
    """Return the roster of a file (xlsx, csv or JSON) and what is wrong with single rows of it.

    Raises:
        UnreadableError: it is none of these, or has no row with the heads 机构编码 and 名称.
    """
    if data.lstrip()[:1] in (b"{", b"["):
        table = _json_table(data)
    else:
        table = box.run("services.survey.roster:table_here", data, {})
    start, columns = _heads(table)
    entries: list[Entry] = []
    findings: list[Finding] = []
    for number, row in enumerate(table[start:], start + 1):
        facts = {fact: row[column].strip() for fact, column in columns.items() if column < len(row)}
        if facts.get("code") or facts.get("name"):
            entries.append(Entry(facts=MappingProxyType({"code": "", "name": ""} | facts), row=number))
            findings += _faults(entries[-1], name)
    return Roster(name=name, entries=tuple(entry for entry in entries if entry.code)), tuple(findings)


def _faults(entry: Entry, name: str) -> Iterator[Finding]:
    for column in ROSTER:
        if column.required and not entry.facts.get(column.fact):
            problem = Problem(
                code="K02.roster",
                rule="K02",
                severity=Severity.MUST_FIX,
                phrase=f"没有填写,应查名单第 {entry.row} 行的所(站)不能与评估表对上",
                phrase_en=f"is empty in row {entry.row} of the roster",
                want=column.label,
                remedy=f"请在第 {entry.row} 行补填“{column.label}”",
            )
            yield found(
                problem, field=f"roster.{entry.row}.{column.fact}", label=column.label, place=f"{name} 第{entry.row}行"
            )


def _heads(table: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """Return the number of rows up to the heads, and the column of each fact."""
    found = below_heads(table, _columns)
    if found is None:
        wanted = "、".join(f"“{column.label}”" for column in ROSTER if column.required)
        raise UnreadableError(
            "roster",
            f"这不像应查名单:前 {HEAD_ROWS} 行中没有写着{wanted}的表头。请用 census roster 给出的空名单填写。",
            "not a roster: no row of heads with agency code and name",
        )
    return found


def _columns(heads: Sequence[str]) -> dict[str, int] | None:
    columns = {
        column.fact: next(heads.index(fold(head)) for head in column.heads if fold(head) in heads)
        for column in ROSTER
        if any(fold(head) in heads for head in column.heads)
    }
    return columns if {column.fact for column in ROSTER if column.required} <= columns.keys() else None


def _json_table(data: bytes) -> list[list[str]]:
    """Return a JSON list of objects (or {"stations": […]}) as rows under heads; keys are facts or heads."""
    try:
        given: Any = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(
            "roster", "应查名单不是完整的 JSON 文件。请重新导出。", "the roster is no JSON"
        ) from error
    listed = given.get("stations", ()) if isinstance(given, dict) else given
    rows = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
    known = {column.fact: column for column in ROSTER}
    heads = list(dict.fromkeys(key for row in rows for key in map(str, row)))
    named = [known[head].label if head in known else head for head in heads]
    return [named, *([cell_text(row.get(head)) for head in heads] for row in rows)]


def table_here(data: bytes) -> list[list[str]]:
    """Return the texts of a roster. Runs in the box.

    Raises:
        UnreadableError: it is no table, or has too many rows.
    """
    return table_of(data, "应查名单", "roster")
