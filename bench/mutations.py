"""How much of a Word form is read after random accidents (tests/docx_mutations.py), over as many files as wanted.

    python bench/mutations.py [--files N] [--from SEED] [--libreoffice]

Prints, for each form: answers wrong of all, files wholly right, changes of the form not told, and false alarms.
With --libreoffice every third file is saved by LibreOffice as docx, through .doc and through .odt besides.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from services.carriers import docx  # noqa: E402 - a script finds the project first
from services.paper.office import convert  # noqa: E402
from services.record import entries_of, parse  # noqa: E402
from tests.docx_mutations import mutate  # noqa: E402
from tests.test_docx_mutations import FORMS, sample_of, wrong_answers  # noqa: E402

WAYS = (("docx",), ("doc", "docx"), ("odt", "docx"))


def resaved(data: bytes, seed: int) -> bytes:
    suffix = "docx"
    for target in WAYS[seed // 3 % len(WAYS)]:
        data, suffix = convert(data, suffix, target), target
    return data


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=100)
    parser.add_argument("--from", dest="start", type=int, default=0)
    parser.add_argument("--libreoffice", action="store_true")
    options = parser.parse_args()
    seeds = range(options.start, options.start + options.files)
    print(f"{'form':24}{'answers wrong':>20}{'files right':>14}{'tampered':>10}{'missed':>8}{'false':>7}")
    for name in FORMS:
        form, record, data = sample_of(name)
        wrong = right = tampered = missed = false = 0
        for seed in seeds:
            mutated, accident = mutate(data, seed)
            reading = docx.read(form, resaved(mutated, seed) if options.libreoffice and seed % 3 == 0 else mutated)
            faults = wrong_answers(form, record, accident, parse(form, reading.raw, reading.pictures, {})[0])
            told = {finding.code for finding in reading.findings}
            alarms = any(finding.severity == "must-fix" for finding in reading.findings)
            wrong += len(faults)
            right += not faults
            tampered += bool(accident.told)
            missed += not accident.told <= told
            false += alarms and not accident.told
            if faults or not accident.told <= told or (alarms and not accident.told):
                print(f"  seed {seed}: wrong {faults} told {sorted(told)} wanted {sorted(accident.told)}")
        answers = len(entries_of(form, record)) * len(seeds)
        print(f"{name:24}{f'{wrong} of {answers}':>20}{f'{right}/{len(seeds)}':>14}{tampered:10}{missed:8}{false:7}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
