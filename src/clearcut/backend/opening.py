"""Opens the registry that somebody named: a JSON file, a SQLite file, or a database URL."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from clearcut.core.registry import Registry
from clearcut.core.registry_json import parse_registry
from clearcut.errors import UsageError
from clearcut.store import is_sqlite, open_store, read_sqlite_registry

_SQLITE_URL = "sqlite:///"


@dataclass(frozen=True, slots=True)
class OpenedRegistry:
    """A registry, and the sha256 of the file that it was read from; None where it came out of a database."""

    registry: Registry
    sha256: str | None


def open_registry(place: str | os.PathLike[str]) -> Registry:
    """The registry in a JSON or SQLite file, or at a database URL. Raises as `opened_registry` does."""
    return opened_registry(place).registry


def opened_registry(place: str | os.PathLike[str]) -> OpenedRegistry:
    """The registry in a JSON or SQLite file, or at a database URL, and of which content it is.

    Raises RegistryError with every fault of the file, UsageError when there is no such file, and StoreError when
    a database cannot be read.
    """
    name = os.fspath(place)
    if name.startswith(_SQLITE_URL):
        name = name[len(_SQLITE_URL) :]
    elif "://" in name:
        with open_store(name, create=False) as store:
            return OpenedRegistry(store.registry(), None)
    path = Path(name)
    with _told_as_missing(path):
        if _is_file(path) and is_sqlite(path):
            return OpenedRegistry(read_sqlite_registry(path), None)
    content = read_registry_file(path)
    return OpenedRegistry(parse_registry(content, where=str(path)), hashlib.sha256(content).hexdigest())


def read_registry_file(path: Path) -> bytes:
    """The bytes of a registry file. Raises UsageError when there is no such regular file that can be read."""
    with _told_as_missing(path):
        if path.exists() and not _is_file(path) and not path.is_dir():
            # A pipe would be waited for for ever, and a device has no end.
            raise OSError(errno.EINVAL, "not a regular file")
        return path.read_bytes()


def _is_file(path: Path) -> bool:
    return stat.S_ISREG(path.stat().st_mode)


@contextmanager
def _told_as_missing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"the registry cannot be read ({error.strerror or type(error).__name__})",
            where=str(path),
            code="registry-missing",
            remedy="name a registry file that is there and readable",
        ) from None
