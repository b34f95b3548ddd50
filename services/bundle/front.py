"""The leaves before the first piece: the cover, the contents and the checklist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from services.bundle.inputs import Gathered
from services.bundle.manifest import sha256
from services.bundle.plan import Planned, Unit, fit
from services.paper import qr
from services.paper.typeset import Piece as Printed
from services.recipe import Recipe

Pages = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What the first leaves speak of. `missing` are the titles of expected pieces that were not handed in."""

    recipe: Recipe
    unit: Unit
    planned: tuple[Planned, ...]
    gathered: Gathered
    missing: tuple[str, ...] = ()

    @property
    def head(self) -> str:
        """The running head."""
        return f"{self.recipe.title} · {fit(self.unit.name, 'song')}"


def leaves(front: Front, pages: Pages) -> tuple[Printed, ...]:
    """Return the cover's place, contents and checklist; a page that is not known yet counts as 1."""
    return (
        Printed(key="cover", kind="packet", data={"page": "blank", "title": "封面"}),
        contents(front, pages),
        _checklist(front, pages),
    )


def contents(front: Front, pages: Pages, title: str = "目\u3000录", key: str = "contents") -> Printed:
    """Return the contents: every piece with its page, those of a trail under its title, and what is left out."""
    own = [("材料清单", "checklist")] if key == "contents" else []
    entries = [_entry(title, pages.get(key, (1, 1))[0]) for title, key in own]
    for trail, group in groupby(front.planned, key=lambda entry: entry.trail):
        entries += _entries(trail, tuple(group), pages)
    left_out = [{"name": fit(line["name"]), "why": fit(line["why"])} for line in front.gathered.left_out]
    data = {"page": "contents", "title": title, "head": front.head, "entries": entries, "left_out": left_out}
    return Printed(key=key, kind="packet", data=data)


def _entries(trail: tuple[str, ...], group: Sequence[Planned], pages: Pages) -> Iterator[dict[str, Any]]:
    if trail:
        yield _entry(trail[0], _page(group[0], pages))
    for entry in group:
        title = entry.label if trail else entry.title
        yield _entry(title, _page(entry, pages), level=1 if trail else 0, note=entry.note)


def _page(entry: Planned, pages: Pages) -> int:
    return pages.get(entry.key, (1, 1))[0]


def _entry(title: str, page: int, *, level: int = 0, note: str = "") -> dict[str, Any]:
    return {"title": fit(title), "page": page, "level": level, "note": fit(note)}


# ---- checklist --------------------------------------------------------------------------------------


def column(title: str, mm: float = 0, *, face: str = "song", size: float = 10.5, left: bool = False) -> dict[str, Any]:
    """Return a column of a printed table; one of 0 mm takes the width that is left."""
    return {"title": title, "mm": mm, "face": face, "size": size, "left": left}


def _checklist(front: Front, pages: Pages) -> Printed:
    last = ("起止页码", 30) if front.recipe.is_of_many else ("校验值(前8位)", 30)
    columns = [
        column("序号", 12),
        column("材料名称", 62, face="fang", left=True),
        column("来源文件", face="fang", size=9, left=True),
        column("页数", 14),
        column(*last, size=9),
    ]
    rows = list(_grouped_rows(front, pages) if front.recipe.is_of_many else _rows(front, pages))
    rows += [["—", title, "", "未附", ""] for title in front.missing]
    data = {
        "page": "checklist",
        "head": front.head,
        "unit": fit(front.unit.name, "song"),
        "columns": columns,
        "rows": rows,
    }
    return Printed(key="checklist", kind="packet", data=data)


def _rows(front: Front, pages: Pages) -> Iterator[list[str]]:
    """Yield a line for every piece of a station's packet."""
    for number, entry in enumerate(front.planned, 1):
        named = f"{entry.title}({entry.note})" if entry.note else entry.title
        digest = sha256(entry.source.read())[:8] if entry.given else ""
        yield [str(number), fit(named), fit(entry.source.name) or "由各表算出", _count((entry,), pages), digest]


def _grouped_rows(front: Front, pages: Pages) -> Iterator[list[str]]:
    """Yield a line for every kind of piece: hundreds of forms of one kind are one line."""
    kinds: dict[str, list[Planned]] = {}
    for entry in front.planned:
        kinds.setdefault(entry.piece.title if entry.given else entry.title, []).append(entry)
    for number, (title, group) in enumerate(kinds.items(), 1):
        given = [entry for entry in group if entry.given]
        source = f"{len(given)} 份" if given else "由各表算出"
        yield [str(number), fit(title), source, _count(group, pages), _range(group, pages)]


def _range(group: Sequence[Planned], pages: Pages) -> str:
    there = [pages[entry.key] for entry in group if entry.key in pages]
    return f"{there[0][0]}—{there[-1][1]}" if there else ""


def _count(group: Sequence[Planned], pages: Pages) -> str:
    return str(sum(pages[entry.key][1] - pages[entry.key][0] + 1 for entry in group if entry.key in pages))


# ---- cover ------------------------------------------------------------------------------------------


def cover(recipe: Recipe, unit: Unit, manifest: Mapping[str, Any]) -> Printed:
    """Return the cover: whose packet it is, how much, and the root hash in words and as a code."""
    root = str(manifest["root_sha256"])
    pieces = sum(1 for entry in manifest["entries"] if entry["number"])
    later = manifest["supplements"]
    added = f",含补充件 {len(later)} 次" if later else ""
    owner = "机构编码" if recipe.tier == "station" else "单位编码"
    lines = [
        ["报送单位", fit(unit.name)],
        [owner, unit.agency_code],
        ["上报主管部门", fit(unit.report_to)],
        ["材料", f"共 {pieces} 件,{manifest['page_count']} 页{added}"],
    ]
    shown = [[label, value] for label, value in lines if value]
    data = {"page": "cover", "title": list(recipe.cover), "lines": shown, "root": root}
    return Printed(key="cover", kind="packet", data=data, pictures={"root.png": qr.png(root.upper())})
