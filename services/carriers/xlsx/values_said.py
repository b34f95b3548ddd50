"""What is said of values that a workbook spoilt: rounded codes, errors, formulas that nobody worked out (rule N01)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from services.answers import field_at, label_at
from services.carriers.xlsx.address import place_of
from services.carriers.xlsx.opened import Opened
from services.carriers.xlsx.straight import Answers
from services.carriers.xlsx.values import CellValue
from services.findings import Finding, Problem, Severity, found
from services.form import Form
from services.record import at, parse
from services.totals import expected

_ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)")
_AS_ISSUED = b"<Application>census<"


def computed(form: Form, opened: Opened, answers: Answers) -> tuple[str, ...]:
    """Work out the sums whose formulas hold no result; return every answer whose formula holds none.

    Libraries write a formula without its result; Excel works it out when the file is next opened. Others work
    it out wrong: Gnumeric's .xls has #VALUE! where cells to be summed are empty. A workbook as issued is left
    as it is: there the sum was left open.
    """
    if _AS_ISSUED in opened.container.parts.get("docProps/app.xml", b""):
        return ()
    unsaved = _unsaved(form, opened, answers)
    sums = frozenset(path for path in unsaved if _is_sum(form, path))
    if sums:
        record = parse(form, {path: text for path, text in answers.raw.items() if path not in sums}, {}, {})[0]
        right = expected(form, record)
        shown = {path: right.get(path, at(record, path)) for path in sums}
        answers.raw.update({path: field_at(form, path).kind.show(value) for path, value in shown.items()})
    return tuple(path for path in unsaved if path not in sums or answers.raw[path])


def _unsaved(form: Form, opened: Opened, answers: Answers) -> tuple[str, ...]:
    sheets = {**opened.unseen, **opened.shown}.items()
    names = {f"{name}!{a.decode()}" for name, sheet in sheets for a in sheet.formulas if _is_lost(sheet.cells.get(a))}
    lost = tuple(path for path in answers.raw if answers.anchors[path] in names) if names else ()
    return tuple(path for path in lost if not answers.raw[path] or _is_sum(form, path))


def _is_lost(value: CellValue | None) -> bool:
    return value is None or (isinstance(value, str) and _ERROR.fullmatch(value) is not None)


def _is_sum(form: Form, path: str) -> bool:
    head, *rest = path.split(".")
    sums = any(schedule.key == head and schedule.totals_of for schedule in form.schedules)
    return sums if rest else bool(field_at(form, path).total_of)


def value_findings(form: Form, answers: Answers, unsaved: Sequence[str]) -> tuple[Finding, ...]:
    """Return what was lost of values; an error is taken out of the answers, since it is none.

    `unsaved` are the answers whose formulas hold no result.
    """
    may_err = "\n#" in "\n".join(("", *answers.raw.values()))  # almost never: one search instead of hundreds
    errors = [(path, text) for path, text in answers.raw.items() if _ERROR.fullmatch(text)] if may_err else []
    answers.raw.update({path: "" for path, _ in errors})
    told = [path for path in unsaved if not _is_sum(form, path)]
    return (
        *(_lost_digits(form, answers, path) for path in answers.rounded),
        *(_error(form, answers, path, text) for path, text in errors),
        *(_error(form, answers, path, "") for path in told),
        *_worked_out(form, len(unsaved) - len(told)),
    )


def _lost_digits(form: Form, answers: Answers, path: str) -> Finding:
    text = answers.raw.get(path, "")
    problem = Problem(
        rule="N01",
        code="code.rounded",
        severity=Severity.MUST_FIX,
        phrase=f"被 Excel 当作数字,第 16 位以后变成了 0,现在是“{text}”",
        phrase_en=f"was turned into a number by Excel and lost its last digits, is {text!r}",
        got=text,
        want="文字格式的号码",
        remedy="请把这一格设为文本格式后重新填写",
    )
    return found(problem, field=path, label=label_at(form, path), place=place_of(answers.anchors[path]))


def _error(form: Form, answers: Answers, path: str, text: str) -> Finding:
    said = f"是公式算错的结果“{text}”" if text else "是公式,文件里没有它的结果"
    problem = Problem(
        rule="N01",
        code="value.error",
        severity=Severity.MUST_FIX,
        phrase=f"{said},没有读出内容",
        phrase_en=f"holds a formula with the result {text!r}, which is none",
        got=text,
        want="直接填写的内容",
        remedy="请删去公式,直接填写",
    )
    return found(problem, field=path, label=label_at(form, path), place=place_of(answers.anchors[path]))


def _worked_out(form: Form, count: int) -> Iterator[Finding]:
    if count:
        problem = Problem(
            rule="N01",
            code="value.computed",
            severity=Severity.NOTE,
            phrase=f"有 {count} 个合计的公式没有结果,或者算错了(文件由别的程序保存),已重新计算",
            phrase_en=f"{count} sums had formulas without right results and were worked out",
            got=f"{count} 个",
        )
        yield found(problem, field="", label="", place=f"《{form.short_title}》")
