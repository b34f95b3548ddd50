"""Complete, plausible, valid records of invented stations and people.

A specimen (forms/specimens/<form id>.toml) holds what a clerk would write, with words in braces that
depend on the seed: the same seed gives the same station and people in every form (rule X04).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from stdnum.cn import ric, uscc

import forms
from services.answers import scalars
from services.form import Edition, Form
from services.kinds import Picture
from services.portrait import portrait
from services.record import Record, parse
from services.totals import completed

SPECIMENS = Path(forms.__file__).parent / "specimens"
PEOPLE = 20
TRADES = 3
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORG_CHECKS = "0X987654321"


class SpecimenError(ValueError):
    """A form has no specimen, or its specimen does not read cleanly; the message says which and why."""


def sample(form: Form, seed: int = 0) -> Record:
    """Return the record of station number `seed` (from 0) as its clerk would have filled `form`.

    The later stages' answers are empty. A region's own items have full marks.

    Raises:
        SpecimenError: the form has no specimen, or a text in it is not what the form asks.
    """
    raw = {path: text for path, text in _texts(form, _facts(form, seed)) if text}
    pictures = {
        key: portrait(field.kind.width_mm, field.kind.height_mm, seed)
        for key, field in scalars(form).items()
        if isinstance(field.kind, Picture)
    }
    record, findings = parse(form, raw, pictures, {})
    if findings:
        raise SpecimenError("\n".join(f"{form.id}.toml: {finding.place}: {finding.message}" for finding in findings))
    return completed(form, record)


@lru_cache(maxsize=16)
def _data(name: str) -> Mapping[str, Any]:
    path = SPECIMENS / f"{name}.toml"
    if not path.exists():
        raise SpecimenError(f"没有 {path.name}: 请在 forms/specimens/ 中加上这张表的样例")
    return MappingProxyType(tomllib.loads(path.read_text(encoding="utf-8")))


# ---- the texts of a specimen --------------------------------------------------------------------


def _texts(form: Form, facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield path and text of every answer that the specimen and the form both have."""
    specimen = _data(form.id)
    asked = scalars(form)
    for key, text in specimen["values"].items():
        if key in asked:
            yield key, text.format_map(facts)
    yield from ((key, "无") for key, field in asked.items() if field.required and key.startswith("r_"))
    for schedule, table in specimen.get("tables", {}).items():
        yield from _table(schedule, table.format_map(facts))
    yield from _scores(form, specimen.get("scores", {}), facts)


def _table(schedule: str, text: str) -> Iterator[tuple[str, str]]:
    head, *lines = ([cell.strip() for cell in line.split("|")] for line in text.strip().splitlines())
    for number, cells in enumerate(lines):
        yield from ((f"{schedule}.{number}.{key}", cell) for key, cell in zip(head, cells, strict=True))


def _scores(form: Form, scores: Mapping[str, str], facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for item in form.items:
        score, _, reason = scores.get(item.id, f"{item.points} | ").format_map(facts).partition("|")
        yield f"items.{item.id}.self", score.strip()
        yield f"items.{item.id}.reason", reason.strip()


# ---- an invented station ------------------------------------------------------------------------


class _Multiples(dict[int, str]):
    """`{x[24]}` in a specimen: 24 times the size of the station, so that sums stay sums."""

    def __init__(self, size: int) -> None:
        self.size = size

    def __missing__(self, count: int) -> str:
        return str(count * self.size)


def _facts(form: Form, seed: int) -> Mapping[str, Any]:
    """Return the words of station number `seed`: its place, codes, names, occupations and people."""
    pools = _data("pools")
    places = _places(pools, form)
    place = _worded(_pick(places, seed), form.edition or form.editions[0])
    word, institute = _pick(pools["words"], seed), _pick(pools["institutes"], seed // 3)
    host = f"{place['city']}{word}{institute}"
    number = seed // len(places) % 999 + 1
    licence = f"{place['city_code']}{place['type']}{number:03d}"
    org = _org_code(seed % 99_999 + 1)
    return {
        "place": place,
        "word": word,
        "host": host,
        "station": f"{host}{place['suffix']}",
        "number": number,
        "licence": licence,
        "line": f"{seed % 10_000:04d}",
        "address": f"{place['address']}{seed % 200 + 1}号",
        "agency_code": place["report_to"] + licence,
        "org_code": f"{org[:8]}-{org[8]}",
        "uscc": _uscc(f"12{place['region']}{org}"),
        "t": tuple(_pick(pools["trades"], seed + i) for i in range(TRADES)),
        "p": tuple(_person(pools, place, seed, i) for i in range(PEOPLE)),
        "x": _Multiples(seed % 4 + 1),
    }


def _pick(pool: Any, number: int) -> Any:
    return pool[number % len(pool)]


def _places(pools: Mapping[str, Any], form: Form) -> Sequence[Mapping[str, str]]:
    """Return the places for a station: those inside the form's region, all of them when it has none there."""
    inside = [place for place in pools["places"] if form.region and place["region"][:2] == form.region[:2]]
    return inside or pools["places"]


def _worded(place: Mapping[str, str], edition: Edition) -> Mapping[str, str]:
    words = {"ministry": edition.ministry, "bureau": _bureau(edition)}
    return {key: text.format_map(words) for key, text in place.items()}


def _bureau(edition: Edition) -> str:
    """Return the name of the edition's provincial department: the ministry's with 厅 for 部."""
    return f"{edition.ministry.removesuffix('部')}厅"


def _org_code(number: int) -> str:
    """Return the organisation code PDYnnnnn of the reserved zone with its check character (GB 11714)."""
    body = f"PDY{number:05d}"
    total = sum(int(c, 36) * weight for c, weight in zip(body, _ORG_WEIGHTS, strict=True))
    return body + _ORG_CHECKS[total % 11]


def _uscc(body: str) -> str:
    """Return the social credit code with its check character (GB 32100)."""
    return body + uscc.calc_check_digit(body)


def _person(pools: Mapping[str, Any], place: Mapping[str, str], seed: int, number: int) -> Mapping[str, str]:
    """Return the invented person `number` of station `seed`."""
    male = (seed + number) % 3 != 0
    born = date(1954 + (seed * 5 + number * 3) % 14, (seed + number * 7) % 12 + 1, (seed * 3 + number * 11) % 28 + 1)
    given = _pick(pools["men" if male else "women"], seed + number)
    # The last digit before the check character is odd for a man (GB 11643).
    order = (seed * PEOPLE + number) % 499 * 2 + (1 if male else 2)
    body = f"110105{born:%Y%m%d}{order:03d}"
    return {
        "name": _pick(pools["surnames"], seed * 7 + number) + given,
        "sex": "男" if male else "女",
        "id_no": body + ric.calc_check_digit(f"{body}0"),
        "birth": f"{born.year}年{born.month}月",
        "age": str(_age(born, pools["as_of"])),
        "mobile": f"1380000{(seed * PEOPLE + number) % 10_000:04d}",
        "card": f"{place['report_to']}2004{(seed * PEOPLE + number) % 1_000_000:06d}",
    }


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
