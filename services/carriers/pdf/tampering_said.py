"""What a clerk is told of a changed PDF form: each change with its page, its old and its new text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from services.carriers.differing import Spot, brief, difference, layout_told
from services.carriers.named import form_of
from services.carriers.pdf.collated import Difference
from services.carriers.pdf.drawn import Drawn
from services.carriers.pdf.identify import in_heads
from services.carriers.pdf.overlaid import Note
from services.carriers.pdf.reissued import Leaf, Rect, Unit
from services.carriers.reading import UnreadableError
from services.findings import Finding, Problem, Severity, found
from services.form import Form

_RESTORE = "请从本站重新下载这张表,把填写的内容转填过去"
_FILL_IN = "需要保留的请填在填写框里"
_told = partial(layout_told, remedy=_RESTORE)


def changed(form: Form, difference_: Difference, page: int, *, is_hidden: bool = False) -> Finding:
    """Return what is said of a text that is printed otherwise; `page` counts from 0."""
    unit, got = difference_.unit, difference_.got
    at = _at(form, page, difference_.rect, unit.part if unit else "")
    if unit is None:
        said = ("是表上原来没有的文字", "is text that was not issued")
        return _told("outside", brief(got), at, said, got=got, severity=Severity.CONFIRM)
    if difference_.over and not unit.letters:
        said = ("印在格子里,不在填写框里,没有读取", "is printed in a cell, not in its form field, and was not read")
        return _told("added", brief(got), at, said, got=got, remedy=_FILL_IN)
    old, new = difference(unit.text, got)
    if difference_.over:
        said = (
            f"{'被盖住,' if is_hidden else ''}上面加印了“{brief(got)}”",
            f"was {'covered and ' if is_hidden else ''}printed over with {brief(got)!r}",
        )
        return _told("overprinted", brief(unit.text), at, said, got=got, want=unit.text)
    if not got:
        return _told("removed", brief(unit.text), at, ("被删去", "was removed"), want=unit.text)
    return _told("changed", old, at, (f"被改成“{new}”", f"was changed to {new!r}"), got=got, want=unit.text)


def covering(form: Form, unit: Unit, page: int) -> Finding:
    """Return what is said of a printed text that cannot be seen."""
    said = ("被盖住或涂掉,看不清", "is covered or blotted out")
    return _told("covered", brief(unit.text), _at(form, page, unit.rect, unit.part), said, want=unit.text)


def written_beside(form: Form, note: Note, unit: Unit | None) -> Finding:
    """Return what is said of a note that writes on the page or strikes printed words out."""
    at = _at(form, note.page, note.rect, unit.part if unit else "")
    if note.strikes:
        return _told("struck", brief(note.text), at, ("被划掉", "is struck out"), want=note.text)
    if unit is not None and unit.letters and not unit.asks and unit.is_cell:
        said = (f"上面加写了“{brief(note.text)}”", f"has {brief(note.text)!r} written over it")
        return _told("overwritten", brief(unit.text), at, said, got=note.text, want=unit.text)
    said = ("是加写在页面上的文字,不在填写框里,没有读取", "is a note on the page, in no form field, and was not read")
    return _told("outside", brief(note.text), at, said, got=note.text, severity=Severity.CONFIRM, remedy=_FILL_IN)


# ---- pages --------------------------------------------------------------------------------------


def page_missing(form: Form, leaf: Leaf, number: int) -> Finding:
    """Return what is said of an issued page that is not there; `number` counts from 0."""
    said = (f"(从“{_first_words(leaf)}”起的一页)不在文件里", "is a page of the form that is missing")
    at = _at(form, number, None, _part_of(leaf))
    return _told("page-removed", f"原第{number + 1}页", at, said, want=_first_words(leaf))


def page_moved(form: Form, leaf: Leaf, number: int, there: int) -> Finding:
    """Return what is said of a page that stands elsewhere than it was issued."""
    said = (f"现在排在第{there + 1}页,已按栏目读取", f"stands on page {there + 1} now")
    at = _at(form, there, None, _part_of(leaf))
    remedy = "请移回原处"
    return _told("page-moved", f"原第{number + 1}页", at, said, severity=Severity.CONFIRM, remedy=remedy)


def page_added(form: Form, pages: Sequence[Drawn], added: Iterable[int]) -> Iterator[Finding]:
    """Yield what is said of pages that were not issued: those of another form at once, any other one by one."""
    foreign: dict[str, list[int]] = {}
    for number in added:
        title = _title_in(pages[number])
        if title:
            foreign.setdefault(title, []).append(number + 1)
            continue
        words = brief("".join(letter.text for letter in pages[number].letters))
        said = ("不是本表的页,没有读取", "is no page of the form and was not read")
        remedy = "请删去这一页,附件另外上传"
        yield _told("page-added", f"第{number + 1}页", _at(form, number, None, ""), said, got=words, remedy=remedy)
    for title, numbers in foreign.items():
        yield _two_forms(form, title, "、".join(map(str, numbers)))


def others_said(form: Form, count: int) -> Finding:
    """Return what is said when there is more than anybody reads."""
    said = (f"另外还有 {count} 处与下载时不同", f"differs from the form as issued in {count} more places")
    return _told("others", form.short_title, Spot(place=f"《{form.short_title}》"), said)


def _two_forms(form: Form, title: str, numbers: str) -> Finding:
    problem = Problem(
        rule="D01",
        code="file.two-forms",
        severity=Severity.MUST_FIX,
        phrase=f"里还有{title}的内容(第{numbers}页),只读取了《{form.short_title}》一份",
        phrase_en=f"holds more than one form; only {form.id} was read",
        got=title,
        want=f"《{form.short_title}》一份",
        remedy="请把每份表分开存成一个文件,分别上传",
    )
    return found(problem, field="", label="文件", place=f"《{form.short_title}》")


def _title_in(page: Drawn) -> str:
    """Return the title of the form that a page says it is of, '' for any other page."""
    said = in_heads([page])
    if said is None:
        return ""
    try:
        return f"《{form_of(said).short_title}》"
    except UnreadableError:
        return ""


def _first_words(leaf: Leaf) -> str:
    """Return the first words below the running head."""
    texts = [unit.text for unit in leaf.units if unit.letters][1:]
    return brief(next((text for text in texts if not text.isdigit()), ""))


def _part_of(leaf: Leaf) -> str:
    return next((unit.part for unit in reversed(leaf.units) if unit.part), "")


# ---- wording ------------------------------------------------------------------------------------


def _at(form: Form, page: int, rect: Rect | None, part: str) -> Spot:
    """Return the place in words, and the address of a mark ('' for a whole page)."""
    place = f"《{form.short_title}》第{page + 1}页" + (f" · {part}" if part else "")
    address = f"{page}:{','.join(f'{edge:.1f}' for edge in rect)}" if rect else ""
    return Spot(place=place, anchor=address)
