"""One real server on a fresh SQLite file with the shipped show, and a token of each role."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

import clearcut
from clearcut.core.registry_json import parse_registry
from clearcut.store import open_store
from clearcut.store.schema import audit
from clearcut.store.tokens import Role
from fakes.needs import needed
from fakes.postgres import SKIP_REASON, binaries, running_postgres
from fakes.serving import serving

SHOW = Path(clearcut.__file__).parent / "shipped" / "helios" / "registry.json"


@pytest.fixture(scope="session")
def registry():
    return parse_registry(SHOW.read_bytes())


@pytest.fixture(scope="session")
def postgres():
    if binaries() is None and not needed("postgres"):
        pytest.skip(SKIP_REASON)
    with running_postgres() as server:
        yield server


@pytest.fixture
def empty_postgres(postgres):
    """The URL of an empty, up-to-date PostgreSQL database."""
    return postgres.empty_database()


def set_up(place: str, registry) -> dict[Role, str]:
    """A database with the show in it; gives a token of each role."""
    with open_store(place) as store:
        store.import_registry(registry, by="officer", why="first")
        return {role: store.create_token(f"a {role.value}", role, by="admin") for role in Role}


class Show:
    """A server, its database and its tokens."""

    def __init__(self, server, database, tokens):
        self.server, self.database, self.tokens = server, database, tokens
        self.url = server.url

    def ask(self, method, path, role=Role.ADMIN, **options):
        return self.server.ask(method, path, self.tokens[role] if role else None, **options)

    def actions(self):
        """What the record says was done, in order."""
        with open_store(str(self.database)) as store:
            chosen = select(audit.c.action).order_by(audit.c.sequence)
            return store.read(lambda connection: list(connection.execute(chosen).scalars()))


@pytest.fixture(scope="session")
def new_show(registry):
    """Makes a server on a database in a folder; `fresh=False` goes on with the one that is there."""

    @contextmanager
    def make(folder: Path, *options: str, fresh: bool = True, database: str | None = None):
        database, kept = database or str(folder / "registry.sqlite"), folder / "tokens.json"
        if fresh:
            kept.write_text(json.dumps({r.value: t for r, t in set_up(database, registry).items()}))
        tokens = {Role(name): token for name, token in json.loads(kept.read_text()).items()}
        with serving(database, folder / "log.txt", *options) as server:
            yield Show(server, database, tokens)

    return make


@pytest.fixture(params=["sqlite", "postgres"])
def both(request, tmp_path, new_show):
    """A server whose database a test may change, once on SQLite and once on PostgreSQL."""
    database = None if request.param == "sqlite" else request.getfixturevalue("empty_postgres")
    with new_show(tmp_path, database=database) as made:
        yield made


@pytest.fixture(scope="module")
def show(tmp_path_factory, new_show):
    """One for the tests that change nothing."""
    with new_show(tmp_path_factory.mktemp("server")) as made:
        yield made
