"""The page that checks a packet in a browser, off line: one file that holds its style and scripts."""

from __future__ import annotations

import re
from functools import lru_cache

from services.settings import ROOT

VERIFIER = "核验.html"
"""What it is called in a packet's zip."""

_STATIC = ROOT / "web" / "static"
_LINK = re.compile(r'<link rel="stylesheet" href="([a-z-]+\.css)">')
_SCRIPT = re.compile(r'<script src="([a-z-]+\.js)"></script>')


@lru_cache(maxsize=1)
def page() -> bytes:
    """Return the page with everything in it; it fetches nothing."""
    html = (_STATIC / "verify.html").read_text(encoding="utf-8")
    html = _LINK.sub(lambda found: f"<style>\n{_text(found[1])}</style>", html)
    return _SCRIPT.sub(lambda found: f"<script>\n{_text(found[1])}</script>", html).encode()


def _text(name: str) -> str:
    return (_STATIC / name).read_text(encoding="utf-8")
