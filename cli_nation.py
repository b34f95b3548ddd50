"""`census nation`: all provinces' packets and the ministry's; `census verify-page`: the page that checks them."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path

import click

import terminal
from services.bundle import nation as national
from services.bundle.nation import Plan, Unit, run, units_in
from services.bundle.verifier import page
from services.settings import load_settings
from terminal import DATE, FAULTS, FORCE, USAGE, Refusal, output


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, exists=True, path_type=Path))
@click.option(
    "-o", "--output", "target", required=True, type=click.Path(file_okay=False, path_type=Path), help="写到哪个文件夹"
)
@click.option(
    "--roster", type=click.Path(dir_okay=False, exists=True, path_type=Path), help="应查名单(xlsx、csv 或 JSON)"
)
@DATE
@click.option("--jobs", default=min(4, os.cpu_count() or 1), show_default=True, help="同时装订几份")
def nation(folder: Path, target: Path, roster: Path | None, signed_on: date | None, jobs: int) -> None:
    """把 FOLDER 里每个省(行业)的文件夹装订成报送材料,再由它们生成全国汇总材料。

    中断以后再次运行,已经完成且材料没有变动的省不再重做。
    """
    units = units_in(folder)
    if not units:
        raise Refusal(f"{folder} 里没有文件夹:每个省(行业)的表放在一个文件夹里", USAGE)
    plan = Plan(
        units=units,
        target=target,
        settings=load_settings(),
        roster=roster,
        signed_on=signed_on,
        at_once=jobs,
    )
    with click.progressbar(length=len(units) + 1, label="装订", file=sys.stderr) as bar:

        def told(_name: str, count: int, _total: int) -> None:
            bar.update(count - bar.pos)

        done = run(plan, told)
    for name, unit in done.items():
        click.echo(_said(name, unit, target))
    if not all(unit.is_bound for unit in done.values()):
        raise Refusal("有没有装订成的,原因见上;改好以后再次运行,只补做这些", FAULTS)


def _said(name: str, unit: Unit, target: Path) -> str:
    if unit.is_bound:
        return f"✓ {name}:{unit.pages} 页,{unit.seconds} 秒,{national.packet_of(target, name)}"
    return "\n".join((f"✗ {name}:没有装订", *(f"    {fault}" for fault in unit.faults)))


@click.command(name="verify-page")
@output()
@FORCE
def verify_page(output: str, *, force: bool) -> None:
    """给出离线核验页:一个 HTML 文件,在浏览器里核验上报材料,不联网。"""
    terminal.write(output, page(), force=force)
