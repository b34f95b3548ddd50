"""Which text belongs to which answer, when label and place, controls and names each say their own.

The label and the place in the grid are the spine; a control, a bookmark or a defined name votes second.
Where they name the same cell the answer is certain (`agreed`); where one is silent it stands alone
(`single`); where they contradict each other, or the text had to be fetched from beside its cell, the
rule decides, both readings are told and the clerk is asked (`doubtful`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from services.answers import field_at, label_at
from services.carriers.align import Alignment, Match
from services.carriers.layout import ANY_ROW, Cell, Layout, LayoutRow, Row
from services.carriers.likeness import bare
from services.carriers.rowscore import stands
from services.carriers.values import after_label, healed, is_unwritten, texts_of
from services.findings import Finding, Problem, Severity, found
from services.form import Field, Form
from services.kinds import Tick
from services.kinds.text import fold

Place = Callable[[str, str, int], str]
"""Says where a clerk finds an answer: printed path, address, page (0: not known)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """The text read for `path`, where it stands and how sure that is.

    `printed` is the path with the row number as printed, `beside` the address of the label cell that
    the text was taken from, '' otherwise.
    """

    path: str
    printed: str
    text: str
    address: str
    page: int
    sureness: str
    problem: Problem | None = None
    beside: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What a carrier found in a file, for the votes: rows, alignment, text boxes by address, healing wanted."""

    rows: Sequence[Row]
    alignment: Alignment
    boxes: Mapping[str, str] = field(default_factory=dict)
    heals: bool = False


@lru_cache(maxsize=20_000)
def _asked(form: Form, path: str) -> Field:
    return field_at(form, path)


def votes_of(form: Form, layout: Layout, upload: Upload) -> tuple[Vote, ...]:
    """Return one vote for each answer that stands somewhere in the upload, in no particular order."""
    single: dict[str, list[Vote]] = {}
    tables: dict[str, list[Match]] = {}
    for match in upload.alignment.matches:
        issued = layout.rows[match.issued]
        if issued.repeat:
            tables.setdefault(issued.repeat, []).append(match)
            continue
        for vote in _row_votes(form, issued, upload, match):
            single.setdefault(vote.path, []).append(vote)
    if not upload.alignment.straight or any(v.sureness != "agreed" for votes in single.values() for v in votes):
        _hear_claims(form, layout, upload, single)
    alone = (votes[0] if len(votes) == 1 else _one_of(form, votes) for votes in single.values())
    rows = (vote for matches in tables.values() for vote in _table_votes(form, layout, upload, matches))
    return (*alone, *rows)


def vote_findings(form: Form, votes: Sequence[Vote], place: Place) -> tuple[Finding, ...]:
    """Return what the clerk has to be asked about the votes."""
    return tuple(
        found(
            vote.problem,
            field=vote.path,
            label=label_at(form, vote.printed),
            place=place(vote.printed, vote.address, vote.page),
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
    for index, cell in issued.asked:
        if match.cells[index] < 0:
            continue
        there = row.cells[match.cells[index]]
        texts = None if cell.is_plain else texts_of(cell, there)
        for piece in cell.answers:
            text = there.text if texts is None else texts.get(piece.path, "")
            unwritten = is_unwritten(text, piece.text, _asked(form, piece.path))
            vote = Vote(
                path=piece.path.replace(ANY_ROW, numbers[0]) if issued.repeat else piece.path,
                printed=piece.path.replace(ANY_ROW, numbers[1]) if issued.repeat else piece.path,
                text="" if unwritten else text,
                address=there.address,
                page=row.page,
                sureness="agreed" if piece.path in there.claims else "single",
            )
            if unwritten:
                vote = _elsewhere(issued, index, upload, match, vote)
            yield _mended(vote) if upload.heals and vote.text else vote


def _elsewhere(issued: LayoutRow, index: int, upload: Upload, match: Match, vote: Vote) -> Vote:
    """Return the vote with the text that was written beside its empty cell: a text box, or the label's cell."""
    box = upload.boxes.get(vote.address, "")
    if box:
        return replace(vote, text=box, sureness="doubtful", problem=_beside("文本框", box))
    left = index - 1
    if issued.repeat or left < 0 or match.cells[left] < 0 or issued.cells[left].paths or not issued.cells[left].label:
        return vote
    label_cell = upload.rows[match.row].cells[match.cells[left]]
    text = after_label(issued.cells[left].label, label_cell.text)
    if not text:
        return vote
    return replace(vote, text=text, sureness="doubtful", beside=label_cell.address, problem=_beside("栏目名称格", text))


