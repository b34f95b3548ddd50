"""The application factory, and the server that runs it; nothing else."""

from __future__ import annotations

from flask import Flask

from services.carriers import box
from services.records.store import open_store
from services.settings import Settings, load_settings
from web import api, guard, metrics, pages, scope, server


def create_app(settings: Settings | None = None) -> Flask:
    """Return the service: pages under /, JSON under /api/v1, /healthz, /metrics."""
    chosen = settings or load_settings()
    application = Flask("web", template_folder="templates", static_folder="static")
    scope.attach(application, chosen, open_store(chosen.data))
    guard.attach(application, chosen)
    metrics.attach(application)
    pages.attach(application)
    api.attach(application)
    return application


def run(settings: Settings, host: str, port: int) -> None:
    """Serve until stopped; the box for uploads warms up meanwhile."""
    box.prepare()
    server.serve(create_app(settings), host, port)
