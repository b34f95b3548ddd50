"""How a cell looks, and the style sheet of a workbook that is made of such looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal
from xml.sax.saxutils import quoteattr

SHADE = "F2F2F2"
"""The light ground of labels."""

DAY_FORMAT = 'yyyy"年"m"月"d"日"'
TEXT_FORMAT = "@"
_BUILT_IN = MappingProxyType({"": 0, TEXT_FORMAT: 49})
_FIRST_OWN_FORMAT = 164
_SIDES = (("L", "left"), ("R", "right"), ("T", "top"), ("B", "bottom"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """One look. `size` in points, `edges` a subset of LTRB, colours RRGGBB, `number` an Excel number format.

    A figure or day that `shrinks` is printed smaller where its column is narrow: Excel prints ##### otherwise.
    """

    font: str = "宋体"
    size: float = 10.5
    bold: bool = False
    color: str = ""
    fill: str = ""
    edges: str = ""
    across: Literal["left", "center", "right"] = "left"
    down: Literal["top", "center", "bottom"] = "center"
    number: str = ""
    locked: bool = True
    shrinks: bool = False

    @property
    def indent(self) -> int:
        """Text at the left keeps clear of its frame by this many of Excel's indents."""
        return int(self.across == "left" and "L" in self.edges)


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleBook:
    """The style sheet `xml` of a workbook and the index of each look in it."""

    xml: bytes
    index: Mapping[Style, int]


def style_book(styles: Iterable[Style]) -> StyleBook:
    """Return the style sheet that holds each of `styles` once, in order of appearance."""
    known = tuple(dict.fromkeys((Style(size=11), *styles)))
    fonts = _distinct(_font(style) for style in known)
    fills = _distinct(('<fill><patternFill patternType="none"/></fill>', _GREY, *(_fill(s.fill) for s in known)))
    borders = _distinct(_border(style.edges) for style in known)
    formats = tuple(dict.fromkeys(s.number for s in known if s.number not in _BUILT_IN))
    ids = {**_BUILT_IN, **{code: _FIRST_OWN_FORMAT + n for n, code in enumerate(formats)}}
    xfs = "".join(
        _xf(s, (ids[s.number], fonts[_font(s)], fills[_fill(s.fill)], borders[_border(s.edges)])) for s in known
    )
    xml = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        + _counted("numFmts", tuple(f'<numFmt numFmtId="{ids[c]}" formatCode={quoteattr(c)}/>' for c in formats))
        + _counted("fonts", tuple(fonts))
        + _counted("fills", tuple(fills))
        + _counted("borders", tuple(borders))
        + '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        + f'<cellXfs count="{len(known)}">{xfs}</cellXfs>'
        + '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        + _ROW_FRAME
        + "</styleSheet>"
    )
    return StyleBook(xml=xml.encode(), index=MappingProxyType({style: n for n, style in enumerate(known)}))


_GREY = '<fill><patternFill patternType="gray125"/></fill>'

# The one conditional look: rows typed below the printed ones get the frame of the table.
_ROW_FRAME = (
    '<dxfs count="1"><dxf><border>'
    + "".join(f'<{side} style="thin"><color rgb="FF000000"/></{side}>' for _, side in _SIDES)
    + "</border></dxf></dxfs>"
)


def _distinct(parts: Iterable[str]) -> dict[str, int]:
    return {part: number for number, part in enumerate(dict.fromkeys(parts))}


def _counted(name: str, parts: tuple[str, ...]) -> str:
    return f'<{name} count="{len(parts)}">{"".join(parts)}</{name}>' if parts else ""


def _font(style: Style) -> str:
    bold = "<b/>" if style.bold else ""
    color = f'<color rgb="FF{style.color}"/>' if style.color else ""
    return f'<font>{bold}<sz val="{style.size:g}"/>{color}<name val="{style.font}"/><charset val="134"/></font>'


def _fill(color: str) -> str:
    if not color:
        return '<fill><patternFill patternType="none"/></fill>'
    return (
        f'<fill><patternFill patternType="solid"><fgColor rgb="FF{color}"/><bgColor indexed="64"/></patternFill></fill>'
    )


def _border(edges: str) -> str:
    side: Callable[[str, str], str] = lambda mark, name: (  # noqa: E731 - one expression, used once below
        f'<{name} style="thin"><color rgb="FF000000"/></{name}>' if mark in edges else f"<{name}/>"
    )
    return f"<border>{''.join(side(mark, name) for mark, name in _SIDES)}<diagonal/></border>"


def _xf(style: Style, ids: tuple[int, int, int, int]) -> str:
    number, font, fill, border = ids
    fit = 'shrinkToFit="1"' if style.shrinks else 'wrapText="1"'
    indent = f' indent="{style.indent}"' if style.indent else ""
    return (
        f'<xf numFmtId="{number}" fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0" applyNumberFormat="1" '
        'applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1" applyProtection="1">'
        f'<alignment horizontal="{style.across}" vertical="{style.down}" {fit}{indent}/>'
        f'<protection locked="{int(style.locked)}"/></xf>'
    )


TITLE = Style(font="宋体", size=22, bold=True, across="center")
PART_TITLE = Style(font="黑体", size=14, across="left")
CAPTION = Style(font="黑体", size=11, across="left", down="bottom")
REMARK = Style(font="宋体", size=9, across="left")
IDENTITY = Style(font="宋体", size=7.5, color="595959", across="left")
IDENTITY_RIGHT = Style(font="宋体", size=7.5, color="595959", across="right")
LABEL = Style(font="黑体", size=10.5, fill=SHADE, edges="LTRB", across="center")
HEAD = Style(font="黑体", size=9, fill=SHADE, edges="LTRB", across="center")
BAND = Style(font="黑体", size=10, fill="E7E6E6", edges="LTRB", across="left")
NUMBER = Style(font="宋体", size=9, edges="LTRB", across="center")
STANDARD = Style(font="宋体", size=9, edges="LTRB", across="left")
STANDARD_MIDDLE = Style(font="宋体", size=9, edges="LTRB", across="center")
NOTE_TITLE = Style(font="宋体", size=16, bold=True, across="center")
NOTE_LINE = Style(font="仿宋", size=12, across="left", down="top")
COVER_MARK = Style(font="黑体", size=16, across="left")
COVER_LABEL = Style(font="宋体", size=14, across="right")
COVER_ANSWER = Style(font="仿宋", size=14, edges="B", across="center", locked=False)
COVER_FOOT = Style(font="宋体", size=16, bold=True, across="center")
ANSWER = Style(font="仿宋", size=10.5, edges="LTRB", across="left", locked=False)
ROW_ANSWER = Style(font="仿宋", size=9, edges="LTRB", across="left", locked=False)
TEXT_ANSWER = Style(font="仿宋", size=10.5, edges="LTRB", across="left", down="top", locked=False)
OPINION_TEXT = Style(font="仿宋", size=10.5, edges="LTR", across="left", down="top", locked=False)
SIGN_LABEL = Style(font="宋体", size=10.5, edges="B", across="right")
SIGN_LABEL_FIRST = Style(font="宋体", size=10.5, edges="LB", across="right")
SIGN_ANSWER = Style(font="仿宋", size=10.5, edges="B", across="left", locked=False)
SIGN_ANSWER_LAST = Style(font="仿宋", size=10.5, edges="RB", across="left", locked=False)
