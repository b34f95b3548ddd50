"""What is said alike of a Word file and a workbook: comments, references to the outside, unusable pictures."""

from __future__ import annotations

from collections.abc import Sequence

from services.findings import Problem, Severity

SHOWN = 20
"""As many characters of a comment as name it."""

UNREADABLE_PICTURE = Problem(
    rule="D07",
    code="picture.unreadable",
    severity=Severity.MUST_FIX,
    phrase="处的图片不是 jpg 或 png,没有读出来",
    phrase_en="holds a picture that is neither jpg nor png",
    want="jpg 或 png",
    remedy="请换成 jpg 或 png 照片",
)


def commented(count: int, first: str, english: str) -> Problem:
    """Return that people's comments stand in a file; `first` is whose or where the first one is and what it says."""
    return Problem(
        rule="D05",
        code="remarks.comments",
        severity=Severity.CONFIRM,
        phrase=f"文件里有 {count} 条批注没有处理,如 {first}",
        phrase_en=f"holds {count} {english} by people",
        got=f"{count} 条",
        want="没有批注",
        remedy="请处理并删除批注后再上传",
    )


def refers_outside(references: Sequence[tuple[str, str, str]]) -> Problem:
    """Return that a file refers to the outside: (part, type, target) of each reference."""
    target = references[0][2]
    return Problem(
        rule="D05",
        code="remarks.external",
        severity=Severity.NOTE,
        phrase=f"文件引用了 {len(references)} 处文件以外的内容(如 {target[:60]}),没有读取",
        phrase_en=f"refers to {len(references)} things outside the file, which were not followed",
        got=target,
        remedy="需要的内容请直接放进文件",
    )
