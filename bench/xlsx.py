"""The Excel carrier beside openpyxl: filling and reading the evaluation form, paired rounds, processor time.

Run: python bench/xlsx.py [rounds]. Each round does the same job both ways, one after the other, so that
a busy machine slows both; the ratio of a round is what counts, and the median of the rounds is told.
Here the workbooks of several stations are read in turn, so that nothing kept of one flatters the next. The
sheets of the form are known before, as the service makes them while it waits (services/carriers/warming.py).
"""

import gc
import io
import statistics
import sys
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from services.carriers.xlsx import fill, read
from services.carriers.xlsx.book import book
from services.carriers.xlsx.fill import sizes_of
from services.carriers.xlsx.opened import open_workbook
from services.carriers.xlsx.prepared import preparing
from services.catalogue import concrete
from services.identity import stamp
from services.record import entries_of
from services.sample import sample

FORM = concrete("evaluation")
RECORD = sample(FORM)
STAMP = stamp(FORM, RECORD, b"bench")
FULL = fill(FORM, RECORD, STAMP).data
STATIONS = [fill(FORM, record, stamp(FORM, record, b"bench")).data for record in (sample(FORM, n) for n in range(8))]
IN_TURN = cycle(STATIONS)
list(preparing(FORM, sizes_of(FORM, RECORD, entries_of(FORM, RECORD))))
REPEATS = 8  # of the quick way in a round: one run of it is shorter than the clock is exact


def cells() -> dict[str, tuple[str, int, int]]:
    """Where each answer of the record stands: sheet, row and column from 1."""
    sheets = book(FORM, sizes_of(FORM, RECORD, entries_of(FORM, RECORD))).sheets
    spots = ((sheet.name, spot) for sheet in sheets for spot in sheet.spots if spot.role == "answer")
    return {spot.path: (name, spot.row + 1, spot.col + 1) for name, spot in spots}


def blank() -> bytes:
    """A workbook of the same sizes with nothing filled in, as a library would load it."""
    workbook = load_workbook(io.BytesIO(FULL))
    for name, row, col in cells().values():
        workbook[name].cell(row, col).value = None
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


BLANK = blank()
PLACES = cells()
VALUES = {path: value for path, value in entries_of(FORM, RECORD).items() if value is not None and path in PLACES}


def fill_by_openpyxl() -> bytes:
    workbook = load_workbook(io.BytesIO(BLANK))
    for path, value in VALUES.items():
        name, row, col = PLACES[path]
        cell: Any = workbook[name].cell(row, col)
        cell.value = "、".join(value) if isinstance(value, tuple) else value
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def fill_by_us() -> bytes:
    return fill(FORM, RECORD, STAMP).data


def values_by_openpyxl(data: bytes, *, computed: bool = True) -> int:
    workbook = load_workbook(io.BytesIO(data), data_only=computed)
    return sum(1 for sheet in workbook for row in sheet.iter_rows(values_only=True) for v in row if v is not None)


def read_by_openpyxl() -> int:
    return values_by_openpyxl(FULL)


def read_twice_by_openpyxl() -> int:
    """The values and the formulas, as read() tells both: a library gives one of the two at a time."""
    return values_by_openpyxl(FULL) + values_by_openpyxl(FULL, computed=False)


def values_by_calamine() -> int:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(FULL))
    grids = (workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in workbook.sheet_names)
    return sum(1 for grid in grids for row in grid for value in row if value != "")


def values_by_us() -> int:
    """What a reading begins with: the file guarded and unpacked, every value of its sheets."""
    return sum(len(sheet.cells) for sheet in open_workbook(next(IN_TURN)).shown.values())


def read_by_us() -> int:
    return len(read(FORM, next(IN_TURN)).raw)


def saved_by_openpyxl(data: bytes) -> bytes:
    """The workbook after a library wrote all of it anew."""
    out = io.BytesIO()
    load_workbook(io.BytesIO(data), data_only=True).save(out)
    return out.getvalue()


SAVED = [saved_by_openpyxl(data) for data in STATIONS[:4]]
SAVED_IN_TURN = cycle(SAVED)


def read_saved_by_openpyxl() -> int:
    return values_by_openpyxl(SAVED[0])


def read_saved_by_us() -> int:
    return len(read(FORM, next(SAVED_IN_TURN)).raw)


def cpu_ms(job: Callable[[], object], times: int) -> float:
    """Processor time of one run in milliseconds, the collector resting on both sides as it does in the box."""
    gc.collect()
    gc.freeze()
    gc.disable()
    start = time.process_time()
    for _ in range(times):
        job()
    spent = time.process_time() - start
    gc.enable()
    return spent / times * 1000


def compare(title: str, slow: Callable[[], object], quick: Callable[[], object], rounds: int) -> None:
    quick()
    pairs = [(cpu_ms(slow, 1), cpu_ms(quick, REPEATS)) for _ in range(rounds)]
    ratios = [a / b for a, b in pairs]
    slow_ms, quick_ms = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(
        f"{title:<44}{slow_ms:>9.1f} ms{quick_ms:>9.2f} ms{statistics.median(ratios):>8.0f}x"
        f"   ({min(ratios):.0f}..{max(ratios):.0f})"
    )


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    print(f"evaluation form, {len(VALUES)} answers, {len(FULL):,} bytes, {rounds} rounds; openpyxl | here | ratio")
    compare("fill: load, set, save | fill()", fill_by_openpyxl, fill_by_us, rounds)
    compare("read: load all values | calamine, the values", read_by_openpyxl, values_by_calamine, rounds)
    compare("read: load all values | guard and values", read_by_openpyxl, values_by_us, rounds)
    compare("read: load all values | read(), all of it", read_by_openpyxl, read_by_us, rounds)
    compare("read: values, then formulas | read()", read_twice_by_openpyxl, read_by_us, rounds)
    compare("the same, saved by another program", read_saved_by_openpyxl, read_saved_by_us, rounds)


if __name__ == "__main__":
    main()
