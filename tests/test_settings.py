"""Where things are kept, and the key that signs identities."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from services.settings import load_settings


def test_folders_and_key_follow_the_environment(tmp_path: Path) -> None:
    settings = load_settings({"CENSUS_DATA": str(tmp_path), "CENSUS_FONTS": "/usr/share/fonts", "CENSUS_SECRET": "密"})
    assert settings.data == tmp_path
    assert settings.fonts == Path("/usr/share/fonts")
    assert settings.secret == b"\xe5\xaf\x86"


def test_a_key_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    environment = {"CENSUS_DATA": str(tmp_path / "new" / "data")}
    first = load_settings(environment).secret
    kept = tmp_path / "new" / "data" / "secret.key"
    assert len(first) == 32
    assert load_settings(environment).secret == first
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in kept.parent.iterdir()] == ["secret.key"]


def test_starts_at_the_same_time_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: load_settings({"CENSUS_DATA": str(tmp_path)}).secret, range(64)))
    assert {len(key) for key in keys} == {32}
    assert len(keys) == 1
