"""On which page of a Word form an answer stands, where the file itself does not say.

Word writes into a file where its pages broke when it was last shown; a form that nobody has opened in
Word yet says nothing. Its pages are still known as long as each page has room for what has grown on it:
no row gets lower than it was issued, so the pages of the blank form hold (`doctemplates/pages.json`, laid
out by `scripts/word_pages.py`), and the pages that a longer table runs over onto are counted with the least
and the most that its rows can take. Where the two differ no page is named: a guess would send the clerk to
another.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from services.carriers.docx.templates import FOLDER, template_of, template_path
from services.carriers.vote import Vote
from services.form import Form

PAGES = Path("pages.json")
_LAID_OUT = ("word/document.xml", "word/styles.xml")
_ROW_PATH = re.compile(r"(\w+)\.(\d+)\.\w+")
_EDGES_PT = 3
_ROW_PT = 30
_HEAD_PT = 80
"""What a page that was run over onto loses at most: a row that does not fit any more, and the head printed again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What an answer has as issued: its page and row, the squares of a line, the heights of a line and of all in pt."""

    page: int
    row: int
    squares: int
    line_pt: float
    height_pt: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A page of the blank form: its height for text and what of it is free in pt; whether it ends of itself.

    A page that ends of itself (a break follows) runs over onto pages of its own; the others push their
    last rows onto the next.
    """

    height_pt: float
    free_pt: float
    ends: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A blank form laid out: the room of each printed path, the last row issued of each schedule, the pages."""

    rooms: Mapping[str, Room]
    last_rows: Mapping[str, int]
    sheets: Sequence[Sheet]


class _Grown(NamedTuple):
    """By how much a row grew at least and at most."""

    least_pt: float
    most_pt: float


def pages_of(form: Form, printed: Sequence[str], texts: Sequence[str]) -> Mapping[str, int]:
    """Return the page of each printed path as far as it is certain; `texts` are what was read there."""
    laid = laid_out(form)
    if laid is None:
        return MappingProxyType({})
    rooms, beyond = _rooms(laid, printed)
    shifts = _shifts(laid, _grown(rooms, beyond, texts))
    if len(shifts) == len(laid.sheets) and all(end is _NEVER for _, end in shifts):
        return {path: room.page + shifts[room.page - 1][0] for path, room in zip(printed, rooms, strict=False)}
    return {
        path: room.page + shifts[room.page - 1][0]
        for number, (path, room) in enumerate(zip(printed, rooms, strict=False))
        if room.page <= len(shifts) and (room.row, beyond.get(number, 0)) < shifts[room.page - 1][1]
    }


_NEVER = (1_000_000, 0)
_LOW = _Grown(0.0, 0.0)


def _rooms(laid: Laid, printed: Sequence[str]) -> tuple[list[Room], Mapping[int, int]]:
    """Return the rooms of the answers up to the first that has none, and how many rows behind it some of them stand.

    What was not issued with the form pushes on whatever follows: there it ends.
    """
    rooms: list[Room] = []
    beyond: dict[int, int] = {}
    for number, path in enumerate(printed):
        room = laid.rooms.get(path)
        if room is None:
            room, beyond[number] = _room_beyond(laid, path)
        if room is None:
            break
        rooms.append(room)
    return rooms, beyond


def _shifts(laid: Laid, grown: Mapping[int, Mapping[tuple[int, int], _Grown]]) -> list[tuple[int, tuple[int, int]]]:
    """Return for each page whose number is certain by how much it shifts, and the row from which it may be the next."""
    shifts: list[tuple[int, tuple[int, int]]] = []
    over = 0
    for number, sheet in enumerate(laid.sheets, 1):
        least = most = 0.0
        end = _NEVER
        for row, more in sorted(grown.get(number, {}).items()):
            least, most = least + more.least_pt, most + more.most_pt
            end = min(end, row) if most > sheet.free_pt else end
        shifts.append((over, end))
        fewest, highest = _run_over(sheet, least, 0, 0), _run_over(sheet, most, _ROW_PT, _HEAD_PT)
        if fewest != highest or (highest and not sheet.ends):
            break
        over += highest
    return shifts


def _run_over(sheet: Sheet, grown_pt: float, wasted_pt: float, head_pt: float) -> int:
    """Return how many pages a page runs over onto when its rows grew by so much."""
    if grown_pt <= sheet.free_pt:
        return 0
    return ceil((grown_pt - sheet.free_pt + wasted_pt) / (sheet.height_pt - head_pt))


def _grown(
    rooms: Sequence[Room], beyond: Mapping[int, int], texts: Sequence[str]
) -> Mapping[int, Mapping[tuple[int, int], _Grown]]:
    """Return the rows that grew or were added, by page and by place. An added row follows the last one issued."""
    grown: dict[int, dict[tuple[int, int], _Grown]] = defaultdict(dict)
    long = {n for n, (room, text) in enumerate(zip(rooms, texts, strict=False)) if len(text) > room.squares}
    broken = {n for n, text in enumerate(texts[: len(rooms)]) if "\n" in text}
    for number in sorted(long | broken | (beyond.keys() & range(len(rooms)))):
        room, text, more = rooms[number], texts[number], beyond.get(number, 0)
        full = room.height_pt + _EDGES_PT if more else 0
        lines = _lines(text, room) if number in long or number in broken else 1
        most = full + max(0, lines * room.line_pt - room.height_pt)
        row = grown[room.page].get((room.row, more), _LOW)
        if full > row.least_pt or most > row.most_pt:
            grown[room.page][room.row, more] = _Grown(max(row.least_pt, full), max(row.most_pt, most))
    return grown


def _room_beyond(laid: Laid, path: str) -> tuple[Room | None, int]:
    """Return the room of a schedule's last issued row, and how many rows behind it an answer stands."""
    schedule, _, rest = path.partition(".")
    number, _, column = rest.partition(".")
    last = laid.last_rows.get(schedule, -1)
    return laid.rooms.get(f"{schedule}.{last}.{column}"), int(number) - last if number.isdigit() else 0


