"""Answers of one edition or region carried over to another, and what could not be carried (rule D03).

The same path is the same answer. Where editions ask one thing in two ways (组织机构代码 in 2006, 统一社会信用
代码 today) the declaration says which answer stands in the place of which (`Field.instead_of`), and what can be
taken from one code into the other is told here by their schemes. Nothing is dropped in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from services.answers import ITEM_COLUMNS, field_at, items, label_at, place_at, rank, scalars
from services.catalogue import concrete
from services.findings import Finding, Problem, Severity, found
from services.form import Field, Form
from services.kinds import Code, Tick, Value
from services.record import Record, build, entries_of
from services.totals import expected

_NOTHING: Mapping[str, str] = MappingProxyType({})


def _org_in_uscc(code: str) -> str:
    """Return the 组织机构代码 that characters 9 to 17 of a 统一社会信用代码 are (GB 32100-2015 5.3, rule S08)."""
    return f"{code[8:16]}-{code[16]}" if len(code) == _USCC else ""


_USCC = 18
_TAKEN_FROM: Mapping[tuple[str, str], Callable[[str], str]] = MappingProxyType({("uscc", "org"): _org_in_uscc})


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgraded:
    """The record in its new form, how many answers were carried, and what was not."""

    form: Form
    record: Record
    carried: int
    findings: tuple[Finding, ...]


def target_of(form: Form, edition: str = "", region: str | None = None) -> Form:
    """Return the form that answers go to: `edition`, the newest when empty; `region`, the same when None.

    Raises:
        UnknownFormError: there is no such edition or region.
    """
    return concrete(form.id, edition or form.editions[-1].id, form.region if region is None else region)


def upgrade(
    form: Form,
    record: Record,
    target: Form,
    *,
    unread: Mapping[str, str] = _NOTHING,
    places: Mapping[str, str] = _NOTHING,
) -> Upgraded:
    """Return `record` carried over to `target`, with a finding for everything that was not and for what is new.

    `unread` is what stands where an answer could not be read, `places` where answers stand in the clerk's file.
    """
    source = _Source(form=form, record=record, places=places)
    entries = {path: value for path, value in entries_of(form, record).items() if _is_answer(form, path, value)}
    carried = {path: value for path, old in entries.items() if (value := _carried(form, target, path, old)) is not None}
    carried |= {path: value for path, value in _stand_ins(form, target, entries).items() if path not in carried}
    lost = [path for path in entries if path not in carried]
    made = _totalled(source, target, build(target, carried))
    findings = [
        *_lost(source, target, [path for path in lost if not _has_stand_in(form, target, path)]),
        *_unread(source, unread),
        *_asked(source, target, entries, made),
    ]
    findings.sort(key=lambda finding: (finding.severity is Severity.NOTE, rank(target, finding.field)))
    return Upgraded(form=target, record=made, carried=len(carried), findings=tuple(findings))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """What is carried: the form, its record, where its answers stand."""

    form: Form
    record: Record
    places: Mapping[str, str]

    def place(self, path: str) -> str:
        return self.places.get(path) or place_at(self.form, path)


# ---- what is carried ------------------------------------------------------------------------------


def _is_answer(form: Form, path: str, value: Value) -> bool:
    """Return whether something is stated; a box that is not ticked states nothing."""
    return value is not None and not (value is False and isinstance(field_at(form, path).kind, Tick))


def _asks(form: Form, path: str) -> Field | None:
    """Return the answer that the form asks at a path, None where it asks none or the path names a whole item."""
    try:
        return field_at(form, path)
    except LookupError:
        return None


def _carried(form: Form, target: Form, path: str, value: Value) -> Value:
    """Return the value as the target's kind holds it, None where it does not fit or is not asked."""
    wanted = _asks(target, path)
    if wanted is None:
        return None
    if isinstance(value, bytes):
        return value
    kind = field_at(form, path).kind
    fitting, problems = wanted.kind.from_json(kind.to_json(value))
    return None if any(problem.severity is Severity.MUST_FIX for problem in problems) else fitting


def _stand_ins(form: Form, target: Form, entries: Mapping[str, Value]) -> dict[str, Value]:
    """Return the answers of the target that can be taken from those they stand in for."""
    made: dict[str, Value] = {}
    for key, wanted in scalars(target).items():
        old = scalars(form).get(wanted.instead_of)
        if old is None or key in scalars(form) or not entries.get(old.key):
            continue
        taken = _TAKEN_FROM.get((_scheme(old), _scheme(wanted)))
        value = wanted.kind.parse(taken(str(entries[old.key])))[0] if taken else None
        made |= {key: value} if value is not None else {}
    return made


def _scheme(field: Field) -> str:
    return field.kind.scheme if isinstance(field.kind, Code) else ""


def _has_stand_in(form: Form, target: Form, path: str) -> bool:
    """Return whether another answer stands in this one's place there: that answer tells what became of it."""
    return any(path == field.instead_of and key not in scalars(form) for key, field in scalars(target).items())


