"""Which sheet of an upload holds which sheet of the form: sheets are renamed, moved, hidden and copied."""

from __future__ import annotations

from functools import lru_cache

from services.carriers.likeness import bare
from services.carriers.xlsx.cells import Sheet
from services.carriers.xlsx.faults import is_list
from services.carriers.xlsx.issued import IssuedSheet, issued
from services.carriers.xlsx.opened import Opened
from services.form import Form

_SHARED_LABELS = 3


def homes_of(form: Form, opened: Opened) -> dict[str, IssuedSheet]:
    """Return the issued sheet that each sheet holds: by its name, else a missing one by shared labels.

    Sheets that hold none of ours (somebody's notes, a second copy) are left out, and so are hidden ones
    unless they bear the name of ours.
    """
    named = {sheet.name: sheet for sheet in issued(form)}
    there = {**opened.shown, **{name: sheet for name, sheet in opened.unseen.items() if name in named}}
    shared = {name: _texts_on(sheet) for name, sheet in there.items() if not is_list(sheet)}
    homes = {name: named[name.strip()] for name in shared if name.strip() in named}
    homes = {name: home for name, home in homes.items() if shared[name] & labels_of(home)}
    for name, texts in shared.items():
        missing = [sheet for sheet in issued(form) if sheet not in homes.values()]
        if name not in homes and missing:
            best = max(missing, key=lambda sheet: len(texts & labels_of(sheet)))
            if len(texts & labels_of(best)) >= min(_SHARED_LABELS, len(labels_of(best))):
                homes[name] = best
    return homes


def _texts_on(sheet: Sheet) -> frozenset[str]:
    return frozenset(bare(value) for value in sheet.cells.values() if isinstance(value, str))


@lru_cache(maxsize=256)
def labels_of(sheet: IssuedSheet) -> frozenset[str]:
    """Return the bare labels of a sheet."""
    return frozenset(bare(cell.text) for row in sheet.rows for cell in row.labels)
