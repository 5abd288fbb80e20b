"""Connections: a database URL in, an engine out whose transactions hold what they promise.

SQLite runs with a write-ahead log, `synchronous=FULL` and `BEGIN IMMEDIATE` for writes: what was acknowledged is on
the disk, and two writers wait for each other instead of failing. On PostgreSQL one advisory lock makes writers
wait for each other, because sums and revision numbers must not be read while somebody else changes them.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError, SQLAlchemyError

from clearcut.store.sqlite_file import APPLICATION_ID, StoreError, is_sqlite

_BUSY_TIMEOUT_MS = 10_000
_WRITERS_LOCK = 0x636C6374
_TURNS: WeakKeyDictionary[Engine, threading.Lock] = WeakKeyDictionary()
_TURNS_MADE = threading.Lock()
# For this transaction alone, so that it holds behind a pooler too: what is acknowledged is on the disk, whatever the
# database's default; a writer that holds the lock for long is waited for no longer than on SQLite.
_ALONE = text(
    "SELECT set_config('synchronous_commit', 'on', true), set_config('lock_timeout', :wait, true),"
    " pg_advisory_xact_lock(:lock)"
)
# Seconds and (the last) milliseconds: a database whose machine is gone is given up, not waited for.
_REACHING = {
    "connect_timeout": 10,
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}


def database_url(place: str) -> URL:
    """The URL of a database: a plain path is a SQLite file, PostgreSQL is spoken to through psycopg 3.

    Raises StoreError on anything else. The message never holds the URL, which may hold a password.
    """
    if "://" not in place:
        return URL.create("sqlite", database=str(Path(place).absolute()))
    try:
        url = make_url(place)
    except ArgumentError:
        raise StoreError("the database URL cannot be read") from None
    backend = url.get_backend_name()
    if backend == "sqlite":
        if not url.database or url.database == ":memory:":
            raise StoreError("a SQLite database needs a file: sqlite:///FILE")
        return url.set(drivername="sqlite")
    if backend in {"postgresql", "postgres"}:
        return url.set(drivername="postgresql+psycopg")
    raise StoreError(f"no database of kind {backend!r} is supported: SQLite and PostgreSQL are")


def connect(url: URL, *, create: bool) -> Engine:
    """An engine for the URL; a SQLite file is made where there is none, if `create`. Raises StoreError."""
    if url.get_backend_name() == "sqlite":
        path = Path(str(url.database)).absolute()
        _prepare_file(path, create=create)
        # Never made by opening it: a file that was moved away is missed, and not taken for an empty one.
        opened = URL.create("sqlite", database=path.as_uri(), query={"mode": "rw", "uri": "true"})
        engine = sqlalchemy.create_engine(opened, connect_args={"timeout": _BUSY_TIMEOUT_MS / 1000})
        _hold_to_the_file(engine, path)
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        return sqlalchemy.create_engine(url, pool_pre_ping=True, pool_size=8, connect_args=_REACHING)
    except ImportError:
        raise StoreError(
            "PostgreSQL needs the `postgres` extra", remedy="pip install 'clearcut[server,postgres]'"
        ) from None


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one moment of the database. Raises StoreError."""
    with _translated(), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")  # noqa: PLW2901
        with connection.begin():
            yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that no other writer runs beside; committed at the end, or nothing is changed.

    Raises StoreError.
    """
    with _turn(engine), _translated(), engine.connect() as connection:
        marked = connection.execution_options(clearcut_writes=True)
        with marked.begin():
            if engine.dialect.name == "postgresql":
                marked.execute(_ALONE, {"lock": _WRITERS_LOCK, "wait": f"{_BUSY_TIMEOUT_MS}ms"})
            yield marked


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """Writers of one process take turns before they ask the database.

    SQLite lets who waits for it sleep up to 0.1 s at a time and serves whoever wakes first: of 50 at once some
    waited for seconds.
    """
    with _TURNS_MADE:
        turn = _TURNS.setdefault(engine, threading.Lock())
    if not turn.acquire(timeout=_BUSY_TIMEOUT_MS / 1000):
        raise StoreError("the database did not do what was asked (it is locked by another writer)")
    try:
        yield
    finally:
        turn.release()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        # The driver's own words: SQLAlchemy's hold the statement and its values.
        cause = str(getattr(error, "orig", None) or type(error).__name__).splitlines()[0]
        raise StoreError(f"the database did not do what was asked ({cause})") from None


def _prepare_file(path: Path, *, create: bool) -> None:
    try:
        if path.exists():
            if path.stat().st_size and not is_sqlite(path):
                raise StoreError("not a SQLite file", where=str(path))
            return
        if not create:
            raise StoreError("there is no such database", where=str(path))
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Contracts and names are in it: nobody but its owner reads it. The log files take over its permissions.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreError(f"the database cannot be opened ({error.strerror})", where=str(path)) from None


def _hold_to_the_file(engine: Engine, path: Path) -> None:
    """A connection to a file that has been moved away or replaced is given up, and one to the file there is made.

    It would go on reading and writing the old one: a revocation that others store in the new one would be missed.
    """

    def remember(_dialect: Any, record: Any, _arguments: Any, _options: Any) -> None:
        # Before it is opened: should it be replaced in between, the connection is only made once more.
        record.info["file"] = _file_at(path)

    def compare(_connection: Any, record: Any, _proxy: Any) -> None:
        if record.info["file"] != _file_at(path):
            raise DisconnectionError("the database's file was replaced")

    event.listen(engine, "do_connect", remember)
    event.listen(engine, "checkout", compare)


def _file_at(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError as error:
        raise StoreError(f"the database cannot be opened ({error.strerror})", where=str(path)) from None
    return found.st_dev, found.st_ino


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transactions begin deferred and fail under load; ours begin in `_begin_sqlite`.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    # The journal's mode is written into the file, and a foreign file is not ours to change.
    if cursor.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,):
        cursor.execute("PRAGMA journal_mode = WAL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("clearcut_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def mark_as_ours(engine: Engine) -> None:
    """Writes our application id into a SQLite file, so that a foreign file is never taken for a registry."""
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.cursor().execute("PRAGMA journal_mode = WAL")
