"""Reads the registry out of a SQLite file that a store wrote, with the standard library alone, changing nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from clearcut.core.registry import Registry
from clearcut.core.registry_json import parse_registry
from clearcut.errors import CannotTellError
from clearcut.store.documents import document_text

_MAGIC = b"SQLite format 3\x00"
# Marks a SQLite file as ours (PRAGMA application_id): "clct".
APPLICATION_ID = 0x636C6374
CURRENT_RECORDS = """
SELECT r.kind, r.body FROM records AS r
JOIN (SELECT kind, key, max(revision) AS revision FROM records GROUP BY kind, key) AS latest
  ON latest.kind = r.kind AND latest.key = r.key AND latest.revision = r.revision
WHERE r.body IS NOT NULL ORDER BY r.kind, r.position, r.key
"""


class StoreError(CannotTellError):
    """The database cannot be read or written; nothing was changed."""

    code = "backend-unavailable"
    who = "administrator"
    remedy = "see that the database can be reached and is up to date (`clearcut db upgrade`)"


def is_sqlite(path: Path) -> bool:
    """Whether the file begins as a SQLite database does. Raises OSError when it cannot be read."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def read_sqlite_registry(path: Path) -> Registry:
    """The registry as it stands in the file now, what is still in its write-ahead log included.

    Raises StoreError when the file is no database of ours or cannot be read, RegistryError when a record in it is
    faulty.
    """
    uri = f"{path.resolve().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=10)) as connection:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            if application != APPLICATION_ID:
                raise StoreError("a SQLite file, but no registry of Clearcut's", where=str(path))
            text = document_text(connection.execute(CURRENT_RECORDS))
    except (sqlite3.Error, ValueError) as error:
        raise StoreError(f"the database cannot be read ({error})", where=str(path)) from None
    return parse_registry(text, where=str(path))
