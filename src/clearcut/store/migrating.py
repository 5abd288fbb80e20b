"""Brings a database up to date, with the migrations that are shipped in `migrations/`."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, inspect, text

from clearcut.store.connecting import mark_as_ours, reading, writing
from clearcut.store.sqlite_file import StoreError

# The newest migration; kept here because asking Alembic takes longer than a check of one shot.
NEWEST = "0006"
_FOLDER = Path(__file__).parent / "migrations"


def is_current(engine: Engine) -> bool:
    """Whether the database has every migration. Raises StoreError when it has one that we do not know."""
    with reading(engine) as connection:
        if not inspect(connection).has_table("alembic_version"):
            if inspect(connection).get_table_names():
                raise StoreError("the database holds tables of something else")
            return False
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found is not None and found > NEWEST:
        raise StoreError(
            "the database was brought up to date by a newer Clearcut", remedy="install that version here too"
        )
    return bool(found == NEWEST)


def upgrade(engine: Engine) -> None:
    """Runs what migrations are missing, all or none, while no other writer runs. Raises StoreError."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    mark_as_ours(engine)
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
