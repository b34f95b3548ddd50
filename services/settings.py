"""Where things are kept and how far things may go, from the environment with safe defaults."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Folders and limits. Sizes are bytes; `packet_limit` is for packets handed in, `upload_limit` for all else."""

    data: Path
    fonts: Path
    secret: bytes
    upload_limit: int = 60 * 1024 * 1024
    packet_limit: int = 240 * 1024 * 1024
    files_limit: int = 50


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of this process: CENSUS_DATA, CENSUS_FONTS, CENSUS_SECRET.

    Without CENSUS_SECRET the key that signs identities is kept in the data folder, made on first use.
    """
    data = Path(environment.get("CENSUS_DATA", ROOT / "output" / "data"))
    secret = environment.get("CENSUS_SECRET", "").encode() or _kept_secret(data / "secret.key")
    return Settings(data=data, fonts=fonts_of(environment), secret=secret)


def fonts_of(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of the fonts: what prints in the box may ask for it, and never for the key."""
    return Path(environment.get("CENSUS_FONTS") or ROOT / ".cache" / "fonts")


def _kept_secret(path: Path) -> bytes:
    """Return the key in `path`; write a new one first if there is none (two starts at once agree on one)."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, whole = tempfile.mkstemp(dir=path.parent)  # readable by its owner alone
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(_SECRET_BYTES))
        # A link appears whole or not at all: the other start never reads a key that is still being written.
        with contextlib.suppress(FileExistsError):
            os.link(whole, path)
        Path(whole).unlink()
    return path.read_bytes()
