"""The number formats of a workbook: which cells show a number as a day, a share or a power of ten."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

_FORMAT = re.compile(r"""<numFmt\b[^>]*?numFmtId="(\d+)"[^>]*?formatCode=(?:"([^"]*)"|'([^']*)')""")
_FORMATS = re.compile(r"<cellXfs\b.*?</cellXfs>", re.DOTALL)
_XF = re.compile(r"<xf\b([^>]*)>")
_FORMAT_ID = re.compile(r'\bnumFmtId="(\d+)"')
_QUOTED = re.compile(r'&quot;.*?&quot;|"[^"]*"|\\.|_.|\[[^\]]*\]')
_DAY_LETTERS = re.compile("[ymdhs]", re.IGNORECASE)
_ELAPSED = re.compile(r"\[[hms]+\]", re.IGNORECASE)

_BUILT_IN = MappingProxyType(
    {9: "0%", 10: "0.00%", 11: "0.00E+00", 48: "##0.0E+0", 49: "@"}
    | dict.fromkeys((18, 19, 20, 21, 45, 46, 47), "h:mm")
    | dict.fromkeys((14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)), "yyyy-m-d")
)
"""Built-in formats that say more than how many figures to show; the Chinese days are 27 to 36 and 50 to 58."""


@lru_cache(maxsize=32)
def formats_of(part: bytes) -> Mapping[int, str]:
    """Return the number format of each cell style, by its index: General of built-in ones is ''."""
    styles = part.decode("utf-8", "replace")
    codes = {int(number): one or other for number, one, other in _FORMAT.findall(styles)}
    listed = _FORMATS.search(styles)
    found: dict[int, str] = {}
    for index, looks in enumerate(_XF.findall(listed[0]) if listed else ()):
        match = _FORMAT_ID.search(looks)
        number = int(match[1]) if match else 0
        found[index] = codes.get(number) or _BUILT_IN.get(number, "")
    return MappingProxyType(found)


@lru_cache(maxsize=32)
def day_styles(part: bytes) -> frozenset[int]:
    """Return the cell styles that show a number as a day or a time."""
    return frozenset(index for index, code in formats_of(part).items() if is_day(code))


@lru_cache(maxsize=32)
def share_styles(part: bytes) -> frozenset[int]:
    """Return the cell styles that show a number as a share of a hundred."""
    return frozenset(index for index, code in formats_of(part).items() if "%" in _QUOTED.sub("", code))


def is_day(code: str) -> bool:
    """Return whether a number format shows a day or a time of day: 2006年3月 yes, 0.00 and "第"0"名" no."""
    plain = _QUOTED.sub("", code.partition(";")[0])
    return bool(_DAY_LETTERS.search(plain)) and not _ELAPSED.search(code)
