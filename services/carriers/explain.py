"""Why an answer was read as it was: for each field the anchors that held and how sure that makes it."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from services.answers import field_at, label_at, part_of, rank
from services.carriers.reading import Reading
from services.carriers.witness import SURENESS, WITNESSES
from services.findings import Finding
from services.form import Form
from services.kinds import Picture

_LABEL_WIDTH, _TEXT_WIDTH = 40, 34
_EMPTY, _PICTURE = "(空)", "(照片)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One field: where it stands, what was read, which anchors held, how sure that is, what has to be asked.

    `sureness` is '' where nothing had to be sought: in a record that travels as data.
    """

    field: str
    label: str
    place: str
    text: str
    anchors: tuple[str, ...]
    sureness: str
    questions: tuple[str, ...]


def explained(form: Form, reading: Reading) -> tuple[Explained, ...]:
    """Return every field that was read, in printed order, with why it was read so."""
    asked: dict[str, list[Finding]] = {}
    for finding in reading.findings:
        asked.setdefault(finding.field, []).append(finding)
    return tuple(
        Explained(
            field=path,
            label=label_at(form, path),
            place=reading.places.get(path, ""),
            text=_text(form, reading, path),
            anchors=reading.witnesses.get(path, ()),
            sureness=reading.sureness.get(path, ""),
            questions=tuple(finding.message for finding in asked.get(path, ())),
        )
        for path in sorted({*reading.raw, *reading.pictures, *reading.sureness}, key=lambda path: rank(form, path))
    )


def _text(form: Form, reading: Reading, path: str) -> str:
    if isinstance(field_at(form, path).kind, Picture):
        return _PICTURE if path in reading.pictures else ""
    return reading.raw.get(path, "")


def explanation(form: Form, reading: Reading) -> dict[str, Any]:
    """Return the explanation as what JSON can hold: form, carrier, fields, and what concerns no single field."""
    return {
        "form": form.id,
        "carrier": reading.carrier,
        "fields": [asdict(one) for one in explained(form, reading)],
        "questions": [finding.message for finding in reading.findings if not finding.field],
    }


def explanation_table(form: Form, reading: Reading) -> str:
    """Return the explanation as a table for people: how sure, label, what was read, by which anchors."""
    fields = explained(form, reading)
    counted = Counter(one.sureness for one in fields)
    told = "，".join(f"{name} {counted[word]}" for word, name in SURENESS.items())
    head = f"《{form.short_title}》共 {len(fields)} 栏：{told}"
    return "\n".join((head, *_lines(form, fields), *_general(reading), _LEGEND)) + "\n"


_LEGEND = "\n确认：两个以上互不相干的依据相符；可信：只有一种依据，没有相反的；请核对：依据不一致，或内容不在本格。"


def _lines(form: Form, fields: tuple[Explained, ...]) -> Iterator[str]:
    title = ""
    for one in fields:
        head, *rest = one.field.split(".")
        part = part_of(form).get(f"items.{rest[0]}" if head == "items" else head)
        if part and part.title != title:
            title = part.title
            yield f"\n{title}"
        anchors = " ".join(WITNESSES[anchor] for anchor in one.anchors)
        cells = (_padded(one.label, _LABEL_WIDTH), _padded(one.text or _EMPTY, _TEXT_WIDTH), anchors)
        yield f"  {_padded(SURENESS.get(one.sureness, ''), 8)}{'  '.join(cells)}".rstrip()
        yield from (f"          → {question}" for question in one.questions)


def _general(reading: Reading) -> Iterator[str]:
    general = [finding for finding in reading.findings if not finding.field]
    if general:
        yield "\n整份文件"
        yield from (f"  {finding.place}：{finding.message}" for finding in general)


def _padded(text: str, width: int) -> str:
    """Return a text cut or filled to `width` columns of a terminal, a Chinese character taking two."""
    flat, used, kept = " ".join(text.split()), 0, []
    for character in flat:
        wide = 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if used + wide > width - 1:
            kept.append("…")
            used += 2
            break
        kept.append(character)
        used += wide
    return "".join(kept) + " " * max(0, width - used)
