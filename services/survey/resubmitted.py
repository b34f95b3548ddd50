"""Two files of one form of one station, compared answer by answer (rule D09): both are read again for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from services import desk
from services.check import Context
from services.compare import Comparison
from services.settings import Settings
from services.survey.inputs import given_in
from services.survey.line import Line, Origin
from services.survey.stations import Survey


def comparisons(survey: Survey, paths: Iterable[Path], settings: Settings) -> Iterator[tuple[Line, Line, Comparison]]:
    """Yield every form that another replaced, the one that counts, and all that differs; numbers of people masked.

    `paths` are the inputs that the survey was read from; lines alone do not hold every answer.
    """
    pairs = [(older, newer) for older, newer in survey.replaced if older.digest != newer.digest]
    wanted = {line.origin for pair in pairs for line in pair}
    files = dict(_files(paths, wanted)) if wanted else {}
    for older, newer in pairs:
        sides = [
            desk.side_of(desk.examine(files[line.origin], line.origin.name, Context(), settings), masked=True)
            for line in (older, newer)
        ]
        yield older, newer, desk.compared(*sides)


def _files(paths: Iterable[Path], wanted: set[Origin]) -> Iterator[tuple[Origin, bytes]]:
    for path in paths:
        yield from ((given.origin, given.data) for given in given_in(path) if given.origin in wanted)
