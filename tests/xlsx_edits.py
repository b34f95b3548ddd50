"""What people and programs do to a workbook, done by openpyxl: it knows nothing of the code under test."""

import io
import zipfile
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from openpyxl import Workbook, load_workbook

from services.carriers import xlsx
from services.carriers.reading import Reading
from services.catalogue import concrete
from services.form import Form
from services.identity import stamp
from services.record import Record, entries_of, parse
from services.sample import sample


def filled(form: Form, record: Record) -> bytes:
    return xlsx.fill(form, record, stamp(form, record, b"test")).data


@lru_cache(maxsize=8)
def sample_of(name: str) -> tuple[Form, Record, bytes]:
    form = concrete(name)
    record = sample(form, 1)
    return form, record, filled(form, record)


def record_in(form: Form, data: bytes) -> tuple[Record, Reading]:
    reading = xlsx.read(form, data)
    return parse(form, reading.raw, reading.pictures, reading.places)[0], reading


def differences(form: Form, one: Record, other: Record) -> dict[str, tuple[object, object]]:
    """The answers in which two records differ."""
    here, there = entries_of(form, one), entries_of(form, other)
    return {path: (here.get(path), there.get(path)) for path in {**here, **there} if here.get(path) != there.get(path)}


def codes(reading: Reading) -> list[str]:
    return [finding.code for finding in reading.findings]


def opened(data: bytes, *, values: bool = False) -> Any:
    return load_workbook(io.BytesIO(data), data_only=values)


def saved(workbook: Any) -> bytes:
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def edited(data: bytes, change: Callable[[Any], object]) -> bytes:
    """The workbook after `change`, with formulas turned to the values that they had."""
    workbook = opened(data, values=True)
    change(workbook)
    return saved(workbook)


def without_names(workbook: Any) -> None:
    for name in list(workbook.defined_names):
        del workbook.defined_names[name]


def copied(data: bytes) -> bytes:
    """The values alone in a new workbook, as copying and pasting leaves them."""
    new = Workbook()
    new.remove(new.worksheets[0])
    for sheet in opened(data, values=True).worksheets:
        target = new.create_sheet(sheet.title)
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    target.cell(cell.row, cell.column, cell.value).number_format = cell.number_format
    return saved(new)


def with_parts(data: bytes, parts: dict[str, bytes]) -> bytes:
    """The file with some of its parts replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()
