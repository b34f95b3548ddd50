"""Changes of what a PDF form prints: each must be told, with its old and its new text."""

from collections.abc import Callable
from random import Random

from tests import pdf_edits as edits
from tests.accidents.pages import Pages
from tests.accidents.truth import Tampering, Truth

_FEWEST = 3


def _printed(pages: Pages, chance: Random) -> tuple[int, str]:
    """A printed stretch of Chinese words of some page, and the page."""
    numbers = list(range(edits.count_of(pages.data)))
    for page in chance.sample(numbers, len(numbers)):
        texts = [text.strip() for text, _ in edits.texts_of(pages.data, page)]
        words = [
            text for text in texts if len(text) >= _FEWEST and all("\u4e00" <= letter <= "\u9fff" for letter in text)
        ]
        if words:
            return page, chance.choice(words)
    raise AssertionError("a form that prints no words")


def _changed(
    pages: Pages, truth: Truth, chance: Random, what: str, change: Callable[[bytes, int, str], tuple[bytes, str]]
) -> bool:
    page, old = _printed(pages, chance)
    pages.data, new = change(pages.data, page, old)
    truth.tampered.append(Tampering(what=what, words=(old, new) if new else (old,)))
    return True


def text_taken_out(pages: Pages, truth: Truth, chance: Random) -> bool:
    return _changed(pages, truth, chance, "taken out", lambda d, page, old: (edits.taken_out(d, old, page=page), ""))


def text_retyped(pages: Pages, truth: Truth, chance: Random) -> bool:
    """Taken out, and another text of the same length set in its place."""

    def change(data: bytes, page: int, old: str) -> tuple[bytes, str]:
        new = f"{old[:-1]}等"
        return edits.retyped(data, old, new, start=page), new

    return _changed(pages, truth, chance, "retyped", change)


def text_papered_over(pages: Pages, truth: Truth, chance: Random) -> bool:
    return _changed(
        pages, truth, chance, "papered over", lambda d, page, old: (edits.pasted_over(d, old, "", start=page), "")
    )


def line_added(pages: Pages, truth: Truth, chance: Random) -> bool:
    """A line set in the lower margin of a page."""
    page = chance.randrange(edits.count_of(pages.data))
    pages.data = edits.written_at(pages.data, page, 90, 44, "本栏由经办人代填")
    truth.tampered.append(Tampering(what="line added", words=("本栏由经办人代填",)))
    return True


def notes_page_taken_out(pages: Pages, truth: Truth, chance: Random) -> bool:
    """The page of 填表说明 taken out, on which nobody answers."""
    del chance
    pages.data = edits.pages_in_order(pages.data, [n for n in range(edits.count_of(pages.data)) if n != 1])
    truth.tampered.append(Tampering(what="page taken out", words=("原第2页", "填表说明")))
    return True
