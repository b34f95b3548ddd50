"""Which form a file says it is, and what is said when there is no such form, edition or region here."""

from __future__ import annotations

from services.carriers.reading import UnreadableError
from services.carriers.whole import Words, title
from services.catalogue import UnknownFormError, concrete, declared
from services.findings import Finding, Problem, Severity, found
from services.form import Form
from services.identity import Stamp


def form_of(identity: Stamp) -> Form:
    """Return the concrete form that an identity names.

    Raises:
        UnreadableError: there is no such form, edition or region here.
    """
    form = next((form for form in declared() if form.code.removeprefix("表") == identity.code), None)
    if form is None:
        raise unknown_form()
    edition = next((e.id for e in form.editions if e.id.upper() == identity.edition), None)
    if edition is None:
        raise UnreadableError(
            "unknown-edition",
            f"这份《{form.short_title}》是“{identity.edition}”版,本站没有这一版。请重新下载空表,把内容转填后上传。",
            f"edition {identity.edition!r} of {form.id} is not known here",
        )
    try:
        return concrete(form.id, edition, identity.region)
    except UnknownFormError as error:
        raise UnreadableError(
            "unknown-region",
            f"这份《{form.short_title}》是地区代码“{identity.region}”的表,本站没有该地区的增加项目。"
            "请向发表单位要来该地区的增加项目,或改用本站的空表。",
            f"region {identity.region!r} is not known here",
        ) from error


def as_another_issue(form: Form, error: UnreadableError) -> Finding:
    """Return the finding that a file is of an edition or region unknown here, and was read as `form`."""
    problem = Problem(
        rule="D03",
        code=error.code,
        severity=Severity.MUST_FIX,
        phrase=f"{error.message}能认出的内容已按{title(form)}读取,请逐项核对",
        phrase_en=f"{error.message_en}; read as {form.id} as far as it goes",
        want=title(form),
    )
    return found(problem, field="", label="", place=f"《{form.short_title}》")


def unknown_form(words: Words | None = None) -> UnreadableError:
    """Return the refusal of a file that is none of our forms; `words` are what stands in it."""
    known = "、".join(f"《{form.short_title}》" for form in declared())
    texts = list(words.counts)[:2] if words else []
    there = (
        f"文件里写的是“{'”“'.join(text[:20] for text in texts)}”等," if texts else "文件里没有文字," if words else ""
    )
    return UnreadableError(
        "unknown-form",
        f"认不出这是哪一张表:{there}与{known}都对不上。请从首页下载相应的空表,填好后上传,不要另外制表。",
        "not one of the known forms: " + ", ".join(form.id for form in declared()),
    )


def wrong_form(form: Form, expected: str) -> UnreadableError:
    """Return the refusal of one form where another is wanted."""
    wanted = concrete(expected)
    return UnreadableError(
        "wrong-form",
        f"这里要上传《{wanted.short_title}》,您上传的是《{form.short_title}》。请换成《{wanted.short_title}》再上传。",
        f"expected {expected}, found {form.id}",
    )
