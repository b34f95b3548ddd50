"""What a workbook says of itself: properties, subject, hidden sheet, the line at the top of its sheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from services.carriers.container import Container, open_container
from services.carriers.reading import UnreadableError
from services.carriers.xlsx.book import META
from services.carriers.xlsx.by_calamine import by_calamine
from services.carriers.xlsx.cells import TOP_ROWS
from services.identity import Stamp, parse_token


def identify(data: bytes) -> Stamp | None:
    """Return the identity that the workbook carries, None when it says none.

    Raises:
        UnreadableError: it is not an office file that can be opened.
    """
    container = open_container(data)
    return next(witnesses(container.parts, _tops(container)), (None, None))[1]


def witnesses(parts: Mapping[str, bytes], tops: Iterable[tuple[str, Iterable[object]]]) -> Iterator[tuple[str, Stamp]]:
    """Yield every identity in the file with the place it stands in, the surest first.

    `tops` are the values in the first rows of each sheet by name.
    """
    for name, place in (("docProps/custom.xml", "文件属性"), ("docProps/core.xml", "文件主题")):
        found = parse_token(parts[name].decode("utf-8", "replace")) if name in parts else None
        if found:
            yield place, found
    for name, values in tops:
        found = parse_token(" ".join(map(str, values)))
        if found:
            yield ("标识表" if name == META else f"工作表“{name}”第1行"), found


def _tops(container: Container) -> Iterator[tuple[str, Iterable[object]]]:
    try:
        book = by_calamine(container)
        for name in sorted(book.sheet_names, key=lambda name: name != META):
            yield name, chain.from_iterable(book.get_sheet_by_name(name).to_python(nrows=TOP_ROWS))
    except UnreadableError:
        raise
    except Exception:  # noqa: BLE001 - a part that calamine cannot read says nothing of itself
        return
