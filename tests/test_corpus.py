"""Files that other programs saved are read as the records beside them, and say what must be said.

`tests/cases/SOURCES.md` tells which program made each file; a new pair in that folder is a new test.
"""

import json
from pathlib import Path

import pytest

from services.carriers.intake import read_upload
from services.catalogue import concrete
from services.record import entries_of, from_json, parse
from tests.accidents.case import SECRET
from tests.accidents.score import is_same_picture
from tests.accidents.truth import same

CASES = Path(__file__).parent / "cases"
FILES = sorted(path.with_suffix("") for path in CASES.glob("*-recommendation/*.*.json")) + sorted(
    path.with_suffix("") for path in CASES.glob("evaluation/*.*.json")
)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_a_saved_file_reads_as_its_record_with_its_findings(file: Path) -> None:
    wanted = json.loads(Path(f"{file}.json").read_text(encoding="utf-8"))
    form = concrete(wanted["form"], wanted["edition"], wanted["region"])
    intake = read_upload(file.read_bytes(), file.name, SECRET, box=False)
    reading = intake.reading
    assert (intake.form.id, intake.form.edition) == (form.id, form.edition)
    found = entries_of(form, parse(form, reading.raw, reading.pictures, {})[0])
    expected = entries_of(form, from_json(form, wanted)[0])
    wrong = {path: (found.get(path), expected.get(path)) for path in {**found, **expected}}
    assert {p: v for p, v in wrong.items() if not (same(*v) or is_picture_of(*v))} == {}
    assert sorted({finding.code for finding in reading.findings}) == wanted["findings"]


def is_picture_of(one: object, other: object) -> bool:
    """Whether both are pictures that show the same: programs save photographs anew."""
    return isinstance(one, bytes) and isinstance(other, bytes) and is_same_picture(one, other)


def test_there_are_sixty_files_and_more_and_each_is_explained() -> None:
    told = (CASES / "SOURCES.md").read_text(encoding="utf-8")
    assert len(FILES) >= 60
    assert {file.parent.name for file in FILES} == {"evaluation", "station-recommendation", "worker-recommendation"}
    assert [file.name for file in FILES if f"| {file.name} |" not in told] == []


def test_the_corpus_stays_small() -> None:
    sizes = [file.stat().st_size for file in FILES]
    assert max(sizes) < 150 * 1024
    assert sum(sizes) < 8 * 1024 * 1024
