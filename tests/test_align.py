"""The aligner, on hand-made rows."""

import pytest

from services.carriers.align import Match, align
from services.carriers.layout import Cell, Layout, LayoutCell, Piece, Row, compile_layout
from services.carriers.likeness import bare, likeness


def issued(*cells: str) -> list[LayoutCell]:
    """A row as issued: `=path` is an answer, `text=path` a label and an answer in one cell, else a label."""
    row = []
    for start, cell in enumerate(cells):
        label, _, path = cell.partition("=")
        pieces = ([Piece(text=label)] if label else []) + ([Piece(text="", path=path)] if path else [])
        row.append(LayoutCell(pieces=tuple(pieces), start=start))
    return row


def row(*texts: str) -> Row:
    return Row(cells=tuple(Cell(text=text, start=start) for start, text in enumerate(texts)))


FORM = (
    issued("鉴定所(站)名称:=name"),
    issued("姓名", "=person", "性别", "=sex"),
    issued("职务", "=post", "联系电话", "=phone"),
    issued("主要事迹"),
    issued("=deeds"),
    issued("附表1-3 考评人员名册"),
    issued("序号", "姓名", "身份证号"),
    issued("1", "=examiners.0.name", "=examiners.0.id_no"),
    issued("2", "=examiners.1.name", "=examiners.1.id_no"),
    issued("附表1-4 设备清单"),
    issued("序号", "名称", "台数"),
    issued("1", "=equipment.0.name", "=equipment.0.count"),
    issued("A01", "许可证与标牌", "2", "=items.A01.self"),
    issued("A02", "规章制度", "5", "=items.A02.self"),
)

FILLED = (
    row("鉴定所(站)名称:某某站"),
    row("姓名", "张三", "性别", "男"),
    row("职务", "所长", "联系电话", "0571-87052345"),
    row("主要事迹"),
    row("从事鉴定工作十年。"),
    row("附表1-3 考评人员名册"),
    row("序号", "姓名", "身份证号"),
    row("1", "李四", "11010519491231002X"),
    row("2", "王五", ""),
    row("附表1-4 设备清单"),
    row("序号", "名称", "台数"),
    row("1", "车床", "3"),
    row("A01", "许可证与标牌", "2", "2"),
    row("A02", "规章制度", "5", "4"),
)


@pytest.fixture(name="layout")
def _layout() -> Layout:
    return compile_layout(FORM, frozenset({"examiners", "equipment"}))


def read(layout: Layout, rows: tuple[Row, ...]) -> dict[str, list[str]]:
    """Return the texts found for each answer, in order."""
    found: dict[str, list[str]] = {}
    for match in align(layout, rows).matches:
        for index, cell in enumerate(layout.rows[match.issued].cells):
            for path in cell.paths:
                text = rows[match.row].cells[match.cells[index]].text if match.cells[index] >= 0 else "?"
                found.setdefault(path, []).append(text)
    return found


WANTED = {
    "name": ["鉴定所(站)名称:某某站"],
    "person": ["张三"],
    "sex": ["男"],
    "post": ["所长"],
    "phone": ["0571-87052345"],
    "deeds": ["从事鉴定工作十年。"],
    "examiners.*.name": ["李四", "王五"],
    "examiners.*.id_no": ["11010519491231002X", ""],
    "equipment.*.name": ["车床"],
    "equipment.*.count": ["3"],
    "items.A01.self": ["2"],
    "items.A02.self": ["4"],
}


def test_labels_are_compared_without_blanks_widths_dashes_and_a_trailing_colon():
    assert bare("姓　名：") == bare("姓名") == "姓名"
    assert bare("鉴定所（站）名称*") == "鉴定所(站)名称"
    assert bare("2001—2005年") == bare("2001－2005 年") == "2001-2005年"


