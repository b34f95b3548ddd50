"""Word forms after random accidents: every answer is still read, and whatever was changed in the form is told.

`bench/mutations.py` runs the same accidents over as many files as wanted and prints the shares.
"""

from functools import lru_cache

import pytest

from services.answers import field_at
from services.carriers import docx
from services.catalogue import concrete
from services.form import Form
from services.identity import stamp
from services.paper.office import convert
from services.record import Record, entries_of, parse
from services.sample import sample
from tests.docx_mutations import Accident, mutate

FORMS = ("evaluation", "station-recommendation", "worker-recommendation")


@lru_cache(maxsize=4)
def sample_of(name: str) -> tuple[Form, Record, bytes]:
    form = concrete(name)
    record = sample(form, 1)
    return form, record, docx.fill(form, record, stamp(form, record, b"test")).data


def wrong_answers(form: Form, record: Record, accident: Accident, found: Record) -> dict[str, tuple[object, object]]:
    """The answers that are not what they were; those of a deleted row may also be empty."""
    before, now = entries_of(form, record), entries_of(form, found)
    return {
        path: (now.get(path), before.get(path))
        for path in {**before, **now}
        if now.get(path) != before.get(path)
        and not (path in accident.gone and now.get(path) == field_at(form, path).kind.parse("")[0])
    }


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("name", FORMS)
def test_answers_survive_and_changes_are_told(name, seed):
    form, record, data = sample_of(name)
    mutated, accident = mutate(data, seed)
    reading = docx.read(form, mutated)
    found = parse(form, reading.raw, reading.pictures, {})[0]
    told = {finding.code for finding in reading.findings}
    assert wrong_answers(form, record, accident, found) == {}
    assert accident.told <= told
    if not accident.told:
        assert [f.message for f in reading.findings if f.severity == "must-fix"] == []


@pytest.mark.parametrize(("seed", "way"), [(3, ("docx",)), (5, ("doc", "docx")), (8, ("odt", "docx")), (9, ("docx",))])
def test_answers_survive_accidents_and_libreoffice(seed, way):
    form, record, data = sample_of("station-recommendation")
    mutated, accident = mutate(data, seed)
    suffix = "docx"
    for target in way:
        mutated, suffix = convert(mutated, suffix, target), target
    reading = docx.read(form, mutated)
    assert wrong_answers(form, record, accident, parse(form, reading.raw, reading.pictures, {})[0]) == {}
    assert accident.told <= {finding.code for finding in reading.findings}
