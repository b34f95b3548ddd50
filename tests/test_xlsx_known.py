"""A worksheet as issued is compared as a whole; the reading is the one that searching its cells gives."""

import re
from dataclasses import replace
from functools import lru_cache

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from services.carriers import xlsx
from services.carriers.reading import UnreadableError
from services.carriers.reading_json import reading_to_json
from services.carriers.xlsx import cells
from services.carriers.xlsx.cells import Sheet
from services.carriers.xlsx.fill import sizes_of
from services.carriers.xlsx.opened import open_workbook
from services.carriers.xlsx.prepared import preparing
from services.carriers.xlsx.texts import plain_texts
from services.catalogue import concrete, declared
from services.form import Form
from services.record import empty, entries_of
from services.sample import sample
from tests.any_record import records
from tests.xlsx_edits import filled, with_parts

FORMS = tuple(form.id for form in declared())
SHEET = "xl/worksheets/sheet3.xml"
quick = settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@lru_cache(maxsize=8)
def known_form(name: str) -> Form:
    """A form whose sheets are known, as after the service got warm."""
    form = concrete(name)
    for record in (empty(form), sample(form)):
        assert list(preparing(form, sizes_of(form, record, entries_of(form, record))))
    return form


def without_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "known_in", lambda _strings, _styles: {})


def read_both_ways(form: Form, data: bytes) -> tuple[object, object]:
    """The reading and the cells of a workbook, with the known sheets and without them."""
    told: list[object] = []
    with pytest.MonkeyPatch.context() as patch:
        for _ in ("compared", "searched"):
            shown = open_workbook(data).shown
            told.append((reading_to_json(xlsx.read(form, data)), {name: said(sheet) for name, sheet in shown.items()}))
            without_known(patch)
    return told[0], told[1]


def said(sheet: Sheet) -> tuple[dict[bytes, object], frozenset[bytes], int]:
    return {name: (type(value), value) for name, value in sheet.cells.items()}, sheet.formulas, sheet.height


def sheets_compared(data: bytes, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many sheets of a workbook were read without searching."""
    searched: list[bytes] = []
    search = cells._sheet

    def counted(rows: bytes, tables: cells.Tables) -> Sheet | None:
        searched.append(rows)
        return search(rows, tables)

    monkeypatch.setattr(cells, "_sheet", counted)
    return len(open_workbook(data).parts) - len(searched)


@quick
@given(st.data())
@pytest.mark.parametrize("name", FORMS)
def test_any_record_reads_the_same_compared_and_searched(name: str, data: st.DataObject) -> None:
    form = known_form(name)
    compared, searched = read_both_ways(form, filled(form, data.draw(records(form, most_rows=20))))
    assert compared == searched


def test_all_sheets_of_a_filled_form_but_the_hidden_one_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    form = known_form("evaluation")
    data = filled(form, sample(form))
    assert len(open_workbook(data).parts) == 17
    assert sheets_compared(data, monkeypatch) == 16


CHANGES = {
    "a label": (rb"<v>27</v>", rb"<v>28</v>"),
    "a label typed over": (rb'(<c r="A4" s="\d+") t="s"><v>27</v>', rb'\1 t="inlineStr"><is><t>&lt;b&gt;</t></is>'),
    "a cell more": (rb"</row></sheetData>", rb'<c r="Z24"><v>7</v></c></row></sheetData>'),
    "a row more": (rb"</sheetData>", rb'<row r="40"><c r="A40" t="str"><v>x</v></c></row></sheetData>'),
    "a formula for an answer": (rb'(<c r="B7" s="\d+").*?</c>', rb"\1><f>1+1</f><v>2</v></c>"),
    "an error for an answer": (rb'(<c r="B7" s="\d+").*?</c>', rb'\1 t="e"><v>#REF!</v></c>'),
    "a true for an answer": (rb'(<c r="B7" s="\d+").*?</c>', rb'\1 t="b"><v>1</v></c>'),
    "a number for an answer": (rb'(<c r="B7" s="\d+").*?</c>', rb"\1><v>1E3</v></c>"),
    "a comment around a cell": (rb'(<c r="B7" s="\d+".*?</c>)', rb"<!--\1-->"),
    "an answer in runs": (rb'(<c r="B7" s="\d+").*?</c>', rb'\1 t="inlineStr"><is><r><t>1</t></r></is></c>'),
    "an answer twice": (rb'(<c r="B7" s="\d+".*?</c>)', rb"\1\1"),
    "another style": (rb'<c r="B7" s="\d+"', rb'<c r="B7" s="0"'),
    "nothing": (rb"</sheetData>", rb"</sheetData>"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_sheet_reads_the_same_compared_and_searched(change: str) -> None:
    form = known_form("evaluation")
    data = filled(form, sample(form))
    old = open_workbook(data).container.parts[SHEET]
    before, after = CHANGES[change]
    new = re.sub(before, after, old, count=1)
    assert (new == old) is (change == "nothing")
    compared, searched = read_both_ways(form, with_parts(data, {SHEET: new}))
    assert compared == searched


def test_a_sheet_with_other_shared_texts_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    form = known_form("evaluation")
    data = filled(form, sample(form))
    texts = open_workbook(data).container.parts["xl/sharedStrings.xml"]
    changed = with_parts(data, {"xl/sharedStrings.xml": texts.replace("机构编码".encode(), "机构代码".encode())})
    assert sheets_compared(changed, monkeypatch) == 0


def test_a_table_with_more_rows_than_any_known_one_is_searched_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    form = known_form("evaluation")
    record = sample(form)
    staff = record.values["staff"]
    grown = replace(record, values={**record.values, "staff": staff * 20})
    data = filled(form, grown)
    assert sheets_compared(data, monkeypatch) == 15
    assert xlsx.read(form, data).raw[f"staff.{len(staff) * 20 - 1}.name"] == staff[-1]["name"]


@pytest.mark.parametrize("said", ["size", "crc"])
def test_a_kept_part_of_which_the_directory_says_otherwise_is_refused(said: str) -> None:
    form = known_form("evaluation")
    data = bytearray(filled(form, sample(form)))
    entry = data.rindex(b"xl/styles.xml") - 46
    assert data[entry : entry + 4] == b"PK\x01\x02"
    data[entry + {"size": 24, "crc": 16}[said]] ^= 1
    with pytest.raises(UnreadableError) as refusal:
        open_workbook(bytes(data))
    assert refusal.value.code == "truncated"


PIECES = (
    *(b"&amp;", b"&lt;b&gt;", b"&quot;", b"&apos;", b"&#21171;", b"&#x5c;", b"&#64976;", b"&#13;", b"&#95;x0041_"),
    *(b"_x000D_", b"_x", b"\r\n", b"\n", b" ", b"]]>", "\ufdd0".encode(), "劳".encode(), b"x", b"&foo;", b"&"),
)


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=5).map(b"".join), max_size=5))
@example([b"&#x52b3;&#21171;_x0041_&lt;"])
def test_texts_read_together_are_what_each_is_alone(texts: list[bytes]) -> None:
    assert plain_texts(texts) == [plain_texts([text])[0] for text in texts]


def test_entities_and_escapes_of_excel_are_made_plain() -> None:
    written = [b"&#x52b3;&#21171;", b"a &amp;&lt;&gt;&quot;&apos; b", b"_x000D__x0041_", "印 _x".encode(), b"&foo;"]
    assert plain_texts(written) == ["劳劳", "a &<>\"' b", "\rA", "印 _x", "&foo;"]
