"""What content controls, bookmarks and defined names claim, heard where labels leave a doubt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from services.carriers.align import Match
from services.carriers.layout import ANY_ROW, Cell, Layout, LayoutRow
from services.carriers.rowscore import stands
from services.carriers.values import is_unwritten
from services.carriers.vote import Upload, Vote, asked, two_readings
from services.carriers.witness import AGREED, BOOKMARK, DOUBTFUL, SINGLE, WITNESSES
from services.form import Form
from services.kinds.text import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """A cell that `said` (a control, a name or a bookmark) claims for an answer, and the text of that control."""

    cell: Cell
    page: int
    text: str
    said: str


def hear_claims(form: Form, layout: Layout, upload: Upload, single: dict[str, list[Vote]]) -> None:
    """Let controls, names and bookmarks speak where they stand elsewhere than the label, or the label is gone."""
    claims = _claims(upload)
    for match in upload.alignment.matches if claims else ():
        issued = layout.rows[match.issued]
        if not issued.repeat and any(path in claims for path in issued.paths):
            is_certain = _is_certain(issued, upload, match)
            for path in issued.paths:
                votes = single.get(path, [])
                homes = frozenset(vote.address for vote in votes)
                votes[:] = (
                    _against_claims(form, vote, _heard(claims, vote, homes), is_certain=is_certain) for vote in votes
                )
    for path, heard in claims.items():
        if path not in single and len({claim.cell.address for claim in heard}) == 1:
            single[path] = [_from_claim(form, path, heard)]


def _heard(claims: Mapping[str, list[_Claim]], vote: Vote, homes: frozenset[str]) -> Sequence[_Claim]:
    """Return the claims for a vote's answer; one at another of its places, `homes`, is compared with it later."""
    others = homes - {vote.address}
    return [claim for claim in claims.get(vote.path, ()) if claim.cell.address not in others]


def _claims(upload: Upload) -> Mapping[str, list[_Claim]]:
    found_claims: dict[str, list[_Claim]] = defaultdict(list)
    for row in upload.rows:
        for cell in (cell for cell in row.cells if cell.claims or cell.bookmarks):
            for said, paths in ((upload.claimed_by, cell.claims), (BOOKMARK, cell.bookmarks)):
                for path in dict.fromkeys(path for path in paths if ANY_ROW not in path):
                    claim = _Claim(cell=cell, page=row.page, text=_claimed_text(cell, path), said=said)
                    found_claims[path].append(claim)
    return found_claims


def _claimed_text(cell: Cell, path: str) -> str:
    texts = [piece.text for piece in cell.pieces if piece.path == path]
    # Several controls of one answer are its tick boxes: their options stand between them.
    return (texts[0] if len(texts) == 1 else "") or cell.text


def _is_certain(issued: LayoutRow, upload: Upload, match: Match) -> bool:
    """Return whether the row is known by its labels: all stand as issued, and where they were issued."""
    cells = upload.rows[match.row].cells
    as_printed = all(match.cells[i] >= 0 and stands(issued.cells[i], cells[match.cells[i]].text) for i in issued.labels)
    return as_printed and not match.moved


def _against_claims(form: Form, vote: Vote, heard: Sequence[_Claim], *, is_certain: bool) -> Vote:
    """Return the vote after hearing what claims another cell for the same answer.

    Labels that stand as issued win, and so does the cell that a second anchor names; else the claim does.
    """
    here = frozenset(claim.said for claim in heard if claim.cell.address == vote.address)
    # A control or a bookmark that stands here too was copied with its cell; the copy claims nothing.
    others = [claim for claim in heard if claim.cell.address != vote.address and claim.said not in here]
    if len({claim.cell.address for claim in others}) != 1:
        return vote
    other = others[0]
    there = "" if is_unwritten(other.text, "", asked(form, vote.path)) else other.text
    if not there or fold(there) == fold(vote.text):
        return vote
    problem_of = partial(two_readings, "标签旁", vote.text, f"原{WITNESSES[other.said]}处", there)
    if vote.text and (is_certain or here):
        return vote._replace(sureness=DOUBTFUL, problem=problem_of(vote.text))
    return vote._replace(
        text=there,
        address=other.cell.address,
        page=other.page,
        sureness=DOUBTFUL,
        witnesses=tuple(dict.fromkeys(claim.said for claim in others)),
        problem=problem_of(there),
    )


def _from_claim(form: Form, path: str, heard: Sequence[_Claim]) -> Vote:
    claim = heard[0]
    text = "" if is_unwritten(claim.text, "", asked(form, path)) else claim.text
    said = tuple(dict.fromkeys(claim.said for claim in heard))
    return Vote(path, path, text, claim.cell.address, claim.page, AGREED if len(said) > 1 else SINGLE, said)
