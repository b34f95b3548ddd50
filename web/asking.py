"""情况说明 on the page of a packet: what asks to be confirmed, a box for each, and what was typed there.

A reason for what is asked of one kept form is kept with that form. One for what is asked between forms, or of
the packet, is kept with the packet, and stands in the box again when such a packet is next bound.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from services.bundle.answered import Written
from services.findings import REASON_MINIMUM, Severity
from services.kinds.text import clean
from services.records import packets, review
from services.records.submissions import Submission
from web import scope

_SAME = ("code", "field", "station", "name", "message")
"""What makes a question the same in two packets."""
_FACTS = (*_SAME, "file", "place")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with its box: `key` says which it is, `reason` is what stands in the box."""

    key: str
    label: str
    place: str
    reason: str


def questions_of(asked: Iterable[Mapping[str, str]], typed: Mapping[str, str], recipe: str) -> tuple[Question, ...]:
    """Return what a packet's inputs ask, in their order, with what was typed, else was given before."""
    former = _former(recipe)
    found = [(_key(one), one) for one in asked]
    return tuple(
        Question(
            key=key,
            label=one["message"],
            place="  ".join(filter(None, (one["name"], one["place"]))),
            reason=typed.get(key) or one["reason"] or former.get(_same(one), ""),
        )
        for key, one in dict(found).items()
    )


def _key(one: Mapping[str, str]) -> str:
    return json.dumps({fact: one[fact] for fact in _FACTS}, ensure_ascii=False)


def _same(one: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(one[fact] for fact in _SAME)


def _former(recipe: str) -> dict[tuple[str, ...], str]:
    """Return the reasons in the unit's packets by this recipe, the newest counting."""
    bound = (packet for packet in packets.of_unit(scope.store(), scope.unit()) if packet.recipe == recipe)
    told = [one for packet in bound for one in packet.manifest.get("reasons", ())]
    return {_same(one): one["reason"] for one in reversed(told) if one["reason"]}


def typed_in(said: MultiDict[str, str]) -> dict[str, str]:
    """Return what was typed into the boxes, by the key of the question; empty boxes are left out."""
    texts = zip(said.getlist("question"), map(clean, said.getlist("reason")), strict=False)
    return {key: text for key, text in texts if text}


def too_short(typed: Mapping[str, str]) -> str:
    """Return the sentence that a reason is too short, '' where none is."""
    short = [text for text in typed.values() if len(text) < REASON_MINIMUM]
    return f"情况说明至少写 {REASON_MINIMUM} 个字,现在是“{short[0]}”。请写明原因再生成" if short else ""


def written(typed: Mapping[str, str]) -> tuple[Written, ...]:
    """Return what was typed as the answers to a packet's questions, without what is too short or names no question."""
    told = ((row, _facts(key), text) for row, (key, text) in enumerate(typed.items(), 1))
    return tuple(
        Written(
            sheet="情况说明",
            row=row,
            input=facts["file"],
            number=f"{facts['code']} {facts['field']}".strip(),
            message=facts["message"],
            reason=text,
            station=facts["station"],
            name=facts["name"],
            place=facts["place"],
        )
        for row, facts, text in told
        if facts and len(text) >= REASON_MINIMUM
    )


def _facts(key: str) -> dict[str, str]:
    try:
        told = json.loads(key)
    except (ValueError, RecursionError):
        return {}
    is_whole = isinstance(told, dict) and all(isinstance(told.get(fact), str) for fact in _FACTS)
    return told if is_whole else {}


def keep_with_forms(forms: Iterable[Submission], typed: Mapping[str, str]) -> None:
    """Keep with each form the reasons for what is asked of it alone, as if they had been written on its page."""
    told = [(facts, text) for key, text in typed.items() if (facts := _facts(key)) and len(text) >= REASON_MINIMUM]
    for form in forms:
        asked = {(f.code, f.field) for f in form.findings if f.severity is Severity.CONFIRM}
        known = review.reasons_of(scope.store(), scope.unit(), form.id)
        for facts, text in told:
            finding = (facts["code"], facts["field"])
            is_of_it = (facts["file"], facts["station"]) == (form.filename, form.agency_code) and finding in asked
            if is_of_it and known.get(finding) != text:
                review.give_reason(scope.store(), scope.unit(), form.id, finding=finding, text=text)
