"""What Excel accepts while a clerk types: validations with the words of the same kind and rule.

A wrong number, choice or score is stopped; dates, codes and long texts are asked about, since what is
unusual may be right (full-width digits, 二〇〇六年, 无).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from services.answers import items
from services.form import Field, Form, Item
from services.kinds import Choice, Choices, Code, Day, Month, Number, Score, Text, Tick, Whole, YesNo
from services.kinds.choice import EMPTY, TICKED
from services.kinds.number import plain

_TITLE_LIMIT, _MESSAGE_LIMIT, _LIST_LIMIT = 32, 225, 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One validation: `first` and `second` are formulas, `#` standing for the cell."""

    type: Literal["list", "whole", "decimal", "date", "textLength", "custom", "any"]
    first: str = ""
    second: str = ""
    operator: str = "between"
    stops: bool = True
    title: str = ""
    message: str = ""
    prompt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Length:
    """The lengths a code may have, and how its rule words them."""

    lengths: tuple[int, ...]
    want: str


_CODES: Mapping[str, _Length] = MappingProxyType(
    {
        "agency": _Length(lengths=(8,), want="应为 8 位数字"),
        "area": _Length(lengths=(6,), want="应为 6 位数字"),
        "authority": _Length(lengths=(2,), want="应为 2 位编码"),
        "org": _Length(lengths=(9, 10), want="应为 8 位本体代码、连字符和 1 位校验码"),
        "postcode": _Length(lengths=(6,), want="应为 6 位数字"),
        "resident": _Length(lengths=(15, 18), want="应为 18 位(或 15 位)身份证号"),
        "uscc": _Length(lengths=(18,), want="应为 18 位"),
    }
)


def entry_of(form: Form, field: Field, path: str) -> Entry | None:
    """Return what Excel checks in the cell of `field` at `path`, None for nothing."""
    found = (
        _score_entry(form, field, path)
        if isinstance(field.kind, Score)
        else _BY_KIND.get(type(field.kind), _nothing)(field)
    )
    if found is None and not field.hint:
        return None
    found = found or Entry(type="any")
    label = field.label[:_TITLE_LIMIT]
    message = f"“{field.label}”{found.message}"[:_MESSAGE_LIMIT] if found.message else ""
    return Entry(
        type=found.type,
        first=found.first,
        second=found.second,
        operator=found.operator,
        stops=found.stops,
        title=label,
        message=message,
        prompt=field.hint[:_MESSAGE_LIMIT],
    )


def _said(field: Field, probe: str) -> str:
    """Return what the field's kind says of `probe`, without the probe itself: 应为 0–40 的整数。请核对后改正."""
    problems = field.kind.parse(probe)[1]
    return next((f"{p.phrase.split(',现在是')[0]}。{p.remedy}" for p in problems), "")


def _whole(field: Field) -> Entry:
    kind = field.kind
    low, high = (kind.minimum, kind.maximum) if isinstance(kind, Whole) else (0, 0)
    return Entry(type="whole", first=str(low), second=str(high), message=_said(field, str(high + 1)))


def _number(field: Field) -> Entry:
    kind = field.kind
    low, high = (kind.minimum, kind.maximum) if isinstance(kind, Number) else (Decimal(0), Decimal(0))
    return Entry(type="decimal", first=plain(low), second=plain(high), message=_said(field, plain(high + 1)))


def _choice(field: Field) -> Entry | None:
    options = field.kind.options if isinstance(field.kind, Choice) else ()
    return _listed(options, f"应从 {'/'.join(options)} 中选一项。请从下拉列表中选")


def _listed(options: Iterable[str], message: str) -> Entry | None:
    names = ",".join(options)
    return Entry(type="list", first=f'"{names}"', message=message) if len(names) <= _LIST_LIMIT else None


def _yes_no(field: Field) -> Entry | None:
    del field
    return _listed(("是", "否"), "应为是或否。请从下拉列表中选")


def _tick(field: Field) -> Entry | None:
    label = field.kind.label if isinstance(field.kind, Tick) else ""
    return _listed((f"{TICKED}{label}", f"{EMPTY}{label}", TICKED), f"有“{label}”的情形选√,没有的选□")