def _totalled(source: _Source, target: Form, record: Record) -> Record:
    """Return the record with those sums made anew that were right before: other items give other sums."""
    before, after = expected(source.form, source.record), expected(target, record)
    held = entries_of(source.form, source.record)
    right = {path for path, value in before.items() if value is not None and held.get(path) == value}
    made = {path: value for path, value in after.items() if path in right}
    return build(target, entries_of(target, record) | made)


# ---- what is said ---------------------------------------------------------------------------------


def _lost(source: _Source, target: Form, paths: list[str]) -> Iterator[Finding]:
    sums = expected(source.form, source.record)
    groups: dict[str, list[str]] = {}
    for path in (path for path in paths if path not in sums):
        groups.setdefault(_whole(source.form, target, path), []).append(path)
    for head, members in groups.items():
        yield _not_carried(source, target, head, members)


def _whole(form: Form, target: Form, path: str) -> str:
    """Return what is told as one: an item that the target has not, else the answer itself."""
    head, *rest = path.split(".")
    return f"{head}.{rest[0]}" if head == "items" and rest[0] not in items(target) and items(form) else path


def _not_carried(source: _Source, target: Form, head: str, members: list[str]) -> Finding:
    said = ";".join(_told(source, path, alone=len(members) == 1 and members[0] == head) for path in members)
    asked = _asks(target, head) is not None
    why = "与这一栏现在的填法不符" if asked else f"{_edition(target)}没有这一栏"
    problem = Problem(
        rule="D03",
        code="upgrade.lost",
        severity=Severity.CONFIRM,
        phrase=f"没有带过去:{why},原来填的是“{said}”",
        phrase_en=f"was not carried over: {'does not fit there' if asked else 'not asked there'}, was {said!r}",
        got=said,
        remedy="仍需要的,请填在新表相应的栏目里" if asked else "仍需要的,请另附说明",
    )
    return found(problem, field=head if asked else "", label=label_at(source.form, head), place=source.place(head))


def _told(source: _Source, path: str, *, alone: bool) -> str:
    asked = field_at(source.form, path)
    value = entries_of(source.form, source.record)[path]
    said = "照片" if isinstance(value, bytes) else asked.kind.show(value)
    return said if alone else f"{asked.label}:{said}"


def _unread(source: _Source, unread: Mapping[str, str]) -> Iterator[Finding]:
    held = entries_of(source.form, source.record)
    for path, text in unread.items():
        if _asks(source.form, path) is None or held.get(path) is not None:
            continue
        problem = Problem(
            rule="D03",
            code="upgrade.unread",
            severity=Severity.CONFIRM,
            phrase=f"没有带过去:原来写的“{text}”没有读懂",
            phrase_en=f"was not carried over: {text!r} could not be read",
            got=text,
            remedy="请在新表里填写",
        )
        yield found(problem, field=path, label=label_at(source.form, path), place=source.place(path))


def _asked(source: _Source, target: Form, entries: Mapping[str, Value], made: Record) -> Iterator[Finding]:
    """Yield what the target asks beside what was asked before, as far as the station answers it."""
    held = entries_of(target, made)
    for key, field in scalars(target).items():
        if key in scalars(source.form) or field.stage != "station":
            continue
        before = _before(source, field, entries)
        if held.get(key) is None:
            yield _empty(target, key, before)
        elif before:
            yield _derived(target, key, before, field.kind.show(held[key]))
    for item in items(target):
        if item not in items(source.form) and all(held.get(f"items.{item}.{c}") is None for c in ITEM_COLUMNS):
            yield _empty(target, f"items.{item}", "")


def _before(source: _Source, field: Field, entries: Mapping[str, Value]) -> str:
    """Return the answer that this one stands in the place of, with its label; '' for none."""
    old, value = scalars(source.form).get(field.instead_of), entries.get(field.instead_of)
    return f"“{old.label}”一栏的“{old.kind.show(value)}”" if old and value else ""


def _empty(target: Form, path: str, before: str) -> Finding:
    problem = Problem(
        rule="D03",
        code="upgrade.asked",
        severity=Severity.CONFIRM if before else Severity.NOTE,
        phrase=f"是{_edition(target)}才有的栏目" + (f",原来{before}不能代替它,没有带过去" if before else ""),
        phrase_en="is asked there only" + (f"; {before!r} was not carried over" if before else ""),
        got=before,
        remedy="请补填",
    )
    return found(problem, field=path, label=label_at(target, path), place=place_at(target, path))


def _derived(target: Form, path: str, before: str, value: str) -> Finding:
    problem = Problem(
        rule="D03",
        code="upgrade.derived",
        severity=Severity.NOTE,
        phrase=f"填为“{value}”,取自原来{before}",
        phrase_en=f"is {value!r}, taken from {before!r}",
        got=before,
        want=value,
        remedy="请核对",
    )
    return found(problem, field=path, label=label_at(target, path), place=place_at(target, path))


def _edition(form: Form) -> str:
    return f"{form.region_name}{form.edition.version if form.edition else ''}"
