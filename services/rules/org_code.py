"""组织机构代码, the organisation code of GB 11714-1997.

Eight characters (digits and capital letters) name the organisation, the ninth checks them:
C9 = 11 − Σ(Ci × Wi) mod 11 with the weights 3 7 9 10 5 8 4 2; a letter counts A=10 … Z=35; 10 is
written X and 11 is written 0. Printed with a hyphen before the check character. PDY00001–PDY99999
are set aside for private use.

Source: GB 11714-1997 全国组织机构代码编制规则.
"""

from __future__ import annotations

import re

_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_SHAPE = re.compile(r"[0-9A-Z]{8}-?[0-9X]")
_VALUES = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MODULUS = 11


def compact(code: str) -> str:
    """Return the nine characters without the hyphen."""
    return code.replace("-", "").upper()


def is_shaped(code: str) -> bool:
    """Return whether `code` is eight characters and a check character, with or without the hyphen."""
    return _SHAPE.fullmatch(code) is not None


def check_character(code: str) -> str:
    """Return the check character of the eight characters that `code` begins with."""
    total = sum(_VALUES.index(c) * weight for c, weight in zip(compact(code)[:8], _WEIGHTS, strict=True))
    return "0123456789X0"[_MODULUS - total % _MODULUS]


def is_valid(code: str) -> bool:
    """Return whether `code` is shaped right and its check character agrees."""
    return is_shaped(code) and compact(code)[-1] == check_character(code)


def format_code(code: str) -> str:
    """Return the code as it is printed, with its hyphen."""
    return f"{compact(code)[:8]}-{compact(code)[8:]}"
