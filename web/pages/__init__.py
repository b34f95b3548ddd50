"""The pages for clerks: one module for each thing a clerk does."""

from __future__ import annotations

from flask import Flask

from web import words
from web.pages import drafts, forms, help_, home, packets, submissions, upload


def attach(application: Flask) -> None:
    """Open every page, and give the templates their words."""
    words.attach(application)
    for page in (home, forms, drafts, upload, submissions, packets, help_):
        application.register_blueprint(page.blueprint)
