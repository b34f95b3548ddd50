"""What all tests share: a folder of their own, hypothesis without a clock, and a real browser."""

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from app import create_app
from services.settings import load_settings

ROOT = Path(__file__).resolve().parent.parent

# Chromium's own errands are refused by a machine without a network and would fill the log.
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# The gate must say the same twice: its cases follow from the test alone. HYPOTHESIS_PROFILE=search looks for new ones.
settings.register_profile("gate", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("search", deadline=None, max_examples=2_000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))


@pytest.fixture(scope="session", autouse=True)
def _kept_apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test writes where the service on this machine keeps its data, nor signs with its key."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CENSUS_DATA", str(tmp_path_factory.mktemp("data")))
        patch.setenv("CENSUS_SECRET", "a key that only the tests use")
        yield


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    """A visitor of a service that has kept nothing yet."""
    with create_app(replace(load_settings(), data=tmp_path)).test_client() as visitor:
        yield visitor


@pytest.fixture
def untraced() -> Iterator[None]:
    """A test that measures time: coverage's tracer, which takes five times what it watches, is off meanwhile."""
    tracer = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(tracer)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser program that `./dev test` installed."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert found, "no browser: run ./dev setup test"
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for all tests of a worker; each test opens its own page in it."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_ARGUMENTS))
        yield running
        running.close()


@pytest.fixture
def browser_context(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor without a past: no cookies, a Chinese desktop screen, downloads accepted."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900}, accept_downloads=True)
    yield context
    context.close()


@pytest.fixture
def page(browser_context: BrowserContext) -> Page:
    """An empty page of that visitor."""
    return browser_context.new_page()
