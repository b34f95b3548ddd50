"""The Excel carrier: one workbook a form, filled, read back, identified and marked."""

from services.carriers.xlsx.fill import fill
from services.carriers.xlsx.identify import identify
from services.carriers.xlsx.mark import mark, unmark
from services.carriers.xlsx.read import read

__all__ = ["fill", "identify", "mark", "read", "unmark"]
