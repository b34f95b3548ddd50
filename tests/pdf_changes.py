"""Changes of the printed text of 优秀工作者推荐表 as a PDF, each with what must be said of it, written by hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests import pdf_edits as edits


@dataclass(frozen=True, kw_only=True)
class Change:
    """A change, and what must be said of it: code, page and part, words."""

    name: str
    change: Callable[[bytes], bytes]
    code: str
    place: str
    words: Sequence[str]


def _(name: str, change: Callable[[bytes], bytes], code: str, place: str, *words: str) -> Change:
    return Change(name=name, change=change, code=code, place=place, words=words)


PERSON, CAREER, DEEDS, OPINIONS = "一、个人情况", "二、工作简历和奖惩情况", "三、事迹", "四、推荐和审批意见"
CHANGES = (
    _(
        "label retyped",
        lambda d: edits.retyped(d, "身份证号", "证件号码"),
        "layout.changed",
        f"第3页 · {PERSON}",
        "身份证号",
        "证件号码",
    ),
    _(
        "label lengthened",
        lambda d: edits.retyped(d, "民族", "民族别"),
        "layout.changed",
        f"第3页 · {PERSON}",
        "民族",
        "民族别",
    ),
    _(
        "label taken out",
        lambda d: edits.taken_out(d, "毕业院校"),
        "layout.removed",
        f"第3页 · {PERSON}",
        "毕业院校",
        "删去",
    ),
    _("option taken out", lambda d: edits.taken_out(d, "社会团体"), "layout.changed", f"第3页 · {PERSON}", "社会团体"),
    _(
        "head of a column",
        lambda d: edits.retyped(d, "起始年月", "入职年月"),
        "layout.changed",
        f"第4页 · {CAREER}",
        "起始年月",
        "入职年月",
    ),
    _(
        "head taken out",
        lambda d: edits.taken_out(d, "授予(决定)单位"),
        "layout.removed",
        f"第4页 · {CAREER}",
        "授予(决定)单位",
    ),
    _(
        "note of a table",
        lambda d: edits.taken_out(d, "注：没有的填"),
        "layout.removed",
        f"第4页 · {CAREER}",
        "注：没有的填“无”。",
    ),
    _(
        "hint of a text",
        lambda d: edits.retyped(d, "简要事迹(300", "简要事迹(500字以内)"),
        "layout.changed",
        f"第5页 · {DEEDS}",
        "300字以内",
        "500字以内",
    ),
    _(
        "opinion label",
        lambda d: edits.retyped(d, "省级", "省厅"),
        "layout.changed",
        f"第6页 · {OPINIONS}",
        "省级",
        "省厅",
    ),
    _(
        "signer",
        lambda d: edits.retyped(d, "单位负责人签字", "经办人签字："),
        "layout.changed",
        f"第6页 · {OPINIONS}",
        "单位负责人签字",
        "经办人签字",
    ),
    _(
        "title of the form",
        lambda d: edits.retyped(d, "职业技能鉴定优秀工作者", "职业技能竞赛优秀工作者"),
        "layout.changed",
        "第1页",
        "职业技能鉴定优秀工作者",
        "职业技能竞赛优秀工作者",
    ),
    _(
        "office on the cover",
        lambda d: edits.retyped(d, "劳动和社会保障部制", "某某培训中心制"),
        "layout.changed",
        "第1页",
        "劳动和社会保障部制",
        "某某培训中心制",
    ),
    _(
        "title of a part",
        lambda d: edits.retyped(d, "三、事迹", "三、先进事迹"),
        "layout.changed",
        f"第5页 · {DEEDS}",
        "三、事迹",
        "三、先进事迹",
    ),
    _("rule of filling in", lambda d: edits.taken_out(d, "逐级审核上报"), "layout.changed", "第2页", "逐级审核上报"),
    _(
        "line added between",
        lambda d: edits.written_at(d, 1, 90, 200, "免审单位不必填写"),
        "layout.outside",
        "第2页",
        "免审单位不必填写",
    ),
    _(
        "line added below a table",
        lambda d: edits.written_at(d, 2, 90, 70, "本表解释权归本站"),
        "layout.outside",
        "第3页",
        "本表解释权归本站",
    ),
    _(
        "pasted over",
        lambda d: edits.pasted_over(d, "身份证号", "工作证号"),
        "layout.overprinted",
        f"第3页 · {PERSON}",
        "身份证号",
        "工作证号",
    ),
    _(
        "white paper",
        lambda d: edits.pasted_over(d, "政治面貌", ""),
        "layout.covered",
        f"第3页 · {PERSON}",
        "政治面貌",
        "盖住",
    ),
    _("black bar", lambda d: edits.blotted(d, "出生年月"), "layout.covered", f"第3页 · {PERSON}", "出生年月", "盖住"),
    _(
        "written beside a label",
        lambda d: edits.written_at(d, 2, 66, 717, "曾用"),
        "layout.overprinted",
        f"第3页 · {PERSON}",
        "姓名",
        "曾用",
    ),
    _(
        "page taken out",
        lambda d: edits.pages_in_order(d, (0, 2, 3, 4, 5)),
        "layout.page-removed",
        "第2页",
        "原第2页",
        "填表说明",
    ),
    _(
        "pages exchanged",
        lambda d: edits.pages_in_order(d, (0, 1, 2, 4, 3, 5)),
        "layout.page-moved",
        f"第5页 · {CAREER}",
        "原第4页",
        "第5页",
    ),
)
