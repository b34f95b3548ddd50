"""LibreOffice, for other people's office files only: one conversion, in a box of its own.

Left to itself LibreOffice fetches linked pictures from the network and from this machine's disk, runs
what a macro asks for and returns 0 when it has written nothing. Here every run has a fresh profile that
forbids that, no network, limits on time, memory and output, and is judged by what it wrote
(docs/decisions/0011-libreoffice-boxed.md).
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import signal
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from threading import BoundedSemaphore
from types import MappingProxyType

from services.settings import fonts_of

INSTALL = "apt-get install libreoffice-writer-nogui libreoffice-calc-nogui"
TIME_S = 90
AT_ONCE = 2
MEMORY = 4 * 1024 * 1024 * 1024
OUTPUT = 500 * 1024 * 1024
_LOOK_EVERY_S = 0.5

_FILTERS: Mapping[str, str] = MappingProxyType(
    {
        "docx": "docx:MS Word 2007 XML",
        "doc": "doc:MS Word 97",
        "odt": "odt:writer8",
        "rtf": "rtf:Rich Text Format",
        "xlsx": "xlsx:Calc MS Excel 2007 XML",
        "xls": "xls:MS Excel 97",
        "ods": "ods:calc8",
        "pdf": "pdf",
    }
)
_READERS: Mapping[str, str] = MappingProxyType(
    {
        "doc": "MS Word 97",
        "wps": "MS Word 97",
        "docx": "MS Word 2007 XML",
        "odt": "writer8",
        "rtf": "Rich Text Format",
        "xls": "MS Excel 97",
        "et": "MS Excel 97",
        "xlsx": "Calc MS Excel 2007 XML",
        "ods": "calc8",
    }
)
"""The import filter is named, so that LibreOffice does not judge a stranger's file for itself."""

_SETTINGS = (
    ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "2"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("/org.openoffice.Office.Common/Misc", "FirstRun", "false"),
)


_PLACES = BoundedSemaphore(AT_ONCE)


class MissingToolError(Exception):
    """A program is not installed; the message holds the command that installs it."""


class ConversionError(Exception):
    """LibreOffice could not turn the file; the message says what to do."""


def is_installed() -> bool:
    """Return whether LibreOffice is there."""
    return shutil.which("soffice") is not None


def convert(data: bytes, suffix_in: str, suffix_out: str) -> bytes:
    """Return `data` (of the kind `suffix_in`: doc, wps, docx, odt, rtf, xls, et, xlsx, ods) as `suffix_out`.

    Suffixes are given with or without their dot; `suffix_out` is docx, doc, odt, rtf, xlsx, xls, ods or pdf.

    Raises:
        MissingToolError: LibreOffice is not installed.
        ConversionError: it wrote nothing, nothing usable, or took too long.
        KeyError: an unknown suffix.
    """
    reader, writer = _READERS[suffix_in.lstrip(".")], _FILTERS[suffix_out.lstrip(".")]
    if not is_installed():
        raise MissingToolError(
            f"没有安装 LibreOffice,不能转换这种文件。请管理员执行:{INSTALL}"
            f" (LibreOffice is not installed; run: {INSTALL})"
        )
    with _PLACES, tempfile.TemporaryDirectory(prefix="office-") as folder:
        job = Path(folder)
        source = job / f"source.{suffix_in.lstrip('.')}"
        source.write_bytes(data)
        _write_profile(job / "profile" / "user")
        _run(job, [f"--infilter={reader}", "--convert-to", writer, "--outdir", str(job / "out"), str(source)])
        return _result(job / "out" / f"source.{suffix_out.lstrip('.')}")


def _write_profile(folder: Path) -> None:
    folder.mkdir(parents=True)
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{items}</oor:items>"
    )
    (folder / "registrymodifications.xcu").write_text(text, encoding="utf-8")


