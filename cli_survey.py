"""`census summary`, `census lists` and `census roster`: what a tier makes of all its stations' forms."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import click

import terminal
from forms.editions import EDITIONS
from forms.quotas import QUOTAS
from services.catalogue import region
from services.compare import NOTHING, said
from services.findings import Finding, Severity, must_fix
from services.form import Edition
from services.paper.typeset import Piece
from services.settings import load_settings
from services.survey import spotcheck
from services.survey.commend import commended
from services.survey.judge import judge
from services.survey.line import Line
from services.survey.lists import rectification, red_black, register, revoked
from services.survey.notice import red_black_notice
from services.survey.printed import pieces, printed
from services.survey.reading import lines_of
from services.survey.register import as_csv, as_page
from services.survey.resubmitted import comparisons
from services.survey.roster import Roster, read_roster
from services.survey.roster_sheet import blank_roster
from services.survey.stations import Survey, survey_of
from services.survey.tables import Made, summaries
from services.survey.terms import Terms
from services.survey.workbook import workbook
from terminal import FAULTS, FORCE, USAGE, Refusal, output

_OFTEN = 500
_MOST_TOLD = 200

INPUTS = click.argument("inputs", nargs=-1, required=True, metavar="INPUT...", type=click.Path(path_type=Path))
ROSTER = click.option("--roster", "roster_file", help="应查名单(xlsx、csv 或 JSON);没有时不核对应查数")
REGION = click.option("--region", "region_name", default="", help="按哪个地区的期限和名额核对")
HEADING = click.option("--heading", default="", help="页眉上的文字,如填报单位名称")


@click.command()
@INPUTS
@output()
@ROSTER
@REGION
@HEADING
@FORCE
def summary(
    inputs: tuple[Path, ...], output: str, roster_file: str | None, region_name: str, heading: str, *, force: bool
) -> None:
    """由各表算出汇总表1至6,写进一个工作簿(-o 的后缀为 .pdf 时排成 PDF),并列出各表之间的问题。

    INPUT 是填好的表、记录(JSON)、文件夹、压缩包或上报材料。有必须修改的问题时照样写出,返回 1。
    """
    survey, findings = gathered(inputs, roster_file)
    if len(survey.lines) >= _OFTEN:
        terminal.say("核对各表之间的问题,写出汇总表…")
    findings = (*findings, *judge(survey, _terms(region_name)))
    title = heading or "职业技能鉴定所(站)质量普查汇总表"
    if Path(output).suffix.lower() == ".pdf":
        document = [one for made in summaries(survey) for one in pieces(made, made.table.key, title)]
        terminal.write(output, printed(document, title), force=force)
    else:
        terminal.write(output, workbook(summaries(survey), title), force=force)
    tell(findings)
    _tell_differences(survey, inputs)
    sys.exit(FAULTS if must_fix(findings) else 0)


def _terms(region_name: str) -> Terms:
    today = date.today()  # noqa: DTZ011 - the day on the clerk's own calendar
    return Terms(today=today, region=region(region_name) if region_name else None)


def gathered(inputs: tuple[Path, ...], roster_file: str | None) -> tuple[Survey, tuple[Finding, ...]]:
    """Return the survey of all forms among the inputs, and what could not be read or counted."""
    settings = load_settings()
    roster, said = _roster(roster_file)
    findings = list(said)
    lines: list[Line] = []
    for number, read in enumerate(lines_of(inputs, settings), 1):
        findings += (f for f in read.findings if read.line is None or f.severity is Severity.MUST_FIX)
        lines += [read.line] if read.line else []
        if number % _OFTEN == 0:
            terminal.say(f"已读 {number} 份…")
    survey = survey_of(lines, roster)
    terminal.say(f"共 {len(lines)} 份表,{len(survey.stations)} 个所(站)")
    return survey, tuple(findings)


def _roster(name: str | None) -> tuple[Roster | None, tuple[Finding, ...]]:
    return read_roster(terminal.read(name), Path(name).name) if name else (None, ())


def tell(findings: tuple[Finding, ...]) -> None:
    """List the findings on stderr; of very many only the first, and how many there are."""
    terminal.tell(findings[:_MOST_TOLD])
    if len(findings) > _MOST_TOLD:
        terminal.say(f"仅显示前 {_MOST_TOLD} 处,共 {len(findings)} 处")


def _tell_differences(survey: Survey, inputs: tuple[Path, ...]) -> None:
    """List on stderr all that differs between two files of one form of one station (rule D09)."""
    for older, newer, comparison in comparisons(survey, inputs, load_settings()):
        terminal.say(f"{older.origin.place} → {newer.origin.place}:{len(comparison.changes)} 处不同")
        for change in comparison.changes:
            terminal.say(f"     {change.place}:{said(change) or f'{change.old or NOTHING} → {change.new or NOTHING}'}")


@click.command()
@output()
@FORCE
def roster(output: str, *, force: bool) -> None:
    """给出空白的应查名单(xlsx)。"""
    terminal.write(output, blank_roster(), force=force)


_KINDS = ("spot-check", "commendation", "red-black", "rectification", "revoked", "register")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What a list is asked to be."""

    kind: str
    terms: Terms
    seed: str
    size: str
    records: bool
    edition: Edition
    heading: str


