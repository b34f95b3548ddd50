"""What a rule is given and what it gives: facts in, faults out.

A rule is a function named after its id. It reads answers by key or by kind and yields nothing for a
form that does not ask them, so a new form needs no new rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from services import answers, record
from services.findings import Severity
from services.form import STAGES, Form, Item, Stage
from services.kinds import Code, Value
from services.kinds.number import plain
from services.region import Region
from services.rules.calendar import NOTICE, Calendar

STEP = Decimal("0.5")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a check depends on beside the form: how far the form has come, the day, the region's own dates.

    `evidence` is the number of attachments of each item, None when attachments are not looked at.
    """

    stage: Stage = "station"
    today: date = field(default_factory=lambda: datetime.now(UTC).date())
    region: Region | None = None
    evidence: Mapping[str, int] | None = None
    calendar: Calendar = NOTICE


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What a rule found at `field`, worded as `services.findings.Problem` is.

    `name` makes the finding's code with the rule's id (`range` → P01.range); it is never reused.
    `severity` is given where it differs from the rule's own.
    """

    field: str
    name: str
    phrase: str
    english: str
    got: str = ""
    want: str = ""
    remedy: str = ""
    severity: Severity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """One code of a record: where it stands and what is written."""

    path: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One form and its record as the rules see them.

    `unread` are the answers whose text could not be read and was reported; `nothing` those where 无
    is written although the kind has no such value. `codes` holds every written code by its scheme.
    """

    form: Form
    record: record.Record
    context: Context
    unread: frozenset[str] = frozenset()
    nothing: frozenset[str] = frozenset()
    codes: Mapping[str, tuple[Coded, ...]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def profile(self) -> str:
        """2006 or today."""
        return self.form.edition.profile if self.form.edition else "2006"

    def reached(self, stage: Stage) -> bool:
        """Return whether the form has come as far as `stage`."""
        return STAGES.index(stage) <= STAGES.index(self.context.stage)

    def value(self, path: str) -> Value:
        """Return the value at `path`, None where nothing is written or asked."""
        return record.at(self.record, path)

    def text(self, path: str) -> str:
        """Return the text at `path`, '' where there is none."""
        value = self.value(path)
        return value if isinstance(value, str) else ""

    def day(self, path: str) -> date | None:
        """Return the day at `path`."""
        value = self.value(path)
        return value if isinstance(value, date) else None

    def number(self, path: str) -> Decimal | None:
        """Return the number at `path`."""
        value = self.value(path)
        return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None

    def rows(self, schedule: str) -> tuple[Mapping[str, Any], ...]:
        """Return the rows of a schedule, () where the form has none of that key."""
        return record.rows(self.record, schedule) if schedule in answers.schedules(self.form) else ()

    def is_whole(self, *schedules: str) -> bool:
        """Return whether every required cell of these schedules' rows is written and was read.

        Rules that draw conclusions from a schedule stay silent before, since the gap itself is reported.
        """
        known = answers.schedules(self.form)
        return all(
            row.get(column.key) is not None
            for key in schedules
            for column in (known[key].columns if key in known else ())
            if column.required
            for row in self.rows(key)
        )

    def asks(self, *keys: str) -> bool:
        """Return whether the form asks all of these answers or schedules."""
        return all(key in answers.scalars(self.form) or key in answers.schedules(self.form) for key in keys)

    def label(self, path: str) -> str:
        """Return the printed label of the answer at `path`."""
        return answers.label_at(self.form, path)

    def score(self, item_id: str, column: str = "self") -> Decimal | None:
        """Return a legal score of an item; None when it is empty, outside its range or between its steps."""
        item = answers.items(self.form).get(item_id)
        score = self.number(f"items.{item_id}.{column}")
        return score if item and score is not None and is_legal(item, score) else None

    def full_points(self, item_id: str) -> Decimal | None:
        """Return the full points of an item, None where the form has none of that id."""
        item = answers.items(self.form).get(item_id)
        return item.points if item else None

    def judged(self, item_id: str) -> tuple[str, Decimal | None]:
        """Return the path and the value of the score that counts: the reviewed one, else the station's own."""
        review = self.score(item_id, "review")
        column = "self" if review is None else "review"
        return f"items.{item_id}.{column}", self.score(item_id, column)


Rule = Callable[[Facts], Iterator[Fault]]


def is_legal(item: Item, score: Decimal) -> bool:
    """Return whether `score` is one that the item's standard can give (rules P01, P09)."""
    if not 0 <= score <= item.points:
        return False
    return score in item.steps if item.steps else score % STEP == 0


def points(score: Decimal) -> str:
    """Return a score as it is printed in a message: 2.5 分."""
    return f"{plain(score)} 分"


def facts_of(
    form: Form,
    values: record.Record,
    context: Context,
    unread: frozenset[str] = frozenset(),
    nothing: frozenset[str] = frozenset(),
) -> Facts:
    """Return the facts that rules are asked about."""
    codes = {scheme: tuple(found) for scheme, found in _codes(form, values).items()}
    return Facts(
        form=form, record=values, context=context, unread=unread, nothing=nothing, codes=MappingProxyType(codes)
    )


def _codes(form: Form, values: record.Record) -> dict[str, list[Coded]]:
    found: dict[str, list[Coded]] = {}
    for key, asked in answers.scalars(form).items():
        _keep(found, asked.kind, key, values.values.get(key))
    for schedule in form.schedules:
        coded = tuple(column for column in schedule.columns if isinstance(column.kind, Code))
        for number, row in enumerate(record.rows(values, schedule.key)):
            for column in coded:
                _keep(found, column.kind, f"{schedule.key}.{number}.{column.key}", row.get(column.key))
    return found


def _keep(found: dict[str, list[Coded]], kind: object, path: str, value: Value) -> None:
    if isinstance(kind, Code) and isinstance(value, str) and value != "无":
        found.setdefault(kind.scheme, []).append(Coded(path=path, text=value))
