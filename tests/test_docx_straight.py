"""A Word form whose XML is as issued is read in long stretches; that and the aligner read the same."""

import io
import random
import re
import sys
import zipfile
from functools import lru_cache

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.carriers import docx
from services.carriers.docx.read_pictures import picture_paths
from services.carriers.docx.straight import straight
from services.carriers.reading import UnreadableError
from services.carriers.zipped import packed
from services.catalogue import concrete, declared, regions
from services.identity import stamp
from services.record import empty
from services.sample import sample
from tests.any_record import records

MAIN_PART = "word/document.xml"
READER = sys.modules["services.carriers.docx.read"]
FORMS = ("evaluation", "station-recommendation", "worker-recommendation")
TEXT = re.compile(rb'(?<=<w:t xml:space="preserve">)[^<]*(?=</w:t>)')
ROW = re.compile(rb"<w:tr>.*?</w:tr>", re.DOTALL)
WRITTEN = (
    "",
    " ",
    "\u3000",
    "&amp;",
    "&#10;&#x41;",
    "年  月  日",
    "2006年8月",
    "√",
    "□",
    "0",
    "无",
    "e\u0301",
    "\u0301",
    "\ufdd0",
    "1\n2",
    "1\r2",
    "a\0b",
    "序号",
    "联系电话：",
    "张三 <!-- </w:t> --> 李四",
    '一</w:t><w:br/><w:t xml:space="preserve">二',
    '一</w:t><w:tab/><w:t xml:space="preserve">二',
    "x" * 3000,
)


@lru_cache(maxsize=8)
def parts_of(name: str, seed: int) -> dict[str, bytes]:
    form = concrete(name)
    # A photograph makes XML that was not issued.
    record = empty(form) if picture_paths(form) and not seed else sample(form, seed)
    with zipfile.ZipFile(io.BytesIO(docx.fill(form, record, stamp(form, record, b"test")).data)) as archive:
        return {entry: archive.read(entry) for entry in archive.namelist()}


def by_the_aligner(monkeypatch, form, data):
    with monkeypatch.context() as patched:
        patched.setattr(READER, "straight", lambda _form, _part: None)
        return docx.read(form, data)


def text_written(part: bytes, chance: random.Random) -> bytes:
    there = chance.choice(list(TEXT.finditer(part)))
    return part[: there.start()] + chance.choice(WRITTEN).encode() + part[there.end() :]


def row_taken(part: bytes, chance: random.Random) -> bytes:
    row = chance.choice(list(ROW.finditer(part)))
    return part[: row.start()] + part[row.end() :]


def row_doubled(part: bytes, chance: random.Random) -> bytes:
    row = chance.choice(list(ROW.finditer(part)))
    return part[: row.end()] + row[0] + part[row.end() :]


def rows_exchanged(part: bytes, chance: random.Random) -> bytes:
    rows = list(ROW.finditer(part))
    first = chance.randrange(len(rows) - 1)
    one, other = rows[first], rows[first + 1]
    return part[: one.start()] + other[0] + part[one.end() : other.start()] + one[0] + part[other.end() :]


def texts_exchanged(part: bytes, chance: random.Random) -> bytes:
    one, other = sorted(chance.sample(list(TEXT.finditer(part)), 2), key=lambda match: match.start())
    return part[: one.start()] + other[0] + part[one.end() : other.start()] + one[0] + part[other.end() :]


def tag_renamed(part: bytes, chance: random.Random) -> bytes:
    tags = re.findall(rb'<w:tag w:val="[^"]*"/>', part)
    return part.replace(chance.choice(tags), chance.choice(tags), 1)


def box_ticked(part: bytes, chance: random.Random) -> bytes:
    return part.replace(b'w14:checked w14:val="0"', b'w14:checked w14:val="1"', chance.randrange(1, 4))


def nothing(part: bytes, _chance: random.Random) -> bytes:
    return part


EDITS = (text_written, text_written, text_written, row_taken, row_doubled, rows_exchanged, texts_exchanged)
SEEDS = {"evaluation": 20, "station-recommendation": 60, "worker-recommendation": 50}


@pytest.mark.parametrize("name", FORMS)
def test_both_roads_read_the_same_of_edited_forms(monkeypatch, name):
    form = concrete(name)
    went_straight = 0
    for seed in range(SEEDS[name]):
        chance = random.Random(f"{name} {seed}")
        part = parts_of(name, seed % 2)[MAIN_PART]
        for edit in (*chance.sample(EDITS, chance.randrange(3)), chance.choice((tag_renamed, box_ticked, nothing))):
            part = edit(part, chance)
        data = packed((parts_of(name, seed % 2) | {MAIN_PART: part}).items())
        went_straight += straight(form, part) is not None
        try:
            expected = by_the_aligner(monkeypatch, form, data)
        except UnreadableError:
            with pytest.raises(UnreadableError):
                docx.read(form, data)
            continue
        assert docx.read(form, data) == expected, seed
    assert went_straight > SEEDS[name] // 6


@settings(
    max_examples=12,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(data=st.data())
def test_both_roads_read_the_same_of_any_record(monkeypatch, data):
    form = concrete(data.draw(st.sampled_from(FORMS[1:])))
    record = data.draw(records(form))
    filled = docx.fill(form, record, stamp(form, record, b"test")).data
    ours, theirs = docx.read(form, filled), by_the_aligner(monkeypatch, form, filled)
    assert ours == theirs
    assert list(ours.raw) == list(theirs.raw)


@pytest.mark.parametrize("form", declared(), ids=lambda form: form.id)
def test_every_form_as_issued_goes_straight(form):
    for edition in form.editions:
        for region in ("", *(region.code for region in regions())):
            made = concrete(form.id, edition.id, region)
            # A photograph makes XML that was not issued.
            record = empty(made) if picture_paths(made) else sample(made, 5)
            with zipfile.ZipFile(io.BytesIO(docx.fill(made, record, stamp(made, record, b"test")).data)) as archive:
                assert straight(made, archive.read(MAIN_PART)) is not None


def test_a_changed_label_does_not_go_straight():
    part = parts_of("station-recommendation", 0)[MAIN_PART]
    form = concrete("station-recommendation")
    assert straight(form, part) is not None
    assert straight(form, part.replace(">许可证编号<".encode(), ">许可证号码<".encode())) is None
