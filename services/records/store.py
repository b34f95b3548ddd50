"""Where records are kept: one database and one folder of files, opened once a process.

SQLite by default (WAL, flushed at every commit, waiting 30 s for a lock); any other database by its
SQLAlchemy address. Every query names the unit whose rows it means.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, select

from services.records import owners
from services.records.tables import history, metadata, units

DEFAULT_UNIT = ("DEMO", "演示省", "region")
"""The one unit there is until accounts come: its code, its name, its kind."""

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON")


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """An open database, the folder of files beside it, and the default unit's id."""

    engine: Engine
    files: Path
    unit: str


def open_store(folder: Path, url: str = "") -> Store:
    """Return the store in `folder`, made on first use with its default unit.

    Raises:
        OSError: the folder cannot be made or written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url or f"sqlite:///{folder / 'census.db'}")
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    with _writing(engine) as connection:
        is_older = not owners.are_known(connection)
        metadata.create_all(connection)
        if is_older:
            owners.adopt(connection)
        unit = _default_unit(connection)
    return Store(engine=engine, files=folder / "files", unit=unit)


def _prepare(connection: Any, record: object) -> None:
    """Set a new SQLite connection up; the driver's own transactions are switched off."""
    del record
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """Take the write lock at once where writing was announced: no deadlock between two upgrades."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _writing(engine: Engine) -> Generator[Connection]:
    with engine.execution_options(writes=True).begin() as connection:
        yield connection


@contextmanager
def writing(store: Store) -> Generator[Connection]:
    """Open a transaction that writes: committed at the end, undone by any exception."""
    with _writing(store.engine) as connection:
        yield connection


@contextmanager
def reading(store: Store) -> Generator[Connection]:
    """Open a transaction that only reads: everything in it is seen at one moment."""
    with store.engine.begin() as connection:
        yield connection


def _default_unit(connection: Connection) -> str:
    code, name, kind = DEFAULT_UNIT
    known = connection.execute(select(units.c.id).where(units.c.code == code)).scalar()
    if known is None:
        known = new_id()
        connection.execute(insert(units).values(id=known, code=code, name=name, kind=kind))
    return known


def new_id() -> str:
    """Return a new identity: 128 random bits, nobody guesses it; lower-case letters and digits."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


def now() -> str:
    """Return this moment as it is kept."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One line of history to be written: who did what to which file, with a word of detail."""

    action: str
    sha: str = ""
    detail: str = ""
    actor: str = "经办人"


def remember(connection: Connection, unit: str, subject: str, act: Act) -> None:
    """Add a line to the history of `subject`."""
    values = {"unit_id": unit, "subject_id": subject, "at": now()}
    values |= {"actor": act.actor, "action": act.action, "sha": act.sha, "detail": act.detail}
    connection.execute(insert(history).values(values))


def acts(connection: Connection, unit: str, subject: str) -> tuple[Any, ...]:
    """Return the history of `subject`, oldest first: rows with `at`, `actor`, `action`, `sha`, `detail`."""
    wanted = (history.c.unit_id == unit) & (history.c.subject_id == subject)
    return tuple(connection.execute(select(history).where(wanted).order_by(history.c.id)))
