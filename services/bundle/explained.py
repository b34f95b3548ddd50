"""数据情况说明表: every finding that asked to be confirmed and was passed, with the reason that was given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from services.bundle.front import column
from services.bundle.inputs import FormInput, Gathered
from services.bundle.plan import MadePiece, fit
from services.bundle.written import Matter
from services.findings import Finding, Severity
from services.paper.typeset import Piece as Printed
from services.recipe import Piece

_BY_THE_CLOCK = "Z04"
"""Says how many days are left: nothing of the forms, and another sentence every day."""
_NO_REASON = "未写说明"
_BETWEEN = "各表对照"
"""Where what is asked between several forms stands: the name of one's file tells a reader nothing."""


def reasons_of(gathered: Gathered) -> Iterator[Mapping[str, str]]:
    """Yield what was passed of each form: rules P10 (too little evidence) once a form, everything else one by one."""
    for entry in gathered.forms:
        for finding in entry.asked:
            yield _reason(entry, finding, entry.reasons.get((finding.code, finding.field), ""))
        if entry.scant:
            yield _scant(entry)
        asked = {(finding.code, finding.field) for finding in entry.asked}
        yield from (
            one for one in entry.told if (one["code"], one["field"]) not in asked
        )  # what only the tier below can see


def between(findings: Iterable[Finding]) -> Iterator[Mapping[str, str]]:
    """Yield what was passed of the findings between several forms, which belong to no single one."""
    for finding in findings:
        if finding.severity is Severity.CONFIRM and finding.rule != _BY_THE_CLOCK:
            yield {
                "station": "",
                "name": finding.label,
                "form": "",
                "file": finding.place,
                **_told(finding),
                "reason": "",
            }


def _reason(entry: FormInput, finding: Finding, reason: str) -> dict[str, str]:
    line = entry.line
    return {
        "station": line.code,
        "name": line.named,
        "form": entry.form.id,
        "file": entry.source.name,
        **_told(finding),
        "reason": reason,
    }


def _told(finding: Finding) -> dict[str, str]:
    """Return what the manifest tells of a finding itself."""
    return {name: str(getattr(finding, name)) for name in ("code", "rule", "field", "label", "place", "message")}


def _scant(entry: FormInput) -> dict[str, str]:
    first = entry.scant[0]
    items = "、".join(finding.field.split(".")[1] for finding in entry.scant)
    given = dict.fromkeys(r for f in entry.scant if (r := entry.reasons.get((f.code, f.field), "")))
    said = f"证明材料不足的有 {len(entry.scant)} 项:{items}"
    return _reason(entry, first, ";".join(given)) | {
        "code": "P10.scant",
        "field": "",
        "label": "证明材料",
        "place": "证明材料",
        "message": said,
    }


def explanations(matter: Matter, piece: Piece) -> Iterator[MadePiece]:
    """Yield the table; for a station's packet only where there is something to explain."""
    if not matter.reasons and matter.recipe.tier == "station":
        return
    columns = [
        column("序号", 11),
        column("鉴定所(站)、人员", 46, face="fang", size=9, left=True),
        column("表和位置", 52, face="fang", size=9, left=True),
        column("需要确认的情况", 78, face="fang", size=9, left=True),
        column("情况说明", face="fang", size=9, left=True),
    ]
    rows = [
        [
            str(number),
            fit(f"{one['name']}({one['station']})" if one["station"] else one["name"]),
            fit(_BETWEEN if one["place"] == one["file"] else one["place"]),
            fit(_situation(one["message"], one["name"])),
            fit(_explained(one)),
        ]
        for number, one in enumerate(matter.reasons, 1)
    ]
    told = sum(bool(one["reason"]) for one in matter.reasons)
    anew = sum(_is_anew(one) for one in matter.reasons)
    more = f",情况已经改变、须重新说明的 {anew} 处" if anew else ""
    before = [
        f"各表中须经确认的情况共 {len(rows)} 处,其中写有说明的 {told} 处{more}。必须修改的问题都已改正,不在此列。"
    ]
    data = {
        "page": "listed",
        "title": piece.title,
        "head": matter.head,
        "landscape": True,
        "columns": columns,
        "rows": rows,
        "before": before if rows else [],
        "nothing": "没有须经确认的情况。",
        "after": "",
    }
    yield MadePiece(title=piece.title, code=piece.code, printed=Printed(key=piece.key, kind="packet", data=data))


def _situation(message: str, whose: str) -> str:
    """Return what a message says is so, for those who read the packet: whose it is stands beside it, and what to do
    was said to those who bound it.
    """
    said = message.partition("。请")[0].rstrip("。")
    return said.removeprefix(f"“{whose}”").removeprefix("的") if said.startswith(f"“{whose}”") else said


def _is_anew(one: Mapping[str, str]) -> bool:
    """Return whether a question was explained before the situation changed, and not since."""
    return bool(one.get("former_reason")) and not one["reason"]


def _explained(one: Mapping[str, str]) -> str:
    """Return the reason; where the situation has changed since it was given, say so and of what it was given."""
    if not _is_anew(one):
        return one["reason"] or _NO_REASON
    before = _situation(one["former_message"], one["name"])
    return f"{_NO_REASON}。补充前的说明:{one['former_reason']}(当时的情况:{before})"
