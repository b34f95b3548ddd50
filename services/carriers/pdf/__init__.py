"""The typeset form as a fillable PDF: filled from a record, read back, marked."""

from services.carriers.pdf.carried import claims_to_be_issued
from services.carriers.pdf.fill import fill
from services.carriers.pdf.identify import identify
from services.carriers.pdf.mark import mark, unmark
from services.carriers.pdf.read import read
from services.carriers.pdf.refusals import foreign

__all__ = ["claims_to_be_issued", "fill", "foreign", "identify", "mark", "read", "unmark"]
