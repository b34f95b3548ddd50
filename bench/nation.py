"""A national run, from records to the packets of 34 provinces and the ministry's, beside the usual way of doing it.

    python bench/nation.py [--stations 8000] [--units 34] [--jobs 2] [--sample 6] [--keep FOLDER]

The stations are invented; every fate occurs. The run can be interrupted and goes on with the same --keep
folder. *The usual way* is measured on a sample of the same records, in the same minutes: docxtpl as it comes
(a new DocxTemplate for each form), one LibreOffice over the batch, pypdf to merge; without checks, summaries,
contents, manifest or originals. Figures are CPU seconds a station, all processes counted, since a shared
machine's clock says little; the ratio is of those. The time of the whole is the clock's.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import click
from docxtpl import DocxTemplate
from pypdf import PdfWriter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from invented import Station, province
from services.bundle import nation
from services.bundle.nation import Plan
from services.carriers.docx.context import context_of
from services.carriers.docx.templates import template_of
from services.catalogue import concrete
from services.identity import stamp
from services.record import from_json
from services.settings import load_settings

FIRST_CODE = 11
SIGNED_ON = date(2006, 10, 16)


def cpu_s() -> float:
    """Return the processor seconds of this process and of all its children that have ended."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def filed(stations: Iterator[Station]) -> Iterator[tuple[str, str]]:
    """Yield name and record of every form that reached the province."""
    for station in stations:
        if station.fate not in ("late", "returned"):
            for form_id, record in station.records.items():
                yield f"{station.code}-{form_id}.json", json.dumps(record, ensure_ascii=False)


def write_inputs(folder: Path, stations: int, units: int) -> None:
    """Write the records of every province; those that a former run wrote stay."""
    for number in range(units):
        target = folder / f"{FIRST_CODE + number}-第{number + 1:02}省"
        count = stations // units + (number < stations % units)
        if target.exists() and (target / ".whole").exists():
            continue
        target.mkdir(parents=True, exist_ok=True)
        for name, text in filed(province(count, str(FIRST_CODE + number), f"第{number + 1:02}省")):
            (target / name).write_text(text, encoding="utf-8")
        (target / ".whole").touch()


def usual(files: Sequence[Path], folder: Path) -> tuple[float, int]:
    """Return the CPU seconds and pages of the same forms by docxtpl, LibreOffice and pypdf."""
    began = cpu_s()
    made = [_by_docxtpl(file, folder / f"{file.stem}.docx") for file in files]
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore"]
    command += ["--convert-to", "pdf", "--outdir", str(folder), *map(str, made)]
    fonts = load_settings().fonts / "fonts.conf"
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "FONTCONFIG_FILE": str(fonts)}
    subprocess.run(command, check=True, capture_output=True, env=environment)
    writer = PdfWriter()
    for docx in made:
        writer.append(docx.with_suffix(".pdf"))
    writer.write(folder / "merged.pdf")
    return cpu_s() - began, len(writer.pages)


def _by_docxtpl(file: Path, target: Path) -> Path:
    data = json.loads(file.read_text(encoding="utf-8"))
    form = concrete(data["form"])
    record, _ = from_json(form, data)
    template = DocxTemplate(io.BytesIO(template_of(form)))
    template.render(context_of(form, record, stamp(form, record, b"bench")).names, autoescape=True)
    template.save(str(target))
    return target


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stations", type=int, default=8000)
    parser.add_argument("--units", type=int, default=34)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--sample", type=int, default=6)
    parser.add_argument("--keep", type=Path, help="folder of inputs and packets, to go on with later")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        measure(chosen, chosen.keep or Path(name))


def measure(chosen: argparse.Namespace, folder: Path) -> None:
    """Run the nation, then the usual way on a sample, and print both."""
    units = min(chosen.units, chosen.stations)
    write_inputs(folder / "in", chosen.stations, units)
    plan = Plan(
        units=nation.units_in(folder / "in"),
        target=folder / "out",
        settings=load_settings(),
        signed_on=SIGNED_ON,
        today=SIGNED_ON,
        at_once=chosen.jobs,
    )
    clock, cpu = time.monotonic(), cpu_s()
    with click.progressbar(length=units + 1, label=f"{chosen.stations} stations") as bar:

        def told(_name: str, count: int, _total: int) -> None:
            bar.update(count - bar.pos)

        try:
            done = nation.run(plan, told)
        except KeyboardInterrupt:
            raise SystemExit("\ninterrupted; what is bound is kept: the same command goes on") from None
    clock, cpu = time.monotonic() - clock, cpu_s() - cpu
    pages = sum(unit.pages for unit in done.values())
    size = sum(path.stat().st_size for path in plan.target.glob("*.pdf"))
    print(f"{chosen.stations} stations, {len(done)} packets, {pages:,} pages, {size / 1e6:.1f} MB in {clock:,.0f} s")
    ours = cpu / chosen.stations
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"ours: {ours:.2f} CPU s a station, {pages / clock:.1f} pages/s, largest process {peak:.0f} MB")
    compare(plan, chosen, ours)
    for name, unit in done.items():
        for fault in unit.faults:
            print(f"{name}: {fault}")


def compare(plan: Plan, chosen: argparse.Namespace, ours: float) -> None:
    """Print the usual way's figures and the ratio; 8,000 stations by each."""
    evaluations = [path for unit in plan.units.values() for path in sorted(unit.glob("*-evaluation.json"))]
    files = evaluations[: chosen.sample]
    with tempfile.TemporaryDirectory() as name:
        seconds, pages = usual(files, Path(name))
    theirs = seconds / len(files)
    print(
        f"docxtpl + LibreOffice + pypdf: {theirs:.2f} CPU s a form 1 ({len(files)} of them, {pages} pages), no checks"
    )
    hours = [each * 8000 / 3600 / chosen.jobs for each in (ours, theirs)]
    print(f"ratio {theirs / ours:.2f}; 8,000 stations on {chosen.jobs} quiet cores: {hours[0]:.1f} h, {hours[1]:.1f} h")


if __name__ == "__main__":
    main()
