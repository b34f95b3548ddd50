"""The ministry's lists as pieces of its packet, and as files beside them: workbook, public register."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from services.bundle.plan import MadePiece
from services.bundle.written import Matter
from services.recipe import Piece
from services.survey import lists, spotcheck
from services.survey.commend import commended
from services.survey.notice import red_black_notice
from services.survey.printed import piece as table_piece
from services.survey.register import as_csv, as_page
from services.survey.tables import Made
from services.survey.workbook import workbook


def listings(matter: Matter, piece: Piece) -> Iterator[MadePiece]:
    """Yield 抽查名单, 抽查记录表, 表彰名单, 红黑榜通报, 限期整改 and 撤销 lists and the public register.

    A notice of the red and black list is made only where somebody stands on one of them.
    """
    for number, made in enumerate(_tables(matter), 1):
        code = f"{piece.code}{number}"
        yield MadePiece(title=made.title, code=code, printed=table_piece(made, f"{piece.key}{number}", matter.head))
    if not any(table.count for table in lists.red_black(matter.surveyed)):
        return
    notice = red_black_notice(matter.surveyed, matter.unit.edition, number=matter.number, day=matter.signed_on)
    for number, printed in enumerate(notice):
        title = "红黑榜通报" if number == 0 else f"红黑榜通报附件{number}"
        yield MadePiece(title=title, code=f"通报{number or ''}", printed=replace(printed, key=f"notice{number}"))


def _tables(matter: Matter) -> Iterator[Made]:
    survey = matter.surveyed
    if any(station.status == "已评估" for station in survey.stations):
        drawn = spotcheck.spot_check(survey, matter.size, matter.seed)
        yield from spotcheck.tables(drawn)
    yield from commended(survey, matter.terms)
    yield from lists.rectification(survey)
    yield from lists.revoked(survey)
    yield from lists.register(survey)


def files(matter: Matter) -> Iterator[tuple[str, str, bytes]]:
    """Yield name, title and bytes of what goes with the lists: they can be worked with and published as they are."""
    yield "名单/名单.xlsx", "抽查、表彰、整改、撤销和公开名单", workbook(tuple(_tables(matter)), matter.head)
    (register,) = lists.register(matter.surveyed)
    yield "名单/公开名册.csv", "公开名册", as_csv(register)
    yield "名单/公开名册.html", "公开名册(网页)", as_page(register)
