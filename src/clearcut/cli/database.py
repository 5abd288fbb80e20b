"""What the commands share that work on the server's database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

from clearcut.errors import UsageError


def _default_database() -> str:
    from clearcut.settings import user_database

    return str(user_database(os.environ))


database_option = click.option(
    "--database",
    default=_default_database,
    help="sqlite:///FILE, a plain path, or postgresql://...  [default: SQLite in the user data folder]",
)


def person() -> str:
    """Who runs this command, for the record."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


@contextmanager
def needs_server_extra() -> Iterator[None]:
    """Turns a missing server library into words that say what to install."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("clearcut"):
            raise
        raise UsageError(
            f"this command needs the server's libraries ({error.name} is missing)",
            remedy="pip install 'clearcut[server]'",
        ) from None
