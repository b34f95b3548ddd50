"""What differs between two records of one form (rule K08)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from services.answers import label_at, rank
from services.findings import Finding
from services.form import Form
from services.record import Record, shown

_NOTHING: Mapping[str, str] = MappingProxyType({})
_UNREAD = ("choice.", "code.", "date.", "number.", "record.", "text.")
"""How the codes of those findings begin that are about reading one answer, not about what it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One answer that differs, as printed; '' stands for nothing."""

    field: str
    label: str
    old: str
    new: str


def written(findings: tuple[Finding, ...]) -> Mapping[str, str]:
    """Return what stands where an answer may not have been read, by path: the clerk's own words."""
    return MappingProxyType({f.field: f.got for f in findings if f.got and f.code.startswith(_UNREAD)})


def changes(
    form: Form,
    old: Record,
    new: Record,
    *,
    old_written: Mapping[str, str] = _NOTHING,
    new_written: Mapping[str, str] = _NOTHING,
) -> tuple[Change, ...]:
    """Return every answer that differs, in printed order; a picture counts by its content.

    `old_written` and `new_written` are what stands where an answer could not be read (`written`).
    """
    before, after = _texts(form, old, old_written), _texts(form, new, new_written)
    paths = sorted({*before, *after}, key=lambda path: rank(form, path))
    return tuple(
        Change(field=path, label=label_at(form, path), old=before.get(path, ""), new=after.get(path, ""))
        for path in paths
        if before.get(path, "") != after.get(path, "")
    )


def _texts(form: Form, record: Record, unread: Mapping[str, str]) -> dict[str, str]:
    pictures = {key: f"图片 {len(value)} 字节" for key, value in record.values.items() if isinstance(value, bytes)}
    texts = shown(form, record) | pictures
    return texts | {path: text for path, text in unread.items() if not texts.get(path)}
