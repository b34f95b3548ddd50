"""The Excel carrier: one workbook a form, filled, read back, identified and marked."""

from services.carriers.xlsx.fill import fill

__all__ = ["fill"]
