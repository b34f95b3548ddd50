"""What the service makes of a packet itself: letter, report, summaries, annex, 说明表; every figure is computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from forms.packets import UNREPORTED
from services.bundle import written
from services.bundle.annex import annexes
from services.bundle.explained import explanations
from services.bundle.listings import listings
from services.bundle.plan import MadePiece, Maker
from services.bundle.written import Matter
from services.recipe import Made, Piece
from services.survey.lists import listed
from services.survey.printed import piece as table_piece
from services.survey.tables import summaries

__all__ = ["Maker", "Matter", "made_by"]


def made_by(matter: Matter) -> Maker:
    """Return what makes the pieces of a packet."""
    return lambda piece: tuple(_MAKERS[piece.made](matter, piece))


def _summary(matter: Matter, piece: Piece) -> Iterator[MadePiece]:
    for number, made in enumerate(summaries(matter.surveyed), 1):
        key = f"{piece.key}{number}"
        yield MadePiece(
            title=f"{made.table.mark} {made.title}",
            code=made.table.mark,
            printed=table_piece(made, key, matter.head),
        )


def _unreported(matter: Matter, piece: Piece) -> Iterator[MadePiece]:
    """Yield the list of those who reported nothing; without a roster nobody knows who should have."""
    if matter.surveyed.roster is not None:
        table = listed(matter.surveyed, UNREPORTED)
        yield MadePiece(title=piece.title, code=piece.code, printed=table_piece(table, piece.key, matter.head))


_MAKERS: Mapping[Made, Callable[[Matter, Piece], Iterator[MadePiece] | Sequence[MadePiece]]] = MappingProxyType(
    {
        "letter": written.letter,
        "report": written.report,
        "summary": _summary,
        "unreported": _unreported,
        "annex": annexes,
        "explanations": explanations,
        "lists": listings,
    }
)
