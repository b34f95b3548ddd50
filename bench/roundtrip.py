"""How much of completed forms is read after what clerks and their programs do to them, over any number of forms.

    python bench/roundtrip.py --forms N --seed S [--jobs 2] [--only docx|xlsx] [--without-converters]
                              [--share 0.4] [--case K] [--keep DIR]

Makes N forms (three forms, both editions, with and without a region's items; complete, partly empty and odd
records), applies none to four of the operations of tests/accidents to each, sends them through the programs
that are installed, reads them through the service's own door and compares with what was filled in. The same
seed gives the same forms; --case K makes one of them again, --keep DIR keeps the files that were not right.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from tests.accidents import converters  # noqa: E402 - a script finds the project first
from tests.accidents.case import Case, made  # noqa: E402
from tests.accidents.score import Score, score_of, scored  # noqa: E402

CHUNK = 125


def chunk_of(job: tuple[argparse.Namespace, Sequence[int]]) -> list[tuple[Case, bytes, Score]]:
    """Make, convert, read and score some cases; one start of a program serves all that go the same way."""
    options, numbers = job
    ways: dict[str, Sequence[tuple[str, ...]]] = {
        s: [()] if options.without_converters else converters.ways(s, options.share) for s in ("docx", "xlsx")
    }
    cases = [made(options.seed, number, ways, options.only) for number in numbers]
    files = converters.through([(case.data, case.way, case.suffix) for case in cases])
    return [
        (case, data or b"", scored(case, data) if data else score_of(case))
        for case, data in zip(cases, files, strict=True)
    ]


def chunks(options: argparse.Namespace) -> Iterator[tuple[argparse.Namespace, Sequence[int]]]:
    numbers = (
        range(options.start, options.start + options.forms)
        if options.case is None
        else range(options.case, options.case + 1)
    )
    for start in range(0, len(numbers), CHUNK):
        yield options, numbers[start : start + CHUNK]


def kept(folder: Path, case: Case, data: bytes, score: Score) -> None:
    """Write a case that was not right, and what it should have read as."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{case.seed}-{case.number}"
    (folder / f"{name}-before.{case.suffix}").write_bytes(case.data)
    (folder / f"{name}.{case.suffix}").write_bytes(data)
    told = {"name": score.name, "misses": score.misses, "silent": score.silent, "untold": score.untold}
    told |= {"alarms": score.alarms, "unasked": score.unasked}
    (folder / f"{name}.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")


def print_wrong(score: Score) -> None:
    for what in ("silent", "misses", "unasked", "untold", "alarms"):
        lines = [line for line in getattr(score, what) if what != "misses" or line not in score.silent]
        if lines:
            print(f"    {what}: {'; '.join(lines[:4])}{f' … {len(lines)}' if len(lines) > 4 else ''}")


COLUMNS = ("fields", "exact %", "missed", "silent", "made up", "unasked", "tampered", "caught", "alarms")
COUNTED = ("misses", "silent", "invented", "unasked", "alarms")


def table(done: Iterable[Score]) -> None:
    """Print the shares over all, by way and by operation."""
    groups: dict[str, list[Score]] = defaultdict(list)
    for score in done:
        groups["all"].append(score)
        groups[f"way {score.suffix} > {' > '.join(score.way) or 'as it is'}"].append(score)
        for name in score.operations:
            groups[f"{score.suffix} {name}"].append(score)
    print(f"{'':48}{'forms':>6}" + "".join(f"{column:>9}" for column in COLUMNS))
    for name in sorted(groups, key=lambda name: (name != "all", not name.startswith("way"), name)):
        print(f"{name:48}{len(groups[name]):6}" + "".join(f"{number:>9}" for number in numbers_of(groups[name])))


def numbers_of(scores: Sequence[Score]) -> Iterator[str]:
    """Yield the numbers of a line of the table, as its columns name them."""
    fields, exact = (sum(getattr(score, what) for score in scores) for what in ("fields", "exact"))
    yield str(fields)
    yield f"{100 * exact / fields if fields else 100:.3f}"
    yield from (str(sum(len(getattr(score, what)) for score in scores)) for what in COUNTED[:4])
    yield from (str(sum(getattr(score, what) for score in scores)) for what in ("tampered", "caught"))
    yield str(sum(len(score.alarms) for score in scores))


def told(options: argparse.Namespace, some: Sequence[tuple[Case, bytes, Score]]) -> None:
    """Print what went wrong in some cases, and keep those files."""
    for case, data, score in some:
        if not score.is_right or options.case is not None:
            print(score.name)
            print_wrong(score)
            if options.keep:
                kept(options.keep, case, data, score)
    sys.stdout.flush()


def run(options: argparse.Namespace) -> list[Score]:
    """Return the scores of all forms, or of those that were done when it was told to end."""
    done = list[Score]()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt), ProcessPoolExecutor(options.jobs) as pool:
        for some in pool.map(chunk_of, chunks(options)):
            done += (score for _, _, score in some)
            told(options, some)
            print(f"{len(done)} forms", file=sys.stderr, flush=True)
            if options.scores:
                options.scores.write_text(json.dumps([asdict(score) for score in done], ensure_ascii=False))
    return done


def summed(files: Sequence[Path]) -> list[Score]:
    """Return the scores in some files."""
    return [Score(**told) for file in files for told in json.loads(file.read_text(encoding="utf-8"))]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--forms", type=int, default=100)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="", choices=("", "docx", "xlsx", "pdf"))
    parser.add_argument("--without-converters", action="store_true")
    parser.add_argument("--share", type=float, default=0.4, help="of the forms that go through other programs")
    parser.add_argument("--case", type=int)
    parser.add_argument("--start", type=int, default=0, help="the number of the first form")
    parser.add_argument("--scores", type=Path, help="also write the scores to this file, for --sum")
    parser.add_argument("--sum", type=Path, nargs="+", help="only print the table of these files of scores")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    started = time.monotonic()
    done = summed(options.sum) if options.sum else run(options)
    print()
    table(done)
    through, seconds = sum(bool(score.way) for score in done), time.monotonic() - started
    print(f"\nseed {options.seed}, {len(done)} forms, {through} through other programs, {seconds:.0f} s")
    return any(score.silent or score.alarms or score.caught < score.tampered for score in done)


if __name__ == "__main__":
    sys.exit(main())
