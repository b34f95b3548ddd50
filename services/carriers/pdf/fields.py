"""The form fields of a fillable PDF: one for each answer, named by its path, drawn as it was typeset.

Fields are named by path (`agency_code`, `examiners.0.id_no`); options that may be ticked together are
named by path and number (`levels.1`). No field has a greatest length: a viewer would cut what is pasted,
an identity number written in groups for one, and no rule forbids to write it so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from services.answers import field_at, label_at
from services.carriers.pdf.inked import Line, cut_out
from services.carriers.pdf.tree import Tree
from services.carriers.pdf.typing_font import NAME, embed
from services.form import Field, Form
from services.kinds import Choice, Choices, Code, Text, Tick
from services.paper.typeset import Box, Typeset
from services.paper.typeset_cells import lines_at_most
from services.paper.typeset_ink import EMPTY_BOX, TICKED_BOX, options_of

_PRINTED, _READ_ONLY = 4, 1
_MULTILINE, _RADIO, _NO_TOGGLE_OFF, _COMBO = 1 << 12, 1 << 15, 1 << 14, 1 << 17
_SIDE, _ROOM = 2.2, 1.2
"""How far a field reaches beyond the text's own box, to the rules of its cell, in points."""
_MM = 72 / 25.4
_AUTO_MOST = 12.0

Rect = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """What the fields are made from: the form, its text by path, its colours, the lines cut out of each page."""

    document: pikepdf.Pdf
    form: Form
    texts: Mapping[str, str]
    inks: Mapping[str, int]
    lines: Sequence[Mapping[int, tuple[Line, ...]]]
    pages: Sequence[pikepdf.Object]
    heights: Sequence[float]
    fonts: dict[int, pikepdf.Object] = field(default_factory=dict)

    def lines_of(self, page: int, name: str) -> tuple[Line, ...]:
        """Return the lines of an answer on a page, counted from 0."""
        return self.lines[page].get(self.inks[name], ())


def add_fields(
    document: pikepdf.Pdf, form: Form, made: Typeset, texts: Mapping[str, str], inks: Mapping[str, int]
) -> None:
    """Turn the answers of a form typeset fillable into form fields; `texts` are their values by path."""
    sheet = _Sheet(
        document=document,
        form=form,
        texts=texts,
        inks=inks,
        lines=[_cut(page) for page in document.pages],
        pages=[page.obj for page in document.pages],
        heights=[float(page.MediaBox[3]) for page in document.pages],
    )
    marks = _marks(sheet)
    tree = Tree(document)
    for path, boxes in _by_path(made.boxes).items():
        asked = field_at(form, path)
        if options_of(asked.kind):
            _add_boxes(sheet, tree, path, marks)
        else:
            tree.add(path, _written(sheet, path, asked, boxes[-1]), list(_text_widgets(sheet, path, boxes)))
    document.Root["/AcroForm"] = document.make_indirect(
        pikepdf.Dictionary(
            Fields=pikepdf.Array(tree.top),
            DR=pikepdf.Dictionary(Font=pikepdf.Dictionary({f"/{NAME}": embed(document)})),
            DA=pikepdf.String(f"/{NAME} 0 Tf 0 g"),
            NeedAppearances=False,
        )
    )


def _by_path(boxes: Sequence[Box]) -> Mapping[str, list[Box]]:
    found: dict[str, list[Box]] = {}
    for box in boxes:
        found.setdefault(box.path, []).append(box)
    return found


def _cut(page: pikepdf.Page) -> Mapping[int, tuple[Line, ...]]:
    content, lines = cut_out(page.Contents.read_bytes())
    page.Contents.write(content)
    return lines


# ---- what is written ----------------------------------------------------------------------------


