"""Filling the workbook of a form: join the compiled bytes with the answers, deflate, zip."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from xml.sax.saxutils import escape

from services.answers import label_at, place_at, schedules
from services.carriers.reading import Filled
from services.carriers.xlsx.blocks import SLAB_MM
from services.carriers.xlsx.book import NOTICE, Book, Sizes, book, content_types
from services.carriers.xlsx.drawing import Photo, drawing_xml, relations_xml, suffix
from services.carriers.xlsx.layout import PAGE_MM, Leaf, default_sizes, leaves
from services.carriers.xlsx.measure import INDENT_MM, height_mm
from services.carriers.xlsx.plan import Sheet, Spot
from services.carriers.xlsx.sheetxml import HEADER, Entries, part_xml
from services.carriers.xlsx.style import TEXT_ANSWER
from services.carriers.xlsx.values import LONGEST, text_tail
from services.carriers.zipped import Member, ended, member, zipped
from services.findings import Finding, Problem, Severity, found
from services.form import Form
from services.identity import Stamp
from services.kinds import Picture
from services.kinds.text import unprintable
from services.paper import qr
from services.record import Record, entries_of, rows

SPARE_ROWS = 3
_STEP = 5
"""A long table's printed rows go up in steps, so that workbooks of like sizes share a compiled sheet."""

_QR_MM = 22.0


def fill(form: Form, record: Record, stamp: Stamp) -> Filled:
    """Return the workbook of `record`; the same record and stamp give the same bytes.

    What had to be left out (characters that no file may hold, texts beyond Excel's cell) is a finding.
    """
    entries = entries_of(form, record)
    compiled = book(form, sizes_of(form, record, entries))
    return Filled(data=_package(form, compiled, entries, stamp), findings=tuple(_left_out(form, entries)))


# ---- sizes --------------------------------------------------------------------------------------


def sizes_of(form: Form, record: Record, entries: Entries) -> Sizes:
    """Return the sizes that a record needs, sheet by sheet."""
    return tuple(tuple(sorted(_grown(form, record, entries, leaf).items())) for leaf in leaves(form))


