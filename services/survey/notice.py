"""The red and black list's notice (红黑榜通报) as an official letter, its figures computed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from forms.lists import RED_BLACK_NOTICE
from services.form import Edition
from services.kinds.day import show_day
from services.paper.typeset import Piece
from services.survey.figures import Figures, figures_of
from services.survey.lists import red_black
from services.survey.printed import fit, piece
from services.survey.stations import Survey
from services.survey.tables import Made
from services.totals import GRADES

_GRADE_WORDS = ("excellent", "good", "fair", "failed")
_NUMERALS = str.maketrans("0123456789", "〇一二三四五六七八九")
_TEN = 10


def red_black_notice(
    survey: Survey, edition: Edition, *, number: str = "", day: date | None = None
) -> tuple[Piece, ...]:
    """Return the notice and its two lists as pieces; `number` is the document's own, its place left free without."""
    red, black = red_black(survey)
    words = _words(figures_of(survey), edition) | {"red": str(red.count), "black": str(black.count)}
    declared = RED_BLACK_NOTICE
    data = {
        "number": number,
        "title": fit(declared.title, "song"),
        "to": declared.to.format_map(words),
        "body": [{"level": level, "text": fit(text.format_map(words))} for level, text in declared.body],
        "attachments": list(declared.attachments),
        "office": declared.office.format_map(words),
        "date": written_day(day, edition) if day else "",
    }
    letter = Piece(key="red-black-notice", kind="letter", data=data)
    return letter, *(piece(_marked(made, n), f"{letter.key}-{n}") for n, made in enumerate((red, black), 1))


def _marked(made: Made, number: int) -> Made:
    """Return a list as an attachment of the notice: 附件1."""
    return replace(made, table=replace(made.table, mark=f"附件{number}"))


def _words(figures: Figures, edition: Edition) -> dict[str, str]:
    whole = figures.whole
    counts = {name: str(getattr(whole, name)) for name in ("expected", "evaluated", "exempt", "missing", "revoked")}
    grades = {word: str(figures.grades[name]) for word, (_, name) in zip(_GRADE_WORDS, GRADES, strict=True)}
    return counts | grades | {"ministry": edition.ministry, "department": edition.department}


def written_day(day: date, edition: Edition) -> str:
    """Return a letter's date: 二〇〇六年十一月三日 in 2006, 2006年11月3日 today (forms-and-rules §11.1)."""
    if edition.profile != "2006":
        return show_day(day)
    return f"{str(day.year).translate(_NUMERALS)}年{_numeral(day.month)}月{_numeral(day.day)}日"


def _numeral(number: int) -> str:
    """Return a number below 100 in Chinese numerals: 十一, 二十, 三十一."""
    tens, ones = divmod(number, _TEN)
    head = "" if not tens else "十" if tens == 1 else f"{str(tens).translate(_NUMERALS)}十"
    return head + (str(ones).translate(_NUMERALS) if ones else "")
