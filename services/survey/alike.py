"""Rules about what stations share and should not: texts (D11) and examiners (T09)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from services.answers import label_at
from services.catalogue import concrete
from services.survey.line import Line, person_key, person_name
from services.survey.shingles import resemblances
from services.survey.stations import Survey
from services.survey.terms import Remark, SurveyRule, Terms, label_of

_NAMED = 8
"""So many stations are named in a sentence."""


def d11(survey: Survey, terms: Terms) -> Iterator[Remark]:  # noqa: ARG001 - every rule takes the same
    """Self-report and deeds are the station's own: nearly identical ones are pointed out. Source: b G2.

    Said once of each text that others resemble, with all that resemble it.
    """
    lines = survey.lines
    for form, path in dict.fromkeys((line.form, path) for line in lines for path, _ in line.texts):
        holders = [line for line in lines if line.form == form]
        signed = [(number, dict(line.texts).get(path, b"")) for number, line in enumerate(holders)]
        copies: dict[int, list[tuple[Line, float]]] = defaultdict(list)
        for later, earlier, like in resemblances(signed):
            copies[earlier].append((holders[later], like))
        for earlier, found in copies.items():
            yield _copied(holders[earlier], found, path)


def _copied(line: Line, copies: list[tuple[Line, float]], path: str) -> Remark:
    label = label_at(concrete(line.form, line.edition, line.region), path)
    named = "、".join(label_of(other) for other, _ in copies[:_NAMED])
    more = f"等 {len(copies)} 份" if len(copies) > _NAMED else ""
    most = max(like for _, like in copies)
    return Remark(
        name="alike",
        label=label_of(line),
        place=line.origin.place,
        phrase=f"的“{label}”与{named}{more}的几乎相同(最高 {most:.0%}),疑似抄袭",
        english=f"{path} is up to {most:.0%} like that of {len(copies)} others",
        got=f"{most:.0%}",
        want="各写各的实际情况",
        remedy="请有关所(站)说明;抄用的退回重写",
    )


def t09(survey: Survey, terms: Terms) -> Iterator[Remark]:
    """An examiner is not on the rosters of more than a few stations. Source: c."""
    rosters: dict[bytes, list[tuple[str, Line]]] = defaultdict(list)
    for station in survey.stations:
        for person in station.evaluation.people if station.evaluation else ():
            if station.evaluation:
                rosters[person_key(person)].append((person_name(person), station.evaluation))
    for held in sorted((h for h in rosters.values() if len(h) > terms.examiner_limit), key=lambda h: h[0][0]):
        codes = [line.code for _, line in held]
        more = "等" if len(codes) > _NAMED else ""
        yield Remark(
            name="many",
            label=held[0][0],
            place=held[0][1].origin.place,
            phrase=f"在 {len(held)} 个所(站)的考评人员名册上:{'、'.join(codes[:_NAMED])}{more}",
            english=f"one examiner is on the rosters of {len(held)} stations",
            got=f"{len(held)} 个所(站)",
            want=f"不超过 {terms.examiner_limit} 个",
            remedy="请核实是否确在各所(站)聘任",
        )


RULES: tuple[SurveyRule, ...] = (d11, t09)