def _grown(form: Form, record: Record, entries: Entries, leaf: Leaf) -> dict[str, int]:
    sizes = default_sizes(form, leaf)
    for key, least in sizes.items():
        schedule = schedules(form).get(key)
        if schedule is not None:
            sizes[key] = (
                least if schedule.totals_of else _printed_rows(len(rows(record, key)), least, schedule.max_rows)
            )
        elif isinstance(text := entries.get(key), str):
            needed = height_mm(text, PAGE_MM[leaf.page] - INDENT_MM, TEXT_ANSWER.size)
            sizes[key] = max(least, int(needed // SLAB_MM * 1.2) + 1)
    return sizes


def _printed_rows(count: int, least: int, most: int) -> int:
    """Return how many rows are printed for `count` rows of answers: room for a few more, but never more than asked."""
    wanted = count + SPARE_ROWS
    return least if wanted <= least else max(count, least, min(most, -(-wanted // _STEP) * _STEP))


# ---- the package --------------------------------------------------------------------------------


def _package(form: Form, compiled: Book, entries: Entries, stamp: Stamp) -> bytes:
    answers = {**entries, HEADER: stamp.header}
    photos = {0: _code(compiled.sheets[0], stamp)} | dict(_photos(compiled, entries))
    count = len(compiled.parts) + 1
    members = [_kept("[Content_Types].xml", content_types(count, [n + 1 for n in sorted(photos)]))]
    members += compiled.fixed
    for number, part in enumerate(compiled.parts):
        data, end = part_xml(part, answers, drawn=number in photos)
        members.append(ended(f"xl/worksheets/sheet{number + 1}.xml", data, end))
    members += (member(f"xl/worksheets/sheet{count}.xml", _meta(form, stamp)),)
    for number, photo in sorted(photos.items()):
        members += _drawn(number + 1, photo)
    members += (
        member("docProps/core.xml", _core(form, stamp).encode()),
        member("docProps/custom.xml", _custom(form, stamp).encode()),
    )
    return zipped(members)


def _meta(form: Form, stamp: Stamp) -> bytes:
    """Return the hidden sheet that says what the file is."""
    lines = ((name, value) for name, value in _properties(form, stamp))
    made = b"".join(
        b'<row r="%d"><c r="A%d"%s<c r="B%d"%s</row>' % (n, n, text_tail(name), n, text_tail(value))
        for n, (name, value) in enumerate(lines, 1)
    )
    return (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<cols><col min="1" max="2" width="30" customWidth="1"/></cols>'
        b"<sheetData>" + made + b'</sheetData><sheetProtection sheet="1"/></worksheet>'
    )


def _properties(form: Form, stamp: Stamp) -> tuple[tuple[str, str], ...]:
    return (
        ("FormToken", stamp.token),
        ("FormId", form.id),
        ("FormEdition", form.edition.id if form.edition else ""),
        ("FormRegion", form.region),
        ("RecordId", stamp.record),
    )


def _core(form: Form, stamp: Stamp) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(form.title)}</dc:title><dc:subject>{escape(stamp.token)}</dc:subject>"
        f"<dc:description>{escape(NOTICE)}</dc:description><dc:language>zh-CN</dc:language></cp:coreProperties>"
    )


def _custom(form: Form, stamp: Stamp) -> str:
    made = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{pid}" name="{name}">'
        f"<vt:lpwstr>{escape(value)}</vt:lpwstr></property>"
        for pid, (name, value) in enumerate(_properties(form, stamp), 2)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        f'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">{made}</Properties>'
    )


# ---- pictures -----------------------------------------------------------------------------------


def _code(cover: Sheet, stamp: Stamp) -> Photo:
    """Return the QR code of the token, at the top right of the first sheet."""
    last = len(cover.widths_mm) - 1
    return Photo(
        row=1,
        col=last,
        left_mm=max(0.0, cover.widths_mm[last] - _QR_MM),
        top_mm=1,
        width_mm=min(_QR_MM, cover.widths_mm[last]),
        height_mm=min(_QR_MM, cover.widths_mm[last]),
        name="QR",
        data=qr.png(stamp.token),
    )


def _photos(compiled: Book, entries: Entries) -> Iterator[tuple[int, Photo]]:
    for number, spot in compiled.photos:
        data = entries.get(spot.path)
        kind = spot.field.kind if spot.field else None
        if isinstance(data, bytes) and isinstance(kind, Picture):
            yield number, _photo(compiled.sheets[number], spot, kind, data)


def _photo(page: Sheet, spot: Spot, kind: Picture, data: bytes) -> Photo:
    """Return the photograph in the middle of its cell, made smaller where the cell is."""
    height = sum(page.heights_mm[spot.row : spot.row + spot.rows])
    share = min(1.0, (spot.width_mm - 1) / kind.width_mm, (height - 1) / kind.height_mm)
    wide, high = kind.width_mm * share, kind.height_mm * share
    return Photo(
        row=spot.row,
        col=spot.col,
        left_mm=(spot.width_mm - wide) / 2,
        top_mm=min((height - high) / 2, page.heights_mm[spot.row] - 0.5),
        width_mm=wide,
        height_mm=high,
        name=f"F_{spot.path}",
        data=data,
    )


def _drawn(number: int, photo: Photo) -> Sequence[Member]:
    media = f"picture{number}.{suffix(photo.data)}"
    return (
        _kept(
            f"xl/worksheets/_rels/sheet{number}.xml.rels",
            relations_xml(("drawing", f"../drawings/drawing{number}.xml")),
        ),
        _kept(f"xl/drawings/drawing{number}.xml", drawing_xml(photo)),
        _kept(f"xl/drawings/_rels/drawing{number}.xml.rels", relations_xml(("image", f"../media/{media}"))),
        member(f"xl/media/{media}", photo.data),
    )


@lru_cache(maxsize=256)
def _kept(name: str, data: bytes) -> Member:
    """Return a part that is the same in most workbooks of a form, deflated once."""
    return member(name, data)


# ---- what is left out ---------------------------------------------------------------------------


def _left_out(form: Form, entries: Mapping[str, object]) -> Iterator[Finding]:
    for path, value in entries.items():
        if isinstance(value, str) and value:
            gone = () if value.isprintable() else unprintable(value)
            problem = _removed(gone) if gone else _cut(len(value)) if len(value) > LONGEST else None
            if problem is not None:
                yield found(problem, field=path, label=label_at(form, path), place=place_at(form, path))


def _removed(gone: tuple[str, ...]) -> Problem:
    names = "、".join(gone)
    return Problem(
        rule="N01",
        code="text.unprintable",
        severity=Severity.CONFIRM,
        phrase=f"含有不能打印的字符 {names},已去掉",
        phrase_en=f"held unprintable characters {names}, removed",
        got=names,
        want="可打印的文字",
        remedy="请核对这一格的文字是否完整",
    )


def _cut(length: int) -> Problem:
    return Problem(
        rule="D08",
        code="text.cell-limit",
        severity=Severity.MUST_FIX,
        phrase=f"有 {length} 个字符,Excel 的一格最多放 {LONGEST} 个,后面的没有写入",
        phrase_en=f"has {length} characters, a cell of Excel holds {LONGEST}; the rest was left out",
        got=f"{length} 个字符",
        want=f"不超过 {LONGEST} 个字符",
        remedy="请压缩文字,或改用 Word 表格",
    )
