"""The files of a batch: their names by a pattern, each form filled when it is asked for."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from services import desk
from services.answers import field_at, label_at, scalars
from services.batch.rows import Listed, Row, text_of
from services.bundle.archive import distinct, plain_entry
from services.findings import Finding
from services.form import Form
from services.kinds import Code
from services.settings import Settings

_FIELD = re.compile(r"\{([^{}]*)\}")
_NUMBER = "序号"


class PatternError(ValueError):
    """A pattern of names asks for what the form does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A file of a batch: its name, its bytes, and what has to be said of them."""

    name: str
    data: bytes
    findings: tuple[Finding, ...]


def usual_pattern(form: Form) -> str:
    """Return the names that files bear unless told otherwise: 附件1-评估表_{机构编码}_{鉴定所(站)名称(全称)}.

    No number of a person stands in a file's name (rule I06).
    """
    owner = "_".join(f"{{{label_at(form, key)}}}" for key in form.known_by if not _is_personal(form, key))
    return f"附件{form.code.removeprefix('表')}-{form.short_title}_{owner}"


def _is_personal(form: Form, key: str) -> bool:
    kind = field_at(form, key).kind
    return isinstance(kind, Code) and kind.scheme == "resident"


def names(listed: Listed, pattern: str, carrier: str) -> tuple[str, ...]:
    """Return the file name of every row: what stands in braces is that answer of the row, or its 序号.

    Two rows of one name are told apart by (2).

    Raises:
        PatternError: the pattern names an answer that the form does not have.
    """
    known = {label_at(listed.form, key): key for key in scalars(listed.form)} | {
        key: key for key in scalars(listed.form)
    }
    unknown = [name for name in _FIELD.findall(pattern) if name not in known and name != _NUMBER]
    if unknown:
        raise PatternError(
            f"文件名里的 {{{unknown[0]}}} 不是《{listed.form.short_title}》的栏目;花括号里可以写 {_NUMBER},"
            f"或者栏目名,如 {'、'.join(list(known)[:3])}"
        )
    rows = enumerate(listed.rows, 1)
    return distinct(f"{_name(listed.form, row, number, pattern, known)}.{carrier}" for number, row in rows)


def _name(form: Form, row: Row, number: int, pattern: str, known: Mapping[str, str]) -> str:
    def said(match: re.Match[str]) -> str:
        return f"{number:04}" if match[1] == _NUMBER else text_of(form, row.record, known[match[1]])

    return re.sub(r"_{2,}", "_", _FIELD.sub(said, pattern)).strip("_")


def made(listed: Listed, named: tuple[str, ...], carrier: str, settings: Settings) -> Iterator[Made]:
    """Yield the filled forms one by one; what is found while filling is told with the name of its file."""
    for row, name in zip(listed.rows, named, strict=True):
        filled = desk.issue(listed.form, row.record, carrier, settings)
        said = tuple(replace(finding, place=f"{name} · {finding.place}") for finding in filled.findings)
        yield Made(name=name, data=filled.data, findings=said)


def pack(path: Path, files: Iterator[Made], told: Callable[[Made], None]) -> None:
    """Write the files into a zip at `path`, whole or not at all; the same bytes for the same files."""
    part = path.with_name(f".{path.name}.part")
    try:
        with zipfile.ZipFile(part, "w") as archive:
            for file in files:
                archive.writestr(plain_entry(file.name), file.data)
                told(file)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
