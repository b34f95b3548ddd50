"""The names that downloads bear (forms-and-rules §6.4): a courtesy to clerks, never an identity."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import quote

from services.form import Form

NAME_LIMIT = 80
"""Characters of a file name, ending included: Windows still fails on long paths."""

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)


def safe(text: str) -> str:
    """Return `text` without what no file name may hold."""
    plain = _FORBIDDEN.sub("", text).strip(" .")
    return f"_{plain}" if _RESERVED.match(plain) else plain


def file_name(parts: tuple[str, ...], ending: str) -> str:
    """Return `parts` joined by _, the longest one shortened from its middle where the name is too long."""
    kept = [safe(part) for part in parts if safe(part)]
    over = len("_".join(kept)) + len(ending) + 1 - NAME_LIMIT
    if over > 0:
        longest = max(range(len(kept)), key=lambda index: len(kept[index]))
        kept[longest] = _shortened(kept[longest], max(len(kept[longest]) - over, 8))
    return f"{safe('_'.join(kept)) or '文件'}.{ending}"


def _shortened(text: str, size: int) -> str:
    half = (size - 1) // 2
    return f"{text[: size - 1 - half]}…{text[len(text) - half :]}"


def attachment_mark(form: Form) -> str:
    """Return 附件1-评估表: the number of the notice's attachment and the form's short title."""
    return f"附件{form.code.removeprefix('表')}-{form.short_title}"


def blank_name(form: Form, ending: str) -> str:
    """Return the name of a blank form, its edition and region in it."""
    version = form.edition.version.replace(" ", "") if form.edition else ""
    return file_name((attachment_mark(form), f"{form.region}{form.region_name}", version, "空表"), ending)


def filled_name(form: Form, station: str, state: str, day: date, ending: str) -> str:
    """Return the name of a filled form: whose it is, in which state, of which day."""
    region = f"{form.region}{form.region_name}"
    return file_name((attachment_mark(form), region, station, state, f"{day:%Y%m%d}"), ending)


def disposition(name: str) -> str:
    """Return the Content-Disposition of a download named `name` (RFC 6266), with an ASCII name for old programs."""
    ending = name.rpartition(".")[2]
    plain = name if name.isascii() and '"' not in name else f"census.{ending if ending.isascii() else 'bin'}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
