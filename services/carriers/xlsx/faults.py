"""The sheet 错误清单: every finding in a line, with a link to its cell; and the hidden sheet of former fills."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import quoteattr

from services.carriers.xlsx.address import cell_name, quoted
from services.carriers.xlsx.cells import Sheet as Held
from services.carriers.xlsx.measure import POINTS_PER_MM, column_width, height_mm
from services.carriers.xlsx.package import MAIN, OFFICE
from services.carriers.xlsx.restyle import Looks, solid
from services.carriers.xlsx.values import text_tail
from services.findings import SEVERITY_LABELS, Finding, Severity

NAME = "错误清单"
TITLE = "错误清单:共 "
"""Begins the sheet's first line, by which it is known again."""

KEPT = "_marks"
_HEADS = ("序号", "程度", "位置", "栏目", "现在", "应为", "怎样改")
_WIDTHS_MM = (10.0, 18.0, 42.0, 40.0, 40.0, 40.0, 67.0)
_ADVICE = "点“位置”可跳到出错的格子。改好后保存,直接上传本文件即可,标记会自动去掉;不必删除本表。"
_SIZE = 10.0


def faults_sheet(
    looks: Looks, findings: Sequence[Finding], cells: Mapping[int, str], shades: Mapping[Severity, str]
) -> bytes:
    """Return the worksheet of the list; `cells` is the anchor (sheet!A1) by number of finding, from 0."""
    styles = _styles(looks, shades)
    stops = sum(finding.severity is Severity.MUST_FIX for finding in findings)
    title = f"{TITLE}{len(findings)} 处,其中必须修改 {stops} 处"
    rows = [
        _row(0, (title,), (styles["title"],), 12.0),
        _row(1, (_ADVICE,), (styles["advice"],), 8.0),
        _row(2, _HEADS, (styles["head"],) * len(_HEADS), 9.0),
    ]
    links: list[str] = []
    for number, finding in enumerate(findings):
        texts = _texts(number, finding, _place(cells[number]) if number in cells else finding.place)
        place = styles["link"] if number in cells else styles["cell"]
        looked = (styles["middle"], styles[finding.severity], place, *(styles["cell"],) * 4)
        high = max(height_mm(text, mm, _SIZE) for text, mm in zip(texts, _WIDTHS_MM, strict=True))
        rows.append(_row(number + 3, texts, looked, max(8.0, high)))
        links += [_link(number + 3, cells[number])] if number in cells else []
    return _worksheet(rows, links)


def _texts(number: int, finding: Finding, place: str) -> tuple[str, ...]:
    severity = SEVERITY_LABELS[finding.severity]
    label = finding.label or "整个文件"
    return str(number + 1), severity, place, label, finding.got, finding.want, finding.message


def _place(anchor: str) -> str:
    sheet, _, name = anchor.rpartition("!")
    return f"工作表“{sheet}” {name}"


def _styles(looks: Looks, shades: Mapping[Severity, str]) -> dict[str, int]:
    plain = looks.add("fonts", '<font><sz val="10"/><name val="宋体"/><charset val="134"/></font>')
    strong = looks.add("fonts", '<font><b/><sz val="10"/><name val="宋体"/><charset val="134"/></font>')
    big = looks.add("fonts", '<font><b/><sz val="14"/><name val="黑体"/><charset val="134"/></font>')
    blue = looks.add(
        "fonts", '<font><u/><sz val="10"/><color rgb="FF0563C1"/><name val="宋体"/><charset val="134"/></font>'
    )
    sides = "".join(
        f'<{side} style="thin"><color rgb="FF808080"/></{side}>' for side in ("left", "right", "top", "bottom")
    )
    frame = looks.add("borders", f"<border>{sides}<diagonal/></border>")
    grey = looks.add("fills", solid("F2F2F2").replace(f' xmlns="{MAIN}"', ""))
    made = {
        "title": _xf(looks, (big, 0, 0), "left"),
        "advice": _xf(looks, (plain, 0, 0), "left"),
        "head": _xf(looks, (strong, grey, frame), "center"),
        "middle": _xf(looks, (plain, 0, frame), "center"),
        "cell": _xf(looks, (plain, 0, frame), "left"),
        "link": _xf(looks, (blue, 0, frame), "left"),
    }
    for severity, color in shades.items():
        fill = looks.add("fills", solid(color).replace(f' xmlns="{MAIN}"', ""))
        made[severity] = _xf(looks, (strong, fill, frame), "center")
    return made


def _xf(looks: Looks, ids: tuple[int, int, int], across: str) -> int:
    font, fill, border = ids
    wrap = int(bool(border))
    return looks.add(
        "cellXfs",
        f'<xf numFmtId="0" fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0" applyFont="1" applyFill="1" '
        f'applyBorder="1" applyAlignment="1"><alignment horizontal="{across}" vertical="center" wrapText="{wrap}"/>'
        "</xf>",
    )


def _row(row: int, texts: Sequence[str], styles: Sequence[int], mm: float) -> str:
    cells = "".join(
        f'<c r="{cell_name(row, col)}" s="{style}"{text_tail(text).decode()}'
        for col, (text, style) in enumerate(zip(texts, styles, strict=True))
    )
    return f'<row r="{row + 1}" ht="{min(mm, 140.0) * POINTS_PER_MM:.2f}" customHeight="1">{cells}</row>'


def _link(row: int, anchor: str) -> str:
    sheet, _, name = anchor.rpartition("!")
    location = quoteattr(f"{quoted(sheet)}!{name}")
    return f'<hyperlink ref="{cell_name(row, 2)}" location={location} display={location}/>'


def _worksheet(rows: Sequence[str], links: Sequence[str]) -> bytes:
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{column_width(mm)}" customWidth="1"/>' for n, mm in enumerate(_WIDTHS_MM, 1)
    )
    linked = f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheetPr><tabColor rgb="FFC00000"/><pageSetUpPr fitToPage="1"/>'
        '</sheetPr><sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0">'
        '<pane ySplit="3" topLeftCell="A4" activePane="bottomLeft" state="frozen"/>'
        '<selection pane="bottomLeft" activeCell="A4" sqref="A4"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData>{"".join(rows)}</sheetData>{linked}'
        '<pageMargins left="0.7" right="0.7" top="0.7" bottom="0.7" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;L错误清单&amp;R第 &amp;P 页,共 &amp;N 页</oddFooter></headerFooter></worksheet>"
    ).encode()


def kept_sheet(kept: Sequence[tuple[str, str, str]]) -> bytes:
    """Return the hidden worksheet that says which fill each marked cell had: sheet, address, XML of the fill."""
    rows = "".join(_row(n, line, (0, 0, 0), 5.0) for n, line in enumerate(kept))
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    ).encode()


def plain_name(taken: Sequence[str]) -> str:
    """Return a free name for the list."""
    return next(name for n in range(1, len(taken) + 2) if (name := NAME if n == 1 else f"{NAME}{n}") not in taken)


def is_list(sheet: Held) -> bool:
    """Return whether a sheet is our list of findings."""
    return str(sheet.cells.get(b"A1", "")).startswith(TITLE)
