"""A packet that was bound before, read in runs: what is read is not held, however large the packet."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf

from services.bundle.copied import Copied

AT_ONCE = 200
"""So many pages or objects are read before the packet is closed and opened again, which lets go of them."""
_REFERENCE = re.compile(rb"(\d+) (\d+) R")
_GENERATION = 0xFFFF


def opened(path: Path) -> pikepdf.Pdf:
    """Return a PDF opened, none of its pages read."""
    return pikepdf.open(path, inherit_page_attributes=False)


def runs(path: Path) -> Iterator[tuple[pikepdf.Pdf, list[Any]]]:
    """Yield the pages of a PDF in order, a run at a time, with the PDF that they are of until the next is asked for."""
    marks = _pages(path)
    for at in range(0, len(marks), AT_ONCE):
        with opened(path) as pdf:
            yield pdf, [_node(pdf, mark) for mark in marks[at : at + AT_ONCE]]


def copy_rest(path: Path, source: Copied) -> None:
    """Write what waits of a PDF to be copied, so many objects at a time."""
    while source.waits:
        with opened(path) as pdf:
            source.copy(pdf, AT_ONCE)


def _pages(path: Path) -> array[int]:
    """Return the marks of all pages in order, eight bytes for each."""
    found, waiting = array("Q"), array("Q")
    with opened(path) as pdf:
        waiting.append(_mark(*pdf.Root.Pages.objgen))
    while waiting:
        with opened(path) as pdf:
            for _ in range(min(AT_ONCE, len(waiting))):
                mark = waiting.pop()
                kids = _node(pdf, mark).get("/Kids")
                if kids is None:
                    found.append(mark)
                else:
                    waiting.extend(reversed(_marks(kids)))
    return found


def _marks(kids: Any) -> list[int]:
    """Return the marks of a node's kids; asking for the kids themselves would read them."""
    found = _REFERENCE.findall(kids.unparse(resolved=True))
    return [_mark(int(number), int(generation)) for number, generation in found]


def _mark(number: int, generation: int) -> int:
    return number << 16 | generation


def _node(pdf: pikepdf.Pdf, mark: int) -> Any:
    return pdf.get_object(mark >> 16, mark & _GENERATION)
