"""The version that a form prints of itself, beside the one that is issued now (rule D03)."""

from __future__ import annotations

import re

from services.findings import Finding, Problem, Severity, found
from services.form import Form

_PRINTED = re.compile(r"》\s*(\S{1,12}版)\s*(\d+(?:\.\d+)+)")


def other_version(form: Form, heading: str) -> tuple[Finding, ...]:
    """Return the finding that the heading line of a file names another version than the one issued now.

    A heading without a version says nothing: identity and labels decide then.
    """
    printed = _PRINTED.search(heading)
    issued = form.edition.version if form.edition else ""
    if printed is None or f"{printed[1]} {printed[2]}" == issued:
        return ()
    problem = Problem(
        rule="D03",
        code="version.other",
        severity=Severity.MUST_FIX,
        phrase=f"的表样是“{printed[1]} {printed[2]}”,现在使用的是“{issued}”",
        phrase_en=f"is version {printed[1]} {printed[2]}, issued now is {issued}",
        got=f"{printed[1]} {printed[2]}",
        want=issued,
        remedy="请下载现在的空表,把内容转填过去再上传",
    )
    return (found(problem, field="", label=form.short_title, place=f"《{form.short_title}》页眉"),)
