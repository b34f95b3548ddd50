"""Letters and reports of a packet, written from their declared words and the figures of the survey."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from forms.letters import LETTERS
from services.bundle.flatten import about_file
from services.bundle.plan import MadePiece, Unit, fit
from services.bundle.written_tables import TABLES, shown
from services.findings import Finding, Severity
from services.paper.typeset import Piece as Printed
from services.recipe import Letter, Line, Piece, Recipe
from services.survey.figures import Figures, figures_of
from services.survey.notice import written_day
from services.survey.rows import corrected
from services.survey.stations import Survey, recommended
from services.survey.terms import Terms

_PER_CENT = Decimal("0.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What is written about: the packet's unit, its survey, what was passed with a reason.

    `terms` are what the survey was judged by, `size` and `seed` of the spot check (a number or a share,
    and what the lots are drawn by). `scores` gives the regional scores of every form 1, by its code.
    """

    recipe: Recipe
    unit: Unit
    survey: Survey | None = None
    reasons: tuple[Mapping[str, str], ...] = ()
    line: Line = "province"
    number: str = ""
    signed_on: date | None = None
    terms: Terms = field(default_factory=lambda: Terms(today=date.max))
    size: str = "5%"
    seed: str = "劳社厅函〔2006〕338号"
    scores: Callable[[], Iterator[tuple[str, Mapping[str, Any]]]] = field(default=lambda: iter(()))

    @property
    def surveyed(self) -> Survey:
        """The survey; an empty one for a station's packet."""
        return self.survey or Survey(stations=(), workers=())

    @property
    def head(self) -> str:
        """The running head."""
        return f"{self.recipe.title} · {fit(self.unit.name, 'song')}"


def letter(matter: Matter, piece: Piece) -> Iterator[MadePiece]:
    """Yield the letter that the packet is sent with, its attachments listed."""
    declared = _declared(matter, piece)
    facts = _facts(matter)
    edition = matter.unit.edition
    data = _plain(matter, declared, facts) | {
        "number": matter.number or _blank_number(matter),
        "to": _filled(declared.to, facts),
        "maker": fit(matter.unit.name, "song"),
        "attachments": [fit(name) for name in _attachments(matter)],
        "office": fit(matter.unit.name),
        "date": _day(matter),
        "keywords": declared.keywords if edition.profile == "2006" else "",  # dropped by the 2012 standard
    }
    yield _piece(piece, declared, facts, data)


def report(matter: Matter, piece: Piece) -> Iterator[MadePiece]:
    """Yield the report's outline: every figure in its place, what only people know asked for above ruled lines."""
    declared = _declared(matter, piece)
    facts = _facts(matter)
    data = _plain(matter, declared, facts) | {"office": fit(matter.unit.name), "date": _day(matter)}
    yield _piece(piece, declared, facts, data)


def to_fill_in(matter: Matter, given: Container[str]) -> Iterator[Finding]:
    """Yield what a report that is written here leaves to be written by hand; `given` are the keys of what came."""
    for piece in matter.recipe.pieces:
        if piece.made != "report" or piece.key in given:
            continue
        places, heading = [], ""
        for paragraph in _declared(matter, piece).body:
            heading = paragraph.text if paragraph.level else heading
            if paragraph.room:
                places.append(f"{heading}({paragraph.text})")
        said = (
            f"由系统按各表代拟,其中 {len(places)} 处只有本单位写得出,留有横线:{';'.join(places)}。请打印后填写;"
            f"或者另写一份报告一并交来(文件名带“{piece.words[0]}”,命令行写 {piece.key}=文件),就不再代拟"
        )
        english = f"the report made here leaves {len(places)} places to be filled in by hand"
        yield about_file(piece.title, "K01", "K01.blanks", (said, english), Severity.CONFIRM)


def _piece(piece: Piece, declared: Letter, facts: Mapping[str, Any], data: Mapping[str, Any]) -> MadePiece:
    title = piece.title if piece.made == "letter" else _filled(declared.title, facts).replace("\n", "")
    return MadePiece(title=title, code=piece.code, printed=Printed(key=piece.key, kind="letter", data=data))


def _declared(matter: Matter, piece: Piece) -> Letter:
    return next(
        one
        for one in LETTERS
        if (one.recipe, one.piece) == (matter.recipe.id, piece.key) and (not one.lines or matter.line in one.lines)
    )


def _plain(matter: Matter, declared: Letter, facts: Mapping[str, Any]) -> dict[str, Any]:
    figures = figures_of(matter.surveyed)
    body: list[dict[str, Any]] = []
    for paragraph in declared.body:
        if paragraph.when and not facts[paragraph.when]:
            continue
        if paragraph.table:
            body.append({"level": 0, "table": TABLES[paragraph.table](figures)})
        else:
            text = fit(_filled(paragraph.text, facts))
            body.append({"level": paragraph.level, "text": text, "room": paragraph.room})
    return {
        "number": "",
        "title": fit(_filled(declared.title, facts), "song"),
        "to": "",
        "body": body,
        "attachments": [],
    }


def _filled(text: str, facts: Mapping[str, Any]) -> str:
    return text.format_map(facts)


# ---- number, day, attachments -----------------------------------------------------------------------


def _blank_number(matter: Matter) -> str:
    """Return the number's place: the year in 〔〕, the rest to be written in."""
    year = (matter.signed_on or date(2006, 1, 1)).year if matter.unit.edition.profile == "2006" else None
    return (
        f"\u3000\u3000\u3000\u3000〔{year}〕\u3000\u3000号"
        if year
        else "\u3000\u3000\u3000\u3000〔\u3000\u3000〕\u3000\u3000号"
    )


