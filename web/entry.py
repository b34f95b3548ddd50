"""A draft and a record: what is typed on the page becomes raw text by path, as in any other carrier."""

from __future__ import annotations

import re
from collections.abc import Mapping

from werkzeug.datastructures import MultiDict

from services.answers import block_keys, field_at, schedules
from services.check import Checked, check_reading
from services.findings import Finding
from services.form import Form, Part, Schedule
from services.kinds import Choices, Kind, Picture, Tick
from services.record import Record, entries_of, shown
from services.records import blobs
from services.records.drafts import Draft, form_of
from services.totals import completed
from web import scope


def raw_of(form: Form, record: Record, replaces: str | None = None) -> Draft:
    """Return a draft that holds `record`, its pictures put on the disk; it is not kept yet."""
    values, texts = entries_of(form, record), shown(form, record)
    raw = {path: texts[path] for path, value in values.items() if value not in (None, "", False) or value == 0}
    pictures = {
        path: blobs.put(scope.store().files, scope.unit(), value)
        for path, value in values.items()
        if isinstance(value, bytes)
    }
    edition = form.edition.id if form.edition else ""
    return Draft(
        form=form.id,
        edition=edition,
        region=form.region,
        raw={path: text for path, text in raw.items() if path not in pictures},
        pictures=pictures,
        station=str(record.values.get("name") or ""),
        submission_id=replaces,
    )


def pictures_of(draft: Draft) -> Mapping[str, bytes]:
    """Return the pictures of a draft by path."""
    store, unit = scope.store(), scope.unit()
    return {path: blobs.get(store.files, unit, sha) for path, sha in draft.pictures.items()}


def checked(draft: Draft) -> Checked:
    """Return the record of a draft, computed answers filled in, and everything that is wrong with it."""
    form, pictures = form_of(draft), pictures_of(draft)
    typed = check_reading(form, draft.raw, pictures, {}, scope.context()).record
    whole = completed(form, typed)
    texts = {path: text for path, text in shown(form, whole).items() if text and path not in pictures}
    return check_reading(form, texts | dict(draft.raw), pictures, {}, scope.context())


# ---- what was posted ----------------------------------------------------------------------------


def part_paths(form: Form, part: Part) -> tuple[str, ...]:
    """Return the keys that a part asks, as `block_keys` names them, each once."""
    keys = (key for block in part.blocks for key in block_keys(form, block))
    return tuple(dict.fromkeys(keys))


def is_asked(form: Form, path: str) -> bool:
    """Return whether the page lets the station type the answer at `path`: no later stage's, no computed one."""
    field = field_at(form, path)
    return field.stage == "station" and not field.total_of


def asks(form: Form, key: str) -> bool:
    """Return whether the station types anything under `key`, as `block_keys` names it."""
    if key in schedules(form):
        return not schedules(form)[key].totals_of
    return key.startswith("items.") or is_asked(form, key)


def posted(form: Form, part: Part, sent: MultiDict[str, str]) -> dict[str, str]:
    """Return path → text of what was typed in a part, '' for what was emptied; rows keep their order, gaps closed."""
    texts: dict[str, str] = {}
    for key in part_paths(form, part):
        if key in schedules(form):
            texts |= _posted_rows(schedules(form)[key], sent)
        elif key.startswith("items."):
            texts |= {path: sent.get(path, "") for path in (f"{key}.self", f"{key}.reason")}
        elif is_asked(form, key) and not isinstance(field_at(form, key).kind, Picture):
            texts[key] = _posted_text(field_at(form, key).kind, key, sent)
    return texts


def _posted_text(kind: Kind, path: str, sent: MultiDict[str, str]) -> str:
    """Return the text of one answer: ticked boxes become the line that is printed."""
    if isinstance(kind, Choices):
        return kind.show(tuple(sent.getlist(path))) if sent.getlist(path) else ""
    if isinstance(kind, Tick):
        return kind.show(value=True) if sent.get(path) else ""
    return sent.get(path, "")


def _posted_rows(schedule: Schedule, sent: MultiDict[str, str]) -> dict[str, str]:
    if schedule.totals_of:
        return {}
    prefix, removed = f"{schedule.key}.", sent.get("remove", "")
    named = (_ROW.fullmatch(name) for name in sent if name.startswith(prefix))
    numbers = sorted({int(match[1]) for match in named if match})
    kept = [row for number in numbers if f"{prefix}{number}" != removed and (row := _row(schedule, sent, number))]
    return {
        f"{prefix}{index}.{key}": text
        for index, row in enumerate(kept[: schedule.max_rows])
        for key, text in row.items()
    }


_COUNT = re.compile(r"[0-9]{1,6}")
_ROW = re.compile(r"[a-z0-9_]+\.([0-9]{1,4})\.[a-z0-9_]+")


def is_count(text: str) -> bool:
    """Return whether `text` is a small count in plain digits."""
    return _COUNT.fullmatch(text) is not None


def _row(schedule: Schedule, sent: MultiDict[str, str], number: int) -> dict[str, str]:
    """Return the texts of one row by column, {} when nothing was typed in it."""
    texts = {}
    for column in schedule.columns:
        path = f"{schedule.key}.{number}.{column.key}"
        chosen = tuple(sent.getlist(path))
        texts[column.key] = (
            column.kind.show(chosen) if isinstance(column.kind, Choices) and chosen else sent.get(path, "")
        )
    return {key: text for key, text in texts.items() if text.strip()}


def replaced(form: Form, part: Part, draft: Draft, texts: Mapping[str, str]) -> dict[str, str]:
    """Return the draft's raw texts with those of a part replaced by what was posted."""
    own = part_paths(form, part)
    tables = tuple(f"{key}." for key in own if key in schedules(form))
    kept = {path: text for path, text in draft.raw.items() if path not in texts and not path.startswith(tables)}
    return kept | {path: text for path, text in texts.items() if text.strip()}


def problems_at(findings: tuple[Finding, ...]) -> dict[str, tuple[Finding, ...]]:
    """Return the findings by the path they stand at."""
    found: dict[str, tuple[Finding, ...]] = {}
    for finding in findings:
        found[finding.field] = (*found.get(finding.field, ()), finding)
    return found