@click.command()
@click.argument("kind", type=click.Choice(_KINDS))
@INPUTS
@output()
@ROSTER
@REGION
@HEADING
@click.option("--seed", default="338", help="抽查:印在名单上的种子,同样的种子抽出同样的名单")
@click.option("--size", default="5%", help="抽查:个数(40)或比例(5%)")
@click.option("--records", is_flag=True, help="抽查:另附每个所(站)的抽查记录表(PDF)")
@click.option(
    "--quotas", "quota_name", default="none", type=click.Choice([q.id for q in QUOTAS]), help="表彰:按哪种名额"
)
@click.option("--edition", default="2006", type=click.Choice([e.id for e in EDITIONS]), help="通报用哪一版的名称")
@FORCE
def lists(
    kind: str, inputs: tuple[Path, ...], output: str, roster_file: str | None, *, force: bool, **told: Any
) -> None:
    """由各表生成名单:抽查、表彰、红黑榜、限期整改、撤销、公开名录。

    -o 的后缀决定写成 Excel(.xlsx)还是 PDF;公开名录还可以写成 .csv 和网页(.html)。
    """
    suffix = Path(output).suffix.lower()
    known = (".xlsx", ".pdf", ".csv", ".html") if kind == "register" else (".xlsx", ".pdf")
    if suffix not in known:
        raise Refusal(f"这种名单不能写成“{suffix or output}”;请用 {'、'.join(known)}", USAGE)
    asked = _asked(kind, told)
    survey, findings = gathered(inputs, roster_file)
    try:
        data = _list(survey, asked, suffix)
    except ValueError as error:
        raise Refusal(str(error), USAGE) from error
    terminal.write(output, data, force=force)
    tell(findings)
    sys.exit(FAULTS if must_fix(findings) else 0)


def _asked(kind: str, told: Mapping[str, Any]) -> _Asked:
    quotas = next(quotas for quotas in QUOTAS if quotas.id == told["quota_name"])
    return _Asked(
        kind=kind,
        terms=replace(_terms(told["region_name"]), quotas=quotas),
        seed=told["seed"],
        size=told["size"],
        records=told["records"],
        edition=next(edition for edition in EDITIONS if edition.id == told["edition"]),
        heading=told["heading"],
    )


def _list(survey: Survey, asked: _Asked, suffix: str) -> bytes:
    """Return the list in the way its file's suffix says."""
    if suffix == ".pdf":
        document = _pieces(survey, asked)
        return printed(document, document[0].data["title"])
    tables = _tables(survey, asked)
    match suffix:
        case ".csv":
            return as_csv(tables[0])
        case ".html":
            return as_page(tables[0])
        case _:
            return workbook(tables, asked.heading or tables[0].title)


def _tables(survey: Survey, asked: _Asked) -> tuple[Made, ...]:
    match asked.kind:
        case "spot-check":
            return spotcheck.tables(spotcheck.spot_check(survey, asked.size, asked.seed))
        case "commendation":
            return commended(survey, asked.terms)
        case "red-black":
            return red_black(survey)
        case "rectification":
            return rectification(survey)
        case "revoked":
            return revoked(survey)
        case _:
            return register(survey)


def _pieces(survey: Survey, asked: _Asked) -> tuple[Piece, ...]:
    if asked.kind == "red-black":
        return red_black_notice(survey, asked.edition)
    tables = _tables(survey, asked)
    if asked.kind == "spot-check" and asked.records:
        tables += spotcheck.records(spotcheck.spot_check(survey, asked.size, asked.seed))
    return tuple(one for n, made in enumerate(tables) for one in pieces(made, f"list-{n}", asked.heading))
