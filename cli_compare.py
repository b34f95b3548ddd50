"""`census diff` and `census upgrade`: two completed forms side by side, and one carried over to another edition."""

from __future__ import annotations

import sys

import click

import terminal
from services import desk
from services.carriers.reading import UnreadableError
from services.check import Context
from services.compare import LONG, NOTHING, WHAT_LABELS, Change, said, spans
from services.desk import Examined
from services.findings import as_dict as finding_as_dict
from services.record import to_json
from services.settings import load_settings
from services.upgrade import Upgraded
from terminal import AS, FAULTS, FORCE, USAGE, Refusal, output


def examined(file: str) -> Examined:
    """Return what a completed file or record file holds.

    Raises:
        UnreadableError: it cannot be read; the message names the file.
    """
    try:
        return desk.examine(terminal.read(file), file, Context(), load_settings())
    except UnreadableError as error:
        raise UnreadableError(error.code, f"{file}:{error.message}", f"{file}: {error.message_en}") from error


@click.command()
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 给出")
def diff(old: str, new: str, *, as_json: bool) -> None:
    """逐栏比较同一种表的两份(文件或记录,不论什么格式),附表各行按内容对应。

    相同时返回 0,有不同返回 1。
    """
    before, after = examined(old), examined(new)
    if before.form.id != after.form.id:
        titles = f"{old} 是《{before.form.short_title}》,{new} 是《{after.form.short_title}》"
        raise Refusal(f"{titles},不是同一种表,不能逐栏比较", USAGE)
    comparison = desk.compared(desk.side_of(before), desk.side_of(after))
    for note, _ in comparison.notes:
        terminal.say(note)
    if as_json:
        terminal.write("-", terminal.dump(desk.comparison_json(((old, before), (new, after)), comparison)), force=True)
    else:
        _tell(comparison.changes)
    sys.exit(FAULTS if comparison.changes else 0)


def _tell(changes: tuple[Change, ...]) -> None:
    click.echo(f"有 {len(changes)} 处不同" if changes else "两份表填写的内容完全相同")
    for number, change in enumerate(changes, 1):
        words = said(change)
        click.echo(f"{number:3}. [{WHAT_LABELS[change.what]}] {change.place}{f'({words})' if words else ''}")
        old, new = _texts(change)
        if change.what in ("changed", "removed", "only-old"):
            click.echo(f"     原来:{old or NOTHING}")
        if change.what in ("changed", "added", "only-new"):
            click.echo(f"     现在:{new or NOTHING}")
        if change.what == "moved":
            click.echo(f"     内容:{change.new}")


def _texts(change: Change) -> tuple[str, str]:
    """Return the texts of a change; of long ones what they share is shortened and what differs stands in 【】."""
    if change.what != "changed" or max(len(change.old), len(change.new)) <= LONG:
        return change.old, change.new
    old, new = (
        "".join(f"【{piece.text}】" if piece.differs else piece.text for piece in pieces)
        for pieces in spans(change.old, change.new)
    )
    return old, new


@click.command()
@click.argument("file")
@click.option("--to", "edition", default="", help="转到哪一版:2006 或 today(默认;旧表样默认转到同一版的现行表样)")
@click.option("--region", "region_name", default=None, help='转到哪个地区的表,默认不变;"" 为没有增加项目')
@AS
@output("-")
@FORCE
@click.option("--json", "as_json", is_flag=True, help="以 JSON 列出没有带过去的内容")
def upgrade(
    file: str, edition: str, region_name: str | None, chosen: str | None, output: str, *, force: bool, as_json: bool
) -> None:
    """把旧版或别处的表里填的内容逐栏转到现行的表里,列出没有带过去的内容。

    -o 的后缀决定写成 Word、Excel、PDF 还是记录(JSON);默认把记录写到标准输出。
    """
    source = examined(file)
    made = desk.carried_over(source, edition, region_name)
    findings = (*source.reading.findings, *made.findings)
    terminal.write(output, _issued(made, chosen, output), force=force)
    if as_json:
        told = terminal.dump([finding_as_dict(finding) for finding in findings])
        click.echo(told.decode(), nl=False, err=output == "-")
        return
    terminal.tell(findings)
    terminal.say(
        f"已带过去 {made.carried} 项;有 {len(made.findings)} 处请核对"
        if made.findings
        else f"已带过去 {made.carried} 项"
    )


def _issued(made: Upgraded, chosen: str | None, output: str) -> bytes:
    if not chosen and (output == "-" or output.endswith(".json")):
        return terminal.dump(to_json(made.form, made.record))
    return desk.issue(made.form, made.record, terminal.carrier(chosen, output), load_settings()).data
