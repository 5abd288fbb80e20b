"""Every decision is in the record with what it rests on; one that cannot be recorded is not given."""

from __future__ import annotations

import json
import sqlite3

import pytest
from sqlalchemy import select, text

from clearcut.backend import HttpBackend
from clearcut.errors import BackendError
from clearcut.server.desk import Desk
from clearcut.settings import load_packs
from clearcut.store import open_store
from clearcut.store.connecting import writing
from clearcut.store.schema import audit
from clearcut.store.tokens import Role
from fakes.questions import NOON, a_request, a_use


def question(registry, **changes):
    uses = (a_use(0, replica="rpl-p1-body"), a_use(1, replica="rpl-nobody"))
    return a_request(*uses, recognition=registry.recognition().revision, now=NOON, **changes)


def told(database):
    with open_store(str(database)) as store:
        rows = store.read(
            lambda connection: list(connection.execute(select(audit).where(audit.c.action == "check")))
        )
        assert store.verify()[1] == ()
    return [(row.actor, json.loads(row.body)) for row in rows]


def test_a_decision_is_recorded_with_what_it_rests_on(both, registry):
    HttpBackend(both.url, both.tokens[Role.FARM]).decide(question(registry))
    ((actor, body),) = told(both.database)
    assert actor == "a farm"
    assert (body["production"], body["cut"], body["registry"]) == ("HELIOS", "v041", 1)
    assert (body["as_of"], body["what_if"]) == ("2026-11-20T12:00:00Z", True)
    assert body["outcomes"] == {"cleared": 1, "unknown": 1}
    assert len(body["packs"]) == len(load_packs())
    for name in ("policy", "question", "answer"):
        assert len(body[name]) == 64
    assert "rpl-p1" not in json.dumps(body)


def test_a_decision_that_cannot_be_recorded_is_not_given(both, registry):
    backend = HttpBackend(both.url, both.tokens[Role.FARM], sleep=lambda _: None)
    backend.decide(question(registry))
    with open_store(str(both.database)) as store, writing(store._engine) as connection:
        connection.execute(text("ALTER TABLE audit RENAME TO gone"))
    with pytest.raises(BackendError) as raised:
        backend.decide(question(registry))
    assert raised.value.code == "backend-unavailable"


def test_a_full_disk_makes_the_answer_an_error_and_harms_nothing(tmp_path, registry):
    """SQLite's own limit stands for the disk: its error is the one that a full disk gives."""
    from clearcut.core.wire import request_to_json
    from clearcut.store.sqlite_file import StoreError
    from clearcut.store.tokens import Holder

    path = tmp_path / "r.sqlite"
    holder = Holder("t", "farm", Role.FARM)
    body = json.dumps(request_to_json(question(registry))).encode()
    with open_store(str(path)) as store:
        store.import_registry(registry, by="a", why="b")
        desk = Desk(store, load_packs())
        desk.check(body, holder)
        with store._engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreError, match="full"):
            for _ in range(200):
                desk.check(body, holder)
    with open_store(str(path)) as store:
        assert store.verify()[1] == ()
        assert store.registry() == registry
        desk = Desk(store, load_packs())
        desk.check(body, holder)


def test_a_database_that_somebody_else_holds_makes_the_answer_an_error(tmp_path, registry, monkeypatch):
    from clearcut.core.wire import request_to_json
    from clearcut.store import connecting
    from clearcut.store.sqlite_file import StoreError
    from clearcut.store.tokens import Holder

    monkeypatch.setattr(connecting, "_BUSY_TIMEOUT_MS", 200)
    path = tmp_path / "r.sqlite"
    body = json.dumps(request_to_json(question(registry))).encode()
    with open_store(str(path)) as store:
        store.import_registry(registry, by="a", why="b")
        desk, holder = Desk(store, load_packs()), Holder("t", "farm", Role.FARM)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked"):
            desk.check(body, holder)
        other.execute("COMMIT")
        other.close()
        assert desk.check(body, holder)
