"""What cannot be known of a form that was printed or flattened: its text layer may lie, and its fields are gone.

Where the record that travels along says the same as the page, nothing is in doubt. Everything else is told,
part by part: a clerk compares a part with the paper, not six hundred answers one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from services.answers import field_at, label_at, part_of, place_at, rank, scalars
from services.carriers.reading import Reading
from services.findings import Finding, Problem, Severity, found
from services.form import Form, Part
from services.kinds import Picture
from services.record import Record, entries_of, parse

_COVER = "封面"
_MOST_LABELS = 5


def doubts(form: Form, reading: Reading, record: Record | None) -> Iterator[Finding]:
    """Yield one finding for each part of which answers were read from printed text alone.

    Without a record any part may have lost answers; a form in which nothing stands has none to compare.
    """
    if not any(_states(form, path, text) for path, text in reading.raw.items()):
        return
    unsure = _unsure(form, reading, record)
    for part in form.parts:
        paths = [path for path in unsure if _home(form, path) is part]
        if paths or (record is None and part in part_of(form).values()):
            yield _printed(form, part, paths)


def lost_pictures(form: Form, pictures: Mapping[str, bytes]) -> Iterator[Finding]:
    """Yield the pictures that a form without fields asks for and that could not be taken from its pages."""
    for path, asked in scalars(form).items():
        if isinstance(asked.kind, Picture) and path not in pictures:
            problem = Problem(
                rule="D06",
                code="read.picture-lost",
                severity=Severity.CONFIRM,
                phrase="没有读到:这个文件经另外的程序打印或压平过,从页面上取不出图片",
                phrase_en="was not found: the file was printed or flattened, no picture could be taken from its pages",
                want="图片",
                remedy="如果原来有,请上传没有打印过的原文件",
            )
            yield found(problem, field=path, label=label_at(form, path), place=place_at(form, path))


def _unsure(form: Form, reading: Reading, record: Record | None) -> Sequence[str]:
    """Return the answers that no record vouches for, as printed from above."""
    read, _ = parse(form, reading.raw, reading.pictures, reading.places)
    said, issued = entries_of(form, read), entries_of(form, record) if record else {}
    if record is None:
        paths = {path for path, text in reading.raw.items() if _states(form, path, text)}
    else:
        paths = {path for path in (*said, *issued) if said.get(path) != issued.get(path)}
    return sorted((path for path in paths if not _is_picture(form, path)), key=lambda path: rank(form, path))


def _is_picture(form: Form, path: str) -> bool:
    return isinstance(field_at(form, path).kind, Picture)


def _states(form: Form, path: str, text: str) -> bool:
    value, problems = field_at(form, path).kind.parse(text)
    return bool(problems) or value not in (None, False)


def _home(form: Form, path: str) -> Part | None:
    head, *rest = path.split(".")
    return part_of(form).get(f"items.{rest[0]}" if head == "items" else head)


def _printed(form: Form, part: Part, paths: Sequence[str]) -> Finding:
    title = part.title or _COVER
    names = "、".join(label_at(form, path) for path in paths[:_MOST_LABELS])
    more = f"等 {len(paths)} 栏" if len(paths) > _MOST_LABELS else ""
    problem = Problem(
        rule="D02",
        code="layout.printed",
        severity=Severity.CONFIRM,
        phrase="的内容是从印出的文字里认出来的:文件经另外的程序打印或压平过,填写框已经没有,可能有错字、漏字、漏勾"
        + (f"({names}{more})" if names else ""),
        phrase_en=f"{len(paths)} answers were read from printed text: the file was printed or flattened,"
        " its form fields are gone",
        got=str(len(paths)),
        want="带填写框的原文件",
        remedy="请逐栏核对,最好上传没有打印过的原文件",
    )
    return found(problem, field="", label=title, place=f"{place_at(form, '')} · {title}")
