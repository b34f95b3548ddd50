"""A declared form with its record as the data that form.typ prints: every block of every part, in millimetres."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from services.answers import field_at, label_at, place_at
from services.findings import Finding, Problem, Severity, found
from services.form import Block, Cover, Form, Grid, Notes, OpinionBox, Part, ScheduleTable, ScoreTable, TextBox
from services.identity import Stamp
from services.kinds import Day
from services.paper import qr
from services.paper.coverage import uncovered, with_geta
from services.paper.typeset_cells import MM_PER_PT, lines_at_most
from services.paper.typeset_ink import inks_of
from services.paper.typeset_labels import balanced, em, typographic
from services.paper.typeset_photo import photos
from services.paper.typeset_tables import PAGES_MM, Print, blank_day, grid, schedule_table, score_table
from services.record import Record, shown

SEAL_MM = 42
"""A round seal of a department, which an opinion box always leaves room for."""

_NOTICE = "劳社厅函〔2006〕338号"
_QR_NAME = "identity.png"
_SIGNING_MM = 16
_OPINION_LABEL_MM = 26
_OPINION_LABEL_PT = 10.5
_PROSE_LINE_EM = 1.6
_WIDTHS_MM = {"portrait": 170.0, "landscape": 257.0}
_WHOLE_PAGES_MM = {"portrait": 240.0, "landscape": 153.0}
"""What a page holds below the title of its part."""
_TITLES_MM = 14
_BOX_HEAD_MM = 8
_COVER_PT = 16
_LEAST_COVER_PT = 12
_COVER_MM = 158


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Something to be printed: which Typst source prints it (`kind`), its data and the pictures it names.

    `key` names it among the pieces of one document.
    """

    key: str
    kind: str
    data: Mapping[str, Any]
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def sheet(form: Form, record: Record, stamp: Stamp, *, key: str = "form", fillable: bool = False) -> Piece:
    """Return the form with its record, ready to be typeset.

    A `fillable` one draws every answer in a colour of its own (`inks_of`) and tells the corners of its
    box: `services.carriers.pdf` makes form fields of them, and nothing else may be done with it.
    The findings name the characters that no font covers (rule N01) and pictures that cannot be opened.
    """
    texts, findings = _texts(form, record)
    pictures, photo_findings = photos(form, record)
    code = qr.png(stamp.token)
    names = {path: name for path, (name, _) in pictures.items()}
    job = Print(form=form, record=record, texts=texts, pictures=names, key=key, answer_pt=10.5 if form.items else 12.0)
    parts = [_part(job, part, stamp) for part in form.parts]
    data = {
        "title": form.title,
        "head": f"{_NOTICE}附件{stamp.code}  《{form.short_title}》 {form.edition.version if form.edition else ''}",
        "token": stamp.header,
        "parts": parts,
        "ink": inks_of(form, parts) if fillable else {},
    }
    files = {_QR_NAME: code} | dict(pictures.values())
    return Piece(key=key, kind="form", data=data, pictures=files, findings=(*findings, *photo_findings))


def _texts(form: Form, record: Record) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """Return every answer's text fit for print, and the characters that became 〓 (rule N01)."""
    texts: dict[str, str] = {}
    findings: list[Finding] = []
    for path, text in shown(form, record).items():
        missing = uncovered(text)
        texts[path] = with_geta(text, missing)
        findings += (
            found(_no_glyph(cluster), field=path, label=label_at(form, path), place=place_at(form, path))
            for cluster in missing
        )
    return texts, tuple(findings)


def _no_glyph(cluster: str) -> Problem:
    code = " ".join(f"U+{ord(character):04X}" for character in cluster)
    return Problem(
        rule="N01",
        code="font.uncovered",
        severity=Severity.CONFIRM,
        phrase=f"含有字库里没有的字“{cluster}”({code}),打印为〓",
        phrase_en=f"has a character that no font covers, {code}, printed as 〓",
        got=code,
        want="字库里有的字",
        remedy="请核对这个字;确需使用的,打印后用钢笔补写",
    )


# ---- parts and blocks ---------------------------------------------------------------------------


def _part(job: Print, part: Part, stamp: Stamp) -> dict[str, Any]:
    blocks = [_cover(job, b, stamp) if isinstance(b, Cover) else _block(job, part, b) for b in part.blocks]
    for block, following in pairwise(blocks):
        block["below"] = 5 if following.get("title") or block.get("note") else 0
    return {
        "key": part.key,
        "title": typographic(part.title),
        "landscape": part.orientation == "landscape",
        "may_break": sum(map(_height_at_most, blocks)) > _WHOLE_PAGES_MM[part.orientation],
        "blocks": blocks,
    }


