"""Options whose boxes are gone: a program that draws form fields by itself shows the ticked ones alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from services.kinds.choice import EMPTY, TICKED
from services.kinds.marks import OFF, ON

_MARK = f"([{re.escape(''.join(sorted(ON | OFF)))}]?)"


def boxed(text: str, options: Sequence[str]) -> str:
    """Return a line of printed options with an empty box before each that has lost it; any other text as it is.

    Without this the bare options would read as if all of them were listed.
    """
    match = _grammar(tuple(options)).fullmatch(_squeezed(text)) if options else None
    if match is None or all(match.groups()):
        return text
    marks = (TICKED if mark in ON else EMPTY for mark in (group or EMPTY for group in match.groups()))
    return " ".join(f"{mark}{option}" for mark, option in zip(marks, options, strict=True))


@lru_cache(maxsize=256)
def _grammar(options: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("".join(_MARK + re.escape(_squeezed(option)) for option in options))


def _squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
