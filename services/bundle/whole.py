"""A packet before it is typeset: its inputs judged, whose it is, its figures, and what the service adds of itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from forms.quotas import NONE
from services.bundle.answered import Answered, Written, answered
from services.bundle.archive import safe_name
from services.bundle.carried import asked_anew, carried
from services.bundle.chosen import chosen
from services.bundle.completeness import judge as judge_station
from services.bundle.completeness import several
from services.bundle.explained import between, reasons_of
from services.bundle.flatten import about_file
from services.bundle.inputs import Desk, Gathered
from services.bundle.listings import files
from services.bundle.made import Maker, Matter, made_by
from services.bundle.manifest import sha256
from services.bundle.plan import Unit
from services.bundle.source import Progress, Room, Source, silent
from services.bundle.written import to_fill_in
from services.carriers.reading import UnreadableError
from services.catalogue import concrete
from services.findings import Finding, Severity
from services.recipe import RECORDS, Line, Recipe
from services.record import at
from services.summary import Quotas
from services.survey.judge import Terms
from services.survey.roster import Roster, read_roster
from services.survey.stations import INDUSTRY, Survey
from services.survey.tables import summaries
from services.survey.verified import digest_of
from services.survey.workbook import workbook


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a person may say of a packet beside its inputs.

    `number` and `signed_on` go into the letter, blank places where they are not given; `unit` is the
    name of the office that reports. `quotas` limit the recommendations, `size` and `seed` are the spot
    check's. `reasons` are the 情况说明 by input name and (code, field), `written` those of a filled-in table,
    `former` those that the packet which is added to tells.
    """

    roster: Source | None = None
    quotas: Quotas = NONE
    size: str = "5%"
    seed: str = "劳社厅函〔2006〕338号"
    number: str = ""
    signed_on: date | None = None
    unit: str = ""
    reasons: Mapping[str, Mapping[tuple[str, str], str]] = field(default_factory=dict)
    written: tuple[Written, ...] = ()
    former: tuple[Mapping[str, Any], ...] = ()
    progress: Progress = silent


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """A file that is embedded beside the pieces' own: the summaries as a workbook, the roster."""

    name: str
    path: Path
    title: str

    def described(self) -> dict[str, Any]:
        """Return it as the manifest names it."""
        data = self.path.read_bytes()
        return {"name": self.name, "sha256": sha256(data), "size": len(data), "title": self.title}


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """Everything that a packet is made of, before it is typeset."""

    recipe: Recipe
    gathered: Gathered
    findings: tuple[Finding, ...]
    unit: Unit
    made: Maker
    reasons: tuple[Mapping[str, str], ...] = ()
    extras: tuple[Extra, ...] = ()
    figures: Mapping[str, Any] = field(default_factory=dict)


def whole_of(gathered: Gathered, desk: Desk, options: Options) -> Whole:
    """Return the packet of what was handed in, with everything that is wrong with it."""
    return _of_many(gathered, desk, options) if desk.recipe.is_of_many else _of_station(gathered, desk, options)


def _of_station(gathered: Gathered, desk: Desk, options: Options) -> Whole:
    told = _answered(tuple(reasons_of(gathered)), options)
    findings = (*several(gathered), *gathered.findings, *judge_station(desk.recipe, gathered), *told.findings)
    reasons = told.reasons
    unit = unit_of_station(gathered) if gathered.forms else NOBODY
    matter = Matter(recipe=desk.recipe, unit=unit, reasons=reasons)
    return Whole(
        recipe=desk.recipe,
        gathered=gathered,
        findings=findings,
        unit=unit,
        made=made_by(matter),
        reasons=reasons,
    )


def _answered(asked: Sequence[Mapping[str, str]], options: Options) -> Answered:
    """Return the questions with the reasons of before, and over these what was written now."""
    before = carried(asked, options.former)
    now = answered(before.reasons, options.written)
    return Answered(reasons=now.reasons, findings=(*before.findings, *now.findings, *asked_anew(now.reasons)))


NOBODY = Unit(name="", agency_code="", report_to="", form=concrete("evaluation"))


def unit_of_station(gathered: Gathered) -> Unit:
    """Return whose packet it is: what the first form that a station files once says."""
    own = [entry for entry in gathered.forms if not entry.piece.many] or list(gathered.forms)
    form, record = own[0].form, own[0].record
    named = "name" if not own[0].piece.many else "unit"
    return Unit(
        name=str(at(record, named) or ""),
        agency_code=str(at(record, "agency_code") or ""),
        report_to=str(at(record, "report_to_name") or ""),
        form=form,
    )


# ---- many stations ----------------------------------------------------------------------------------


