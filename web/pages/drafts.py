"""在线填写: a form filled part by part on the page, looked over as a whole, downloaded or sent in."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from services import desk
from services.answers import part_of, schedules
from services.check import Checked
from services.findings import Finding, Severity, must_fix
from services.form import Form, Notes, Part
from services.kinds.picture import media_type
from services.record import to_json
from services.records import arrivals, blobs, drafts
from services.records.arrivals import Arrival
from services.records.drafts import Draft
from services.records.submissions import RefusedError
from web import scope
from web.choice import asked_carrier
from web.downloads import download
from web.entry import asks, checked, is_asked, is_count, part_paths, pictures_of, posted, replaced
from web.naming import filled_name
from web.sheet import ADDED_ROWS, sheet_of

blueprint = Blueprint("drafts", __name__, url_prefix="/drafts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One part in the list of the draft's overview, and how it stands."""

    part: Part
    title: str
    state: str
    tone: str


def _draft(own: str) -> Draft:
    return drafts.get(scope.store(), scope.unit(), own)


def fillable(form: Form) -> tuple[Part, ...]:
    """Return the parts that ask anything: not the filling instructions."""
    return tuple(part for part in form.parts if not all(isinstance(block, Notes) for block in part.blocks))


def title_of(part: Part) -> str:
    """Return a part's title; the cover has none printed."""
    return part.title or part.sheet


def home_key(finding: Finding) -> str:
    """Return the key that a part names a finding's answer by: a scalar's, a schedule's, `items.A01`."""
    steps = finding.field.split(".")
    return ".".join(steps[:2]) if steps[0] == "items" else steps[0]


def _home(form: Form, finding: Finding) -> Part | None:
    return part_of(form).get(home_key(finding))


def steps_of(form: Form, draft: Draft, findings: tuple[Finding, ...]) -> tuple[Step, ...]:
    """Return how each part stands."""
    return tuple(_step(form, part, draft, findings) for part in fillable(form))


def _step(form: Form, part: Part, draft: Draft, findings: tuple[Finding, ...]) -> Step:
    heads, typed = part_paths(form, part), _begun(form, part, draft)
    faults = sum(_home(form, finding) is part for finding in must_fix(findings))
    asked = sum(_home(form, finding) is part for finding in findings if finding.severity is Severity.CONFIRM)
    state, tone = "已完成", "good"
    if not typed and not any(asks(form, key) for key in heads):
        state, tone = "不用填写", "none"
    elif not typed:
        state, tone = "未填写", "none"
    elif faults:
        state, tone = f"还有 {faults} 处要改", "bad"
    elif asked:
        state, tone = f"需确认 {asked} 处", "ask"
    return Step(part=part, title=title_of(part), state=state, tone=tone)


def _begun(form: Form, part: Part, draft: Draft) -> bool:
    """Return whether anything was typed in a part."""
    paths = (*draft.raw, *draft.pictures)
    return any(path == key or path.startswith(f"{key}.") for key in part_paths(form, part) for path in paths)


@blueprint.get("/<own>")
def show(own: str) -> str:
    """Show a draft as a whole: its parts, everything that is wrong with it, what can be done with it."""
    draft = _draft(own)
    return _overview(draft, checked(draft))


def _overview(draft: Draft, found: Checked, refused: str = "") -> str:
    form = drafts.form_of(draft)
    steps = steps_of(form, draft, found.findings)
    begun = [step.part for step in steps if step.tone != "none"]
    return render_template(
        "draft.html",
        draft=draft,
        form=form,
        steps=steps,
        findings=[f for f in found.findings if refused or _home(form, f) in begun],
        homes={finding.field: _home(form, finding) for finding in found.findings},
        refused=refused,
    )


def _part(form: Form, key: str) -> Part:
    return next((part for part in fillable(form) if part.key == key), None) or abort(404)


@blueprint.get("/<own>/<part_key>")
def section(own: str, part_key: str) -> str:
    """Show a part to be filled; with `check`, empty answers are pointed at too."""
    draft = _draft(own)
    return _section(draft, _part(drafts.form_of(draft), part_key))


def _section(draft: Draft, part: Part, conflict: str = "") -> str:
    form, found = drafts.form_of(draft), checked(draft)
    shown = _shown(form, part, found.findings) if _begun(form, part, draft) or request.values.get("check") else ()
    sheet = sheet_of(form, part, draft, Checked(record=found.record, findings=shown))
    parts = fillable(form)
    place = parts.index(part)
    order = {key: number for number, key in enumerate(part_paths(form, part))}
    return render_template(
        "section.html",
        draft=draft,
        form=form,
        part=part,
        title=title_of(part),
        sheet=replace(sheet, rows_asked=_rows_asked()),
        findings=sorted(must_fix(shown), key=lambda finding: order.get(home_key(finding), 0)),
        before=parts[place - 1] if place else None,
        after=parts[place + 1] if place + 1 < len(parts) else None,
        number=place + 1,
        count=len(parts),
        conflict=conflict,
    )


