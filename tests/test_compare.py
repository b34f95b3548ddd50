"""Two completed forms side by side: what differs, row by row and answer by answer, whatever carried them."""

import json
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import pytest
from click.testing import CliRunner

from cli import main
from services import desk
from services.catalogue import concrete
from services.compare import Change, Side, compare, said
from services.compare.rows import MANY, pair_rows
from services.kinds import Picture
from services.paper.office import convert
from services.record import Record, build, entries_of, to_json
from services.sample import sample
from services.settings import load_settings
from tests.any_record import pictures

LEAD = concrete("evaluation")
WORKER = concrete("worker-recommendation")


@lru_cache(maxsize=2)
def entries(form=LEAD) -> Mapping[str, Any]:
    return MappingProxyType(entries_of(form, sample(form)))


def table(record: Record, key: str) -> list[dict[str, Any]]:
    return [dict(row) for row in record.values[key]]


def with_rows(key: str, change, form=LEAD) -> Record:
    """The sample record with the rows of a table as `change` leaves them."""
    rows = table(sample(form), key)
    change(rows)
    kept = {path: value for path, value in entries(form).items() if not path.startswith(f"{key}.")}
    return build(form, kept | {f"{key}.{n}.{name}": value for n, row in enumerate(rows) for name, value in row.items()})


def differences(new: Record, old: Record | None = None, form=LEAD) -> tuple[Change, ...]:
    return compare(Side(form=form, record=old or sample(form)), Side(form=form, record=new)).changes


def told(changes: tuple[Change, ...]) -> list[tuple[str, str, str]]:
    return [(change.what, change.field, said(change)) for change in changes]


# ---- answers ------------------------------------------------------------------------------------------


def test_equal_records_have_no_differences():
    assert differences(build(LEAD, entries())) == ()


def test_a_changed_answer_is_told_with_its_label_place_and_both_texts():
    (change,) = differences(build(LEAD, {**entries(), "postcode": "210000"}))
    assert change == Change(
        what="changed",
        field="postcode",
        label="邮政编码",
        place="《评估表》 · 一、基本情况 · 邮政编码",
        old="210018",
        new="210000",
    )


def test_differences_stand_in_printed_order():
    changed = {"postcode": None, "name": "某某站", "items.A01.self": None, "corrections.0.person": "某某"}
    fields = [change.field for change in differences(build(LEAD, {**entries(), **changed}))]
    assert fields == ["name", "postcode", "items.A01.self", "corrections.0.person"]


def test_a_choice_is_told_by_the_chosen_option_alone():
    (change,) = differences(build(LEAD, {**entries(), "staff.0.full_time": "专职"}))
    assert (change.old, change.new, change.row_old, change.row_new) == ("兼职", "专职", 1, 1)


def test_a_photograph_is_told_by_its_content():
    red, blue = pictures()
    photo = next(field.key for field in WORKER.fields if isinstance(field.kind, Picture))
    record = [build(WORKER, {**entries(WORKER), photo: data}) for data in (red, blue, red)]
    (change,) = differences(record[1], record[0], WORKER)
    assert change.field == photo
    assert change.old.startswith("照片(1 KB,校验值 ")
    assert change.old != change.new
    assert differences(record[2], record[0], WORKER) == ()


def test_identity_numbers_may_be_masked_and_still_differ():
    (one, other) = (
        build(WORKER, {**entries(WORKER), "id_no": f"1101051949{middle}002X"}) for middle in ("1231", "1230")
    )
    (change,) = compare(
        Side(form=WORKER, record=one, masked=True), Side(form=WORKER, record=other, masked=True)
    ).changes
    assert (change.old, change.new) == ("110105********002X", "110105********002X(隐去的几位不同)")


def test_what_could_not_be_read_is_compared_as_it_was_written():
    empty = build(LEAD, {**entries(), "founded_on": None, "postcode": None})
    old = Side(form=LEAD, record=empty, unread={"postcode": "见信封"})
    assert differences(empty, form=LEAD, old=empty) == ()
    (change,) = compare(old, Side(form=LEAD, record=empty)).changes
    assert (change.field, change.old, change.new) == ("postcode", "见信封", "")


# ---- rows of a table ----------------------------------------------------------------------------------