def test_likeness_tells_an_edited_label_from_another_one():
    assert likeness("联系电话", "联系电话") == 1
    assert likeness("联系电话", "联系人电话") > 0.6
    assert likeness("联系电话", "通讯地址") == 0


def test_the_blank_rows_of_a_schedule_become_one_repeating_row(layout):
    assert len(FORM) == 14
    assert len(layout.rows) == 13
    assert [r.repeat for r in layout.rows if r.repeat] == ["examiners", "equipment"]


def test_an_untouched_form_is_matched_in_one_walk(layout):
    alignment = align(layout, FILLED)
    assert alignment.straight
    assert alignment.missing == alignment.extra == ()
    assert read(layout, FILLED) == WANTED


def test_a_label_that_was_edited_still_has_its_answer(layout):
    rows = (*FILLED[:2], row("职务", "所长", "手机", "0571-87052345"), *FILLED[3:])
    assert read(layout, rows) == WANTED


def test_a_label_that_was_spaced_out_changes_nothing(layout):
    rows = (FILLED[0], row("姓　　名", "张三", "性 别：", "男"), *FILLED[2:])
    assert align(layout, rows).straight
    assert read(layout, rows) == WANTED


def test_a_schedule_may_have_no_rows(layout):
    found = read(layout, (*FILLED[:7], *FILLED[9:]))
    assert "examiners.*.name" not in found
    assert found["equipment.*.name"] == ["车床"]


def test_a_schedule_may_have_three_hundred_rows(layout):
    many = tuple(row(str(n), f"考评员{n}", "") for n in range(1, 301))
    found = read(layout, (*FILLED[:7], *many, *FILLED[9:]))
    assert found["examiners.*.name"] == [f"考评员{n}" for n in range(1, 301)]
    assert found["items.A02.self"] == ["4"]


def test_rows_of_a_schedule_are_kept_when_its_head_was_edited(layout):
    rows = (*FILLED[:6], row("号", "考评人姓名", "证件号码"), *FILLED[7:])
    assert read(layout, rows) == WANTED


def test_a_deleted_row_is_named_and_the_others_keep_their_answers(layout):
    alignment = align(layout, (*FILLED[:2], *FILLED[3:]))
    assert alignment.missing == (2,)
    found = read(layout, (*FILLED[:2], *FILLED[3:]))
    assert found == {path: texts for path, texts in WANTED.items() if path not in {"post", "phone"}}


def test_a_row_that_was_added_is_named(layout):
    rows = (*FILLED[:3], row("电子邮箱", "a@163.com", "传真", "1"), *FILLED[3:])
    assert align(layout, rows).extra == (3,)
    assert read(layout, rows) == WANTED


def test_a_row_that_was_moved_is_found_and_said_to_be_moved(layout):
    rows = (FILLED[0], FILLED[2], *FILLED[3:9], FILLED[1], *FILLED[9:])
    moved = [match for match in align(layout, rows).matches if match.moved]
    assert moved == [Match(issued=1, row=8, cells=(0, 1, 2, 3), moved=True)]
    assert read(layout, rows) == WANTED


def test_a_split_cell_does_not_shift_the_answers_after_it(layout):
    split = Row(
        cells=(
            Cell(text="姓名", start=0),
            Cell(text="张三", start=1),
            Cell(text="", start=2),
            Cell(text="性别", start=3),
            Cell(text="男", start=4),
        )
    )
    assert read(layout, (FILLED[0], split, *FILLED[2:])) == WANTED


def test_a_foreign_table_matches_nothing(layout):
    foreign = tuple(row("项目", "一月", "二月", str(n)) for n in range(20))
    alignment = align(layout, foreign)
    assert [
        layout.rows[match.issued].repeat for match in alignment.matches if not layout.rows[match.issued].repeat
    ] == []


def test_ten_thousand_foreign_rows_do_not_hang_the_aligner(layout):
    foreign = tuple(row("项目", str(n)) for n in range(40_000))
    assert len(align(layout, foreign).extra) == 40_000
