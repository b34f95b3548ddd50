"""Tables of very many rows in a packet: typeset part by part, and still one piece with one range of pages."""

from __future__ import annotations

import io

import pdfplumber
import pytest

from forms.packets import MINISTRY
from services.bundle.chunks import Press, leaves_of, pages_of, printed_chunks
from services.bundle.plan import Planned
from services.bundle.source import Room
from services.paper.typeset import Piece

COLUMNS = [{"title": "序号", "mm": 0, "face": "song", "size": 9, "left": False}]


def listed(key: str, count: int) -> Planned:
    data = {
        "page": "listed", "title": f"{key}表", "head": "汇总材料", "landscape": False, "columns": COLUMNS,
        "rows": [[f"第{number}行"] for number in range(1, count + 1)],
        "before": ["共若干行。"], "nothing": "没有", "after": "完。",
    }  # fmt: skip
    printed = Piece(key=key, kind="packet", data=data)
    return Planned(key=key, piece=MINISTRY.pieces[0], title=key, label=key, code=f"00-{key}", printed=printed)


@pytest.fixture(scope="module")
def chunks(tmp_path_factory):
    room = Room(folder=tmp_path_factory.mktemp("room"))
    press = Press(title="汇总", secret=b"secret", room=room)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("services.survey.printed.MOST_ROWS", 50)
        leaves = tuple(leaves_of([listed("short", 3), listed("long", 120), listed("last", 2)]))
    return tuple(printed_chunks(leaves, 1, press))


def lines(chunks) -> list[list[str]]:
    """Return the lines of every page of the packet."""
    found = []
    for chunk in chunks:
        with pdfplumber.open(io.BytesIO(chunk.path.read_bytes())) as opened:
            found += [page.extract_text().splitlines() for page in opened.pages[chunk.lead :]]
    return found


def test_a_long_table_is_typeset_in_parts_and_is_one_piece(chunks):
    assert len(chunks) == 3
    pages = pages_of(chunks)
    assert list(pages) == ["short", "long", "last"]
    assert pages["short"] == (1, 1)
    assert pages["long"][0] == 2
    assert pages["last"] == (pages["long"][1] + 1,) * 2
    assert sum(chunk.count for chunk in chunks) == pages["last"][1]


def test_every_row_is_printed_once_and_in_order(chunks):
    rows = [line for page in lines(chunks) for line in page if line.startswith("第")]
    wanted = [f"第{number}行" for count in (3, 120, 2) for number in range(1, count + 1)]
    assert rows == wanted


def test_the_pages_of_a_long_table_are_counted_through(chunks):
    first, last = pages_of(chunks)["long"]
    shown = [sorted(page[-2:]) for page in lines(chunks)[first - 1 : last]]
    assert shown == [[f"00-long-{page - first + 1}", f"— {page} —"] for page in range(first, last + 1)]


def test_what_stands_above_and_below_the_rows_is_printed_once(chunks):
    first, last = pages_of(chunks)["long"]
    own = [line for page in lines(chunks)[first - 1 : last] for line in page]
    assert own.count("共若干行。") == 1
    assert own.count("完。") == 1
    assert [line for line in own if line.startswith("long表")] == ["long表", "long表(续)", "long表(续)"]
