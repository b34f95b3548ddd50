"""Where things are kept and how far things may go, from the environment with safe defaults."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Folders and limits. Sizes are bytes."""

    data: Path
    fonts: Path
    secret: bytes
    upload_limit: int = 60 * 1024 * 1024
    files_limit: int = 50


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of this process: CENSUS_DATA, CENSUS_FONTS, CENSUS_SECRET.

    Without CENSUS_SECRET the key that signs identities is kept in the data folder, made on first use.
    """
    data = Path(environment.get("CENSUS_DATA", ROOT / "output" / "data"))
    secret = environment.get("CENSUS_SECRET", "").encode() or _kept_secret(data / "secret.key")
    return Settings(data=data, fonts=Path(environment.get("CENSUS_FONTS", ROOT / ".cache" / "fonts")), secret=secret)


def _kept_secret(path: Path) -> bytes:
    """Return the key in `path`; write a new one first if there is none (two starts at once agree on one)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(secrets.token_bytes(_SECRET_BYTES))
    except FileExistsError:
        pass
    return path.read_bytes()
