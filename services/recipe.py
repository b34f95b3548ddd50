"""The vocabulary that a packet (上报材料) is declared in: which pieces, in which order, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Need = Literal["required", "expected", "optional"]
"""required: nothing is bound without it; expected: asked about when missing; optional: taken when given."""

Tier = Literal["station", "city", "region", "ministry"]
"""Whose packet it is: of one station, or of many."""

Line = Literal["province", "industry"]
"""The two lines of reporting: by province, or by industry (行业、集团公司)."""

Order = Literal["given", "code", "rank"]
"""How several of one piece follow each other: as handed in, by 机构编码 (rule K02), by 推荐排序."""

MANIFEST = "manifest.json"
RECORDS = "记录/"
"""Where every packet keeps its list and its records, whoever writes or reads it."""

Made = Literal["", "letter", "report", "summary", "unreported", "annex", "explanations", "lists"]
"""What the service makes itself from the forms, figures included, where nobody hands it in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of a packet: a form (`form` names it), attachments of one kind, or what is `made`.

    `key` is what an input is called by (`self_report=…`); `words` are found in the names of files
    that nobody has called by a key; `code` stands in the page code (机构编码-表号-页). `exempt_need`
    replaces `need` for a station exempt from the survey. A piece with `lines` stands only on those.
    """

    key: str
    title: str
    need: Need
    source: str
    form: str = ""
    words: tuple[str, ...] = ()
    exempt_need: Need | None = None
    many: bool = False
    made: Made = ""
    order: Order = "given"
    lines: tuple[Line, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A packet as it is handed to the next tier: its title and its pieces in binding order.

    `lead_form` is the form that the others must agree with (rule X04); `exempt_keys` are the answers of
    which a 是 says that the station is exempt from the survey (rule X01). With `by_station` the pieces
    of a station stand together; else each piece goes through all stations. `prints_forms` is false for
    a packet that takes the figures of the forms and not their pages.
    """

    id: str
    title: str
    cover: tuple[str, ...]
    lead_form: str
    exempt_keys: tuple[str, ...]
    pieces: tuple[Piece, ...]
    tier: Tier = "station"
    by_station: bool = False
    prints_forms: bool = True

    @property
    def is_of_many(self) -> bool:
        """Whether the packet is of many stations: then one bad form is left out and the others go on."""
        return self.tier != "station"

    def on(self, line: Line) -> Recipe:
        """Return the recipe with the pieces of one line of reporting."""
        return replace(self, pieces=tuple(p for p in self.pieces if not p.lines or line in p.lines))


# ---- what the service writes itself ------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph of a letter or report: `{name}` in its text is a fact or figure, computed when it is written.

    `level` is 0 for text, 1 for 一、 in 黑体, 2 for (一) in 楷体. `table` names a table of figures that
    follows. A paragraph with `when` is left out where that figure is 0. One with `room` asks people to write what only
    they know: it is printed above so many ruled lines.
    """

    text: str = ""
    level: int = 0
    table: str = ""
    when: str = ""
    room: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter or report that goes with a packet: `recipe` and `piece` say with which.

    A letter is addressed (`to`), headed with the office's name and bears a number; a report has only a title.
    """

    recipe: str
    piece: str
    title: str
    body: tuple[Paragraph, ...]
    to: str = ""
    keywords: str = ""
    lines: tuple[Line, ...] = ()
