"""Who asks, and where things are kept: the one place that accounts will change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from flask import Flask, current_app

from services.check import Context
from services.records.store import Store
from services.settings import Settings

_KEY = "census"
CHINA = timezone(timedelta(hours=8))
"""The time that clerks' days are counted in, wherever the machine stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The settings and the store of this application."""

    settings: Settings
    store: Store


def attach(application: Flask, settings: Settings, store: Store) -> None:
    """Give the application its settings and its store."""
    application.extensions[_KEY] = Place(settings=settings, store=store)


def _place() -> Place:
    return current_app.extensions[_KEY]


def settings() -> Settings:
    """Return this application's settings."""
    return _place().settings


def store() -> Store:
    """Return this application's store."""
    return _place().store


def unit() -> str:
    """Return the id of the unit that asks: the default unit, until accounts come."""
    return _place().store.unit


def kind() -> str:
    """Return the tier of the unit that asks: the highest until accounts come, so that each finds its own packet."""
    return "ministry"


def today() -> date:
    """Return the day it is in China."""
    return datetime.now(CHINA).date()


def context() -> Context:
    """Return what a check depends on beside the form: the day."""
    return Context(today=today())
