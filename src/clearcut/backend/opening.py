"""Opens the registry that somebody named: a JSON file, a SQLite file, or a database URL."""

from __future__ import annotations

import os
from pathlib import Path

from clearcut.core.registry import Registry
from clearcut.core.registry_json import parse_registry
from clearcut.errors import UsageError
from clearcut.store import is_sqlite, open_store, read_sqlite_registry

_SQLITE_URL = "sqlite:///"


def open_registry(place: str | os.PathLike[str]) -> Registry:
    """The registry in a JSON or SQLite file, or at a database URL.

    Raises RegistryError with every fault of the file, UsageError when there is no such file, and StoreError when
    a database cannot be read.
    """
    name = os.fspath(place)
    if name.startswith(_SQLITE_URL):
        name = name[len(_SQLITE_URL) :]
    elif "://" in name:
        with open_store(name, create=False) as store:
            return store.registry()
    path = Path(name)
    try:
        if is_sqlite(path):
            return read_sqlite_registry(path)
        text = path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"the registry cannot be read ({error.strerror or type(error).__name__})",
            where=str(path),
            code="registry-missing",
            remedy="name a registry file that is there and readable",
        ) from None
    return parse_registry(text, where=str(path))
