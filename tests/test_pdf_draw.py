"""PDF forms that LibreOffice Draw opened and saved: it sets lines wider than they were, and nothing was changed."""

import ctypes
import io
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from services.carriers import pdf
from services.carriers.pdf.drawn import Letter
from services.carriers.pdf.run_over import runs_over
from services.catalogue import concrete
from services.findings import Finding, Severity
from services.form import Form
from services.identity import stamp
from services.record import empty
from services.sample import sample
from services.settings import fonts_of
from tests import pdf_edits as edits

STATION = "station-recommendation"


@pytest.fixture(scope="module")
def form() -> Form:
    return concrete(STATION)


@pytest.fixture(scope="module")
def by_draw(form: Form, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The form blank, filled, and with its sixth note changed, saved by Draw."""
    filled = issued(form, sample(form, 3))
    return saved_by_draw(
        tmp_path_factory.mktemp("draw"),
        {
            "blank": issued(form, empty(form)),
            "filled": filled,
            "changed": edits.retyped(filled, "没有内容的填", "没有内容的写"),
            "unquoted": edits.taken_out(filled, "”。", page=1),
        },
    )


def issued(form: Form, record: Any) -> bytes:
    return pdf.fill(form, record, stamp(form, record, b"test")).data


def saved_by_draw(folder: Path, files: Mapping[str, bytes]) -> dict[str, bytes]:
    office = shutil.which("soffice")
    assert office, "no LibreOffice: run ./dev setup test"
    for name, data in files.items():
        (folder / f"{name}.pdf").write_bytes(data)
    subprocess.run(
        [
            *(office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"),
            *("--infilter=draw_pdf_import", "--convert-to", "pdf", "--outdir", str(folder / "out")),
            *(str(folder / f"{name}.pdf") for name in files),
        ],
        env={**os.environ, "FONTCONFIG_FILE": str(fonts_of() / "fonts.conf")},
        capture_output=True,
        check=True,
        timeout=180,
    )
    return {name: (folder / "out" / f"{name}.pdf").read_bytes() for name in files}


def asked(form: Form, data: bytes) -> list[Finding]:
    told = (f for f in pdf.read(form, data).findings if f.severity is not Severity.NOTE)
    return [f for f in told if f.code != "layout.printed"]


@pytest.mark.parametrize("name", ["blank", "filled"])
def test_a_form_that_draw_saved_gives_no_alarm(by_draw, form, name):
    assert asked(form, by_draw[name]) == []


@pytest.mark.parametrize(("name", "words"), [("changed", "没有内容的写"), ("unquoted", "数量为零的填“0”")])
def test_a_note_that_was_changed_is_told_though_draw_saved_it(by_draw, form, name, words):
    findings = asked(form, by_draw[name])
    assert {finding.rule for finding in findings} == {"D02"}
    assert words in "".join(f"{finding.got}{finding.want}" for finding in findings).replace(" ", "")


# ---- other faces --------------------------------------------------------------------------------


def lowered(data: bytes, share: float) -> bytes:
    """With all printed Chinese lower by a share of its size, as a face that stands in for another sets it."""
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            for thing in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_TEXT,)):
                size = ctypes.c_float()
                pdfium.FPDFTextObj_GetFontSize(thing.raw, size)
                pdfium.FPDFPageObj_Transform(thing.raw, 1, 0, 0, 1, 0, -share * size.value)
            page.gen_content()
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def test_letters_that_another_face_sets_lower_are_no_change(form):
    assert asked(form, lowered(edits.flattened(issued(form, sample(form, 3))), 0.3)) == []


def test_a_changed_label_is_told_whatever_face_it_is_set_in(form):
    changed = edits.retyped(issued(form, empty(form)), "许可证编号", "许可证号码")
    assert {finding.code for finding in asked(form, lowered(changed, 0.3))} == {"layout.changed"}


# ---- letters by hand ----------------------------------------------------------------------------


def line(*letters: tuple[str, float]) -> list[Letter]:
    """Letters of ten points, digits half as wide, on one base line."""
    return [Letter(text, left, left + (5 if text.isdigit() else 10), 100.0, 10.0) for text, left in letters]


ISSUED = line(("填", 0), ("“", 10), ("无", 15), ("的", 25), ("填", 35), ("“", 40), ("0", 50), ("”", 55), ("。", 60))


def test_a_stretch_that_runs_over_the_next_is_the_same_text():
    # The first stretch is set without pulling “ together: its end lies over the figure and the mark behind it.
    drawn = line(("填", 0), ("“", 10), ("无", 20), ("的", 30), ("填", 42), ("“", 53), ("0", 50), ("”", 55), ("。", 65))
    assert runs_over(ISSUED, drawn)


def test_letters_that_stand_cleanly_in_another_order_are_another_text():
    wanted = line(("满", 0), ("分", 10), ("1", 20), ("5", 25))
    assert not runs_over(wanted, line(("满", 0), ("分", 10), ("1", 25), ("5", 20)))


def test_another_letter_is_another_text():
    assert not runs_over(ISSUED, [*line(("写", 0)), *ISSUED[1:]])


def test_a_stretch_that_begins_elsewhere_than_it_was_issued_is_another_text():
    moved = line(("填", 0), ("“", 10), ("无", 20), ("的", 30), ("填", 42), ("“", 53), ("0", 46), ("”", 51), ("。", 61))
    assert not runs_over(ISSUED, moved)
