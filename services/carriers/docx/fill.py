"""Filling the Word form: the record printed into the template of the form's edition."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup
from PIL import Image, UnidentifiedImageError

from services.answers import label_at, place_at, scalars
from services.carriers.docx.build_blocks import QR_NAME
from services.carriers.docx.compiled import MAIN_PART, RELATIONS_PART, TemplateError, compiled, unpacked
from services.carriers.docx.context import Context, context_of
from services.carriers.docx.ooxml import inline_picture
from services.carriers.docx.templates import check_usable, template_of
from services.carriers.reading import Filled
from services.findings import Finding, Problem, Severity, found
from services.form import Form
from services.identity import Stamp
from services.kinds import Picture
from services.kinds.picture import media_type
from services.paper import qr
from services.record import Record

_IMAGE_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
_FIRST_PICTURE = 9000


def fill(form: Form, record: Record, stamp: Stamp) -> Filled:
    """Return the Word form filled with `record`, and what had to be said of its texts and pictures.

    The same record and stamp give the same bytes.

    Raises:
        TemplateError: the template is missing or does not say what the form asks.
    """
    template = template_of(form)
    check_usable(form, template)
    return render(form, template, context_of(form, record, stamp), stamp)


def render(form: Form, template: bytes, context: Context, stamp: Stamp) -> Filled:
    """Return `template` with a context printed into it, its QR code and pictures in their places.

    Raises:
        TemplateError: the template uses a name that the context has not.
    """
    ready = compiled(template)
    media = {part: qr.png(stamp.token) for name, part in ready.pictures.items() if name == QR_NAME}
    placed = _placed(form, context)
    if placed.drawings:
        media |= placed.media
        media[RELATIONS_PART] = _with_relations(template, placed)
    data = ready.render({**context.names, **placed.drawings}, media)
    return Filled(data=data, findings=(*context.findings, *placed.findings))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """The pictures of a record: their drawings by path, their files by part name, what is wrong with them."""

    drawings: Mapping[str, Markup]
    media: Mapping[str, bytes]
    relations: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]


def _placed(form: Form, context: Context) -> _Placed:
    drawings: dict[str, Markup] = {}
    media: dict[str, bytes] = {}
    relations: list[tuple[str, str]] = []
    findings: list[Finding] = []
    for number, (path, data) in enumerate(context.pictures.items(), _FIRST_PICTURE):
        size = _printed_size(form, path, data)
        if size is None:
            findings.append(_unprintable(form, path))
            continue
        name, relation = f"media/{path}.{media_type(data)}", f"rIdPicture{number}"
        drawing = inline_picture(relation, number, path, size)
        # The value stands inside <w:r><w:t>: it closes them and opens them again, as docxtpl's InlineImage does.
        drawings[path] = Markup('</w:t></w:r><w:r>{}</w:r><w:r><w:t xml:space="preserve">').format(Markup(drawing))  # noqa: S704 - our own XML, nothing of the record
        media[f"word/{name}"] = data
        relations.append((relation, name))
    return _Placed(drawings=drawings, media=media, relations=tuple(relations), findings=tuple(findings))


def _printed_size(form: Form, path: str, data: bytes) -> tuple[float, float] | None:
    """Return width and height in mm of a picture within its place on the form, None when it is no picture."""
    kind = scalars(form)[path].kind
    if not isinstance(kind, Picture) or media_type(data) is None:
        return None
    try:
        with Image.open(io.BytesIO(data)) as image:
            width, height = image.size
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None
    scale = min(kind.width_mm / width, kind.height_mm / height)
    return width * scale, height * scale


def _unprintable(form: Form, path: str) -> Finding:
    problem = Problem(
        rule="D07",
        code="picture.unreadable",
        severity=Severity.MUST_FIX,
        phrase="应为 jpg 或 png 照片,这个文件不能作为照片打开,没有放进表里",
        phrase_en="should be a jpg or png photograph; this file cannot be opened and was left out",
        want="jpg 或 png",
        remedy="请换一个照片文件",
    )
    return found(problem, field=path, label=label_at(form, path), place=place_at(form, path))


def _with_relations(template: bytes, placed: _Placed) -> bytes:
    """Return the body's relations with the pictures added.

    Raises:
        TemplateError: the template's body has no relations.
    """
    parts = dict(unpacked(template))
    if RELATIONS_PART not in parts:
        raise TemplateError(f"Word 模板里没有 {RELATIONS_PART},{MAIN_PART} 不能放照片")
    rows = "".join(
        f'<Relationship Id="{relation}" Type="{_IMAGE_RELATION}" Target="{name}"/>'
        for relation, name in placed.relations
    )
    return parts[RELATIONS_PART].replace(b"</Relationships>", f"{rows}</Relationships>".encode())
