"""Office files in the strict form of ISO 29500 (Excel's “Strict Open XML”), brought to the form everything else is in.

The two differ in the names of their namespaces; what these files may hold besides is the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

_STRICT = b"http://purl.oclc.org/ooxml/"
_SCHEMAS = b"http://schemas.openxmlformats.org/"
_NAMES = MappingProxyType(
    {
        b"spreadsheetml/main": b"spreadsheetml/2006/main",
        b"wordprocessingml/main": b"wordprocessingml/2006/main",
        b"drawingml/main": b"drawingml/2006/main",
        b"drawingml/picture": b"drawingml/2006/picture",
        b"drawingml/chart": b"drawingml/2006/chart",
        b"drawingml/spreadsheetDrawing": b"drawingml/2006/spreadsheetDrawing",
        b"drawingml/wordprocessingDrawing": b"drawingml/2006/wordprocessingDrawing",
        b"officeDocument/relationships": b"officeDocument/2006/relationships",
        b"officeDocument/extendedProperties": b"officeDocument/2006/extended-properties",
        b"officeDocument/customProperties": b"officeDocument/2006/custom-properties",
        b"officeDocument/docPropsVTypes": b"officeDocument/2006/docPropsVTypes",
        b"officeDocument/math": b"officeDocument/2006/math",
    }
)
_NAME = re.compile(re.escape(_STRICT) + b"(" + b"|".join(map(re.escape, _NAMES)) + b")")


def transitional(parts: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Return the parts of a file with the usual namespaces; those that have them already as they are."""
    if not any(_STRICT in part for name, part in parts.items() if name.endswith("_rels/.rels")):
        return parts
    return {name: _NAME.sub(_usual, part) if _STRICT in part else part for name, part in parts.items()}


def _usual(match: re.Match[bytes]) -> bytes:
    return _SCHEMAS + _NAMES[match[1]]
