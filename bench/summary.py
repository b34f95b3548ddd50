"""Summaries of a national survey, measured: 10,000 rows beside openpyxl, resembling texts, lines in memory.

    .venv/bin/python bench/summary.py [rows] [words of one measurement]

Each measurement runs in a process of its own: seconds of its processor, and how far its memory rises above
what it was when the work began. Bars: the workbook of 10,000 stations in under 10 s, its memory not growing
with the rows; resembling texts among 8,000 texts in under 30 s.

The last lines are the whole command, from record files to the workbook (bench/summary_whole.py).
"""

from __future__ import annotations

import gc
import multiprocessing
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from services.catalogue import concrete
from services.sample import sample
from services.survey.judge import judge
from services.survey.line import Line, Origin, reduce
from services.survey.printed import piece
from services.survey.shingles import resemblances, signature
from services.survey.stations import survey_of
from services.survey.tables import Made, summaries, texts
from services.survey.terms import Terms
from services.survey.workbook import write

TEXTS = 8_000
SAMPLES = 40
STATIONS_A_UNIT = 400
WHOLE = "the whole command"
CHARACTERS = tuple(map(chr, range(0x4E00, 0x4E00 + 3000)))


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    only = sys.argv[2] if len(sys.argv) > 2 else ""
    print(f"{'what':54} {'CPU s':>8} {'MB over start':>14} {'KB out':>8}")
    for name, work, size in (
        (f"census summary, workbook of {rows:,} stations", ours, rows),
        (f"  the same of {rows * 4:,} stations", ours, rows * 4),
        (f"openpyxl write-only, the same cells, {rows:,}", openpyxl_streamed, rows),
        (f"  the same of {rows * 4:,}", openpyxl_streamed, rows * 4),
        (f"openpyxl as usual, the same cells, {rows:,}", openpyxl_usual, rows),
        (f"typeset 汇总表1 of {rows // 5:,} stations", typeset_pages, rows // 5),
        (f"lines of {TEXTS:,} stations in memory", lines_held, TEXTS),
        (f"all rules over {TEXTS:,} stations", judged, TEXTS),
        (f"signatures of {TEXTS:,} texts of 2,000 字", signatures, TEXTS),
        (f"resembling texts among {TEXTS:,} texts, 1 % copied", copies, TEXTS),
        (f"resembling texts among {TEXTS:,} texts, all one specimen", one_specimen, TEXTS),
    ):
        if only in name:
            report(name, work, size)
    if only in WHOLE:
        subprocess.run([sys.executable, str(Path(__file__).with_name("summary_whole.py")), str(rows)], check=True)


def report(name: str, work: Callable[[int], tuple[float, int]], size: int) -> None:
    """Run a measurement in a fresh process and print its line."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        seconds, out, before, peak = pool.apply(measured, (work, size))
    print(f"{name:54} {seconds:8.2f} {peak - before:14.0f} {out / 1024:8.0f}", flush=True)


def measured(work: Callable[[int], tuple[float, int]], size: int) -> tuple[float, int, float, float]:
    """Return seconds, bytes written, and the memory before the work itself and at its peak, in MB."""
    seconds, out = work(size)
    return seconds, out, BEFORE["mb"], peak_mb()


BEFORE: dict[str, float] = {"mb": 0.0}


def started() -> float:
    """Return the processor's clock; the memory's high-water mark begins anew at this moment."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    BEFORE["mb"] = peak_mb()
    return time.process_time()


def peak_mb(pid: str = "self") -> float:
    """Return the high-water mark of a process's memory (VmHWM) in MB, 0 when it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    return int((status.partition("VmHWM:")[2].split() or ["0"])[0]) / 1024


# ---- invented lines -------------------------------------------------------------------------------


def lines(count: int, *, texts_of: Callable[[int], str] | None = None) -> list[Line]:
    """Return the lines of `count` stations: those of a few samples with codes, names and scores of their own."""
    form = concrete("evaluation")
    few = [reduce(form, sample(form, seed), Origin(name=f"{seed}.json")) for seed in range(SAMPLES)]
    made = []
    for number in range(count):
        line = few[number % SAMPLES]
        unit, serial = divmod(number, STATIONS_A_UNIT)
        code = f"{10 + unit % 90:02}{serial % 40:02}{1 + number % 3}{serial:03}"
        facts = dict(line.facts) | {
            "code": code,
            "name": f"{line.facts['name']}第{number}",
            "licence_no": f"苏鉴许字2001-{number:06}",
            "review_total": Decimal(600 + number % 400) / 10,
        }
        named = (("conclusion", signature(texts_of(number))),) if texts_of else ()
        made.append(replace(line, facts=MappingProxyType(facts), texts=named, origin=Origin(name=f"{number}.json")))
    return made


def tables(count: int) -> tuple[Made, ...]:
    return summaries(survey_of(lines(count)))


# ---- workbooks ------------------------------------------------------------------------------------


def ours(count: int) -> tuple[float, int]:
    made = tables(count)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.xlsx"
        begin = started()
        write(path, made, "汇总")
        return time.process_time() - begin, path.stat().st_size


def openpyxl_streamed(count: int) -> tuple[float, int]:
    return openpyxl_written(count, write_only=True)


def openpyxl_usual(count: int) -> tuple[float, int]:
    return openpyxl_written(count, write_only=False)


def openpyxl_written(count: int, *, write_only: bool) -> tuple[float, int]:
    """Write the same cells, framed, by openpyxl: it cannot write a formula together with its value."""
    return written(tables(count), started, write_only=write_only)


def written(made: tuple[Made, ...], start: Callable[[], float], *, write_only: bool) -> tuple[float, int]:
    """Write the cells of tables, framed, by openpyxl."""
    from openpyxl import Workbook  # noqa: PLC0415 - only in this process
    from openpyxl.cell.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Alignment, Border, Font, Side  # noqa: PLC0415

    thin = Side(style="thin")
    look: dict[str, Any] = {
        "font": Font(name="仿宋", size=9),
        "border": Border(left=thin, right=thin, top=thin, bottom=thin),
        "alignment": Alignment(wrap_text=True, vertical="center"),
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.xlsx"
        begin = start()
        book = Workbook(write_only=write_only)
        for one in made:
            sheet = book.create_sheet(one.table.sheet)
            for number, row in enumerate(one.rows, 1):
                if write_only:
                    cells = []
                    for value in (number, *row):
                        cell = WriteOnlyCell(sheet, value)  # pyright: ignore[reportArgumentType]
                        cell.font, cell.border, cell.alignment = look["font"], look["border"], look["alignment"]
                        cells.append(cell)
                    sheet.append(cells)
                else:
                    for column, value in enumerate((number, *row), 1):
                        cell = sheet.cell(number, column, value)
                        cell.font, cell.border, cell.alignment = look["font"], look["border"], look["alignment"]
        book.save(path)
        return time.process_time() - begin, path.stat().st_size


def typeset_pages(count: int) -> tuple[float, int]:
    from services.paper.typeset import typeset  # noqa: PLC0415 - only in this process

    made = tables(count)[0]
    begin = started()
    pdf = typeset([piece(made, "one")], title="汇总").pdf
    return time.process_time() - begin, len(pdf)


# ---- rules over all -------------------------------------------------------------------------------


def lines_held(count: int) -> tuple[float, int]:
    form = concrete("evaluation")
    records = [sample(form, seed) for seed in range(SAMPLES)]
    begin = started()
    held = [reduce(form, records[number % SAMPLES], Origin(name=f"{number}.json")) for number in range(count)]
    return time.process_time() - begin, len(held) * 0


def judged(count: int) -> tuple[float, int]:
    survey = survey_of(lines(count, texts_of=own_text))
    begin = started()
    judge(survey, Terms(today=date(2006, 10, 10)))
    return time.process_time() - begin, sum(len("".join(row)) for made in summaries(survey)[1:2] for row in texts(made))


def own_text(number: int) -> str:
    return "".join(Random(number).choices(CHARACTERS, k=2000))


def signatures(count: int) -> tuple[float, int]:
    written = [own_text(number) for number in range(count)]
    begin = started()
    signed = [signature(text) for text in written]
    return time.process_time() - begin, sum(map(len, signed))


def copies(count: int) -> tuple[float, int]:
    """One text in a hundred is another's with a few words changed; each must be found, and no other."""
    written = [own_text(number) for number in range(count)]
    for number in range(99, count, 100):
        written[number] = "改写" + written[number - 50][20:]
    signed = [(number, signature(text)) for number, text in enumerate(written)]
    begin = started()
    found = list(resemblances(signed))
    seconds = time.process_time() - begin
    if [later for later, _, _ in found] != list(range(99, count, 100)):
        raise SystemExit("a copy was missed, or a text was taken for one")
    return seconds, 0


def one_specimen(count: int) -> tuple[float, int]:
    """All texts come from one specimen, names and figures changed: the worst that can happen to an index."""
    base = own_text(1)
    signed = [(number, signature(f"{base[:900]}{own_text(number)[:60]}{base[960:]}")) for number in range(count)]
    begin = started()
    found = list(resemblances(signed))
    seconds = time.process_time() - begin
    if len(found) != count - 1:
        raise SystemExit("a copy was missed")
    return seconds, 0


if __name__ == "__main__":
    main()
