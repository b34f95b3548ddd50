"""What people left in a Word file besides answers: tracked changes, comments, references to the outside (rule D05)."""

from __future__ import annotations

from collections.abc import Iterator

from services.carriers.container import Container, Element, parse_xml
from services.carriers.docx.mark_ours import AUTHOR
from services.carriers.docx.parts import W, related
from services.carriers.left_in import SHOWN, commented, refers_outside
from services.findings import Finding, Problem, Severity, found
from services.form import Form

_TRACKED = (f"{W}ins", f"{W}del", f"{W}moveFrom", f"{W}moveTo", f"{W}cellIns", f"{W}cellDel")


def remarks(form: Form, container: Container, root: Element | None) -> tuple[Finding, ...]:
    """Return what has to be settled before the file is final.

    Without its tree (`root`) a document is known to hold no tracked changes and no embedded files.
    """
    place = f"《{form.short_title}》"
    problems = (
        *_comments(container),
        *_outside(container),
        *(() if root is None else (*_tracked(root), *_embedded(root))),
    )
    return tuple(found(problem, field="", label="", place=place) for problem in problems)


def _text(element: Element) -> str:
    return "".join(piece.text or "" for piece in element.iter(f"{W}t", f"{W}delText")).strip()


def _tracked(root: Element) -> Iterator[Problem]:
    changes = [change for change in root.iter(*_TRACKED) if _text(change) or _is_row_or_cell(change)]
    if not changes:
        return
    words = {f"{W}ins": "增加", f"{W}moveTo": "增加", f"{W}del": "删去", f"{W}moveFrom": "删去"}
    told = "、".join(f"{words[str(c.tag)]}“{_text(c)[:SHOWN]}”" for c in changes[:3] if _text(c))
    yield Problem(
        rule="D05",
        code="remarks.tracked",
        severity=Severity.CONFIRM,
        phrase=f"文件里有 {len(changes)} 处修订没有接受,已按接受以后的内容读取{f'({told})' if told else ''}",
        phrase_en=f"holds {len(changes)} tracked changes, read as accepted",
        got=f"{len(changes)} 处",
        want="没有未接受的修订",
        remedy="请在 Word 的“审阅”中接受或拒绝全部修订后再上传",
    )


def _is_row_or_cell(change: Element) -> bool:
    parent = change.getparent()
    return parent is not None and parent.tag in {f"{W}trPr", f"{W}tcPr"}


def _comments(container: Container) -> Iterator[Problem]:
    comments = [
        comment
        for part in related(container, "comments")
        for comment in parse_xml(container.parts[part]).iter(f"{W}comment")
        if comment.get(f"{W}author") != AUTHOR
    ]
    if not comments:
        return
    first = comments[0]
    yield commented(len(comments), f"{first.get(f'{W}author', '')}:“{_text(first)[:SHOWN]}”", "comments")


def _outside(container: Container) -> Iterator[Problem]:
    # Word notes the template that a file was made with; it prints nothing.
    outside = [entry for entry in container.external if entry[1] != "attachedTemplate"]
    if outside:
        yield refers_outside(outside)


def _embedded(root: Element) -> Iterator[Problem]:
    chunks = [*root.iter(f"{W}altChunk"), *root.iter("{urn:schemas-microsoft-com:office:office}OLEObject")]
    if chunks:
        yield Problem(
            rule="D05",
            code="remarks.embedded",
            severity=Severity.CONFIRM,
            phrase=f"文件里嵌入了 {len(chunks)} 个别的文件,其中的内容没有读取",
            phrase_en=f"embeds {len(chunks)} other files, whose content was not read",
            got=f"{len(chunks)} 个",
            remedy="请把内容直接写在格子里",
        )
