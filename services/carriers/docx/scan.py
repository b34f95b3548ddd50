"""The quick way to a document's flattened text: cut out of the XML as text, without a tree.

It gives exactly what read.xsl gives (a test holds the two together) for documents as we issue them and as
Word and LibreOffice usually save them, at a third of the cost; most cells of a form are the issued ones and
are known already. For anything out of the ordinary (tracked changes, text boxes, tables in cells, symbol
faces …) it gives nothing and the tree is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from services.carriers.docx.signs import (
    CELL,
    CLOSE,
    END,
    EVERY,
    FIRST_BYTES,
    MID,
    NAME,
    OPEN,
    PAGE,
    PARAGRAPH,
    PICTURE,
    PROMPT,
    ROW,
)

_NAMESPACE = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_BODY, _TABLE_END = b"<w:body>", b"</w:tbl>"
_TEXT, _TEXT_END = '<w:t xml:space="preserve">', "</w:t>"
_ODD = re.compile(
    r"<(?:mc:|m:|v:|wp[sgc]:|w:(?:del|ins|move|sym|ff|ruby|object|pict|altChunk|instrText|cr|ptab|noBreak|txbx|gridBefore"
    r"|sdtContent/|showingPlcHdr |cell(?:Ins|Del|Merge) |(?:d?strike|vanish)(?:/|(?! w:val=\"(?:0|false|off)\"))))"
)
_BREAK = re.compile(r"<w:p(?=[ />])")
_TOKENS = re.compile(
    r"<(?:w:t(?:>| [^>]*[^/>]>)(?P<text>[^<]*)|(?P<end>/w:p>|w:p/>|w:p [^>]*/>)|(?P<sdt>w:sdt>)"
    r'|w:tag w:val="(?P<tag>[^"]*)"/>|(?P<content>w:sdtContent>)|(?P<close>/w:sdt>)|w:bookmarkStart (?P<name>[^>]*)/>'
    r"|w:br(?P<br>[^>]*)/>|(?P<tab>w:tab/>)|(?P<prompt>w:showingPlcHdr/>)|(?P<page>w:lastRenderedPageBreak/>)"
    r"|a:blip (?P<picture>[^>]*)>)"
)
_BOOKMARK = re.compile(r'w:name="([^"]*)"')
_EMBEDDED = re.compile(r'r:embed="([^"]*)"')
_SPAN = re.compile(r'<w:gridSpan w:val="(\d+)"/>')
_MERGED = re.compile(r'<w:vMerge(?:/| w:val="continue"/)>')
_SIGN = re.compile(FIRST_BYTES)
_REFERENCE = re.compile(r"&(?:#(\d+)|#x([0-9A-Fa-f]+)|(\w+));")
_ENTITIES = MappingProxyType({"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"})
_LINE_END = re.compile(r"\r\n?|\n")


class _OddError(Exception):
    """Something that only the tree can tell right."""


def scan(part: bytes) -> tuple[str, ...] | None:
    """Return the flattened blocks of a document part, None when it has to be read by its tree."""
    start = part.find(_BODY)
    if start < 0 or _NAMESPACE not in part[:start] or not part[-40:].rstrip().endswith(b"</w:document>"):
        return None
    # What stands before the first table is read as what stands between two.
    stretches = (_TABLE_END + part[start + len(_BODY) :]).split(b"</w:tr>")
    if _TABLE_END not in stretches[-1]:
        return None
    try:
        return tuple(block for stretch in stretches for block in _blocks(stretch))
    except (_OddError, UnicodeDecodeError):
        return None


@lru_cache(maxsize=4_000)
def _blocks(stretch: bytes) -> tuple[str, ...]:
    """Return the blocks between two ends of rows: one row, with the paragraphs before it where a table begins.

    Most rows of a form are the issued ones: they are known by their bytes and cost nothing.
    """
    # Comments, CDATA, attributes in single quotes and our own signs: only a parser tells them right.
    if (b"!" in stretch and b"<!" in stretch) or (b"'" in stretch and b"='" in stretch) or _SIGN.search(stretch):
        raise _OddError
    text = stretch.decode("utf-8")
    if _TABLE_END not in stretch:
        return (_flat_row(text),)
    row, *others = text.split("</w:tbl>")
    out: list[str] = []
    for other in others:
        between, _, row = other.partition("<w:tbl>")
        if "w:tc>" in between:
            raise _OddError
        out += _paragraphs(between)
    return (*out, _flat_row(row)) if "<w:tc>" in row else tuple(out)


def _paragraphs(text: str) -> Iterator[str]:
    for piece in _BREAK.split(text)[1:]:
        attributes, _, content = piece.partition(">")
        flat = "" if attributes.endswith("/") else _flat(content.partition("</w:p>")[0])
        yield f"{PARAGRAPH}{flat}"


def _flat_row(row: str) -> str:
    before, _, inside = row.partition("<w:tc>")
    *cells, last = inside.split("</w:tc><w:tc>")
    last, _, rest = last.partition("</w:tc>")
    # What stands between two cells makes one of two, and a table in a cell begins more: beginnings tell.
    is_odd = inside.count("<w:tc>") != len(cells) or "<w:sdt>" in rest
    if is_odd or _is_odd_start(before):
        raise _OddError
    return "".join((f"{ROW}0{END}", *map(_flat_cell, cells), _flat_cell(last)))


@lru_cache(maxsize=2_000)
def _is_odd_start(before: str) -> bool:
    return bool(_ODD.search(before)) or "<w:sdt>" in before or "<w:bookmarkStart" in before


def _flat_cell(content: str) -> str:
    before, text_tag, rest = content.partition(_TEXT)
    if not text_tag:
        return _whole_cell(content)
    text, _, after = rest.partition(_TEXT_END)
    front, back = _frame(before, after)
    return f"{front}{_plain(text)}{back}"


@lru_cache(maxsize=20_000)
def _frame(before: str, after: str) -> tuple[str, str]:
    """Return what stands before and after the first text of a cell, flattened: as issued for most answers."""
    front, _, back = _whole_cell(f"{before}{_TEXT}{ROW}{_TEXT_END}{after}").partition(ROW)
    return front, back


@lru_cache(maxsize=20_000)
def _whole_cell(content: str) -> str:
    span, merged = _SPAN.search(content), _MERGED.search(content)
    return f"{CELL}{span[1] if span else ''}{'c' if merged else ''}{END}{_flat(content)}"


def _flat(content: str) -> str:
    """Return the text of a cell or a paragraph with its signs."""
    if _ODD.search(content):
        raise _OddError
    out: list[str] = []
    controls: list[_Control] = []
    for token in _TOKENS.finditer(content):
        kind = token.lastgroup or ""
        if kind in _FIXED:
            out.append(_FIXED[kind])
        else:
            out.append(_control(token, kind, controls) if kind in _CONTROL else _note(token, kind))
    if controls:
        raise _OddError
    return "".join(out)


_FIXED = MappingProxyType({"tab": "\t", "end": "\n", "page": PAGE})
_CONTROL = frozenset({"sdt", "tag", "prompt", "content", "close"})


@dataclass(slots=True)
class _Control:
    """A content control whose end has not come yet."""

    tag: str = ""
    prompt: str = ""
    is_open: bool = False


def _control(token: re.Match[str], kind: str, controls: list[_Control]) -> str:
    if kind == "sdt":
        controls.append(_Control())
        return ""
    if not controls:
        raise _OddError
    here = controls[-1]
    if kind == "close":
        controls.pop()
        return CLOSE if here.is_open else ""
    if kind == "content":
        here.is_open = bool(here.tag)
        return f"{OPEN}{here.tag}{MID}{here.prompt}" if here.is_open else ""
    here.tag, here.prompt = (token["tag"], here.prompt) if kind == "tag" else (here.tag, PROMPT)
    return ""


def _note(token: re.Match[str], kind: str) -> str:
    """Return a text, or the sign for a line break, a bookmark or a picture."""
    if kind == "text":
        return _plain(token["text"])
    if kind == "br":
        return "" if 'w:type="page"' in token["br"] or 'w:type="column"' in token["br"] else "\n"
    if kind == "name":
        name = _BOOKMARK.search(token["name"])
        return f"{NAME}{name[1] if name else ''}{END}"
    picture = _EMBEDDED.search(token["picture"])
    return f"{PICTURE}{picture[1]}{END}" if picture else ""


def _plain(text: str) -> str:
    if "\n" in text or "\r" in text:
        text = _LINE_END.sub(" ", text)
    return resolved(text) if "&" in text else text


def resolved(text: str) -> str:
    """Return a text with its references as the characters that they stand for."""
    return _REFERENCE.sub(_character, text)


def _character(reference: re.Match[str]) -> str:
    decimal, hexadecimal, name = reference.groups()
    if name:
        return _ENTITIES[name]
    character = chr(int(decimal) if decimal else int(hexadecimal, 16))
    return " " if character in "\n\r" else "" if re.match(EVERY, character) else character
