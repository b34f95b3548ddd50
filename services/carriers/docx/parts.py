"""The parts of an opened Word file by what they are, whatever they are called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from posixpath import dirname, join, normpath
from types import MappingProxyType

from services.carriers.container import Container, Element, parse_xml
from services.carriers.refusals import not_office

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
OFFICE_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def relations(container: Container, part: str) -> Mapping[str, tuple[str, str]]:
    """Return the inner relations of a part: id → (end of the type, target part). '' is the package."""
    name = join(dirname(part), "_rels", f"{part.rpartition('/')[2]}.rels")
    data = container.parts.get(name)
    return {} if data is None else _relations(part, data)


@lru_cache(maxsize=256)
def _relations(part: str, data: bytes) -> Mapping[str, tuple[str, str]]:
    # Files that we issued have the same relations all over.
    return MappingProxyType(
        {
            relation.get("Id", ""): (relation.get("Type", "").rpartition("/")[2], _target(part, relation))
            for relation in parse_xml(data)
            if relation.get("TargetMode") != "External"
        }
    )


def _target(part: str, relation: Element) -> str:
    target = relation.get("Target", "")
    return target.lstrip("/") if target.startswith("/") else normpath(join(dirname(part), target))


def main_part(container: Container) -> str:
    """Return the name of the document part.

    Raises:
        UnreadableError: the package names none, or one that is not there.
    """
    found = next((target for kind, target in relations(container, "").values() if kind == "officeDocument"), "")
    if found not in container.parts:
        raise not_office()
    return found


def related(container: Container, kind: str) -> tuple[str, ...]:
    """Return the names of the document's parts of a kind (`header`, `comments`, `styles`) that are there."""
    targets = (target for found, target in relations(container, main_part(container)).values() if found == kind)
    return tuple(target for target in targets if target in container.parts)


_TEXT_TAG = re.compile(rb"<[^>]*>")


def bare_text(part: bytes) -> str:
    """Return all text of a part without its tags, for finding a token in it."""
    return _TEXT_TAG.sub(b"", part).decode("utf-8", "replace")