def _beside(where: str, text: str) -> Problem:
    return Problem(
        rule="D06",
        code="read.beside",
        severity=Severity.CONFIRM,
        phrase=f"的内容写在了{where}里,已读为“{_short(text)}”",
        phrase_en=f"stands beside its cell, read as {_short(text)!r}",
        got=text,
        want="写在本格内",
        remedy="请核对,并把内容移到本格",
    )


def _mended(vote: Vote) -> Vote:
    text = healed(vote.text)
    if text == vote.text:
        return vote
    problem = Problem(
        rule="D06",
        code="read.healed",
        severity=Severity.CONFIRM,
        phrase=f"被软件重复保存成“{_short(vote.text)}”,已读为“{_short(text)}”",
        phrase_en=f"was multiplied by the program that saved the file, read as {_short(text)!r}",
        got=vote.text,
        want=text,
        remedy="请核对",
    )
    return replace(vote, text=text, sureness="doubtful", problem=problem)


# ---- controls and names -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """A cell that a control or a name claims for an answer, and the text of that control ('' without one)."""

    cell: Cell
    page: int
    text: str


def _hear_claims(form: Form, layout: Layout, upload: Upload, single: dict[str, list[Vote]]) -> None:
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
                text = "".join(piece.text for piece in cell.pieces if piece.path == path)
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
    there = "" if is_unwritten(other.text, "", _asked(form, vote.path)) else other.text
    if not there or fold(there) == fold(vote.text):
        return vote
    chosen, address, page = (
        (vote.text, vote.address, vote.page) if is_certain and vote.text else (there, other.cell.address, other.page)
    )
    problem = _two_readings("标签旁", vote.text, "原控件处", there, chosen)
    return replace(vote, text=chosen, address=address, page=page, sureness="doubtful", problem=problem)


def _from_claim(form: Form, path: str, claim: _Claim) -> Vote:
    text = "" if is_unwritten(claim.text, "", _asked(form, path)) else claim.text
    return Vote(path=path, printed=path, text=text, address=claim.cell.address, page=claim.page, sureness="single")


def _two_readings(one_place: str, one: str, other_place: str, other: str, chosen: str) -> Problem:
    return Problem(
        rule="D06",
        code="read.differs",
        severity=Severity.CONFIRM,
        phrase=f"有两种读法:{one_place}是“{_short(one)}”,{other_place}是“{_short(other)}”,已取“{_short(chosen)}”",
        phrase_en=f"has two readings: {_short(one)!r} and {_short(other)!r}; took {_short(chosen)!r}",
        got=f"{one} / {other}",
        want="两处一致",
        remedy="请核对,并改成一致",
    )


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 40 else f"{flat[:40]}…"  # noqa: PLR2004 - as much as reads well in a sentence


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
    problem = _two_readings("一处", others[0].text, "另一处", chosen.text, chosen.text)
    return replace(chosen, sureness="doubtful", problem=problem)


def _same(form: Form, one: Vote, other: Vote) -> bool:
    kind = _asked(form, one.path).kind
    return bare(one.text) == bare(other.text) or kind.parse(one.text)[0] == kind.parse(other.text)[0] is not None


def _table_votes(form: Form, layout: Layout, upload: Upload, matches: Sequence[Match]) -> Iterator[Vote]:
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
        or is_unwritten(cells[match.cells[index]].text, cell.answers[0].text, _asked(form, cell.paths[0]))
        for index, cell in issued.asked
    )


def _states(form: Form, vote: Vote) -> bool:
    """Return whether a cell of a row states anything."""
    if not vote.text:
        return False
    kind = _asked(form, vote.path).kind
    value, problems = kind.parse(vote.text)
    # 0 and 否 state something; only an unticked box does not.
    return bool(problems) or (value is not None and not (isinstance(kind, Tick) and value is False))
