"""The Word form: filled from a record, and read back."""

from services.carriers.docx.fill import fill
from services.carriers.docx.identify import identify
from services.carriers.docx.mark import mark, unmark
from services.carriers.docx.read import read

__all__ = ["fill", "identify", "mark", "read", "unmark"]
