"""The paragraphs of a template's body with the place where a person finds them in Word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A paragraph: its text, its place, the text of its table row, its controls as (tag, text)."""

    text: str
    place: str
    row_text: str
    controls: tuple[tuple[str, str], ...]


def paragraphs(data: bytes) -> tuple[Placed, ...]:
    """Return the paragraphs of a body part that hold text."""
    body = etree.fromstring(data, _PARSER)
    return tuple(_outside(body)) + tuple(_inside(body))


def _outside(body: Any) -> Iterator[Placed]:
    for number, paragraph in enumerate(body.iter(f"{_W}p"), 1):
        if _text(paragraph) and next(paragraph.iterancestors(f"{_W}tbl"), None) is None:
            yield _placed(paragraph, f"Word 模板 第{number}段", "")


def _inside(body: Any) -> Iterator[Placed]:
    for table_number, table in enumerate(body.iter(f"{_W}tbl"), 1):
        for row_number, row in enumerate(table.iter(f"{_W}tr"), 1):
            row_text = _text(row)
            for paragraph in row.iter(f"{_W}p"):
                if _text(paragraph):
                    yield _placed(paragraph, f"Word 模板 第{table_number}个表格第{row_number}行", row_text)


def _placed(paragraph: Any, place: str, row_text: str) -> Placed:
    controls = (
        (tag.get(f"{_W}val", ""), _text(control))
        for control in paragraph.iter(f"{_W}sdt")
        for tag in control.iterfind(f"{_W}sdtPr/{_W}tag")
    )
    return Placed(text=_text(paragraph), place=place, row_text=row_text, controls=tuple(controls))


def _text(element: Any) -> str:
    return "".join(piece.text or "" for piece in element.iter(f"{_W}t"))
