"""The public register as CSV and as a page that needs no server: nothing is fetched, nothing of a person is in it."""

from __future__ import annotations

import csv
import io
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template, select_autoescape

from services.survey.tables import Made, texts

_PAGE = Path(__file__).parent / "register.html"
_BOM = "\ufeff"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(made: Made) -> bytes:
    """Return a table as CSV in UTF-8 with BOM, which Excel needs; no cell can be taken for a formula."""
    data = io.StringIO()
    writer = csv.writer(data, lineterminator="\r\n")
    writer.writerow(("序号", *(column.label for column in made.table.columns)))
    for line in list(texts(made))[: len(made.rows)]:
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell for cell in line])
    return (_BOM + data.getvalue()).encode()


def as_page(made: Made) -> bytes:
    """Return a table as one HTML page with a search box; it works without a network and without script."""
    heads = ("序号", *(column.label for column in made.table.columns))
    rows = list(texts(made))[: len(made.rows)]
    return _template().render(title=made.title, subtitle=made.subtitle, heads=heads, rows=rows).encode()


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        autoescape=select_autoescape(default=True), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_PAGE.read_text(encoding="utf-8"))
