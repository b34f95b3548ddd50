"""The small tables of a report: coverage unit by unit, results by area, the commonest deductions (rule K03)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from services.bundle.plan import fit
from services.survey.figures import Figures

_MOST = 15
"""So many of the commonest deductions are named in a report."""


def shown(value: Decimal | None) -> str:
    """Return a score as it is printed, — where there is none."""
    return "—" if value is None else format(value, "f")


def coverage_table(figures: Figures) -> dict[str, Any]:
    """Return how many stations are in scope and what became of them, unit by unit and on the whole."""
    rows = [
        [fit(one.name), *(str(n) for n in (one.expected, one.evaluated, one.exempt, one.missing, one.revoked))]
        for one in (*figures.regions, figures.whole)
    ]
    columns = ["报送单位", "应查", "实查", "免检", "未报", "撤销"]
    return {"columns": columns, "widths": [5, 1, 1, 1, 1, 1], "rows": rows}


def areas_table(figures: Figures) -> dict[str, Any]:
    """Return the mean score and rate of each part of form 1."""
    rows = [[one.label, str(one.points), shown(one.mean), f"{shown(one.rate)}%"] for one in figures.areas]
    return {"columns": ["方面", "满分", "平均得分", "得分率"], "widths": [5, 1, 1.5, 1.5], "rows": rows}


def deductions_table(figures: Figures) -> dict[str, Any]:
    """Return the items that lost points at most stations."""
    rows = [
        [str(number), one.item, one.label, str(one.stations), format(one.lost.normalize(), "f")]
        for number, one in enumerate(figures.deductions[:_MOST], 1)
    ]
    columns = ["序号", "项目号", "项目", "扣分的所(站)", "共扣分"]
    return {"columns": columns, "widths": [1, 1.3, 4.5, 2, 1.5], "rows": rows}


TABLES: Mapping[str, Callable[[Figures], dict[str, Any]]] = MappingProxyType(
    {"coverage": coverage_table, "areas": areas_table, "deductions": deductions_table}
)
