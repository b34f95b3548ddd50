"""The photographs of a Word form: in their cell, or pasted beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from services.answers import label_at, place_at, scalars
from services.carriers.container import Container
from services.carriers.docx.parts import main_part, relations
from services.carriers.left_in import UNREADABLE_PICTURE
from services.carriers.vote import Vote
from services.findings import Finding, Problem, Severity, found
from services.form import Form
from services.kinds import Picture
from services.kinds.picture import media_type


@dataclass(frozen=True, slots=True, kw_only=True)
class Photographs:
    """The pictures of a file: those of answers by path, the path that took one from beside its cell, findings."""

    pictures: Mapping[str, bytes]
    findings: tuple[Finding, ...]
    fetched: str = ""


_ABOVE_TITLE = frozenset({"p0", "p1", "p2"})


@lru_cache(maxsize=64)
def picture_paths(form: Form) -> frozenset[str]:
    """Return the answers that are photographs."""
    return frozenset(key for key, field in scalars(form).items() if isinstance(field.kind, Picture))


def photographs(form: Form, container: Container, there: Mapping[str, str], votes: Sequence[Vote]) -> Photographs:
    """Return the photographs of a form, and what has to be said of pictures elsewhere; `there` are relations by place.

    A picture outside the cells of photographs is taken for the missing one when there is only one of each.
    """
    asked = [vote for vote in votes if vote.path in picture_paths(form)]
    own = {vote.address for vote in asked}
    pictures = {vote.path: data for vote in asked if (data := _picture(container, there, vote.address))}
    unusable = [vote for vote in asked if vote.address in there and vote.path not in pictures]
    missing = [vote for vote in asked if vote.address not in there]
    others = [address for address in there if address not in own and not _is_identity(there, address)]
    loose = [data for address in others if (data := _picture(container, there, address))]
    findings = [_finding(form, vote, UNREADABLE_PICTURE) for vote in unusable]
    if len(missing) == len(loose) == 1:
        vote = missing[0]
        pictures |= {vote.path: loose[0]}
        return Photographs(pictures=pictures, findings=(*findings, _finding(form, vote, _BESIDE)), fetched=vote.path)
    return Photographs(pictures=pictures, findings=(*findings, *_not_taken(form, len(loose), missing)))


def _is_identity(there: Mapping[str, str], address: str) -> bool:
    """Return whether a picture is the code that every form carries: the first of all, above the title."""
    return address == next(iter(there)) and address in _ABOVE_TITLE


def _picture(container: Container, there: Mapping[str, str], address: str) -> bytes:
    """Return the jpg or png that stands in a cell, b'' for none."""
    targets = relations(container, main_part(container)) if address in there else {}
    _, target = targets.get(there.get(address, ""), ("", ""))
    data = container.media(target) if target else b""
    return data if media_type(data) else b""


_BESIDE = Problem(
    rule="D06",
    code="picture.beside",
    severity=Severity.CONFIRM,
    phrase="没有放在照片格里,已取文件里另一处的图片",
    phrase_en="was not put into its cell; the picture that stands elsewhere was taken",
    want="放在照片格内",
    remedy="请核对是不是这张照片,并把它移到照片格里(环绕方式选“嵌入型”)",
)


def _not_taken(form: Form, loose: int, missing: Sequence[Vote]) -> Iterator[Finding]:
    if not loose:
        return
    problem = Problem(
        rule="D07",
        code="picture.loose",
        severity=Severity.CONFIRM if missing else Severity.NOTE,
        phrase=f"里另有 {loose} 张图片不在照片格里,没有读取",
        phrase_en=f"holds {loose} pictures outside the cells of photographs, which were not read",
        got=f"{loose} 张",
        remedy="如有照片,请移到照片格里;证明材料请作为附件上传",
    )
    yield found(problem, field="", label="文件", place=f"《{form.short_title}》")


def _finding(form: Form, vote: Vote, problem: Problem) -> Finding:
    return found(problem, field=vote.path, label=label_at(form, vote.path), place=place_at(form, vote.path))
