"""The worksheets of a form: which blocks share one, and the common columns that their cells stand in."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType

import services.carriers.xlsx.style as look
from services.answers import block_keys, schedules
from services.carriers.xlsx.blocks import Page, cover, grid, notes, opinion_box, part_title, slabs_for, text_box
from services.carriers.xlsx.plan import Draft, Piece, Sheet, Spot, Table
from services.carriers.xlsx.tables import schedule_table, score_table
from services.form import (
    Block,
    Cover,
    Form,
    Grid,
    Notes,
    OpinionBox,
    Orientation,
    Part,
    Schedule,
    ScheduleTable,
    ScoreTable,
    TextBox,
)
from services.kinds.number import plain

PAGE_MM: Mapping[Orientation, float] = MappingProxyType({"portrait": 170.0, "landscape": 257.0})
"""A4 less 20 mm at each side."""

_PRINTED_MM: Mapping[Orientation, float] = MappingProxyType({"portrait": 261.0, "landscape": 174.0})
"""The height of what is printed on a page."""

_SNAP_MM = 4.5
"""Edges nearer than this are one column edge."""

_GAP_MM = 3.5
_IDENTITY_MM = 6.0
_IDENTITY_FROM, _IDENTITY_TO = 0.47, 0.65
"""Between these shares of the width the line at the top is cut: form at the left, token at the right."""

_SHORT_SCHEDULE = 15
"""A schedule of at most this many rows prints them all when something stands below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """What one worksheet holds: blocks, each with the part that it belongs to."""

    name: str
    page: Orientation
    blocks: tuple[tuple[Part, Block], ...]


@lru_cache(maxsize=64)
def leaves(form: Form) -> tuple[Leaf, ...]:
    """Return the worksheets of a form in order; sums of a long table on their own, so that it may go on below."""
    grouped: dict[str, list[tuple[Part, Block]]] = {}
    for part in form.parts:
        grouped.setdefault(part.sheet, []).extend((part, block) for block in part.blocks)
    return tuple(leaf for name, blocks in grouped.items() for leaf in _leaves_of(form, name, tuple(blocks)))


def _leaves_of(form: Form, name: str, blocks: tuple[tuple[Part, Block], ...]) -> Iterator[Leaf]:
    wide = any(part.orientation == "landscape" for part, _ in blocks)
    page: Orientation = "landscape" if wide else "portrait"
    sums = tuple((part, block) for part, block in blocks if _sums_a_long_table(form, block, blocks))
    yield Leaf(name=name, page=page, blocks=tuple(pair for pair in blocks if pair not in sums))
    for part, block in sums:
        label = schedules(form)[block.schedule].label if isinstance(block, ScheduleTable) else name
        yield Leaf(name=label, page=page, blocks=((part, block),))


def _sums_a_long_table(form: Form, block: Block, blocks: tuple[tuple[Part, Block], ...]) -> bool:
    if not isinstance(block, ScheduleTable):
        return False
    source = schedules(form)[block.schedule].totals_of
    beside = any(isinstance(other, ScheduleTable) and other.schedule == source for _, other in blocks)
    return beside and schedules(form)[source].max_rows > _SHORT_SCHEDULE


@lru_cache(maxsize=64)
def homes(form: Form) -> Mapping[str, int]:
    """Return the leaf that each key is answered on: the first that is not the cover; elsewhere it is repeated."""
    found: dict[str, int] = {}
    for covers in (False, True):
        for number, leaf in enumerate(leaves(form)):
            for _, block in leaf.blocks:
                if isinstance(block, Cover) is covers:
                    for key in block_keys(form, block):
                        found.setdefault(key, number)
    return MappingProxyType(found)


def default_sizes(form: Form, leaf: Leaf) -> dict[str, int]:
    """Return the sizes of a blank sheet: printed rows by schedule, slabs by long answer."""
    sizes: dict[str, int] = {}
    for number, (_, block) in enumerate(leaf.blocks):
        if isinstance(block, ScheduleTable):
            last = number == len(leaf.blocks) - 1
            sizes[block.schedule] = _blank_rows(schedules(form)[block.schedule], last=last)
        elif isinstance(block, TextBox):
            sizes[block.key] = slabs_for(block.height_mm)
    return sizes


def _blank_rows(schedule: Schedule, *, last: bool) -> int:
    if schedule.totals_of:
        return len(schedule.groups)
    return schedule.blank_rows if last else max(schedule.blank_rows, min(schedule.max_rows, _SHORT_SCHEDULE))


@lru_cache(maxsize=512)
def sheet(form: Form, number: int, sizes: tuple[tuple[str, int], ...]) -> Sheet:
    """Return worksheet `number` of the form laid out with `sizes` (as `default_sizes` gives them, sorted)."""
    leaf = leaves(form)[number]
    pieces = tuple(_pieces(form, number, leaf, dict(sizes)))
    edges = _column_edges(pieces, PAGE_MM[leaf.page])
    line = _identity(edges)
    placed: list[Spot] = [_spot(draft, 0, edges) for draft in line]
    heights: list[float] = [_IDENTITY_MM]
    tables: list[Table] = []
    heads: list[int] = []
    bands: list[int] = []
    for piece in pieces:
        placed += (_spot(draft, len(heights), edges) for draft in piece.drafts)
        heads += [piece.head + len(heights)] if piece.head >= 0 else []
        bands += [piece.band + len(heights)] if piece.band >= 0 else []
        tables += _table(piece, len(heights))
        heights += piece.heights
    return Sheet(
        name=leaf.name,
        page=leaf.page,
        widths_mm=tuple(b - a for a, b in pairwise(edges)),
        heights_mm=tuple(heights),
        spots=tuple(placed),
        tables=tuple(tables),
        heads=tuple(heads),
        breaks=tuple(_breaks(leaf.page, heights, heads, bands)),
        sizes=MappingProxyType(dict(sizes)),
    )


