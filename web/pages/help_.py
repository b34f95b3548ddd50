"""帮助 and 规则一览: the clerk's manuals, and every rule in words with where it comes from."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from flask import Blueprint, render_template
from markdown_it import MarkdownIt
from markupsafe import Markup

from services.catalogue import declared
from services.rules.source import statements
from services.settings import ROOT

blueprint = Blueprint("help_", __name__)
MANUAL = ROOT / "docs" / "使用说明.md"
SURVEYS = ROOT / "docs" / "汇总与名单.md"
"""What the manual links to; its page has the file's name, so that the link holds in the folder and here."""


_BASES = MappingProxyType({"a": "通知规定", "b": "参照同类表格和规定", "c": "本系统约定"})


def basis(source: str) -> str:
    """Return in words where a rule comes from; `source` is its marks, each with names of papers: `a · b P4/P3`."""
    marks = {part.split(maxsplit=1)[0] for part in source.split(" · ")}
    return "、".join(said for mark, said in _BASES.items() if mark in marks)


@lru_cache(maxsize=2)
def manual(file: Path) -> Markup:
    """Return a manual as HTML; raw HTML in it is escaped."""
    text = file.read_text(encoding="utf-8")
    # The renderer escapes everything that the manual's own text holds.
    return Markup(MarkdownIt("commonmark", {"html": False}).enable("table").render(text))  # noqa: S704


@blueprint.get("/help")
def help_page() -> str:
    """Show the manual."""
    return render_template("help.html", title=MANUAL.stem, manual=manual(MANUAL))


@blueprint.get(f"/{SURVEYS.name}")
def surveys_page() -> str:
    """Show the manual of provinces and the ministry."""
    return render_template("help.html", title=SURVEYS.stem, manual=manual(SURVEYS))


@blueprint.get("/rules")
def rules() -> str:
    """Show every rule."""
    used = {rule for form in declared() for rule in form.rules}
    return render_template("rules.html", statements=statements().values(), basis=basis, used=used, forms=declared())
