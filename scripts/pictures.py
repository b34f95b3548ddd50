"""Remake the two pictures of the README from the running service: python scripts/pictures.py

Needs what `./dev test` installs (Chromium, pdftoppm).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import sync_playwright  # noqa: E402 - the path comes first
from waitress.server import create_server  # noqa: E402 - the same

from app import create_app  # noqa: E402 - the same
from services import desk  # noqa: E402 - the same
from services.catalogue import concrete  # noqa: E402 - the same
from services.record import build, entries_of  # noqa: E402 - the same
from services.sample import sample  # noqa: E402 - the same
from services.settings import load_settings  # noqa: E402 - the same

PICTURES = ROOT / "docs" / "pictures"
BROWSER = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
FAULTS = {
    "agency_code": "1001100",
    "postcode": None,
    "office_area": None,
    "items.A01.self": None,
    "examiners.0.id_no": "11010519491231002Y",
}


def main() -> None:
    """Write docs/pictures/findings.png and docs/pictures/form.png."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = load_settings({**os.environ, "CENSUS_DATA": name})
        form = concrete("evaluation")
        record = build(form, entries_of(form, sample(form)) | FAULTS)
        upload = folder / "评估表.docx"
        upload.write_bytes(desk.issue(form, record, "docx", settings).data)
        server: Any = create_server(create_app(settings), host="127.0.0.1", port=0)
        threading.Thread(target=server.run, daemon=True).start()
        _page(f"http://127.0.0.1:{server.effective_port}", upload)
        _form(folder, desk.issue(form, sample(form), "pdf", settings).data)


def _page(address: str, upload: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(BROWSER))
        page = browser.new_page(viewport={"width": 1120, "height": 860})
        page.goto(f"{address}/upload")
        page.set_input_files("input[type=file]", str(upload))
        page.click("main button[type=submit]")
        page.wait_for_selector("text=问题清单")
        page.screenshot(path=PICTURES / "findings.png")
        browser.close()


def _form(folder: Path, data: bytes) -> None:
    source = folder / "form.pdf"
    source.write_bytes(data)
    picture = ["pdftoppm", "-png", "-r", "75", "-f", "3", "-l", "3", "-singlefile"]
    subprocess.run([*picture, source, PICTURES / "form"], check=True)


if __name__ == "__main__":
    main()