def _height_at_most(block: Mapping[str, Any]) -> float:
    """Return the greatest height of a block with its title, note and the gap after it, in mm."""
    if block["block"] == "table":
        return sum(line["most"] for line in (*block["head"], *block["rows"])) + _TITLES_MM
    return block.get("most", 0.0)


def _block(job: Print, part: Part, block: Block) -> dict[str, Any]:
    print_block = next((verb for kind, verb in _PRINTED if isinstance(block, kind)), None)
    if print_block is None:
        raise TypeError(f"a part has a block that is not printed: {block!r}")
    return print_block(job, part, block)


def _cover(job: Print, cover: Cover, stamp: Stamp) -> dict[str, Any]:
    labels = [field_at(job.form, path).label for path in cover.lines]
    label_em = max(map(em, labels), default=0)
    room_mm = _COVER_MM - label_em * _COVER_PT * MM_PER_PT
    lines = [_cover_line(job, path, room_mm) for path in cover.lines]
    return {
        "block": "cover",
        "mark": cover.mark,
        "title": list(cover.title),
        "lines": lines,
        "label_em": label_em,
        "maker": f"{job.form.edition.ministry}制" if job.form.edition else "",
        "qr": _QR_NAME,
        "token": stamp.token,
    }


def _cover_line(job: Print, path: str, room_mm: float) -> dict[str, Any]:
    asked = field_at(job.form, path)
    text = job.texts[path] or (blank_day(1.5) if isinstance(asked.kind, Day) else "")
    fitting = int(room_mm / MM_PER_PT / max(em(text), 1))
    return {"path": path, "label": asked.label, "text": text, "size": min(_COVER_PT, max(_LEAST_COVER_PT, fitting))}


def _notes(job: Print, part: Part, notes: Notes) -> dict[str, Any]:
    del job, part
    return {"block": "notes", "title": notes.title, "lines": [typographic(line) for line in notes.lines]}


# ---- long answers and opinions ------------------------------------------------------------------


def prose_height(text: str, width_mm: float, size_pt: float) -> float:
    """Return the greatest height of paragraphs with indented first lines, in mm."""
    lines = sum(lines_at_most("\u3000\u3000" + line, width_mm, size_pt) for line in text.split("\n"))
    return lines * _PROSE_LINE_EM * size_pt * MM_PER_PT


def _text_box(job: Print, part: Part, box: TextBox) -> dict[str, Any]:
    asked = field_at(job.form, box.key)
    text = _unindented(job.texts[box.key])
    high = prose_height(text, _WIDTHS_MM[part.orientation] - 4, job.answer_pt) + 4
    return {
        "block": "text",
        "piece": job.key,
        "key": box.key,
        "label": asked.label,
        "hint": typographic(f"({asked.hint})") if asked.hint else "",
        "text": text,
        "size": job.answer_pt,
        "height": box.height_mm,
        "sure": high <= box.height_mm,
        "most": max(high, box.height_mm) + _BOX_HEAD_MM,
        "below": 0,
    }


def _unindented(text: str) -> str:
    """Return the text without the blanks that a clerk typed to indent a paragraph: the box indents them."""
    return "\n".join(line.strip(" \u3000") for line in text.split("\n"))


def _opinion_box(job: Print, part: Part, box: OpinionBox) -> dict[str, Any]:
    opinion = next(opinion for opinion in job.form.opinions if opinion.key == box.opinion)
    text = _unindented(job.texts[opinion.key])
    width = _WIDTHS_MM[part.orientation] - _OPINION_LABEL_MM - 4
    signing = SEAL_MM if opinion.has_seal else _SIGNING_MM
    high = prose_height(text, width, job.answer_pt) if text else 0.0
    return {
        "block": "opinion",
        "piece": job.key,
        "key": opinion.key,
        "label": balanced(opinion.label, (_OPINION_LABEL_MM - 4) / (_OPINION_LABEL_PT * MM_PER_PT)),
        "label_mm": _OPINION_LABEL_MM,
        "text": text,
        "size": job.answer_pt,
        "height": max(opinion.height_mm, signing + 3),
        "sure": high + signing + 3 <= max(opinion.height_mm, signing + 3),
        "most": max(high + signing + 3, opinion.height_mm),
        "long": high + signing > PAGES_MM[part.orientation],
        "signing": signing,
        "seal": opinion.has_seal,
        "signed_by": f"{opinion.signed_by}签字：",
        "signer": job.texts[f"{opinion.key}_signer"],
        "on": job.texts[f"{opinion.key}_on"] or blank_day(1.5),
        "below": 0,
    }


_PRINTED: tuple[tuple[type, Callable[[Print, Part, Any], dict[str, Any]]], ...] = (
    (Notes, _notes),
    (Grid, grid),
    (ScheduleTable, schedule_table),
    (ScoreTable, score_table),
    (TextBox, _text_box),
    (OpinionBox, _opinion_box),
)