def _day(matter: Matter) -> str:
    """Return the date, Chinese numerals in 2006 and Arabic ones today (GB/T 9704-1999, -2012), blank if not given."""
    is_old = matter.unit.edition.profile == "2006"
    if matter.signed_on is None:
        return "二〇〇六年\u3000\u3000月\u3000\u3000日" if is_old else "\u3000\u3000年\u3000月\u3000日"
    return written_day(matter.signed_on, matter.unit.edition)


def _attachments(matter: Matter) -> Iterator[str]:
    """Yield the names of what goes with the letter, in binding order."""
    survey = matter.surveyed
    counts = {
        "evaluation": sum(1 for station in survey.stations if station.evaluation),
        "station_recommendation": sum(1 for station in survey.stations if station.recommendation),
        "worker_recommendation": len(survey.workers),
    }
    for piece in matter.recipe.pieces:
        if piece.made == "summary":
            yield "职业技能鉴定所(站)质量普查汇总表1—6"
        elif piece.made in {"report", "explanations"} or (piece.made == "unreported" and survey.roster is not None):
            yield piece.title
        elif counts.get(piece.key):
            yield f"{piece.title}({counts[piece.key]}份)"


# ---- facts ------------------------------------------------------------------------------------------


def _facts(matter: Matter) -> Mapping[str, Any]:
    figures = figures_of(matter.surveyed)
    return MappingProxyType(_words(matter) | _coverage(figures) | _results(figures) | _listed(matter.surveyed))


def _words(matter: Matter) -> dict[str, Any]:
    name = matter.unit.name
    area = name
    for ending in (matter.unit.edition.ministry.removesuffix("部"), "人力资源社会保障"):
        area = area.partition(ending)[0] or area
    own = {"ministry": "全国", "city": "我市"}.get(
        matter.recipe.tier, "本行业" if matter.line == "industry" else "本地区"
    )
    return {"own": own, "area": area, "ministry": matter.unit.edition.ministry, "report_to": matter.unit.report_to}


def _coverage(figures: Figures) -> dict[str, Any]:
    whole, grades = figures.whole, figures.grades
    return {
        "expected": whole.expected,
        "evaluated": whole.evaluated,
        "exempt": whole.exempt,
        "missing": whole.missing,
        "revoked": whole.revoked,
        "excellent": grades.get("优秀", 0),
        "good": grades.get("合格", 0),
        "fair": grades.get("基本合格", 0),
        "poor": grades.get("不合格", 0),
        "recommended_stations": figures.recommended_stations,
        "recommended_workers": figures.recommended_workers,
        "recommended": figures.recommended_stations + figures.recommended_workers,
    }


def _results(figures: Figures) -> dict[str, Any]:
    rate = Decimal(100 * figures.passed) / figures.examined if figures.examined else Decimal(0)
    disposals, corrections = figures.disposals, figures.corrections
    return {
        "mean_self": shown(figures.mean_self),
        "mean_review": "尚未复核" if figures.mean_review is None else f"复核平均{shown(figures.mean_review)}分",
        "examined": figures.examined,
        "passed": figures.passed,
        "issued": figures.issued,
        "pass_rate": f"{rate.quantize(_PER_CENT)}%",
        "deducted_items": len(figures.deductions),
        "nothing_deducted": not figures.deductions,
        "corrections": corrections["total"],
        "corrected": corrections["done"],
        "uncorrected": corrections["open"],
        "passed_stations": disposals.get("通过", 0),
        "to_correct": disposals.get("限期整改", 0),
        "to_revoke": disposals.get("撤销", 0),
        "undecided": figures.whole.evaluated - sum(disposals.values()),
    }


def _listed(survey: Survey) -> dict[str, Any]:
    lines = [station.evaluation for station in survey.stations if station.evaluation]
    vetoed = [line for line in lines if line.vetoes]
    words = dict.fromkeys(words for line in vetoed for _, words in line.vetoes)
    disposed = sum(1 for _ in corrected(survey))  # as 汇总表4 lists them
    return {
        "vetoed": len(vetoed),
        "veto_words": "、".join(words),
        "evaluation_count": len(lines),
        "no_evaluations": not lines,
        "progress": _progress(survey),
        "enclosed": _enclosed(survey),
        "disposed": disposed,
        "nobody_disposed": not disposed,
        "red": sum(line.text("listing") == "红" for line in lines),
        "black": sum(line.text("listing") == "黑" for line in lines),
    }


def _progress(survey: Survey) -> str:
    """Return how far the work is by what the forms say: nobody has inspected where no reviewed score stands."""
    scores = [station.get("review_total") for station in survey.stations if station.status == "已评估"]
    reviewed = sum(score is not None for score in scores)
    if scores and reviewed == len(scores):
        return "自查、检查工作已经结束"
    return "自查工作已经结束" + (f"，已检查复核{reviewed}个" if reviewed else "")


def _enclosed(survey: Survey) -> str:
    """Return what the letter is sent with: no form is named of which there is none."""
    has_forms = any(station.evaluation for station in survey.stations)
    has_recommended = bool(survey.workers or recommended(survey))
    names = ["质量普查报告", "汇总表", *(["评估表"] * has_forms), *(["推荐材料"] * has_recommended)]
    return f"{'、'.join(names[:-1])}及{names[-1]}"
