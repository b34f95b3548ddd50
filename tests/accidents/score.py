"""How a reading compares with what must be read: exact fields, misses with and without a word about them, alarms."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from PIL import Image, UnidentifiedImageError

from services.answers import label_at, part_of, schedules
from services.carriers.intake import read_upload
from services.carriers.reading import UnreadableError
from services.findings import Finding, Severity
from services.form import Form
from services.record import entries_of, parse
from tests.accidents.case import SECRET, Case, picture_paths
from tests.accidents.truth import Tampering, Truth, same

EMPTY = (None, "", False, ())


@dataclass
class Score:
    """What came of one case. `fields` counts the answers that hold something; the lists name what went wrong."""

    name: str
    suffix: str = ""
    way: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    fields: int = 0
    exact: int = 0
    misses: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    tampered: int = 0
    caught: int = 0

    @property
    def is_right(self) -> bool:
        return not (self.misses or self.silent or self.unasked or self.untold or self.alarms)


def score_of(case: Case) -> Score:
    """The score of a case before its file is read."""
    operations = tuple(case.truth.operations) or ("untouched",)
    return Score(
        name=case.name, suffix=case.suffix, way=case.way, operations=operations, tampered=len(case.truth.tampered)
    )


def scored(case: Case, data: bytes) -> Score:
    """The score of a case whose file is now `data`."""
    truth = case.truth
    score = score_of(case)
    try:
        intake = read_upload(data, f"file.{case.suffix}", SECRET, box=False)
    except UnreadableError as error:
        return _refused(score, truth, error)
    except Exception as error:  # noqa: BLE001 - a reader that stumbles is a fault to be counted, not the end of the run
        return _refused(score, truth, UnreadableError("crash", repr(error), ""))
    if not _is_the_form(truth, intake.form):
        return _refused(score, truth, UnreadableError("form", f"read as {intake.form.id} {intake.form.edition}", ""))
    reading = intake.reading
    record, said = parse(truth.form, reading.raw, reading.pictures, reading.places)
    findings = (*reading.findings, *said)
    _compare(score, case, entries_of(truth.form, record), findings)
    score.unasked = sorted(path for path in truth.asked if not touched(truth, path, findings))
    codes = {finding.code for finding in findings}
    score.untold += [f"code {code}" for code in sorted(truth.told - codes)]
    for tampering in truth.tampered:
        caught = is_caught(tampering, findings) or (tampering.adds and bool(case.way) and is_lost(tampering, data))
        score.caught += caught
        score.untold += [] if caught else [f"{tampering.what} {tampering.words}"]
    if not truth.is_touched:
        score.alarms = [f"{f.code}: {f.message}" for f in reading.findings if f.severity is not Severity.NOTE]
    return score


def _is_the_form(truth: Truth, form: Form) -> bool:
    """Whether the right form was recognised. What a region adds cannot be known of a copy that prints none of it."""
    regional = [f"items.{item.id}." for item in truth.form.items if item.section == "R"]
    prints_region = any(not any(path.startswith(item) for path in truth.gone) for item in regional)
    same_region = form.region == truth.form.region or ("identity.missing" in truth.may_tell and not prints_region)
    return (form.id, form.edition) == (truth.form.id, truth.form.edition) and same_region


def _refused(score: Score, truth: Truth, error: UnreadableError) -> Score:
    """A file that was refused: nothing was read, but loudly; of a tampered file that is an answer."""
    filled = [path for path, value in truth.entries.items() if value not in EMPTY]
    score.fields = len(filled)
    score.misses = [f"refused: {error.code} {error.message}"]
    score.caught = score.tampered
    return score


def _compare(score: Score, case: Case, found: dict[str, Any], findings: Iterable[Finding]) -> None:
    truth = case.truth
    wanted = entries_of(truth.form, truth.record())
    photos = picture_paths(truth)
    for path in {**wanted, **found}:
        if path in truth.unsure:
            continue
        want, got = wanted.get(path), found.get(path)
        holds = want not in EMPTY
        score.fields += holds
        right = same(want, got)
        right = right or (path in photos and is_same_picture(want, got))
        if right:
            score.exact += holds
            continue
        told = touched(truth, path, findings)
        if path in truth.gone and got in EMPTY and told:
            score.exact += holds
            continue
        line = f"{path}: read {short(got)} for {short(want)}"
        score.misses.append(line)
        score.silent += [] if told else [line]
        score.invented += [line] if want in EMPTY and got not in EMPTY else []


def short(value: Any) -> str:
    text = f"<{len(value)} bytes>" if isinstance(value, bytes) else repr(value)
    return text if len(text) < 160 else text[:157] + "..."


def is_same_picture(one: Any, other: Any) -> bool:
    """Whether two pictures show the same, saved differently."""
    if not (one and other):
        return False
    try:
        small = [Image.open(io.BytesIO(data)).convert("RGB").resize((16, 16)) for data in (one, other)]
    except UnidentifiedImageError:
        return False
    pairs = zip(small[0].tobytes(), small[1].tobytes(), strict=True)
    return sum(abs(a - b) for a, b in pairs) / (16 * 16 * 3) < 12


# ---- is there a word about it? --------------------------------------------------------------------


def touched(truth: Truth, path: str, findings: Iterable[Finding]) -> bool:
    """Whether a finding concerns the answer: itself, its row, or the printed text of its row or table."""
    row = path.rpartition(".")[0]
    return any(
        finding.severity is not Severity.NOTE
        and (finding.field == path or (row and finding.field.startswith(f"{row}.")) or _is_near(truth, path, finding))
        for finding in findings
    )


def _is_near(truth: Truth, path: str, finding: Finding) -> bool:
    """Whether a finding about printed text names the answer's label, item or table."""
    if finding.field or finding.rule != "D02":
        return False
    said = squeezed(f"{finding.label} {finding.got} {finding.want} {finding.message}")
    head, *rest = path.split(".")
    if head == "items":
        return squeezed(label_at(truth.form, f"items.{rest[0]}").split(" ")[0]) in said or _names(truth, path, finding)
    if head in schedules(truth.form):
        column = squeezed(label_at(truth.form, path).split(" ")[-1])
        return column in said or _names(truth, path, finding)
    return squeezed(label_at(truth.form, path)) in said or _names(truth, path, finding)


def _names(truth: Truth, path: str, finding: Finding) -> bool:
    """Whether a finding stands in, or names, the part of the form that the answer is printed in."""
    head, *rest = path.split(".")
    part = part_of(truth.form).get(f"items.{rest[0]}" if head == "items" else head)
    told = squeezed(f"{finding.place} {finding.message}")
    return part is not None and bool(part.title) and squeezed(part.title) in told


def is_lost(tampering: Tampering, data: bytes) -> bool:
    """Whether a program that saved the file dropped what was added, so that nothing is left to tell."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        told = re.sub(r"<[^>]+>", "", archive.read("word/document.xml").decode())
    return not any(word in told for word in tampering.words)


def squeezed(text: str) -> str:
    """A text without blanks and widths, to find words in it."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def is_caught(tampering: Tampering, findings: Iterable[Finding]) -> bool:
    """Whether a finding (or several together, for old and new text) holds the words of a tampering."""
    told = [
        squeezed(f"{f.label} {f.got} {f.want} {f.message}")
        for f in findings
        if f.rule in {"D01", "D02", "D03"} and f.severity is not Severity.NOTE
    ]
    return all(any(squeezed(word) in text for text in told) for word in tampering.words)
