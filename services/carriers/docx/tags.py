"""What a template prints: the names its tags use, as paths of the form, found in the Jinja2 syntax tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jinja2 import nodes

from services.answers import ITEM_COLUMNS, base_items, scalars
from services.carriers.docx.build_answers import boxes_of
from services.carriers.docx.build_package import PROPERTIES
from services.carriers.docx.build_template import REGIONAL_PART
from services.carriers.docx.compiled import ENVIRONMENT
from services.form import Form, Schedule

EACH = "*"
"""Stands for a row in a path: `examiners.*.id_no`."""

REGIONAL_ITEM = ("id", "label", "points", "standard", "evidence", *ITEM_COLUMNS)
REGIONAL_FIELD = ("key", "label", "value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Uses:
    """What a template uses: paths, options compared as (path, option), and filters by name."""

    paths: frozenset[str]
    options: frozenset[tuple[str, str]]
    filters: frozenset[str]


def uses(source: str) -> Uses:
    """Return what the Jinja2 source of a part uses.

    Raises:
        TemplateSyntaxError: it is not a template.
    """
    tree = ENVIRONMENT.parse(source)
    walked = tuple(_walk(tree, {}))
    return Uses(
        paths=frozenset(path for path, _ in walked),
        options=frozenset((path, option) for path, option in walked if option is not None),
        filters=frozenset(node.name for node in tree.find_all(nodes.Filter)),
    )


def _walk(node: nodes.Node, loops: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
    """Yield every path used under `node`, with the option it is compared with, if any."""
    path = _path(node, loops)
    if path is not None:
        yield path, None
        return
    if isinstance(node, nodes.Compare):
        yield from _compared(node, loops)
    if isinstance(node, nodes.For):
        yield from _walk(node.iter, loops)
        over = _path(node.iter, loops)
        inner = {**loops, "loop": "loop"}
        if isinstance(node.target, nodes.Name):
            inner[node.target.name] = f"{over}.{EACH}"
        for child in (*node.body, *node.else_):
            yield from _walk(child, inner)
        return
    for child in node.iter_child_nodes():
        yield from _walk(child, loops)


def _path(node: nodes.Node, loops: Mapping[str, str]) -> str | None:
    """Return the path that an expression names, None for any other expression."""
    if isinstance(node, nodes.Name):
        return loops.get(node.name, node.name)
    if isinstance(node, nodes.Getattr):
        inner = _path(node.node, loops)
        return None if inner is None else f"{inner}.{node.attr}"
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        inner = _path(node.node, loops)
        return None if inner is None else f"{inner}.{node.arg.value}"
    return None


def _compared(node: nodes.Compare, loops: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
    sides = (node.expr, *(operand.expr for operand in node.ops))
    paths = tuple(path for side in sides if (path := _path(side, loops)) is not None)
    constants = tuple(str(side.value) for side in sides if isinstance(side, nodes.Const))
    yield from ((path, constant) for path in paths for constant in constants)


# ---- what a form offers --------------------------------------------------------------------------


def _row_paths(schedule: Schedule) -> Iterator[str]:
    if schedule.totals_of:
        for number in range(len(schedule.groups)):
            yield from (f"{schedule.key}.{number}.{column.key}" for column in schedule.columns[1:])
    else:
        yield from (f"{schedule.key}.{EACH}.{column.key}" for column in schedule.columns)


def wanted_paths(form: Form) -> tuple[str, ...]:
    """Return the path of every answer that the form's template must print, in declared order."""
    return (
        *(key for key in scalars(form) if not _is_regional(form, key)),
        *(path for schedule in form.schedules for path in _row_paths(schedule)),
        *(f"items.{item.id}.{column}" for item in base_items(form) for column in ITEM_COLUMNS),
        *_regional_paths(form),
    )


def _is_regional(form: Form, key: str) -> bool:
    return bool(form.region) and key.startswith("r_")


def _regional_paths(form: Form) -> tuple[str, ...]:
    if not any(part.key == REGIONAL_PART for part in form.parts):
        return ()
    return (
        *(f"regional_items.{EACH}.{key}" for key in REGIONAL_ITEM),
        *(f"regional_fields.{EACH}.{key}" for key in REGIONAL_FIELD),
    )


def known_paths(form: Form) -> frozenset[str]:
    """Return every path that a template of the form may use."""
    tables = {schedule.key for schedule in form.schedules}
    first_columns = {
        f"{schedule.key}.{number}.{schedule.columns[0].key}"
        for schedule in form.schedules
        for number in range(len(schedule.groups))
    }
    identity = {"token", "header", "issued_to", *(f"properties.{name}" for name in PROPERTIES)}
    return frozenset(wanted_paths(form)) | tables | first_columns | identity | {"regional_items", "regional_fields"}


def wanted_options(form: Form) -> tuple[tuple[str, str], ...]:
    """Return every tick box that the template must print, as (path, what its condition compares with)."""
    rows = (
        (f"{schedule.key}.{EACH}.{column.key}", column)
        for schedule in form.schedules
        if not schedule.totals_of
        for column in schedule.columns
    )
    answers = (*((key, field) for key, field in scalars(form).items() if not _is_regional(form, key)), *rows)
    return tuple(
        (path, condition.split("'")[1])
        for path, field in answers
        for condition, _ in boxes_of(field.kind, path)
        if "'" in condition
    )
