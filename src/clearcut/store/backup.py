"""Copies of a SQLite database: whole and of one moment, taken while the server runs, checked before they are used."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from clearcut.errors import UsageError
from clearcut.store.connecting import database_url
from clearcut.store.sqlite_file import APPLICATION_ID, StoreError


def backup(place: str, target: Path) -> None:
    """Writes the database into a new file, readable by its owner alone. Raises UsageError and StoreError."""
    source = _sqlite_path(place)
    if not source.is_file():
        raise StoreError("there is no such database", where=str(source))
    if target.exists():
        raise UsageError("the backup's file is there already", where=str(target), remedy="name a new file")
    part = target.with_name(f"{target.name}.part")
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        _copy(source, part)
        _check(part)
        # A backup that broke off never bears the name of one.
        part.replace(target)
    except OSError as error:
        raise StoreError(f"the backup cannot be written ({error.strerror})", where=str(target)) from None
    finally:
        part.unlink(missing_ok=True)


def restore(source: Path, place: str) -> None:
    """Makes a backup the database. Raises UsageError when a database is there: nothing is ever overwritten."""
    target = _sqlite_path(place)
    if not source.is_file():
        raise UsageError(
            "there is no such backup", where=str(source), remedy="name a file of `clearcut db backup`"
        )
    # A log without its database is replayed into whatever database is put beside it.
    there = next((one for one in (target, *map(target.with_name, _logs(target))) if one.exists()), None)
    if there is not None:
        raise UsageError(
            "there is a database already" if there == target else "the log of a database is there",
            where=str(there),
            remedy="stop the server and move the database, with its -wal and -shm files, out of the way",
        )
    _check(source)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    backup(str(source), target)


def _logs(path: Path) -> tuple[str, str]:
    return f"{path.name}-wal", f"{path.name}-shm"


def _sqlite_path(place: str) -> Path:
    url = database_url(place)
    if url.get_backend_name() != "sqlite":
        raise UsageError(
            "PostgreSQL has its own tools for this", remedy="use pg_dump and pg_restore, or base backups"
        )
    return Path(str(url.database))


def _copy(source: Path, target: Path) -> None:
    try:
        with (
            closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True, timeout=10)) as old,
            closing(sqlite3.connect(target)) as new,
        ):
            old.backup(new)
    except sqlite3.Error as error:
        raise StoreError(f"the database cannot be copied ({error})", where=str(source)) from None


def _check(path: Path) -> None:
    """Raises StoreError unless the file is a whole database of ours."""
    try:
        with closing(
            sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=10)
        ) as connection:
            ours = connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
            whole = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    except sqlite3.Error as error:
        raise StoreError(f"the database cannot be read ({error})", where=str(path)) from None
    if not ours or not whole:
        what = "the database is damaged" if ours else "a SQLite file, but no registry of Clearcut's"
        raise StoreError(what, where=str(path), remedy="use another backup")
