"""Reasons (情况说明) given in a table: the open questions written out, filled in by people, and read back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from forms.packets import QUESTIONS
from services.bundle.flatten import about_file
from services.carriers import box
from services.carriers.reading import UnreadableError
from services.findings import REASON_MINIMUM, Finding, Severity
from services.kinds.text import fold
from services.survey.register import as_csv
from services.survey.table_in import HEAD_ROWS, below_heads, table_of
from services.survey.tables import Made, made
from services.survey.workbook import workbook

_NEEDED = ("reason", "file", "number")
_WHOSE = ("station", "name")
_TOLD = ("message", "place", *_WHOSE)
_HINT = (
    "在“情况说明”一栏写明原因（不少于5个字），其余各栏不要改动；写好后装订时用 --reasons 交回。"
    "不写的照样装订，说明表印“未写说明”。"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A reason as a person wrote it: in which file and row (from 1), for which question.

    `input` and `number` say which question, `station` and `name` whose form it asks about: files of many stations
    may bear one name, and one file another name later. `place` and `message` are what it said then. '' where the
    table does not tell.
    """

    sheet: str
    row: int
    input: str
    number: str
    message: str
    reason: str
    station: str = ""
    name: str = ""
    place: str = ""


# ---- out --------------------------------------------------------------------------------------------


def questions(reasons: Sequence[Mapping[str, str]], title: str) -> Made:
    """Return what asks to be confirmed as a table, the reasons that were given already included."""
    rows = ({**one, "number": _number(one), "reason": one["reason"] or None} for one in reasons)
    return made(QUESTIONS, rows, title=f"{title}{QUESTIONS.title}", subtitle=_HINT)


def question_sheet(table: Made, suffix: str) -> bytes:
    """Return the table as a workbook, or as CSV for the suffix `.csv`."""
    return as_csv(table) if suffix == ".csv" else workbook((table,), table.title)


def _number(one: Mapping[str, str]) -> str:
    return f"{one['code']} {one['field']}".strip()


# ---- back -------------------------------------------------------------------------------------------


def read_written(data: bytes, name: str) -> tuple[Written, ...]:
    """Return the reasons that stand in a table of questions (xlsx or CSV); rows without one are left out.

    Raises:
        UnreadableError: it is no such table.
    """
    table = box.run("services.bundle.answered:table_here", data, {})
    start, columns = _heads(table)
    found = []
    for row, cells in enumerate(table[start:], start + 1):
        texts = {fact: cells[at].strip() for fact, at in columns.items() if at < len(cells)}
        if texts.get("reason"):
            told = {fact: texts.get(fact, "").removeprefix("'") for fact in (*_NEEDED, *_TOLD)}
            found.append(
                Written(
                    sheet=name,
                    row=row,
                    input=told["file"],
                    number=told["number"],
                    message=told["message"],
                    reason=told["reason"],
                    station=told["station"],
                    name=told["name"],
                    place=told["place"],
                )
            )
    return tuple(found)


def table_here(data: bytes) -> list[list[str]]:
    """Return the texts of a table of questions. Runs in the box."""
    return table_of(data, "情况说明文件", "reasons")


def _heads(table: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """Return the number of rows up to the heads, and the column of each fact."""
    found = below_heads(table, _columns)
    if found is None:
        raise UnreadableError(
            "reasons",
            f"这不像情况说明文件:前 {HEAD_ROWS} 行中没有写着“情况说明”“文件”“编号”的表头。"
            "请用 census bind 的 --reasons-form 取一份再填写",
            "not a table of reasons: no row of heads with reason, file and number",
        )
    return found


def _columns(heads: Sequence[str]) -> dict[str, int] | None:
    columns = {c.fact: heads.index(fold(c.label)) for c in QUESTIONS.columns if fold(c.label) in heads}
    return columns if columns.keys() >= set(_NEEDED) else None


# ---- put together -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The questions with the reasons that belong to them, and what is said of those that do not."""

    reasons: tuple[Mapping[str, str], ...]
    findings: tuple[Finding, ...]


def answered(asked: Sequence[Mapping[str, str]], written: Sequence[Written]) -> Answered:
    """Return the questions answered; a reason whose question is not there, or says something else now, is named."""
    reasons = [dict(one) for one in asked]
    findings = tuple(finding for one in written for finding in _answer(reasons, one))
    return Answered(reasons=tuple(reasons), findings=findings)


def _answer(reasons: list[dict[str, str]], one: Written) -> Iterator[Finding]:
    if len(one.reason) < REASON_MINIMUM:
        yield _said(one, "short", f"情况说明至少写 {REASON_MINIMUM} 个字,现在是“{one.reason}”,没有采用")
        return
    there = _asked_there(reasons, one)
    same = [r for r in there if not one.message or fold(r["message"]) == fold(one.message)]
    if same:
        for question in same:
            if _whose(question) == _whose(same[0]) and question["message"] == same[0]["message"]:
                question["reason"] = one.reason
    elif there:
        said = f"情况已经改变,说明没有采用;现在是:{there[0]['message']}。请重新取一份填写"
        yield _said(one, "changed", said)
    else:
        said = (
            f"材料里没有{_what(reasons, one)},说明没有采用。这一处可能已经改好,不用再说明;"
            "不然请核对“机构编码”“文件”“编号”几栏,或重新取一份填写"
        )
        yield _said(one, "unmatched", said)


def _asked_there(reasons: Sequence[dict[str, str]], one: Written) -> list[dict[str, str]]:
    """Return the questions of a row's number: those of its file, else of whose form it names.

    Where several files bear one name, whose form it is decides; a file that was bound already has another name, so
    that there the station (or person) and the place tell.
    """
    named = (fold(one.station), fold(one.name))
    numbered = [r for r in reasons if fold(_number(r)) == fold(one.number)]
    there = [r for r in numbered if r["file"] == one.input]
    if len(set(map(_whose, there))) > 1 and any(named):
        there = [r for r in there if _whose(r) == named]
    if there or not any(named):
        return there
    theirs = [r for r in numbered if _whose(r) == named]
    return [r for r in theirs if fold(r["place"]) == fold(one.place)] or theirs


def _what(reasons: Sequence[Mapping[str, str]], one: Written) -> str:
    """Return what a row asks about in the words of its table, which a clerk has before them."""
    whose = f"“{one.name}({one.station})”的" if one.name and one.station else f"“{one.name or one.input}”的"
    if one.message:
        return f"{whose}这一处:“{one.message.rstrip('。')}”"
    label = next((r["label"] for r in reasons if fold(_number(r)) == fold(one.number)), one.place)
    return f"{whose}“{label}”这一处" if label else f"{whose}这一处"


def _whose(question: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(fold(question.get(fact, "")) for fact in _WHOSE)


def _said(one: Written, name: str, said: str) -> Finding:
    return about_file(
        f"{one.sheet} 第{one.row}行", "", f"reasons.{name}", (said, f"row {one.row}: {name}"), Severity.CONFIRM
    )
