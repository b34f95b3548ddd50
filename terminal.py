"""What every command does at a terminal: read, write without overwriting, talk, refuse with an exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import click

from services import desk
from services.carriers.reading import UnreadableError
from services.catalogue import UnknownFormError
from services.findings import SEVERITY_LABELS, Finding, Severity, must_fix
from services.form import Form
from services.kinds.day import read_day
from services.paper.office import ConversionError, MissingToolError
from services.record import Record
from services.region import RegionError
from terminal_words import misused, why

FAULTS, USAGE, UNREADABLE, TOOL = 1, 2, 3, 4


class Refusal(click.ClickException):
    """A refusal with its exit code: a sentence, never a stack trace."""

    def __init__(self, message: str, code: int) -> None:
        """Keep the exit code beside the sentence."""
        super().__init__(message)
        self.exit_code = code  # pyright: ignore[reportAttributeAccessIssue] - click reads it from the instance

    def show(self, file: Any = None) -> None:
        """Print the sentence to stderr."""
        click.echo(self.message, file=file or sys.stderr)


class Census(click.Group):
    """The command group: turns what services raise into sentences and exit codes, in one place."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            raise Refusal(misused(error), USAGE) from error
        except (UnknownFormError, RegionError) as error:
            raise Refusal(str(error), USAGE) from error
        except UnreadableError as error:
            raise Refusal(f"{error.message}\n({error.code}: {error.message_en})", UNREADABLE) from error
        except (MissingToolError, ConversionError) as error:
            raise Refusal(str(error), TOOL) from error


def say(text: str) -> None:
    """Talk to the person, on stderr."""
    click.echo(text, err=True)


def read(name: str) -> bytes:
    """Return the bytes of a file, or of stdin for `-`."""
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise Refusal(f"读不到文件 {name}:{why(error)}", UNREADABLE) from error


def existing(name: str) -> Path:
    """Return the path of a file that is there: for what is too large to be read into memory."""
    try:
        Path(name).open("rb").close()
    except OSError as error:
        raise Refusal(f"读不到文件 {name}:{why(error)}", UNREADABLE) from error
    return Path(name)


def write(name: str, data: bytes, *, force: bool) -> None:
    """Write a file whole or not at all; never over another without `force`. `-` is stdout."""
    if name == "-":
        sys.stdout.buffer.write(data)
        return
    put(refuse_overwriting(name, force=force), data)
    say(f"已写出 {name}({len(data):,} 字节)")


def put(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, its folder with it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(data)
    part.replace(path)


def refuse_overwriting(name: str, *, force: bool) -> Path:
    """Return the path of a file to be written; one that is there already is refused without `force`."""
    path = Path(name)
    if name != "-" and path.exists() and not force:
        raise Refusal(f"{name} 已经有了,没有覆盖。要覆盖请加 --force", USAGE)
    return path


def tell(findings: Iterable[Finding]) -> None:
    """List findings on stderr, numbered, with place and severity."""
    for number, finding in enumerate(findings, 1):
        say(f"{number:3}. [{SEVERITY_LABELS[finding.severity]}] {finding.place}\n     {finding.message}")


def load_record(name: str, *, partial: bool = False) -> tuple[Form, Record]:
    """Return the form and record of a record file; a faulty one is refused with everything that is wrong."""
    form, record, findings = desk.open_record(read(name), partial=partial)
    if must_fix(findings):
        tell(findings)
        raise Refusal(f"{name} 有 {len(must_fix(findings))} 处不合格式,没有读入", UNREADABLE)
    return form, record


def carrier(chosen: str | None, output: str) -> str:
    """Return the carrier asked for, else the one of the output's suffix; docx where it has none."""
    suffix = Path(output).suffix.lstrip(".").lower()
    if chosen or suffix in desk.CARRIERS:
        return chosen or suffix
    if suffix:
        raise Refusal(f"不会写 .{suffix} 文件;请用 .docx、.xlsx、.pdf,或加 --as 说明", USAGE)
    return "docx"


def dump(value: object) -> bytes:
    """Return `value` as readable JSON."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def output(default: str | None = None) -> Callable[..., Any]:
    """Return the option -o, required unless it has a default: a default of None that is said counts as one."""
    said: dict[str, Any] = {"required": True} if default is None else {"default": default}
    return click.option("-o", "--output", help="写到哪个文件;- 为标准输出", **said)


def formed(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that name a form's edition and region."""
    function = click.option("--region", "region_name", default="", help="地区代码或名称,如 610000")(function)
    return click.option("--edition", default="", help="版本:2006(默认)或 today")(function)


def _day(context: click.Context, option: click.Parameter, text: str) -> date | None:
    """Return the day that was said, however clerks write it."""
    del context, option
    day = read_day(text)
    if text.strip() and day is None:
        said = f"日期应写成 2006年11月20日、二〇〇六年十一月二十日或 2006-11-20,现在是“{text}”;请核对是否有这一天"
        raise Refusal(f"{said}\n(should be a day such as 2006-11-20, is {text!r})", USAGE)
    return day


AS = click.option("--as", "chosen", type=click.Choice(desk.CARRIERS), help="文件种类,默认看 -o 的后缀")
DATE = click.option(
    "--date", "signed_on", default="", callback=_day, help="报送函和报告的日期,如 2006年11月20日、2006-11-20"
)
FORCE = click.option("--force", is_flag=True, help="覆盖已有文件")


def severity_label(severity: str) -> str:
    """Return 必须修改, 需要确认 or 提示."""
    return SEVERITY_LABELS[Severity(severity)]
