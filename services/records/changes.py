"""What differs between two records of one form (rule K08)."""

from __future__ import annotations

from dataclasses import dataclass

from services.answers import label_at, rank
from services.form import Form
from services.record import Record, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One answer that differs, as printed; '' stands for nothing."""

    field: str
    label: str
    old: str
    new: str


def changes(form: Form, old: Record, new: Record) -> tuple[Change, ...]:
    """Return every answer that differs, in printed order; a picture counts by its content."""
    before, after = _texts(form, old), _texts(form, new)
    paths = sorted({*before, *after}, key=lambda path: rank(form, path))
    return tuple(
        Change(field=path, label=label_at(form, path), old=before.get(path, ""), new=after.get(path, ""))
        for path in paths
        if before.get(path, "") != after.get(path, "")
    )


def _texts(form: Form, record: Record) -> dict[str, str]:
    pictures = {key: f"图片 {len(value)} 字节" for key, value in record.values.items() if isinstance(value, bytes)}
    return shown(form, record) | pictures