def _written(sheet: _Sheet, path: str, asked: Field, box: Box) -> dict[str, Any]:
    """Return the entries of a field for text, or of a list to choose from."""
    text = sheet.texts.get(path, "")
    entries = {"TU": _tooltip(sheet.form, path, asked), "V": pikepdf.String(text)}
    if isinstance(asked.kind, Choice):
        options = pikepdf.Array([pikepdf.String(option) for option in ("", *asked.kind.options)])
        return entries | {"FT": pikepdf.Name.Ch, "Ff": _COMBO, "Opt": options, "DA": _appearance(10.5)}
    lined = not _fits(asked, text, box)
    return entries | {
        "FT": pikepdf.Name.Tx,
        "Ff": _MULTILINE if lined else 0,
        "DA": _appearance(0 if lined else _size(sheet, path, box)),
    }


def _size(sheet: _Sheet, path: str, box: Box) -> float:
    return next((line.size for line in sheet.lines_of(box.page - 1, path)), _AUTO_MOST)


def _fits(asked: Field, text: str, box: Box) -> bool:
    """Return whether the answer surely stands on one line of its box, however it is filled in."""
    if getattr(asked.kind, "lines", False) or "\n" in text:
        return False
    most = asked.kind.limit if isinstance(asked.kind, Text) else max(8, len(text))
    width_mm = (box.right - box.left) / _MM
    letters = "8" * asked.kind.limit if isinstance(asked.kind, Code) else "国" * most
    return lines_at_most(letters, width_mm, _AUTO_MOST) == 1 and lines_at_most(text, width_mm, _AUTO_MOST) == 1


def _appearance(size: float) -> pikepdf.Object:
    return pikepdf.String(f"/{NAME} {size:g} Tf 0 g")


def _tooltip(form: Form, path: str, asked: Field) -> pikepdf.Object:
    hint = f"({asked.hint})" if asked.hint else ""
    return pikepdf.String(label_at(form, path) + hint)


