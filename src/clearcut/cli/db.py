"""`clearcut db upgrade|backup|restore`: the care of the database."""

from __future__ import annotations

from pathlib import Path

import click

from clearcut.cli.database import database_option, needs_server_extra


@click.group()
def command() -> None:
    r"""Upgrade, back up or restore the database.

    \b
      clearcut db upgrade --database postgresql://clearcut@db/clearcut
      clearcut db backup /backups/clearcut-2026-11-20.sqlite
    """


@command.command()
@database_option
def upgrade(database: str) -> None:
    """Bring the database up to date; it can be run again and does nothing then."""
    with needs_server_extra():
        from clearcut.store.connecting import connect, database_url
        from clearcut.store.migrating import NEWEST, is_current
        from clearcut.store.migrating import upgrade as run
    engine = connect(database_url(database), create=True)
    try:
        if is_current(engine):
            click.echo(f"the database is up to date ({NEWEST})", err=True)
        else:
            run(engine)
            click.echo(f"the database is now up to date ({NEWEST})", err=True)
    finally:
        engine.dispose()


@command.command()
@click.argument("target", type=click.Path(path_type=Path))
@database_option
def backup(target: Path, database: str) -> None:
    """Write a whole copy of a SQLite database into the new file TARGET, also while the server runs."""
    with needs_server_extra():
        from clearcut.store.backup import backup as run
    run(database, target)
    click.echo(f"backed up to {target}", err=True)


@command.command()
@click.argument("source", type=click.Path(path_type=Path))
@database_option
def restore(source: Path, database: str) -> None:
    """Make the backup SOURCE the database; a database that is there is never overwritten."""
    with needs_server_extra():
        from clearcut.store.backup import restore as run
    run(source, database)
    click.echo(f"restored from {source}; `clearcut audit verify` checks its record", err=True)
