"""Every test that takes `place` runs twice: on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import pytest

from clearcut.store import open_store
from clearcut.store.connecting import connect, database_url
from clearcut.store.migrating import upgrade
from fakes.needs import needed
from fakes.postgres import SKIP_REASON, binaries, running_postgres


@pytest.fixture(scope="session")
def postgres():
    if binaries() is None and not needed("postgres"):
        pytest.skip(SKIP_REASON)
    with running_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def place(request, tmp_path):
    """The URL of an empty, up-to-date database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/registry.sqlite"
    url = request.getfixturevalue("postgres").new_database()
    engine = connect(database_url(url), create=False)
    upgrade(engine)
    engine.dispose()
    return url


@pytest.fixture
def store(place):
    with open_store(place) as opened:
        yield opened
