"""The Word form: filled from a record, and read back."""

from services.carriers.docx.fill import fill

__all__ = ["fill"]
