"""Making visible what a PDF keeps beside its pages: answers in form fields, stamps, text boxes, signatures.

A page is bound as a drawing of its content, so its annotations are drawn into the content first. An answer
that its program stored without drawing it (or said that its drawing is out of date) is set anew in our own
faces, since a field that looks empty on paper would be a wrong answer.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import pikepdf

from services.paper.coverage import FACES, fonts_folder, uncovered, with_geta

_HIDDEN, _NO_VIEW, _INVISIBLE = 2, 32, 1
_MULTILINE, _SECRET, _PUSH, _COMB = 1 << 12, 1 << 13, 1 << 16, 1 << 24
_GENERATIONS = 30
_TEXT_LIMIT = 20_000
_WRITES = re.compile(rb"T[jJ]\b|['\"]\s")
_SIZE = re.compile(r"([\d.]+)\s+Tf")
_DRAWN = frozenset(
    {
        "/Widget",
        "/Stamp",
        "/FreeText",
        "/Highlight",
        "/Underline",
        "/StrikeOut",
        "/Squiggly",
        "/Ink",
        "/Line",
        "/Square",
    }
    | {"/Circle", "/Polygon", "/PolyLine", "/Caret", "/Watermark"}
)
_SAYING = frozenset({"/FreeText", "/Stamp"})
_SOURCE = """
#let items = json(bytes(sys.inputs.at("items")))
#set page(margin: 0pt, fill: none)
#set text(font: items.faces, lang: "zh", bottom-edge: "descender", top-edge: "ascender")
#set par(leading: 0.25em)
#let aligned = (left, center, right)
#for item in items.texts {
  page(width: item.width * 1pt, height: item.height * 1pt, context {
    let room = (width: calc.max(item.width - 4, 1) * 1pt, height: item.height * 1pt)
    let set-at(size) = text(size: size, item.text)
    let fits(size) = {
      let m = if item.multiline { measure(set-at(size), width: room.width) } else { measure(set-at(size)) }
      m.width <= room.width and m.height <= room.height
    }
    let most = if item.multiline { 12pt } else { calc.min(12pt, item.height * 0.72pt) }
    let size = if item.size > 0 { item.size * 1pt } else { most }
    while size > 3pt and not fits(size) { size -= 0.5pt }
    let place-at = aligned.at(item.turn) + if item.multiline { top } else { horizon }
    if item.comb > 0 {
      grid(columns: (1fr,) * item.comb, rows: room.height, align: center + horizon,
        ..item.text.clusters().map(c => text(size: size, c)))
    } else {
      let (above, width) = if item.multiline { (2pt, 100%) } else { (0pt, auto) }
      align(place-at, pad(x: 2pt, top: above, block(width: width, set-at(size))))
    }
  })
}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What was drawn of a PDF's annotations. `is_signed`: it bears a digital signature."""

    is_signed: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A text that must be set: into which annotation, and how."""

    note: Any
    text: str
    size: float
    turn: int
    multiline: bool
    comb: int = 0


def draw(pdf: pikepdf.Pdf) -> Shown:
    """Draw the annotations of every page into its content, answers that have no drawing set first."""
    form = pdf.Root.get("/AcroForm", pikepdf.Dictionary())
    is_stale = bool(form.get("/NeedAppearances", False))
    texts = [text for page in pdf.pages for note in _notes(page) if (text := _unset(note, form, is_stale=is_stale))]
    _set(pdf, texts)
    is_signed = any(_is_signed(note) for page in pdf.pages for note in _notes(page)) or _has_signature(form)
    said = tuple(_keep_drawn(pdf))
    if "/AcroForm" in pdf.Root:
        pdf.Root.AcroForm["/NeedAppearances"] = False
    pdf.flatten_annotations("all")
    return Shown(is_signed=is_signed, notes=said)


def _notes(page: pikepdf.Page) -> Iterator[Any]:
    for note in page.obj.get("/Annots", pikepdf.Array()):
        if isinstance(note, pikepdf.Dictionary):
            yield note


def _is_signed(note: Any) -> bool:
    return _of(note, "/FT") == "/Sig" and isinstance(_of(note, "/V"), pikepdf.Dictionary)


def _has_signature(form: Any) -> bool:
    """Return whether a field of the form, at any depth, is a signature that was given."""
    waiting = list(form.get("/Fields", pikepdf.Array()))
    for _ in range(_TEXT_LIMIT):
        if not waiting:
            return False
        field = waiting.pop()
        if isinstance(field, pikepdf.Dictionary):
            if _is_signed(field):
                return True
            waiting += list(field.get("/Kids", pikepdf.Array()))
    return False


def _of(note: Any, key: str, form: Any = None) -> Any:
    """Return a field's value of `key`: its own, its parents', the form's; None when nobody says."""
    node = note
    for _ in range(_GENERATIONS):
        if key in node:
            return node[key]
        if not isinstance(node.get("/Parent"), pikepdf.Dictionary):
            break
        node = node["/Parent"]
    return form.get(key) if form is not None else None


