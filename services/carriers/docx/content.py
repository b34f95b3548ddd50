"""What stands in one cell of a flattened document: its text by control, what claims it, a picture, a text box."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from services.carriers.docx.signs import (
    BOX,
    BOX_END,
    CLOSE,
    DRAWN,
    END,
    MID,
    NAME,
    NESTED,
    OPEN,
    PAGE,
    PICTURE,
    PROMPT,
    ROW,
    STRUCK,
    STRUCK_END,
)
from services.carriers.layout import Piece

_MARKED = re.compile(f"[{OPEN}-{BOX_END}{PICTURE}{NESTED}-{DRAWN}]")
_ONE_CONTROL = re.compile(f"(?:{NAME}([^{END}]*){END})?{OPEN}([^{MID}]*){MID}([^{ROW}-{DRAWN}]*){CLOSE}\n?")
"""An answer as it is issued: one control, inside its bookmark or without one."""
_TOKENS = re.compile(
    f"{OPEN}(?P<open>[^{MID}]*){MID}(?P<prompt>{PROMPT}?)|(?P<close>{CLOSE})|{NAME}(?P<name>[^{END}]*){END}"
    f"|{PICTURE}(?P<picture>[^{END}]*){END}|(?P<box>{BOX})|(?P<box_end>{BOX_END})|(?P<page>{PAGE})|(?P<nested>{NESTED})"
    f"|(?P<struck>{STRUCK})|(?P<struck_end>{STRUCK_END})|(?P<drawn>{DRAWN})"
)


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """Which answer each control's tag and each bookmark of a form claims. Compared by identity."""

    paths: Mapping[str, str]


NO_NAMES = Names(MappingProxyType({}))


class Content(NamedTuple):
    """What stands in one cell or paragraph. A tuple, since a form makes a thousand of them.

    `struck` is text that was struck out and does not count, `drawn` how many shapes were drawn there.
    """

    text: str
    pieces: tuple[Piece, ...] = ()
    claims: tuple[str, ...] = ()
    bookmarks: tuple[str, ...] = ()
    picture: str = ""
    box: str = ""
    pages: int = 0
    nested: int = 0
    struck: str = ""
    drawn: int = 0


@dataclass(slots=True)
class _Parts:
    """The same while it is being taken apart."""

    pieces: list[tuple[str, str]]
    claims: list[str]
    bookmarks: list[str]
    picture: str = ""
    box: str = ""
    pages: int = 0
    nested: int = 0
    struck: str = ""
    drawn: int = 0


@lru_cache(maxsize=5_000)
def content_of(text: str, names: Names) -> Content:
    """Return what stands in a cell, from its flattened text."""
    if not _MARKED.search(text):
        return Content(text=text.removesuffix("\n"))
    plain = _ONE_CONTROL.fullmatch(text)
    if not plain or not (path := names.paths.get(plain[2])):
        return _take_apart(text, names)
    bookmarked = _bookmarked(plain[1], names) if plain[1] else ""
    return Content(plain[3], (Piece(plain[3], path),), (path,), (bookmarked,) if bookmarked else ())


def _joined(pieces: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the pieces with neighbours of one control joined and the last line end dropped."""
    merged: list[list[str]] = []
    for text, path in pieces:
        if merged and merged[-1][1] == path:
            merged[-1][0] += text
        else:
            merged.append([text, path])
    if merged:
        merged[-1][0] = merged[-1][0].removesuffix("\n")
    return ((text, path) for text, path in merged if text or path)


def _take_apart(text: str, names: Names) -> Content:
    """Return the pieces of a cell's flattened text and what else stands in it."""
    content = _Parts(pieces=[], claims=[], bookmarks=[])
    controls: list[tuple[str, bool]] = []
    apart = {"box": 0, "struck": 0}
    position = 0
    for token in _TOKENS.finditer(text):
        _keep(content, text[position : token.start()], controls, apart)
        position = token.end()
        where, _, ends = (token.lastgroup or "").partition("_")
        if where in apart:
            apart[where] += -1 if ends else 1
        _note(content, token, names, controls)
    _keep(content, text[position:], controls, apart)
    pieces = tuple(Piece(text=piece, path=path) for piece, path in _joined(content.pieces))
    return Content(
        text="".join(piece.text for piece in pieces),
        pieces=pieces,
        claims=tuple(content.claims),
        bookmarks=tuple(content.bookmarks),
        picture=content.picture,
        box=content.box.strip("\n") if content.box.strip() else "",
        pages=content.pages,
        nested=content.nested,
        struck=content.struck.strip(),
        drawn=content.drawn,
    )


def _keep(content: _Parts, text: str, controls: Sequence[tuple[str, bool]], apart: Mapping[str, int]) -> None:
    path = next((path for path, _ in reversed(controls) if path), "")
    if apart["struck"]:
        content.struck += text
    elif apart["box"]:
        content.box += text
    elif not any(is_prompt for _, is_prompt in controls):
        content.pieces.append((text, path))


def _note(content: _Parts, token: re.Match[str], names: Names, controls: list[tuple[str, bool]]) -> None:
    """Take down one mark: a control that begins or ends, a bookmark, a picture, a page."""
    match token.lastgroup:
        case "open" | "prompt":
            path = names.paths.get(token["open"], "")
            controls.append((path, bool(token["prompt"])))
            content.pieces.append(("", path))
            content.claims += [path] if path else []
        case "close":
            del controls[-1:]
        case "name":
            content.bookmarks += [path] if (path := _bookmarked(token["name"], names)) else []
        case _:
            content.picture = content.picture or token["picture"] or ""
            content.pages += token.lastgroup == "page"
            content.nested += token.lastgroup == "nested"
            content.drawn += token.lastgroup == "drawn"


_NESTED_ROW = re.compile(f"(?:{NESTED}+[^\t{ROW}-{DRAWN}]*\t)+\n")
_NESTED_CELL = re.compile(f"({NESTED}+)([^\t]*)\t")


def nested_rows(text: str) -> tuple[str, tuple[tuple[tuple[int, str], ...], ...]]:
    """Return a cell's flattened text without the tables inside it, and their rows.

    Each of their cells goes by its number among the cells inside, from 1, with its text.
    """
    number = 0
    rows: list[tuple[tuple[int, str], ...]] = []
    for row in _NESTED_ROW.findall(text):
        cells: list[tuple[int, str]] = []
        for signs, written in _NESTED_CELL.findall(row):
            cells.append((number + 1, written))
            number += len(signs)
        rows.append(tuple(cells))
    return _NESTED_ROW.sub("", text), tuple(rows)


_COPY = re.compile(r"(?:_Copy_?\d+)+$", re.IGNORECASE)


def _bookmarked(name: str, names: Names) -> str:
    """Return the answer that a bookmark names, '' for a bookmark of somebody else's."""
    return names.paths.get(name) or names.paths.get(bookmark_key(name), "")


def bookmark_key(name: str) -> str:
    """Return a bookmark's name as issued: LibreOffice renames copies to `…_Copy_1`."""
    return _COPY.sub("", name)
