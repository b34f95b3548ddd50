"""What differs between two completed forms of one kind, whatever carried them (rules D09, K08)."""

from services.compare.differences import Change, Comparison, compare
from services.compare.sides import Side, plain, written
from services.compare.spans import LONG, Span, spans
from services.compare.wording import NOTHING, WHAT_LABELS, as_dict, said

__all__ = [
    "LONG",
    "NOTHING",
    "WHAT_LABELS",
    "Change",
    "Comparison",
    "Side",
    "Span",
    "as_dict",
    "compare",
    "plain",
    "said",
    "spans",
    "written",
]
