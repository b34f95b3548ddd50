"""How wide a text is at most, and printed labels broken into lines that read well.

A label is broken at the edges of words into lines of even length, with no single 字 left over.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from math import ceil

# The words of our labels that a line's end must not divide.
_WORDS = (
    "劳动保障", "人力资源", "社会保障", "行政部门", "主管部门", "行政区划", "国家题库", "质量督导", "督导报告",
    "会计资格", "收费标准", "考评人员", "管理人员", "有效期至", "联系人", "技能等级", "机构编码", "许可证",
    "管理体系", "考评员", "督导员", "负责人", "检查组", "推荐意见", "审核意见", "审批意见", "抽查意见", "自查意见",
    "申报意见", "复核分", "自评分", "有效期", "证卡号", "劳动保障部", "社会保障部", "质量督导员", "所在地", "近三年",
    "鉴定所(站)", "所(站)长", "(工种)", "(全称)", "(承建)", "(初级)", "(中级)", "(高级)", "(㎡)", "(人次)", "(复核)",
    "(续)", "职业", "技能", "鉴定", "名称", "依托", "单位", "代码", "编码", "质量", "认证", "机构", "证书", "编号",
    "变更", "增加", "批准", "文号", "收费", "日期", "理论", "考场", "面积", "来源", "人数", "免检", "证卡", "从事",
    "年限", "推荐", "意见", "审核", "审批", "市级", "省级", "行业", "自查", "抽查", "上报", "部门", "电话", "所在",
    "规模", "条件", "现有", "报告", "份数", "是否", "通过", "开展", "资格", "证号", "等级", "类别", "聘用", "期限",
    "计量", "检定", "设备", "仪器", "项目", "附加", "合计", "总分", "得分", "名册", "情况", "财务", "填写", "不填",
    "整改", "时限", "完成", "职务", "职称", "学历", "毕业", "院校", "政治", "面貌", "出生", "年月", "属于", "总数",
    "专职", "其中", "高级", "技师", "复核", "成员", "说明", "软件", "考务", "管理", "标牌", "规章", "制度", "岗位",
    "职责", "公示", "保密", "执行", "考评", "回避", "轮换", "计划", "总结", "例会", "办公", "技术", "资料", "考试",
    "场地", "考核", "检测", "工量具", "安全", "应急", "数量", "聘任", "培训", "更新", "投入", "公告", "报名", "审查",
    "编排", "准备", "试题", "试卷", "使用", "接收", "保管", "派遣", "记录", "成绩", "办理", "评分", "范围", "档案",
    "数据", "统计", "违规", "违纪", "处理", "服务", "满意度", "投诉", "举报", "信息", "公开", "宣传", "用人单位",
    "认可", "社会", "效果",
)  # fmt: skip
_TOKEN = re.compile("|".join(map(re.escape, sorted(_WORDS, key=len, reverse=True))) + r"|[0-9A-Za-z.—-]+|.", re.DOTALL)
_OPENING = "(《〈“["
_CLOSING = ")》〉”]、,，。:：;；/"
_HALF = re.compile(r"(?<=[^\x00-\x7f])[,;:]|(?<=\))[,;:]|[,;:](?=[^\x00-\x7f])")
_FULL = str.maketrans({",": "，", ";": "；", ":": "："})
_NARROW = {**dict.fromkeys("0123456789", 0.5), **dict.fromkeys("ijl.,:;'|!()[] -/", 0.36)}
_WIDE = frozenset("WM@%mw&")


@lru_cache(maxsize=8192)
def em(text: str) -> float:
    """Return the greatest width of a line of text in em."""
    return sum(map(_width, text))


@lru_cache(maxsize=8192)
def _width(character: str) -> float:
    if character in _NARROW:
        return _NARROW[character]
    if character.isascii():
        return 1.0 if character in _WIDE else 0.78 if character.isupper() else 0.6
    return 1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.9


@lru_cache(maxsize=2048)
def typographic(text: str) -> str:
    """Return a declared text with Chinese commas, colons and semicolons after Chinese words.

    The declarations write them half as wide, as people type them; answers are printed as they stand.
    """
    return _HALF.sub(lambda match: match[0].translate(_FULL), text)


@lru_cache(maxsize=2048)
def balanced(label: str, room_em: float) -> str:
    """Return `label` with line ends so that no line is wider than `room_em` and all are about as long.

    A label that already has line ends, or that has a word wider than the room, stays as it is.
    """
    tokens = _tokens(label)
    if em(label) <= room_em or "\n" in label or any(em(token) > room_em for token in tokens):
        return label
    count = ceil(em(label) / room_em)
    for lines in range(count, len(tokens) + 1):
        parts = _parted(tokens, lines, room_em)
        if parts:
            return "\n".join("".join(part) for part in parts)
    return label


def widest_word(label: str) -> float:
    """Return the width in em of the widest part of a label that should not be divided."""
    return max(map(em, _tokens(label)), default=0)


def _tokens(label: str) -> tuple[str, ...]:
    """Return the parts of a label that are not divided: words, with the punctuation that clings to them."""
    tokens: list[str] = []
    for token in _TOKEN.findall(label):
        if tokens and (token in _CLOSING or tokens[-1][-1] in _OPENING):
            tokens[-1] += token
        else:
            tokens.append(token)
    return tuple(tokens)


def _parted(tokens: tuple[str, ...], lines: int, room_em: float) -> tuple[tuple[str, ...], ...]:
    """Return the tokens in `lines` lines, the most even way; () when they do not fit."""
    best: dict[tuple[int, int], tuple[float, tuple[int, ...]]] = {(0, 0): (0.0, ())}
    target = sum(map(em, tokens)) / lines
    for line in range(1, lines + 1):
        for stop in range(line, len(tokens) + 1):
            ways = [
                (best[line - 1, start][0] + (width - target) ** 2, (*best[line - 1, start][1], start))
                for start in range(line - 1, stop)
                if (line - 1, start) in best and (width := em("".join(tokens[start:stop]))) <= room_em
            ]
            if ways:
                best[line, stop] = min(ways)
    if (lines, len(tokens)) not in best:
        return ()
    starts = best[lines, len(tokens)][1]
    return tuple(tokens[start:stop] for start, stop in zip(starts, (*starts[1:], len(tokens)), strict=True))
