"""What is wrong with a Word template: said all at once, in Chinese, with the place in the document.

A template may be edited by hand in Word; this is what tells whether it still is the declared form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches

from jinja2 import TemplateSyntaxError
from lxml import etree

from services.answers import label_at
from services.carriers.docx.build_blocks import QR_NAME
from services.carriers.docx.build_package import PROPERTIES
from services.carriers.docx.compiled import MAIN_PART, RENDERED, TemplateError, has_tags, source, unpacked
from services.carriers.docx.places import Placed, paragraphs
from services.carriers.docx.tags import EACH, Uses, known_paths, uses, wanted_options, wanted_paths
from services.findings import Finding, Problem, Severity, found
from services.form import Form

_TRACKED = ("ins", "del", "moveFrom", "moveTo")
_WIDE = re.compile(r"｛[｛%]|[%｝]｝|\{｛|｛\{")
_TAG = re.compile(r"\{[{%#]")
_NAME = re.compile(r"[A-Za-z_][\w.]*")
_DIRECTIVE = re.compile(r"\{%(tr|p|r)\s")
_OPEN = re.compile(r"\{%-?\s*(?:for|if)\b")
_CLOSE = re.compile(r"\{%-?\s*(?:endfor|endif)\b")
_WHOLE_DIRECTIVE = re.compile(r"\s*\{%(?:tr|p|r)\s[^%]*%\}\s*")


def lint(form: Form, template: bytes) -> tuple[Finding, ...]:
    """Return everything that is wrong with a template of `form`, none when it can be used.

    Raises:
        TemplateError: it is not a docx.
    """
    members = unpacked(template)
    parts = dict(members)
    if len(parts) != len(members):
        raise TemplateError("Word 模板里有重名的部件。请用 Word 另存一次,或用 census templates build 重新制作")
    try:
        body = paragraphs(parts[MAIN_PART])
    except etree.XMLSyntaxError as error:
        raise TemplateError(f"Word 模板的 {MAIN_PART} 不是完好的 XML:{error}") from error
    read, broken = _read(parts)
    return (
        *broken,
        *_hand_work(body, parts),
        *(() if broken else _answers(form, _together(read), body)),
        *_identity(parts, read),
    )


def _finding(code: str, message: str, english: str, place: str = "", *, field: str = "") -> Finding:
    problem = Problem(code=f"template.{code}", rule="", severity=Severity.MUST_FIX, phrase=message, phrase_en=english)
    return found(problem, field=field, label="", place=place or "Word 模板")


def _read(parts: Mapping[str, bytes]) -> tuple[Mapping[str, Uses], tuple[Finding, ...]]:
    """Return what each part uses, and the parts whose tags cannot be understood."""
    read: dict[str, Uses] = {}
    broken: list[Finding] = []
    for name, data in parts.items():
        if not has_tags(name, data):
            continue
        try:
            read[name] = uses(source(data))
        except (TemplateSyntaxError, etree.XMLSyntaxError) as error:
            said = _in_chinese(str(getattr(error, "message", error)))
            broken.append(_finding("syntax", f"{name} 里的标记不成对或写错:{said}", f"{name}: {error}"))
    return read, tuple(broken)


def _together(read: Mapping[str, Uses]) -> Uses:
    return Uses(
        paths=frozenset().union(*(u.paths for u in read.values())),
        options=frozenset().union(*(u.options for u in read.values())),
        filters=frozenset().union(*(u.filters for u in read.values())),
    )


def _in_chinese(message: str) -> str:
    if "Unexpected end of template" in message or "unexpected end" in message:
        return f"有 for 或 if 没有对应的 endfor 或 endif({message})"
    if "unknown tag" in message.lower():
        return f"endfor、endif 多出一个,或前面的 for、if 不见了({message})"
    return message


# ---- what a hand may have done in Word -------------------------------------------------------------


def _hand_work(body: tuple[Placed, ...], parts: Mapping[str, bytes]) -> Iterator[Finding]:
    for name, data in parts.items():
        yield from _part_faults(name, data)
    for piece in body:
        for said, english, is_wrong in _PARAGRAPH_FAULTS:
            if is_wrong(piece):
                yield _finding("hand", f"“{piece.text.strip()}”{said}", f"{english}: {piece.text.strip()}", piece.place)


def _part_faults(name: str, data: bytes) -> Iterator[Finding]:
    if RENDERED.fullmatch(name) and any(f"<w:{kind} ".encode() in data for kind in _TRACKED):
        yield _finding("tracked", f"{name} 里有修订痕迹。请在 Word 里接受全部修订后再存", f"{name} has tracked changes")
    if name.startswith("word/") and name.endswith(".xml") and not RENDERED.fullmatch(name) and b"{{" in data:
        yield _finding("unprinted", f"{name} 里有标记,但这一部分不填写。请移到正文里", f"{name} is never printed into")
    if name.endswith(".rels") and re.search(rb'TargetMode="External"', data) and b"/hyperlink" not in data:
        yield _finding("external", f"{name} 引用了文件以外的内容。请改为嵌入", f"{name} refers to something outside")


def _drops_text(piece: Placed) -> bool:
    text = piece.row_text if "{%tr" in piece.text else piece.text
    return bool(_DIRECTIVE.search(piece.text)) and not _WHOLE_DIRECTIVE.fullmatch(text)


def _is_uneven(piece: Placed) -> bool:
    return len(_OPEN.findall(piece.text)) != len(_CLOSE.findall(piece.text))


_PARAGRAPH_FAULTS: tuple[tuple[str, str, Callable[[Placed], bool]], ...] = (
    ("用了全角的花括号,不会被填写。请改为半角 {{ }}", "full-width braces", lambda p: bool(_WIDE.search(p.text))),
    (
        "旁边的文字会在填写时丢失。{%tr … %} 要独占一行,{%p … %} 要独占一段",
        "text beside a row tag is lost",
        _drops_text,
    ),
    (
        "里 for、if 与 endfor、endif 不在同一段。跨行的循环请用 {%tr … %}",
        "a loop is not closed where it began",
        _is_uneven,
    ),
    ("不能用 {{r … }}、{{p … }}", "rich text is not used", lambda p: bool(re.search(r"\{\{[rp]\s", p.text))),
)


# ---- answers and places ----------------------------------------------------------------------------


def _answers(form: Form, used: Uses, body: tuple[Placed, ...]) -> Iterator[Finding]:
    known = known_paths(form)
    for path in sorted(used.paths - known):
        if not path.startswith("loop.") and not _is_prefix(path, known):
            yield _unknown(path, known, body)
    for path in wanted_paths(form):
        if path not in used.paths:
            yield _missing(form, path)
    for path, option in wanted_options(form):
        if path in used.paths and (path, option) not in used.options:
            said = f"“{_label(form, path)}”缺少选项“{option}”的方框"
            yield _finding("option", said, f"{path} has no box for {option}", field=path)
    yield from (
        _finding("filter", "不能用 safe:填写的内容一律转义", "safe is refused") for f in used.filters if f == "safe"
    )
    yield from _controls(body)


def _is_prefix(path: str, known: frozenset[str]) -> bool:
    return any(k.startswith(f"{path}.") for k in known)


def _unknown(path: str, known: frozenset[str], body: tuple[Placed, ...]) -> Finding:
    last = path.rsplit(".", 1)[-1]
    place = next((p.place for p in body if _TAG.search(p.text) and last in _words(p.text)), "")
    close = get_close_matches(path, known, 1)
    hint = f"是不是 {close[0].replace(f'{EACH}.', '')}?" if close else "请删去或改正"
    return _finding("unknown", f"标记 {path} 不是本表的栏目。{hint}", f"{path} is not an answer of this form", place)


def _words(text: str) -> frozenset[str]:
    return frozenset(part for name in _NAME.findall(text) for part in name.split("."))


def _label(form: Form, path: str) -> str:
    if path.startswith("regional_"):
        return f"增加项目 {path}"
    return label_at(form, path.replace(f".{EACH}.", ".0.")).replace(" 第1行", "")


def _missing(form: Form, path: str) -> Finding:
    return _finding("missing", f"“{_label(form, path)}”({path})在模板里没有位置", f"{path} has no place", field=path)


def _controls(body: tuple[Placed, ...]) -> Iterator[Finding]:
    """Yield the controls whose tag names another answer than the one they print."""
    for piece in body:
        for tag, text in piece.controls:
            parts = [name for name in _NAME.findall(text) if name not in ("if", "else", "in", "not", "loop.index")]
            if parts and tag.rsplit(".", 1)[-1] not in {name.rsplit(".", 1)[-1] for name in (*parts, *_as_value(tag))}:
                said = f"控件的标记(tag)是 {tag},里面却是 {text.strip()}"
                yield _finding("control", said, f"control {tag} prints {text.strip()}", piece.place)


def _as_value(tag: str) -> tuple[str, ...]:
    """Return what a regional answer's control may print although its tag is the answer's key."""
    return (tag,) if "field.key" in tag else ()


def _identity(parts: Mapping[str, bytes], read: Mapping[str, Uses]) -> Iterator[Finding]:
    custom = parts.get("docProps/custom.xml", b"").decode("utf-8", "replace")
    for name in PROPERTIES:
        if f'name="{name}"' not in custom:
            yield _finding("identity", f"文件属性里没有 {name},填好的表认不出自己", f"no custom property {name}")
    if "docProps/core.xml" not in read or "token" not in read["docProps/core.xml"].paths:
        yield _finding("identity", "主题(文件属性)里没有 {{ token }},填好的表认不出自己", "token is not printed")
    for name in parts:
        if name.startswith("word/header") and (name not in read or "header" not in read[name].paths):
            yield _finding(
                "identity", f"页眉 {name} 里没有 {{{{ header }}}},填好的表认不出自己", f"no header in {name}"
            )
    if f'name="{QR_NAME}"'.encode() not in parts[MAIN_PART]:
        yield _finding("identity", f"没有名为 {QR_NAME} 的二维码图片", f"no drawing named {QR_NAME}")
