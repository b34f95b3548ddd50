"""The Word templates on disk: where they are, building them all, checking them all."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from services.carriers.docx.build_template import build_template
from services.carriers.docx.compiled import TemplateError, unpacked
from services.carriers.docx.lint import lint
from services.catalogue import concrete, declared
from services.findings import Finding
from services.form import Form

FOLDER = Path(__file__).resolve().parents[3] / "doctemplates"


def template_path(form: Form) -> Path:
    """Return where the template of a form's edition stands."""
    return FOLDER / f"{form.id}.{form.edition.id if form.edition else ''}.docx"


def template_of(form: Form) -> bytes:
    """Return the template of a form's edition.

    Raises:
        TemplateError: there is none; the message holds the command that makes it.
    """
    try:
        return template_path(form).read_bytes()
    except FileNotFoundError as error:
        name = template_path(form).name
        raise TemplateError(f"没有 Word 模板 doctemplates/{name}。请用 census templates build 制作") from error


def issued_forms() -> tuple[Form, ...]:
    """Return every declared form in each of its editions, to no region."""
    return tuple(concrete(form.id, edition.id) for form in declared() for edition in form.editions)


def build_all() -> tuple[Path, ...]:
    """Write the template of every form and edition from its declaration; return the files, in order."""
    FOLDER.mkdir(exist_ok=True)
    for form in issued_forms():
        template_path(form).write_bytes(build_template(form))
    return tuple(template_path(form) for form in issued_forms())


def lint_all() -> tuple[Finding, ...]:
    """Return what is wrong with any template in the folder.

    Raises:
        TemplateError: a template is missing or is not a docx.
    """
    return tuple(finding for form in issued_forms() for finding in lint(form, template_of(form)))


@lru_cache(maxsize=64)
def check_usable(form: Form, template: bytes) -> None:
    """Do nothing when the template says what the form asks; the same pair is looked at once.

    Raises:
        TemplateError: it does not; the message lists everything that must be corrected.
    """
    unpacked(template)
    faults = [finding.message for finding in lint(form, template) if finding.severity == "must-fix"]
    if faults:
        raise TemplateError("Word 模板与表的声明不一致:\n" + "\n".join(faults))
