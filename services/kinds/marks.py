"""Reading which options of a printed line are ticked: □是 √否, 是(√)否( ), ■, ☑ and the like (rule N04)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from services.kinds.text import fold

ON = frozenset("√✓✔Vv对■☑●✅◉⊙☆*")
OFF = frozenset("□☐○◻_")
UNSURE = frozenset("×✕✗✘☒xX")
_BLANKS = re.compile(r"[\s\u00a0\u3000、,，;；/]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked:
    """The options of a line that are ticked, and those with a mark that may mean either (×).

    `understood` is false when other words stand there too; `marked` says that marks tell the choice.
    """

    on: tuple[str, ...]
    unsure: tuple[str, ...]
    understood: bool
    marked: bool = False


def read_marks(text: str, options: Sequence[str]) -> Ticked:
    """Return which of `options` (printed labels) `text` ticks.

    A mark may stand before each option, after each, or in brackets behind it; which of these the
    line uses is seen from its first and last token, else from the blanks around the mark (是√ 否);
    是√否 can be read both ways and is not understood. One bare option alone counts as ticked.
    """
    tokens = _tokens(fold(text), tuple(options))
    names = tuple(value for kind, value in tokens if kind == "option")
    if not names:
        return Ticked(on=(), unsure=(), understood=not any(k in ("on", "unsure", "other") for k, _ in tokens))
    understood = not any(kind == "other" for kind, _ in tokens)
    if all(kind in ("option", "other", "separator") for kind, _ in tokens):
        return Ticked(on=names, unsure=(), understood=understood)
    placed = [token for token in tokens if token[0] not in ("other", "separator")]
    if _is_ambiguous(placed):
        return _read_by_blanks(text, options)
    marks = _pair(_moved_into_boxes(placed))
    return Ticked(
        on=tuple(option for option, mark in marks if mark == "on"),
        unsure=tuple(option for option, mark in marks if mark == "unsure"),
        understood=understood,
        marked=True,
    )


@lru_cache(maxsize=256)
def _grammar(options: tuple[str, ...]) -> tuple[re.Pattern[str], Mapping[str, str]]:
    """Return what finds the options, brackets, separators and marks of a line, and the options by folded name."""
    folded = {fold(option): option for option in options}
    names = "|".join(re.escape(name) for name in sorted(folded, key=len, reverse=True))
    pattern = rf"(?P<option>{names})|\((?P<bracket>[^()]?)\)|(?P<separator>[、,;/\s])|(?P<mark>.)"
    return re.compile(pattern), MappingProxyType(folded)


def _tokens(text: str, options: tuple[str, ...]) -> list[tuple[str, str]]:
    pattern, names = _grammar(options)
    found: list[tuple[str, str]] = []
    for match in pattern.finditer(text):
        if match["option"] is not None:
            found.append(("option", names[match["option"]]))
        elif match["separator"] is not None:
            found.append(("separator", match[0]))
        else:
            mark = match["bracket"] if match["bracket"] is not None else match["mark"]
            # Behind an option 是 in brackets is a mark, 有(是); elsewhere it is the option: (是) 否 ticks no 否.
            is_option = match["bracket"] is not None and mark in names and not (found and found[-1][0] == "option")
            kind = "option" if is_option else _meaning(mark, in_bracket=match["bracket"] is not None)
            found.append((kind, names[mark] if is_option else match[0]))
    return found


def _meaning(mark: str, *, in_bracket: bool) -> str:
    if mark in ON or (in_bracket and mark in ("是", "有", "Y", "1")):
        return "on"
    if mark in UNSURE:
        return "unsure"
    return "off" if mark in OFF or (in_bracket and not mark) else "other"


def _is_bracketed(tokens: list[tuple[str, str]]) -> bool:
    return any(value.startswith("(") for kind, value in tokens if kind != "option")


def _is_ambiguous(tokens: list[tuple[str, str]]) -> bool:
    """Return whether a mark between two options may belong to either."""
    marks = sum(kind != "option" for kind, _ in tokens)
    between = tokens[0][0] == tokens[-1][0] == "option"
    return between and marks < len(tokens) - marks and not _is_bracketed(tokens)


def _read_by_blanks(text: str, options: Sequence[str]) -> Ticked:
    """Return what is ticked where each option stands apart with its own mark."""
    chunks = [chunk for chunk in _BLANKS.split(text) if chunk]
    read = [_tokens(fold(chunk), tuple(options)) for chunk in chunks]
    names = [[value for kind, value in tokens if kind == "option"] for tokens in read]
    marks = [{kind for kind, _ in tokens} - {"option"} for tokens in read]
    clear = all(len(some) == 1 or (some and not mark) for some, mark in zip(names, marks, strict=True))
    if not clear or any("other" in mark for mark in marks):
        return Ticked(on=(), unsure=(), understood=False)
    return Ticked(
        on=tuple(some[0] for some, mark in zip(names, marks, strict=True) if "on" in mark),
        unsure=tuple(some[0] for some, mark in zip(names, marks, strict=True) if "unsure" in mark),
        understood=True,
    )


def _moved_into_boxes(tokens: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the tokens with a mark that was written behind an option put into the empty box before it.

    □自有√ □租用 means √自有 □租用: the mark stands behind its option and before a box or the end. Only
    where boxes come first: in 是( )否(√) a bracket belongs to the option before it.
    """
    if tokens[0][0] == "option":
        return tokens
    moved = list(tokens)
    for number in range(len(tokens) - 1, 1, -1):
        box, option, mark = (kind for kind, _ in tokens[number - 2 : number + 1])
        ends = number + 1 == len(tokens) or tokens[number + 1][0] != "option"
        if box == "off" and option == "option" and mark in ("on", "unsure") and ends:
            moved[number - 2] = tokens[number]
            del moved[number]
    return moved


def _pair(tokens: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return each option with the mark that belongs to it ('' when it has none)."""
    suffixed = tokens[0][0] == "option" and (tokens[-1][0] != "option" or _is_bracketed(tokens))
    ordered = list(reversed(tokens)) if suffixed else tokens
    pairs: list[tuple[str, str]] = []
    mark = ""
    for kind, value in ordered:
        if kind == "option":
            pairs.append((value, mark))
            mark = ""
        else:
            mark = kind
    return list(reversed(pairs)) if suffixed else pairs
