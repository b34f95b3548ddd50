"""What a form asks, looked up by path: `agency_code`, `examiners.0.id_no`, `items.A01.self`, `opinion_station_on`.

Rows count from 0 in a path and from 1 in what a clerk reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from services.form import (
    AnswerCell,
    Block,
    Cover,
    Field,
    Form,
    Grid,
    Item,
    Opinion,
    OpinionBox,
    Part,
    Schedule,
    ScheduleTable,
    ScoreTable,
    TextBox,
)
from services.kinds import Day, Score, Text

ITEM_COLUMNS = ("self", "review", "reason")
"""The answers of an item: 自评分, 复核分, 扣分原因/备注."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Where one answer stands: its path, what it asks, the part it is printed in and its printed label."""

    path: str
    field: Field
    part: Part
    label: str


def opinion_fields(opinion: Opinion) -> tuple[Field, Field, Field]:
    """Return the three answers of an opinion box: text, signer, date."""
    required = opinion.required
    stage = opinion.stage
    return (
        Field(
            key=opinion.key,
            label=opinion.label,
            kind=Text(limit=opinion.limit, lines=True),
            required=required,
            stage=stage,
            source=opinion.source,
        ),
        Field(
            key=f"{opinion.key}_signer",
            label=f"{opinion.signed_by}签字",
            kind=Text(limit=40),
            stage=stage,
            source=opinion.source,
        ),
        Field(key=f"{opinion.key}_on", label="日期", kind=Day(), stage=stage, source=opinion.source),
    )


def item_fields(item: Item) -> tuple[Field, Field, Field]:
    """Return the three answers of an item, keyed `self`, `review`, `reason`."""
    return (
        Field(key="self", label="自评分", kind=Score(points=item.points), required=True, source=item.source),
        Field(key="review", label="复核分", kind=Score(points=item.points), stage="review", source=item.source),
        Field(key="reason", label="扣分原因/备注", kind=Text(limit=100, lines=True), source=item.source),
    )


@lru_cache(maxsize=64)
def scalars(form: Form) -> Mapping[str, Field]:
    """Return every answer that stands once (fields and opinion boxes), by key."""
    boxes = (field for opinion in form.opinions for field in opinion_fields(opinion))
    return MappingProxyType({field.key: field for field in (*form.fields, *boxes)})


@lru_cache(maxsize=64)
def schedules(form: Form) -> Mapping[str, Schedule]:
    """Return the schedules by key."""
    return MappingProxyType({schedule.key: schedule for schedule in form.schedules})


@lru_cache(maxsize=64)
def items(form: Form) -> Mapping[str, Item]:
    """Return the items by id."""
    return MappingProxyType({item.id: item for item in form.items})


def section_items(form: Form, section: str) -> tuple[Item, ...]:
    """Return the items of a section, in printed order."""
    return tuple(item for item in form.items if item.section == section)


@lru_cache(maxsize=64)
def base_items(form: Form) -> tuple[Item, ...]:
    """Return the items of the ministry's own sections, without the regional ones (rule P11)."""
    return tuple(item for item in form.items if item.section != "R")


def field_at(form: Form, path: str) -> Field:
    """Return the answer at `path`.

    Raises:
        KeyError: the form asks nothing there.
    """
    head, *rest = path.split(".")
    if not rest:
        return scalars(form)[head]
    return _beneath(form)[head, rest[0] if head == "items" else "", rest[1]]


@lru_cache(maxsize=64)
def _beneath(form: Form) -> Mapping[tuple[str, str, str], Field]:
    """Return the answers below the first step of a path: a schedule's columns, an item's three."""
    columns = {(s.key, "", column.key): column for s in form.schedules for column in s.columns}
    scored = {("items", item.id, field.key): field for item in form.items for field in item_fields(item)}
    return MappingProxyType(columns | scored)


