"""The `census` command: the same doors as the pages, for people at a terminal and for scripts.

Data goes to stdout, talk to stderr. Exit codes are a promise: 0 fine, 1 must-fix findings, 2 usage,
3 unreadable file, 4 a tool is missing or failed.
"""

from __future__ import annotations

import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

import cli_batch
import cli_bind
import cli_compare
import cli_nation
import cli_survey
import terminal
from services import desk
from services.answers import scalars
from services.bundle import verify
from services.bundle.flatten import may_be_form
from services.bundle.opened import INSIDE, Given, given
from services.carriers.docx import templates
from services.carriers.explain import explanation, explanation_table
from services.carriers.reading import Reading, UnreadableError
from services.catalogue import concrete, declared, region
from services.check import Context
from services.findings import as_dict, must_fix
from services.form import Form
from services.record import to_json
from services.sample import sample
from services.schema import record_schema
from services.settings import Settings, load_settings
from terminal import AS, FAULTS, FORCE, TOOL, UNREADABLE, USAGE, Refusal, formed, output
from terminal_words import why


@click.group(cls=terminal.Census, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option("1.0", prog_name="census")
def main() -> None:
    """职业技能鉴定所(站)质量普查:生成、读回、核对、标注、装订三种表。"""


for command in (
    cli_batch.batch,
    cli_bind.bind,
    cli_compare.diff,
    cli_compare.upgrade,
    cli_nation.nation,
    cli_nation.verify_page,
    cli_survey.summary,
    cli_survey.lists,
    cli_survey.roster,
):
    main.add_command(command)


def _context(region_name: str) -> Context:
    return Context(region=region(region_name) if region_name else None)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="给出各表记录的 JSON Schema")
@formed
def forms(edition: str, region_name: str, *, as_json: bool) -> None:
    """列出三种表;--json 给出记录格式。"""
    chosen = [concrete(form.id, edition, region_name) for form in declared()]
    if as_json:
        terminal.write("-", terminal.dump({form.id: record_schema(form) for form in chosen}), force=True)
        return
    for form in chosen:
        click.echo(f"{form.id:24} {form.code} {form.title}({len(scalars(form))} 栏,{len(form.items)} 项)")


@main.command(name="sample")
@click.argument("form_id", metavar="FORM")
@click.option("--seed", default=0, help="换一个数就换一个虚构的所(站)")
@formed
def sample_command(form_id: str, seed: int, edition: str, region_name: str) -> None:
    """给出一份完整、合理、虚构的记录(JSON)。"""
    form = concrete(form_id, edition, region_name)
    terminal.write("-", terminal.dump(to_json(form, sample(form, seed))), force=True)


@main.command()
@click.argument("form_id", metavar="FORM")
@AS
@formed
@output()
@FORCE
def blank(form_id: str, chosen: str | None, edition: str, region_name: str, output: str, *, force: bool) -> None:
    """给出空白表。"""
    filled = desk.blank(concrete(form_id, edition, region_name), terminal.carrier(chosen, output), load_settings())
    terminal.write(output, filled.data, force=force)


@main.command()
@click.argument("form_id", metavar="FORM")
@click.argument("record_file", metavar="RECORD.json")
@AS
@output()
@FORCE
@click.option("--partial", is_flag=True, help="记录可以只有一部分内容(预填)")
def fill(form_id: str, record_file: str, chosen: str | None, output: str, *, force: bool, partial: bool) -> None:
    """把一份记录填进表里。"""
    form, record = terminal.load_record(record_file, partial=partial)
    if form.id != form_id:
        raise Refusal(f"{record_file} 是《{form.title}》的记录,不是 {form_id}", USAGE)
    filled = desk.issue(form, record, terminal.carrier(chosen, output), load_settings())
    terminal.tell(filled.findings)
    terminal.write(output, filled.data, force=force)


@main.command()
@click.argument("file")
@output("-")
@FORCE
@click.option("--explain", is_flag=True, help="不给记录,逐栏说明凭什么读出、有多大把握")
@click.option("--json", "as_json", is_flag=True, help="与 --explain 一起用:说明以 JSON 给出")
def read(file: str, output: str, *, force: bool, explain: bool, as_json: bool) -> None:
    """读回一份填好的表,给出记录(JSON)。"""
    examined = desk.examine(terminal.read(file), file, _context(""), load_settings())
    if explain:
        terminal.write(output, _explanation(examined.form, examined.reading, as_json=as_json), force=force)
        return
    terminal.tell(examined.reading.findings)
    terminal.write(output, terminal.dump(to_json(examined.form, examined.record)), force=force)
    if desk.is_incomplete(examined.findings):
        sys.exit(UNREADABLE)


def _explanation(form: Form, reading: Reading, *, as_json: bool) -> bytes:
    if as_json:
        return terminal.dump(explanation(form, reading))
    return explanation_table(form, reading).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Marking:
    """Where marked copies go, if anywhere."""

    folder: str | None
    force: bool


