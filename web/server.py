"""The server: waitress, which takes slow and large bodies in by itself before a page is asked."""

from __future__ import annotations

import logging

import waitress
from flask import Flask

THREADS = 8
BODY_LIMIT = 256 * 1024 * 1024
"""Bytes that are taken in at all: a body between the service's limit and this one gets a page that says so."""


def serve(application: Flask, host: str, port: int) -> None:
    """Serve until stopped; the log goes to stderr."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    waitress.serve(
        application,
        host=host,
        port=port,
        threads=THREADS,
        max_request_body_size=BODY_LIMIT,
        channel_timeout=60,
        ident=None,
    )
