"""Other programs that save a form: LibreOffice in batches, AbiWord, Gnumeric's ssconvert, pandoc, where installed."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

WRITERS: Mapping[str, str] = MappingProxyType(
    {
        "docx": "docx:MS Word 2007 XML",
        "doc": "doc:MS Word 97",
        "odt": "odt:writer8",
        "rtf": "rtf:Rich Text Format",
        "xlsx": "xlsx:Calc MS Excel 2007 XML",
        "xls": "xls:MS Excel 97",
        "ods": "ods:calc8",
    }
)
READERS: Mapping[str, str] = MappingProxyType(
    {
        "docx": "MS Word 2007 XML",
        "doc": "MS Word 97",
        "odt": "writer8",
        "rtf": "Rich Text Format",
        "xlsx": "Calc MS Excel 2007 XML",
        "xls": "MS Excel 97",
        "ods": "calc8",
    }
)
# A file in an old format is turned into docx or xlsx by the door itself, with these very filters, before it is read.
BY_LIBREOFFICE: Mapping[str, Sequence[tuple[str, ...]]] = MappingProxyType(
    {
        "docx": (("docx",), ("docx",), ("docx", "docx"), ("doc", "docx"), ("odt", "docx"), ("rtf", "docx")),
        "xlsx": (("xlsx",), ("xlsx", "xlsx"), ("xls", "xlsx"), ("ods", "xlsx")),
    }
)
START_S, FILE_S = 30, 5


def ways(suffix: str, share: float) -> list[tuple[str, ...]]:
    """The ways to choose from with equal chance: `share` of them through programs that are installed."""
    through = list(BY_LIBREOFFICE[suffix]) if shutil.which("soffice") else []
    if suffix == "xlsx" and shutil.which("ssconvert"):
        through += [("gnumeric:xlsx",), ("gnumeric:xls", "xlsx")]
    if not through or share <= 0:
        return [()]
    return [*through, *[()] * max(1, round(len(through) * (1 - share) / share))]


def through(files: Sequence[tuple[bytes, tuple[str, ...], str]]) -> list[bytes | None]:
    """Each file (bytes, way, suffix) after it was saved as the suffixes of its way; None where a program failed.

    Step by step all files that go the same way are converted together: a program's start costs more than a file.
    """
    current: list[bytes | None] = [data for data, _, _ in files]
    suffixes = [suffix for _, _, suffix in files]
    for step in range(max((len(way) for _, way, _ in files), default=0)):
        groups: dict[tuple[str, str], list[int]] = {}
        for number, (_, way, _) in enumerate(files):
            if step < len(way) and current[number] is not None:
                groups.setdefault((suffixes[number], way[step]), []).append(number)
        for (suffix, said), numbers in groups.items():
            program, _, target = said.rpartition(":")
            convert = _by_gnumeric if program == "gnumeric" else _by_libreoffice
            saved = convert([current[number] or b"" for number in numbers], suffix, target)
            for number, data in zip(numbers, saved, strict=True):
                current[number], suffixes[number] = data, target
    return current


def _by_libreoffice(files: Sequence[bytes], suffix: str, target: str) -> list[bytes | None]:
    """One start of LibreOffice for all. A file at which it crashes or hangs is given up, the rest is tried again."""
    found: list[bytes | None] = [None] * len(files)
    left = list(range(len(files)))
    while left:
        with tempfile.TemporaryDirectory(prefix="accidents-") as folder:
            home = Path(folder)
            for number in left:
                (home / f"{number}.{suffix}").write_bytes(files[number])
            _run([*_command(home, suffix, target), *(str(home / f"{n}.{suffix}") for n in left)], home, len(left))
            for number in left:
                saved = home / "out" / f"{number}.{target}"
                found[number] = saved.read_bytes() if saved.exists() and saved.stat().st_size else None
        left = [number for number in left if found[number] is None][1:]
    return found


def _command(home: Path, suffix: str, target: str) -> list[str]:
    profile = f"-env:UserInstallation=file://{home}/profile"
    said = ["soffice", profile, "--headless", "--norestore", "--nolockcheck", f"--infilter={READERS[suffix]}"]
    return [*said, "--convert-to", WRITERS[target], "--outdir", str(home / "out")]


def _run(command: Sequence[str], home: Path, files: int) -> None:
    """Run a program for so long as so many files may take, then end it with all that it started."""
    with subprocess.Popen(
        command, cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            process.wait(START_S + files * FILE_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def _by_gnumeric(files: Sequence[bytes], suffix: str, target: str) -> list[bytes | None]:
    exporter = {"xlsx": "Gnumeric_Excel:xlsx", "xls": "Gnumeric_Excel:excel_biff8"}[target]
    found: list[bytes | None] = []
    with tempfile.TemporaryDirectory(prefix="accidents-") as folder:
        for data in files:
            source, out = Path(folder) / f"a.{suffix}", Path(folder) / f"b.{target}"
            source.write_bytes(data)
            out.unlink(missing_ok=True)
            subprocess.run(
                ["ssconvert", "-T", exporter, str(source), str(out)], capture_output=True, timeout=START_S, check=False
            )
            found.append(out.read_bytes() if out.exists() else None)
    return found
