"""Two records side by side: every answer that differs, rows of tables matched by their content.

The two may be of different editions or regions: what both ask is compared, what only one asks is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from services.answers import ITEM_COLUMNS, field_at, items, rank, scalars, schedules
from services.compare.rows import pair_rows
from services.compare.sides import Side, columns, content, label, place, row_count, row_text, text
from services.form import Field, Form, Schedule
from services.record import at

What = Literal["changed", "added", "removed", "moved", "only-old", "only-new"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference. `old` and `new` are texts, '' for nothing; of a row all that stands in it.

    `field` is the path in the newer record, or in the older one where the newer has nothing there;
    `row_old` and `row_new` are the printed numbers of the row that it is about, 0 for none.
    """

    what: What
    field: str
    label: str
    place: str
    old: str = ""
    new: str = ""
    row_old: int = 0
    row_new: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All differences in printed order, and what has to be said of the two as a whole (Chinese, English)."""

    changes: tuple[Change, ...]
    notes: tuple[tuple[str, str], ...] = ()


def compare(old: Side, new: Side) -> Comparison:
    """Return what differs between two completed forms.

    Raises:
        ValueError: they are not of the same form; ask before.
    """
    if old.form.id != new.form.id:
        raise ValueError(f"{old.form.id} and {new.form.id} have no answers in common")
    tables = dict.fromkeys((*schedules(new.form), *schedules(old.form)))
    found = [*_answers(old, new), *_items(old, new), *(change for key in tables for change in _table(old, new, key))]
    found.sort(key=lambda change: _rank(old.form, new.form, change))
    return Comparison(changes=tuple(found), notes=tuple(_notes(old, new)))


def _rank(old: Form, new: Form, change: Change) -> tuple[int, int, int]:
    """Return a sort key in printed order; a row that is gone stands where it stood."""
    first, _, column = rank(old if change.what in ("removed", "only-old") else new, change.field)
    return first, change.row_new or change.row_old, column


def _notes(old: Side, new: Side) -> Iterator[tuple[str, str]]:
    before, after = _edition(old.form), _edition(new.form)
    if before != after:
        said = f"两份表的版本或地区不同:前一份是{before},后一份是{after}。两份都有的栏目逐栏比较,只有一份有的另外列出。"
        yield (
            said,
            f"different editions or regions: {old.form.edition and old.form.edition.id} {old.form.region}".strip(),
        )
    keys = [key for key in new.form.known_by if at(old.record, key) and at(new.record, key)]
    if keys and all(at(old.record, key) != at(new.record, key) for key in keys):
        names = "和".join(f"“{label(new, key)}”" for key in keys)
        yield f"两份表的{names}都不同,不像是同一家(人)的表,请核对是否选错了文件。", "these are of two different owners"


def _edition(form: Form) -> str:
    return f"{form.region_name}{form.edition.version if form.edition else ''}"


# ---- answers that stand once, and items -----------------------------------------------------------


def _answers(old: Side, new: Side) -> Iterator[Change]:
    before, after = scalars(old.form), scalars(new.form)
    for path in dict.fromkeys((*after, *before)):
        if path in before and path in after:
            yield from _answer(old, new, path)
        elif path in after:
            yield _only(new, "only-new", path, text(new, path))
        else:
            yield _only(old, "only-old", path, text(old, path))


def _items(old: Side, new: Side) -> Iterator[Change]:
    before, after = items(old.form), items(new.form)
    for item in dict.fromkeys((*after, *before)):
        path = f"items.{item}"
        if item in before and item in after:
            for column in ITEM_COLUMNS:
                yield from _answer(old, new, f"{path}.{column}")
        elif item in after:
            yield _only(new, "only-new", path, _item_text(new, path))
        else:
            yield _only(old, "only-old", path, _item_text(old, path))


def _item_text(side: Side, path: str) -> str:
    cells = ((field_at(side.form, f"{path}.{c}").label, text(side, f"{path}.{c}")) for c in ITEM_COLUMNS)
    return ";".join(f"{name}:{said}" for name, said in cells if said)


def _only(side: Side, what: What, path: str, said: str) -> Change:
    old, new = (said, "") if what == "only-old" else ("", said)
    return Change(what=what, field=path, label=label(side, path), place=place(side, path), old=old, new=new)


def _answer(old: Side, new: Side, path: str, former: str = "") -> Iterator[Change]:
    """Yield the change of one answer, which stood at `former` before, if it differs."""
    former = former or path
    if content(old, former) == content(new, path):
        return
    before, after = text(old, former), text(new, path)
    if before == after:
        after = f"{after}(隐去的几位不同)"
    yield Change(what="changed", field=path, label=label(new, path), place=place(new, path), old=before, new=after)


# ---- tables ---------------------------------------------------------------------------------------


def _table(old: Side, new: Side, key: str) -> Iterator[Change]:
    before, after = schedules(old.form).get(key), schedules(new.form).get(key)
    if before is None or after is None:
        side, what = (old, "only-old") if before else (new, "only-new")
        yield _only(side, what, key, f"{row_count(side, key)} 行")
        return
    shared = tuple(c.key for c in after.columns if c.key in {column.key for column in before.columns})
    pairing = pair_rows(_rows(old, key, shared), _rows(new, key, shared), keyed=_is_fixed(after))
    for one, other in pairing.pairs:
        if other in pairing.moved:
            yield _row(new, "moved", key, row_old=one + 1, row_new=other + 1)
        for column in shared:
            changes = _answer(old, new, f"{key}.{other}.{column}", f"{key}.{one}.{column}")
            yield from (replace(change, row_old=one + 1, row_new=other + 1) for change in changes)
    yield from (_row(old, "removed", key, row_old=number + 1) for number in pairing.removed)
    yield from (_row(new, "added", key, row_new=number + 1) for number in pairing.added)
    yield from _other_columns(old, new, key, shared)


def _is_fixed(schedule: Schedule) -> bool:
    """Return whether a table has a row for each of a fixed set of names."""
    return bool(schedule.totals_of) or schedule.min_rows == schedule.max_rows


def _rows(side: Side, key: str, shared: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [
        tuple(content(side, f"{key}.{number}.{column}") for column in shared) for number in range(row_count(side, key))
    ]


def _row(side: Side, what: What, key: str, *, row_old: int = 0, row_new: int = 0) -> Change:
    path = f"{key}.{(row_new or row_old) - 1}"
    said = row_text(side, path)
    return Change(
        what=what,
        field=path,
        label=label(side, key),
        place=place(side, key),
        old="" if what == "added" else said,
        new="" if what == "removed" else said,
        row_old=row_old,
        row_new=row_new,
    )


def _other_columns(old: Side, new: Side, key: str, shared: tuple[str, ...]) -> Iterator[Change]:
    """Yield the columns of a table that only one of the two forms has."""
    yield from (_column(old, "only-old", key, field) for field in columns(old.form, key) if field.key not in shared)
    yield from (_column(new, "only-new", key, field) for field in columns(new.form, key) if field.key not in shared)


def _column(side: Side, what: What, key: str, field: Field) -> Change:
    return Change(what=what, field=key, label=f"{label(side, key)} {field.label}", place=place(side, key))
