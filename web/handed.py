"""Files handed in on a page: each is kept or told of, and one that is not taken keeps no other out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from flask import g, request
from werkzeug.datastructures import FileStorage

from services.carriers.reading import UnreadableError
from services.records.attachments import Attachment
from web import scope
from web.receiving import refuse_too_many


def sent(name: str) -> Iterator[FileStorage]:
    """Return the files that were chosen under a name."""
    return (file for file in request.files.getlist(name) if file.filename)


def refuse_more_than_may() -> None:
    """Refuse a request of more files than one may bring.

    Raises:
        UnreadableError: there are too many.
    """
    count = sum(bool(file.filename) for _, file in request.files.items(multi=True))
    refuse_too_many(count, scope.settings().files_limit)


def keep(files: Iterable[FileStorage], one: Callable[[str, bytes], Attachment]) -> None:
    """Keep each file that can be: it is ticked, and bound where that is asked for. Remember why the others cannot."""
    for file in files:
        try:
            g.added = (*g.get("added", ()), one(file.filename or "", file.read()).id)
        except UnreadableError as error:
            g.refused = (*g.get("refused", ()), error)


def refuse_untaken() -> None:
    """Refuse to go on where a file of this request was not taken.

    Raises:
        UnreadableError: how many were added, and of each of the others why it was not.
    """
    added, refused = len(g.get("added", ())), g.get("refused", ())
    if not refused:
        return
    why, why_en = "。".join(one.message for one in refused), "; ".join(one.message_en for one in refused)
    if added:
        why, why_en = f"已添加 {added} 份,{len(refused)} 份没有收:{why}", f"{added} added, {len(refused)} not: {why_en}"
    raise UnreadableError(refused[0].code, why, why_en)