def _text_widgets(sheet: _Sheet, path: str, boxes: Sequence[Box]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the widgets of an answer: one for each box, and one for each further page that its text runs on to."""
    for page in range(len(sheet.pages)):
        lines = sheet.lines_of(page, path)
        box = next((box for box in reversed(boxes) if box.page - 1 <= page), boxes[0])
        if page == box.page - 1 or lines:
            yield page, _widget(sheet, page, _rect(sheet, page, box, lines), lines)


def _rect(sheet: _Sheet, page: int, box: Box, lines: Sequence[Line]) -> Rect:
    """Return the rectangle of a field on one page: its box, widened to hold all its lines."""
    high = sheet.heights[page]
    tops = [line.top for line in lines]
    bottoms = [line.bottom for line in lines]
    if page == box.page - 1:
        tops.append(high - box.top)
    if page == box.page - 1 == box.last_page - 1:
        bottoms.append(high - box.bottom)
    left = min((box.left, *(line.x for line in lines)))
    return left - _SIDE, min(bottoms, default=0.0) - _ROOM, box.right + _SIDE, max(tops, default=high) + _ROOM


def _widget(sheet: _Sheet, page: int, rect: Rect, lines: Sequence[Line]) -> dict[str, Any]:
    drawn = b"".join(line.drawn(rect[0], rect[1]) for line in lines)
    drawing = _drawing(sheet, page, rect, b"/Tx BMC\nq\n" + drawn + b"Q\nEMC\n")
    return _shape(sheet, page, rect) | {"AP": pikepdf.Dictionary(N=drawing)}


def _shape(sheet: _Sheet, page: int, rect: Rect) -> dict[str, Any]:
    return {
        "Type": pikepdf.Name.Annot,
        "Subtype": pikepdf.Name.Widget,
        "Rect": pikepdf.Array([round(edge, 3) for edge in rect]),
        "F": _PRINTED,
        "P": sheet.pages[page],
    }


def _drawing(sheet: _Sheet, page: int, rect: Rect, content: bytes) -> pikepdf.Object:
    """Return a drawing in a box of the size of `rect`, with the fonts of the page it was cut from."""
    stream = pikepdf.Stream(sheet.document, content)
    stream.stream_dict["/Type"] = pikepdf.Name.XObject
    stream.stream_dict["/Subtype"] = pikepdf.Name.Form
    stream.stream_dict["/BBox"] = pikepdf.Array([0, 0, round(rect[2] - rect[0], 3), round(rect[3] - rect[1], 3)])
    stream.stream_dict["/Resources"] = _fonts(sheet, page)
    return sheet.document.make_indirect(stream)


def _fonts(sheet: _Sheet, page: int) -> pikepdf.Object:
    if page not in sheet.fonts:
        fonts = sheet.pages[page].Resources.Font
        sheet.fonts[page] = sheet.document.make_indirect(pikepdf.Dictionary(Font=fonts))
    return sheet.fonts[page]


# ---- what is ticked -----------------------------------------------------------------------------


def _marks(sheet: _Sheet) -> tuple[pikepdf.Object, pikepdf.Object]:
    """Return the drawings of a ticked and of an empty box, of which the first part holds a sample each."""
    page = next(number for number, lines in enumerate(sheet.lines) if sheet.inks[TICKED_BOX] in lines)
    ticked, empty = (sheet.lines_of(page, name)[0] for name in (TICKED_BOX, EMPTY_BOX))
    return _sample(sheet, page, ticked), _sample(sheet, page, empty)


def _sample(sheet: _Sheet, page: int, line: Line) -> pikepdf.Object:
    rect = _around(line)
    return _drawing(sheet, page, rect, line.drawn(rect[0], rect[1]))


def _around(line: Line) -> Rect:
    return line.x, line.bottom, line.x + line.size, line.top


def _add_boxes(sheet: _Sheet, tree: Tree, path: str, marks: tuple[pikepdf.Object, pikepdf.Object]) -> None:
    """Add the boxes of an answer: one of which is ticked (a radio group), or each on its own."""
    asked = field_at(sheet.form, path)
    options = options_of(asked.kind)
    ticked = asked.kind.show(asked.kind.parse(sheet.texts.get(path, ""))[0]).split(" ")
    chosen = [piece.startswith("√") for piece in ticked]
    places = [_tick_places(sheet, f"{path}#{number}") for number in range(len(options))]
    if isinstance(asked.kind, Choices | Tick):
        for number, option in enumerate(options):
            name = path if isinstance(asked.kind, Tick) else f"{path}.{number}"
            state = "1" if chosen[number] else "Off"
            label = option if option in asked.label else f"{label_at(sheet.form, path)}:{option}"
            entries = {"FT": pikepdf.Name.Btn, "TU": pikepdf.String(label), "V": pikepdf.Name(f"/{state}")}
            tree.add(name, entries, [(p, _box(sheet, p, r, marks, ("1", state))) for p, r in places[number]])
        return
    on = next((str(number) for number, is_on in enumerate(chosen) if is_on), "Off")
    entries = {
        "FT": pikepdf.Name.Btn,
        "Ff": _RADIO,
        "TU": _tooltip(sheet.form, path, asked),
        "V": pikepdf.Name(f"/{on}"),
        "Opt": pikepdf.Array([pikepdf.String(option) for option, at in zip(options, places, strict=True) for _ in at]),
    }
    widgets = [
        (page, _box(sheet, page, rect, marks, (str(number), on)))
        for number, at in enumerate(places)
        for page, rect in at
    ]
    tree.add(path, entries, widgets)


def _tick_places(sheet: _Sheet, name: str) -> list[tuple[int, Rect]]:
    return [(page, _around(line)) for page in range(len(sheet.pages)) for line in sheet.lines_of(page, name)]


def _box(
    sheet: _Sheet, page: int, rect: Rect, marks: tuple[pikepdf.Object, pikepdf.Object], states: tuple[str, str]
) -> dict[str, Any]:
    """Return a box to tick; `states` are its own when ticked, and that of the answer."""
    own, current = states
    drawings = pikepdf.Dictionary({f"/{own}": marks[0], "/Off": marks[1]})
    return _shape(sheet, page, rect) | {
        "AP": pikepdf.Dictionary(N=drawings),
        "AS": pikepdf.Name(f"/{own if own == current else 'Off'}"),
    }
