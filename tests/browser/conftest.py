"""A running service for the browser: its own data, its own port, the server that clerks get."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from waitress.server import create_server

import app
from services.settings import load_settings
from web.server import BODY_LIMIT


@pytest.fixture
def service(tmp_path: Path) -> Iterator[str]:
    """The address of a service that nobody has used yet."""
    application = app.create_app(replace(load_settings(), data=tmp_path / "data"))
    listening = socket.create_server(("127.0.0.1", 0))
    server = create_server(application, sockets=[listening], threads=4, max_request_body_size=BODY_LIMIT)
    running = threading.Thread(target=server.run, daemon=True)
    running.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.close()
    running.join(timeout=10)
    listening.close()
