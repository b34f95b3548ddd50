"""Whether a packet's inputs are all there and agree with each other (rules K01, S12, D09, X04)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from services.answers import field_at, label_at, scalars
from services.bundle.flatten import about_file
from services.bundle.inputs import FormInput, Gathered
from services.findings import Finding, Problem, Severity, found
from services.recipe import Need, Piece, Recipe
from services.record import Record, at


def is_exempt(recipe: Recipe, gathered: Gathered) -> bool:
    """Return whether the station claims exemption (rule X01)."""
    records = (entry.record for entry in gathered.forms)
    return any(at(record, key) is True for record in records for key in recipe.exempt_keys)


def need_of(piece: Piece, *, exempt: bool) -> Need:
    """Return how much a piece is needed of this station."""
    return piece.exempt_need if exempt and piece.exempt_need else piece.need


def judge(recipe: Recipe, gathered: Gathered) -> tuple[Finding, ...]:
    """Return what is missing, given twice, or at odds between the forms of a station's packet."""
    return (*_missing(recipe, gathered), *_scant(gathered), *_repeated(gathered), *_at_odds(recipe, gathered))


def missing(recipe: Recipe, gathered: Gathered) -> tuple[str, ...]:
    """Return the titles of the expected pieces that are not there: the checklist names them as 未附."""
    if recipe.is_of_many:
        return ()
    there = {entry.piece.key for entry in (*gathered.forms, *gathered.attachments)}
    exempt = is_exempt(recipe, gathered)
    wanted = (piece for piece in recipe.pieces if need_of(piece, exempt=exempt) == "expected")
    return tuple(piece.title for piece in wanted if piece.key not in there)


def _missing(recipe: Recipe, gathered: Gathered) -> Iterator[Finding]:
    """K01: the packet is complete against its checklist."""
    there = {entry.piece.key for entry in (*gathered.forms, *gathered.attachments)}
    exempt = is_exempt(recipe, gathered)
    for piece in recipe.pieces:
        need = need_of(piece, exempt=exempt)
        if piece.key in there or need == "optional":
            continue
        severity = Severity.MUST_FIX if need == "required" else Severity.CONFIRM
        to_do = "请补上后再装订" if need == "required" else "请补上;确实没有的,核对后照常装订"
        said = (f"缺少《{piece.title}》{_clause(piece.source)}。{to_do}", f"{piece.title} is missing")
        yield about_file("上报材料", "K01", f"K01.{piece.key}", said, severity)


def _clause(source: str) -> str:
    """Return the notice's clause that a piece is wanted by; nothing for what is our own choice or another form's."""
    stated = (part.removeprefix("a ") for part in source.split(" · ") if part.startswith("a "))
    clause = next((part for part in stated if "号" in part), "")
    return f"(依据{clause})" if clause else ""


def _scant(gathered: Gathered) -> Iterator[Finding]:
    """P10: said once for all items whose evidence is too little; a page counts as a copy or a photo."""
    scant = [finding for entry in gathered.forms for finding in entry.scant]
    if not scant:
        return
    items = "、".join(finding.field.split(".")[1] for finding in scant)
    problem = Problem(
        code="P10.scant",
        rule="P10",
        severity=Severity.CONFIRM,
        got=items,
        want="每个得分项目都附足证明材料",
        phrase=f"不足的有 {len(scant)} 项:{items}",
        phrase_en=f"too little evidence for {len(scant)} items: {', '.join(items.split('、'))}",
        remedy="请按评估表“证明材料”一栏补附;另行成册报送的,可以不附",
        source=scant[0].source,
    )
    yield found(problem, field="", label="证明材料", place="上报材料 · 证明材料")


def _repeated(gathered: Gathered) -> Iterator[Finding]:
    """S12, D09: one form of a kind for one station; forms of two stations are no two versions of one."""
    counts = Counter(entry.piece.key for entry in gathered.forms if not entry.piece.many)
    if len(_stations(gathered)) > 1:
        return
    for entry in gathered.forms:
        if counts[entry.piece.key] > 1:
            said = (
                f"《{entry.piece.title}》有 {counts[entry.piece.key]} 份,只能装订一份。请只留最新的一份",
                f"{counts[entry.piece.key]} copies of one form; keep the newest",
            )
            yield about_file(entry.source.name, "S12", "S12.repeated", said, Severity.MUST_FIX)


def _stations(gathered: Gathered) -> dict[str, str]:
    """Return the names of the stations whose forms of one kind lie beside each other, by 机构编码."""
    counts = Counter(entry.piece.key for entry in gathered.forms if not entry.piece.many)
    beside = (entry for entry in gathered.forms if counts[entry.piece.key] > 1)
    return {code: entry.line.text("name") for entry in beside if (code := entry.line.code)}


def several(gathered: Gathered) -> Iterator[Finding]:
    """S12: a station's packet is of one station; said before everything else, since nothing else can be mended."""
    stations = _stations(gathered)
    if len(stations) <= 1:
        return
    names = "、".join(f"{name}({code})" for code, name in stations.items())
    said = (
        f"里有 {len(stations)} 家所(站)的表({names})。一份鉴定所(站)材料只装一家:请分别装订,或改选地市、省级材料",
        f"holds forms of {len(stations)} stations; bind one packet for each, or a city's or region's packet",
    )
    yield about_file("上报材料", "S12", "S12.stations", said, Severity.MUST_FIX)


def _at_odds(recipe: Recipe, gathered: Gathered) -> Iterator[Finding]:
    """X04: what the recommendation forms repeat of form 1 is equal there; two stations' forms need not agree."""
    lead = next((entry for entry in gathered.forms if entry.piece.form == recipe.lead_form), None)
    if lead is None or len(_stations(gathered)) > 1:
        return
    record = lead.record
    for entry in gathered.forms:
        if entry is not lead:
            yield from _differences((lead, record), (entry, entry.record))


def _differences(lead: tuple[FormInput, Record], entry: tuple[FormInput, Record]) -> Iterator[Finding]:
    (ours, our_record), (theirs, their_record) = lead, entry
    for key, field in scalars(theirs.form).items():
        if not field.copied or key not in scalars(ours.form):
            continue
        mine, other = at(our_record, key), at(their_record, key)
        if None not in (mine, other) and mine != other:  # what a later tier fills may still be empty in one
            yield _difference(lead, entry, key)


def _difference(lead: tuple[FormInput, Record], entry: tuple[FormInput, Record], key: str) -> Finding:
    form, kind = entry[0].form, field_at(entry[0].form, key).kind
    mine, other = kind.show(at(lead[1], key)), kind.show(at(entry[1], key))
    problem = Problem(
        code="X04.differs",
        rule="X04",
        severity=Severity.MUST_FIX,
        got=other,
        want=mine,
        phrase=f"为“{other}”,《{lead[0].form.short_title}》为“{mine}”;两处需一致",
        phrase_en=f"is {other!r} but {mine!r} in form 1; both must agree",
        remedy="请核对哪一份正确,改好后再装订",
    )
    return found(problem, field=key, label=label_at(form, key), place=f"{entry[0].source.name} 《{form.short_title}》")
