"""An OOXML file opened with the care that a stranger's file needs; Word and Excel files alike.

Everything is judged by the zip directory before a byte is unpacked, and sizes are counted again while
unpacking. No part with a DOCTYPE is ever parsed, no relation to the outside is ever followed.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from services.carriers.archive import is_xml, open_zip, unpack
from services.carriers.reading import UnreadableError
from services.carriers.refusals import bomb, broken, macro, not_office
from services.carriers.strict import transitional

TABLE_DEPTH = 8
SHARED_STRINGS = 500_000

Element = etree._Element  # noqa: SLF001 - lxml gives its elements no public type
_MAIN_TYPES = {
    b"wordprocessingml.document.main+xml": "docx",
    b"wordprocessingml.template.main+xml": "docx",
    b"spreadsheetml.sheet.main+xml": "xlsx",
    b"spreadsheetml.template.main+xml": "xlsx",
}
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_TYPE = re.compile(rb"<(?:\w+:)?(?:Default|Override)\b[^>]*>")
_EXTENSION = re.compile(rb'<(?:\w+:)?Default\b[^>]*?\bExtension="([^"]+)"')
_MENDABLE = frozenset(
    {
        etree.ErrorTypes.ERR_TAG_NAME_MISMATCH,
        etree.ErrorTypes.ERR_ATTRIBUTE_REDEFINED,
        etree.ErrorTypes.ERR_INVALID_CHAR,
        etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """An opened file: its kind, its XML parts unpacked, and how to unpack the others.

    `external` names the relations that point outside the file: (part, type, target).
    """

    kind: Literal["docx", "xlsx"]
    data: bytes
    parts: Mapping[str, bytes]
    archive: zipfile.ZipFile
    external: Sequence[tuple[str, str, str]]

    def media(self, name: str) -> bytes:
        """Return a part that is not XML (a picture); b'' when there is none of that name.

        Raises:
            UnreadableError: it does not unpack to what the directory says.
        """
        if name not in self.archive.namelist():
            return b""
        return unpack(self.data, self.archive.getinfo(name))


def open_container(data: bytes) -> Container:
    """Return the OOXML file in `data`, checked, its namespaces the usual ones also where it is in the strict form.

    Raises:
        UnreadableError: not-office, truncated, encrypted, macro, bomb, unsafe-names, doctype or nested.
    """
    archive = open_zip(data)
    names = archive.namelist()
    if "[Content_Types].xml" not in names:
        raise not_office()
    _refuse_macros(names, b"")
    parts = {info.filename: unpack(data, info) for info in archive.infolist() if is_xml(info.filename)}
    for name, part in parts.items():
        _refuse_doctype(name, part)
    types = parts["[Content_Types].xml"]
    _refuse_macros(names, types)
    kind = next((kind for main, kind in _MAIN_TYPES.items() if main in types), None)
    if kind is None:
        raise not_office()
    _refuse_shapes(kind, parts)
    usual = transitional(parts)
    return Container(
        kind="docx" if kind == "docx" else "xlsx", data=data, parts=usual, archive=archive, external=_external(usual)
    )


def _refuse_macros(names: Sequence[str], types: bytes) -> None:
    """Refuse a file with a macro part. SheetJS declares a macro type for *.bin in files that hold no such part."""
    if b"macroEnabled" not in types and "vbaproject" not in "\n".join(names).casefold():
        return
    told = (tag for tag in _TYPE.findall(types) if b"macroEnabled" in tag)
    extensions = (_EXTENSION.search(tag) for tag in told)
    endings = tuple(found[1].decode().casefold() if found else "" for found in extensions)
    if any(name.casefold().endswith(("vbaproject.bin", *endings)) for name in names):
        raise macro()


def _refuse_doctype(name: str, part: bytes) -> None:
    # A part in UTF-16 hides the word from a search for bytes.
    if part[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\x00" in part[:4]:
        part = part.replace(b"\x00", b"")
    if b"!" in part and b"<!" in part and _DECLARES.search(part):
        raise UnreadableError(
            "doctype",
            f"文件的“{name}”部分含有实体声明(DOCTYPE),Word 和 Excel 从不这样保存,不能接收。请重新下载空表填写。",
            f"{name} holds a DOCTYPE, which no office program writes",
        )


def _refuse_shapes(kind: str, parts: Mapping[str, bytes]) -> None:
    for name, part in parts.items():
        if kind == "docx" and name.startswith("word/") and _table_depth(part) > TABLE_DEPTH:
            raise UnreadableError(
                "nested",
                f"文件里的表格套了 {TABLE_DEPTH} 层以上,读不出来。请重新下载空表,把内容填在原来的格子里。",
                f"tables are nested more than {TABLE_DEPTH} deep",
            )
        if name == "xl/sharedStrings.xml" and part.count(b"<si") > SHARED_STRINGS:
            raise bomb(f"有 {SHARED_STRINGS} 个以上的文字", f"more than {SHARED_STRINGS} shared strings")


def _table_depth(part: bytes) -> int:
    depth = deepest = 0
    for piece in part.split(b"w:tbl>")[:-1]:
        depth += -1 if piece.endswith(b"</") else 1
        deepest = max(deepest, depth)
    return deepest


def _external(parts: Mapping[str, bytes]) -> tuple[tuple[str, str, str], ...]:
    found: list[tuple[str, str, str]] = []
    for name, part in parts.items():
        if name.endswith(".rels") and b"External" in part:
            found += (
                (name, relation.get("Type", "").rpartition("/")[2], relation.get("Target", ""))
                for relation in parse_xml(part)
                if relation.get("TargetMode") == "External"
            )
    return tuple(entry for entry in found if entry[1] != "hyperlink")


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(recover=recover, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def parse_xml(part: bytes) -> Element:
    """Return the root of an XML part; small faults that editors leave are mended.

    Raises:
        UnreadableError: it is not XML.
    """
    return parse_mended(part)[0]


def parse_mended(part: bytes) -> tuple[Element, bool]:
    """Return the root of an XML part, and whether it had to be mended.

    Raises:
        UnreadableError: it is not XML, or has a DOCTYPE.
    """
    try:
        root, mended = etree.fromstring(part, _parser(recover=False)), False
    except etree.XMLSyntaxError as error:
        if error.code not in _MENDABLE:  # pyright: ignore[reportAttributeAccessIssue] - lxml has it, its stubs have not
            raise broken() from error
        root, mended = etree.fromstring(part, _parser(recover=True)), True
    except ValueError as error:
        raise broken() from error
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise broken()
    return root, mended
