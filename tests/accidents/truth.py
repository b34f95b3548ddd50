"""What a file must read as: the answers by path, what has to be asked about, what was done to the printed text."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from services.answers import field_at
from services.form import Form
from services.kinds import Code, Text, Tick
from services.record import Record, build, entries_of


@dataclass(kw_only=True)
class Tampering:
    """A change of the form itself, and the words (old, new) that a finding about it must hold."""

    what: str
    words: tuple[str, ...]
    adds: bool = False
    """Whether it only adds words: LibreOffice drops a cell beyond the grid from an .odt, and all is as issued."""


@dataclass(kw_only=True)
class Truth:
    """What must be read from a file.

    `asked` are answers about which the clerk must be asked, `unsure` those of them whose value nobody can
    know, `gone` those whose cell was deleted: empty is right, if it is told. `loose` says that identity
    findings are right, since the file lost what it says of itself; `told` are codes that must be found.
    """

    form: Form
    entries: dict[str, Any]
    asked: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    tampered: list[Tampering] = field(default_factory=list)
    told: set[str] = field(default_factory=set)
    may_tell: set[str] = field(default_factory=set)
    operations: list[str] = field(default_factory=list)

    @property
    def is_touched(self) -> bool:
        """Whether anything was done that a reader may or must speak about."""
        return bool(self.asked or self.unsure or self.gone or self.tampered or self.told or self.may_tell)

    def record(self) -> Record:
        """The record that must be read."""
        return build(self.form, self.entries)

    def rows(self, key: str) -> list[dict[str, Any]]:
        """The rows of a schedule, in order."""
        found: dict[int, dict[str, Any]] = {}
        for path, value in self.entries.items():
            head, *rest = path.split(".")
            if head == key and len(rest) > 1:
                found.setdefault(int(rest[0]), {})[rest[1]] = value
        return [found[number] for number in sorted(found)]

    def set_rows(self, key: str, rows: list[dict[str, Any]]) -> None:
        """Replace the rows of a schedule."""
        self.entries = {path: value for path, value in self.entries.items() if path.split(".")[0] != key}
        for number, row in enumerate(rows):
            self.entries |= {f"{key}.{number}.{column}": value for column, value in row.items()}

    def open_schedules(self) -> list[str]:
        """The schedules whose rows a clerk may add and take."""
        return [schedule.key for schedule in self.form.schedules if not schedule.totals_of]


def truth_of(form: Form, record: Record) -> Truth:
    """What an untouched file must read as."""
    return Truth(form=form, entries=entries_of(form, record))


def nothing_of(form: Form, path: str, sign: str) -> Any:
    """What a cell with 无, / or — holds (rule D07): words stay words, some numbers of papers may be 无."""
    kind = field_at(form, path).kind
    match kind:
        case Text():
            return sign
        case Code():
            return "无" if kind.scheme in {"document", "licence", "card", "certificate"} else None
        case Tick():
            return False
        case _:
            return None


def same(kind_value: Any, other: Any) -> bool:
    """Whether two values are equal; a Decimal equals the int it is."""
    if isinstance(kind_value, Decimal) and isinstance(other, int | Decimal):
        return kind_value == other
    return kind_value == other
