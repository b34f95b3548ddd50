"""The styles of a Word form: official fonts by their Chinese names, sizes in points (forms-and-rules §11)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services.carriers.docx.ooxml import XML_HEAD, twips

SONG, HEI, FANG, KAI, TITLE = "宋体", "黑体", "仿宋_GB2312", "楷体_GB2312", "方正小标宋简体"
LATIN = "Times New Roman"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
# 字号: 二号 22, 三号 16, 四号 14, 小四 12, 五号 10.5, 小五 9 points.
_DENSE_FORM = "evaluation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """A paragraph style; `before`, `after` are points, `line` the exact pitch in points (0: single)."""

    id: str
    name: str
    font: str
    size: float
    align: str = "left"
    before: float = 0
    after: float = 0
    line: float = 0
    indent: str = ""
    level: int = -1
    latin: str = LATIN

    def script_space(self) -> str:
        """Return no extra space between Chinese and Latin letters in a table's narrow columns."""
        is_row = self.id.startswith("ZPRow")
        return '<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>' if is_row else ""

    def xml(self) -> str:
        """Return the style."""
        pitch = f' w:line="{round(self.line * 20)}" w:lineRule="exact"' if self.line else ""
        spacing = f'<w:spacing w:before="{round(self.before * 20)}" w:after="{round(self.after * 20)}"{pitch}/>'
        outline = f'<w:outlineLvl w:val="{self.level}"/>' if self.level >= 0 else ""
        size = round(self.size * 2)
        fonts = f'<w:rFonts w:ascii="{self.latin}" w:hAnsi="{self.latin}" w:eastAsia="{self.font}"/>'
        return (
            f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{self.id}"><w:name w:val="{self.name}"/>'
            '<w:basedOn w:val="Normal"/><w:qFormat/>'
            f'<w:pPr>{self.script_space()}{spacing}{self.indent}<w:jc w:val="{self.align}"/>{outline}</w:pPr>'
            f'<w:rPr>{fonts}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>'
        )


LABEL_POINTS = 10.5


def head_points(form_id: str) -> float:
    """Return the size of the heads of tables."""
    return 9 if form_id == _DENSE_FORM else 10.5


def _answers(form_id: str) -> Iterator[Style]:
    """Yield the styles of answers: 五号 in the dense form 1, 小五 in its tables, 小四 in the other forms.

    Boxes stand in the East Asian font whatever script a program takes □ for.
    """
    sizes = (("ZPAnswer", "填写", 10.5, 12), ("ZPRow", "行填写", 9, 12))
    for base, name, dense, wide in sizes:
        size = dense if form_id == _DENSE_FORM else wide
        for ending, said, align in (("", "", "left"), ("Center", "居中", "center")):
            yield Style(id=f"{base}{ending}", name=f"{name}{said}", font=FANG, size=size, align=align)
            boxes = f"{base}Boxes{ending}"
            yield Style(id=boxes, name=f"{name}选择{said}", font=FANG, latin=FANG, size=size, align=align)


