"""How fast a form is typeset as PDF, beside LibreOffice turning our own Word form of the same record into PDF.

    python bench/typeset.py [--rounds N] [--form FORM] [--at-least 3]

Paired rounds: in each, ours typesets records that it has not seen (nothing of them is remembered) with
a warm compiler, and LibreOffice converts the same records' Word forms in the same minute: *cold*, one
process a file on a profile that exists, and *warm*, the further cost of each file of a batch in one
process. The figures are CPU time a form, all threads and child processes counted; the ratio is of
the same round. `--at-least` makes the least ratio to warm LibreOffice an exit code.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from services.carriers import docx, pdf
from services.catalogue import concrete
from services.form import Form
from services.identity import stamp
from services.paper.typeset import sheet, typeset
from services.record import Record
from services.sample import sample
from services.settings import load_settings

SECRET = b"a key for measuring"
BATCH = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """CPU milliseconds a form: typesetting alone, the whole PDF carrier, LibreOffice warm and cold."""

    typeset: float
    fill: float
    warm: float
    cold: float


def own_ms(started: float, count: int) -> float:
    return (time.process_time() - started) * 1000 / count


def children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def typeset_all(form: Form, records: Sequence[Record]) -> float:
    started = time.process_time()
    for record in records:
        mark = stamp(form, record, SECRET)
        typeset((sheet(form, record, mark),), title=form.title, subject=mark.token)
    return own_ms(started, len(records))


def fill_all(form: Form, records: Sequence[Record]) -> float:
    started = time.process_time()
    for record in records:
        pdf.fill(form, record, stamp(form, record, SECRET))
    return own_ms(started, len(records))


def convert(folder: Path, files: Sequence[Path]) -> float:
    """Return the CPU seconds of one LibreOffice process over `files`."""
    before = children_s()
    command = [
        "soffice",
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--norestore",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder / "out"),
        *map(str, files),
    ]
    fonts = load_settings().fonts / "fonts.conf"
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "FONTCONFIG_FILE": str(fonts)}
    subprocess.run(command, check=True, capture_output=True, env=environment)
    missing = [file.name for file in files if not (folder / "out" / f"{file.stem}.pdf").exists()]
    if missing:
        raise SystemExit(f"LibreOffice wrote nothing for {missing}")
    return children_s() - before


def one_round(form: Form, seeds: Sequence[int], folder: Path) -> Round:
    records = [sample(form, seed) for seed in seeds]
    files = []
    for seed, record in zip(seeds, records, strict=True):
        files.append(folder / f"{form.id}-{seed}.docx")
        files[-1].write_bytes(docx.fill(form, record, stamp(form, record, SECRET)).data)
    half = len(records) // 2
    cold = convert(folder, files[:1])
    batch = convert(folder, files)
    return Round(
        typeset=typeset_all(form, records[:half]),
        fill=fill_all(form, records[half:]),
        cold=cold * 1000,
        warm=(batch - cold) * 1000 / (len(files) - 1),
    )


def measured(form: Form, rounds: int, folder: Path) -> list[Round]:
    typeset_all(form, [sample(form, seed) for seed in (1000, 1001)])
    blank = folder / "first.docx"
    record = sample(form, 1000)
    blank.write_bytes(docx.fill(form, record, stamp(form, record, SECRET)).data)
    convert(folder, [blank])  # makes the profile
    return [one_round(form, range(n * 2 * BATCH, (n + 1) * 2 * BATCH), folder) for n in range(rounds)]


def report(form: Form, found: Sequence[Round]) -> float:
    """Print a line and return the median ratio of warm LibreOffice to our whole fill."""
    middle = {name: statistics.median(getattr(r, name) for r in found) for name in Round.__dataclass_fields__}
    warm = statistics.median(r.warm / r.fill for r in found)
    cold = statistics.median(r.cold / r.fill for r in found)
    print(
        f"{form.id:24} {middle['typeset']:8.1f} {middle['fill']:8.1f} {middle['warm']:9.1f} {middle['cold']:9.1f}"
        f" {warm:9.1f}x {cold:8.1f}x"
    )
    return warm


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--form", default="")
    parser.add_argument("--at-least", type=float, default=0)
    chosen = parser.parse_args()
    names = [chosen.form] if chosen.form else ["worker-recommendation", "station-recommendation", "evaluation"]
    print(
        f"{'CPU ms a form':24} {'typeset':>8} {'pdf.fill':>8} {'LO warm':>9} {'LO cold':>9}"
        f" {'warm/ours':>10} {'cold/ours':>9}"
    )
    with tempfile.TemporaryDirectory() as name:
        ratios = [report(form, measured(form, chosen.rounds, Path(name))) for form in map(concrete, names)]
    if min(ratios) < chosen.at_least:
        raise SystemExit(f"less than {chosen.at_least} times as fast as warm LibreOffice")


if __name__ == "__main__":
    main()
