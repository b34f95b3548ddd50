"""What stands before and behind the cells of a worksheet: view, columns, protection, merges, checks, print set-up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

from services.answers import schedules
from services.carriers.xlsx.address import cell_name, column_name, range_name
from services.carriers.xlsx.entry import Entry, entry_of, validation_xml
from services.carriers.xlsx.measure import POINTS_PER_MM, column_width
from services.carriers.xlsx.plan import Sheet, Spot, Table
from services.carriers.xlsx.style import Style
from services.form import Form, Schedule

_NAMESPACES = (
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_FREEZE_BELOW = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a sheet is compiled with: styles and printed texts by index, formulas by path, the line at the top."""

    form: Form
    index: Mapping[Style, int]
    formulas: Mapping[str, str]
    strings: Mapping[str, int]
    heading: str
    first: bool = False


def front(sheet: Sheet, look: Look) -> str:
    """Return the XML of a sheet up to its first row."""
    asked = any(spot.role == "answer" for spot in sheet.spots)
    color = "FFBDD7EE" if asked else "FFD9D9D9"
    last = range_name(0, 0, len(sheet.heights_mm), len(sheet.widths_mm))
    selected = ' tabSelected="1"' if look.first else ""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet {_NAMESPACES}><sheetPr><tabColor rgb="{color}"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<dimension ref="{last}"/>'
        f'<sheetViews><sheetView showGridLines="0"{selected} workbookViewId="0">{_pane(sheet)}</sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="{7.5 * POINTS_PER_MM:.2f}" customHeight="1"/>'
        f"<cols>{_columns(sheet, look)}</cols><sheetData>"
    )


def _pane(sheet: Sheet) -> str:
    """Return the frozen head of a sheet that holds one table from its top on."""
    if len(sheet.heads) != 1 or sheet.heads[0] >= _FREEZE_BELOW:
        return ""
    below = sheet.heads[0] + 1
    return (
        f'<pane ySplit="{below}" topLeftCell="A{below + 1}" activePane="bottomLeft" state="frozen"/>'
        f'<selection pane="bottomLeft" activeCell="B{below + 1}" sqref="B{below + 1}"/>'
    )


def _columns(sheet: Sheet, look: Look) -> str:
    below = {col: look.index[style] for table in sheet.tables for col, style in column_styles(sheet, table).items()}
    return "".join(
        f'<col min="{col + 1}" max="{col + 1}" width="{column_width(mm)}" style="{below.get(col, 0)}" customWidth="1"/>'
        for col, mm in enumerate(sheet.widths_mm)
    )


def column_styles(sheet: Sheet, table: Table) -> dict[int, Style]:
    """Return the looks of the columns below an open table: unlocked, so that more rows can be typed."""
    if not table.open_end:
        return {}
    answers = (spot for spot in sheet.spots if spot.row == table.first and spot.role == "answer")
    return {spot.col + step: replace(spot.style, edges="") for spot in answers for step in range(spot.cols)}


def back(sheet: Sheet, look: Look) -> str:
    """Return the XML of a sheet from behind its last row up to its drawing."""
    merges = tuple(range_name(s.row, s.col, s.rows, s.cols) for s in sheet.spots if s.rows * s.cols > 1)
    merged = "".join(f'<mergeCell ref="{name}"/>' for name in merges)
    merged = f'<mergeCells count="{len(merges)}">{merged}</mergeCells>' if merges else ""
    everything = f"A1:{cell_name(len(sheet.heights_mm) + 2000, len(sheet.widths_mm) - 1)}"
    foot = escape(f"&L&9{look.form.title.replace('&', '&&')}&C&9— &P —&R&9&A")
    return (
        "</sheetData>"
        '<sheetProtection sheet="1" objects="0" scenarios="0" formatCells="0" formatColumns="0" formatRows="0"'
        ' insertRows="0" deleteRows="0" sort="0" autoFilter="0"/>'
        f"{merged}{_frames(sheet, look.form)}{_validations(sheet, look.form)}"
        '<printOptions horizontalCentered="1"/>'
        '<pageMargins left="0.7874" right="0.7874" top="0.7087" bottom="0.7087" header="0.3937" footer="0.3937"/>'
        f'<pageSetup paperSize="9" orientation="{sheet.page}" fitToWidth="1" fitToHeight="0"/>'
        f"<headerFooter><oddFooter>{foot}</oddFooter></headerFooter>{_page_breaks(sheet)}"
        f'<ignoredErrors><ignoredError sqref="{everything}" numberStoredAsText="1" unlockedFormula="1"/>'
        "</ignoredErrors>"
    )


def _page_breaks(sheet: Sheet) -> str:
    if not sheet.breaks:
        return ""
    made = "".join(f'<brk id="{row}" max="16383" man="1"/>' for row in sheet.breaks)
    return f'<rowBreaks count="{len(sheet.breaks)}" manualBreakCount="{len(sheet.breaks)}">{made}</rowBreaks>'


def _frames(sheet: Sheet, form: Form) -> str:
    """Return the conditional frames of rows typed below the printed ones."""
    found: list[str] = []
    for priority, table in enumerate(sheet.tables, 1):
        schedule = schedules(form)[table.schedule]
        after, last = table.first + table.count, table.first + schedule.max_rows
        if not table.open_end or last <= after:
            continue
        left, right = _extent(sheet, table)
        area = range_name(after, left, last - after, right - left + 1)
        test = f"COUNTA(${column_name(left + 1)}{after + 1}:${column_name(right)}{after + 1})&gt;0"
        found.append(
            f'<conditionalFormatting sqref="{area}"><cfRule type="expression" dxfId="0" priority="{priority}">'
            f"<formula>{test}</formula></cfRule></conditionalFormatting>"
        )
    return "".join(found)


def _extent(sheet: Sheet, table: Table) -> tuple[int, int]:
    spots = [spot for spot in sheet.spots if spot.row == table.head]
    return min(spot.col for spot in spots), max(spot.col + spot.cols - 1 for spot in spots)


def _validations(sheet: Sheet, form: Form) -> str:
    ranges: dict[Entry, list[tuple[str, str]]] = defaultdict(list)
    for spot in sheet.spots:
        if spot.role == "answer" and spot.field is not None and spot.style.locked is False:
            area = _validated(sheet, form, spot)
            entry = entry_of(form, spot.field, spot.path) if area else None
            if entry is not None:
                ranges[entry].append((area, cell_name(spot.row, spot.col)))
    made = "".join(
        validation_xml(entry, tuple(area for area, _ in areas), areas[0][1]) for entry, areas in ranges.items()
    )
    return f'<dataValidations count="{len(ranges)}">{made}</dataValidations>' if ranges else ""


def _validated(sheet: Sheet, form: Form, spot: Spot) -> str:
    """Return the range that an answer's validation covers: the column for a row's, '' for rows after the first."""
    table = next((t for t in sheet.tables if spot.path.startswith(f"{t.schedule}.")), None)
    if table is None:
        return cell_name(spot.row, spot.col)
    if spot.row != table.first:
        return ""
    longest: Schedule = schedules(form)[table.schedule]
    rows = max(table.count, longest.max_rows if table.open_end else 0)
    return range_name(spot.row, spot.col, rows, 1)
