"""`census diff` and `census upgrade`: two completed forms side by side, and one carried over to another edition."""

from __future__ import annotations

import sys
from typing import Any

import click

import terminal
from services import desk
from services.carriers.reading import UnreadableError
from services.check import Context
from services.compare import NOTHING, WHAT_LABELS, Change, Comparison, as_dict, said
from services.desk import Examined
from services.settings import load_settings
from terminal import FAULTS, USAGE, Refusal


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
        terminal.write("-", terminal.dump(_as_json((old, new), (before, after), comparison)), force=True)
    else:
        _tell(comparison.changes)
    sys.exit(FAULTS if comparison.changes else 0)


def _as_json(names: tuple[str, str], sides: tuple[Examined, Examined], comparison: Comparison) -> dict[str, Any]:
    return {
        "files": [_named(name, side) for name, side in zip(names, sides, strict=True)],
        "equal": not comparison.changes,
        "notes": [{"message": note, "message_en": english} for note, english in comparison.notes],
        "changes": [as_dict(change) for change in comparison.changes],
    }


def _named(name: str, side: Examined) -> dict[str, str]:
    edition = side.form.edition.id if side.form.edition else ""
    return {"file": name, "form": side.form.id, "edition": edition, "region": side.form.region}


def _tell(changes: tuple[Change, ...]) -> None:
    click.echo(f"有 {len(changes)} 处不同" if changes else "两份表填写的内容完全相同")
    for number, change in enumerate(changes, 1):
        words = said(change)
        click.echo(f"{number:3}. [{WHAT_LABELS[change.what]}] {change.place}{f'({words})' if words else ''}")
        if change.what in ("changed", "removed", "only-old"):
            click.echo(f"     原来:{change.old or NOTHING}")
        if change.what in ("changed", "added", "only-new"):
            click.echo(f"     现在:{change.new or NOTHING}")
        if change.what == "moved":
            click.echo(f"     内容:{change.new}")
