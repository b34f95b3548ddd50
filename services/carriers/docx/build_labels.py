"""Printed labels broken into lines of like length, at a bracket or a comma where there is one."""

from __future__ import annotations

import math

POINT_MM = 25.4 / 72
_CELL_MARGINS_MM = 2.0
_WORDS = (
    "鉴定所(站)", "所(站)", "劳动保障", "人力资源", "社会保障", "行政部门", "主管部门", "行业", "单位", "意见", "审核",
    "推荐", "名称", "代码", "编码", "编号", "文号", "日期", "面积", "许可证", "认证", "体系", "质量", "标准", "等级",
    "年限", "证卡", "有效期", "人员", "地址", "督导", "技能", "职称", "情况", "信用", "机构", "规模", "合格", "聘用",
    "考评员",
)  # fmt: skip
"""Words that a line end never cuts."""

_BEFORE = "(（〔"
_AFTER = "、/·,;:)）"


def width_em(text: str) -> float:
    """Return the width of `text` in ems: a Chinese character is one, a Latin one a half."""
    return sum(0.55 if character.isascii() else 1.0 for character in text)


def broken(label: str, width_mm: float, size_pt: float) -> str:
    """Return a label with a new line wherever it has to break to stand in a cell of `width_mm`."""
    room = (width_mm - _CELL_MARGINS_MM) / (size_pt * POINT_MM)
    lines = math.ceil(width_em(label) / room)
    if lines < 2 or "\n" in label:  # noqa: PLR2004 - one line needs no break
        return label
    cut = _cut(label, width_em(label) / lines, room)
    rest = broken(label[cut:], width_mm, size_pt)
    return f"{label[:cut]}\n{rest}"


def _cuts_a_word(label: str, end: int) -> bool:
    """Return whether a line end there stands inside a word, before a closing mark or behind an opening one."""
    if label[end] in _AFTER or label[end - 1] in _BEFORE:
        return True
    return any(label.startswith(word, start) for word in _WORDS for start in range(max(0, end - len(word) + 1), end))


def _cut(label: str, ideal: float, room: float) -> int:
    """Return where the first line ends: within `room`, near `ideal`, gladly at a natural break."""
    fitting = [end for end in range(1, len(label)) if width_em(label[:end]) <= room]
    natural = [end for end in fitting if label[end] in _BEFORE or label[end - 1] in _AFTER]
    allowed = [end for end in fitting if not _cuts_a_word(label, end)]
    wide_enough = [end for end in natural if end in allowed and width_em(label[:end]) >= ideal - 1.5]
    best = wide_enough or allowed or fitting or [1]
    return min(best, key=lambda end: abs(width_em(label[:end]) - ideal - 0.5))
