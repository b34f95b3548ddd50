"""PDF by Typst: our forms, and whatever else a packet prints, in one compile.

A piece names the Typst source that prints it (`form` is form.typ) and brings its data; values travel as
JSON and are printed as strings, never evaluated. Several pieces in one document share their fonts and
are numbered through. The result is PDF/A-2b, tagged, and the same bytes for the same input.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import typst

from services.answers import label_at, place_at
from services.findings import Finding, Problem, Severity, found
from services.form import Form
from services.paper.coverage import FACES, fonts_folder
from services.paper.typeset_form import Piece, sheet

__all__ = ["Binding", "Piece", "Typeset", "continued", "sheet", "typeset"]

SOURCES = Path(__file__).parent
ISSUED_AT = datetime(2006, 7, 3, tzinfo=UTC)
"""The creation date in every PDF, the day of the notice: a clock would make the bytes differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """The place of an answer: points from the top left corner of its page (counted from 1).

    One that runs over pages has the page of its upper left corner, and `last_page` that of its lower right one.
    """

    piece: str
    path: str
    page: int
    last_page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Typeset:
    """A PDF, and where things stand in it. Pages count from 1 in this PDF, whatever number they bear.

    `pages` is piece → first and last page; `parts` is piece → (title, page) of each part with a title;
    `spans` is (piece, path) → first and last page of every text that may run over pages; `boxes` are
    the places of the answers of fillable pieces, in printed order. `lead` is the number of pages before
    the first one that are no part of the document.
    """

    pdf: bytes
    count: int
    pages: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    parts: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    spans: Mapping[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    boxes: tuple[Box, ...] = ()
    lead: int = 0


_MARKS = "query(<mark>).map(mark => (mark.value, mark.location().page()))"
_CORNERS = (
    'query(<mark>).filter(mark => mark.value.what == "corner").map(mark => (mark.value, mark.location().position()))'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """What differs when pieces are bound into a packet.

    `codes` (piece → 机构编码-表号) print a second number on each page; a piece that goes on with another one has
    so many pages `before` it. Without `tagged` the PDF has no structure tree, which would be most of a large
    packet's bytes. With `letters` the PDF begins with a page
    that prints them in every face and is no part of the document (`Typeset.lead`): PDFs with the same
    letters embed the same fonts.
    """

    codes: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, int] = field(default_factory=dict)
    tagged: bool = True
    letters: str = ""


def typeset(
    pieces: Sequence[Piece], *, title: str, subject: str = "", first_page: int = 1, binding: Binding | None = None
) -> Typeset:
    """Return the pieces as one PDF, pages numbered through from `first_page` (— 1 —, odd right, even left).

    `subject` is what the file says of itself in its properties. When bound the covers of forms are
    numbered too.

    Raises:
        ValueError: two pieces have the same key.
        typst.TypstError: a source is wrong, or a text has a character that no face covers
            (`coverage.with_geta` replaces those).
    """
    if len({piece.key for piece in pieces}) < len(pieces):
        raise ValueError("two pieces have the same key")
    job = {"title": title, "subject": subject, "first_page": first_page, "cover_numbers": binding is not None}
    if binding:
        job |= {"codes": dict(binding.codes), "before": dict(binding.before), "letters": binding.letters}
    with _compilers(pieces, job) as compiler:
        tags = binding is None or binding.tagged
        pdf = compiler().compile(format="pdf", pdf_standards=["a-2b"], timestamp=ISSUED_AT, pdf_tags=tags)
        marks = json.loads(compiler().eval(_MARKS))
        corners = json.loads(compiler().eval(_CORNERS)) if any(piece.data.get("ink") for piece in pieces) else ()
    lead = int(bool(job.get("letters")))
    made = _typeset(cast("bytes", pdf), [(mark, page - lead) for mark, page in marks])
    return replace(made, lead=lead, boxes=tuple(_boxes(corners)))


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts_folder())])


@lru_cache(maxsize=1)
def _families() -> dict[str, list[Any]]:
    return {
        role: [{"name": f.family, "covers": "latin-in-cjk"} if f.latin_only else f.family for f in faces]
        for role, faces in FACES.items()
    }


@lru_cache(maxsize=1)
def _sources() -> tuple[tuple[str, bytes], ...]:
    return tuple((path.name, path.read_bytes()) for path in sorted(SOURCES.glob("*.typ")))


