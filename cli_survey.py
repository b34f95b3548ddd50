"""`census summary`, `census lists` and `census roster`: what a tier makes of all its stations' forms."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

import terminal
from services.catalogue import region
from services.findings import Finding, Severity, must_fix
from services.settings import load_settings
from services.survey.inputs import lines_of
from services.survey.judge import Terms, judge
from services.survey.line import Line
from services.survey.roster import Roster, read_roster
from services.survey.roster_sheet import blank_roster
from services.survey.stations import Survey, survey_of
from services.survey.tables import summaries
from services.survey.workbook import workbook
from terminal import FAULTS, FORCE, output

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
    """由各表算出汇总表1至6,写进一个工作簿,并列出各表之间的问题。

    INPUT 是填好的表、记录(JSON)、文件夹、压缩包或上报材料。有必须修改的问题时照样写出,返回 1。
    """
    survey, findings = gathered(inputs, roster_file)
    terms = Terms(today=date.today(), region=region(region_name) if region_name else None)  # noqa: DTZ011 - the clerk's own day
    findings = (*findings, *judge(survey, terms))
    terminal.write(output, workbook(summaries(survey), heading or "职业技能鉴定所(站)质量普查汇总表"), force=force)
    told(findings)
    sys.exit(FAULTS if must_fix(findings) else 0)


def gathered(inputs: tuple[Path, ...], roster_file: str | None) -> tuple[Survey, tuple[Finding, ...]]:
    """Return the survey of all forms among the inputs, and what could not be read or counted."""
    settings = load_settings()
    roster, findings = _roster(roster_file)
    lines: list[Line] = []
    for number, read in enumerate(lines_of(inputs, settings), 1):
        findings += tuple(f for f in read.findings if read.line is None or f.severity is Severity.MUST_FIX)
        lines += [read.line] if read.line else []
        if number % _OFTEN == 0:
            terminal.say(f"已读 {number} 份…")
    survey = survey_of(lines, roster)
    terminal.say(f"共 {len(lines)} 份表,{len(survey.stations)} 个所(站)")
    return survey, findings


def _roster(name: str | None) -> tuple[Roster | None, tuple[Finding, ...]]:
    return read_roster(terminal.read(name), Path(name).name) if name else (None, ())


def told(findings: tuple[Finding, ...]) -> None:
    """List the findings on stderr; of very many only the first, and how many there are."""
    terminal.tell(findings[:_MOST_TOLD])
    if len(findings) > _MOST_TOLD:
        terminal.say(f"仅显示前 {_MOST_TOLD} 处,共 {len(findings)} 处")


@click.command()
@output()
@FORCE
def roster(output: str, *, force: bool) -> None:
    """给出空白的应查名单(xlsx)。"""
    terminal.write(output, blank_roster(), force=force)
