"""数据情况说明表 as its readers see it: what is so and why, no file names and no orders to those who bound it."""

from typing import Any

from forms.packets import EXPLANATIONS, REGION
from services.bundle.explained import explanations
from services.bundle.whole import NOBODY
from services.bundle.written import Matter

ALIKE = {
    "station": "",
    "name": "甲鉴定站(26012001)",
    "form": "",
    "file": "甲站 终稿2.docx",
    "place": "甲站 终稿2.docx",
    "code": "D11.alike",
    "rule": "D11",
    "field": "",
    "label": "甲鉴定站(26012001)",
    "message": "“甲鉴定站(26012001)”的“自查结论”与乙鉴定站(26012002)的几乎相同(最高 91%)。请有关所(站)说明",
    "reason": "同一家单位代写,已退回重写。",
}
EMAIL = ALIKE | {
    "station": "26012001",
    "name": "甲鉴定站",
    "place": "《评估表》第3页 · 一、基本情况 · 电子邮箱",
    "message": "“电子邮箱”应写成 名称@域名 的样子,现在是“无”。请核对电子邮箱",
    "reason": "",
}


def rows(*reasons: dict[str, str]) -> list[list[str]]:
    matter = Matter(recipe=REGION, unit=NOBODY, reasons=reasons)
    (made,) = explanations(matter, EXPLANATIONS)
    data: Any = made.printed.data
    return [["".join(str(cell).split()) for cell in row] for row in data["rows"]]


def test_what_is_asked_between_forms_is_told_without_a_file_name_an_order_or_the_name_twice():
    assert rows(ALIKE) == [
        [
            "1",
            "甲鉴定站(26012001)",
            "各表对照",
            "“自查结论”与乙鉴定站(26012002)的几乎相同(最高91%)",
            "同一家单位代写,已退回重写。",
        ]
    ]


def test_what_is_asked_of_one_form_keeps_its_place_and_says_what_is_there():
    ((_, whose, place, situation, reason),) = rows(EMAIL)
    assert (whose, place) == ("甲鉴定站(26012001)", "《评估表》第3页·一、基本情况·电子邮箱")
    assert situation == "“电子邮箱”应写成名称@域名的样子,现在是“无”"
    assert reason == "未写说明"
