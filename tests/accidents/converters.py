"""Other programs that save a form: LibreOffice in batches, AbiWord, Gnumeric's ssconvert, pandoc, where installed."""

import shutil
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
TIME_S = 600


def ways(suffix: str, share: float = 0.55) -> list[tuple[str, ...]]:
    """The ways to choose from with equal chance: `share` of them through programs that are installed."""
    through = list(BY_LIBREOFFICE[suffix]) if shutil.which("soffice") else []
    if suffix == "xlsx" and shutil.which("ssconvert"):
        through += [("gnumeric:xlsx",), ("gnumeric:xls", "xlsx")]
    if suffix == "docx" and shutil.which("abiword"):
        through += []
    untouched = round(len(through) * (1 - share) / share) if through else 1
    return [*through, *[()] * max(1, untouched)]


def through(files: Sequence[bytes], way: tuple[str, ...], suffix: str) -> list[bytes | None]:
    """Each file after it was saved as the suffixes of `way`, one after the other; None where a program failed."""
    current: list[bytes | None] = list(files)
    for step in way:
        program, _, target = step.rpartition(":")
        convert = _by_gnumeric if program == "gnumeric" else _by_libreoffice
        there = [number for number, data in enumerate(current) if data is not None]
        saved = convert([current[number] or b"" for number in there], suffix, target)
        for number, data in zip(there, saved, strict=True):
            current[number] = data
        suffix = target
    return current


def _by_libreoffice(files: Sequence[bytes], suffix: str, target: str) -> list[bytes | None]:
    """One start of LibreOffice for all; what it gave up on is tried in halves, so that one crash costs one file."""
    if not files:
        return []
    with tempfile.TemporaryDirectory(prefix="accidents-") as folder:
        home = Path(folder)
        names = [home / f"{number}.{suffix}" for number in range(len(files))]
        for name, data in zip(names, files, strict=True):
            name.write_bytes(data)
        command = [
            *("soffice", f"-env:UserInstallation=file://{home}/profile", "--headless", "--norestore", "--nolockcheck"),
            *(f"--infilter={READERS[suffix]}", "--convert-to", WRITERS[target], "--outdir", str(home / "out")),
            *map(str, names),
        ]
        subprocess.run(command, cwd=home, capture_output=True, timeout=TIME_S, check=False)
        out = [home / "out" / f"{number}.{target}" for number in range(len(files))]
        found = [name.read_bytes() if name.exists() and name.stat().st_size else None for name in out]
    if len(files) > 1 and None in found:
        lost = [number for number, data in enumerate(found) if data is None]
        half = (len(lost) + 1) // 2
        for some in (lost[:half], lost[half:]):
            for number, data in zip(some, _by_libreoffice([files[n] for n in some], suffix, target), strict=True):
                found[number] = data
    return found


def _by_gnumeric(files: Sequence[bytes], suffix: str, target: str) -> list[bytes | None]:
    exporter = {"xlsx": "Gnumeric_Excel:xlsx", "xls": "Gnumeric_Excel:excel_biff8"}[target]
    found: list[bytes | None] = []
    with tempfile.TemporaryDirectory(prefix="accidents-") as folder:
        for data in files:
            source, out = Path(folder) / f"a.{suffix}", Path(folder) / f"b.{target}"
            source.write_bytes(data)
            out.unlink(missing_ok=True)
            subprocess.run(
                ["ssconvert", "-T", exporter, str(source), str(out)], capture_output=True, timeout=TIME_S, check=False
            )
            found.append(out.read_bytes() if out.exists() else None)
    return found
