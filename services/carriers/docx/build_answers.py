"""The content control of one answer, in the hardened design (docs/decisions/0010-word-controls.md)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as attribute

from services.carriers.docx.ooxml import bookmarked, control, escape, paragraph, run
from services.form import Field, Form
from services.kinds import Choice, Choices, Day, Month, Text, Tick, YesNo

LONGEST_BOOKMARK = 40
_WIDE_MM = 40
_BOX = (
    '<w14:checkbox><w14:checked w14:val="0"/><w14:checkedState w14:val="221A" w14:font="宋体"/>'
    '<w14:uncheckedState w14:val="25A1" w14:font="宋体"/></w14:checkbox>'
)
_DATE = (
    '<w:date><w:dateFormat w:val="{}"/><w:lid w:val="zh-CN"/>'
    '<w:storeMappedDataAs w:val="dateTime"/><w:calendar w:val="gregorian"/></w:date>'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What the builders share: the form, the width of the text area and the running numbers of marks."""

    form: Form
    width_mm: float
    numbers: Iterator[int] = attribute(default_factory=lambda: itertools.count(1))


def boxes_of(kind: object, expression: str) -> tuple[tuple[str, str], ...]:
    """Return the tick boxes of a kind as (condition in the template, printed label); none for other kinds."""
    match kind:
        case Choice(boxes=True):
            return tuple((f"{expression} == '{option}'", option) for option in kind.options)
        case YesNo():
            return tuple((f"{expression} == '{option}'", option) for option in ("是", "否"))
        case Choices():
            return tuple((f"'{value}' in {expression}", label) for value, label in kind.options)
        case Tick():
            return ((expression, kind.label),)
        case _:
            return ()


def answer_runs(field: Field, tag: str, expression: str, *, is_locked: bool = True) -> str:
    """Return the controls of an answer, printing `expression` of the template's context.

    `tag` is its path (a schedule's column without a row number); rows are not locked, a clerk adds
    and deletes them.
    """
    boxes = boxes_of(field.kind, expression)
    if boxes:
        return run(" ").join(
            control(tag, _alias(field.label, label), _box_run(condition), kind=_BOX, is_locked=is_locked) + run(label)
            for condition, label in boxes
        )
    return control(tag, field.label, run(f"{{{{ {expression} }}}}"), kind=_kind(field), is_locked=is_locked)


def _alias(label: str, option: str) -> str:
    return option if label == option else f"{label} {option}"


def _box_run(condition: str) -> str:
    return run(f"{{{{ '√' if {condition} else '□' }}}}")


def _kind(field: Field) -> str:
    match field.kind:
        case Day():
            return _DATE.format("yyyy年M月d日")
        case Month():
            return _DATE.format("yyyy年M月")
        case Choice():
            entries = (
                f'<w:listItem w:displayText="{escape(option)}" w:value="{escape(option)}"/>'
                for option in field.kind.options
            )
            return f"<w:dropDownList>{''.join(entries)}</w:dropDownList>"
        case _:
            return ""


def bookmark_name(path: str) -> str:
    """Return the bookmark of an answer.

    Raises:
        ValueError: the path is longer than Word's names of 40 characters allow.
    """
    name = f"F_{path.replace('.', '_')}"
    if len(name) > LONGEST_BOOKMARK:
        raise ValueError(f"bookmark {name} is longer than {LONGEST_BOOKMARK} characters")
    return name


def answer_paragraph(sheet: Sheet, path: str, field: Field, style: str) -> str:
    """Return the paragraph of an answer that stands once: its controls inside its bookmark."""
    runs = answer_runs(field, path, path)
    return paragraph(bookmarked(bookmark_name(path), next(sheet.numbers), runs), style)


def answer_style(field: Field, width_mm: float, base: str) -> str:
    """Return the paragraph style of an answer: free text and boxes in a wide cell stand left, the rest is centred."""
    has_boxes = bool(boxes_of(field.kind, ""))
    stands_left = isinstance(field.kind, Choices) or (width_mm >= _WIDE_MM and (has_boxes or _is_text(field)))
    return base + ("Boxes" if has_boxes else "") + ("" if stands_left else "Center")


def _is_text(field: Field) -> bool:
    return isinstance(field.kind, Text)
