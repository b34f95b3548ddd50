"""What is taken out of a stranger's page before it is bound: whatever acts, points outside or hides a file.

A page is bound as a drawing, so catalogue, annotations and form stay behind. What is left can still hide
things: in resources of no known category, in property lists, in pictures that name a file outside. Here every
object that a drawing reaches is walked, and only what is drawn stays.
"""

from __future__ import annotations

from typing import Any, Literal

import pikepdf

Role = Literal["object", "names", "resources"]

_CATEGORIES = frozenset(
    {"/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/XObject", "/Font", "/Properties", "/ProcSet"}
)
_NAMED = frozenset({"/CharProcs", "/Colorants"})
"""Dictionaries whose keys their author chose (a glyph may be called A): no key in them means anything."""
_ACTING = frozenset(
    {"/A", "/AA", "/Action", "/JS", "/JavaScript", "/Launch", "/Next", "/OpenAction", "/PA", "/SubmitForm", "/URI"}
)
_HOLDING = frozenset(
    {"/AF", "/AcroForm", "/Alternates", "/Annots", "/EF", "/EmbeddedFiles", "/Metadata", "/Names", "/OPI", "/PieceInfo"}
    | {"/RF", "/Ref", "/RichMedia", "/RichMediaContent", "/RichMediaSettings", "/XFA"}
)
_POINTING = frozenset(
    {"/Dest", "/Dests", "/LastModified", "/OC", "/P", "/Pages", "/Parent", "/Pg", "/StructParent", "/StructParents"}
)
_FORBIDDEN = _ACTING | _HOLDING | _POINTING
_OUTSIDE = frozenset({"/F", "/FFilter", "/FDecodeParms"})
"""A stream whose data would stand in another file."""


_ACTIONS = frozenset(
    {"/GoTo3DView", "/GoToE", "/GoToR", "/Hide", "/ImportData", "/JavaScript", "/Launch", "/Movie", "/Named"}
    | {"/Rendition", "/ResetForm", "/RichMediaExecute", "/SetOCGState", "/Sound", "/SubmitForm", "/Thread", "/URI"}
)
_STRANGE = frozenset({"/Action", "/Annot", "/Catalog", "/EmbeddedFile", "/Filespec", "/F", "/Page", "/Pages", "/Sig"})
"""Types of objects that no drawing needs, under whatever key they hide."""


def scrub(drawings: list[pikepdf.Object]) -> None:
    """Take out of all that `drawings` reach whatever is not drawn."""
    waiting: list[tuple[Any, Role]] = [(drawing, "object") for drawing in drawings]
    seen: set[tuple[int, int]] = set()
    while waiting:
        node, role = waiting.pop()
        if not isinstance(node, pikepdf.Object) or _is_known(node, seen):
            continue
        if isinstance(node, pikepdf.Array):
            waiting.extend((member, "object") for member in node)
        elif isinstance(node, pikepdf.Dictionary | pikepdf.Stream):
            _cut(node, role)
            waiting.extend((node[key], _role(key, role)) for key in node.keys())  # noqa: SIM118 - no mapping


def _is_known(node: pikepdf.Object, seen: set[tuple[int, int]]) -> bool:
    if node.objgen == (0, 0):
        return False
    known = node.objgen in seen
    seen.add(node.objgen)
    return known


def _role(key: str, role: Role) -> Role:
    if role == "resources":
        return "names"
    if role == "object" and key == "/Resources":
        return "resources"
    return "names" if role == "object" and key in _NAMED else "object"


def _cut(node: Any, role: Role) -> None:
    if role != "resources" and _is_strange(node):
        for key in list(node.keys()):
            if key not in {"/Length", "/Filter", "/DecodeParms"}:
                del node[key]
    for key in list(node.keys()):
        if role == "resources" and key == "/Properties":
            node[key] = pikepdf.Dictionary({name: pikepdf.Dictionary() for name in node[key].keys()})  # noqa: SIM118
        elif _is_forbidden(node, key, role):
            del node[key]


def _is_strange(node: Any) -> bool:
    return str(node.get("/S", "")) in _ACTIONS or str(node.get("/Type", "")) in _STRANGE


def _is_forbidden(node: Any, key: str, role: Role) -> bool:
    if role == "resources":
        return key not in _CATEGORIES
    return role == "object" and (key in _FORBIDDEN or (key in _OUTSIDE and isinstance(node, pikepdf.Stream)))
