"""Layers of a PDF that are switched off: their content is taken out, since a bound drawing shows all it has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pikepdf

_PAINT = frozenset({"S", "s", "f", "F", "f*", "B", "B*", "b", "b*"})
_SHOWN = frozenset({"Tj", "TJ", "'", '"', "sh", "Do", "INLINE IMAGE"})
_DEPTH = 12

Layers = frozenset[tuple[int, int]]


def switched_off(pdf: pikepdf.Pdf) -> Layers:
    """Return the layers that are off when the PDF is opened."""
    properties = pdf.Root.get("/OCProperties", pikepdf.Dictionary())
    default = properties.get("/D", pikepdf.Dictionary())
    off = {layer.objgen for layer in default.get("/OFF", pikepdf.Array())}
    if str(default.get("/BaseState", "/ON")) == "/OFF":
        every = {layer.objgen for layer in properties.get("/OCGs", pikepdf.Array())}
        off |= every - {layer.objgen for layer in default.get("/ON", pikepdf.Array())}
    return frozenset(off)


def without_hidden(pdf: pikepdf.Pdf, off: Layers) -> None:
    """Take what is on layers that are off out of every page."""
    for page in pdf.pages:
        kept = [note for note in page.obj.get("/Annots", pikepdf.Array()) if not _is_off(note.get("/OC"), off)]
        page.obj["/Annots"] = pikepdf.Array(kept)
        resources = page.obj.get("/Resources", pikepdf.Dictionary())
        if _hidden_marks(resources, off):
            page.Contents = pdf.make_stream(_visible(page, resources, off))
        _without_hidden_drawings(pdf, resources, off, 0)


def _is_off(member: Any, off: Layers) -> bool:
    """Return whether a layer is off, or all layers of a group of them (whose rules are read as “any of them on”)."""
    if not isinstance(member, pikepdf.Dictionary):
        return False
    group = member.get("/OCGs")
    if group is None:
        return member.objgen in off
    layers = list(group) if isinstance(group, pikepdf.Array) else [group]
    return bool(layers) and all(layer.objgen in off for layer in layers)


def _hidden_marks(resources: Any, off: Layers) -> frozenset[str]:
    """Return the names by which a content stream calls layers that are off."""
    named: Mapping[str, Any] = resources.get("/Properties", pikepdf.Dictionary())
    return frozenset(name for name in named.keys() if _is_off(named[name], off))  # noqa: SIM118 - no mapping


def _without_hidden_drawings(pdf: pikepdf.Pdf, resources: Any, off: Layers, depth: int) -> None:
    drawings = resources.get("/XObject", pikepdf.Dictionary())
    for name in list(drawings.keys()):
        drawing = drawings[name]
        if _is_off(drawing.get("/OC"), off):
            drawings[name] = pikepdf.Stream(
                pdf, b"", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 0, 0]
            )
        elif str(drawing.get("/Subtype")) == "/Form" and depth < _DEPTH:
            inner = drawing.get("/Resources", pikepdf.Dictionary())
            if _hidden_marks(inner, off):
                drawing.write(_visible(drawing, inner, off))
            _without_hidden_drawings(pdf, inner, off, depth + 1)


def _visible(content: Any, resources: Any, off: Layers) -> bytes:
    """Return a content stream in which nothing is painted between the marks of a hidden layer."""
    return pikepdf.unparse_content_stream(list(_kept(content, _hidden_marks(resources, off))))


def _kept(content: Any, hidden: frozenset[str]) -> Iterator[Any]:
    open_marks: list[bool] = []
    for instruction in pikepdf.parse_content_stream(content):
        operator = str(instruction.operator)
        if operator in ("BDC", "BMC"):
            operands = instruction.operands
            is_layer = operator == "BDC" and str(operands[0]) == "/OC"
            open_marks.append(is_layer and str(operands[1]) in hidden)
        elif operator == "EMC" and open_marks:
            open_marks.pop()
        if not any(open_marks) or operator not in _PAINT | _SHOWN:
            yield instruction
        elif operator in _PAINT:
            yield pikepdf.ContentStreamInstruction([], pikepdf.Operator("n"))
