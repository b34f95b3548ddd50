"""The empty roster (应查名单) that a region fills in."""

from __future__ import annotations

from forms.summaries import ROSTER
from services.summary import Column, Table
from services.survey.tables import made
from services.survey.workbook import workbook

_ROWS = 300
_TITLE = "应查鉴定所(站)名单"
_HINT = (
    "每个持证的鉴定所(站)一行；“情况”栏：已撤销的填“撤销”并写明原因，免检的填“免检”，其余不填；"
    "到期未报的在“原因”栏说明。"
)
_NUMBER_MM = 10


def blank_roster() -> bytes:
    """Return a workbook to fill in: the heads of a roster above empty numbered rows, codes kept as text."""
    columns = tuple(Column(label=column.label, fact=column.fact, width_mm=column.width_mm) for column in ROSTER)
    table = Table(key="roster", mark="", title=_TITLE, sheet="应查名单", rows="", columns=columns, number_mm=_NUMBER_MM)
    return workbook((made(table, ({} for _ in range(_ROWS)), subtitle=_HINT),), _TITLE)