def pages_before(votes: Sequence[Vote], pages: Mapping[str, int]) -> Callable[[str], int]:
    """Return what tells the page of a printed cell (c12): that of the next answer after it, 0 when it is not known."""
    answers = sorted(
        ((int(vote.address[1:]), vote) for vote in votes if vote.address.startswith("c")), key=lambda entry: entry[0]
    )
    numbers = [number for number, _ in answers]

    def page_before(address: str) -> int:
        if not address.startswith("c"):
            return 0
        after = bisect_left(numbers, int(address[1:]))
        return pages.get(answers[after][1].printed, answers[after][1].page) if after < len(answers) else 0

    return page_before


def _lines(text: str, room: Room) -> int:
    """Return how many lines an answer takes, counted generously."""
    if len(text) <= room.squares and "\n" not in text:
        return 1
    # A letter of ASCII takes half a square and one byte; what takes a whole square takes three.
    widths = ((len(line) + len(line.encode("utf-8", "replace"))) / 4 for line in text.split("\n"))
    return sum(max(1, ceil(width / room.squares)) for width in widths)


@lru_cache(maxsize=64)
def laid_out(form: Form) -> Laid | None:
    """Return how the blank form was laid out; None when its template was changed since."""
    told = _told().get(template_path(form).stem)
    if told is None or told["sha256"] != digest(template_of(form)):
        return None
    rooms = {
        path: Room(page=page, row=row, squares=squares, line_pt=line_pt, height_pt=height_pt)
        for path, page, row, squares, line_pt, height_pt in told["rooms"]
    }
    sheets = tuple(Sheet(height_pt=height, free_pt=free, ends=ends) for height, free, ends in told["sheets"])
    last_rows: dict[str, int] = {}
    for schedule, number in (match.groups() for path in rooms if (match := _ROW_PATH.fullmatch(path))):
        last_rows[schedule] = max(int(number), last_rows.get(schedule, 0))
    return Laid(rooms=MappingProxyType(rooms), last_rows=MappingProxyType(last_rows), sheets=sheets)


@lru_cache(maxsize=1)
def _told() -> Mapping[str, Any]:
    path = FOLDER / PAGES
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def digest(template: bytes) -> str:
    """Return the SHA-256 of what decides a template's pages: its body and its styles."""
    total = hashlib.sha256()
    with zipfile.ZipFile(io.BytesIO(template)) as archive:
        for part in _LAID_OUT:
            total.update(archive.read(part))
    return total.hexdigest()
