"""The rows of a completed PDF as they are kept: wholly empty ones left out, the others counted from 0."""

from __future__ import annotations

from collections.abc import Mapping

from services.answers import field_at, schedules
from services.form import Form
from services.kinds import Tick


def kept_rows(form: Form, texts: Mapping[str, str]) -> Mapping[str, str]:
    """Return for each path as printed the path that it is kept under; rows that state nothing have none."""
    stating: dict[str, set[int]] = {}
    for path, text in texts.items():
        key, row = _row(form, path)
        if key and _states(form, path, text):
            stating.setdefault(key, set()).add(row)
    numbers = {key: {row: kept for kept, row in enumerate(sorted(rows))} for key, rows in stating.items()}
    kept: dict[str, str] = {}
    for path in texts:
        key, row = _row(form, path)
        if not key or schedules(form)[key].totals_of:
            kept[path] = path
        elif row in numbers.get(key, {}):
            kept[path] = f"{key}.{numbers[key][row]}.{path.rpartition('.')[2]}"
    return kept


def _row(form: Form, path: str) -> tuple[str, int]:
    """Return the schedule and row of a path, ('', 0) for an answer that stands once."""
    steps = path.split(".")
    return (steps[0], int(steps[1])) if steps[0] in schedules(form) else ("", 0)


def _states(form: Form, path: str, text: str) -> bool:
    if not text.strip():
        return False
    kind = field_at(form, path).kind
    value, problems = kind.parse(text)
    return bool(problems) or (value is not None and not (isinstance(kind, Tick) and value is False))
