"""Reading a Word form whose XML is the issued one: no cell is looked at by itself, only long stretches are compared.

Schedules may have more or fewer rows than were printed. Anything else out of place (a changed label, a
picture, a text that lost its control) ends the walk, and the aligner reads the file instead; what both
read is the same (a test holds the two together).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import compress
from types import MappingProxyType

from services.carriers.docx.issued import Issued, issued
from services.carriers.docx.stretches import TICKED, UNTICKED, Stretch
from services.carriers.docx.texts import cut
from services.carriers.layout import ANY_ROW
from services.carriers.values import UNSEEN, is_unwritten
from services.carriers.vote import Vote
from services.carriers.votes import states
from services.carriers.witness import AGREED
from services.form import Field, Form
from services.kinds import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was read, a line of each: paths, the same with the row as printed, texts, addresses, witnesses.

    `pictures` are those that the form comes with, by place.
    """

    paths: list[str] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    witnesses: list[tuple[str, ...]] = field(default_factory=list)
    pictures: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def all_but(self, left_out: frozenset[str]) -> Mapping[str, str]:
        """Return the texts by path without those of some answers."""
        told = dict(zip(self.paths, self.texts, strict=True))
        for path in left_out:
            told.pop(path, None)
        return told

    def votes(self, wanted: frozenset[str]) -> list[Vote]:
        """Return the votes for answers that stand once."""
        places = [number for number, path in enumerate(self.paths) if path in wanted] if wanted else ()
        return [
            Vote(self.paths[n], self.printed[n], self.texts[n], self.addresses[n], 0, AGREED, self.witnesses[n])
            for n in places
        ]


def straight(form: Form, part: bytes) -> Answers | None:
    """Return what stands in a document that is as issued, None when anything stands otherwise."""
    known = issued(form)
    # Most files that are not as issued begin otherwise.
    whole = cut(part) if known and part.startswith(known.stretches[0].frames[0]) else None
    if known is None or whole is None:
        return None
    answers = Answers(pictures=known.pictures)
    at = cells = 0
    for stretch in known.stretches:
        size, count = len(stretch.frames), _count(stretch, whole.frames, at)
        if not count:
            return None
        if stretch.again:
            rows = [whole.texts[n : n + size] for n in range(at, at + count * size, size)]
            _keep_rows(answers, stretch, rows, cells)
        elif not _keep(answers, stretch, whole.texts[at : at + size], cells):
            return None
        at, cells = at + count * size, cells + count * stretch.cells
    return _once(known, answers) if at == len(whole.frames) else None


def _count(stretch: Stretch, frames: list[bytes], at: int) -> int:
    """Return how many times a stretch stands from `at` on: once at most, rows of a schedule any number of times."""
    size, count = len(stretch.frames), 0
    wanted = stretch.frames
    while wanted and _untick(frames, at, stretch.boxes) and frames[at : at + size] == wanted:
        count, at, wanted = count + 1, at + size, stretch.again
    return count


def _untick(frames: list[bytes], at: int, boxes: tuple[int, ...]) -> bool:
    """Take the state of tick boxes out of the frames from `at` on; return whether they reach that far."""
    if boxes and at + boxes[-1] >= len(frames):
        return False
    for box in boxes:
        frames[at + box] = frames[at + box].replace(TICKED, UNTICKED)
    return True


def _texts(stretch: Stretch, there: Sequence[str]) -> list[str]:
    """Return the text of each answer of a stretch, '' where nobody wrote anything."""
    texts = list(stretch.first_of(there))
    for number in stretch.joined:
        pieces = stretch.slots[number].pieces
        texts[number] = "".join(there[piece] if isinstance(piece, int) else piece for piece in pieces)
    texts = [text if text.strip(UNSEEN) else "" for text in texts]
    for number in stretch.prompted:
        slot = stretch.slots[number]
        if texts[number] and is_unwritten(texts[number], slot.prompt, slot.field):
            texts[number] = ""
    return texts


def _keep(answers: Answers, stretch: Stretch, there: Sequence[str], cells: int) -> bool:
    """Keep the answers of rows that stand once; return whether what is printed there stands as it was."""
    if stretch.printed_of(there) != stretch.printed:
        return False
    answers.paths.extend(stretch.paths)
    answers.printed.extend(stretch.paths)
    answers.texts.extend(_texts(stretch, there))
    answers.addresses.extend([f"c{cells + number}" for number in stretch.cell_of])
    answers.witnesses.extend(stretch.witnesses)
    return True


def _keep_rows(answers: Answers, stretch: Stretch, rows: Sequence[Sequence[str]], cells: int) -> None:
    """Keep the rows of a schedule that state anything, counted from 0."""
    kept = 0
    for printed, row in enumerate(rows):
        texts = _texts(stretch, row)
        if not any(text and _states(slot.field, text) for slot, text in zip(stretch.slots, texts, strict=True)):
            continue
        first = cells + printed * stretch.cells
        answers.paths.extend(_row_paths(stretch.paths, kept))
        answers.printed.extend(_row_paths(stretch.paths, printed))
        answers.texts.extend(texts)
        answers.addresses.extend([f"c{first + number}" for number in stretch.cell_of])
        answers.witnesses.extend(stretch.witnesses)
        kept += 1


@lru_cache(maxsize=2_000)
def _row_paths(paths: tuple[str, ...], number: int) -> tuple[str, ...]:
    return tuple(path.replace(ANY_ROW, str(number)) for path in paths)


@lru_cache(maxsize=5_000)
def _states(field: Field, text: str) -> bool:
    return (isinstance(field.kind, Text) and text[:1].isalnum()) or states(field, text)


def _once(known: Issued, answers: Answers) -> Answers | None:
    """Return the answers with those that are printed in several places told once; None when two places differ.

    The last place that was written in counts, told where the first one stands.
    """
    if not known.again:
        return answers
    places: dict[str, list[int]] = defaultdict(list)
    for number, path in enumerate(answers.paths):
        if path in known.again:
            places[path].append(number)
    gone: set[int] = set()
    for numbers in places.values():
        written = [number for number in numbers if answers.texts[number]]
        if len({answers.texts[number] for number in written}) > 1:
            return None
        first, chosen = numbers[0], (written or numbers)[-1]
        answers.texts[first] = answers.texts[chosen]
        answers.addresses[first] = answers.addresses[chosen]
        answers.witnesses[first] = answers.witnesses[chosen]
        gone.update(numbers[1:])
    kept = [number not in gone for number in range(len(answers.paths))]
    lines = (answers.paths, answers.printed, answers.texts, answers.addresses, answers.witnesses)
    paths, printed, texts, addresses, witnesses = (list(compress(line, kept)) for line in lines)
    return replace(answers, paths=paths, printed=printed, texts=texts, addresses=addresses, witnesses=witnesses)
