"""What the ministry publishes of a survey: red and black list, correction, revocation, register."""

from __future__ import annotations

from forms.lists import BLACK_LIST, RECTIFICATION, RED_LIST, REGISTER, REVOKED
from services.summary import Table
from services.survey.rows import SOURCES
from services.survey.stations import Survey
from services.survey.tables import Made, made


def listed(survey: Survey, table: Table) -> Made:
    """Return a declared list of a survey."""
    return made(table, SOURCES[table.rows](survey))


def red_black(survey: Survey) -> tuple[Made, Made]:
    """Return red list and black list: what provinces and industries proposed on form 1."""
    return listed(survey, RED_LIST), listed(survey, BLACK_LIST)


def rectification(survey: Survey) -> tuple[Made, ...]:
    """Return the list of stations that must correct something within a time."""
    return (listed(survey, RECTIFICATION),)


def revoked(survey: Survey) -> tuple[Made, ...]:
    """Return the list of stations whose licence is revoked."""
    return (listed(survey, REVOKED),)


def register(survey: Survey) -> tuple[Made, ...]:
    """Return the public register of all stations, without anything of a person."""
    return (listed(survey, REGISTER),)
