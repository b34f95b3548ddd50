"""What a template may print of a record: plain values by the names that stand in the template.

`{{ agency_code }}`, `{%tr for row in examiners %}` with `{{ row.id_no }}`, `{{ items.A01.self }}`;
ticks compare (`{{ '√' if host_nature == '机关' else '□' }}`). An empty answer prints blanks, a date
that stands alone its 年 月 日.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from services.answers import ITEM_COLUMNS, base_items, item_fields, label_at, place_at, scalars, section_items
from services.carriers.docx.build_answers import boxes_of
from services.carriers.docx.build_package import BLANK
from services.findings import Finding, found
from services.form import Field, Form, Schedule
from services.identity import Stamp
from services.kinds import Day, Month, Picture, Text, Tick, Value, YesNo
from services.kinds.number import plain
from services.record import Record, rows

DAY_PROMPT = "    年  月  日"
OPINION_DAY_PROMPT = "        年    月    日"
"""An opinion is dated by hand, so there is more room between the words."""

MONTH_PROMPT = "    年  月"
PICTURE_PROMPT = "贴照片处"
_ANY_LENGTH = 1 << 30

Shown = Callable[[Value], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """How each answer of a form is shown, worked out once."""

    scalars: tuple[tuple[str, Field, Shown], ...]
    schedules: tuple[tuple[Schedule, tuple[tuple[str, Field, Shown], ...], Mapping[str, Any]], ...]
    items: tuple[tuple[str, tuple[tuple[str, Field, Shown], ...]], ...]


@lru_cache(maxsize=64)
def _plan(form: Form) -> _Plan:
    tables = []
    by_hand = {f"{opinion.key}_on" for opinion in form.opinions}
    for schedule in form.schedules:
        columns = tuple((column.key, column, _row_shown(column)) for column in schedule.columns)
        tables.append((schedule, columns, {key: shown(None) for key, _, shown in columns}))
    return _Plan(
        scalars=tuple((key, field, _shown(field, key in by_hand)) for key, field in scalars(form).items()),
        schedules=tuple(tables),
        items=tuple(
            (item.id, tuple((field.key, field, _row_shown(field)) for field in item_fields(item)))
            for item in form.items
        ),
    )


def _shown(field: Field, by_hand: bool) -> Shown:  # noqa: FBT001 - one flag of a private function
    """Return how an answer that stands alone is shown: with a prompt when it is an empty date or picture."""
    day = OPINION_DAY_PROMPT if by_hand else DAY_PROMPT
    prompts = ((Day, day), (Month, MONTH_PROMPT), (Picture, PICTURE_PROMPT))
    prompt = next((text for kind, text in prompts if isinstance(field.kind, kind)), BLANK)
    return _shown_or(field, prompt)


def _row_shown(field: Field) -> Shown:
    return _shown_or(field, BLANK)


def _shown_or(field: Field, prompt: str) -> Shown:
    if isinstance(field.kind, YesNo):
        return lambda value: "" if value is None else "是" if value else "否"
    if isinstance(field.kind, Tick):
        return bool
    if boxes_of(field.kind, ""):
        return lambda value: "" if value is None else value
    show = field.kind.show
    return lambda value: prompt if value is None else show(value) or prompt


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The names a template may use, the pictures by path, and what had to be taken out of the texts."""

    names: dict[str, Any]
    pictures: Mapping[str, bytes]
    findings: tuple[Finding, ...]


def context_of(form: Form, record: Record, stamp: Stamp) -> Context:
    """Return what the template of `form` may print of `record`.

    Characters that XML cannot hold are removed and reported (N01), overlong text is reported and kept (D08).
    """
    plan = _plan(form)
    findings: list[Finding] = []
    names: dict[str, Any] = _identity(form, stamp)
    pictures: dict[str, bytes] = {}
    for key, field, shown in plan.scalars:
        value = record.values.get(key)
        if isinstance(value, bytes):
            pictures[key] = value
            value = None
        names[key] = shown(_judged(form, key, field, value, findings))
    for schedule, columns, blank in plan.schedules:
        names[schedule.key] = _rows(form, schedule, (columns, blank), (record, findings))
    if form.items:
        names["items"] = _items(form, plan, record, findings)
    names |= _regional(form, names)
    return Context(names=names, pictures=pictures, findings=tuple(findings))


def _rows(
    form: Form,
    schedule: Schedule,
    plan: tuple[tuple[tuple[str, Field, Shown], ...], Mapping[str, Any]],
    source: tuple[Record, list[Finding]],
) -> list[dict[str, Any]]:
    """Return the rows of a schedule, blank ones after them."""
    columns, blank = plan
    record, findings = source
    printed = []
    for number, row in enumerate(rows(record, schedule.key)):
        prefix = f"{schedule.key}.{number}."
        printed.append(
            {key: shown(_judged(form, prefix + key, field, row.get(key), findings)) for key, field, shown in columns}
        )
    printed += [dict(blank)] * (max(schedule.blank_rows, len(schedule.groups)) - len(printed))
    return printed


def _items(form: Form, plan: _Plan, record: Record, findings: list[Finding]) -> dict[str, dict[str, Any]]:
    stated = record.values.get("items", {})
    nothing: Mapping[str, Any] = {}
    return {
        item_id: {
            key: shown(_judged(form, f"items.{item_id}.{key}", field, stated.get(item_id, nothing).get(key), findings))
            for key, field, shown in columns
        }
        for item_id, columns in plan.items
    }


def _judged(form: Form, path: str, field: Field, value: Value, findings: list[Finding]) -> Value:
    """Return a text without what XML cannot hold, noting that and what is over its limit."""
    if not isinstance(value, str):
        return value
    limit = field.kind.limit if isinstance(field.kind, Text) else _ANY_LENGTH
    if len(value) <= limit and value.isprintable():
        return value
    kept, problems = Text(limit=limit, lines=True).parse(value)
    place = place_at(form, path)
    findings += (found(problem, field=path, label=label_at(form, path), place=place) for problem in problems)
    return kept


def _identity(form: Form, stamp: Stamp) -> dict[str, Any]:
    issued_to = f"({form.region_name} {form.region_version})" if form.region else ""
    return {
        "token": stamp.token,
        "header": stamp.header,
        "issued_to": issued_to,
        "properties": {
            "FormToken": stamp.token,
            "FormId": form.id,
            "FormEdition": form.edition.id if form.edition else "",
            "FormRegion": stamp.region,
            "RecordId": stamp.record,
        },
    }


def _regional(form: Form, names: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form's region adds, for the template to loop over."""
    base = {item.id for item in base_items(form)}
    items = [
        {
            "id": item.id,
            "label": item.label,
            "points": plain(item.points),
            "standard": item.standard,
            "evidence": item.evidence,
            **{column: names["items"][item.id][column] for column in ITEM_COLUMNS},
        }
        for item in section_items(form, "R")
        if item.id not in base
    ]
    fields = [{"key": field.key, "label": field.label, "value": names[field.key]} for field in regional_answers(form)]
    return {"regional_items": items, "regional_fields": fields}


@lru_cache(maxsize=64)
def regional_answers(form: Form) -> tuple[Field, ...]:
    """Return the answers that the form's region adds: those declared nowhere in its edition."""
    return tuple(field for field in form.fields if field.key.startswith("r_")) if form.region else ()
