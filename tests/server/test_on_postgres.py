"""The same server on a real PostgreSQL, and two servers on one database."""

from __future__ import annotations

import dataclasses
import threading

import pytest

from clearcut.backend import HttpBackend, RegistryBackend, RemoteRegistry, open_registry
from clearcut.core.licence import LicenceStatus
from clearcut.errors import BackendError, ConflictError
from clearcut.settings import load_packs
from clearcut.store import open_store
from clearcut.store.tokens import Role
from fakes.questions import NOON, a_request, a_use
from fakes.serving import serving


@pytest.fixture
def database(empty_postgres, registry):
    with open_store(empty_postgres) as store:
        store.import_registry(registry, by="officer", why="first")
    return empty_postgres


@pytest.fixture
def tokens(database):
    with open_store(database) as store:
        return {role: store.create_token(f"a {role.value}", role, by="admin") for role in Role}


def with_status(registry, licence, status):
    changed = dataclasses.replace(registry.licences[licence], status=status)
    return dataclasses.replace(registry, licences={**registry.licences, licence: changed})


def test_two_servers_on_one_database_decide_alike_at_once(database, tokens, registry, tmp_path):
    """What one of them stored holds at the other from the next question on."""
    licence = next(iter(registry.licences))
    request = a_request(
        a_use(0, replica="rpl-p1-body"), recognition=registry.recognition().revision, now=NOON
    )
    with (
        serving(database, tmp_path / "one.txt") as one,
        serving(database, tmp_path / "other.txt") as other,
    ):
        officer = RemoteRegistry(one.url, tokens[Role.OFFICER])
        for base, status in enumerate(
            (LicenceStatus.REVOKED, LicenceStatus.ACTIVE, LicenceStatus.SUSPENDED), start=1
        ):
            state = with_status(registry, licence, status)
            officer.import_registry(state, why=status.value, base=base)
            here = RegistryBackend(state, load_packs(), clock=lambda: NOON, name="here").decide(request)
            assert HttpBackend(other.url, tokens[Role.FARM]).decide(request) == here
        assert open_registry(database) == state


def test_of_two_changes_of_one_revision_one_is_made(database, tokens, registry, tmp_path):
    licences = list(registry.licences)[:2]
    outcomes = []
    with (
        serving(database, tmp_path / "one.txt") as one,
        serving(database, tmp_path / "other.txt") as other,
    ):
        start = threading.Barrier(2)

        def change(server, licence):
            remote = RemoteRegistry(server.url, tokens[Role.OFFICER])
            start.wait()
            try:
                state = with_status(registry, licence, LicenceStatus.REVOKED)
                outcomes.append(remote.import_registry(state, why="w", base=1))
            except ConflictError as error:
                outcomes.append(str(error))

        workers = [
            threading.Thread(target=change, args=pair) for pair in zip((one, other), licences, strict=True)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert outcomes.count(2) == 1
    assert sum("not at 1 any more" in str(outcome) for outcome in outcomes) == 1
    with open_store(database) as store:
        assert store.revision() == 2
        assert store.verify()[1] == ()


def test_a_database_that_stopped_makes_the_answer_an_error_and_comes_back(
    database, tokens, registry, tmp_path, postgres
):
    request = a_request(
        a_use(0, replica="rpl-p1-body"), recognition=registry.recognition().revision, now=NOON
    )
    with serving(database, tmp_path / "log.txt") as server:
        before = HttpBackend(server.url, tokens[Role.FARM]).decide(request)
        postgres.stop("immediate")
        try:
            with pytest.raises(BackendError) as raised:
                HttpBackend(server.url, tokens[Role.FARM], sleep=lambda _: None).decide(request)
            assert raised.value.code == "backend-unavailable"
        finally:
            postgres.start()
        assert HttpBackend(server.url, tokens[Role.FARM]).decide(request) == before
