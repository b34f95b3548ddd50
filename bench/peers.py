"""The same form for other template engines: our template in their dialects, our records as flat values."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from services.carriers.docx.compiled import ENVIRONMENT, MAIN_PART, unpacked

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_EXPRESSION = re.compile(r"\{\{\s*(.+?)\s*\}\}")
_LOOP = re.compile(r"\{%tr for row in (\w+) %\}")
_FIELD = (
    '<w:r xmlns:w="{0}"><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r xmlns:w="{0}"><w:instrText xml:space="preserve"> MERGEFIELD {1} </w:instrText></w:r>'
    '<w:r xmlns:w="{0}"><w:fldChar w:fldCharType="separate"/></w:r><w:r xmlns:w="{0}"><w:t>x</w:t></w:r>'
    '<w:r xmlns:w="{0}"><w:fldChar w:fldCharType="end"/></w:r>'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flat:
    """A template reduced to places: each expression has a key; `tables` are the keys of each loop's row."""

    scalars: Mapping[str, str]
    tables: Mapping[str, Mapping[str, str]]


Dialect = Callable[[str, str, bool], str]
"""Key, table ('' outside of one), whether its value may have several lines → the text of the place."""


def braces(key: str, _table: str, _lines: bool) -> str:  # noqa: FBT001 - the shape of a dialect
    """Return a place of docxtemplater and easy-template-x."""
    return f"{{{key}}}"


def carbone(key: str, table: str, lines: bool) -> str:  # noqa: FBT001 - the shape of a dialect
    """Return a place of carbone."""
    owner = f"{table}[i]." if table else ""
    return f"{{d.{owner}{key}{':convCRLF()' if lines else ''}}}"


class Rewriter:
    """Rewrites the body of a template into a dialect, giving every expression a key."""

    def __init__(self, dialect: Dialect | None, many_lines: frozenset[str]) -> None:
        """Keep the dialect, None for MERGEFIELDs, and the expressions whose values have several lines."""
        self.dialect = dialect
        self.many_lines = many_lines
        self.scalars: dict[str, str] = {}
        self.tables: dict[str, dict[str, str]] = {}

    def place(self, text: Any, table: str) -> None:
        """Replace the expressions of one `w:t` by places."""
        match = _EXPRESSION.search(text.text or "")
        if match is None:
            return
        keys = self.tables.setdefault(table, {}) if table else self.scalars
        key = keys.setdefault(match[1], f"{table or 'v'}{len(keys)}")
        if self.dialect is None:
            self._merge_field(text, key)
        else:
            text.text = text.text.replace(match[0], self.dialect(key, table, match[1] in self.many_lines))

    def _merge_field(self, text: Any, key: str) -> None:
        run = text.getparent()
        field = etree.fromstring(f"<x>{_FIELD.format(W[1:-1], key)}</x>")
        for new in reversed(list(field)):
            run.addnext(new)
        run.getparent().remove(run)

    def rewrite(self, body: Any) -> None:
        """Rewrite a whole body; what only a region adds is left out."""
        _without_regional(body)
        for row in list(body.iter(f"{W}tr")):
            match = _LOOP.search(_text(row))
            if match:
                _, inner, last = row, row.getnext(), row.getnext().getnext()
                row.getparent().remove(row)
                last.getparent().remove(last)
                for text in list(inner.iter(f"{W}t")):
                    self.place(text, match[1])
                self._mark_loop(inner, match[1])
        for text in list(body.iter(f"{W}t")):
            self.place(text, "")

    def _mark_loop(self, row: Any, table: str) -> None:
        if self.dialect is braces:
            # The closing tag stands outside the last control: easy-template-x refuses it inside.
            first = next(row.iter(f"{W}t"))
            first.text = f"{{#{table}}}{first.text}"
            last = list(row.iter(f"{W}p"))[-1]
            last.append(etree.fromstring(f'<w:r xmlns:w="{W[1:-1]}"><w:t>{{/{table}}}</w:t></w:r>'))
        elif self.dialect is carbone:
            second = etree.fromstring(etree.tostring(row).replace(b"[i].", b"[i+1]."))
            row.addnext(second)


def _text(element: Any) -> str:
    return "".join(text.text or "" for text in element.iter(f"{W}t"))


def _without_regional(body: Any) -> None:
    dropping = False
    for row in list(body.iter(f"{W}tr")):
        said = _text(row)
        dropping = dropping or "{%tr for item in" in said
        if dropping or "{%tr if not" in said or "{%tr endif" in said:
            row.getparent().remove(row)
        if "{%tr endfor" in said:
            dropping = False
    inside = False
    for block in list(body.find(f"{W}body")):
        said = _text(block)
        opens, closes = "{%p if" in said, "{%p endif" in said
        inside = inside or opens
        if inside:
            block.getparent().remove(block)
        inside = inside and not closes
    for text in body.iter(f"{W}t"):
        text.text = (text.text or "").replace("{{ issued_to }}", "")


def rewritten(template: bytes, dialect: Dialect | None, many_lines: frozenset[str]) -> tuple[bytes, Flat]:
    """Return the template in a dialect, and its places."""
    rewriter = Rewriter(dialect, many_lines)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in unpacked(template):
            kept = data
            if name == MAIN_PART:
                root = etree.fromstring(data)
                rewriter.rewrite(root)
                kept = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            elif name.startswith(("word/header", "docProps/c")):
                kept = _EXPRESSION.sub("", data.decode()).encode()
            target.writestr(name, kept)
    return out.getvalue(), Flat(scalars=rewriter.scalars, tables=rewriter.tables)


def flat_record(flat: Flat, names: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record's values by the keys of the places, every value a text."""
    rows: dict[str, Any] = {}
    for table, keys in flat.tables.items():
        shown = [_shown(expression) for expression in keys]
        rows[table] = [
            dict(zip(keys.values(), (show(row=row, loop={"index": n}) for show in shown), strict=True))
            for n, row in enumerate(names[table], 1)
        ]
    return {key: _shown(expression)(**names) for expression, key in flat.scalars.items()} | rows


def _shown(expression: str) -> Callable[..., str]:
    compiled = ENVIRONMENT.compile_expression(expression)
    return lambda **names: str(compiled(**names))


def several_lines(template: bytes, contexts: list[dict[str, Any]]) -> frozenset[str]:
    """Return the expressions that print a value of several lines for any of the contexts."""
    _, flat = rewritten(template, braces, frozenset())
    found: set[str] = set()
    for names in contexts:
        record = flat_record(flat, names)
        found |= {expression for expression, key in flat.scalars.items() if "\n" in record[key]}
        for table, keys in flat.tables.items():
            found |= {e for e, key in keys.items() if any("\n" in row[key] for row in record[table])}
    return frozenset(found)


def texts(docx: bytes) -> Iterator[str]:
    """Yield the text of every paragraph of a document, for comparing engines."""
    root = etree.fromstring(dict(unpacked(docx))[MAIN_PART])
    for paragraph in root.iter(f"{W}p"):
        pieces = (t.text or "" if t.tag == f"{W}t" else "\n" for t in paragraph.iter(f"{W}t", f"{W}br"))
        yield "".join(pieces)
