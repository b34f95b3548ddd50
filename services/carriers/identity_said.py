"""What is said when a file names itself differently in different places (rule D01)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from services.findings import Finding, Problem, Severity, found
from services.form import Form
from services.identity import Stamp


def identity_findings(form: Form, said: Sequence[tuple[str, Stamp]]) -> Iterator[Finding]:
    """Yield that the identities differ; `said` are the places with what stands there, the surest first."""
    others = [(place, stamp) for place, stamp in said[1:] if stamp.token != said[0][1].token]
    if not others:
        return
    first, other = said[0], others[0]
    problem = Problem(
        rule="D01",
        code="identity.differs",
        severity=Severity.CONFIRM,
        phrase=f"{first[0]}里的编号是“{first[1].token}”,{other[0]}里是“{other[1].token}”,两处不一致",
        phrase_en=f"the identities {first[1].token} and {other[1].token} differ",
        got=other[1].token,
        want=first[1].token,
        remedy="请核对表里的内容是否都出自同一份表",
    )
    yield found(problem, field="", label="", place=f"《{form.short_title}》")
