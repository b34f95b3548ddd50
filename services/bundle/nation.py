"""A national run: every province's packet bound from its folder, then the ministry's from the provinces'.

Provinces are bound side by side, one process each. What is finished is written down at once (`进度.json`, whole
or not at all) under the hash of what it was made from, so that a run that was interrupted goes on where it
stood, and a run over changed inputs makes only the changed provinces again.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from services.bundle.archive import safe_name
from services.bundle.packet import Job, Options, bind_to
from services.bundle.seal import judged
from services.bundle.source import Source, sources_in
from services.check import Context
from services.findings import must_fix
from services.settings import Settings
from services.workers import obey

STATE = "进度.json"
WHOLE = "全国"
_VERSION = 1
_PIECE = 1 << 20

Told = Callable[[str, int, int], None]
"""Called with what was just finished, how many units are, and of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a national run makes of which folders: `units` is name → folder of inputs."""

    units: Mapping[str, Path]
    target: Path
    settings: Settings
    roster: Path | None = None
    signed_on: date | None = None
    today: date | None = None
    at_once: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One bound packet: made from which inputs (hash), its root, pages, seconds; `faults` when it was not bound."""

    inputs: str
    root: str = ""
    pages: int = 0
    seconds: float = 0.0
    faults: tuple[str, ...] = ()

    @property
    def is_bound(self) -> bool:
        """Whether there is a packet."""
        return bool(self.root)


def units_in(folder: Path) -> dict[str, Path]:
    """Return the folders of the provinces and industries inside `folder`, by name."""
    return {path.name: path for path in sorted(folder.iterdir()) if path.is_dir() and not path.name.startswith(".")}


def run(plan: Plan, told: Told) -> dict[str, Unit]:
    """Bind what is not bound yet and the whole at last; return every unit by name, the whole under `全国`.

    Raises:
        KeyboardInterrupt: somebody interrupted it; what is finished stays finished.
        OSError: a file cannot be read or written.
    """
    plan.target.mkdir(parents=True, exist_ok=True)
    done = _kept(plan)
    total = len(plan.units) + 1
    for count, name in enumerate(done, 1):
        told(name, count, total)
    for name, unit in _bound(plan, [name for name in plan.units if name not in done]):
        done[name] = unit
        _write_state(plan.target, done)
        told(name, len(done), total)
    done[WHOLE] = _whole(plan, done)
    _write_state(plan.target, done)
    told(WHOLE, total, total)
    return done


def packet_of(target: Path, name: str) -> Path:
    """Return where a unit's packet stands."""
    return target / f"{safe_name(name)}-上报材料.pdf"


# ---- what is finished -------------------------------------------------------------------------------


def _kept(plan: Plan) -> dict[str, Unit]:
    """Return the finished units whose inputs are the same and whose packet is still whole."""
    kept: dict[str, Unit] = {}
    for name, unit in _read_state(plan.target).items():
        if name in plan.units and unit.is_bound and unit.inputs == _inputs_hash(plan.units[name], plan):
            packet = packet_of(plan.target, name)
            if packet.exists() and _is_whole(packet):
                kept[name] = unit
    return kept


def _is_whole(packet: Path) -> bool:
    with packet.open("rb") as file:
        return judged(file) == "whole"


def _inputs_hash(folder: Path, plan: Plan) -> str:
    """Return the SHA-256 over every input's name and content, and what else a packet depends on."""
    digest = hashlib.sha256(f"{_VERSION} {plan.signed_on}".encode())
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    for path in (*files, *filter(None, (plan.roster,))):
        digest.update(f"\n{path.name} {path.stat().st_size}\n".encode())
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
    return digest.hexdigest()


def _read_state(target: Path) -> dict[str, Unit]:
    try:
        told = json.loads((target / STATE).read_text(encoding="utf-8"))
        return {name: Unit(**{**unit, "faults": tuple(unit["faults"])}) for name, unit in told.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _write_state(target: Path, units: Mapping[str, Unit]) -> None:
    text = json.dumps({name: asdict(unit) for name, unit in units.items()}, ensure_ascii=False, indent=1)
    part = target / f".{STATE}.part"
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(target / STATE)


# ---- binding ----------------------------------------------------------------------------------------


def _bound(plan: Plan, names: Sequence[str]) -> Iterator[tuple[str, Unit]]:
    """Yield each unit as soon as it is bound; when interrupted, the processes are ended and nothing half is kept."""
    # Forked children would inherit the threads of whoever asked; these start clean.
    pool = ProcessPoolExecutor(plan.at_once, mp_context=multiprocessing.get_context("spawn"), initializer=_ready)
    waiting: dict[Future[Unit], str] = {pool.submit(_bind_unit, plan, name): name for name in names}
    try:
        while waiting:
            finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in finished:
                yield waiting.pop(future), future.result()
    except BaseException:
        for process in list(pool._processes.values()):  # noqa: SLF001 - Python 3.11 has no public way to end them
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _ready() -> None:
    """Let a process that is ended (SIGTERM) clear away what it was making."""
    obey()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


def _bind_unit(plan: Plan, name: str) -> Unit:
    folder = plan.units[name]
    try:
        return _made(plan, name, "region", sources_in([str(folder)]), _inputs_hash(folder, plan))
    except SystemExit:
        # All is cleared away; a pool would take this for an answer and give out the next province.
        os._exit(1)


def _whole(plan: Plan, units: Mapping[str, Unit]) -> Unit:
    """Bind the ministry's packet from the provinces'; one whose provinces are the same is kept."""
    bound = {name: unit for name, unit in units.items() if unit.is_bound and name in plan.units}
    inputs = hashlib.sha256(
        "\n".join(f"{name} {unit.root}" for name, unit in sorted(bound.items())).encode()
    ).hexdigest()
    former = _read_state(plan.target).get(WHOLE)
    packet = packet_of(plan.target, WHOLE)
    if former and former.is_bound and former.inputs == inputs and packet.exists() and _is_whole(packet):
        return former
    sources = (
        Source(name=packet_of(plan.target, name).name, path=packet_of(plan.target, name)) for name in sorted(bound)
    )
    return _made(plan, WHOLE, "ministry", sources, inputs)


def _made(plan: Plan, name: str, recipe: str, sources: Iterator[Source], inputs: str) -> Unit:
    began = time.monotonic()
    roster = Source(name=plan.roster.name, path=plan.roster) if plan.roster else None
    context = Context(today=plan.today) if plan.today else Context()
    job = Job(
        recipe=recipe,
        sources=sources,
        context=context,
        settings=plan.settings,
        options=Options(roster=roster, signed_on=plan.signed_on),
    )
    bound = bind_to(job, packet_of(plan.target, name))
    seconds = round(time.monotonic() - began, 1)
    if not bound.manifest:
        said = tuple(f"{finding.place}:{finding.message}" for finding in must_fix(bound.findings))
        return Unit(inputs=inputs, seconds=seconds, faults=said or ("没有可以装订的表",))
    root, pages = str(bound.manifest["root_sha256"]), int(bound.manifest["page_count"])
    return Unit(inputs=inputs, root=root, pages=pages, seconds=seconds)
