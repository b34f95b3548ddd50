"""The trees of a packet, written into an output: its pages, its bookmarks, its embedded files by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import pikepdf

from services.bundle.marks import Mark
from services.bundle.output import Output

_FAN = 50
"""So many branches has a node: a reader finds page 10,000 in three steps."""


class PageTree:
    """The pages of a packet by number (1 is the first): all their places are known before the first is written."""

    def __init__(self, out: Output, count: int) -> None:
        """Reserve the places of `count` pages, and those of the nodes above them."""
        self._out = out
        self._levels = [_reserved(out, count)]
        while len(self._levels) == 1 or len(self._levels[-1]) > 1:
            self._levels.append(_reserved(out, -(-len(self._levels[-1]) // _FAN)))

    @property
    def root(self) -> int:
        """The number of the object that all pages hang on."""
        return self._levels[-1][0]

    def page(self, number: int) -> int:
        """Return the number of a page's object."""
        return self._levels[0][number - 1]

    def parent(self, number: int) -> int:
        """Return the number of the object that a page hangs on."""
        return self._levels[1][(number - 1) // _FAN]

    def write(self) -> None:
        """Write the nodes."""
        for depth, (below, nodes) in enumerate(pairwise(self._levels), 1):
            above = self._levels[depth + 1] if depth + 1 < len(self._levels) else None
            for place, node in enumerate(nodes):
                kids = below[place * _FAN : (place + 1) * _FAN]
                parent = b" /Parent %d 0 R" % above[place // _FAN] if above else b""
                self._out.put(node, _node(self._count(place, depth), kids) + parent + b" >>")

    def _count(self, place: int, depth: int) -> int:
        """Return how many pages hang on a node."""
        under = _FAN**depth
        return min(len(self._levels[0]), (place + 1) * under) - place * under


def _node(count: int, kids: Sequence[int]) -> bytes:
    return b"<< /Type /Pages /Count %d /Kids %s" % (count, _references(kids))


def _reserved(out: Output, count: int) -> range:
    first = out.reserve(count)
    return range(first, first + count)


def _references(numbers: Sequence[int]) -> bytes:
    return b"[ %s ]" % b" ".join(b"%d 0 R" % number for number in numbers)


# ---- bookmarks --------------------------------------------------------------------------------------


def write_outline(out: Output, marks: Sequence[Mark], page: Callable[[int], int]) -> int:
    """Write bookmarks, closed below the first level; return the number of the object that they hang on."""
    root = out.reserve()
    items = write_items(out, marks, page, root)
    ends = b"/First %d 0 R /Last %d 0 R" % (items[0], items[-1])
    out.put(root, b"<< /Type /Outlines %s /Count %d >>" % (ends, len(items)))
    return root


def write_items(
    out: Output, marks: Sequence[Mark], page: Callable[[int], int], parent: int, before: int = 0
) -> Sequence[int]:
    """Write bookmarks that stand side by side under `parent`, behind the one at `before`; return their numbers."""
    items = _reserved(out, len(marks))
    for place, (mark, item) in enumerate(zip(marks, items, strict=True)):
        said = b"<< /Title %s /Parent %d 0 R" % (pikepdf.String(mark.title).unparse(), parent)
        if place or before:
            said += b" /Prev %d 0 R" % (items[place - 1] if place else before)
        if item != items[-1]:
            said += b" /Next %d 0 R" % items[place + 1]
        if mark.under:
            under = write_items(out, mark.under, page, item)
            said += b" /First %d 0 R /Last %d 0 R /Count %d" % (under[0], under[-1], -len(under))
        out.put(item, said + b" /Dest [ %d 0 R /Fit ] >>" % page(mark.page))
    return items


# ---- embedded files ---------------------------------------------------------------------------------


def write_names(out: Output, files: Mapping[str, int]) -> int:
    """Write the tree of embedded files by their names; return the number of the object that they hang on."""
    named = [(pikepdf.String(name).unparse(), files[name]) for name in sorted(files)]
    leaves = [named[at : at + _FAN] for at in range(0, len(named), _FAN)]
    nodes = [(_leaf(out, leaf), leaf[0][0], leaf[-1][0]) for leaf in leaves]
    while len(nodes) > _FAN:
        nodes = [_branch(out, nodes[at : at + _FAN]) for at in range(0, len(nodes), _FAN)]
    root = out.reserve()
    out.put(root, b"<< /Kids %s >>" % _references([number for number, _, _ in nodes]))
    return root


def _leaf(out: Output, named: Sequence[tuple[bytes, int]]) -> int:
    number = out.reserve()
    listed = b" ".join(b"%s %d 0 R" % entry for entry in named)
    out.put(number, b"<< /Limits [ %s %s ] /Names [ %s ] >>" % (named[0][0], named[-1][0], listed))
    return number


def _branch(out: Output, nodes: Sequence[tuple[int, bytes, bytes]]) -> tuple[int, bytes, bytes]:
    number, least, most = out.reserve(), nodes[0][1], nodes[-1][2]
    kids = _references([node for node, _, _ in nodes])
    out.put(number, b"<< /Limits [ %s %s ] /Kids %s >>" % (least, most, kids))
    return number, least, most