def test_an_inserted_row_is_one_difference_and_the_rows_below_are_none():
    newcomer = {"name": "新来的", "sex": "女", "age": 30}
    changes = differences(with_rows("staff", lambda rows: rows.insert(2, newcomer)))
    assert told(changes) == [("added", "staff.2", "新增第3行")]
    assert changes[0].new == "姓名:新来的;性别:女;年龄:30"


def test_a_removed_row_is_one_difference():
    changes = differences(with_rows("staff", lambda rows: rows.pop(1)))
    assert told(changes) == [("removed", "staff.1", "删去第2行")]
    assert changes[0].old.startswith("姓名:李志强;")


def test_a_moved_row_is_told_once():
    changes = differences(with_rows("staff", lambda rows: rows.append(rows.pop(1))))
    assert told(changes) == [("moved", "staff.7", "第2行移到第8行")]


def test_two_rows_that_changed_places_are_one_move():
    def swap(rows):
        rows[0], rows[1] = rows[1], rows[0]

    (change,) = differences(with_rows("staff", swap))
    assert change.what == "moved"


def test_a_row_that_was_changed_and_pushed_down_is_the_same_row():
    def work(rows):
        rows[3]["phone"] = "13900000000"
        rows.insert(0, {"name": "新来的", "sex": "女", "age": 30})

    changes = differences(with_rows("staff", work))
    assert told(changes) == [("added", "staff.0", "新增第1行"), ("changed", "staff.4.phone", "原第4行")]
    assert changes[1].new == "13900000000"


def test_another_person_elsewhere_in_the_table_is_another_row():
    def work(rows):
        rows.pop(0)
        rows.append(
            {
                "name": "方正",
                "sex": "男",
                "id_no": "110105194912310133",
                "card_no": "102004000099",
                "occupation": "焊工",
            }
        )

    changes = differences(with_rows("examiners", work))
    assert told(changes) == [("removed", "examiners.0", "删去第1行"), ("added", "examiners.9", "新增第10行")]


def test_the_rows_of_a_table_of_totals_are_told_by_their_group():
    (change,) = differences(build(LEAD, {**entries(), "statistics_totals.1.passed": 255}))
    assert (change.field, change.old, change.new) == ("statistics_totals.1.passed", "256", "255")


@pytest.mark.parametrize(
    ("old", "new", "pairs", "moved"),
    [
        ("", "", {}, ""),
        ("abc", "", {}, ""),
        ("", "abc", {}, ""),
        ("abc", "abc", {0: 0, 1: 1, 2: 2}, ""),
        ("aab", "aba", {0: 0, 1: 2, 2: 1}, ("a", "b")),
        ("abcdef", "fabcde", {0: 1, 1: 2, 2: 3, 3: 4, 4: 5, 5: 0}, "f"),
        ("abc", "xyz", {}, ""),
    ],
)
def test_rows_find_their_partners(old, new, pairs, moved):
    pairing = pair_rows([(c,) for c in old], [(c,) for c in new])
    if isinstance(moved, str):
        assert dict(pairing.pairs) == pairs
        assert {new[number] for number in pairing.moved} == set(moved)
    else:
        assert len(pairing.pairs) == len(pairs)
        assert len(pairing.moved) == 1
    assert len(pairing.removed) == len(old) - len(pairs)
    assert len(pairing.added) == len(new) - len(pairs)


def test_tables_beyond_reason_are_compared_by_number():
    rows = [("无", str(number % 7)) for number in range(MANY + 1)]
    assert pair_rows(rows, rows[1:]).removed == (MANY,)


# ---- editions and regions -----------------------------------------------------------------------------


def test_two_editions_are_compared_in_what_they_share_and_the_rest_is_named():
    today = concrete("evaluation", "today")
    record = build(today, {k: v for k, v in entries().items() if k != "org_code"} | {"uscc": "911101010000000001"})
    found = compare(Side(form=LEAD, record=sample(LEAD)), Side(form=today, record=record))
    assert {(c.what, c.label) for c in found.changes} == {
        ("only-new", "统一社会信用代码"),
        ("only-old", "组织机构代码"),
    }
    assert "2006版 1.0" in found.notes[0][0]
    assert "现行版 1.0" in found.notes[0][0]


