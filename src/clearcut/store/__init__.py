"""The registry in SQL: every change a new revision, nothing overwritten; tokens; the record of who did what.

SQLite and PostgreSQL through SQLAlchemy Core. Importing this package is cheap: SQLAlchemy is loaded by
`open_store`, and a registry in a SQLite file is read by `read_sqlite_registry` with the standard library alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clearcut.store.sqlite_file import is_sqlite, read_sqlite_registry

if TYPE_CHECKING:
    from clearcut.store.store import Store

__all__ = ["is_sqlite", "open_store", "read_sqlite_registry", "store_at"]


def open_store(url: str, *, create: bool = True) -> Store:
    """The store at a database URL (`sqlite:///FILE`, `postgresql://…`) or a plain path to a SQLite file.

    A SQLite file is made where there is none, if `create`, readable by its owner alone, and brought up to date. A
    PostgreSQL database must have been brought up to date by `clearcut db upgrade`. Raises StoreError.
    """
    from clearcut.store.store import open_store as opened

    return opened(url, create=create)


def store_at(place: str) -> Store:
    """The store at a place, whether or not it can be reached now or is up to date: each call finds out by itself.

    Raises StoreError when the place can be none, or there is no such SQLite file.
    """
    from clearcut.store.store import store_at as found

    return found(place)