def _of_many(gathered: Gathered, desk: Desk, options: Options) -> Whole:
    roster, said = _roster(options)
    context = desk.context
    terms = Terms(today=context.today, sent_on=options.signed_on, region=context.region, quotas=options.quotas)
    taken = chosen(desk.recipe, gathered, roster, terms)
    findings = (*taken.gathered.findings, *said, *taken.findings)
    if not taken.gathered.forms:
        return _of_nothing(desk.recipe, taken.gathered, findings)
    line = _line(taken.survey)
    recipe = desk.recipe.on(line)
    unit = _unit(recipe, taken.gathered, options)
    told = _answered((*reasons_of(taken.gathered), *between(taken.findings)), options)
    findings, reasons = (*findings, *told.findings), told.reasons
    matter = Matter(
        recipe=recipe,
        unit=unit,
        survey=taken.survey,
        reasons=reasons,
        line=line,
        number=options.number,
        signed_on=options.signed_on,
        terms=terms,
        size=options.size,
        seed=options.seed,
        scores=lambda: _regional(taken.gathered),
    )
    findings = (*findings, *to_fill_in(matter, {entry.piece.key for entry in taken.gathered.attachments}))
    return Whole(
        recipe=recipe,
        gathered=taken.gathered,
        findings=findings,
        unit=unit,
        made=made_by(matter),
        reasons=reasons,
        extras=(*_extras(matter, desk.room, options.roster), *_records(recipe, taken.gathered)),
        figures=digest_of(taken.survey),
    )


_NAMED = 5
"""So many files are named in a sentence."""


def _of_nothing(recipe: Recipe, gathered: Gathered, findings: tuple[Finding, ...]) -> Whole:
    """Return the packet that cannot be bound: no form could be taken."""
    said = _why_nothing(gathered)
    nothing = about_file(recipe.title, "K01", "K01.nothing", said, Severity.MUST_FIX)
    return Whole(recipe=recipe, gathered=gathered, findings=(*findings, nothing), unit=NOBODY, made=lambda _: ())


def _why_nothing(gathered: Gathered) -> tuple[str, str]:
    """Return why there is no packet; what is said above is spoken of only where something is."""
    if gathered.left_out or any(finding.severity is not Severity.NOTE for finding in gathered.findings):
        return "没有一份可以收入的表;原因见上面逐份所写", "no form could be taken; the reasons stand above"
    if not gathered.attachments:
        return "没有一份表:交来的文件夹或压缩包是空的,或者没有交文件", "nothing was handed in"
    names = "、".join(entry.source.name for entry in gathered.attachments[:_NAMED])
    more = f"等 {len(gathered.attachments)} 份" if len(gathered.attachments) > _NAMED else ""
    said = f"没有一份表:交来的{names}{more}只能作附件。请把填好的表一起交来"
    return said, "no form was handed in, only attachments"


def _roster(options: Options) -> tuple[Roster | None, tuple[Finding, ...]]:
    if options.roster is None:
        return None, ()
    try:
        return read_roster(options.roster.read(), options.roster.name)
    except UnreadableError as error:
        said = (error.message, error.message_en)
        return None, (about_file(options.roster.name, "K02", "K02.unreadable", said, Severity.MUST_FIX),)


def _line(survey: Survey) -> Line:
    """Return the line that most stations report on: a type digit of 3 is an industry's (rule S04)."""
    industrial = sum(station.code[4:5] == INDUSTRY for station in survey.stations)
    return "industry" if industrial * 2 > len(survey.stations) else "province"


def _unit(recipe: Recipe, gathered: Gathered, options: Options) -> Unit:
    entry = gathered.forms[0]
    form = entry.form
    edition = form.edition or form.editions[0]
    code = entry.line.code
    written = Counter(e.line.text("report_to_name") for e in gathered.forms if e.line.text("report_to_name"))
    office = written.most_common(1)[0][0] if written else entry.line.text("recommender")
    if recipe.tier == "ministry":
        return Unit(name=options.unit or edition.ministry, agency_code="00", report_to="", form=form)
    if recipe.tier == "city":
        city = entry.line.text("region_name").rpartition("省")[2].rpartition("自治区")[2].partition("市")[0]
        bureau = edition.ministry.removesuffix("部") + "局"
        name = options.unit or (f"{city}市{bureau}" if city else bureau)
        return Unit(name=name, agency_code=code[:4], report_to=office, form=form)
    return Unit(name=options.unit or office, agency_code=code[:2], report_to=edition.ministry, form=form)


def _regional(gathered: Gathered) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the regional scores of every form 1, by its code."""
    return ((e.line.code, e.regional) for e in gathered.forms if e.line.role == "evaluation")


def _extras(matter: Matter, room: Room, roster: Source | None) -> Iterator[Extra]:
    """Yield the files beside the pieces: the summaries to be worked with, the ministry's lists, the roster."""
    book = workbook(summaries(matter.surveyed), matter.head)
    yield Extra(name="汇总/汇总表1-6.xlsx", path=room.keep(book), title="汇总表1—6")
    if any(piece.made == "lists" for piece in matter.recipe.pieces):
        for name, title, data in files(matter):
            yield Extra(name=name, path=room.keep(data), title=title)
    if roster:
        name = f"名册/{safe_name(roster.name)}"
        yield Extra(name=name, path=room.keep(roster.read()), title="应查名单")


def _records(recipe: Recipe, gathered: Gathered) -> Iterator[Extra]:
    """Yield the records of forms whose pages are not bound, so that the figures can be computed again."""
    if recipe.prints_forms:
        return
    for number, entry in enumerate(gathered.forms, 1):
        code = entry.form.code.removeprefix("表")
        name = f"{RECORDS}{number:05}_{safe_name(entry.line.code)}_F{code}.json"
        yield Extra(name=name, path=entry.kept, title=f"{entry.form.short_title}记录")
