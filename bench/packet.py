"""How fast a packet is bound, and how large it is, beside merging the same forms with pypdf, qpdf and pdfunite.

    python bench/packet.py [--stations 40]

Inputs of all: form 1 of the same invented stations. Ours starts from their records and does the whole job:
checks, typesetting, contents, bookmarks, page numbers, manifest, originals and records embedded, seal. The
others get the finished PDF of each form (made before the clock starts) and only put them one behind the
other. Memory is the largest sum over all processes of a run, in proportion to what they share (PSS). Each is
run with a quarter of the stations too: the last column is what a thousand pages more take, in the process that
puts them together.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from invented import province
from services import desk
from services.catalogue import concrete
from services.record import from_json
from services.settings import load_settings

ROOT = Path(__file__).resolve().parent.parent
OURS = """
import sys
from datetime import date
from pathlib import Path
from services.bundle.packet import Job, Options, bind_to
from services.bundle.source import sources_in
from services.check import Context
from services.settings import load_settings
job = Job(recipe="region", sources=sources_in([sys.argv[1]]), context=Context(today=date(2006, 10, 16)),
          settings=load_settings(), options=Options(signed_on=date(2006, 10, 16)))
assert bind_to(job, Path(sys.argv[2])).manifest
"""
PYPDF = """
import sys
from pypdf import PdfWriter
writer = PdfWriter()
for name in sys.argv[2:]:
    writer.append(name)
writer.write(sys.argv[1])
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run: seconds by the clock, of processor time, memory in MB of all and of the first process, what it wrote."""

    seconds: float
    cpu: float
    memory: float
    own: float
    pages: int
    size: int


def family(root: int) -> list[int]:
    """Return a process and all that it started."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = (folder / "stat").read_text(encoding="utf-8")
        except OSError:
            continue
        parents[int(folder.name)] = int(told.rpartition(")")[2].split()[1])
    found = [root]
    for process in found:
        found += [child for child, parent in parents.items() if parent == process]
    return found


def memory_mb(root: int) -> float:
    total = 0
    for process in family(root):
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8").splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def own_mb(process: int) -> float:
    """Return the most memory that a process had so far."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def run(command: Sequence[str], target: Path) -> Run:
    """Run a command and watch it and its children until it ends."""
    before = os.times()
    began = time.monotonic()
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    peak = own = 0.0
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) as process:
        while process.poll() is None:
            peak, own = max(peak, memory_mb(process.pid)), max(own, own_mb(process.pid))
            time.sleep(0.05)
        if process.returncode:
            raise SystemExit((process.stderr.read() if process.stderr else b"").decode())
    seconds, after = time.monotonic() - began, os.times()
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    with pikepdf.open(target) as made:
        pages = len(made.pages)
    return Run(seconds=seconds, cpu=cpu, memory=peak, own=own, pages=pages, size=target.stat().st_size)


def prepared(folder: Path, stations: int) -> list[str]:
    """Write the records and, for the others, each form as a PDF; return the PDFs' names."""
    settings, form = load_settings(), concrete("evaluation")
    (folder / "records").mkdir()
    files = []
    taken = (one for one in province(stations * 2) if one.fate not in ("returned", "late"))
    for station, _ in zip(taken, range(stations), strict=False):
        data = station.records["evaluation"]
        (folder / "records" / f"{station.code}.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        record, _findings = from_json(form, data)
        files.append(str(folder / f"{station.code}.pdf"))
        Path(files[-1]).write_bytes(desk.issue(form, record, "pdf", settings).data)
    return files


def measured(folder: Path, records: Path, files: Sequence[str]) -> dict[str, Run]:
    """Return a run of each on the same stations: the folder of their records, and their finished PDFs."""
    out = [str(folder / f"{number}.out") for number in range(4)]
    commands = {
        "census bind region": [sys.executable, "-c", OURS, str(records), out[0]],
        "pypdf (merge only)": [sys.executable, "-c", PYPDF, out[1], *files],
        "qpdf (merge only)": ["qpdf", "--empty", "--pages", *files, "--", out[2]],
        "pdfunite (merge only)": ["pdfunite", *files, out[3]],
    }
    return {title: run(commands[title], Path(target)) for title, target in zip(commands, out, strict=True)}


def quarter(folder: Path, files: Sequence[str]) -> tuple[Path, Sequence[str]]:
    """Return the records and the PDFs of every fourth station, the records in a folder of their own."""
    fewer = folder / "fewer"
    fewer.mkdir()
    for file in files[::4]:
        record = folder / "records" / f"{Path(file).stem}.json"
        (fewer / record.name).write_bytes(record.read_bytes())
    return fewer, files[::4]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stations", type=int, default=40)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = prepared(folder, chosen.stations)
        few = measured(folder, *quarter(folder, files))
        many = measured(folder, folder / "records", files)
    print(
        f"{'':22} {'pages':>6} {'s':>7} {'CPU s':>7} {'pages/s':>8} {'MB memory':>10} {'MB file':>8} {'KB/page':>8}"
        f" {'MB/1,000 more pages':>20}"
    )
    for title, made in many.items():
        growth = (made.own - few[title].own) / (made.pages - few[title].pages) * 1000
        print(
            f"{title:22} {made.pages:6} {made.seconds:7.1f} {made.cpu:7.1f} {made.pages / made.seconds:8.1f}"
            f" {made.memory:10.0f} {made.size / 1e6:8.2f} {made.size / 1e3 / made.pages:8.2f} {growth:20.1f}"
        )


if __name__ == "__main__":
    main()
