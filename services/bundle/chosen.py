"""Which of the forms handed in count for a packet of many: one edition, one reporting unit, in scope, once each.

What does not belong is left out by name, with what to do about it; the others go on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from services.bundle.flatten import about_file
from services.bundle.inputs import FormInput, Gathered
from services.findings import Finding, Severity, must_fix
from services.recipe import Recipe
from services.survey.judge import Terms, judge
from services.survey.roster import Roster, of_unit
from services.survey.stations import Survey, survey_of

ROUNDS = 3
"""A form left out may change what is said of the others; so often are they judged again."""
_FORM_RULES = frozenset({"X03", "X04", "X07", "S12", "K05"})
"""Rules over several forms that concern one of them, which is then left out."""
_SHOWN = 3
"""So many reasons are told of a form that is left out."""
_UNIT_DIGITS: Mapping[str, int] = {"city": 4, "region": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The forms that count, their survey, and what is said of them and of those left out."""

    gathered: Gathered
    survey: Survey
    findings: tuple[Finding, ...]


def chosen(recipe: Recipe, gathered: Gathered, roster: Roster | None, terms: Terms) -> Chosen:
    """Return what counts of the forms handed in."""
    kept = _of_one_edition(gathered)
    prefix = _prefix(recipe, kept, roster)
    if prefix:
        kept = _of_one_unit(kept, prefix)
    if roster:
        roster, beyond = of_unit(roster, prefix)
        kept = _in_scope(replace(kept, findings=(*kept.findings, *_beyond(roster, prefix, beyond))), roster)
    kept, survey = _once(kept, roster)
    findings = judge(survey, terms)
    for _ in range(ROUNDS):
        faulty = _faulty(findings)
        if not any(entry.line.origin.place in faulty for entry in kept.forms):
            break
        kept = _without(kept, lambda entry, faulty=faulty: faulty.get(entry.line.origin.place, ""))
        kept, survey = _once(kept, roster)
        findings = judge(survey, terms)
    return Chosen(gathered=kept, survey=survey, findings=tuple(_kept_to(recipe, finding) for finding in findings))


def _kept_to(recipe: Recipe, finding: Finding) -> Finding:
    """Return a finding, softened where the packet itself keeps to the quota: its list says who is beyond (rule X05)."""
    if finding.code == "X05.quota" and any(piece.made == "lists" for piece in recipe.pieces):
        return replace(finding, severity=Severity.CONFIRM)
    return finding


def _faulty(findings: Sequence[Finding]) -> Mapping[str, str]:
    """Return what is said against each form, by its place: what it lacks before what merely differs (rule X04)."""
    found: dict[str, list[Finding]] = {}
    for finding in must_fix(findings):
        if finding.rule in _FORM_RULES:
            found.setdefault(finding.place, []).append(finding)
    return {place: _said(sorted(said, key=lambda one: one.rule == "X04")) for place, said in found.items()}


def _said(findings: Sequence[Finding]) -> str:
    more = f";等 {len(findings)} 处" if len(findings) > _SHOWN else ""
    return ";".join(finding.message for finding in findings[:_SHOWN]) + more


def _without(gathered: Gathered, why: Callable[[FormInput], str]) -> Gathered:
    """Return the inputs without the forms of which `why` says something."""
    judged = [(entry, why(entry)) for entry in gathered.forms]
    dropped = [(entry, said) for entry, said in judged if said]
    return replace(
        gathered,
        forms=tuple(entry for entry, said in judged if not said),
        findings=(*gathered.findings, *(_left_out(entry, said) for entry, said in dropped)),
        left_out=(*gathered.left_out, *(_named(entry, said) for entry, said in dropped)),
    )


def _left_out(entry: FormInput, why: str) -> Finding:
    said = (f"《{entry.form.short_title}》没有收入:{why}", f"left out: {entry.form.id} of {entry.line.code}")
    return about_file(entry.line.origin.place, "K02", "packet.left-out", said, Severity.CONFIRM)


