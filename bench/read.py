"""How fast a completed Word form is read, beside python-docx reading the same file by `row.cells`.

    python bench/read.py [--rounds N] [--at-least 4] [--libreoffice]

Both read the same bytes in turn, each round another station's file, and the ratio of CPU time is taken
inside each round, so that a busy machine slows both. Ours gives aligned answers with their places and
tells what was changed in the form; python-docx gives the bare texts of cells (and nothing of what stands in
content controls). Rows: the form as issued; the same without controls and bookmarks (alignment alone); with
labels edited besides; after the accidents of tests/docx_mutations.py; with --libreoffice, saved by it; the whole
way through the box of `read_upload`. On a quiet machine the evaluation form takes at most 15 ms as issued and
150 ms in every other way.
"""

from __future__ import annotations

import argparse
import gc
import io
import statistics
import sys
import time
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from docx import Document

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from services.carriers import docx  # noqa: E402 - a script finds the project first
from services.carriers.intake import read_upload  # noqa: E402
from services.catalogue import concrete  # noqa: E402
from services.form import Form  # noqa: E402
from services.identity import stamp  # noqa: E402
from services.paper.office import convert  # noqa: E402
from services.sample import sample  # noqa: E402
from tests import docx_edits as edits  # noqa: E402
from tests.docx_mutations import mutate  # noqa: E402

KEY = b"bench"
FORMS = ("evaluation", "station-recommendation", "worker-recommendation")


def by_row_cells(data: bytes) -> int:
    """Read every cell as the python-docx manual does."""
    return sum(
        len(cell.text) for table in Document(io.BytesIO(data)).tables for row in table.rows for cell in row.cells
    )


def milliseconds(job: Callable[[], object]) -> float:
    began = time.process_time()
    job()
    return (time.process_time() - began) * 1000


def files(name: str, count: int) -> tuple[Form, dict[str, list[bytes]]]:
    """Return for each variant `count` files of different stations, so that no reading helps the next."""
    form = concrete(name)
    issued = []
    for seed in range(count):
        record = sample(form, seed)
        issued.append(docx.fill(form, record, stamp(form, record, KEY)).data)
    bare = [edits.edited(edits.edited(data, edits.unwrap_controls), edits.drop_bookmarks) for data in issued]
    edited = [edits.edited(data, edit_labels) for data in bare]
    mutated = [mutate(data, seed)[0] for seed, data in enumerate(issued)]
    return form, {"as issued": issued, "no controls": bare, "labels edited": edited, "after accidents": mutated}


def edit_labels(root: object) -> None:
    rows = [row for row in root.iter(f"{edits.W}tr") if edits.text_of(row).startswith("序号")]  # pyright: ignore[reportAttributeAccessIssue]
    for row in rows[::2]:
        edits.write(edits.cells(row)[1], "改过的栏目")


def measured(form: Form, files_of: list[bytes]) -> tuple[float, float, float]:
    """Return the median CPU milliseconds of ours and theirs, and the median of the paired ratios."""
    docx.read(form, files_of[0])
    # The box that reads has no collector running, and what was made before is no garbage there either.
    gc.collect()
    gc.freeze()
    gc.disable()
    pairs = [(milliseconds(partial(docx.read, form, d)), milliseconds(partial(by_row_cells, d))) for d in files_of[1:]]
    return (
        statistics.median(ours for ours, _ in pairs),
        statistics.median(theirs for _, theirs in pairs),
        statistics.median(theirs / ours for ours, theirs in pairs),
    )


def boxed_milliseconds(files_of: list[bytes]) -> float:
    """Return the median wall milliseconds of a whole intake, child process included."""
    read_upload(files_of[0], "", KEY)
    walls = []
    for data in files_of[1:]:
        began = time.perf_counter()
        read_upload(data, "", KEY)
        walls.append((time.perf_counter() - began) * 1000)
    return statistics.median(walls)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--at-least", type=float, default=4.0)
    parser.add_argument("--libreoffice", action="store_true")
    options = parser.parse_args()
    slow = 0
    print(f"{'form':24}{'file':16}{'XML kB':>8}{'ours ms':>9}{'row.cells ms':>14}{'ratio':>8}")
    for name in FORMS:
        form, variants = files(name, options.rounds + 1)
        if options.libreoffice:
            variants["by LibreOffice"] = [convert(data, "docx", "docx") for data in variants["as issued"]]
        for variant, files_of in variants.items():
            with zipfile.ZipFile(io.BytesIO(files_of[0])) as archive:
                size = archive.getinfo("word/document.xml").file_size // 1000
            ours, theirs, ratio = measured(form, files_of)
            slow += ratio < options.at_least
            print(f"{name:24}{variant:16}{size:8}{ours:9.1f}{theirs:14.1f}{ratio:8.1f}")
        print(f"{name:24}{'in the box':16}{'':8}{boxed_milliseconds(variants['as issued']):9.1f} wall")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
