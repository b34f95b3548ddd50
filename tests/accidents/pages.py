"""What is done to a fillable PDF: typing in its fields, saving it again, flattening it, printing it to a file."""

import io
import subprocess
from random import Random
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

from services.answers import field_at, scalars
from services.form import Form
from services.kinds import Choice, Choices, Picture, Tick, YesNo
from tests.accidents import invented
from tests.accidents.truth import Truth
from tests.accidents.writings import written


class Pages:
    """A PDF and its form."""

    def __init__(self, form: Form, data: bytes) -> None:
        self.form, self.data = form, data

    def saved(self) -> bytes:
        return self.data


def pages_of(form: Form, data: bytes) -> Pages:
    return Pages(form, data)


def _fields(document: Any) -> dict[str, Any]:
    """The text fields of a document by their name."""
    found: dict[str, Any] = {}
    waiting = [(field, "") for field in document.Root.AcroForm.Fields]
    while waiting:
        field, above = waiting.pop()
        name = ".".join(part for part in (above, str(field.get("/T", ""))) if part)
        kids = [kid for kid in field.get("/Kids", []) if "/T" in kid]
        waiting += [(kid, name) for kid in kids]
        if not kids and field.get("/FT") == "/Tx":
            found[name] = field
    return found


def _may_type(form: Form, truth: Truth, path: str) -> bool:
    if path not in truth.entries or truth.entries[path] is None:
        return False
    asked = field_at(form, path)
    repeated = path in scalars(form) and asked.copied
    return not (asked.total_of or repeated or isinstance(asked.kind, Choice | Choices | Picture | Tick | YesNo))


def fields_typed(pages: Pages, truth: Truth, chance: Random) -> bool:
    """Other values put into fields by a program, their appearance left to the viewer."""
    with pikepdf.open(io.BytesIO(pages.data)) as document:
        fields = _fields(document)
        paths = [path for path in sorted(fields) if _may_type(pages.form, truth, path)]
        for path in chance.sample(paths, min(len(paths), chance.randint(1, 10))):
            kind = field_at(pages.form, path).kind
            truth.entries[path] = invented.value_of(kind, chance)
            text = (
                kind.show(truth.entries[path]) if chance.random() < 0.5 else written(kind, truth.entries[path], chance)
            )
            fields[path]["/V"] = pikepdf.String(text)
        document.Root.AcroForm["/NeedAppearances"] = True
        out = io.BytesIO()
        document.save(out)
    pages.data = out.getvalue()
    truth.may_tell |= {"record.edited"} if paths else set()
    return bool(paths)


def saved_again(pages: Pages, truth: Truth, chance: Random) -> bool:
    """Linearised and recompressed by qpdf's library."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pages.data)) as document:
        document.save(out, linearize=True, recompress_flate=True)
    pages.data = out.getvalue()
    del truth, chance
    return True


def flattened(pages: Pages, truth: Truth, chance: Random) -> bool:
    """Flattened by pdfium, as Chrome's print dialogue does."""
    document = pypdfium2.PdfDocument(pages.data)
    document.init_forms()
    for number in range(len(document)):
        page = document[number]
        pdfium.FPDFPage_Flatten(page, pdfium.FLAT_PRINT)
    out = io.BytesIO()
    document.save(out)
    pages.data = out.getvalue()
    del truth, chance
    return True


def printed(pages: Pages, truth: Truth, chance: Random) -> bool:
    """Printed to a file by poppler (pdftocairo)."""
    done = subprocess.run(
        ["pdftocairo", "-pdf", "-", "-"], input=pages.data, capture_output=True, check=False, timeout=120
    )
    if not done.stdout:
        return False
    pages.data = done.stdout
    truth.may_tell |= {"layout.printed"}
    del chance
    return True
