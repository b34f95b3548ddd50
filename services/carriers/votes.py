"""Which text belongs to which answer, when label and place, controls and names each say their own.

The label and the place in the grid are the spine; a control, a bookmark or a defined name votes second.
Where they name the same cell the answer is certain (`agreed`); where one is silent it stands alone
(`single`); where they contradict each other, or the text had to be fetched from beside its cell, the
rule decides, both readings are told and the clerk is asked (`doubtful`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from types import MappingProxyType

from services.answers import block_keys, label_at
from services.carriers.align import Match
from services.carriers.claims import hear_claims
from services.carriers.layout import ANY_ROW, Cell, Layout, LayoutCell, LayoutRow, Piece, Row
from services.carriers.likeness import bare
from services.carriers.rowscore import stands
from services.carriers.values import after_label, healed, is_unwritten, texts_of
from services.carriers.vote import Place, Upload, Vote, asked, beside, partly_outside, short, two_readings
from services.carriers.witness import AGREED, BOOKMARK, BOX, DOUBTFUL, LABEL, LABEL_CELL, PLACE, SINGLE, WITNESSES
from services.findings import Finding, Problem, Severity, found
from services.form import Field, Form
from services.kinds import Tick

__all__ = ["Place", "Upload", "Vote", "known_in_place", "states", "vote_findings", "votes_of"]

_IN_PLACE = (LABEL, PLACE)


def votes_of(form: Form, layout: Layout, upload: Upload) -> tuple[Vote, ...]:
    """Return one vote for each answer that stands somewhere in the upload, in the order of the form as issued."""
    heard: dict[str, list[Vote]] = {}
    for home, matches in groupby(upload.alignment.matches, attrgetter("issued")):
        issued = layout.rows[home]
        if issued.repeat:
            heard.update((vote.path, [vote]) for vote in _table_votes(form, layout, upload, matches))
        else:
            for vote in (vote for match in matches for vote in _row_votes(form, issued, upload, match)):
                heard.setdefault(vote.path, []).append(vote)
    if not upload.alignment.straight or any(vote.sureness != AGREED for votes in heard.values() for vote in votes):
        hear_claims(form, layout, upload, heard)
    return tuple(votes[0] if len(votes) == 1 else _one_of(form, votes) for votes in heard.values())


def vote_findings(form: Form, votes: Sequence[Vote], place: Place) -> tuple[Finding, ...]:
    """Return what the clerk has to be asked about the votes."""
    return tuple(
        found(
            vote.problem,
            field=vote.path,
            label=label_at(form, vote.printed),
            place=place(vote.printed, vote.address, vote.page),
            anchor=f"{vote.address}\n{vote.also}" if vote.also else "",
        )
        for vote in votes
        if vote.problem
    )


# ---- label and place ----------------------------------------------------------------------------


def _row_votes(
    form: Form, issued: LayoutRow, upload: Upload, match: Match, numbers: tuple[str, str] = ("", "")
) -> Iterator[Vote]:
    """Yield the votes of a matched row; `numbers` are those of a schedule's row, as kept and as printed."""
    row = upload.rows[match.row]
    known = _known(upload.claimed_by, _held(issued, upload, match))
    as_printed = numbers[0] == numbers[1]
    for index, cell in issued.asked:
        if match.cells[index] < 0:
            continue
        there = row.cells[match.cells[index]]
        texts = None if cell.is_plain else texts_of(cell, there)
        for piece in cell.answers:
            text = there.text if texts is None else texts.get(piece.path, "")
            unwritten = is_unwritten(text, piece.text, asked(form, piece.path))
            path = piece.path.replace(ANY_ROW, numbers[0]) if issued.repeat else piece.path
            vote = Vote(
                path,
                path if as_printed else piece.path.replace(ANY_ROW, numbers[1]),
                "" if unwritten else text,
                there.address,
                row.page,
                *known[piece.path in there.claims, piece.path in there.bookmarks],
            )
            if unwritten and (upload.boxes or not issued.repeat):
                vote = _elsewhere(form, vote, upload.boxes, _label_before(issued, index, row, match))
            elif texts is None and len(there.pieces) > 1:
                vote = _with_outside(vote, piece, there)
            yield _mended(vote) if upload.heals and vote.text else vote


def known_in_place(claimed_by: str) -> Mapping[tuple[bool, bool], tuple[str, tuple[str, ...]]]:
    """Return the same as `_known` for an answer that stands where it was issued."""
    return _known(claimed_by, _IN_PLACE)


@lru_cache(maxsize=64)
def _known(claimed_by: str, held: tuple[str, ...]) -> Mapping[tuple[bool, bool], tuple[str, tuple[str, ...]]]:
    """Return how sure an answer is and what says so, by whether its cell is claimed and whether it is bookmarked."""
    return MappingProxyType(
        {
            (False, False): (SINGLE, held),
            (True, False): (AGREED, (claimed_by, *held)),
            (False, True): (AGREED, (BOOKMARK, *held)),
            (True, True): (AGREED, (claimed_by, BOOKMARK, *held)),
        }
    )


def _held(issued: LayoutRow, upload: Upload, match: Match) -> tuple[str, ...]:
    """Return which of label and place hold for the answers of a matched row."""
    if upload.alignment.straight:
        return _IN_PLACE
    cells = upload.rows[match.row].cells
    labelled = all(match.cells[i] >= 0 and stands(issued.cells[i], cells[match.cells[i]].text) for i in issued.labels)
    in_place = not match.moved and len(cells) == len(issued.cells)
    return (*((LABEL,) if labelled else ()), *((PLACE,) if in_place else ()))


