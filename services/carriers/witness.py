"""The anchors that an answer is known by, and how sure that makes it, in words for a clerk."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CONTROL, BOOKMARK, NAME, FIELD, RECORD = "control", "bookmark", "name", "field", "record"
LABEL, PLACE, BOX, LABEL_CELL = "label", "place", "box", "label-cell"

WITNESSES: Mapping[str, str] = MappingProxyType(
    {
        CONTROL: "内容控件",
        BOOKMARK: "书签",
        NAME: "单元格名称",
        FIELD: "表单域",
        RECORD: "随附数据",
        LABEL: "栏目名称",
        PLACE: "表格位置",
        BOX: "文本框",
        LABEL_CELL: "栏目名称格",
    }
)
"""What each anchor is called, in the order they are told."""

AGREED, SINGLE, DOUBTFUL = "agreed", "single", "doubtful"

SURENESS: Mapping[str, str] = MappingProxyType({AGREED: "确认", SINGLE: "可信", DOUBTFUL: "请核对"})
"""How sure a reading is: two witnesses agree, one stands alone, they differ or the text had to be fetched."""
