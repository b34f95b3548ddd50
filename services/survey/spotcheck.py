"""The spot check (抽查): a sample in strata that anybody can draw again from the printed seed.

Strata are unit, kind, score band and the gap between self and review. Each stratum gives at least one
station and otherwise its share; within it stations are ordered by SHA-256 of seed and agency code, and
the first ones are drawn. No random generator takes part, so no program and no version changes a draw.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

from forms.lists import GAP_BANDS, RECORD_LINES, SCORE_BANDS, SPOT_CHECK, SPOT_RECORD, STRATA
from forms.summaries import EVALUATION, SCORED
from services.catalogue import concrete
from services.kinds import Value
from services.summary import Bands
from services.survey.figures import unit_name
from services.survey.stations import Station, Survey, merge_key
from services.survey.tables import Made, made

# Fraction would take 1/0, and work on 1e99999999 for hours.
_SIZE = re.compile(r"(?P<share>\d{1,6}(?:\.\d{1,6})?)\s*[%％]|(?P<number>\d{1,9})")

Stratum = tuple[str, str, str, str]
"""Unit's two digits, kind, score band, gap band."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A spot check: what was drawn of each stratum, in merge order. `wanted` is the size that was asked for."""

    seed: str
    wanted: int
    strata: Mapping[Stratum, tuple[Station, ...]]
    stations: Mapping[Stratum, tuple[Station, ...]]
    names: Mapping[str, str]

    @property
    def size(self) -> int:
        """How many stations were drawn: more than was wanted where there are more strata."""
        return sum(map(len, self.stations.values()))


def spot_check(survey: Survey, size: str, seed: str) -> Drawn:
    """Return the stations drawn from those that were evaluated; `size` is a number or a share like 5%.

    Raises:
        ValueError: `size` is neither.
    """
    strata: dict[Stratum, list[Station]] = defaultdict(list)
    for station in survey.stations:
        if station.status == "已评估":
            strata[stratum_of(station)].append(station)
    ordered = {stratum: tuple(strata[stratum]) for stratum in sorted(strata)}
    count = sum(map(len, ordered.values()))
    wanted = min(size_of(size, count), count)
    numbers = allocated([len(members) for members in ordered.values()], wanted)
    drawn = {s: _first(members, n, seed) for (s, members), n in zip(ordered.items(), numbers, strict=True)}
    names = {code: unit_name(code, (s for s in survey.stations if s.code[:2] == code)) for code, *_ in ordered}
    return Drawn(seed=seed, wanted=wanted, strata=ordered, stations=drawn, names=names)


def size_of(text: str, count: int) -> int:
    """Return how many of `count` stations are asked for by a number or a share like 5%.

    Raises:
        ValueError: it is neither.
    """
    said = _SIZE.fullmatch(text.strip())
    if said is None:
        raise ValueError(f"抽查数量应为个数(如 40)或比例(如 5%),现在是“{text}”")
    number = ceil(count * Fraction(said["share"]) / 100) if said["share"] else int(said["number"])
    if number < 1:
        raise ValueError(f"抽查数量应大于 0,现在是“{text}”")
    return number


def stratum_of(station: Station) -> Stratum:
    """Return the stratum of an evaluated station."""
    return (
        station.code[:2],
        station.text("kind"),
        band_of(SCORE_BANDS, _number(station, "review_total")),
        _gap_band(station),
    )


def _gap_band(station: Station) -> str:
    own, review = _number(station, "self_total"), _number(station, "review_total")
    return band_of(GAP_BANDS, None if own is None or review is None else abs(own - review))


def _number(station: Station, fact: str) -> Decimal | None:
    return station.evaluation.number(fact) if station.evaluation else None


def band_of(bands: Bands, value: Decimal | None) -> str:
    """Return the name of the band that a figure falls into."""
    if value is None:
        return bands.none
    return next(name for least, name in bands.steps if value >= least)


def allocated(members: Sequence[int], size: int) -> tuple[int, ...]:
    """Return how many are drawn of strata with so many members: one of each, the rest by largest remainder."""
    numbers = [1] * len(members)
    whole = sum(members)
    for _ in range(min(size, whole) - len(members)):
        room = [index for index, count in enumerate(members) if numbers[index] < count]
        most = max(room, key=lambda index: (Fraction(size * members[index], whole) - numbers[index], -index))
        numbers[most] += 1
    return tuple(numbers)


def _first(members: Sequence[Station], count: int, seed: str) -> tuple[Station, ...]:
    drawn = sorted(members, key=lambda station: lot(seed, station.code))[:count]
    return tuple(sorted(drawn, key=lambda station: merge_key(station.code)))


def lot(seed: str, code: str) -> str:
    """Return what a station's place in its stratum follows from: SHA-256 of seed, | and agency code, in hex."""
    return hashlib.sha256(f"{seed}|{code}".encode()).hexdigest()


# ---- lists ---------------------------------------------------------------------------------------


def tables(drawn: Drawn) -> tuple[Made, ...]:
    """Return 抽查名单 and 抽查分层表."""
    count = sum(map(len, drawn.strata.values()))
    said = f"种子：{drawn.seed}　实查 {count} 个，分 {len(drawn.strata)} 层，抽取 {drawn.size} 个"
    more = f"(拟抽 {drawn.wanted} 个，因每层不少于 1 个增加)" if drawn.size > drawn.wanted else ""
    return (
        made(SPOT_CHECK, _listed(drawn), subtitle=said + more),
        made(STRATA, _counted(drawn), subtitle=said + more),
    )


def _listed(drawn: Drawn) -> Iterator[Mapping[str, Value]]:
    stations = ((stratum, station) for stratum, members in drawn.stations.items() for station in members)
    for stratum, station in sorted(stations, key=lambda pair: merge_key(pair[1].code)):
        facts = {fact: station.get(fact) for fact in ("name", "kind", "self_total", "review_total", "grade")}
        yield facts | {"code": station.code, "area": station.area} | _named(drawn, stratum)


def _counted(drawn: Drawn) -> Iterator[Mapping[str, Value]]:
    for stratum, members in drawn.strata.items():
        yield _named(drawn, stratum) | {"members": len(members), "drawn": len(drawn.stations[stratum])}


def _named(drawn: Drawn, stratum: Stratum) -> dict[str, Value]:
    code, kind, band, gap = stratum
    return {"unit": drawn.names[code], "kind": kind, "band": band, "gap_band": gap}


def records(drawn: Drawn) -> tuple[Made, ...]:
    """Return a 抽查记录表 for each station drawn, to be filled in on the spot."""
    stations = sorted((s for members in drawn.stations.values() for s in members), key=lambda s: merge_key(s.code))
    return tuple(
        made(
            SPOT_RECORD,
            _record(station),
            subtitle=f"{station.text('name')}　机构编码 {station.code}　{station.area}",
        )
        for station in stations
    )


def _record(station: Station) -> Iterator[Mapping[str, Value]]:
    labels = {section.key: section for section in concrete(EVALUATION.form).sections}
    for key, fact in SCORED:
        section = labels[key]
        yield {"label": f"{key} {section.label}", "points": int(section.points), "score": station.get(fact)}
    for line in RECORD_LINES:
        whole = line == RECORD_LINES[0]
        points = int(sum(labels[key].points for key, _ in SCORED)) if whole else None
        yield {"label": line, "points": points, "score": station.get("review_total") if whole else None}