def label_at(form: Form, path: str) -> str:
    """Return the printed label of the answer at `path`, with its row or item: 附表1-3 第2行 身份证号."""
    head, *rest = path.split(".")
    if head == "items" and rest:
        item = items(form).get(rest[0])
        name = f"{rest[0]} {item.label}" if item else rest[0]
        return f"{name} {field_at(form, path).label}" if len(rest) > 1 else name
    if head in schedules(form):
        title = schedules(form)[head].label
        row = f" 第{int(rest[0]) + 1}行" if rest else ""
        return f"{title}{row}{' ' + field_at(form, path).label if len(rest) > 1 else ''}"
    return _opinion_label(form, head)


def _opinion_label(form: Form, key: str) -> str:
    for opinion in form.opinions:
        if key in (f"{opinion.key}_signer", f"{opinion.key}_on"):
            return f"{opinion.label} {scalars(form)[key].label}"
    return scalars(form)[key].label


@lru_cache(maxsize=64)
def part_of(form: Form) -> Mapping[str, Part]:
    """Return the part that each answer is printed in, by first step of the path (items: `items.A01`)."""
    homes: dict[str, Part] = {}
    for part in form.parts:
        for block in part.blocks:
            for key in block_keys(form, block):
                if not isinstance(block, Cover):
                    homes[key] = part
                homes.setdefault(key, part)
    return MappingProxyType(homes)


def block_keys(form: Form, block: Block) -> tuple[str, ...]:  # noqa: PLR0911, PLR0912 - a case a block
    """Return the keys printed in a block: scalar keys, a schedule's key, `items.A01`."""
    match block:
        case Cover():
            return block.lines
        case Grid():
            return tuple(cell.key for row in block.rows for cell in row.cells if isinstance(cell, AnswerCell))
        case ScheduleTable():
            return (block.schedule,)
        case ScoreTable():
            return tuple(f"items.{item.id}" for item in section_items(form, block.section))
        case TextBox():
            return (block.key,)
        case OpinionBox():
            return (block.opinion, f"{block.opinion}_signer", f"{block.opinion}_on")
        case _:
            return ()


@lru_cache(maxsize=64)
def printed_order(form: Form) -> Mapping[str, int]:
    """Return the rank of every key (as `block_keys` names them) in the order it is printed."""
    order: dict[str, int] = {}
    for part in form.parts:
        for block in part.blocks:
            for key in block_keys(form, block):
                order.setdefault(key, len(order))
    return MappingProxyType(order)


def rank(form: Form, path: str) -> tuple[int, int, int]:
    """Return a sort key that puts paths in printed order; what stands nowhere comes first."""
    head, *rest = path.split(".")
    order = printed_order(form)
    if head == "items" and rest:
        column = ITEM_COLUMNS.index(rest[1]) if len(rest) > 1 else -1
        return order.get(f"items.{rest[0]}", -1), 0, column
    if not rest or head not in schedules(form):
        return order.get(head, -1), 0, 0
    keys = tuple(field.key for field in schedules(form)[head].columns)
    return order.get(head, -1), int(rest[0]), keys.index(rest[1]) if len(rest) > 1 else -1


def place_at(form: Form, path: str, *, page: int = 0) -> str:
    """Return where a clerk finds the answer: 《评估表》第2页 · 三、评估评分 · A01 许可证与标牌 自评分."""
    sheet = f"《{form.short_title}》" + (f"第{page}页" if page else "")
    head, *rest = path.split(".")
    part = part_of(form).get(f"items.{rest[0]}" if head == "items" and rest else head)
    steps = (sheet, part.title if part else "", label_at(form, path) if path else "")
    return " · ".join(step for step in steps if step)


def empty_paths(form: Form, rows: Mapping[str, int]) -> Iterator[str]:
    """Yield every path of the form, schedules with `rows[key]` rows, in declared order."""
    yield from scalars(form)
    for schedule in form.schedules:
        for row in range(rows.get(schedule.key, 0)):
            yield from (f"{schedule.key}.{row}.{column.key}" for column in schedule.columns)
    for item in form.items:
        yield from (f"items.{item.id}.{column}" for column in ITEM_COLUMNS)
