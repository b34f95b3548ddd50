"""`census batch`: the forms of a whole list, a file a row."""

from __future__ import annotations

import sys
from pathlib import Path

import click

import terminal
from services.batch.files import Made, PatternError, made, names, pack, usual_pattern
from services.batch.rows import Listed, read_list
from services.catalogue import concrete
from services.check import Context
from services.findings import Finding, must_fix
from services.settings import load_settings
from terminal import AS, FAULTS, FORCE, USAGE, Refusal, formed

_ZIP = ".zip"


@click.command()
@click.argument("form_id", metavar="FORM")
@click.argument("roster", metavar="ROSTER.xlsx")
@AS
@formed
@click.option("-o", "--output", "target", required=True, help="写到哪个文件夹,或者写成一个 .zip 文件")
@click.option("--names", "pattern", default="", help="文件名,花括号里写栏目名,如 {机构编码}_{所(站)长};{序号} 是第几份")
@FORCE
def batch(form_id: str, roster: str, chosen: str | None, edition: str, region_name: str, **told: str | bool) -> None:
    """按名单(xlsx 或 csv)批量生成表,一行一份:名单每列的表头是表中的栏目名,内容预先填进表里。"""
    target, force = str(told["target"]), bool(told["force"])
    carrier = chosen or "docx"
    form = concrete(form_id, edition, region_name)
    listed = read_list(form, terminal.read(roster), Path(roster).name, Context())
    try:
        named = names(listed, str(told["pattern"]) or usual_pattern(listed.form), carrier)
    except PatternError as error:
        raise Refusal(str(error), USAGE) from error
    _refuse_overwriting(target, named, force=force)
    findings = [*listed.findings, *_written(listed, named, carrier, target)]
    terminal.tell(findings)
    terminal.say(f"已生成 {len(named)} 份《{listed.form.short_title}》,写到 {target}")
    if must_fix(findings):
        sys.exit(FAULTS)


def _refuse_overwriting(target: str, named: tuple[str, ...], *, force: bool) -> None:
    """Refuse before anything is written: a batch is there whole or not at all."""
    for name in (target,) if target.endswith(_ZIP) else (str(Path(target, name)) for name in named):
        terminal.refuse_overwriting(name, force=force)


def _written(listed: Listed, named: tuple[str, ...], carrier: str, target: str) -> list[Finding]:
    """Write the files with a progress bar; return what is to be said of them."""
    findings: list[Finding] = []
    with click.progressbar(length=len(named), label="生成", file=sys.stderr) as bar:

        def told(file: Made) -> None:
            findings.extend(file.findings)
            bar.update(1)

        files = made(listed, named, carrier, load_settings())
        if target.endswith(_ZIP):
            Path(target).parent.mkdir(parents=True, exist_ok=True)
            pack(Path(target), files, told)
        else:
            for file in files:
                terminal.put(Path(target, file.name), file.data)
                told(file)
    return findings