def _styles(form_id: str) -> tuple[Style, ...]:
    """Return the paragraph styles of a form."""
    note_indent = '<w:ind w:left="640" w:hanging="640"/>'
    return (
        Style(id="ZPAttachment", name="附件标记", font=HEI, size=16),
        Style(id="ZPCoverTitle", name="封面标题", font=TITLE, size=26, align="center", before=150, after=110, line=46),
        Style(id="ZPCoverLabel", name="封面栏目", font=FANG, size=16, align="right"),
        Style(id="ZPCoverAnswer", name="封面填写", font=FANG, size=16, align="center"),
        Style(id="ZPMaker", name="制表单位", font=FANG, size=16, align="center", before=120),
        Style(id="ZPTitle", name="表标题", font=TITLE, size=22, align="center", before=12, after=24, level=0),
        Style(id="ZPNote", name="填表说明", font=FANG, size=14, align="both", after=4, line=26, indent=note_indent),
        Style(id="ZPPart", name="部分标题", font=HEI, size=16, align="left", after=8, level=0),
        Style(id="ZPTableTitle", name="表名", font=HEI, size=14, align="left", before=10, after=6, level=1),
        Style(id="ZPTableNote", name="表注", font=KAI, size=10.5, align="left", before=4),
        Style(id="ZPLabel", name="栏目", font=SONG, size=LABEL_POINTS, align="center"),
        Style(id="ZPHead", name="表头", font=HEI, size=head_points(form_id), align="center"),
        Style(id="ZPBoxHead", name="栏头", font=HEI, size=12, align="left"),
        *_answers(form_id),
        Style(id="ZPLongAnswer", name="长文填写", font=FANG, size=12, align="left", before=4, after=4, line=22),
        Style(id="ZPOpinion", name="意见填写", font=FANG, size=12, align="left", before=4, line=18),
        Style(id="ZPSign", name="签字栏目", font=SONG, size=10.5, align="right"),
        Style(id="ZPSeal", name="公章位置", font=SONG, size=10.5, align="center", after=6),
        Style(id="ZPNumber", name="序号", font=SONG, size=head_points(form_id), align="center"),
        Style(id="ZPItem", name="评估项目", font=SONG, size=10.5, align="left"),
        Style(id="ZPStandard", name="评分标准", font=SONG, size=9, align="left"),
        Style(id="ZPGap", name="间隔", font=SONG, size=1, line=6),
        Style(id="ZPMark", name="模板标记", font=SONG, size=9, line=10),
        Style(id="ZPHeader", name="页眉行", font=SONG, size=9, align="left"),
        Style(id="ZPFooterOdd", name="单页码", font=SONG, size=14, align="right", indent='<w:ind w:right="280"/>'),
        Style(id="ZPFooterEven", name="双页码", font=SONG, size=14, align="left", indent='<w:ind w:left="280"/>'),
    )


def styles_xml(form_id: str) -> bytes:
    """Return the styles part of a form."""
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:cs="{LATIN}" '
        f'w:eastAsia="{SONG}"/><w:sz w:val="21"/><w:szCs w:val="21"/><w:lang w:val="en-US" w:eastAsia="zh-CN" '
        'w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
    )
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        '<w:pPr><w:widowControl w:val="0"/></w:pPr></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>'
    )
    paragraphs = "".join(style.xml() for style in _styles(form_id))
    tables = (
        _table("ZPTable", "表格", _BORDERS) + _table("ZPRows", "名册", _BORDERS, 0.6) + _table("ZPOpen", "空表", "")
    )
    return f"{XML_HEAD}<w:styles {_W}>{defaults}{normal}{paragraphs}{tables}</w:styles>".encode()


def _border(side: str, eighths: int) -> str:
    return f'<w:{side} w:val="single" w:sz="{eighths}" w:space="0" w:color="auto"/>'


# 1 pt outside, 0.5 pt inside, in eighths of a point.
_BORDERS = (
    "<w:tblBorders>"
    + "".join(_border(side, 8) for side in ("top", "left", "bottom", "right"))
    + "".join(_border(side, 4) for side in ("insideH", "insideV"))
    + "</w:tblBorders>"
)


def _table(style_id: str, name: str, borders: str, side_mm: float = 1.0) -> str:
    side = twips(side_mm)
    sides = (("top", twips(0.5)), ("left", side), ("bottom", twips(0.5)), ("right", side))
    margins = "".join(f'<w:{name} w:w="{width}" w:type="dxa"/>' for name, width in sides)
    margins = f"<w:tblCellMar>{margins}</w:tblCellMar>"
    return (
        f'<w:style w:type="table" w:customStyle="1" w:styleId="{style_id}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="TableNormal"/><w:tblPr><w:jc w:val="center"/>{borders}{margins}</w:tblPr></w:style>'
    )


_ALTERNATIVES = ((SONG, "SimSun"), (HEI, "SimHei"), (FANG, "仿宋"), (KAI, "楷体"), (TITLE, "华文中宋"))


def font_table_xml() -> bytes:
    """Return the font table: what Word takes where one of the official fonts is not installed."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/><w:family w:val="auto"/>'
        '<w:pitch w:val="variable"/></w:font>'
        for name, other in _ALTERNATIVES
    )
    latin = (
        f'<w:font w:name="{LATIN}"><w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font>'
    )
    return f"{XML_HEAD}<w:fonts {_W}>{fonts}{latin}</w:fonts>".encode()