def test_the_items_of_a_region_are_named_one_by_one():
    shaanxi = concrete("evaluation", "2006", "610000")
    record = build(shaanxi, {**entries(), "items.SX1.self": None})
    found = compare(Side(form=LEAD, record=sample(LEAD)), Side(form=shaanxi, record=record))
    assert [(c.what, c.field) for c in found.changes] == [("only-new", f"items.SX{number}") for number in range(1, 6)]
    assert found.changes[0].label == "SX1 连续三年未鉴定职业清理"


def test_two_stations_are_said_to_be_two():
    found = compare(Side(form=LEAD, record=sample(LEAD)), Side(form=LEAD, record=sample(LEAD, 1)))
    assert "都不同,不像是同一家" in found.notes[0][0]


def test_a_station_whose_name_was_corrected_is_the_same_station():
    found = compare(
        Side(form=LEAD, record=sample(LEAD)), Side(form=LEAD, record=build(LEAD, {**entries(), "name": "改正的名称"}))
    )
    assert found.notes == ()


def test_two_different_forms_have_nothing_to_compare():
    with pytest.raises(ValueError, match="no answers in common"):
        compare(Side(form=LEAD, record=sample(LEAD)), Side(form=WORKER, record=sample(WORKER)))


# ---- the command --------------------------------------------------------------------------------------


def census(*arguments: object):
    return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)


@pytest.fixture
def written(tmp_path):
    """A function that writes the sample of form 3, changed as told, as any carrier, and returns its path."""

    def write(name: str, **changed):
        record = build(WORKER, {**entries(WORKER), **changed})
        path, ending = tmp_path / name, name.rpartition(".")[2]
        if ending == "json":
            path.write_text(json.dumps(to_json(WORKER, record), ensure_ascii=False), encoding="utf-8")
        elif ending == "doc":
            path.write_bytes(convert(desk.issue(WORKER, record, "docx", load_settings()).data, "docx", "doc"))
        else:
            path.write_bytes(desk.issue(WORKER, record, ending, load_settings()).data)
        return path

    return write


@pytest.mark.parametrize("other", ["b.xlsx", "b.pdf", "b.json", "b.doc"])
def test_the_same_answers_are_equal_whatever_carries_them(written, other):
    found = census("diff", written("a.docx"), written(other))
    assert found.exit_code == 0
    assert found.stdout == "两份表填写的内容完全相同\n"


def test_a_difference_between_carriers_ends_with_code_1(written):
    found = census("diff", written("a.docx"), written("b.xlsx", native="示范市甲区"))
    assert found.exit_code == 1
    assert "有 1 处不同" in found.stdout
    assert "现在:示范市甲区" in found.stdout


def test_of_long_texts_only_what_differs_is_shown(written):
    deeds = str(entries(WORKER)["deeds"])
    found = census("diff", written("a.json"), written("b.json", deeds=deeds[:100] + "补充一句" + deeds[100:]))
    assert "【补充一句】" in found.stdout
    assert "……" in found.stdout
    assert len(found.stdout) < len(deeds)


def test_the_json_names_files_and_every_change(written):
    old, new = written("a.json"), written("b.xlsx", native="示范市甲区")
    found = json.loads(census("diff", old, new, "--json").stdout)
    assert found["equal"] is False
    assert [file["form"] for file in found["files"]] == ["worker-recommendation"] * 2
    assert [(c["what"], c["field"], c["new"]) for c in found["changes"]] == [("changed", "native", "示范市甲区")]


def test_two_different_forms_are_a_usage_fault(written, tmp_path):
    other = tmp_path / "form1.json"
    other.write_text(json.dumps(to_json(LEAD, sample(LEAD)), ensure_ascii=False), encoding="utf-8")
    found = census("diff", written("a.json"), other)
    assert found.exit_code == 2
    assert "不是同一种表" in found.stderr


def test_an_unreadable_file_is_named_and_ends_with_code_3(written, tmp_path):
    bad = tmp_path / "bad.docx"
    bad.write_bytes(b"plain words")
    found = census("diff", written("a.json"), bad)
    assert found.exit_code == 3
    assert "bad.docx:这不是 Word" in found.stderr
