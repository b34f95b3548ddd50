"""Makes the files of tests/cases again: forms filled here, worked on and saved by other programs.

    python scripts/corpus.py [--only NAME]

Needs LibreOffice, abiword, gnumeric and pandoc (apt), node with `npm ci` in scripts/corpus, and the packages of
scripts/corpus/requirements.txt (`pip install --target .cache/corpus -r …`). Beside each file its record is
written as the contract's JSON, with the codes of the findings that reading it must give; what each file is and
which program saved it stands in tests/cases/SOURCES.md, written here too. The expected records follow from what
was filled in and from what an operation is known to do, never from a reading.
"""

from __future__ import annotations

import argparse
import importlib
import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / ".cache" / "corpus")]

import docx as python_docx  # noqa: E402 - a script finds the project first
from openpyxl import load_workbook  # noqa: E402

from services.carriers import docx, xlsx  # noqa: E402
from services.catalogue import concrete  # noqa: E402
from services.identity import stamp  # noqa: E402
from services.record import to_json  # noqa: E402
from services.sample import sample  # noqa: E402
from tests.accidents import converters  # noqa: E402
from tests.accidents.case import SECRET  # noqa: E402
from tests.accidents.excel import excel_of  # noqa: E402
from tests.accidents.invented import random_of  # noqa: E402
from tests.accidents.recipes import ALL, RECIPES, Recipe  # noqa: E402
from tests.accidents.truth import Truth, truth_of  # noqa: E402
from tests.accidents.word import word_of  # noqa: E402

CASES = ROOT / "tests" / "cases"
LO = "LibreOffice 7.4.7"
NAMES = {"abiword": "AbiWord 3.0.5", "pandoc": "pandoc 2.17", "gnumeric": "Gnumeric 1.12.55", "lo": LO}
LIBRARIES = {
    "docx": "docx (npm) 9.15.2, patchDocument",
    "docxtemplater": "docxtemplater 3.71.0 (npm)",
    "exceljs": "ExcelJS 4.4.0 (npm)",
    "sheetjs": "SheetJS 0.18.5 (npm)",
    "python-docx": "python-docx 1.2.0",
    "docxcompose": "docxcompose 2.2.0",
    "openpyxl": "openpyxl 3.1.5",
    "xlsxwriter": "XlsxWriter 3.3.1, the values alone",
}


# ---- programs -------------------------------------------------------------------------------------


def saved(data: bytes, suffix: str, step: str) -> bytes:
    """The file after a program saved it."""
    program, _, target = step.partition(":")
    if program in {"lo", "gnumeric"}:
        way = target if program == "lo" else f"gnumeric:{target}"
        found = converters.through([(data, (way,), suffix)])[0]
        return _there(found, step)
    if program in OWN:
        return OWN[program](data)
    with tempfile.TemporaryDirectory(prefix="corpus-") as folder:
        source, out = Path(folder) / f"form.{suffix}", Path(folder) / f"saved.{target}"
        source.write_bytes(data)
        subprocess.run(_command(program, target, source, out), check=True, capture_output=True, timeout=120)
        return _there(out.read_bytes() if out.exists() else None, step)


def _command(program: str, target: str, source: Path, out: Path) -> list[str]:
    match program:
        case "abiword":
            return ["abiword", f"--to={target}", "-o", str(out), str(source)]
        case "pandoc":
            return ["pandoc", str(source), "-o", str(out)]
        case _:
            script = str(ROOT / "scripts" / "corpus" / "resave.cjs")
            return ["node", script, program.removeprefix("js-"), str(source), str(out)]


def _there(data: bytes | None, step: str) -> bytes:
    if not data:
        raise SystemExit(f"{step}: nothing was saved")
    return data


def by_python_docx(data: bytes) -> bytes:
    """Return the form opened and saved."""
    document = python_docx.Document(io.BytesIO(data))
    return _written(document.save)


def by_docxcompose(data: bytes) -> bytes:
    """The form appended to an empty document."""
    composing = importlib.import_module("docxcompose.composer")

    composer = composing.Composer(python_docx.Document())
    composer.append(python_docx.Document(io.BytesIO(data)))
    return _written(composer.save)


def by_xlsxwriter(data: bytes) -> bytes:
    """The values of the visible sheets, written anew."""
    xlsxwriter = importlib.import_module("xlsxwriter")

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for sheet in load_workbook(io.BytesIO(data), data_only=True).worksheets:
            if sheet.sheet_state == "visible":
                target = book.add_worksheet(sheet.title)
                for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
                    look = (day,) if cell.is_date else ()
                    target.write(cell.row - 1, cell.column - 1, cell.value, *look)
    return out.getvalue()


