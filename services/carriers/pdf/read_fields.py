"""The form fields of a PDF, whoever filled them in: the text of each answer, and what contradicts itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf

from services.answers import field_at
from services.form import Form
from services.kinds import Choices, Kind, Tick
from services.kinds.choice import EMPTY, TICKED
from services.paper.typeset_ink import options_of

MOST_FIELDS = 40_000
_DEEPEST = 6
Rect = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What a field holds: its text, its place (page counted from 0, rectangle), the boxes ticked otherwise.

    `stored` is the text of its value where its boxes show another one ('' otherwise).
    """

    text: str
    page: int
    rect: Rect
    stored: str = ""

    @property
    def address(self) -> str:
        """Where a mark is drawn: page and rectangle."""
        left, bottom, right, top = self.rect
        return f"{self.page}:{left:.1f},{bottom:.1f},{right:.1f},{top:.1f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leaf:
    """A field as it stands in the file: its own object and its widgets."""

    node: pikepdf.Object
    widgets: tuple[pikepdf.Object, ...]


def filled_fields(document: pikepdf.Pdf, form: Form) -> Mapping[str, Filled]:
    """Return what the fields named by answers of `form` hold, in the order they stand in the file."""
    leaves = dict(_leaves(document))
    shown = _pages_of(document)
    found: dict[str, Filled] = {}
    for path in dict.fromkeys(_path_of(form, name) for name in leaves):
        if path:
            kind = field_at(form, path).kind
            text, stored = _text(leaves, path, kind)
            page, rect = _place(leaves, path, kind, shown)
            found[path] = Filled(text=text, stored=stored, page=page, rect=rect)
    return found


def _place(
    leaves: Mapping[str, _Leaf], path: str, kind: Kind, shown: Mapping[tuple[int, int], int]
) -> tuple[int, Rect]:
    """Return the page of an answer and the rectangle round all its widgets there; a cover only repeats answers."""
    names = [f"{path}.{number}" for number in range(len(options_of(kind)))] if isinstance(kind, Choices) else [path]
    widgets = [widget for name in names if name in leaves for widget in leaves[name].widgets]
    pages = [shown.get(widget.objgen, 0) for widget in widgets]
    page = min((number for number in pages if number), default=0)
    rects = [_rect(widget) for widget, number in zip(widgets, pages, strict=True) if number == page]
    lefts, bottoms, rights, tops = zip(*rects, strict=True) if rects else ((0.0,),) * 4
    # Behind the last box its option is printed, about as wide as its box is high for each letter.
    behind = max(map(len, options_of(kind)), default=0) * (tops[0] - bottoms[0])
    return page, (min(lefts), min(bottoms), max(rights) + behind, max(tops))


def _leaves(document: pikepdf.Pdf) -> Iterator[tuple[str, _Leaf]]:
    """Yield the fields with their whole name; loops and absurd depths end the walk."""
    form = document.Root.get("/AcroForm")
    fields = form.get("/Fields") if isinstance(form, pikepdf.Dictionary) else None
    if not isinstance(fields, pikepdf.Array):
        return
    waiting: list[tuple[pikepdf.Object, str, int]] = [(node, "", 0) for node in reversed(list(fields))]
    seen = 0
    while waiting and seen < MOST_FIELDS:
        node, above, depth = waiting.pop()
        seen += 1
        if not isinstance(node, pikepdf.Dictionary) or depth > _DEEPEST:
            continue
        own = _string(node.get("/T"))
        name = f"{above}.{own}" if above and own else above or own
        kids = [kid for kid in node.get("/Kids", []) if isinstance(kid, pikepdf.Dictionary)]
        named = [kid for kid in kids if "/T" in kid]
        waiting += ((kid, name, depth + 1) for kid in reversed(named))
        if name and not named:
            yield name, _Leaf(node=node, widgets=tuple(kids) or (node,))


def _pages_of(document: pikepdf.Pdf) -> Mapping[tuple[int, int], int]:
    return {
        widget.objgen: number
        for number, page in enumerate(document.pages)
        for widget in page.obj.get("/Annots", [])
        if isinstance(widget, pikepdf.Dictionary)
    }


def _rect(widget: pikepdf.Object) -> Rect:
    try:
        left, bottom, right, top = (float(edge) for edge in widget.Rect)
    except (AttributeError, TypeError, ValueError):
        return (0.0, 0.0, 0.0, 0.0)
    return left, bottom, right, top


def _string(value: Any) -> str:
    if isinstance(value, pikepdf.Stream):
        return value.read_bytes().decode("utf-8", errors="replace")
    return str(value) if isinstance(value, pikepdf.String) else ""


def _path_of(form: Form, name: str) -> str:
    """Return the answer that a field belongs to, '' for a stranger's field."""
    for path in (name, name.rpartition(".")[0]):
        steps = path.split(".")
        is_row = len(steps) == 3 and (steps[0] == "items" or (steps[1].isdecimal() and len(steps[1]) < 5))  # noqa: PLR2004
        try:
            kind = field_at(form, path).kind if is_row or len(steps) == 1 else None
        except KeyError:
            continue
        if kind and (path == name or isinstance(kind, Choices)):
            return path
    return ""


# ---- what a field says --------------------------------------------------------------------------


def _text(leaves: Mapping[str, _Leaf], path: str, kind: Kind) -> tuple[str, str]:
    """Return the text of an answer as its form shows it, and that of its value where the two differ."""
    options = options_of(kind)
    if not options:
        return _lines(_inherited(leaves[path].node, "/V")), ""
    if isinstance(kind, Choices):
        boxes = [leaves.get(f"{path}.{number}") for number in range(len(options))]
        shown = [box is not None and _is_on(box) for box in boxes]
        stored = [box is not None and _state(box.node.get("/V")) not in ("", "Off") for box in boxes]
    elif isinstance(kind, Tick):
        shown = [_is_on(leaves[path])]
        stored = [_state(leaves[path].node.get("/V")) not in ("", "Off")]
    else:
        shown = [str(number) in _states(leaves[path]) for number in range(len(options))]
        stored = [_state(leaves[path].node.get("/V")) == str(number) for number in range(len(options))]
    # A program that ticks the box and forgets the value has said what it means.
    return _ticked(options, shown), _ticked(options, stored) if any(stored) and stored != shown else ""


def _ticked(options: Sequence[str], chosen: Sequence[bool]) -> str:
    return " ".join(f"{TICKED if on else EMPTY}{option}" for option, on in zip(options, chosen, strict=True))


def _inherited(node: pikepdf.Object, key: str) -> Any:
    for _ in range(_DEEPEST):
        if key in node:
            return node[key]
        if not isinstance(node.get("/Parent"), pikepdf.Dictionary):
            return None
        node = node["/Parent"]
    return None


def _lines(value: Any) -> str:
    if isinstance(value, pikepdf.Array):
        value = next(iter(value), None)
    return _string(value).replace("\r\n", "\n").replace("\r", "\n")


def _state(value: Any) -> str:
    return str(value).removeprefix("/") if isinstance(value, pikepdf.Name) else _string(value)


def _states(leaf: _Leaf) -> frozenset[str]:
    """Return the states that the boxes show; a box without a state of its own shows the field's value."""
    value = leaf.node.get("/V")
    states = (_state(widget.get("/AS", value)) for widget in leaf.widgets)
    return frozenset(state for state in states if state not in ("", "Off"))


def _is_on(leaf: _Leaf) -> bool:
    return bool(_states(leaf))
