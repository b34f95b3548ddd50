"""Reasons (情况说明) of a packet that is added to: what was explained once is not asked again without need.

A question that says the same now keeps its reason. One that says something else is asked anew, and what was
said of the former state stands beside it. A reason whose question is no longer there is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from services.bundle.answered import Answered
from services.bundle.flatten import about_file
from services.bundle.inputs import REASON
from services.findings import Finding, Severity
from services.kinds.text import fold

FORMER = ("former_message", "former_reason")
"""What a manifest tells beside a question whose situation has changed: what it said then, and the reason given then."""
_KEY = ("form", "station", "name", "code", "field")
_ABOUT = "数据情况说明表"
_NAMED = 3
"""So many questions are named in a sentence."""
_SEVERAL = ";"

_Question = dict[str, str]


def carried(asked: Sequence[Mapping[str, str]], former: Sequence[Mapping[str, object]]) -> Answered:
    """Return the questions with the reasons that the packet added to gave, and what is said of those that fit no more.

    A reason that was given just now for the late form counts before the former one.
    """
    reasons = [dict(one) for one in asked]
    open_ones, gone = _put_together(reasons, _by_key(former))
    return Answered(reasons=tuple(reasons), findings=tuple(_told_of_gone([*open_ones, *gone])))


def asked_anew(reasons: Sequence[Mapping[str, str]]) -> Iterator[Finding]:
    """Yield what is said of the questions whose situation has changed and that nobody has answered since."""
    changed = [one for one in reasons if one.get("former_reason") and not one["reason"]]
    if changed:
        said = (
            f"中有 {len(changed)} 处的情况与原材料不同,原来的说明印在旁边、没有沿用:{_named(changed)}。"
            "请核对现在的情况,重新写明"
        )
        english = f"{len(changed)} situations have changed; the former reasons stand beside them and are asked for anew"
        yield about_file(_ABOUT, "", "reasons.former", (said, english), Severity.CONFIRM)


def _by_key(former: Sequence[Mapping[str, object]]) -> dict[tuple[str, ...], list[_Question]]:
    """Return what was explained, now or in an earlier packet still, by whose question it is."""
    found: dict[tuple[str, ...], list[_Question]] = defaultdict(list)
    for one in former:
        told = dict.fromkeys((*REASON, *FORMER), "") | {str(key): str(value) for key, value in one.items()}
        if told["reason"] or told["former_reason"]:
            found[_key(told)].append(told)
    return found


def _key(question: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(fold(question[name]) for name in _KEY)


def _put_together(
    reasons: Sequence[_Question], former: Mapping[tuple[str, ...], list[_Question]]
) -> tuple[list[_Question], list[_Question]]:
    """Give each question its reason; return the reasons that fit none, of questions still there and of those gone."""
    now: dict[tuple[str, ...], list[_Question]] = defaultdict(list)
    for question in reasons:
        now[_key(question)].append(question)
    left: list[_Question] = []
    for key, told in former.items():
        if key in now:
            left += _of_one_key(now[key], told)
    return left, [one for key, told in former.items() if key not in now for one in told]


def _of_one_key(questions: Sequence[_Question], told: Sequence[_Question]) -> list[_Question]:
    """Give the questions of one key their reasons; return the former reasons that none of them takes."""
    same = {fold(one["message"]): one for one in told}
    changed = [question for question in questions if fold(question["message"]) not in same]
    said = {fold(question["message"]) for question in questions}
    old = [one for one in told if fold(one["message"]) not in said]
    for question in questions:
        one = same.get(fold(question["message"]))
        if one is None:
            _ask_anew(question, old)
        elif not question["reason"]:
            question["reason"] = one["reason"]
            if not one["reason"]:
                question.update({name: one[name] for name in FORMER})
    return [] if changed else old


def _ask_anew(question: _Question, old: Sequence[_Question]) -> None:
    """Put what was said of the former state beside a question, and take it away as its reason."""
    if not old:
        return
    given = [(one["message"], one["reason"]) if one["reason"] else (one[FORMER[0]], one[FORMER[1]]) for one in old]
    if question["reason"] in {reason for _, reason in given}:
        question["reason"] = ""
    for place, name in enumerate(FORMER):
        question[name] = _SEVERAL.join(dict.fromkeys(pair[place] for pair in given))


def _told_of_gone(questions: Sequence[Mapping[str, str]]) -> Iterator[Finding]:
    if questions:
        said = (
            f"不再印原材料中的 {len(questions)} 处说明,因为补充后没有这些需要确认的情况了:{_named(questions)}。"
            "原来的说明仍在原有的页上"
        )
        english = f"{len(questions)} former reasons belong to nothing that is asked now"
        yield about_file(_ABOUT, "", "reasons.gone", (said, english), Severity.NOTE)


def _named(questions: Sequence[Mapping[str, str]]) -> str:
    more = f"等 {len(questions)} 处" if len(questions) > _NAMED else ""
    return ";".join(one["message"].rstrip("。") for one in questions[:_NAMED]) + more
