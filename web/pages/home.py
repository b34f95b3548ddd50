"""首页: what there is to do, the forms, the closing days, and what was sent lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from flask import Blueprint, render_template

from services.catalogue import concrete, declared, regions
from services.form import Form
from services.kinds.day import show_day
from services.records import drafts, submissions
from services.rules.calendar import NOTICE, brought_forward
from web import scope
from web.choice import asked_form

blueprint = Blueprint("home", __name__)
RECENT = 20
PURPOSES = MappingProxyType(
    {
        "evaluation": "每个鉴定所(站)填一份,逐项自查打分",
        "station-recommendation": "推荐优秀鉴定所(站)时填写",
        "worker-recommendation": "推荐优秀工作者时填写,一人一份",
    }
)
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingDay:
    """One last day of the calendar: who does what until when, and how many days are left (negative: past)."""

    what: str
    last: date
    left: int

    @property
    def day(self) -> str:
        """The day with its weekday: 2006年8月31日(星期四)."""
        return f"{show_day(self.last)}(星期{_WEEKDAYS[self.last.weekday()]})"


def closing_days(form: Form) -> tuple[ClosingDay, ...]:
    """Return the calendar of the notice, with the region's earlier days."""
    region = next((r for r in regions() if r.code == form.region), None)
    calendar = brought_forward(NOTICE, dict(region.dates) if region else {})
    report = min(date(2006, 10, 21), dict(region.dates).get("region", date.max) if region else date.max)
    days = (
        ("自查:鉴定所(站)填写评估表,写自查报告,报主管部门", calendar.station[1]),
        ("报送:省级或行业主管部门把普查报告和评估表报部", report),
        ("检查:省级和行业部门检查、整改", calendar.review[1]),
    )
    return tuple(ClosingDay(what=what, last=last, left=(last - scope.today()).days) for what, last in days)


@blueprint.get("/")
def index() -> str:
    """Show the home page."""
    chosen = asked_form(declared()[0].id)
    edition = chosen.edition.id if chosen.edition else ""
    store, unit = scope.store(), scope.unit()
    return render_template(
        "home.html",
        forms=[concrete(form.id, edition, chosen.region) for form in declared()],
        chosen=chosen,
        regions=regions(),
        purposes=PURPOSES,
        closing_days=closing_days(chosen),
        submissions=submissions.standing(store, unit, limit=RECENT),
        drafts=drafts.of_unit(store, unit),
    )