def _unset(note: Any, form: Any, *, is_stale: bool) -> _Text | None:
    """Return the text of an annotation that its program did not draw; None when it is drawn or has none."""
    subtype, kind = str(note.get("/Subtype", "")), str(_of(note, "/FT") or "")
    if subtype in _SAYING:
        text = "" if _is_drawn(note) else _text(note.get("/Contents") or note.get("/Name"))
        return _said(note, text.strip("/"), form) if text else None
    if subtype != "/Widget":
        return None
    if kind in ("/Tx", "/Ch"):
        text = _answer(note, kind)
        return _said(note, text, form) if text.strip() and (is_stale or not _writes(note)) else None
    return _tick(note, form) if kind == "/Btn" else None


def _tick(note: Any, form: Any) -> _Text | None:
    state = str(note.get("/AS") or _of(note, "/V") or "/Off")
    if _flags(note) & _PUSH or state == "/Off" or _is_drawn(note):
        return None
    return _said(note, "√", form)


def _said(note: Any, text: str, form: Any) -> _Text:
    flags = _flags(note)
    size = _SIZE.search(_text(_of(note, "/DA", form)))
    comb = int(_of(note, "/MaxLen") or 0) if flags & _COMB else 0
    return _Text(
        note=note,
        text=("*" * len(text) if flags & _SECRET else text)[:_TEXT_LIMIT],
        size=min(float(size[1]), 72) if size else 0,
        turn=min(max(int(_of(note, "/Q", form) or 0), 0), 2),
        multiline=bool(flags & _MULTILINE) or str(note.get("/Subtype")) in _SAYING,
        comb=comb if 0 < comb <= 100 and len(text) <= comb else 0,  # noqa: PLR2004 - cells that can be drawn
    )


def _flags(note: Any) -> int:
    return int(_of(note, "/Ff") or 0)


def _answer(note: Any, kind: str) -> str:
    """Return what a text field or a list says; a list's choice in the words that it shows."""
    value = _of(note, "/V")
    chosen = [_text(one) for one in value] if isinstance(value, pikepdf.Array) else [_text(value)]
    if kind == "/Ch":
        options = [option for option in _of(note, "/Opt") or () if isinstance(option, pikepdf.Array)]
        shown = {_text(option[0]): _text(option[1]) for option in options if len(option) > 1}
        chosen = [shown.get(one, one) for one in chosen]
    return "、".join(one for one in chosen if one)


def _text(value: Any) -> str:
    if isinstance(value, pikepdf.Stream):
        return value.read_bytes()[:_TEXT_LIMIT].decode("utf-8", "replace")
    return str(value) if isinstance(value, str | pikepdf.String | pikepdf.Name) else ""


def _drawing(note: Any) -> Any:
    """Return the stream that draws an annotation as it stands, None when there is none."""
    drawn = note.get("/AP", pikepdf.Dictionary()).get("/N")
    if isinstance(drawn, pikepdf.Dictionary) and not isinstance(drawn, pikepdf.Stream):
        drawn = drawn.get(str(note.get("/AS", "/Off")))
    return drawn if isinstance(drawn, pikepdf.Stream) else None


