"""Office files in the strict form of the standard, as Word's and Excel's own choice in their dialogues for saving."""

import io
import zipfile

STRICT = (
    ("schemas.openxmlformats.org/wordprocessingml/2006/main", "purl.oclc.org/ooxml/wordprocessingml/main"),
    ("schemas.openxmlformats.org/spreadsheetml/2006/main", "purl.oclc.org/ooxml/spreadsheetml/main"),
    (
        "schemas.openxmlformats.org/officeDocument/2006/relationships",
        "purl.oclc.org/ooxml/officeDocument/relationships",
    ),
    ("schemas.openxmlformats.org/drawingml/2006/", "purl.oclc.org/ooxml/drawingml/"),
)


def made_strict(data: bytes) -> bytes:
    """The file with the namespaces of the strict form in every part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            for usual, strict in STRICT if name.endswith((".xml", ".rels")) else ():
                part = part.replace(usual.encode(), strict.encode())
            new.writestr(name, part)
    return out.getvalue()
