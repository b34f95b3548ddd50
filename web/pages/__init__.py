"""The pages for clerks: one module for each thing a clerk does."""

from __future__ import annotations

from flask import Flask

from web import words
from web.pages import batches, bound, compare, drafts, forms, help_, home, slips, submissions, upgrade, upload


def attach(application: Flask) -> None:
    """Open every page, and give the templates their words."""
    words.attach(application)
    for page in (home, forms, batches, drafts, upload, submissions, slips, upgrade, compare, bound, help_):
        application.register_blueprint(page.blueprint)
