"""The stretches that a form as issued in Word is made of: rows that stand once, and rows of a schedule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby
from operator import itemgetter

from services.carriers.docx.texts import Cut
from services.carriers.layout import ANY_ROW
from services.carriers.likeness import bare
from services.form import Field
from services.kinds import Day, Month

_ROW_END, _CELL = b"</w:tr>", b"<w:tc>"
TICKED, UNTICKED = b'w14:checked w14:val="1"', b'w14:checked w14:val="0"'
"""What is kept beside the mark of a tick box, in its frame: what is read is the mark."""

Taken = Callable[[Sequence[str]], tuple[str, ...]]
"""Takes some of the texts out of a stretch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """An answer: its path (a row is *), what is asked, what the blank shows there, the number of its cell.

    `pieces` make up its text: numbers of texts, and what stands between them. Texts and cells are counted
    from the beginning of the stretch.
    """

    path: str
    field: Field
    prompt: str
    cell: int
    pieces: tuple[int | str, ...]
    witnesses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Rows that stand once, or one row of a schedule that may stand any number of times, then with the frames `again`.

    `boxes` are the frames that keep the state of a tick box.
    `printed` are the texts that stand there whatever is answered, `printed_of` takes their like out of an upload's;
    `first_of` takes out the first text of each slot, `joined` are the slots whose text is made of several pieces,
    `prompted` those that may be unwritten without being blank; `paths`, `cell_of` and `witnesses` go by slot.
    """

    frames: list[bytes]
    again: list[bytes]
    boxes: tuple[int, ...]
    printed: tuple[str, ...]
    printed_of: Taken
    slots: tuple[Slot, ...]
    first_of: Taken
    joined: tuple[int, ...]
    prompted: tuple[int, ...]
    paths: tuple[str, ...]
    cell_of: tuple[int, ...]
    witnesses: tuple[tuple[str, ...], ...]
    cells: int


class AmbiguousError(Exception):
    """The template is such that only the aligner reads every file of it right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A row with the paragraphs before it: its texts, the cells before it and in it, the schedule that it repeats."""

    texts: range
    cells: range
    repeat: str


def stretches(whole: Cut, slots: Sequence[Slot], written: set[int]) -> Iterator[Stretch]:
    """Yield the stretches of the blank.

    Raises:
        AmbiguousError: the rows of a schedule are not all alike.
    """
    for repeat, group in groupby(_lines(whole, slots), lambda line: line.repeat):
        lines = tuple(group)
        if not repeat:
            first, last = lines[0], lines[-1]
            texts, cells = range(first.texts.start, last.texts.stop), range(first.cells.start, last.cells.stop)
            yield _stretch(whole, slots, written, _Line(texts=texts, cells=cells, repeat=""))
            continue
        first, *others = (_stretch(whole, slots, written, line) for line in lines)
        if not others or any((one.frames, one.slots) != (others[0].frames, first.slots) for one in others):
            raise AmbiguousError
        yield replace(first, again=others[0].frames)


def _lines(whole: Cut, slots: Sequence[Slot]) -> Iterator[_Line]:
    """Yield the rows of the blank. A frame in which a row ends belongs to the first text behind it."""
    starts = [0, *[number for number, frame in enumerate(whole.frames) if number and _ROW_END in frame]]
    before = [0, *accumulate(frame.count(_CELL) for frame in whole.frames)]
    cells = [before[number] + whole.frames[number].rpartition(_ROW_END)[0].count(_CELL) for number in starts]
    repeats = {n: slot.path.partition(".")[0] for slot in slots if ANY_ROW in slot.path for n in _told(slot)}
    stops = [*starts[1:], len(whole.frames)]
    for start, stop, first, last in zip(starts, stops, cells, [*cells[1:], before[-1]], strict=True):
        repeat = next((repeats[number] for number in range(start, stop) if number in repeats), "")
        yield _Line(texts=range(start, stop), cells=range(first, last), repeat=repeat)


def _told(slot: Slot) -> tuple[int, ...]:
    return tuple(piece for piece in slot.pieces if isinstance(piece, int))


def _stretch(whole: Cut, slots: Sequence[Slot], written: set[int], line: _Line) -> Stretch:
    """Return the stretch of a line, its texts and cells counted from its own beginning."""
    first, own = line.texts.start, line.texts
    here = tuple(_moved(slot, first, line.cells.start) for slot in slots if _told(slot)[0] in own)
    fixed = () if line.repeat else tuple(number for number in own if number not in written)
    frames = whole.frames[first : own.stop]
    return Stretch(
        frames=frames,
        again=[],
        boxes=tuple(number for number, frame in enumerate(frames) if UNTICKED in frame),
        printed=tuple(whole.texts[number] for number in fixed),
        printed_of=_taken([number - first for number in fixed]),
        slots=here,
        first_of=_taken([_told(slot)[0] for slot in here]),
        joined=tuple(number for number, slot in enumerate(here) if len(slot.pieces) > 1),
        prompted=tuple(number for number, slot in enumerate(here) if _is_prompted(slot)),
        paths=tuple(slot.path for slot in here),
        cell_of=tuple(slot.cell for slot in here),
        witnesses=tuple(slot.witnesses for slot in here),
        cells=len(line.cells),
    )


def _is_prompted(slot: Slot) -> bool:
    return isinstance(slot.field.kind, Day | Month) or bool(bare(slot.prompt))


def _moved(slot: Slot, texts: int, cells: int) -> Slot:
    pieces = tuple(piece - texts if isinstance(piece, int) else piece for piece in slot.pieces)
    return replace(slot, pieces=pieces, cell=slot.cell - cells)


def _taken(numbers: Sequence[int]) -> Taken:
    """Return what takes the texts of these numbers out of a stretch."""
    match len(numbers):
        case 0:
            return lambda _: ()
        case 1:
            only = numbers[0]
            return lambda texts: (texts[only],)
        case _:
            return itemgetter(*numbers)
