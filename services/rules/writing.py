"""Rule D07: what has to be written is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from services.answers import scalars
from services.form import Field, Schedule
from services.kinds import Choice, Choices, Code, Day, Kind, Month, Number, Picture, Score, Text, Value, Whole, YesNo
from services.kinds.kind import NOTHING
from services.kinds.text import fold
from services.rules.rule import Facts, Fault, Rule

_CHOICES = (Choice, Choices, YesNo)
_COUNTS = (Whole, Number, Score)
_SAYS_NOTHING = frozenset({"document", "licence", "card", "certificate"})


def d07(facts: Facts) -> Iterator[Fault]:
    """A required answer is there; 无, / and — are answers where there may be nothing, and 0 is a number.

    Asked of the answers that the form has come to (`Field.stage`); opinion boxes are rule Z01's and
    scores rule P01's. An answer that could not be read is not missing. Source: c · §10 · b P1.
    """
    boxes = {f"{box.key}{part}" for box in facts.form.opinions for part in ("", "_signer", "_on")}
    for key, asked in scalars(facts.form).items():
        if key not in boxes and is_missing(facts, key, asked, {}):
            yield _empty(facts, key, asked.kind)
    for schedule in facts.form.schedules:
        yield from _rows(facts, schedule)


def is_missing(facts: Facts, path: str, asked: Field, row: Mapping[str, Value]) -> bool:
    """Return whether the answer at `path` must be written by now and is not."""
    if facts.value(path) is not None or path in facts.unread or not facts.reached(asked.stage):
        return False
    return asked.required or _is_called_for(facts, asked, row)


def _is_called_for(facts: Facts, asked: Field, row: Mapping[str, Value]) -> bool:
    condition = asked.required_when
    if condition is None:
        return False
    value = row[condition.field] if condition.field in row else facts.value(condition.field)
    return isinstance(value, str | bool) and value in condition.values


def _rows(facts: Facts, schedule: Schedule) -> Iterator[Fault]:
    if schedule.totals_of:
        return
    rows = facts.rows(schedule.key)
    stated = tuple(number for number, row in enumerate(rows) if not says_nothing(row))
    if len(stated) < schedule.min_rows:
        yield Fault(
            field=schedule.key,
            name="rows",
            phrase=f"至少填写 {schedule.min_rows} 行,现在是 {len(stated)} 行",
            english=f"should have at least {schedule.min_rows} rows, has {len(stated)}",
            got=f"{len(stated)} 行",
            want=f"至少 {schedule.min_rows} 行",
            remedy="请补填",
        )
    for number in stated:
        for column in schedule.columns:
            path = f"{schedule.key}.{number}.{column.key}"
            if rows[number].get(column.key) is None and is_missing(facts, path, column, rows[number]):
                yield _empty(facts, path, column.kind)


def says_nothing(row: Mapping[str, Value]) -> bool:
    """Return whether a row says only that there is nothing to say (无)."""
    return all(value is None or (isinstance(value, str) and fold(value) in NOTHING) for value in row.values())


def _empty(facts: Facts, path: str, kind: Kind) -> Fault:
    if path in facts.nothing:
        return Fault(
            field=path,
            name="nothing",
            phrase="填写“无”,这一栏要有内容",
            english="says there is nothing, but this has to be answered",
            got="无",
            want="有内容",
            remedy=_remedy(kind),
        )
    return Fault(
        field=path,
        name="empty",
        phrase="没有填写",
        english="is empty",
        want="有内容",
        remedy=_remedy(kind),
    )


def _remedy(kind: Kind) -> str:
    match kind:
        case Text():
            return "请填写;没有内容的填“无”"
        case Code(scheme=scheme) if scheme in _SAYS_NOTHING:
            return "请填写;没有的填“无”"
        case Day():
            return "请填写日期,如 2006年8月15日"
        case Month():
            return "请填写年月,如 2005年6月"
        case Picture():
            return "请放入照片"
        case _:
            return _remedy_of_figures(kind)


def _remedy_of_figures(kind: Kind) -> str:
    if isinstance(kind, _COUNTS):
        return "请填写数字" if isinstance(kind, Whole | Number) and kind.minimum > 0 else "请填写数字;没有的填 0"
    return "请选择" if isinstance(kind, _CHOICES) else "请填写"


RULES: tuple[Rule, ...] = (d07,)
