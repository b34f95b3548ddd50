"""What is said of a workbook's sheets: missing, hidden, foreign ones, and columns or names out of place (rule D02)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from services.carriers.xlsx.book import META
from services.carriers.xlsx.columns import moved_labels
from services.carriers.xlsx.faults import KEPT, is_list
from services.carriers.xlsx.homes import homes_of
from services.carriers.xlsx.issued import issued
from services.carriers.xlsx.opened import Opened
from services.carriers.xlsx.shaped import Shaped
from services.findings import Finding, Problem, Severity, found
from services.form import Form


def missing_sheets(form: Form, gone: frozenset[str]) -> Iterator[Finding]:
    """Yield which sheets are missing, `gone`, all at once."""
    if gone:
        names = "、".join(_named(form, sheet.name) for sheet in issued(form) if sheet.name in gone)
        problem = Problem(
            rule="D02",
            code="layout.part-removed",
            severity=Severity.MUST_FIX,
            phrase=f"缺少工作表{names},其余工作表已读取",
            phrase_en=f"lacks the sheets {', '.join(sorted(gone))}; the others were read",
            got=f"缺 {len(gone)} 张",
            want=names,
            remedy="请把缺少的工作表从原文件或空表移回本文件(右键工作表标签→移动或复制)后再上传",
        )
        yield found(problem, field="", label="", place=f"《{form.short_title}》")


def _named(form: Form, sheet: str) -> str:
    """Return the name of a sheet with the titles of the parts that stand on it."""
    titles = "、".join(part.title for part in form.parts if part.sheet == sheet and part.title)
    return f"“{sheet}”({titles})" if titles and titles != sheet else f"“{sheet}”"


def hidden_sheets(form: Form, opened: Opened) -> Iterator[Finding]:
    """Yield that sheets of the form are hidden: they were read all the same."""
    names = [sheet.name for sheet in issued(form) if sheet.name in opened.unseen and sheet.name not in opened.shown]
    if names:
        problem = Problem(
            rule="D02",
            code="sheet.hidden",
            severity=Severity.CONFIRM,
            phrase=f"工作表“{'”、“'.join(names)}”是隐藏的,其中的内容也已读取",
            phrase_en=f"the sheets {', '.join(names)} are hidden; they were read all the same",
            got="隐藏",
            want="显示",
            remedy="请取消隐藏(右键工作表标签→取消隐藏),核对其中的内容",
        )
        yield found(problem, field="", label="", place=f"《{form.short_title}》")


def moved_columns(shaped: Sequence[Shaped]) -> Iterator[Finding]:
    """Yield for each sheet that its columns stand in another order than issued."""
    for sheet in dict.fromkeys(one.sheet for one in shaped):
        labels = moved_labels((one.like, one.columns) for one in shaped if one.like and one.sheet == sheet)
        if labels:
            problem = Problem(
                rule="D02",
                code="layout.columns-moved",
                severity=Severity.CONFIRM,
                phrase=f"工作表“{sheet}”的列换了位置({'、'.join(labels[:4])}),已按栏目名称读取",
                phrase_en=f"columns of sheet {sheet!r} were moved; read by their heads",
                got="、".join(labels),
                want="原来的顺序",
                remedy="请核对,并把各列移回原处",
            )
            yield found(problem, field="", label="", place=f"工作表“{sheet}” A1")


def stale_names(form: Form, shaped: Sequence[Shaped]) -> Iterator[Finding]:
    """Yield what is said of names that stayed behind when rows were inserted."""
    names = [path for one in shaped for path in one.stale]
    if names:
        problem = Problem(
            rule="D06",
            code="names.stale",
            severity=Severity.NOTE,
            phrase=f"有 {len(names)} 个单元格名称不在原来的格子上(可能插入过行),已按栏目名称读取",
            phrase_en=f"{len(names)} defined names point at other cells; read by the labels",
            got=f"{len(names)} 个",
        )
        yield found(problem, field="", label="", place=f"《{form.short_title}》")


def extra_sheets(form: Form, opened: Opened) -> Iterator[Finding]:
    """Yield the sheets with something in them that are none of the form's: they were not read."""
    ours = {META, KEPT, *(sheet.name for sheet in issued(form))}
    others = {name: sheet for name, sheet in opened.shown.items() if name not in ours and sheet.cells}
    homes = homes_of(form, opened) if others else {}
    for name, sheet in others.items():
        if name not in homes and not is_list(sheet):
            problem = Problem(
                rule="D02",
                code="sheet.extra",
                severity=Severity.CONFIRM,
                phrase=f"工作表“{name}”不是本表的,没有读取",
                phrase_en=f"sheet {name!r} is none of the form's and was not read",
                got=name,
                remedy="需要保留的内容请填到本表的工作表里",
            )
            yield found(problem, field="", label="", place=f"工作表“{name}” A1")