def _breaks(page: Orientation, heights: list[float], heads: list[int], bands: list[int]) -> Iterator[int]:
    """Yield the bands that would stand alone at the foot of a printed page."""
    repeated = heights[heads[0]] if len(heads) == 1 else 0.0
    used = 0.0
    for row, height in enumerate(heights):
        below = heights[row + 1] if row in bands and row + 1 < len(heights) else 0.0
        if used + height + below > _PRINTED_MM[page]:
            if row in bands:
                yield row
            used = repeated
        used += height


def blank_sheets(form: Form) -> tuple[Sheet, ...]:
    """Return all worksheets of the blank form."""
    return tuple(
        sheet(form, number, tuple(sorted(default_sizes(form, leaf).items())))
        for number, leaf in enumerate(leaves(form))
    )


def _pieces(form: Form, number: int, leaf: Leaf, sizes: Mapping[str, int]) -> Iterator[Piece]:
    """Yield the blocks of a sheet from top to bottom, with titles and gaps between them."""
    bands = sum(isinstance(block, ScoreTable) for _, block in leaf.blocks) > 1
    before: Part | None = None
    for place, (part, block) in enumerate(leaf.blocks):
        titled = part is not before and bool(part.title)
        if place and not (bands and isinstance(block, ScoreTable)):
            yield Piece(heights=(_GAP_MM,), drafts=())
        page = Page(
            form=form,
            width_mm=PAGE_MM[leaf.page],
            sizes=sizes,
            mirrors=_mirrors(form, number, leaf.blocks[:place], block),
        )
        if titled and not bands:
            yield part_title(page, part.title)
        if isinstance(block, ScoreTable):
            band = _band(form, part, block) if bands else ""
            yield score_table(page, block, title=band, with_head=not (bands and place))
        elif isinstance(block, ScheduleTable):
            # Of several tables under one title each has its own.
            alone = sum(isinstance(other, ScheduleTable) for _, other in leaf.blocks) == 1
            yield schedule_table(page, block, open_end=_is_open(form, leaf, place), title=part.title if alone else "")
        else:
            yield _plain(page, block)
        before = part


def _plain(page: Page, block: Block) -> Piece:
    match block:
        case Cover():
            return cover(page, block)
        case Notes():
            return notes(page, block)
        case Grid():
            return grid(page, block)
        case TextBox():
            return text_box(page, block)
        case OpinionBox():
            return opinion_box(page, block)
        case _:
            raise TypeError(f"a sheet has no block {type(block).__name__}")


def _band(form: Form, part: Part, block: ScoreTable) -> str:
    points = next((section.points for section in form.sections if section.key == block.section), None)
    return part.title if points is None else f"{part.title}({plain(points)}分)"


def _is_open(form: Form, leaf: Leaf, place: int) -> bool:
    block = leaf.blocks[place][1]
    last = place == len(leaf.blocks) - 1
    return last and isinstance(block, ScheduleTable) and not schedules(form)[block.schedule].totals_of


def _mirrors(form: Form, number: int, above: tuple[tuple[Part, Block], ...], block: Block) -> frozenset[str]:
    """Return the answers of a block that stand on another sheet, or above on this one."""
    earlier = {key for _, other in above if not isinstance(other, Cover) for key in block_keys(form, other)}
    keys = block_keys(form, block)
    return frozenset(key for key in keys if homes(form)[key] != number or key in earlier)


# ---- columns ------------------------------------------------------------------------------------


def _column_edges(pieces: tuple[Piece, ...], width_mm: float) -> tuple[float, ...]:
    """Return the union of all cells' edges, those nearer than `_SNAP_MM` taken as one."""
    wanted = sorted(
        {edge for piece in pieces for draft in piece.drafts for edge in (draft.left, draft.right)} | {width_mm}
    )
    edges = [0.0]
    for edge in wanted:
        if edge - edges[-1] >= _SNAP_MM:
            edges.append(edge)
    if any(_IDENTITY_FROM * width_mm <= edge <= _IDENTITY_TO * width_mm for edge in edges):
        return tuple(edges)
    return tuple(sorted((*edges, width_mm * 0.56)))


def _identity(edges: tuple[float, ...]) -> tuple[Draft, Draft]:
    """Return the line at the top of every sheet: form and version at the left, the token at the right."""
    middle = min(edges[1:-1], key=lambda edge: abs(edge - edges[-1] * 0.54))
    left = Draft(row=0, left=0, right=middle, style=look.IDENTITY, role="identity", text="left")
    return left, replace(left, left=middle, right=edges[-1], style=look.IDENTITY_RIGHT, text="right")


def _spot(draft: Draft, top: int, edges: tuple[float, ...]) -> Spot:
    first, after = _nearest(edges, draft.left), _nearest(edges, draft.right)
    return Spot(
        row=top + draft.row,
        col=first,
        rows=draft.rows,
        cols=max(1, after - first),
        width_mm=edges[max(after, first + 1)] - edges[first],
        style=draft.style,
        role=draft.role,
        text=draft.text,
        path=draft.path,
        field=draft.field,
    )


def _nearest(edges: tuple[float, ...], mm: float) -> int:
    place = bisect_left(edges, mm)
    candidates = [n for n in (place - 1, place) if 0 <= n < len(edges)]
    return min(candidates, key=lambda n: abs(edges[n] - mm))


def _table(piece: Piece, top: int) -> list[Table]:
    if not piece.schedule:
        return []
    head = top + piece.head
    count = len(piece.heights) - piece.head - 1
    return [Table(schedule=piece.schedule, head=head, first=head + 1, count=count, open_end=piece.open_end)]
