r"""Characters that Word draws a ring around (带圈字符): a field without a result, {eq \o\ac(○,是)}.

A ringed option is a ticked one, so it is spelled √是; a ringed figure is spelled in brackets, (1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from services.carriers.container import Element
from services.carriers.docx.parts import W

_RINGED = re.compile(r"\s*eq\s*\\o\s*\\ac\s*\(\s*[^,，]\s*[,，]\s*([^)]{1,8}?)\s*\)\s*", re.IGNORECASE)
_MANY = 10_000
"""Runs of one field above which it is left alone: no ringed character takes more than a dozen."""


def spell_out(root: Element) -> None:
    """Put the text of every ringed character behind its field, where a result would stand."""
    for begin in [mark for mark in root.iter(f"{W}fldChar") if mark.get(f"{W}fldCharType") == "begin"]:
        runs = tuple(_runs_of(begin))
        code = "".join(piece.text or "" for run in runs for piece in run.iter(f"{W}instrText", f"{W}t"))
        ringed = _RINGED.fullmatch(code)
        if ringed and runs:
            for run in runs:
                for piece in list(run.iter(f"{W}t")):
                    run.remove(piece)
            text = etree.SubElement(runs[-1], f"{W}t")
            text.text = f"({ringed[1]})" if ringed[1].isascii() else f"√{ringed[1]}"


def _runs_of(begin: Element) -> Iterator[Element]:
    """Yield the runs of the field that begins in a run, up to its end; none of a field that does not end."""
    run = begin.getparent()
    found: list[Element] = []
    while run is not None and len(found) < _MANY:
        found.append(run)
        if any(mark.get(f"{W}fldCharType") == "end" for mark in run.iter(f"{W}fldChar")):
            yield from found
            return
        run = run.getnext()
