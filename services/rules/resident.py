"""身份证号, the resident identity number of GB 11643-1999, and the 15 digits it replaced.

18 characters: six digits for the county of first registration (GB/T 2260), eight for the day of
birth, three in order (odd for men), one check character by ISO 7064 MOD 11-2 (X for ten).
15 digits: the same without the century and without the check character; in 2006 both were in use.

Source: GB 11643-1999 公民身份号码. The check character is python-stdnum's (`stdnum.cn.ric`). Its
`validate` is not used: it looks counties up in today's list and refuses numbers of abolished ones.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from stdnum.cn import ric

_OLD = re.compile(r"\d{15}")
_NEW = re.compile(r"\d{17}[\dX]")
SHORT, LONG = 15, 18


def is_shaped(number: str) -> bool:
    """Return whether `number` is 15 digits, or 17 digits and a check character."""
    return bool(_OLD.fullmatch(number) or _NEW.fullmatch(number))


def upgraded(number: str) -> str:
    """Return the 18 characters of a number: 19 goes in after the sixth digit and the check character behind."""
    if len(number) == LONG:
        return number
    body = f"{number[:6]}19{number[6:]}"
    return body + ric.calc_check_digit(f"{body}0")


def check_character(number: str) -> str:
    """Return the check character of an 18-character number, computed from its first 17 digits."""
    return ric.calc_check_digit(number)


def born_on(number: str) -> date | None:
    """Return the day of birth in a well-shaped number, None when there is no such day."""
    digits = upgraded(number)[6:14]
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def is_valid(number: str) -> bool:
    """Return whether a number is shaped right, names a day and, with 18 characters, has its check character."""
    if not is_shaped(number) or born_on(number) is None:
        return False
    return len(number) == SHORT or number[-1] == check_character(number)


def sex(number: str) -> Literal["男", "女"]:
    """Return the sex that the last digit of the order stands for: odd 男, even 女."""
    return "男" if int(upgraded(number)[16]) % 2 else "女"


def age_on(day: date, born: date) -> int:
    """Return the full years from `born` to `day`."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def mask_id(number: str) -> str:
    """Return a number as lists and logs show it: its first six and last four characters (rule I06)."""
    return f"{number[:6]}{'*' * max(len(number) - 10, 4)}{number[-4:]}" if len(number) >= SHORT else "*" * len(number)
