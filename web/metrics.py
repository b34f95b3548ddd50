"""What the service counts, in the text form that Prometheus reads; and whether it is well."""

from __future__ import annotations

import threading
import time
from collections import Counter

from flask import Blueprint, Flask, Response, g, request
from sqlalchemy import func, select

from services.records.store import reading
from services.records.tables import submissions
from web import scope

_COUNTS: Counter[tuple[str, str, str]] = Counter()
_SECONDS: Counter[str] = Counter()
_LOCK = threading.Lock()

blueprint = Blueprint("metrics", __name__)


def attach(application: Flask) -> None:
    """Count every request of the application and open /healthz and /metrics."""
    application.before_request(_begin)
    application.after_request(_count)
    application.register_blueprint(blueprint)


def _begin() -> None:
    g.began = time.perf_counter()


def _count(response: Response) -> Response:
    endpoint = request.endpoint or "none"
    with _LOCK:
        _COUNTS[request.method, endpoint, str(response.status_code)] += 1
        _SECONDS[endpoint] += time.perf_counter() - g.get("began", time.perf_counter())
    return response


@blueprint.get("/healthz")
def healthz() -> Response:
    """Answer `ok` when the database can be read."""
    with reading(scope.store()) as connection:
        connection.execute(select(func.count()).select_from(submissions))
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/metrics")
def metrics() -> Response:
    """Answer the counts: requests, their seconds, submissions by form and state."""
    with _LOCK:
        counts, seconds = sorted(_COUNTS.items()), sorted(_SECONDS.items())
    lines = ["# TYPE census_requests_total counter"]
    lines += [f'census_requests_total{{method="{m}",endpoint="{e}",status="{s}"}} {n}' for (m, e, s), n in counts]
    lines += ["# TYPE census_request_seconds_total counter"]
    lines += [f'census_request_seconds_total{{endpoint="{e}"}} {n:.6f}' for e, n in seconds]
    lines += ["# TYPE census_submissions gauge"]
    lines += [f'census_submissions{{form="{f}",state="{s}"}} {n}' for f, s, n in _kept()]
    return Response("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def _kept() -> list[tuple[str, str, int]]:
    wanted = select(submissions.c.form, submissions.c.state, func.count()).group_by(
        submissions.c.form, submissions.c.state
    )
    with reading(scope.store()) as connection:
        return [(form, state, number) for form, state, number in connection.execute(wanted)]
