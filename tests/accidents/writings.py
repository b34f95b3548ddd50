"""The ways in which people write one and the same value: days (N02), ticks (N04), codes and numbers (N01, N05)."""

from datetime import date
from random import Random
from typing import Any

from services.kinds import Choice, Choices, Code, Day, Kind, Month, Number, Score, Tick, Whole, YesNo

DIGITS = "〇一二三四五六七八九"
WIDE = str.maketrans("0123456789-./()", "０１２３４５６７８９－．／（）")
TICKS = ("√", "✓", "☑", "■", "V", "✔", "●", "对")
SHAPED = ("before", "behind", "bracketed", "alone", "only the chosen one kept")


def numeral(number: int) -> str:
    """A day or month in Chinese numerals: 十五, 二十三."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else DIGITS[tens] + "十"
    return head + (DIGITS[ones] if ones else "")


def day_texts(day: date) -> list[str]:
    """Every way of rule N02, and with full-width digits and blanks."""
    year = "".join(DIGITS[int(c)] for c in str(day.year))
    chinese = f"{year}年{numeral(day.month)}月{numeral(day.day)}日"
    return [
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}年{day.month:02}月{day.day:02}日",
        f"{day.year} 年 {day.month} 月 {day.day} 日",
        chinese,
        chinese.replace("〇", "○"),
        chinese.replace("〇", "零"),
        f"{day.year}-{day.month}-{day.day}",
        f"{day.year}-{day.month:02}-{day.day:02}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}.{day.month:02}.{day.day:02}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}/{day.month:02}/{day.day:02}",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日".translate(WIDE),
        f"{day.year}－{day.month}－{day.day}",
        f"{day.year}–{day.month}–{day.day}",
        str((day - date(1899, 12, 30)).days),
    ]


def month_texts(day: date) -> list[str]:
    year = "".join(DIGITS[int(c)] for c in str(day.year))
    return [
        f"{day.year}年{day.month}月",
        f"{day.year}年{day.month:02}月",
        f"{day.year}-{day.month}",
        f"{day.year}.{day.month}",
        f"{day.year}.{day.month:02}",
        f"{day.year}/{day.month}",
        f"{year}年{numeral(day.month)}月",
        f"{year}年{numeral(day.month)}月".replace("〇", "○"),
        f"{day.year}年{day.month}月份",
        f"{day.year}年{day.month}月".translate(WIDE),
    ]


def options_of(kind: Kind) -> tuple[str, ...]:
    """The printed options of a line of boxes."""
    match kind:
        case YesNo():
            return ("是", "否")
        case Tick():
            return (kind.label,)
        case Choices():
            return tuple(label for _, label in kind.options)
        case Choice():
            return kind.options
        case _:
            return ()


def chosen_of(kind: Kind, value: Any) -> tuple[str, ...]:
    """The options that a value ticks."""
    match kind:
        case YesNo():
            return () if value is None else ("是" if value else "否",)
        case Tick():
            return (kind.label,) if value else ()
        case Choices():
            return tuple(label for key, label in kind.options if key in (value or ()))
        case _:
            return (value,) if value is not None else ()


def tick_text(kind: Kind, value: Any, chance: Random) -> str:
    """A line of boxes as somebody ticked it: □是 ☑否, 是(√)否( ), 是, √否 …"""
    options, chosen = options_of(kind), chosen_of(kind, value)
    mark = chance.choice(TICKS)
    shape = chance.choice(SHAPED)
    if isinstance(kind, Tick):
        box = chance.choice(("□", "☐", "")) if not chosen else ""
        return f"{mark if chosen else box}{kind.label}"
    if shape == "alone" and chosen:
        return "、".join(chosen)
    if shape == "only the chosen one kept" and chosen:
        return " ".join(f"{mark}{option}" for option in chosen)
    if shape == "bracketed":
        left, right = chance.choice((("(", ")"), ("（", "）")))
        return " ".join(
            f"{option}{left}{mark if option in chosen else chance.choice(' 　')}{right}" for option in options
        )
    if shape == "behind":
        return "  ".join(f"□{option}{mark if option in chosen else ''}" for option in options)
    empty = chance.choice("□☐○")
    return "　".join(f"{mark if option in chosen else empty}{option}" for option in options)


def written(kind: Kind, value: Any, chance: Random) -> str:
    """A value as a clerk may write it; the reader must come to the same value."""
    match kind:
        case Day():
            return chance.choice(day_texts(value))
        case Month():
            return chance.choice(month_texts(value))
        case Code():
            return str(value).translate(WIDE) if chance.random() < 0.5 else f" {value}　"
        case Whole() | Number() | Score():
            unit = getattr(kind, "unit", "")
            return chance.choice((f"{value}", f"{value}{unit}", str(value).translate(WIDE), f" {value} "))
        case _:
            return kind.show(value)
