"""What the system and the command line's own reader complain of, in a clerk's words."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from types import MappingProxyType

import click

_WHY: Mapping[int, str] = MappingProxyType(
    {
        errno.ENOENT: "没有这个文件。请核对文件名和所在的文件夹",
        errno.EISDIR: "这是文件夹,要的是文件",
        errno.ENOTDIR: "路径中间有一段不是文件夹。请核对",
        errno.EACCES: "没有权限。请换一个位置,或请管理员开放权限",
        errno.EPERM: "系统不允许。请换一个位置,或请管理员开放权限",
        errno.ENOSPC: "磁盘已满。请腾出空间再试",
        errno.EROFS: "这里只能读,不能写。请换一个位置",
        errno.ENAMETOOLONG: "文件名太长。请改短",
        errno.EADDRINUSE: "已有程序在用",
    }
)


def why(error: OSError) -> str:
    """Return why a file, folder or port could not be used, and what to do."""
    return _WHY.get(error.errno or 0, f"系统说“{error.strerror}”")


def misused(error: click.UsageError) -> str:
    """Return what is wrong with how a command was called, and where its use is told."""
    path = error.ctx.command_path.split()[1:] if error.ctx else []
    return f"{_said(error)}。用法见 {' '.join(('census', *path))} --help"


def _said(error: click.UsageError) -> str:
    match error:
        case click.exceptions.NoSuchCommand():
            return f"没有“{error.command_name}”这个命令{_meant(error.possibilities)}"
        case click.NoSuchOption():
            return f"没有 {error.option_name} 这个选项{_meant(error.possibilities)}"
        case click.BadOptionUsage():
            return f"{error.option_name} 的值写得不对:该有的没有写,或者不该有的写了"
        case click.MissingParameter():
            return f"少写了 {_named(error)}"
        case click.BadParameter():
            return f"{_named(error)} {_wanted(error)}"
        case _:
            return error.format_message().rstrip(".")


def _meant(known: object) -> str:
    names = [str(name) for name in known] if isinstance(known, list | tuple) else []
    return f",是不是 {'、'.join(names)}" if names else ""


def _named(error: click.BadParameter) -> str:
    """Return an option as it is typed, an argument as its help names it."""
    param = error.param
    if param is None:
        return str(error.param_hint or "参数")
    return max(param.opts, key=len) if isinstance(param, click.Option) else param.make_metavar(error.ctx)  # pyright: ignore[reportArgumentType] - a parameter that was read has its context


def _wanted(error: click.BadParameter) -> str:
    kind = error.param.type if error.param else None
    match kind:
        case click.Choice():
            return f"只能写 {'、'.join(map(str, kind.choices))}"
        case click.types.IntParamType():
            return "应写整数"
        case _:
            return f"写得不对:{error.message.rstrip('.')}"
