"""What a file holds as a whole: which form its words are, whether there are two, whether its identity is its own.

Only asked of a file whose labels are not as issued: a clean one costs nothing here. Rules D01, D02, D03.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from services.carriers.container import open_container, parse_xml
from services.carriers.docx.content import NO_NAMES
from services.carriers.docx.grid import flatten, grid_of
from services.carriers.docx.parts import main_part
from services.carriers.docx.read_layout import layout_of as layout_in_word
from services.carriers.layout import Layout
from services.carriers.likeness import bare
from services.carriers.reading import Reading
from services.carriers.xlsx.issued import layout_of as layout_in_excel
from services.carriers.xlsx.opened import open_workbook
from services.catalogue import concrete, declared, regions
from services.findings import Finding, Problem, Severity, found
from services.form import Form

_CHANGES = 3
"""Must-fix changes of the printed text from which the whole file is looked at."""
_WHOLE = 0.5
"""The share of a form's labels above which the form is held to be there."""
_LEAST_LABELS, _LEAST_SHARE = 8, 0.15
"""What must be found of a form without identity, of which only a piece may be there."""
_ONLY_SAID_AS_ONE = frozenset({"layout.added-part", "sheet.extra", "picture.loose", "identity.differs"})
_OF_THE_OTHER = frozenset({"version.other", "identity.differs"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The bare texts of a file's cells with how often each stands there, and the carrier whose layouts they meet."""

    kind: str
    counts: Counter[str]

    def layout(self, form: Form) -> Layout:
        """Return the form as this carrier issues it."""
        return layout_in_excel(form) if self.kind == "xlsx" else layout_in_word(form)

    def hits(self, form: Form) -> int:
        """Return how many of a form's labels are there."""
        return len(self.layout(form).words & self.counts.keys())

    def share(self, form: Form) -> float:
        """Return the share of a form's labels that are there."""
        return self.hits(form) / max(len(self.layout(form).words), 1)


def words_of(data: bytes) -> Words:
    """Return the words of a Word file or a workbook.

    Raises:
        UnreadableError: it cannot be opened.
    """
    container = open_container(data)
    if container.kind == "xlsx":
        grids = open_workbook(data).grids.values()
        texts = (bare(str(value)) for grid in grids for row in grid for value in row if value != "")
    else:
        rows = grid_of(flatten(parse_xml(container.parts[main_part(container)])), NO_NAMES).rows
        texts = (bare(cell.text) for row in rows for cell in row.cells)
    return Words(kind=container.kind, counts=Counter(text for text in texts if text))


def is_doubtful(reading: Reading) -> bool:
    """Return whether so much of the printed text differs that the file may be another form than it says."""
    changed = [f for f in reading.findings if f.code.startswith("layout.") and f.severity is Severity.MUST_FIX]
    return (
        len(changed) >= _CHANGES
        or any(f.code in {"layout.added-part", "layout.part-removed"} for f in changed)
        or any(f.code == "sheet.extra" for f in reading.findings)
    )


def likeliest(words: Words) -> Form | None:
    """Return the form that a file without identity holds, or a piece of it; None when it is like none of them."""
    best = max(_issued(), key=words.hits)
    others = max(words.hits(form) for form in _issued() if form.id != best.id)
    hits = words.hits(best)
    is_clear = hits >= _LEAST_LABELS and words.share(best) >= _LEAST_SHARE and hits > 2 * others
    return best if is_clear or words.share(best) >= _WHOLE else None


def truly(form: Form, words: Words) -> Form:
    """Return the form that the words are of: `form`, another edition or region of it, or another form."""
    best = max((form, *_issued()), key=words.hits)
    if words.hits(best) <= words.hits(form):
        return form
    if best.id == form.id or words.share(form) < _WHOLE:
        return best
    same = max((form, *(one for one in _issued() if one.id == form.id)), key=words.hits)
    return same if words.hits(same) > words.hits(form) else form


@lru_cache(maxsize=1)
def _issued() -> tuple[Form, ...]:
    return tuple(
        concrete(form.id, edition.id, region)
        for form in declared()
        for edition in form.editions
        for region in ("", *(region.code for region in regions()))
    )


# ---- what is said of it ---------------------------------------------------------------------------


def of_another(named: Form, form: Form, reading: Reading) -> tuple[Finding, ...]:
    """Return the findings of a file read as `form` whose identity names the form `named`."""
    problem = Problem(
        rule="D03",
        code="identity.other-form",
        severity=Severity.MUST_FIX,
        phrase=f"里的编号是{title(named)}的,表的内容是{title(form)},已按内容读取",
        phrase_en=f"carries the identity of {_english(named)}, but holds {_english(form)}; read as the latter",
        got=title(form),
        want=title(named),
        remedy="请从本站下载要报的那张表的空表,把内容转填过去再上传",
    )
    own = (finding for finding in reading.findings if finding.code not in _OF_THE_OTHER)
    return (found(problem, field="", label="文件", place=f"《{form.short_title}》"), *own)


def with_others_named(form: Form, words: Words, reading: Reading) -> tuple[Finding, ...]:
    """Return the findings of a file, what belongs to a second form in it told as that form."""
    others = tuple(_others(form, words))
    if not others:
        return reading.findings
    names = "、".join(f"《{name}》" for name in others)
    is_twice = others == (form.short_title,)
    said = (
        f"里有两份《{form.short_title}》,只读取了前一份"
        if is_twice
        else f"里还有{names}的内容,只读取了《{form.short_title}》"
    )
    problem = Problem(
        rule="D01",
        code="file.two-forms",
        severity=Severity.MUST_FIX,
        phrase=said,
        phrase_en=f"holds more than one form; only {form.id} was read",
        got=names,
        want=f"《{form.short_title}》一份",
        remedy="请把每份表分开存成一个文件,分别上传",
    )
    own = (finding for finding in reading.findings if finding.code not in _ONLY_SAID_AS_ONE)
    return (found(problem, field="", label="文件", place=f"《{form.short_title}》"), *own)


def _others(form: Form, words: Words) -> Iterator[str]:
    """Yield the short titles of the forms that stand in the file beside `form`."""
    known = words.layout(form).words
    if _is_twice(form, words):
        yield form.short_title
    for other in (concrete(one.id, form.edition.id if form.edition else "") for one in declared() if one.id != form.id):
        own = words.layout(other).words - known
        if own and len(own & words.counts.keys()) / len(own) >= _WHOLE:
            yield other.short_title


def _is_twice(form: Form, words: Words) -> bool:
    printed = Counter(cell.label for row in words.layout(form).rows for cell in row.cells if cell.label)
    once = [label for label, count in printed.items() if count == 1 and label in words.counts]
    return bool(once) and sum(words.counts[label] > 1 for label in once) / len(once) >= _WHOLE


def title(form: Form) -> str:
    """Return 《评估表》(陕西省2006版 1.0)."""
    return f"《{form.short_title}》" + (f"({form.region_name}{form.edition.version})" if form.edition else "")


def _english(form: Form) -> str:
    return " ".join(part for part in (form.id, form.edition.id if form.edition else "", form.region) if part)
