"""Summaries of a national survey, measured: 10,000 rows beside openpyxl, resembling texts, lines in memory.

    .venv/bin/python bench/summary.py [rows] [words of one measurement]

Each measurement runs in a process of its own: seconds of its processor, and how far its memory rises above
what it was when the work began. Bars: the workbook of 10,000 stations in under 10 s, its memory not growing
with the rows; resembling texts among 8,000 texts in under 30 s.

The last lines are the whole command, from record files on the disk to the workbook, by the clock and with the
most memory of its processes: the lines of 10,000 forms are what it keeps. Beside it the way it is usually done:
one process reads every file as JSON and writes as many cells by openpyxl, without a look at them. Bar: 10,000
records in under 30 s on two idle cores.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import resource
import subprocess
import sys
import tempfile
import threading
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
from services.record import to_json
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
RECOMMENDED = 20
"""Every so many stations one is recommended, with a form of its own."""
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
        whole(rows)


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


# ---- from files to the workbook -------------------------------------------------------------------


def whole(count: int) -> None:
    """Print what the whole command takes for `count` evaluation forms and some recommendations, and the usual way."""
    print(f"{WHOLE:54} {'clock s':>8} {'CPU s':>14} {'MB':>8}  MB of other processes")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "in"
        files = write_records(folder, count)
        command = [sys.executable, "cli.py", "summary", str(folder), "-o", f"{name}/out.xlsx"]
        clock, cpu, peaks = run(command)
        others = " ".join(f"{mb:.0f}" for mb in peaks[1:])
        print(f"{f'census summary of {files:,} records':54} {clock:8.1f} {cpu:14.1f} {peaks[0]:8.0f}  {others}")
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            clock, cpu, peak = pool.apply(usual, (folder, count))
        print(f"{'json.loads and openpyxl write-only, no check':54} {clock:8.1f} {cpu:14.1f} {peak:8.0f}", flush=True)


def write_records(folder: Path, count: int) -> int:
    """Write record files of `count` stations, each with texts of its own, and return how many they are."""
    folder.mkdir()
    files = 0
    for form_id, every in (("evaluation", 1), ("station-recommendation", RECOMMENDED)):
        form = concrete(form_id)
        few = [json.dumps(to_json(form, sample(form, seed)), ensure_ascii=False) for seed in range(SAMPLES)]
        for number in range(0, count, every):
            record = json.loads(few[number % SAMPLES])
            unit, serial = divmod(number, STATIONS_A_UNIT)
            code = f"{10 + unit % 90:02}{serial % 40:02}{1 + number % 3}{serial:03}"
            values = record["values"]
            values |= {"agency_code": code, "name": f"{values['name']}第{number}"}
            values |= {key: own_text(number)[:500] for key in ("conclusion", "deeds") if key in values}
            (folder / f"{code}-{form_id}.json").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
            files += 1
    return files


def run(command: list[str]) -> tuple[float, float, list[float]]:
    """Return seconds by the clock and of processors, and each process's most memory in MB, its own first."""
    before, clock = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peaks: dict[int, float] = {}
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.05):
            for pid in (process.pid, *below(process.pid)):
                peaks[pid] = max(peaks.get(pid, 0), peak_mb(str(pid)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    if process.wait() not in (0, 1):  # 1 tells that forms have faults
        raise SystemExit("the command failed")
    ended.set()
    watcher.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - clock, cpu, list(peaks.values())


def below(pid: int) -> list[int]:
    """Return the processes that a process has started, and theirs."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    return [found for child in map(int, children) for found in (child, *below(child))]


def usual(folder: Path, count: int) -> tuple[float, float, float]:
    """Read every file as JSON and write as many cells; return seconds by the clock and of the processor, and MB."""
    made = tables(count)
    clock, cpu = time.monotonic(), started()
    for path in sorted(folder.iterdir()):
        json.loads(path.read_bytes())
    written(made, time.process_time, write_only=True)
    return time.monotonic() - clock, time.process_time() - cpu, peak_mb()


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
