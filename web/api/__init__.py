"""The JSON API under /api/v1: the same doors as the command and the pages."""

from __future__ import annotations

from flask import Flask

from web.api import batches, check, compare, forms, openapi, packets, slips, submissions

PREFIX = "/api/v1"


def attach(application: Flask) -> None:
    """Open every address of the API."""
    for part in (forms, check, compare, submissions, slips, batches, packets, openapi):
        application.register_blueprint(part.blueprint, url_prefix=PREFIX)
