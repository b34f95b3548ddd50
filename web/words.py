"""How kept things are named on a page: chips, states, times, masked numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from flask import Flask, current_app, url_for

from services.catalogue import concrete, declared
from services.compare import Change, Span, said, spans
from services.findings import SEVERITY_LABELS, Finding, Severity
from services.form import Form
from services.kinds.day import show_day
from services.records import review
from services.records.settle import STATE_LABELS
from services.records.submissions import Submission, count
from web import scope
from web.naming import filled_name

CARRIER_NAMES: Mapping[str, str] = MappingProxyType(
    {"docx": "Word", "xlsx": "Excel", "pdf": "PDF", "json": "在线填写或记录文件"}
)
ACTS: Mapping[str, str] = MappingProxyType(
    {
        "received": "收到",
        "replaced": "替换",
        "returned": "退回修改",
        "accepted": "审核通过",
        "withdrawn": "撤回",
        "explained": "填写情况说明",
        "answered": "答复退回修改单",
        "started": "开始填写",
        "attached": "收到附件",
        "removed": "移出附件",
        "bound": "生成上报材料",
    }
)
SEVERITY_CLASSES: Mapping[Severity, str] = MappingProxyType(
    {Severity.MUST_FIX: "bad", Severity.CONFIRM: "ask", Severity.NOTE: "note"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A result in a few words, and the tone it is said in: good, ask, bad."""

    text: str
    tone: str


def chip(submission: Submission) -> Chip:
    """Return the result of a submission's check."""
    faults, asked = count(submission, Severity.MUST_FIX), count(submission, Severity.CONFIRM)
    if faults:
        return Chip(text=f"有误 {faults} 处" + (f"、需确认 {asked} 处" if asked else ""), tone="bad")
    return Chip(text=f"需确认 {asked} 处", tone="ask") if asked else Chip(text="通过", tone="good")


def number(submission: Submission) -> str:
    """Return the receipt number (受理编号) of a submission."""
    return f"SL{submission.number:05d}"


def local_time(kept: str) -> str:
    """Return a kept time as clerks read it: 2006年8月5日 14:03 in China."""
    at = datetime.fromisoformat(kept).astimezone(scope.CHINA)
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"


def local_day(kept: str) -> datetime:
    """Return the day of a kept time, in China."""
    return datetime.fromisoformat(kept).astimezone(scope.CHINA)


def form_named(form_id: str) -> Form:
    """Return the declared form of that id, for its titles."""
    return concrete(form_id)


def edition_name(form: Form) -> str:
    """Return 2006版 or 现行版, with the region when there is one."""
    version = form.edition.version.split(" ")[0] if form.edition else ""
    return f"{version} {form.region_name}".strip()


def submission_name(submission: Submission, form: Form, what: str, ending: str) -> str:
    """Return the name of a download of a submission; `what` says which: 原件, 标注稿 …"""
    state = f"{what}_v{submission.version}"
    return filled_name(form, submission.station, state, local_day(submission.created_at).date(), ending)


def severity_class(finding: Finding) -> str:
    """Return the tone of a finding."""
    return SEVERITY_CLASSES[finding.severity]


def spans_of(change: Change) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return the texts of a change in stretches; only a changed answer has what differs marked."""
    if change.what == "changed":
        return spans(change.old, change.new)
    old, new = ((Span(text=text),) if text else () for text in (change.old, change.new))
    return old, new


def asset(name: str) -> str:
    """Return the address of a static file; it changes with the file, so that no browser keeps an old one."""
    path = Path(current_app.static_folder or "") / name
    return url_for("static", filename=name, v=hashlib.sha256(path.read_bytes()).hexdigest()[:8])


def attach(application: Flask) -> None:
    """Give the templates these words."""
    application.jinja_env.filters.update(chip=chip, number=number, time=local_time, tone=severity_class)
    application.jinja_env.filters.update(day=show_day)
    application.jinja_env.filters.update(edition_name=edition_name, said=said, spans=spans_of)
    application.jinja_env.globals.update(
        asset=asset,
        all_forms=declared,
        form_named=form_named,
        severity_labels=SEVERITY_LABELS,
        states=review.STATES,
        acts=ACTS,
        reply_states=STATE_LABELS,
        carrier_names=CARRIER_NAMES,
    )