def _named(entry: FormInput, why: str) -> Mapping[str, str]:
    line = entry.line
    owner = f"{line.text('person') or line.text('name')}({line.code})"
    return {"name": entry.source.name, "title": f"{entry.form.short_title} {owner}", "why": why}


def _of_one_edition(gathered: Gathered) -> Gathered:
    """Leave out the forms of another edition than most are of (rule K05)."""
    usual = _usual(entry.line.edition for entry in gathered.forms)
    names = {entry.line.edition: entry.line.version for entry in gathered.forms}

    def why(entry: FormInput) -> str:
        if entry.line.edition == usual:
            return ""
        return f"是{entry.line.version}的表,本材料的其他表是{names[usual]};请转到同一版本后再报"

    return _without(gathered, why)


def _prefix(recipe: Recipe, gathered: Gathered, roster: Roster | None) -> str:
    """Return the digits that the codes of a city, province or industry begin with; '' where any may be there.

    Most forms tell, since a city may have its province's roster; the roster, where it lists none of those.
    """
    digits = _UNIT_DIGITS.get(recipe.tier, 0)
    codes = [entry.line.code for entry in gathered.forms]
    listed = [entry.code for entry in roster.entries] if roster else codes
    own = _usual(code[:digits] for code in codes if code)
    return own if any(code.startswith(own) for code in listed) else _usual(code[:digits] for code in listed if code)


def _of_one_unit(gathered: Gathered, prefix: str) -> Gathered:
    """Leave out the forms that another province, industry or city reports (rule S04)."""

    def why(entry: FormInput) -> str:
        code = entry.line.code
        if not code or code.startswith(prefix):
            return ""
        return f"机构编码 {code} 的前 {len(prefix)} 位不是 {prefix},不归本单位上报;请转交它的上报主管部门"

    return _without(gathered, why)


def _beyond(roster: Roster, prefix: str, count: int) -> Iterator[Finding]:
    """Yield how much of the roster is of other units (rule K02)."""
    if count:
        own = len(roster.entries)
        said = f"有 {count} 行的机构编码不以 {prefix} 开头,不归本单位,没有计入应查;计入的是本单位的 {own} 行"
        english = f"{count} rows of the roster are of other units and do not count; {own} do"
        yield about_file(roster.name, "K02", "K02.beyond", (said, english), Severity.NOTE)


def _in_scope(gathered: Gathered, roster: Roster) -> Gathered:
    """Leave out the forms of stations that are not in the roster (rule K02)."""
    known = frozenset(entry.code for entry in roster.entries)

    def why(entry: FormInput) -> str:
        if not entry.line.code or entry.line.code in known:
            return ""
        return f"机构编码 {entry.line.code} 不在应查名单“{roster.name}”中;确在范围的,补进名单后重新装订"

    return _without(gathered, why)


def _once(gathered: Gathered, roster: Roster | None) -> tuple[Gathered, Survey]:
    """Return the inputs with one form of a kind for each station, the newest (rules D09, S12), and their survey."""
    survey = survey_of((entry.line for entry in gathered.forms), roster)
    reasons = dict(_superseded(survey))
    return _without(gathered, lambda entry: reasons.get(id(entry.line), "")), survey


def _superseded(survey: Survey) -> Iterator[tuple[int, str]]:
    for older, newer in survey.replaced:
        yield id(older), f"同一单位交了两份,以另一份({newer.origin.place})为准"
    for line, other in survey.clashing:
        yield id(line), f"与“{other.text('name')}”({other.origin.place})用同一个机构编码;请核对编码,改好后重报"


def _usual(values: Iterator[str] | Sequence[str]) -> str:
    """Return the most frequent value, the first of those that are equally frequent."""
    counted = Counter(values).most_common(1)
    return counted[0][0] if counted else ""
