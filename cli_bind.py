"""`census bind`: forms, records, attachments and lower packets bound into a packet by one of the recipes."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

import terminal
from forms.quotas import QUOTAS
from services.bundle import packet, supplement
from services.bundle.answered import Written, question_sheet, questions, read_written
from services.bundle.packet import Bound, Job, Options
from services.bundle.source import Source, sources_in
from services.catalogue import region
from services.check import Context
from services.findings import must_fix
from services.settings import load_settings
from services.survey.spotcheck import size_of
from terminal import DATE, FAULTS, FORCE, USAGE, Refusal
from terminal_words import why

_SHEETS = (".xlsx", ".csv")


@click.command()
@click.argument("recipe")
@click.argument("inputs", nargs=-1, required=True, metavar="[KIND=]INPUT...")
@click.option("-o", "--output", default="", help="上报材料 PDF")
@click.option("--zip", "archive", help="同时写出含原件的压缩包")
@click.option("--reasons", "reasons_file", help="写好情况说明的表(xlsx、csv):印进数据情况说明表")
@click.option("--reasons-form", help="把需要确认的情况写成一份待填的表(.xlsx 或 .csv);不给 -o 时只写这份表,不装订")
@click.option("--append-to", "former", help="作为补充件接在这份上报材料(PDF)之后,原有页码不变")
@click.option("--roster", help="应查名单(xlsx、csv 或 JSON)")
@click.option("--unit", default="", help="报送单位名称,默认看各表的上报主管部门")
@click.option("--number", default="", help="报送函的发文字号,如 陕劳社函〔2006〕15号")
@DATE
@click.option(
    "--quotas", "quota_name", default="none", type=click.Choice([q.id for q in QUOTAS]), help="按哪种推荐名额核对"
)
@click.option("--size", default="5%", help="部级材料抽查多少:个数或比例,默认 5%")
@click.option("--seed", default="劳社厅函〔2006〕338号", help="抽查的种子,同样的种子抽到同样的所(站)")
@click.option("--region", "region_name", default="", help="按哪个地区的日期核对")
@FORCE
def bind(recipe: str, inputs: tuple[str, ...], output: str, archive: str | None, *, force: bool, **told: Any) -> None:
    """把填好的表、记录、附件和下级材料装订成上报材料。

    RECIPE 是 station(所站)、city(市)、region(省、行业)或 ministry(部)。INPUT 可以是文件、文件夹、
    压缩包和下级的上报材料;附件可写成 种类=文件,如 self_report=自查报告.pdf、A04=照片.jpg。

    需要确认的情况可以写说明:先用 --reasons-form 取一份表,在“情况说明”一栏写好,装订时用 --reasons 交回。
    """
    form = told["reasons_form"]
    _refuse_unclear(output, form, told["former"])
    for target in filter(None, (output, archive, form)):
        terminal.refuse_overwriting(target, force=force)
    own = region(told["region_name"]) if told["region_name"] else None
    job = Job(
        recipe=recipe,
        sources=_sources(inputs),
        context=Context(region=own),
        settings=load_settings(),
        options=_options(told),
    )
    if not output:
        findings, reasons = packet.asked_of(job)
        terminal.tell(findings)
        _write_questions(job, reasons, form, force=force)
        sys.exit(FAULTS if must_fix(findings) else 0)
    _tell_unused(told)
    _bind(job, told["former"], _Targets(output=output, archive=archive, form=form, force=force))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Targets:
    """Where a packet, its zip and its open questions go."""

    output: str
    archive: str | None
    form: str | None
    force: bool


def _refuse_unclear(output: str, form: str | None, former: str | None) -> None:
    if not output and not form:
        raise Refusal("用 -o 说明上报材料写到哪个文件;只要待填的情况说明表,用 --reasons-form", USAGE)
    if not output and former:
        raise Refusal("--append-to 要和 -o 一起用", USAGE)
    if form and Path(form).suffix.lower() not in _SHEETS:
        raise Refusal(f"待填的表只能写成 {'、'.join(_SHEETS)},现在是“{form}”", USAGE)


def _tell_unused(told: Mapping[str, Any]) -> None:
    """Say what a supplement does not print of what was given: it goes behind the letter that was sent."""
    if not told["former"] or not (told["number"] or told["signed_on"]):
        return
    named = (("--number", told["number"]), ("--date", told["signed_on"]))
    unused = "、".join(option for option, given in named if given)
    also = ",日期只用来核对是否逾期" if told["signed_on"] else ""
    terminal.say(f"补充件接在原来的材料后面,不另作报送函:{unused} 没有印在上面{also}。")
    terminal.say("要发补报函的,写好后作为附件交来:other=补报函.docx")


def _write_questions(job: Job, reasons: Sequence[Mapping[str, str]], form: str, *, force: bool) -> None:
    """Write what asks to be confirmed, to be filled in and given back."""
    table = questions(reasons, packet.recipe_named(job.recipe).title)
    terminal.write(form, question_sheet(table, Path(form).suffix.lower()), force=force)
    terminal.say(f"需要确认的情况 {len(reasons)} 处,其中写有说明的 {sum(bool(one['reason']) for one in reasons)} 处")


def _bind(job: Job, former: str | None, to: _Targets) -> None:
    with tempfile.TemporaryDirectory() as folder:
        pdf = Path(folder, "packet.pdf") if to.output == "-" else Path(to.output)
        bound = _bound(job, former, pdf, Path(to.archive) if to.archive else None)
        terminal.tell(bound.findings)
        if must_fix(bound.findings) or not bound.manifest:
            raise Refusal("材料不齐或有必须修改的问题,没有装订", FAULTS)
        if to.output == "-":
            terminal.write(to.output, pdf.read_bytes(), force=to.force)
    for target in filter(None, (to.output if to.output != "-" else "", to.archive)):
        terminal.say(f"已写出 {target}({Path(target).stat().st_size:,} 字节)")
    if to.form:
        _write_questions(job, bound.manifest["reasons"], to.form, force=to.force)


def _options(told: Mapping[str, Any]) -> Options:
    return Options(
        roster=_source(told["roster"]) if told["roster"] else None,
        number=told["number"],
        signed_on=told["signed_on"],
        unit=told["unit"],
        quotas=next(quotas for quotas in QUOTAS if quotas.id == told["quota_name"]),
        size=_size(told["size"]),
        seed=told["seed"],
        written=_written(told["reasons_file"]),
        progress=_progress,
    )


def _written(name: str | None) -> tuple[Written, ...]:
    return read_written(terminal.read(name), Path(name).name) if name else ()


def _bound(job: Job, former: str | None, pdf: Path, archive: Path | None) -> Bound:
    if former is None:
        return packet.bind_to(job, pdf, archive)
    return supplement.append(job, Path(former), pdf, archive)


def _size(text: str) -> str:
    """Return the size of the spot check, if it is one (of however many)."""
    try:
        size_of(text, 1)
    except ValueError as error:
        raise Refusal(str(error), USAGE) from error
    return text


def _sources(inputs: tuple[str, ...]) -> tuple[Source, ...]:
    given = tuple(_source("-") for name in inputs if name == "-")
    try:
        return (*given, *sources_in([name for name in inputs if name != "-"]))
    except OSError as error:
        raise Refusal(f"打不开 {error.filename}:{why(error)}", USAGE) from error


def _source(name: str) -> Source:
    return Source(name=Path(name).name, data=terminal.read(name))


def _progress(what: str, done: int, total: int) -> None:
    """Show how far a long binding has come, where a person looks on."""
    if sys.stderr.isatty():
        click.echo(f"\r{what} {done}/{total}", err=True, nl=done == total)
