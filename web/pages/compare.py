"""比较: two completed forms side by side, uploaded for it or two versions of what was submitted (rules D09, K08)."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from services import desk
from services.carriers.reading import UnreadableError
from services.compare import Comparison, Side
from services.records import submissions
from services.records.submissions import Submission
from web import scope
from web.receiving import examined, reopened

blueprint = Blueprint("compare", __name__, url_prefix="/compare")


@blueprint.get("")
def ask() -> str:
    """Show the box for two files."""
    return _page()


@blueprint.post("")
def compare() -> str | tuple[str, int]:
    """Compare two uploaded files; nothing is kept."""
    sent = [request.files.get(name) for name in ("old", "new")]
    named = [(file.filename or "", file.read()) for file in sent if file is not None and file.filename]
    if len(named) < len(sent):
        return _page("选择要比较的两份文件,再按“比较”"), 400
    try:
        sides = [_uploaded(name, data) for name, data in named]
        found = desk.compared(*sides)
    except UnreadableError as error:
        return _page(error.message), 422
    return _page(found=found, names=(named[0][0], named[1][0]), sides=(sides[0], sides[1]))


def _uploaded(name: str, data: bytes) -> Side:
    try:
        return desk.side_of(examined(name, data), masked=True)
    except UnreadableError as error:
        raise UnreadableError(error.code, f"“{name}”:{error.message}", f"{name}: {error.message_en}") from error


@blueprint.get("/<older>/<newer>")
def versions(older: str, newer: str) -> str | tuple[str, int]:
    """Compare two submissions: two versions of one, or two of the same form."""
    kept = [submissions.get(scope.store(), scope.unit(), own) for own in (older, newer)]
    sides = [desk.side_of(reopened(submission), masked=True) for submission in kept]
    try:
        found = desk.compared(*sides)
    except UnreadableError as error:
        return _page(error.message), 422
    names = (_name(kept[0]), _name(kept[1]))
    return _page(found=found, names=names, sides=(sides[0], sides[1]), kept=kept)


def _name(submission: Submission) -> str:
    return f"{submission.station} 第 {submission.version} 版"


def _page(
    message: str = "",
    found: Comparison | None = None,
    names: tuple[str, str] = ("", ""),
    sides: tuple[Side, Side] | None = None,
    kept: list[Submission] | None = None,
) -> str:
    return render_template("compare.html", message=message, found=found, names=names, sides=sides, kept=kept or [])