def _run(job: Path, arguments: Sequence[str]) -> None:
    """Run LibreOffice in its box; end it and all it started when time is over."""
    command = [
        *_box(job),
        *("prlimit", f"--as={MEMORY}", f"--cpu={TIME_S}", f"--fsize={OUTPUT}", "--core=0", "--nofile=512"),
        *("soffice", f"-env:UserInstallation={(job / 'profile').as_uri()}"),
        *("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard"),
        *arguments,
    ]
    with (
        (job / "log").open("wb") as log,
        subprocess.Popen(
            command,
            cwd=job,
            env=_environment(job),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        ) as process,
    ):
        try:
            _watch(process, job)
        finally:
            # Whatever it started goes with it, also after a good end.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _watch(process: subprocess.Popen[bytes], job: Path) -> None:
    """Wait for the end of a conversion.

    Raises:
        ConversionError: it takes too long, or writes more than any form comes to.
    """
    until = time.monotonic() + TIME_S
    while time.monotonic() < until:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_LOOK_EVERY_S)
            return
        # The limit on one file does not stop a program that writes many.
        if _size(job) > OUTPUT:
            raise ConversionError(
                "LibreOffice 转换这个文件时写出的内容过多,已停止。请在 Word 或 Excel 中另存为 .docx 或 .xlsx 再上传。"
            )
    raise ConversionError(
        f"LibreOffice 用了 {TIME_S} 秒还没有转换完,已停止。请在 Word 或 Excel 中另存为 .docx 或 .xlsx 再上传。"
    )


def _size(folder: Path) -> int:
    """Return the bytes of the files in a folder that can still be seen: LibreOffice deletes some meanwhile."""
    total = 0
    for parent, _, names in os.walk(folder):  # unlike a path's rglob it goes on where a folder has gone
        for name in names:
            with contextlib.suppress(OSError):
                total += Path(parent, name).lstat().st_size
    return total


def _environment(job: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    fonts = fonts_of() / "fonts.conf"
    named = {"FONTCONFIG_FILE": str(fonts)} if fonts.exists() else {}
    return {**kept, **named, "HOME": str(job), "TMPDIR": str(job), "SAL_USE_VCLPLUGIN": "svp"}


@lru_cache(maxsize=1)
def _boxes() -> str:
    """Return which box this machine allows: bwrap, unshare as it is, unshare with own user ids, or none."""
    trials = (
        ("bwrap", ("bwrap", "--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev")),
        ("unshare -n", ("unshare", "--net")),
        ("unshare -rn", ("unshare", "--map-root-user", "--net")),
    )
    for name, prefix in trials:
        if (
            shutil.which(prefix[0])
            and subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0
        ):
            return name
    return ""


def _box(job: Path) -> tuple[str, ...]:
    """Return the words before a command that take its network away, and with bwrap all files but its own."""
    match _boxes():
        case "bwrap":
            return (*_only_own_files(job), "--")
        case "unshare -n":
            return ("unshare", "--net", "--")
        case "unshare -rn":
            return ("unshare", "--map-root-user", "--net", "--")
        case _:
            return ()


def _only_own_files(job: Path) -> tuple[str, ...]:
    binds = [("--ro-bind", place) for place in ("/usr", "/etc", "/opt", "/var/lib/libreoffice", str(fonts_of()))]
    roots = [Path(f"/{name}") for name in ("bin", "lib", "lib64", "sbin")]
    links = [("--symlink", str(root.readlink()), str(root)) for root in roots if root.is_symlink()]
    binds += [("--ro-bind", str(root)) for root in roots if root.is_dir() and not root.is_symlink()]
    return (
        *("bwrap", "--unshare-all", "--die-with-parent", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"),  # noqa: S108 - inside the box
        *(word for link in links for word in link),
        *(word for flag, place in binds if Path(place).exists() for word in (flag, place, place)),
        *("--bind", str(job), str(job), "--chdir", str(job)),
    )


def _result(path: Path) -> bytes:
    """Return what was written, if it is what was asked for.

    Raises:
        ConversionError: nothing was written, or something that cannot be opened.
    """
    data = path.read_bytes() if path.exists() else b""
    if not _is_whole(data, path.suffix):
        raise ConversionError(
            "LibreOffice 打不开这个文件(可能设有密码或已损坏)。"
            "请在 Word 或 Excel 中打开原文件,另存为 .docx 或 .xlsx 再上传。"
        )
    return data


def _is_whole(data: bytes, suffix: str) -> bool:
    if suffix == ".pdf":
        return data.startswith(b"%PDF-") and b"%%EOF" in data[-1024:]
    if suffix in {".doc", ".xls"}:
        return data.startswith(b"\xd0\xcf\x11\xe0")
    if suffix == ".rtf":
        return data.startswith(b"{\\rtf") and data.rstrip().endswith(b"}")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.testzip() is None
    except zipfile.BadZipFile:
        return False
