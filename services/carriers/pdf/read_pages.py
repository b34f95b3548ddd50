"""The answers of a PDF without form fields: from the tables on its pages, by the aligner that all carriers share.

It may be our own form flattened or printed as PDF, or our Word form saved as PDF: the one of the two layouts
that explains more of what is there is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from services.answers import field_at, place_at, rank
from services.carriers.align import Alignment, align
from services.carriers.changes import changes
from services.carriers.docx.read_layout import layout_of as layout_in_word
from services.carriers.layout import Cell, Layout, LayoutCell, Piece, Row
from services.carriers.likeness import bare
from services.carriers.pdf.boxes import boxed
from services.carriers.pdf.drawn import Drawn, Letter, drawn_pages
from services.carriers.pdf.grid import GridCell, GridRow, grid_rows
from services.carriers.pdf.identify import FEWEST_LETTERS, label_share, said_in_cells
from services.carriers.pdf.issued import issued_form, pieces_of
from services.carriers.pdf.joined import joined_rows, texts
from services.carriers.pdf.refusals import cut_off, foreign, garbled, scanned
from services.carriers.pdf.written import line_text, lines_of, text_of
from services.carriers.reading import Reading
from services.carriers.votes import Upload, Vote, vote_findings, votes_of
from services.carriers.witness import AGREED, RECORD
from services.findings import Finding
from services.form import Form
from services.kinds import Picture, Text
from services.paper.coverage import uncovered, with_geta
from services.paper.typeset_ink import options_of
from services.record import Record, shown

_READABLE = 0.3
_HEAD_AT_LEAST = 4
_BEYOND = 36
"""How many points a table may reach beyond its paper: programs round, and some leave frames outside."""
_SEAL = re.compile(r"[(（]公章[)）]")
_SIGNING = re.compile(r"签字\s*[:：](.*?)日期\s*[:：](.*)")
_IGNORED = frozenset({"layout.outside"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Aligned:
    """The rows of an upload against one of the layouts."""

    layout: Layout
    rows: tuple[Row, ...]
    alignment: Alignment

    @property
    def share(self) -> float:
        """The share of the issued rows that were found."""
        return 1 - len(self.alignment.missing) / max(1, len(self.layout.rows))


def read_pages(form: Form, data: bytes, *, is_ours: bool) -> Reading:
    """Return what is printed in the tables of a PDF; `is_ours` tells that it carries an identity.

    Raises:
        UnreadableError: its pages are pictures, its letters cannot be told, or it is another document.
    """
    pages = drawn_pages(data)
    if sum(len(page.letters) for page in pages) < FEWEST_LETTERS:
        raise scanned(len(pages))
    cut = [number for number, page in enumerate(pages, 1) if any(r.stop > page.wide + _BEYOND for r in page.level)]
    if cut:
        raise cut_off(cut)
    if label_share(form, said_in_cells(pages)) < _READABLE:
        raise garbled() if is_ours else foreign()
    best = max(_alignments(form, pages), key=lambda aligned: aligned.share)
    upload = Upload(rows=best.rows, alignment=best.alignment)
    votes = sorted(votes_of(form, best.layout, upload), key=lambda vote: rank(form, vote.path))
    return _reading(form, votes, _findings(form, best.layout, upload, votes))


# ---- alignment ----------------------------------------------------------------------------------


def _alignments(form: Form, pages: Sequence[Drawn]) -> Iterator[_Aligned]:
    issued = issued_form(form)
    rows = joined_rows(grid_rows(pages), issued.layout.words)
    heads = frozenset(tuple(cell.label for cell in row.cells) for row in issued.layout.rows if not row.paths)
    grid = [row for row in rows if not _is_head(issued.layout.words, heads, row)]
    ours = _aligned(_asking(issued.layout), grid)
    yield replace(ours, rows=tuple(_cut_rows(form, ours, grid)))
    if ours.share < 1:
        yield _aligned(_asking(layout_in_word(form)), grid)


def _asking(layout: Layout) -> Layout:
    """Return the layout without the rows that ask nothing: titles, heads of tables, which each page may repeat."""
    rows = tuple(row for row in layout.rows if row.paths)
    return Layout(rows=rows, words=layout.words)


def _aligned(layout: Layout, grid: Sequence[GridRow]) -> _Aligned:
    rows = tuple(_row(row) for row in grid)
    return _Aligned(layout=layout, rows=rows, alignment=align(layout, rows))


def _is_head(words: frozenset[str], heads: frozenset[tuple[str, ...]], row: GridRow) -> bool:
    """Return whether a row holds labels alone; in the head of a table one of them may have been changed."""
    there = texts(row)
    if all(text in words for text in there):
        return True
    alike = (head for head in heads if len(head) == len(there) >= _HEAD_AT_LEAST)
    return any(sum(a != b for a, b in zip(head, there, strict=True)) == 1 for head in alike)


def _row(row: GridRow) -> Row:
    cells = (
        Cell(
            address=f"{row.page}:{cell.left:.1f},{cell.bottom:.1f},{cell.right:.1f},{cell.top:.1f}",
            text=text_of(cell.letters, cell.right),
            start=cell.start,
            span=cell.span,
        )
        for cell in row.cells
    )
    return Row(cells=tuple(cells), page=row.page + 1)


def _cut_rows(form: Form, aligned: _Aligned, grid: Sequence[GridRow]) -> Iterator[Row]:
    """Yield the rows, the cells that hold several answers cut by the places of these, lost boxes put back."""
    homes = {match.row: match for match in aligned.alignment.matches}
    for number, row in enumerate(aligned.rows):
        match = homes.get(number)
        cells = list(row.cells)
        for index, asked in aligned.layout.rows[match.issued].asked if match else ():
            there = match.cells[index] if match else -1
            if len(asked.paths) > 1 and there >= 0:
                cells[there] = cells[there]._replace(pieces=_cut(form, asked, grid[number].cells[there]))
            elif there >= 0:
                options = options_of(field_at(form, next(iter(asked.paths))).kind)
                cells[there] = cells[there]._replace(text=boxed(cells[there].text, options))
        yield row._replace(cells=tuple(cells))


def _cut(form: Form, asked: LayoutCell, cell: GridCell) -> tuple[Piece, ...]:
    """Return the pieces of a cell with several answers: by their places, or by the words between them.

    The Word form prints an opinion box with other words (日期:), which tells that its places are others too.
    """
    issued = issued_form(form)
    scale = (cell.right - cell.left) / issued.widths[asked.paths]
    pieces = pieces_of(cell, issued.areas[asked.paths], scale)
    printed_there = tuple(bare(piece.text) for piece in pieces if not piece.path)
    texts_there = _opinion_texts(cell)
    if printed_there == asked.literals or len(asked.paths) != len(texts_there):
        return pieces
    answers = (Piece(text=text.strip(), path=path) for path, text in zip(asked.paths, texts_there, strict=True))
    return (*(piece for piece in asked.pieces if not piece.path), *answers)


def _opinion_texts(cell: GridCell) -> tuple[str, ...]:
    """Return opinion, signer and date of an opinion box as the Word form prints it, () for anything else."""
    lines = lines_of(cell.letters)
    signing = next((number for number, line in enumerate(lines) if _SIGNING.search(line_text(line))), -1)
    signed = _SIGNING.search(line_text(lines[signing])) if signing >= 0 else None
    if signed is None:
        return ()
    above = [letter for line in lines[:signing] for letter in line[: _seal_at(line)]]
    return text_of(above, max((letter.right for letter in above), default=0.0)), *signed.groups()


def _seal_at(line: Sequence[Letter]) -> int:
    """Return where (公章) begins in a line, its length when it is not there."""
    found = _SEAL.search("".join(letter.text for letter in line))
    return found.start() if found else len(line)


# ---- the reading --------------------------------------------------------------------------------


def _reading(form: Form, votes: Sequence[Vote], findings: tuple[Finding, ...]) -> Reading:
    texts = [vote for vote in votes if not isinstance(field_at(form, vote.path).kind, Picture)]
    return Reading(
        carrier="pdf",
        stamp=None,
        raw={vote.path: _text(form, vote) for vote in texts},
        places={vote.path: place_at(form, vote.printed, page=vote.page) for vote in votes},
        anchors={vote.path: vote.address for vote in votes},
        sureness={vote.path: vote.sureness for vote in votes},
        witnesses={vote.path: vote.witnesses for vote in votes},
        findings=findings,
    )


def _text(form: Form, vote: Vote) -> str:
    """Return the text of an answer; only long answers have lines, elsewhere the paper was too narrow."""
    kind = field_at(form, vote.path).kind
    return vote.text if isinstance(kind, Text) and kind.lines else vote.text.replace("\n", "")


def _findings(form: Form, layout: Layout, upload: Upload, votes: Sequence[Vote]) -> tuple[Finding, ...]:
    explained = frozenset(vote.beside for vote in votes if vote.beside)
    told = (finding for finding in changes(form, layout, upload, explained) if finding.code not in _IGNORED)
    return (*told, *vote_findings(form, votes, lambda path, _address, page: place_at(form, path, page=page)))


def exact_texts(form: Form, reading: Reading, record: Record | None) -> Reading:
    """Return the reading with the very letters of the record that travels along, where the page shows the same.

    Paper does not tell one blank from two, nor a letter that no face has.
    """
    issued = shown(form, record) if record else {}
    same = {path for path, text in reading.raw.items() if path in issued and bare(text) == bare(printed(issued[path]))}
    return replace(
        reading,
        raw={path: issued[path] if path in same else text for path, text in reading.raw.items()},
        sureness={path: AGREED if path in same else sure for path, sure in reading.sureness.items()},
        witnesses={path: (RECORD, *held) if path in same else tuple(held) for path, held in reading.witnesses.items()},
    )


def printed(text: str) -> str:
    """Return a text as it is printed."""
    return with_geta(text, uncovered(text))