def _shown(form: Form, part: Part, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return what is wrong in a part; with `check` empty answers too, else only what was typed."""
    whole = bool(request.values.get("check"))
    mine = (f for f in findings if _home(form, f) is part and (whole or not f.code.endswith(".empty")))
    return tuple(finding for finding in mine if _is_here(form, finding))


def _rows_asked() -> dict[str, int]:
    """Return how many rows of each schedule the address asks for."""
    asked = {name: text for name, text in request.args.items() if name.startswith("rows.") and is_count(text)}
    return {name.removeprefix("rows."): int(text) for name, text in asked.items()}


def _is_here(form: Form, finding: Finding) -> bool:
    """Return whether a finding stands at an answer that the page asks."""
    head, *rest = finding.field.split(".")
    if head in schedules(form) or len(rest) == 1:
        return True
    return is_asked(form, finding.field)


@blueprint.post("/<own>/<part_key>")
def save(own: str, part_key: str) -> AnyResponse | tuple[str, int]:
    """Keep what was typed in a part, then go where the pressed button says."""
    draft = _draft(own)
    form = drafts.form_of(draft)
    part = _part(form, part_key)
    raw = replaced(form, part, draft, posted(form, part, request.form))
    revision = request.form.get("revision", "")
    try:
        changed = replace(
            draft,
            raw=raw,
            pictures={**draft.pictures, **_pictures(form, part)},
            station=raw.get("name", ""),
            revision=int(revision) if is_count(revision) else draft.revision,
        )
        drafts.save(scope.store(), scope.unit(), changed)
    except RefusedError as error:
        return _section(_draft(own), part, error.message), 409
    return redirect(_next(own, part_key, raw), 303)


def _next(own: str, part_key: str, raw: dict[str, str]) -> str:
    """Return where the pressed button leads."""
    added, removed, go = (request.form.get(name, "") for name in ("add", "remove", "go"))
    if added:
        typed = max((int(p.split(".")[1]) + 1 for p in raw if p.startswith(f"{added}.")), default=0)
        here = url_for("drafts.section", own=own, part_key=part_key)
        return f"{here}?{urlencode({f'rows.{added}': typed + ADDED_ROWS})}#{quote(added)}.{typed}"
    if removed:
        return url_for("drafts.section", own=own, part_key=part_key, _anchor=removed.split(".")[0])
    if go == "stay":
        return url_for("drafts.section", own=own, part_key=part_key, saved=1)
    return url_for("drafts.section", own=own, part_key=go) if go else url_for("drafts.show", own=own)


def _pictures(form: Form, part: Part) -> dict[str, str]:
    """Return the hashes of the pictures that were sent with a part, kept on the disk."""
    found = {}
    for path in part_paths(form, part):
        sent = request.files.get(path)
        data = sent.read() if sent and sent.filename else b""
        if data and media_type(data) is None:
            raise RefusedError(
                "照片应为 jpg 或 png 图片,这个文件不是。请另选一张,其他内容没有保存",
                "the picture is neither JPEG nor PNG",
            )
        if data:
            found[path] = blobs.put(scope.store().files, scope.unit(), data)
    return found


@blueprint.get("/<own>/picture/<path>")
def picture(own: str, path: str) -> Response:
    """Hand out a picture of a draft."""
    data = pictures_of(_draft(own)).get(path) or abort(404)
    return download(data, f"photo.{'png' if media_type(data) == 'png' else 'jpg'}")


@blueprint.get("/<own>/download")
def filled(own: str) -> Response:
    """Hand out the form filled from a draft."""
    draft, carrier = _draft(own), asked_carrier()
    form = drafts.form_of(draft)
    data = desk.issue(form, checked(draft).record, carrier, scope.settings()).data
    return download(data, filled_name(form, draft.station, "草稿", scope.today(), carrier))


@blueprint.post("/<own>/send")
def send(own: str) -> AnyResponse | tuple[str, int]:
    """Send a draft in; with anything left to fix it stays a draft and says what."""
    draft = _draft(own)
    form, found = drafts.form_of(draft), checked(draft)
    faults = len(must_fix(found.findings))
    if faults:
        return _overview(draft, found, f"还有 {faults} 处必须修改,没有提交。改好下面列出的内容后再提交"), 422
    text = json.dumps(to_json(form, found.record), ensure_ascii=False, indent=1)
    arrival = Arrival(
        form=form,
        record=found.record,
        findings=found.findings,
        original=text.encode(),
        filename="在线填写.json",
        carrier="json",
        replaces=draft.submission_id or "",
    )
    submission, _ = arrivals.keep(scope.store(), scope.unit(), arrival)
    drafts.remove(scope.store(), scope.unit(), own)
    return redirect(url_for("submissions.show", own=submission.id), 303)


@blueprint.post("/<own>/remove")
def remove(own: str) -> AnyResponse:
    """Take a draft away."""
    drafts.remove(scope.store(), scope.unit(), _draft(own).id)
    return redirect(url_for("home.index"), 303)
