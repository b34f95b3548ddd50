"""The whole of `census summary` measured, from record files on the disk to the workbook.

    .venv/bin/python bench/summary_whole.py [stations]

By the clock, and with the most memory of each process: the lines of the forms are what is kept. Beside it the
way it is usually done: one process reads every file as JSON and writes as many cells by openpyxl, without a
look at what they say. Bar: 10,000 records in under 30 s on two idle cores.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.summary import SAMPLES, STATIONS_A_UNIT, WHOLE, own_text, peak_mb, started, tables, written
from services.catalogue import concrete
from services.record import to_json
from services.sample import sample

RECOMMENDED = 20
"""Every so many stations one is recommended, with a form of its own."""


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


if __name__ == "__main__":
    whole(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