def _choices(field: Field) -> Entry:
    labels = tuple(label for _, label in field.kind.options) if isinstance(field.kind, Choices) else ()
    longest = sum(map(len, labels)) + 3 * len(labels)
    message = f"应从 {'、'.join(labels)} 中选,可多选,选项之间用顿号分开"
    return Entry(type="textLength", operator="lessThanOrEqual", first=str(longest), stops=False, message=message)


def _day(field: Field) -> Entry:
    return Entry(
        type="date",
        operator="greaterThanOrEqual",
        first="1",
        stops=False,
        message=_said(field, "x") + ",如 2006年8月15日",
    )


def _month(field: Field) -> Entry:
    return Entry(type="textLength", operator="lessThanOrEqual", first="12", stops=False, message=_said(field, "x"))


def _text(field: Field) -> Entry:
    limit = field.kind.limit if isinstance(field.kind, Text) else 0
    message = f"最多 {limit} 字。请压缩文字;确需保留的,续页打印"
    return Entry(type="textLength", operator="lessThanOrEqual", first=str(limit), stops=False, message=message)


def _code(field: Field) -> Entry:
    kind = field.kind
    scheme, limit = (kind.scheme, kind.limit) if isinstance(kind, Code) else ("", 0)
    known = _CODES.get(scheme)
    if known is None:
        message = f"最多 {limit} 个字符。请核对"
        return Entry(type="textLength", operator="lessThanOrEqual", first=str(limit), stops=False, message=message)
    tests = ",".join(f"LEN(#)={length}" for length in known.lengths)
    return Entry(type="custom", first=f'OR({tests},#="无")', stops=False, message=f"{known.want}。请核对后改正")


def _nothing(field: Field) -> None:
    del field


def _score_entry(form: Form, field: Field, path: str) -> Entry | None:
    """Return the steps of a ladder as a list, or the half points that a deduction leaves (rules P01, P09)."""
    item = items(form).get(path.split(".")[1]) if path.startswith("items.") else None
    points = field.kind.points if isinstance(field.kind, Score) else Decimal(0)
    if item is None:
        return Entry(type="decimal", first="0", second=plain(points), message=_said(field, "x"))
    return _ladder(item) if item.steps else _deduction(item)


def _ladder(item: Item) -> Entry | None:
    steps = tuple(plain(step) for step in item.steps)
    return _listed(steps, f"应为 {'/'.join(steps)} 分中的一个。请按评分标准从下拉列表中选")


def _deduction(item: Item) -> Entry:
    points = plain(item.points)
    first = f"AND(ISNUMBER(#),#>=0,#<={points},MOD(#*2,1)=0)"
    return Entry(type="custom", first=first, message=f"应为 0–{points} 的分数,每 0.5 分一档。请按评分标准扣分后填写")


_BY_KIND: Mapping[type, Callable[[Field], Entry | None]] = MappingProxyType(
    {
        Whole: _whole,
        Number: _number,
        Choice: _choice,
        Choices: _choices,
        YesNo: _yes_no,
        Tick: _tick,
        Day: _day,
        Month: _month,
        Text: _text,
        Code: _code,
    }
)


def validation_xml(entry: Entry, ranges: Iterable[str], first_cell: str) -> str:
    """Return the element of a validation over `ranges`; `first_cell` is the top left cell that `#` stands for."""
    style = "" if entry.stops else ' errorStyle="warning"'
    operator = f' operator="{entry.operator}"' if entry.operator != "between" else ""
    error = f" errorTitle={quoteattr(entry.title)} error={quoteattr(entry.message)}" if entry.message else ""
    prompt = f" promptTitle={quoteattr(entry.title)} prompt={quoteattr(entry.prompt)}" if entry.prompt else ""
    kind = "none" if entry.type == "any" else entry.type
    formulas = "".join(
        f"<formula{n}>{escape(text.replace('#', first_cell))}</formula{n}>"
        for n, text in enumerate((entry.first, entry.second), 1)
        if text
    )
    return (
        f'<dataValidation type="{kind}"{style}{operator} allowBlank="1" showInputMessage="1" showErrorMessage="1"'
        f'{error}{prompt} sqref="{" ".join(ranges)}">{formulas}</dataValidation>'
    )
