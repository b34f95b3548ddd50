"""A province of stations that do not exist: for the demonstration and for measuring, never for anybody's data.

Each station is a sample's with a place and number of its own. What becomes of it follows from its number, so
that a province of forty has stations of every fate: recommended, good, middling, vetoed, exempt, not reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from services.answers import scalars
from services.catalogue import concrete
from services.form import Form
from services.record import Record, at, parse, shown, to_json
from services.sample import sample
from services.totals import completed

Fate = Literal["recommended", "good", "middling", "vetoed", "exempt", "returned", "late"]

_FATES: tuple[Fate, ...] = (
    *("recommended", "good", "good", "middling", "good", "exempt", "good", "good", "vetoed", "good"),
    *("good", "middling", "recommended", "late", "good", "good", "returned", "good", "good", "middling"),
)
_PLACES = 4
_SHAANXI = 2
"""Which of the samples' places the province's stations stand in."""
_LICENSED_BY = "陕"
"""The word of that place in a licence's number: no other province gives out the same."""

_LOST: Mapping[Fate, tuple[str, ...]] = MappingProxyType(
    {
        **dict.fromkeys(("recommended", "good", "exempt", "returned", "late"), ()),
        "middling": ("A03", "A05", "B02", "B04", "B12"),
        "vetoed": ("A03", "A05", "B02", "B04", "B12", "C203"),
    }
)
"""Which items lost their points when the station was inspected."""

_REVIEWED = MappingProxyType(
    {
        "review_members": "欧阳文、司马静、诸葛明",
        "review_note": "经现场检查,复核分与自评分有出入的项目已逐项注明。",
        "disposal": "通过",
        "opinion_review": "已按标准逐项检查。",
        "opinion_review_signer": "欧阳文",
        "opinion_review_on": "2006-09-12",
    }
)
_NONE: Mapping[str, str] = MappingProxyType({})
_CHANGES: Mapping[Fate, Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("recommended", "good", "late"), _NONE),
        "middling": {"disposal": "限期整改", "disposal_until": "2006-12-31"},
        "vetoed": {"veto_2": "是", "disposal": "撤销"},
        "exempt": {
            "qms": "是",
            "qms_no": "04306Q10012R0M",
            "qms_issuer": "劳动和社会保障部职业技能鉴定中心",
            "qms_on": "2006-03-15",
        },
        "returned": {"name": ""},
    }
)
_CITIES = ("01", "02", "03", "04", "05", "06", "07", "08", "09", "10")


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """One invented station: its code, name, what becomes of it, and its records by form id."""

    code: str
    name: str
    fate: Fate
    records: Mapping[str, dict[str, Any]]


def province(count: int, prefix: str = "26", name: str = "") -> Iterator[Station]:
    """Yield `count` stations whose codes begin with `prefix`, of a province called `name` (else the samples' own)."""
    for number in range(count):
        yield _station(number, prefix, name)


def _station(number: int, prefix: str, province_name: str) -> Station:
    fate = _FATES[number % len(_FATES)]
    code = f"{prefix}{_CITIES[number // 2 % len(_CITIES)]}2{number + 1:03d}"
    office = {"report_to": prefix}
    drawn = sample(concrete("evaluation"), number * _PLACES + _SHAANXI)
    name, licence = str(at(drawn, "name")), str(at(drawn, "licence_no"))
    if province_name:
        office |= {
            "report_to_name": f"{province_name}劳动和社会保障厅",
            "recommender": f"{province_name}劳动和社会保障厅",
            "licence_no": licence.replace(_LICENSED_BY, province_name, 1),
        }
    records = {"evaluation": _record("evaluation", number, code, office | _evaluation(fate, number))}
    if fate == "recommended":
        rank = number // len(_FATES) * 2 + (1 if number % len(_FATES) == 0 else 2)
        office["rank"] = str(rank)
        told = office | {"review_total": records["evaluation"].value("review_total")}
        records["station-recommendation"] = _record("station-recommendation", number, code, told)
        records["worker-recommendation"] = _record("worker-recommendation", number, code, office)
    plain = {form_id: made.data for form_id, made in records.items()}
    return Station(code=code, name=name, fate=fate, records=plain)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    form: Form
    record: Record
    data: dict[str, Any]

    def value(self, key: str) -> str:
        return shown(self.form, self.record).get(key, "")


def _record(form_id: str, number: int, code: str, changes: Mapping[str, str]) -> _Made:
    form = concrete(form_id)
    scalar = scalars(form)
    computed = {key for key, field in scalar.items() if field.total_of}
    drawn = sample(form, number * _PLACES + _SHAANXI)
    texts = dict(shown(form, drawn))
    old = texts["agency_code"]
    own = {path: text.replace(old, code) for path, text in texts.items() if path not in computed}
    known = {key: text for key, text in changes.items() if "." in key or key in scalar}
    pictures = {key: value for key, value in drawn.values.items() if isinstance(value, bytes)}
    record, findings = parse(form, {path: text for path, text in (own | known).items() if text}, pictures, {})
    if findings:
        raise ValueError("\n".join(finding.message for finding in findings))
    record = completed(form, record)
    return _Made(form=form, record=record, data=to_json(form, record))


def _evaluation(fate: Fate, number: int) -> dict[str, str]:
    """Return what the reviewers of a station of this fate wrote."""
    form = concrete("evaluation")
    texts = shown(form, sample(form, number * _PLACES + _SHAANXI))
    scores = {f"items.{item.id}.review": texts[f"items.{item.id}.self"] for item in form.items}
    scores |= {f"items.{key}.review": "0" for key in _LOST[fate]}
    scores |= {f"items.{key}.reason": "检查组现场核对,材料不能证明,未给分。" for key in _LOST[fate]}
    return {**scores, **_REVIEWED, **_CHANGES[fate]}
