"""The kinds of value a form asks for: each parses the text of a cell and shows a value as text.

Every kind is a frozen dataclass with the verbs of `Kind`; a declaration names a kind and its limits.
"""

from services.kinds.choice import Choice, Choices, Tick, YesNo
from services.kinds.code import Code
from services.kinds.day import Day, Month
from services.kinds.kind import JsonValue, Kind, Parsed, Value
from services.kinds.number import Number, Score, Whole
from services.kinds.picture import Picture
from services.kinds.text import Text

__all__ = [
    "Choice",
    "Choices",
    "Code",
    "Day",
    "JsonValue",
    "Kind",
    "Month",
    "Number",
    "Parsed",
    "Picture",
    "Score",
    "Text",
    "Tick",
    "Value",
    "Whole",
    "YesNo",
]
