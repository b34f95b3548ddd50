"""One part of a form as it is filled on the page: its printed layout, with a control in each answer's cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from services.answers import field_at, items, label_at, schedules, section_items
from services.check import Checked
from services.findings import Finding
from services.form import Field, Form, Grid, Item, LabelCell, Part, Schedule
from services.kinds import Choice, Choices, Picture, Text, Tick, Value, YesNo
from services.kinds.number import plain
from services.records.drafts import Draft
from services.totals import expected
from web.entry import is_asked, problems_at

RADIO_LIMIT = 6
"""Options up to this many stand open; more go into a list."""
SPARE_ROWS = 3
ADDED_ROWS = 5
STAGE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "station": "鉴定所(站)",
        "city": "市级主管部门",
        "review": "检查组",
        "region": "省级或行业主管部门",
        "ministry": "部里",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer on the page. `control` is the kind of control, `text` what stands in it.

    `options` are (posted value, shown label, chosen). `unread` is what was typed before and fits no
    option. `later` names who fills it when the station does not.
    """

    path: str
    label: str
    field: Field
    control: str
    text: str
    options: tuple[tuple[str, str, bool], ...] = ()
    unread: str = ""
    later: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def limit(self) -> int:
        """The most 字 of a long text, 0 where there is no such limit."""
        return self.field.kind.limit if isinstance(self.field.kind, Text) else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What the template of a part looks answers up in."""

    form: Form
    part: Part
    raw: Mapping[str, str]
    pictures: Mapping[str, str]
    computed: Mapping[str, Any]
    findings: Mapping[str, tuple[Finding, ...]]
    rows_asked: Mapping[str, int]

    def answer(self, path: str) -> Answer:
        """Return the answer at `path`."""
        field = field_at(self.form, path)
        text = self.raw.get(path, "")
        later = "" if field.stage == "station" else STAGE_NAMES[field.stage]
        control, options = _control(self.form, path, field, text)
        if not is_asked(self.form, path):
            control, text = "shown", field.kind.show(self.computed.get(path)) or text
        known = any(chosen for _, _, chosen in options)
        return Answer(
            path=path,
            label=label_at(self.form, path),
            field=field,
            control=control,
            text=text if control != "picture" else self.pictures.get(path, ""),
            options=options,
            unread=text if options and text and not known and _unread(field, text) else "",
            later=later,
            findings=self.findings.get(path, ()),
        )

    def row_numbers(self, schedule: Schedule) -> range:
        """Return the rows to show: those typed, those asked for, and a few spare ones."""
        if schedule.totals_of:
            return range(len(schedule.groups))
        typed = max((int(p.split(".")[1]) + 1 for p in self.raw if p.startswith(f"{schedule.key}.")), default=0)
        wanted = max(typed + SPARE_ROWS, min(schedule.blank_rows, 5), self.rows_asked.get(schedule.key, 0))
        return range(min(wanted, schedule.max_rows))

    def schedule(self, key: str) -> Schedule:
        """Return a schedule."""
        return schedules(self.form)[key]

    def row_findings(self, row: str) -> tuple[Finding, ...]:
        """Return everything that is wrong in a row of a schedule."""
        return tuple(f for path, found in self.findings.items() if f"{path}.".startswith(f"{row}.") for f in found)

    def shown_total(self, path: str) -> str:
        """Return the text of a computed cell."""
        return field_at(self.form, path).kind.show(self.computed.get(path))

    def items(self, section: str) -> tuple[Item, ...]:
        """Return the items of a section."""
        return section_items(self.form, section)

    def labelled(self, block: Grid) -> frozenset[str]:
        """Return the keys that have a printed label of their own in a grid."""
        cells = (cell for row in block.rows for cell in row.cells if isinstance(cell, LabelCell) and not cell.text)
        return frozenset(cell.key for cell in cells)

    def points(self, item_id: str) -> str:
        """Return the full points of an item as printed."""
        return plain(items(self.form)[item_id].points)


def sheet_of(form: Form, part: Part, draft: Draft, checked: Checked) -> Sheet:
    """Return the sheet of a part of a draft; `checked` holds the draft's record and the findings to show."""
    return Sheet(
        form=form,
        part=part,
        raw=draft.raw,
        pictures=draft.pictures,
        computed=expected(form, checked.record),
        findings=problems_at(checked.findings),
        rows_asked={},
    )


Options = tuple[tuple[str, str, bool], ...]


def _control(form: Form, path: str, field: Field, text: str) -> tuple[str, Options]:
    """Return the kind of control for an answer, and its options."""
    kind = field.kind
    value = kind.parse(text)[0] if text else None
    match kind:
        case Picture():
            return "picture", ()
        case Tick() | YesNo() | Choices() | Choice():
            return _optional(kind, value)
        case Text() if kind.lines:
            return "lines", ()
        case _:
            return _scored(form, path, text)


def _optional(kind: Tick | YesNo | Choices | Choice, value: Value) -> tuple[str, Options]:
    """Return the control of an answer that is chosen."""
    match kind:
        case Tick():
            return "tick", (("1", kind.label, value is True),)
        case YesNo():
            return "radio", (("是", "是", value is True), ("否", "否", value is False))
        case Choices():
            chosen = value if isinstance(value, tuple) else ()
            return "boxes", tuple((key, label, key in chosen) for key, label in kind.options)
        case Choice():
            control = "radio" if kind.boxes and len(kind.options) <= RADIO_LIMIT else "select"
            return control, tuple((option, option, option == value) for option in kind.options)


def _scored(form: Form, path: str, text: str) -> tuple[str, Options]:
    """Return the legal scores of an item as options, a line for anything else."""
    head, *rest = path.split(".")
    item = items(form).get(rest[0]) if head == "items" and rest[-1] == "self" else None
    steps = tuple(plain(step) for step in item.steps) if item else ()
    if not steps or (text and text not in steps):
        return "line", ()
    return "select", tuple((step, f"{step} 分", step == text) for step in steps)


def _unread(field: Field, text: str) -> bool:
    value, problems = field.kind.parse(text)
    return bool(problems) or value is None
