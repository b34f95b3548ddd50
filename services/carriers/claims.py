"""What content controls, bookmarks and defined names claim, heard where labels leave a doubt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from services.carriers.align import Match
from services.carriers.layout import ANY_ROW, Cell, Layout, LayoutRow, Row
from services.carriers.rowscore import stands
from services.carriers.values import is_unwritten
from services.carriers.vote import Upload, Vote, asked, two_readings
from services.form import Form
from services.kinds.text import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """A cell that a control or a name claims for an answer, and the text of that control ('' without one)."""

    cell: Cell
    page: int
    text: str


def hear_claims(form: Form, layout: Layout, upload: Upload, single: dict[str, list[Vote]]) -> None:
    """Let controls and names speak where the label found no control of its own, or no cell at all."""
    claims = _claims(upload.rows)
    for match in upload.alignment.matches if claims else ():
        issued = layout.rows[match.issued]
        if not issued.repeat and any(v.sureness != "agreed" for path in issued.paths for v in single.get(path, ())):
            is_certain = _is_certain(issued, upload, match)
            for path in issued.paths:
                votes = single.get(path, [])
                votes[:] = (_against_claims(form, vote, claims, is_certain=is_certain) for vote in votes)
    for path, cells in claims.items():
        if path not in single and len(cells) == 1:
            single[path] = [_from_claim(form, path, cells[0])]


def _claims(rows: Sequence[Row]) -> Mapping[str, list[_Claim]]:
    found_claims: dict[str, list[_Claim]] = defaultdict(list)
    for row in rows:
        for cell in row.cells:
            for path in dict.fromkeys(path for path in cell.claims if ANY_ROW not in path):
                texts = [piece.text for piece in cell.pieces if piece.path == path]
                # Several controls of one answer are its tick boxes: their options stand between them.
                text = texts[0] if len(texts) == 1 else cell.text
                found_claims[path].append(_Claim(cell=cell, page=row.page, text=text or cell.text))
    return found_claims


def _is_certain(issued: LayoutRow, upload: Upload, match: Match) -> bool:
    """Return whether the row is known by its labels: all stand as issued, and where they were issued."""
    cells = upload.rows[match.row].cells
    as_printed = all(match.cells[i] >= 0 and stands(issued.cells[i], cells[match.cells[i]].text) for i in issued.labels)
    return as_printed and not match.moved


def _against_claims(form: Form, vote: Vote, claims: Mapping[str, list[_Claim]], *, is_certain: bool) -> Vote:
    """Return the vote after hearing a control or name that claims another cell for the same answer."""
    if vote.sureness == "agreed":
        return vote
    others = [claim for claim in claims.get(vote.path, ()) if claim.cell.address != vote.address]
    if len(others) != 1 or len(claims[vote.path]) != 1:
        return vote
    other = others[0]
    there = "" if is_unwritten(other.text, "", asked(form, vote.path)) else other.text
    if not there or fold(there) == fold(vote.text):
        return vote
    chosen, address, page = (
        (vote.text, vote.address, vote.page) if is_certain and vote.text else (there, other.cell.address, other.page)
    )
    problem = two_readings("标签旁", vote.text, "原控件处", there, chosen)
    return replace(vote, text=chosen, address=address, page=page, sureness="doubtful", problem=problem)


def _from_claim(form: Form, path: str, claim: _Claim) -> Vote:
    text = "" if is_unwritten(claim.text, "", asked(form, path)) else claim.text
    return Vote(path=path, printed=path, text=text, address=claim.cell.address, page=claim.page, sureness="single")