def _is_drawn(note: Any) -> bool:
    drawn = _drawing(note)
    return drawn is not None and bool(drawn.read_bytes().strip())


def _writes(note: Any) -> bool:
    """Return whether an annotation's drawing sets any text, itself or by a drawing in it."""
    drawn = _drawing(note)
    if drawn is None:
        return False
    content = drawn.read_bytes()
    return bool(_WRITES.search(content)) or b" Do" in content


def _set(pdf: pikepdf.Pdf, texts: Sequence[_Text]) -> None:
    """Give each annotation the drawing of its text."""
    if not texts:
        return
    with pikepdf.open(io.BytesIO(_typeset(texts))) as made:
        for text, page in zip(texts, made.pages, strict=True):
            drawing = pdf.copy_foreign(page.as_form_xobject())
            drawing.Matrix = pikepdf.Array(_turned(_rotation(text.note)))
            text.note["/AP"] = pikepdf.Dictionary(N=drawing)


def _rotation(note: Any) -> int:
    turned = note.get("/MK", pikepdf.Dictionary()).get("/R", 0)
    return int(turned) % 360 if isinstance(turned, int) else 0


def _turned(degrees: int) -> list[int]:
    """Return the matrix that turns a drawing counter-clockwise; where it then lies follows from its Rect."""
    return {90: [0, 1, -1, 0, 0, 0], 180: [-1, 0, 0, -1, 0, 0], 270: [0, -1, 1, 0, 0, 0]}.get(
        degrees, [1, 0, 0, 1, 0, 0]
    )


def _typeset(texts: Sequence[_Text]) -> bytes:
    """Return a PDF with a page of the annotation's size for each text."""
    import typst  # noqa: PLC0415 - seldom needed, and every file has a child that would import it

    faces = [{"name": f.family, "covers": "latin-in-cjk"} if f.latin_only else f.family for f in FACES["song"]]
    items = {"faces": faces, "texts": [_item(text) for text in texts]}
    compiler = typst.Compiler(
        input=_SOURCE.encode(),
        font_paths=typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts_folder())]
        ),
        ignore_system_fonts=True,
        sys_inputs={"items": json.dumps(items, ensure_ascii=False)},
    )
    return cast("bytes", compiler.compile(format="pdf"))


def _item(text: _Text) -> dict[str, Any]:
    left, bottom, right, top = (float(side) for side in text.note["/Rect"])
    sides = max(abs(right - left), 1), max(abs(top - bottom), 1)
    width, height = sides if _rotation(text.note) % 180 == 0 else sides[::-1]
    return {
        "width": min(width, 5000),
        "height": min(height, 5000),
        "text": with_geta(text.text, uncovered(text.text, "song")),
        "size": text.size,
        "turn": text.turn,
        "multiline": text.multiline,
        "comb": text.comb,
    }


def _keep_drawn(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Leave on each page the annotations that are seen and drawn; say which that have something to say are not."""
    for number, page in enumerate(pdf.pages, 1):
        seen = [note for note in _notes(page) if not int(note.get("/F", 0)) & (_HIDDEN | _NO_VIEW)]
        kept = [note for note in seen if str(note.get("/Subtype")) in _DRAWN]
        for note in kept:
            note["/F"] = int(note.get("/F", 0)) & ~_INVISIBLE
        page.obj["/Annots"] = pikepdf.Array(kept)
        lost = [note for note in seen if _says_unseen(note)]
        if lost:
            yield f"第 {number} 页的 {len(lost)} 处批注没有印出"


def _says_unseen(note: Any) -> bool:
    subtype = str(note.get("/Subtype"))
    if subtype == "/Text":
        return bool(_text(note.get("/Contents")).strip())
    return subtype in _DRAWN - {"/Widget"} and _drawing(note) is None
