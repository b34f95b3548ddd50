"""The vocabulary that a packet (上报材料) is declared in: which pieces, in which order, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Need = Literal["required", "expected", "optional"]
"""required: nothing is bound without it; expected: asked about when missing; optional: taken when given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of a packet: a form (`form` names it) or attachments of one kind.

    `key` is what an input is called by (`self_report=…`); `words` are found in the names of files
    that nobody has called by a key. `exempt_need` replaces `need` for a station exempt from the survey.
    """

    key: str
    title: str
    need: Need
    source: str
    form: str = ""
    words: tuple[str, ...] = ()
    exempt_need: Need | None = None
    many: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A packet as it is handed to the next tier: its title and its pieces in binding order.

    `lead_form` is the form that the others must agree with (rule X04); `exempt_keys` are the answers of
    which a 是 says that the station is exempt from the survey (rule X01).
    """

    id: str
    title: str
    lead_form: str
    exempt_keys: tuple[str, ...]
    pieces: tuple[Piece, ...]
