"""The fields of a PDF by name: each step of a path is a node, each answer a leaf."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pikepdf


class Tree:
    """The fields by name: a step of a path is a node, an answer a leaf."""

    def __init__(self, document: pikepdf.Pdf) -> None:
        self._document = document
        self._pages = [page.obj for page in document.pages]
        self._nodes: dict[str, pikepdf.Object] = {}
        self.top: list[pikepdf.Object] = []

    def add(self, name: str, entries: dict[str, Any], widgets: Sequence[tuple[int, dict[str, Any]]]) -> None:
        """Add a field with its widgets (page counted from 0, entries); with one widget both are one object."""
        parent, _, own = name.rpartition(".")
        leaf = self._document.make_indirect(pikepdf.Dictionary(T=pikepdf.String(own), **entries))
        self._hang(parent, leaf)
        if len(widgets) == 1:
            ((page, shape),) = widgets
            for key, value in shape.items():
                leaf[f"/{key}"] = value
            self._show(page, leaf)
            return
        leaf["/Kids"] = pikepdf.Array()
        for page, shape in widgets:
            widget = self._document.make_indirect(pikepdf.Dictionary(Parent=leaf, **shape))
            leaf.Kids.append(widget)
            self._show(page, widget)

    def _show(self, page: int, widget: pikepdf.Object) -> None:
        """Put a widget on its page; fields are gone through in the order of rows."""
        shown = self._pages[page]
        if "/Annots" not in shown:
            shown["/Annots"] = pikepdf.Array()
            shown["/Tabs"] = pikepdf.Name.R
        shown.Annots.append(widget)

    def _hang(self, parent: str, node: pikepdf.Object) -> None:
        if not parent:
            self.top.append(node)
            return
        if parent not in self._nodes:
            above, _, own = parent.rpartition(".")
            self._nodes[parent] = self._document.make_indirect(
                pikepdf.Dictionary(T=pikepdf.String(own), Kids=pikepdf.Array())
            )
            self._hang(above, self._nodes[parent])
        node["/Parent"] = self._nodes[parent]
        self._nodes[parent].Kids.append(node)
