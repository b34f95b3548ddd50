"""A template compiled once and rendered many times: docxtpl's dialect at the cost of the printing alone.

docxtpl turns the XML of a part into Jinja2 source (`patch_xml`); the sandboxed template is then run
piece by piece. Literal pieces are kept as bytes, values are escaped and encoded one by one, and parts
without tags are copied as they were deflated.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree
from markupsafe import Markup

from services.carriers.zipped import Member, member, zipped

MAIN_PART = "word/document.xml"
RELATIONS_PART = "word/_rels/document.xml.rels"
RENDERED = re.compile(r"word/(?:document|header[^/]*|footer[^/]*|footnotes)\.xml|docProps/(?:core|custom)\.xml")
XML_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_TICK = re.compile(r"\{\{\s*['‘’]√['‘’] if (.+) else ['‘’]□['‘’]\s*\}\}")
_RUN = re.compile(r"<w:r(?: [^>]*)?>")
_RUN_PROPERTIES = re.compile(r"<w:rPr>.*?</w:rPr>", re.DOTALL)
_BREAK = '</w:t><w:br/><w:t xml:space="preserve">'
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


class TemplateError(ValueError):
    """A template cannot be used; the message says in Chinese what is wrong and what to do."""


class _Environment(ImmutableSandboxedEnvironment):
    """Looks a name up among a mapping's keys before (and instead of) its methods."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return `obj.attribute` of a template."""
        if type(obj) is dict:
            try:
                return obj[attribute]
            except KeyError:
                return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)


ENVIRONMENT = _Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
_PATCH = DocxTemplate.patch_xml


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part with tags: its name and compiled template; `literals` grows to the bytes of each fixed piece."""

    name: str
    template: Template
    literals: dict[str, tuple[bytes, str | None]] = field(default_factory=dict)

    def pieces(self, names: dict[str, Any]) -> Iterator[bytes]:
        """Yield the part's bytes with `names` printed in it."""
        literals = self.literals
        properties = ""
        yield XML_HEAD
        for piece in self.template.root_render_func(self.template.new_context(names)):
            if type(piece) is Markup:
                yield _value(piece, properties)
                continue
            known = literals.get(piece)
            if known is None:
                known = literals[piece] = (piece.encode(), _last_run_properties(piece))
            if known[1] is not None:
                properties = known[1]
            yield known[0]


def _last_run_properties(literal: str) -> str | None:
    """Return the run properties in force at the end of a fixed piece, None when it opens no run."""
    opened = [match.end() for match in _RUN.finditer(literal)]
    if not opened:
        return None
    found = _RUN_PROPERTIES.match(literal, opened[-1])
    return found[0] if found else ""


def _value(text: str, properties: str) -> bytes:
    """Return an escaped value with its line breaks and tabs as Word writes them.

    `str.replace`, since the method of Markup would escape what is put in.
    """
    if "\t" in text:
        tab = f'</w:t></w:r><w:r>{properties}<w:tab/></w:r><w:r>{properties}<w:t xml:space="preserve">'
        text = str.replace(text, "\t", tab)
    if "\n" in text:
        text = str.replace(text, "\n", _BREAK)
    return text.encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A template ready to be filled: every member in its order, compiled where it has tags.

    `pictures` is the name of a drawing → the part that holds its picture.
    """

    members: tuple[Member | Part, ...]
    pictures: Mapping[str, str]

    def render(self, names: dict[str, Any], media: Mapping[str, bytes]) -> bytes:
        """Return the docx with `names` printed; `media` replaces or adds whole parts by name.

        Raises:
            TemplateError: the template uses a name that there is not.
        """
        try:
            made = [self._made(m, names, media) for m in self.members]
        except (UndefinedError, SecurityError) as error:
            raise TemplateError(f"Word 模板用了没有的名字:{error}。请用 census templates lint 检查") from error
        known = {m.name.decode() for m in made}
        return zipped([*made, *(member(name, data) for name, data in media.items() if name not in known)])

    def _made(self, m: Member | Part, names: dict[str, Any], media: Mapping[str, bytes]) -> Member:
        if isinstance(m, Part):
            return member(m.name, *m.pieces(names))
        replaced = media.get(m.name.decode())
        return m if replaced is None else member(m.name.decode(), replaced)


@lru_cache(maxsize=32)
def compiled(template: bytes) -> Compiled:
    """Return the template compiled; the same bytes are compiled once.

    Raises:
        TemplateError: it is not a docx, or its tags cannot be understood.
    """
    parts = dict(unpacked(template))
    members = tuple(
        Part(name=name, template=_template(name, data)) if has_tags(name, data) else member(name, data)
        for name, data in parts.items()
    )
    return Compiled(members=members, pictures=_pictures(parts))


def unpacked(template: bytes) -> tuple[tuple[str, bytes], ...]:
    """Return the parts of a docx in their order.

    Raises:
        TemplateError: it is not a docx.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as archive:
            parts = tuple((info.filename, archive.read(info)) for info in archive.infolist() if not info.is_dir())
    except zipfile.BadZipFile as error:
        raise TemplateError("Word 模板不是 docx 文件。请用 census templates build 重新制作") from error
    if MAIN_PART not in dict(parts):
        raise TemplateError(f"Word 模板里没有 {MAIN_PART}。请用 census templates build 重新制作")
    return parts


def has_tags(name: str, data: bytes) -> bool:
    """Return whether a part is printed into: it is of a kind that is, and holds a tag."""
    return bool(RENDERED.fullmatch(name) and b"{" in data)


def _template(name: str, data: bytes) -> Template:
    try:
        return ENVIRONMENT.from_string(source(data))
    except TemplateSyntaxError as error:
        raise TemplateError(
            f"Word 模板 {name} 里的标记写错了:{error.message}。请改正后用 census templates lint 检查"
        ) from error


def source(data: bytes) -> str:
    """Return the Jinja2 source of a part, as docxtpl makes it from the part's XML."""
    return _PATCH(None, expanded(data))  # pyright: ignore[reportArgumentType]  # it uses no state


def expanded(data: bytes) -> str:
    """Return a part's XML with the state of every tick box following the mark it prints."""
    root = etree.fromstring(data, _PARSER)
    for control in root.iter(f"{_W}sdt"):
        state = control.find(f"{_W}sdtPr/{_W14}checkbox/{_W14}checked")
        if state is None:
            continue
        match = _TICK.search("".join(text.text or "" for text in control.iter(f"{_W}t")))
        if match:
            condition = match[1].replace('"', "'")
            state.set(f"{_W14}val", f"{{{{ '1' if {condition} else '0' }}}}")
    return etree.tostring(root, encoding="unicode")


def _pictures(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the parts of the drawings in the body, by the drawing's name."""
    relations = etree.fromstring(parts.get(RELATIONS_PART, b"<none/>"), _PARSER)
    targets = {relation.get("Id"): f"word/{relation.get('Target')}" for relation in relations}
    found = {}
    for drawing in etree.fromstring(parts[MAIN_PART], _PARSER).iter(f"{_W}drawing"):
        name = next((e.get("name") for e in drawing.iter("{*}docPr")), None)
        embedded = next((value for e in drawing.iter("{*}blip") for value in e.attrib.values()), None)
        if name and embedded in targets:
            found[name] = targets[embedded]
    return found
