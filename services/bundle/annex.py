"""The items that a region adds (增加项目) on their own: scored apart, never part of the base 100 (rule P11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.bundle.front import column
from services.bundle.plan import MadePiece, fit
from services.bundle.written import Matter
from services.catalogue import region
from services.form import Item
from services.kinds.number import plain
from services.paper.typeset import Piece as Printed
from services.recipe import Piece
from services.region import Region
from services.survey.line import Line


def annexes(matter: Matter, piece: Piece) -> Iterator[MadePiece]:
    """Yield the annex: the items with their standards, then each station's scores; nothing where nothing is added."""
    lines = [s.evaluation for s in matter.surveyed.stations if s.evaluation and s.evaluation.region]
    if not lines:
        return
    added = region(lines[0].region)
    if not added.items:
        return
    yield _standards(matter, piece, added)
    yield _scores(matter, piece, added, lines)


def _page(piece: Piece, key: str, code: str, data: dict[str, Any]) -> MadePiece:
    title = str(data["title"])
    whole = {"page": "listed", "landscape": True, "before": [], "nothing": "没有", "after": ""} | data
    return MadePiece(
        title=title, code=f"{piece.code}{code}", printed=Printed(key=f"{piece.key}{key}", kind="packet", data=whole)
    )


def _standards(matter: Matter, piece: Piece, added: Region) -> MadePiece:
    columns = [
        column("项目号", 18),
        column("项目", 50, face="fang", left=True),
        column("满分", 14),
        column("评分标准", face="fang", left=True),
        column("证明材料", 50, face="fang", left=True),
    ]
    rows = [[i.id, fit(i.label), plain(i.points), fit(i.standard), fit(i.evidence)] for i in added.items]
    total = plain(sum((item.points for item in added.items), start=added.items[0].points * 0))
    before = [fit(f"{added.name}增加项目(版本:{added.version})共 {len(rows)} 项,满分 {total} 分;单独计分,不计入总分。")]
    data = {
        "title": f"{piece.title}(一)项目和标准",
        "head": matter.head,
        "columns": columns,
        "rows": rows,
        "before": before,
    }
    return _page(piece, "", "1", data)


def _scores(matter: Matter, piece: Piece, added: Region, lines: Sequence[Line]) -> MadePiece:
    columns = [
        column("序号", 11),
        column("鉴定所(站)名称", face="fang", size=9, left=True),
        column("机构编码", 20, size=9),
        *(column(item.id, 17, size=9) for item in added.items),
        column("合计", 20, size=9),
    ]
    by_code = dict(matter.scores())
    rows = [
        [str(number), fit(line.text("name")), line.code, *_points(added.items, by_code.get(line.code), line)]
        for number, line in enumerate(lines, 1)
    ]
    data = {
        "title": f"{piece.title}(二)各鉴定所(站)得分",
        "head": matter.head,
        "columns": columns,
        "rows": rows,
        "after": "有复核分的为复核分,没有的为自评分。",
    }
    return _page(piece, "2", "2", data)


def _points(added: Sequence[Item], scores: Mapping[str, Any] | None, line: Line) -> Iterator[str]:
    """Yield the score of each item and their sum, the reviewed one where there is one."""
    for item in added:
        score = (scores or {}).get(item.id)
        yield "" if score is None else plain(score)
    total = line.number("regional_review")
    total = line.number("regional_self") if total is None else total
    yield "" if total is None else plain(total)