def _elsewhere(form: Form, vote: Vote, boxes: Mapping[str, str], label: tuple[LayoutCell, Cell] | None) -> Vote:
    """Return the vote with the text that was written beside its empty cell: in a text box, or in the label's cell."""
    places = (vote.address, label[1].address) if label else (vote.address,)
    box = next((address for address in places if address in boxes), "")
    if box:
        return _fetched(vote, boxes[box], BOX)._replace(beside=box if box != vote.address else "")
    text, is_plain = after_label(label[0].label, label[1].text, asked(form, vote.path)) if label else ("", False)
    if not text or not label:
        return vote
    # Where it may as well be the label that was edited, both are told.
    return _fetched(vote, text, LABEL_CELL)._replace(beside=label[1].address if is_plain else "")


def _with_outside(vote: Vote, issued: Piece, cell: Cell) -> Vote:
    """Return the vote with a doubt where an answer stands half in its control and half beside it."""
    inside = [piece.text for piece in cell.pieces if piece.path == issued.path]
    outside = "".join(piece.text for piece in cell.pieces if piece.path != issued.path).strip()
    # Several controls of one answer are its tick boxes; the options beside them are printed.
    if len(inside) != 1 or not inside[0].strip() or not bare(outside) or bare(outside) in bare(issued.text):
        return vote
    return vote._replace(sureness=DOUBTFUL, problem=partly_outside(inside[0], outside, vote.text))


def _fetched(vote: Vote, text: str, where: str) -> Vote:
    """Return the vote with a text from beside its cell."""
    witnesses = (*vote.witnesses, where)
    return vote._replace(text=text, sureness=DOUBTFUL, witnesses=witnesses, problem=beside(WITNESSES[where], text))


def _label_before(issued: LayoutRow, index: int, row: Row, match: Match) -> tuple[LayoutCell, Cell] | None:
    """Return the label to the left of an answer, as issued and as it stands now."""
    left = index - 1
    if issued.repeat or left < 0 or match.cells[left] < 0 or issued.cells[left].paths or not issued.cells[left].label:
        return None
    return issued.cells[left], row.cells[match.cells[left]]


def _mended(vote: Vote) -> Vote:
    text = healed(vote.text)
    if text == vote.text:
        return vote
    problem = Problem(
        rule="D06",
        code="read.healed",
        severity=Severity.CONFIRM,
        phrase=f"被软件重复保存成“{short(vote.text)}”,已读为“{short(text)}”",
        phrase_en=f"was multiplied by the program that saved the file, read as {short(text)!r}",
        got=vote.text,
        want=text,
        remedy="请核对",
    )
    return vote._replace(text=text, sureness=DOUBTFUL, problem=problem)


# ---- several places, several rows ---------------------------------------------------------------


def _one_of(form: Form, votes: Sequence[Vote]) -> Vote:
    """Return one vote for an answer that is printed in several places: the last one printed counts.

    A cover repeats answers that are asked inside the form; a clerk may fill in either.
    """
    written = [vote for vote in votes if vote.text]
    chosen = written[-1] if written else votes[-1]
    others = [vote for vote in written[:-1] if not _same(form, vote, chosen)]
    if not others:
        return chosen
    other, names = others[0], _printed_in(form, chosen.path)
    if len(names) != len(votes):
        names = ("一处", *("另一处" for _ in votes[1:]))
    here, there = (names[votes.index(vote)] for vote in (other, chosen))
    problem = two_readings(here, other.text, there, chosen.text, chosen.text)
    return chosen._replace(sureness=DOUBTFUL, problem=problem, also=other.address)


@lru_cache(maxsize=64)
def _printed_in(form: Form, path: str) -> tuple[str, ...]:
    """Return the names of the parts that ask an answer, in the order they are printed."""
    return tuple(
        f"“{part.title or part.sheet}”里"
        for part in form.parts
        for block in part.blocks
        for key in block_keys(form, block)
        if key == path
    )


def _same(form: Form, one: Vote, other: Vote) -> bool:
    kind = asked(form, one.path).kind
    return bare(one.text) == bare(other.text) or kind.parse(one.text)[0] == kind.parse(other.text)[0] is not None


def _table_votes(form: Form, layout: Layout, upload: Upload, matches: Iterable[Match]) -> Iterator[Vote]:
    """Yield the votes of a schedule's rows: wholly empty ones left out, the others counted from 0."""
    kept = 0
    for printed, match in enumerate(matches):
        issued = layout.rows[match.issued]
        if _is_blank(form, issued, upload, match):
            continue
        votes = tuple(_row_votes(form, issued, upload, match, (str(kept), str(printed))))
        if any(_states(form, vote) for vote in votes):
            yield from votes
            kept += 1


def _is_blank(form: Form, issued: LayoutRow, upload: Upload, match: Match) -> bool:
    """Return whether nothing at all was written into a row: the usual case, seen without reading it."""
    cells = upload.rows[match.row].cells
    return not upload.boxes and all(
        match.cells[index] < 0
        or is_unwritten(cells[match.cells[index]].text, cell.answers[0].text, asked(form, cell.paths[0]))
        for index, cell in issued.asked
    )


def _states(form: Form, vote: Vote) -> bool:
    return bool(vote.text) and states(asked(form, vote.path), vote.text)


def states(field: Field, text: str) -> bool:
    """Return whether the text of a cell of a row states anything."""
    value, problems = field.kind.parse(text)
    # 0 and 否 state something; only an unticked box does not.
    return bool(problems) or (value is not None and not (isinstance(field.kind, Tick) and value is False))