def _written(save: Callable[[Any], object]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


OWN: dict[str, Callable[[bytes], bytes]] = {
    "python-docx": by_python_docx,
    "docxcompose": by_docxcompose,
    "xlsxwriter": by_xlsxwriter,
}


# ---- the files ------------------------------------------------------------------------------------


def cooked(recipe: Recipe, name: str) -> tuple[bytes, Truth, str]:
    """The file of a recipe for a form, what it must read as, and its suffix."""
    form = concrete(name, recipe.edition)
    record = sample(form, 1 + RECIPES.index(recipe) % 5)
    truth = truth_of(form, record)
    module = docx if recipe.base == "docx" else xlsx
    data = module.fill(form, record, stamp(form, record, SECRET)).data
    if recipe.operations:
        opened: Any = word_of(form, data) if recipe.base == "docx" else excel_of(form, data)
        chance = random_of(recipe.name, name)
        for operation in recipe.operations:
            if not operation(opened, truth, chance):
                raise SystemExit(f"{recipe.name} {name}: nothing to do for {operation.__name__}")
        data = opened.saved()
    suffix = recipe.base
    for step in recipe.way:
        data, suffix = saved(data, suffix, step), step.rpartition(":")[2]
    for path in truth.gone:
        truth.entries[path] = None
    if recipe.loses_photo:
        truth.entries |= {path: None for path, value in truth.entries.items() if isinstance(value, bytes)}
    return data, truth, recipe.called or suffix


def programs(recipe: Recipe) -> str:
    """Which programs saved a recipe's files."""
    made = ["this service's " + ("Word" if recipe.base == "docx" else "Excel") + " form"]
    if recipe.operations and recipe.base == "xlsx":
        made.append(LIBRARIES["openpyxl"])
    if recipe.operations and recipe.base == "docx":
        made.append("lxml")
    for step in recipe.way:
        program, _, suffix = step.partition(":")
        made.append(f"{NAMES.get(program) or LIBRARIES[program.removeprefix('js-')]} (.{suffix})")
    return " → ".join(made)


def described(recipe: Recipe) -> str:
    """Return what was done to a recipe's files, in words."""
    docs = (operation.__doc__ or operation.__name__.replace("_", " ") for operation in recipe.operations)
    said = [doc.partition("\n")[0].rstrip(".") for doc in docs]
    what = "; ".join(dict.fromkeys(said)) or "saved as it is"
    imitates = recipe.name.startswith(("like-", "wps-"))
    note = " **Imitation**: the program itself does not run here." if imitates else ""
    return what.replace("|", "/") + note


def sources() -> Iterator[str]:
    """Yield the lines of SOURCES.md."""
    yield "# Where the cases come from"
    yield ""
    yield "Made by `scripts/corpus.py`, which says what it needs and makes them again. Stations and people are invented"
    yield "(`services.sample`). A file is what the last program wrote; the .json beside it is the record that it must"
    yield "read as, with the codes of the findings that reading must give. Word, WPS, Google Docs and Pages do not run"
    yield "where the files were made: what is like theirs is said to be an imitation, made from what is known of them"
    yield "(controls and tags lost, foreign controls, a run a script, prompts in empty controls); `.wps` and"
    yield "`.et` are LibreOffice's .doc and .xls under the names that WPS gives them."
    yield ""
    yield "| file | forms | programs, one after the other | what was done | findings |"
    yield "|---|---|---|---|---|"
    for recipe in RECIPES:
        suffix = recipe.called or (recipe.way[-1].rpartition(":")[2] if recipe.way else recipe.base)
        codes = ", ".join(f"`{code}`" for code in recipe.codes) or "none"
        forms = ", ".join(recipe.forms) if len(recipe.forms) < len(ALL) else "all"
        yield f"| {recipe.name}.{suffix} | {forms} | {programs(recipe)} | {described(recipe)} | {codes} |"
    yield ""
    yield "`evaluation-items.csv` and `rules/` are described in the tests that read them."


def main() -> int:
    """Make the files, or those of one recipe, and SOURCES.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    for recipe in RECIPES:
        if options.only and recipe.name != options.only:
            continue
        for name in recipe.forms:
            data, truth, suffix = cooked(recipe, name)
            folder = CASES / name
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{recipe.name}.{suffix}").write_bytes(data)
            expected = to_json(truth.form, truth.record()) | {"findings": sorted(recipe.codes)}
            text = json.dumps(expected, ensure_ascii=False, indent=1, sort_keys=True)
            (folder / f"{recipe.name}.{suffix}.json").write_text(f"{text}\n", encoding="utf-8")
            sys.stdout.write(f"{name}/{recipe.name}.{suffix} {len(data) // 1024} KB\n")
            sys.stdout.flush()
    (CASES / "SOURCES.md").write_text("\n".join(sources()) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