def _texts(pieces: Sequence[Piece], job: Mapping[str, Any]) -> dict[str, bytes]:
    """Return what the compiler reads, by file name: the sources and the data."""
    printed = [
        {"key": piece.key, "kind": piece.kind, "folder": str(number), "data": piece.data}
        for number, piece in enumerate(pieces)
    ]
    whole = {"faces": _families(), **job, "pieces": printed}
    kinds = sorted({piece.kind for piece in pieces})
    return {
        **dict(_sources()),
        "main.typ": _main(kinds).encode(),
        "job.json": json.dumps(whole, ensure_ascii=False).encode(),
    }


@contextmanager
def _compilers(pieces: Sequence[Piece], job: Mapping[str, Any]) -> Generator[Callable[[], typst.Compiler]]:
    """Give out compilers of the pieces. Pictures need files; without them nothing is written to the disk.

    A compiler of texts in memory forgets them after its first answer, so that each question needs a new one.
    """
    texts = _texts(pieces, job)
    if not any(piece.pictures for piece in pieces):
        yield lambda: typst.Compiler(input=cast("Any", texts), font_paths=_fonts(), ignore_system_fonts=True)
        return
    with tempfile.TemporaryDirectory(prefix="typeset-") as name:
        folder = Path(name)
        for text_name, text in texts.items():
            (folder / text_name).write_bytes(text)
        for number, piece in enumerate(pieces):
            for picture, data in piece.pictures.items():
                (folder / f"{number}").mkdir(exist_ok=True)
                (folder / f"{number}" / picture).write_bytes(data)
        compiler = typst.Compiler(
            input=str(folder / "main.typ"), root=name, font_paths=_fonts(), ignore_system_fonts=True
        )
        yield lambda: compiler


def _main(kinds: Sequence[str]) -> str:
    """Return the main source: it calls the source of each piece in turn."""
    imports = "".join(f'#import "{kind}.typ"\n' for kind in kinds)
    renders = "".join(f'"{kind}": {kind}.render, ' for kind in kinds)
    return f'{imports}#import "base.typ": document-of\n#document-of(({renders}))\n'


def _typeset(pdf: bytes, marks: Sequence[tuple[Mapping[str, Any], int]]) -> Typeset:
    pages: dict[str, tuple[int, int]] = {}
    parts: dict[str, tuple[tuple[str, int], ...]] = {}
    spans: dict[tuple[str, str], tuple[int, int]] = {}
    for mark, page in marks:
        what, piece = mark["what"], mark.get("piece", "")
        if what == "leaf":
            pages[piece] = (pages.get(piece, (page, page))[0], page)
        elif what == "part" and mark["title"]:
            parts[piece] = (*parts.get(piece, ()), (mark["title"], page))
        elif what in {"start", "end"}:
            key = piece, mark["key"]
            spans[key] = (spans.get(key, (page, page))[0], page)
    return Typeset(
        pdf=pdf, count=max((last for _, last in pages.values()), default=0), pages=pages, parts=parts, spans=spans
    )


def _boxes(corners: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> Iterator[Box]:
    """Yield the boxes of the corners, which come in pairs: the upper left one, then the lower right one."""
    for (mark, start), (_, end) in zip(corners[::2], corners[1::2], strict=True):
        yield Box(
            piece=mark["piece"],
            path=mark["key"],
            page=start["page"],
            last_page=end["page"],
            left=_points(start["x"]),
            top=_points(start["y"]),
            right=_points(end["x"]),
            bottom=_points(end["y"]),
        )


def _points(length: str) -> float:
    return float(length.removesuffix("pt"))


def continued(form: Form, made: Typeset, piece: str) -> tuple[Finding, ...]:
    """Return what has to be said of texts that ran over to another page (rule D08)."""
    return tuple(
        found(_ran_over(first, last), field=path, label=label_at(form, path), place=place_at(form, path, page=first))
        for (owner, path), (first, last) in made.spans.items()
        if owner == piece and last > first
    )


def _ran_over(first: int, last: int) -> Problem:
    return Problem(
        rule="D08",
        code="text.continued",
        severity=Severity.NOTE,
        phrase=f"一页写不下,已从第{first}页续到第{last}页,文字没有删减",
        phrase_en=f"did not fit on page {first} and is continued up to page {last}; nothing was cut",
        got=f"第{first}–{last}页",
        want="一页以内",
        remedy="打印后请连同续页一起装订",
    )
