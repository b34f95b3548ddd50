"""How fast the Word form is filled, beside docxtpl itself and the other engines that are installed.

    python bench/fill.py [--rounds N] [--form FORM] [--at-least 30]

Paired rounds: in each, every engine fills its share of documents in random order and its CPU time a
document is divided into docxtpl's of the same round. docxtpl gets a new DocxTemplate for each document
(it cannot safely be used again) with autoescape. Ours is the whole `fill`: context, QR code, zlib-6.
Peers fill the same form in their own dialect without QR code, header and subject: `bench/install` installs them.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, cast

from docxtpl import DocxTemplate

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from bench import peers  # noqa: E402 - a script finds the project first
from services.carriers.docx.context import context_of  # noqa: E402
from services.carriers.docx.fill import fill  # noqa: E402
from services.carriers.docx.templates import template_of  # noqa: E402
from services.catalogue import concrete  # noqa: E402
from services.identity import stamp  # noqa: E402
from services.sample import sample  # noqa: E402

KEY = b"bench"
RECORDS = 12
SHARES = MappingProxyType({"docxtpl": 2, "ours": 60})
"""How many documents an engine fills in a round; the others 4."""

NODE_MODULES = HERE / "node_modules"
PYTHON_PEERS = HERE.parent / ".cache" / "bench" / "site-packages"
Engine = Callable[[int], float]
"""Fills that many documents; returns milliseconds of CPU a document."""


class Peer:
    """An engine in a process of its own."""

    def __init__(self, command: list[str], output: Path, environment: Mapping[str, str]) -> None:
        """Start the process."""
        self.output = output
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment}
        )
        self.asked = cast("IO[str]", self.process.stdin)
        self.said = cast("IO[str]", self.process.stdout)

    def __call__(self, count: int) -> float:
        """Fill `count` documents."""
        self.asked.write(f"{count}\n")
        self.asked.flush()
        answer = self.said.readline()
        if not answer:
            raise RuntimeError(f"{self.process.args} gave no answer")
        return float(json.loads(answer)["ms"])

    def close(self) -> None:
        """End the process."""
        self.asked.close()
        self.process.wait(timeout=30)


def timed(job: Callable[[int], object]) -> Engine:
    """Return an engine of this process."""

    def run(count: int) -> float:
        begun = time.process_time()
        for number in range(count):
            job(number % RECORDS)
        return (time.process_time() - begun) * 1000 / count

    return run


def started_peers(folder: Path, template: bytes, contexts: list[dict[str, Any]]) -> dict[str, Peer]:
    """Return the peers that are installed, each with the form in its dialect."""
    lines = peers.several_lines(template, contexts)
    dialects: tuple[tuple[str, peers.Dialect | None], ...] = (
        ("docxtemplater", peers.braces),
        ("easy-template-x", peers.braces),
        ("carbone", peers.carbone),
        ("mailmerge2", None),
    )
    started = {}
    for name, dialect in dialects:
        if not (PYTHON_PEERS if dialect is None else NODE_MODULES / name).exists():
            print(f"{name} is not installed: run bench/install", file=sys.stderr)
            continue
        docx, flat = peers.rewritten(template, dialect, lines)
        files = [folder / f"{name}.docx", folder / f"{name}.json", folder / f"{name}.out.docx"]
        files[0].write_bytes(docx)
        files[1].write_text(json.dumps([peers.flat_record(flat, names) for names in contexts]), encoding="utf-8")
        arguments = [str(file) for file in files]
        command = (
            [sys.executable, str(HERE / "merge_fields.py"), *arguments]
            if dialect is None
            else ["node", str(HERE / "peers.mjs"), name, *arguments]
        )
        started[name] = Peer(command, files[2], {"PYTHONPATH": str(PYTHON_PEERS)})
    return started


def differences(ours: bytes, theirs: bytes) -> int:
    """Return how many paragraphs of two documents differ."""
    left, right = list(peers.texts(ours)), list(peers.texts(theirs))
    return abs(len(left) - len(right)) + sum(1 for a, b in zip(left, right, strict=False) if a != b)


def main() -> int:
    """Print the table; return 1 when the ratio is below --at-least."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--form", default="evaluation")
    parser.add_argument("--at-least", type=float, default=30, dest="at_least")
    chosen = parser.parse_args()
    form = concrete(chosen.form)
    records = [sample(form, seed) for seed in range(RECORDS)]
    stamps = [stamp(form, record, KEY) for record in records]
    contexts = [context_of(form, r, s).names for r, s in zip(records, stamps, strict=True)]
    template = template_of(form)

    def ours(number: int) -> bytes:
        return fill(form, records[number], stamps[number]).data

    def stock(number: int) -> bytes:
        return by_docxtpl(template, contexts[number])

    with tempfile.TemporaryDirectory() as folder:
        others = started_peers(Path(folder), template, contexts)
        for name, data in first_documents(stock, ours, others).items():
            print(f"{name:16} {len(data):>8,} bytes, {differences(ours(0), data)} paragraphs differ", flush=True)
        measured = rounds({"docxtpl": timed(stock), "ours": timed(ours), **others}, chosen.rounds)
        for peer in others.values():
            peer.close()
    return table(measured, chosen.at_least)


def by_docxtpl(template: bytes, names: dict[str, Any]) -> bytes:
    """Return the template filled by docxtpl itself."""
    document = DocxTemplate(io.BytesIO(template))
    document.render(names, autoescape=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def first_documents(
    stock: Callable[[int], bytes], ours: Callable[[int], bytes], others: Mapping[str, Peer]
) -> dict[str, bytes]:
    """Return the first record filled by every engine; this also warms them."""
    made = {"docxtpl": stock(0), "ours": ours(0)}
    for name, peer in others.items():
        peer(1)
        made[name] = peer.output.read_bytes()
    return made


def rounds(engines: Mapping[str, Engine], count: int) -> dict[str, list[float]]:
    """Return the milliseconds a document of every engine in every round."""
    measured: dict[str, list[float]] = {name: [] for name in engines}
    for _ in range(count):
        for name in random.sample(list(engines), len(engines)):
            measured[name].append(engines[name](SHARES.get(name, 4)))
    return measured


def table(measured: Mapping[str, list[float]], at_least: float) -> int:
    """Print CPU time a document and the paired ratio to docxtpl; return the exit code."""
    print(f"{'engine':16} {'CPU ms/doc':>10}   x docxtpl (median, min..max)")
    for name, times in measured.items():
        ratios = [theirs / own for theirs, own in zip(measured["docxtpl"], times, strict=True)]
        spread = f"{min(ratios):.2f}..{max(ratios):.2f}"
        print(f"{name:16} {statistics.median(times):>10.2f}   {statistics.median(ratios):.2f} ({spread})")
        if name == "ours" and statistics.median(ratios) < at_least:
            print(f"ours is below {at_least} times docxtpl", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
