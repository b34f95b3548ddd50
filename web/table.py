"""Everything that a record holds, as the tables of a page: label and answer, schedules, scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.answers import block_keys, field_at, item_fields, items, scalars, schedules
from services.compare import plain, written
from services.findings import Finding, Severity
from services.form import Cover, Form, Part
from services.kinds import Code, Value
from services.record import Record, at, rows
from services.rules.resident import mask_id

SHORT = 32
"""Characters of an answer that fits half a row."""
ROWS_SHOWN = 20
"""Rows of a schedule that a page shows; it says how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One answer as shown: its path, its text, and the gravest severity of what is wrong with it."""

    path: str
    text: str
    tone: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A table of a part: pairs of label and answer when `heads` is empty, else rows under heads."""

    title: str
    key: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PartListing:
    """A part of the form with its tables."""

    title: str
    listings: tuple[Listing, ...]

    @property
    def faulty(self) -> bool:
        """Whether anything is wrong with an answer in it."""
        return any(cell.tone for listing in self.listings for row in listing.rows for cell in row)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Marks:
    """What findings add to the answers, by path: the tone, and the words that could not be read."""

    tones: Mapping[str, str]
    written: Mapping[str, str]


def parts_of(form: Form, record: Record, findings: tuple[Finding, ...]) -> tuple[PartListing, ...]:
    """Return the whole record part by part, as printed; the cover repeats other answers and is left out.

    Where an answer could not be read, what the clerk wrote stands there.
    """
    marks = _Marks(tones=_tones(findings), written=written(findings))
    parts = (
        PartListing(title=part.title or part.sheet, listings=_listings(form, part, record, marks))
        for part in form.parts
    )
    return tuple(part for part in parts if part.listings)


def _tones(findings: tuple[Finding, ...]) -> Mapping[str, str]:
    names = {Severity.NOTE: "note", Severity.CONFIRM: "ask", Severity.MUST_FIX: "bad"}
    ordered = sorted(findings, key=lambda finding: tuple(names).index(finding.severity))
    return {finding.field: names[finding.severity] for finding in ordered}


def _listings(form: Form, part: Part, record: Record, marks: _Marks) -> tuple[Listing, ...]:
    found: list[Listing] = []
    for block in part.blocks:
        keys = tuple(dict.fromkeys(block_keys(form, block)))
        if isinstance(block, Cover) and len(part.blocks) == 1:
            keys = tuple(key for key in keys if _only_on_cover(form, key))
        plain = tuple(key for key in keys if key in scalars(form))
        scored = tuple(key for key in keys if key.startswith("items."))
        found += [_pairs(form, plain, record, marks)] if plain else []
        found += [_scores(form, scored, record, marks)] if scored else []
        found += [_schedule(form, key, record, marks) for key in keys if key in schedules(form)]
    return tuple(found)


def _only_on_cover(form: Form, key: str) -> bool:
    others = (block for part in form.parts for block in part.blocks if not isinstance(block, Cover))
    return all(key not in block_keys(form, block) for block in others)


def text_of(form: Form, path: str, value: Value, unread: str = "") -> str:
    """Return an answer as a page shows it: the chosen option alone, identity numbers masked (rule I06).

    `unread` is what stands there when there is no answer because it could not be read.
    """
    kind = field_at(form, path).kind
    is_resident = isinstance(kind, Code) and kind.scheme == "resident"
    if isinstance(value, bytes):
        return f"图片,{len(value) // 1024 + 1} KB"
    said = plain(kind, value) or unread
    return mask_id(said) if is_resident else said


def _cell(form: Form, path: str, record: Record, marks: _Marks) -> Cell:
    label = field_at(form, path).label
    text = text_of(form, path, at(record, path), marks.written.get(path, ""))
    return Cell(path=path, text=text, tone=marks.tones.get(path, ""), label=label)


def _is_short(cell: Cell) -> bool:
    return len(cell.text) <= SHORT and "\n" not in cell.text


def _pairs(form: Form, keys: tuple[str, ...], record: Record, marks: _Marks) -> Listing:
    """Return labels with their answers, two in a row where both are short."""
    lines: list[tuple[Cell, ...]] = []
    for cell in (_cell(form, key, record, marks) for key in keys):
        if lines and len(lines[-1]) == 1 and _is_short(cell) and _is_short(lines[-1][0]):
            lines[-1] = (*lines[-1], cell)
        else:
            lines.append((cell,))
    return Listing(title="", key="", heads=(), rows=tuple(lines), total=len(keys))


def _scores(form: Form, keys: tuple[str, ...], record: Record, marks: _Marks) -> Listing:
    columns = tuple(field.label for field in item_fields(form.items[0]))
    lines = []
    for key in keys:
        item = items(form)[key.removeprefix("items.")]
        head = (Cell(path=key, text=item.id), Cell(path="", text=item.label), Cell(path="", text=f"{item.points}"))
        answers = (_cell(form, f"{key}.{column}", record, marks) for column in ("self", "review", "reason"))
        lines.append((*head, *answers))
    return Listing(title="", key="", heads=("序号", "项目", "满分", *columns), rows=tuple(lines), total=len(lines))


def _schedule(form: Form, key: str, record: Record, marks: _Marks) -> Listing:
    schedule = schedules(form)[key]
    count = len(rows(record, key))
    faulty = {int(path.split(".")[1]) for path in marks.tones if path.startswith(f"{key}.")}
    chosen = [number for number in range(count) if number < ROWS_SHOWN or number in faulty]
    lines = tuple(
        (
            Cell(path=f"{key}.{number}", text=str(number + 1)),
            *(_cell(form, f"{key}.{number}.{column.key}", record, marks) for column in schedule.columns),
        )
        for number in chosen
    )
    heads = ("序号", *(column.label for column in schedule.columns))
    return Listing(title=schedule.label, key=key, heads=heads, rows=lines, total=count)
