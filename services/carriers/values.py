"""The text of an answer out of the cell it stands in."""

from __future__ import annotations

import re
from collections.abc import Mapping

from services.carriers.layout import Cell, LayoutCell
from services.carriers.likeness import bare
from services.form import Field
from services.kinds import Code, Day, Month, Text

_DATE_PROMPT = re.compile(r"[年月日\s_＿/.·-]*")
_LABEL_ENDS = (
    "情况",
    "名称",
    "全称",
    "号码",
    "编号",
    "电话",
    "时间",
    "日期",
    "类别",
    "内容",
    "说明",
    "备注",
    "意见",
    "签字",
)
"""What labels end in: words behind a label that end so are an edited label and no answer."""
UNSEEN = " \t\n\u3000\u00a0\u200b"


def texts_of(issued: LayoutCell, cell: Cell) -> Mapping[str, str]:
    """Return the text of each answer of `issued` as it stands in `cell`.

    A cell that holds one answer alone is taken whole, whatever stands outside its control. With
    printed text beside the answers the controls decide where everything else stands as printed, and
    otherwise the printed text cuts the cell.
    """
    if issued.is_plain:
        return {issued.paths[0]: cell.text}
    by_control = _by_control(issued, cell)
    return by_control if by_control is not None else _by_literals(issued, cell.text)


def _by_control(issued: LayoutCell, cell: Cell) -> Mapping[str, str] | None:
    """Return the texts of the controls when all are there and the rest is as printed, None otherwise."""
    found = {piece.path: piece.text for piece in cell.pieces if piece.path}
    rest = tuple(text for text in (bare(piece.text) for piece in cell.pieces if not piece.path) if text)
    return found if set(found) == set(issued.paths) and rest == issued.literals else None


def _by_literals(issued: LayoutCell, text: str) -> Mapping[str, str]:
    """Return what stands between the printed stretches: the one before the first answer is sought from the left,
    those after it from the right, since what a clerk writes may hold the same words.
    """
    pieces = [piece for piece in issued.pieces if piece.path or bare(piece.text)]
    start = 0
    if not pieces[0].path:
        found = _find(text, bare(pieces[0].text), last=False)
        start = found[1] if found else 0
    found_texts: dict[str, str] = {}
    end, waiting = len(text), ""
    for piece in reversed(pieces):
        if piece.path:
            waiting = piece.path
            found_texts[waiting] = ""
            continue
        span = _find(text[start:end], bare(piece.text), last=True) if piece is not pieces[0] else (0, 0)
        if span and waiting:
            found_texts[waiting] = text[start + span[1] : end] if piece is not pieces[0] else text[start:end]
            end, waiting = start + span[0], ""
    if waiting:
        found_texts[waiting] = text[start:end]
    return {path: value.strip() for path, value in found_texts.items()}


def _find(text: str, literal: str, *, last: bool) -> tuple[int, int] | None:
    """Return where the bare `literal` begins and ends in `text`, trailing colon included."""
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        folded = bare(character) or (":" if character in ":：" else "")
        letters += folded
        places += [place] * len(folded)
    line = "".join(letters)
    at = line.rfind(literal) if last else line.find(literal)
    if at < 0:
        return None
    end = places[at + len(literal) - 1] + 1
    colon = re.match(r"[\s\u3000]*[:：]", text[end:])
    return places[at], end + (colon.end() if colon else 0)


def after_label(label: str, text: str, field: Field) -> tuple[str, bool]:
    """Return the answer behind `label` (bare) in the label's own cell, 张三 in 姓名：张三, and whether that is plain.

    It is plain behind a colon or on a line of its own, and where the answer's kind can read it (邮政编码215006).
    Other words may be the answer as well as an edited label; in brackets they are taken for an edited label.
    """
    found = _find(text, label, last=False)
    if not found or found[0] != 0:
        return "", False
    rest = text[found[1] :]
    written = rest.strip(" \u3000\u00a0\n\t:：*＊")
    if (
        not written
        or text[: found[1]].rstrip().endswith((":", "："))
        or rest.lstrip(" \u3000\u00a0\t").startswith("\n")
    ):
        return written, True
    value, problems = field.kind.parse(written)
    is_read = value is not None and value is not False and not problems and not isinstance(field.kind, Text | Code)
    if is_read or (isinstance(field.kind, Code) and written[0].isdigit()):
        return written, True
    return ("" if written[0] in "(（[〔/、" or written.endswith(_LABEL_ENDS) else written), False


def is_unwritten(text: str, prompt: str, field: Field) -> bool:
    """Return whether nobody wrote anything: blanks, the blank form's own text, or only 年 月 日 for a date."""
    if text == prompt or not text.strip(UNSEEN):
        return True
    if isinstance(field.kind, (Day, Month)) and _DATE_PROMPT.fullmatch(text):
        return True
    return bool(prompt) and bool(bare(prompt)) and bare(text) == bare(prompt)


_COPIES = 4


def healed(text: str) -> str:
    """Return the text that LibreOffice up to 7.4 wrote several times over; unchanged where it did not.

    Its export of old input fields gives X + (p1 + X) + (p2 + X) … + X, the p being the script runs of X.
    Only text with Chinese characters is affected; a word of one character is never taken for a copy.
    """
    for length in range(2, len(text) // _COPIES + 1):
        one = text[:length]
        if not (text.endswith(one) and text.count(one) >= _COPIES) or one.isascii():
            continue
        rest = re.sub(r"\s", "", text.replace(one, ""))
        plain = re.sub(r"\s", "", one)
        if not rest or plain.endswith(rest) or rest in plain:
            return one
    return text