@main.command()
@click.argument("files", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="以 JSON 给出")
@click.option("--mark", "folder", type=click.Path(file_okay=False), help="把标注稿写进这个文件夹")
@click.option("--region", "region_name", default="", help="按哪个地区的日期核对")
@FORCE
def check(files: tuple[str, ...], folder: str | None, region_name: str, *, as_json: bool, force: bool) -> None:
    """核对填好的表,列出全部问题;--mark 另给标注稿。FILES 也可以是文件夹和压缩包,里面的表逐份核对。"""
    settings, context = load_settings(), _context(region_name)
    marking = _Marking(folder=folder, force=force)
    inputs = [one for file in files for one in given(file, terminal.read)]
    results = [_check_one(one, context, settings, marking) for one in inputs]
    if as_json:
        terminal.write("-", terminal.dump(results), force=True)
    else:
        for result in results:
            _tell(result)
    sys.exit(max(_code(result) for result in results))


def _check_one(one: Given, context: Context, settings: Settings, marking: _Marking) -> dict[str, Any]:
    file = one.name
    if one.lay_inside and not one.error and not may_be_form(one.data):
        return {"file": file, "attachment": True, "findings": []}
    try:
        if one.error:
            raise one.error
        examined = desk.examine(one.data, file.rpartition(INSIDE)[2], context, settings)
    except UnreadableError as error:
        return {
            "file": file,
            "unreadable": {"code": error.code, "message": error.message, "message_en": error.message_en},
            "findings": [],
        }
    if marking.folder and examined.findings and desk.can_mark(examined):
        stem = Path(file.replace(INSIDE, "_")).stem
        target = Path(marking.folder) / f"{stem}-标注稿.{examined.reading.carrier}"
        terminal.write(str(target), desk.mark(examined), force=marking.force)
    form = examined.form
    edition = form.edition.id if form.edition else ""
    found = [as_dict(finding) for finding in examined.findings]
    named = {"file": file, "form": form.id, "edition": edition, "region": form.region}
    return {**named, "incomplete": desk.is_incomplete(examined.findings), "findings": found}


def _code(result: dict[str, Any]) -> int:
    if "unreadable" in result or result.get("incomplete"):
        return UNREADABLE
    return FAULTS if any(f["severity"] == "must-fix" for f in result["findings"]) else 0


def _tell(result: dict[str, Any]) -> None:
    if "unreadable" in result:
        click.echo(f"{result['file']}:无法读取。{result['unreadable']['message']}")
        return
    if "attachment" in result:
        click.echo(f"{result['file']}:不是表,没有核对;装订时作附件")
        return
    click.echo(f"{result['file']}:{len(result['findings'])} 处" if result["findings"] else f"{result['file']}:通过")
    for number, finding in enumerate(result["findings"], 1):
        click.echo(f"{number:3}. [{terminal.severity_label(finding['severity'])}] {finding['place']}")
        click.echo(f"     {finding['message']}")


@main.command(name="verify")
@click.argument("file", metavar="PACKET")
def verify_command(file: str) -> None:
    """重新计算一份上报材料(PDF 或压缩包)里的全部校验值。"""
    verified = verify.verify(terminal.read(file) if file == "-" else terminal.existing(file))
    for line in verified.lines:
        click.echo(f"{'✓' if line.holds else '✗'} {line.text}")
    sys.exit(0 if verified.holds else FAULTS)


@main.group(name="templates")
def templates_group() -> None:
    """制作和检查 Word 模板。"""


@templates_group.command(name="build")
def build() -> None:
    """按表的声明重新制作 doctemplates/ 里的全部 Word 模板。"""
    for path in templates.build_all():
        terminal.say(f"已制作 {path.name}")


@templates_group.command(name="lint")
def lint() -> None:
    """检查模板与声明是否一致:哪一栏没有位置,哪个位置没有栏。"""
    findings = templates.lint_all()
    for finding in findings:
        click.echo(f"{finding.place}:{finding.message}")
    sys.exit(FAULTS if must_fix(findings) else 0)


@main.command()
@click.option("--host", default="127.0.0.1")
@click.option("--port", default=8000)
def serve(host: str, port: int) -> None:
    """开通网页服务。"""
    from app import run  # noqa: PLC0415 - Flask is loaded for the pages only

    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        said = f"{host}:{port} 开不了:{why(error)}。请换一个端口,如 --port {port + 1}"
        raise Refusal(said, TOOL) from error
    terminal.say(f"网页在 http://{host}:{port}")
    run(load_settings(), host, port)


@main.command()
@click.option("-o", "--output", default="output/demo", help="写到哪个文件夹")
def demo(output: str) -> None:
    """不用浏览器,把整件工作做一遍,结果写进 output/demo/。"""
    from demo import run  # noqa: PLC0415 - only this command needs it

    sys.exit(run(Path(output), load_settings()))


if __name__ == "__main__":
    main(prog_name="census")
