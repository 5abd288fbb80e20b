"""The store keeps what it was given, says what was known when, and notices what was changed behind its back."""

from __future__ import annotations

import dataclasses
import json
import random
import sqlite3
import subprocess
import sys
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy

import clearcut
from clearcut.backend import open_registry
from clearcut.core.licence import LicenceStatus
from clearcut.core.registry_json import parse_registry, registry_to_json
from clearcut.errors import ConflictError, UsageError
from clearcut.store import open_store
from clearcut.store.changes import StaleBaseError
from clearcut.store.connecting import connect, database_url, writing
from clearcut.store.migrating import NEWEST
from clearcut.store.schema import audit, audit_head, metadata, records, revisions
from clearcut.store.sqlite_file import StoreError
from clearcut.store.tokens import Role

SHOW = Path(clearcut.__file__).parent / "shipped" / "helios" / "registry.json"
NOON = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def registry():
    return parse_registry(SHOW.read_bytes())


def revoked(registry, licence):
    changed = dataclasses.replace(registry.licences[licence], status=LicenceStatus.REVOKED)
    return dataclasses.replace(registry, licences={**registry.licences, licence: changed})


def test_what_is_imported_is_what_is_exported(store, registry):
    change = store.import_registry(registry, by="officer", why="first")
    assert change.revision == 1
    assert store.registry() == registry
    assert registry_to_json(store.registry()) == registry_to_json(registry)


def test_an_empty_store_holds_an_empty_registry(store):
    assert store.revision() == 0
    assert not store.registry().licences
    assert store.registry().recognition().replicas == ()


def test_importing_the_same_again_makes_no_revision(store, registry):
    store.import_registry(registry, by="officer", why="first")
    assert store.import_registry(registry, by="officer", why="again").revision == 1
    assert store.revision() == 1


def test_every_change_is_a_revision_and_the_older_ones_stay(store, registry):
    licence = next(iter(registry.licences))
    store.import_registry(registry, by="officer", why="first")
    change = store.import_registry(revoked(registry, licence), by="officer", why="the performer revoked")
    assert (change.revision, change.added, change.changed, change.removed) == (2, 0, 1, 0)
    assert store.registry().licences[licence].status is LicenceStatus.REVOKED
    assert store.registry(as_of=1) == registry


def test_a_record_taken_out_is_out_from_then_on_and_can_come_back(store, registry):
    licence = next(iter(registry.licences))
    without = dataclasses.replace(
        registry,
        licences={name: one for name, one in registry.licences.items() if name != licence},
        approvals=tuple(a for a in registry.approvals if a.licence != licence),
    )
    for number, state in enumerate([registry, without, registry], start=1):
        assert store.import_registry(state, by="officer", why="w", base=number - 1).revision == number
    assert licence in store.registry(1).licences
    assert licence not in store.registry(2).licences
    assert store.registry(3) == registry


def test_the_order_of_records_without_ids_is_kept(store, registry):
    turned = dataclasses.replace(registry, assets=tuple(reversed(registry.assets)))
    store.import_registry(registry, by="officer", why="w")
    store.import_registry(turned, by="officer", why="w")
    assert store.registry() == turned


def test_the_same_record_twice_is_twice(store, registry):
    double = dataclasses.replace(registry, not_replicas=registry.not_replicas[:1] * 2)
    store.import_registry(double, by="officer", why="w")
    assert store.registry() == double


def test_what_was_known_at_a_moment_can_be_asked_again(store, registry):
    licence = next(iter(registry.licences))
    moments = iter([NOON, NOON + timedelta(hours=2)])
    store._clock = lambda: next(moments)
    store.import_registry(registry, by="officer", why="first")
    store.import_registry(revoked(registry, licence), by="officer", why="revoked")
    assert not store.registry(NOON - timedelta(microseconds=1)).licences
    assert store.registry(NOON) == registry
    assert store.registry(NOON + timedelta(hours=1)) == registry
    assert store.registry(NOON + timedelta(hours=2)).licences[licence].status is LicenceStatus.REVOKED


def test_a_clock_that_was_set_back_does_not_turn_history_round(store, registry):
    licence = next(iter(registry.licences))
    moments = iter([NOON, NOON - timedelta(days=30)])
    store._clock = lambda: next(moments)
    store.import_registry(registry, by="officer", why="first")
    store.import_registry(revoked(registry, licence), by="officer", why="revoked")
    assert store.registry(NOON).licences[licence].status is LicenceStatus.REVOKED
    assert not store.registry(NOON - timedelta(days=1)).licences


def with_cap(registry, licence):
    changed = dataclasses.replace(registry.licences[licence], max_shots=7)
    return dataclasses.replace(registry, licences={**registry.licences, licence: changed})


def test_two_who_import_at_once_make_two_revisions(store, place, registry):
    licences = list(registry.licences)[:2]
    start = threading.Barrier(2)
    failures = []

    def work(licence):
        try:
            with open_store(place) as own:
                start.wait()
                own.import_registry(with_cap(registry, licence), by=licence, why="w")
        except Exception as error:
            failures.append(error)

    workers = [threading.Thread(target=work, args=(licence,)) for licence in licences]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == []
    assert store.revision() == 2
    assert store.verify()[1] == ()


def test_an_import_that_fails_changes_nothing(store, registry, monkeypatch):
    """The record cannot be written, so the registry is not either."""
    from clearcut.store import store as module

    store.import_registry(registry, by="officer", why="first")

    def full(*_):
        raise sqlalchemy.exc.OperationalError("s", {}, Exception("disk full"))

    monkeypatch.setattr(module.audit, "append", full)
    with pytest.raises(StoreError):
        store.import_registry(revoked(registry, next(iter(registry.licences))), by="officer", why="w")
    assert store.revision() == 1
    assert store.registry() == registry


# Tokens


def test_a_token_is_its_holders_until_it_ends_or_is_revoked(store):
    store._clock = lambda: NOON
    token = store.create_token("comp", Role.ARTIST, expires=NOON + timedelta(hours=1), by="admin")
    assert store.token_holder(token).name == "comp"
    assert store.token_holder(token).role is Role.ARTIST
    store._clock = lambda: NOON + timedelta(minutes=59)
    assert store.token_holder(token) is not None
    store._clock = lambda: NOON + timedelta(hours=1)
    assert store.token_holder(token) is None


def test_a_revoked_token_is_nobodys(store):
    token = store.create_token("comp", Role.ARTIST, by="admin")
    (entry,) = store.token_entries()
    assert store.revoke_token(entry.id, by="admin")
    assert store.token_holder(token) is None
    assert store.token_entries()[0].revoked_at is not None
    assert not store.revoke_token("no such", by="admin")


@pytest.mark.parametrize("guess", ["", "ccl_", "' OR 1=1 --", "\x00", "ü"])
def test_what_nobody_gave_out_is_nobodys_token(store, guess):
    store.create_token("comp", Role.ARTIST, by="admin")
    assert store.token_holder(guess) is None


def test_only_a_hash_of_a_token_is_stored(store, place, tmp_path):
    token = store.create_token("comp", Role.ARTIST, by="admin")
    with writing(store._engine) as connection:
        dump = "".join(
            repr(tuple(row)) for table in metadata.sorted_tables for row in connection.execute(table.select())
        )
    assert token not in dump
    assert token.removeprefix("ccl_") not in dump
    for file in tmp_path.glob("registry.sqlite*"):
        assert token.encode() not in file.read_bytes()


def test_tokens_are_256_random_bits(store):
    made = {store.create_token("n", Role.FARM, by="admin") for _ in range(5)}
    assert len(made) == 5
    assert all(len(token.removeprefix("ccl_")) == 43 for token in made)


# The record


@pytest.fixture
def written(store, registry):
    """A store with a few rows in its record."""
    store.import_registry(registry, by="officer", why="first")
    store.create_token("comp", Role.ARTIST, by="admin")
    store.import_registry(revoked(registry, next(iter(registry.licences))), by="officer", why="revoked")
    store.note("comp", "refused", {"route": "/v1/registry"})
    assert store.verify()[1] == ()
    return store


def _behind_its_back(store, *statements):
    with writing(store._engine) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.mark.parametrize("column", ["at", "actor", "action", "body", "previous", "digest"])
def test_an_edited_row_of_the_record_is_found(written, column):
    _behind_its_back(written, audit.update().where(audit.c.sequence == 2).values({column: "{}"}))
    assert any("row 2" in fault or "row 3" in fault for fault in written.verify()[1])


@pytest.mark.parametrize("row", [1, 2, 3, 4])
def test_a_removed_row_of_the_record_is_found(written, row):
    _behind_its_back(written, audit.delete().where(audit.c.sequence == row))
    assert written.verify()[1]


def test_rows_that_changed_places_are_found(written):
    _behind_its_back(
        written,
        audit.update().where(audit.c.sequence == 2).values(sequence=99),
        audit.update().where(audit.c.sequence == 3).values(sequence=2),
        audit.update().where(audit.c.sequence == 99).values(sequence=3),
    )
    assert written.verify()[1]


def test_a_record_that_was_emptied_is_found(written):
    _behind_its_back(written, audit.delete())
    assert written.verify()[1]


def test_a_head_that_was_set_back_with_the_last_row_is_seen_by_who_kept_it(written):
    """Who can write to the database can cut off its end and the head with it: only an outside copy tells."""
    head, _ = written.verify()
    with writing(written._engine) as connection:
        before = connection.execute(audit.select().where(audit.c.sequence == head.sequence - 1)).one()
        connection.execute(audit.delete().where(audit.c.sequence == head.sequence))
        connection.execute(audit_head.update().values(sequence=before.sequence, digest=before.digest))
    now, faults = written.verify()
    assert faults == ()
    assert now != head


@pytest.mark.parametrize(
    "statement",
    [
        records.update().where(records.c.kind == "licences", records.c.revision == 2).values(body="{}"),
        records.delete().where(records.c.kind == "licences", records.c.revision == 2),
        revisions.update().where(revisions.c.number == 1).values(by="somebody else"),
        revisions.update().where(revisions.c.number == 1).values(at="2020-01-01T00:00:00.000000Z"),
    ],
)
def test_a_record_of_the_registry_that_was_changed_behind_the_store_is_found(written, statement):
    _behind_its_back(written, statement)
    assert any("revision" in fault for fault in written.verify()[1])


# The database


def test_the_migrations_make_the_tables_the_code_knows(store):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with store._engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == NEWEST


def test_a_database_of_a_newer_clearcut_is_refused(store, place):
    _behind_its_back(store, sqlalchemy.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer"):
        open_store(place)


def test_a_database_of_something_else_is_left_alone(tmp_path):
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE photos (id)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError):
        open_store(str(path))
    with pytest.raises(StoreError):
        open_registry(path)
    assert path.read_bytes() == before


def test_a_postgres_database_is_not_changed_without_being_told_to(postgres):
    with pytest.raises(StoreError) as raised:
        open_store(postgres.new_database())
    assert "db upgrade" in raised.value.remedy


def test_a_sqlite_file_is_readable_by_its_owner_alone(tmp_path):
    path = tmp_path / "deep" / "registry.sqlite"
    with open_store(str(path)) as store:
        store.note("a", "b", {})
        for file in path.parent.iterdir():
            assert file.stat().st_mode & 0o077 == 0, file


@pytest.mark.parametrize(
    "bad", ["mysql://host/db", "sqlite://", "sqlite:///:memory:", "postgresql://user:secret@[", "::://"]
)
def test_a_database_url_that_cannot_be_one_is_refused_without_being_repeated(bad):
    with pytest.raises(StoreError) as raised:
        open_store(bad)
    assert "secret" not in str(raised.value)


def test_a_password_of_an_unreachable_database_is_in_no_message():
    with pytest.raises(StoreError) as raised:
        open_store("postgresql://user:s3cret@127.0.0.1:1/db")
    assert "s3cret" not in f"{raised.value} {raised.value.__cause__!r} {raised.value.__dict__!r}"


def test_sqlite_writes_are_synced_and_readers_do_not_wait_for_writers(tmp_path, registry):
    place = str(tmp_path / "r.sqlite")
    with open_store(place) as store:
        store.import_registry(registry, by="a", why="b")
        with store._engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        with writing(store._engine) as connection:
            connection.execute(records.delete())
            with open_store(place) as other:
                assert other.registry() == registry
            connection.rollback()


# Reading a registry that somebody named


def test_a_registry_is_opened_from_json_sqlite_and_url_alike(store, place, registry, tmp_path):
    store.import_registry(registry, by="a", why="b")
    assert open_registry(place) == registry
    if place.startswith("sqlite"):
        assert open_registry(tmp_path / "registry.sqlite") == registry
    assert open_registry(SHOW) == registry


def test_reading_a_sqlite_registry_needs_no_server_library(tmp_path, registry):
    path = tmp_path / "r.sqlite"
    with open_store(str(path)) as store:
        store.import_registry(registry, by="a", why="b")
    code = (
        "import sys; sys.modules.update(dict.fromkeys(['sqlalchemy', 'alembic', 'msgspec', 'litestar']));"
        "from clearcut.backend import open_registry; print(len(open_registry(sys.argv[1]).licences))"
    )
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
    assert int(done.stdout) == len(registry.licences)


def test_what_a_writer_has_not_yet_moved_from_its_log_is_read_too(tmp_path, registry):
    """A reader that opened the file as immutable would read the registry of before the revocation."""
    path = tmp_path / "r.sqlite"
    licence = next(iter(registry.licences))
    with open_store(str(path)) as store:
        store.import_registry(registry, by="a", why="b")
        with store._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        store.import_registry(revoked(registry, licence), by="a", why="revoked")
        assert open_registry(path).licences[licence].status is LicenceStatus.REVOKED
        # The twin.
        stale = sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)
        rows = stale.execute("SELECT max(revision) FROM records").fetchone()
        stale.close()
        assert rows == (1,)


def test_a_registry_that_is_not_there_is_wrong_usage(tmp_path):
    with pytest.raises(UsageError):
        open_registry(tmp_path / "none.json")
    with pytest.raises(UsageError):
        open_registry(tmp_path)
    with pytest.raises(StoreError):
        open_store(str(tmp_path / "none.sqlite"), create=False)


def test_a_damaged_sqlite_file_is_an_error(tmp_path, registry):
    path = tmp_path / "r.sqlite"
    with open_store(str(path)) as store:
        store.import_registry(registry, by="a", why="b")
    content = bytearray(path.read_bytes())
    content[4096:20000] = bytes(20000 - 4096)
    path.write_bytes(content)
    with pytest.raises(StoreError):
        open_registry(path)


def test_a_record_that_became_faulty_in_the_database_is_a_fault_and_no_empty_registry(store, registry):
    from clearcut.errors import RegistryError

    store.import_registry(registry, by="a", why="b")
    body = json.dumps({"id": "L-1", "status": "active"})
    _behind_its_back(store, records.update().where(records.c.kind == "licences").values(body=body))
    with pytest.raises(RegistryError):
        store.registry()


def test_an_engine_is_made_for_psycopg_3():
    engine = connect(database_url("postgresql://h/d"), create=False)
    assert engine.dialect.driver == "psycopg"


@pytest.mark.parametrize("seed", range(6))
def test_a_registry_brought_up_to_date_is_the_one_that_is_read_anew(store, registry, seed):
    """The server never reads 100,000 licences for one revocation; what it holds is the same as if it did."""
    rng = random.Random(seed)
    document = registry_to_json(registry)
    store.import_registry(registry, by="a", why="b")
    held = store.current()
    for _ in range(6):
        changed = json.loads(json.dumps(document))
        for kind in ("assets", "approvals", "waivers", "exemptions", "suspensions", "not_replicas"):
            rng.shuffle(changed[kind])
            del changed[kind][: rng.randrange(2)]
        for licence in changed["licences"]:
            licence["status"] = rng.choice([licence["status"], "revoked", "active"])
            licence["revision"] += rng.randrange(2)
        for performer in changed["performers"]:
            performer["pseudonym"] = rng.choice([performer["pseudonym"], f"P{rng.random()}"])
        state = parse_registry(json.dumps(changed))
        store.import_registry(state, by="a", why="b", base=store.revision())
        if rng.random() < 0.7:  # now and then several revisions at once
            held = store.current(held)
            assert held[1] == store.registry()
            assert list(held[1].licences) == list(store.registry().licences)
            assert held[1].recognition() == store.registry().recognition()
    assert store.current(held) == store.current()


def test_a_restored_backup_is_not_taken_for_the_history_that_was_known(tmp_path, registry):
    """Its revisions bear the same numbers: amending by numbers alone would mix two histories."""
    licences = list(registry.licences)
    with open_store(str(tmp_path / "a.sqlite")) as one, open_store(str(tmp_path / "b.sqlite")) as other:
        one.import_registry(revoked(registry, licences[0]), by="a", why="b")
        held = one.current()
        other.import_registry(registry, by="a", why="b")
        assert other.current(held)[1] == registry
        other.import_registry(revoked(registry, licences[1]), by="a", why="b")
        assert other.current(held)[1] == revoked(registry, licences[1])
        # And one that is older than what was known.
        one.import_registry(registry, by="a", why="b", base=1)
        one.import_registry(revoked(registry, licences[0]), by="a", why="b")
        assert other.current(one.current())[1] == revoked(registry, licences[1])


def test_who_changes_an_old_registry_does_not_take_back_a_revocation_unseen(store, registry):
    licence = next(iter(registry.licences))
    base = store.import_registry(registry, by="a", why="b").revision
    store.import_registry(revoked(registry, licence), by="one", why="revoked", base=base)
    with pytest.raises(StaleBaseError):
        store.import_registry(registry, by="other", why="a small change", base=base)
    assert store.registry().licences[licence].status is LicenceStatus.REVOKED
    # Nor without a base; and who has seen it, may.
    with pytest.raises(ConflictError):
        store.import_registry(registry, by="other", why="a small change")
    assert store.registry().licences[licence].status is LicenceStatus.REVOKED
    store.import_registry(registry, by="other", why="it was a mistake", base=store.revision())
    assert store.registry() == registry


# The clock


def at(moment):
    return lambda: moment


def test_a_decision_by_a_clock_that_was_set_back_is_not_recorded_until_somebody_answers_for_it(store):
    """Else what has ended would stand again; and no row is earlier than the one before it."""
    store.note_decision("farm", {"n": 1}, NOON)
    store.note_decision("farm", {"n": 2}, NOON - timedelta(seconds=59))
    store._clock = at(NOON - timedelta(days=1))
    store.note("farm", "refused", {})
    for late in (timedelta(seconds=61), timedelta(days=400)):
        with pytest.raises(StoreError, match="clock"):
            store.note_decision("farm", {"n": 3}, NOON - late)
        with pytest.raises(StoreError, match="clock"):
            store.check_clock(NOON - late)
    store.set_clock(by="admin", why="it was a day ahead")
    store.note_decision("farm", {"n": 4}, NOON - timedelta(days=1))
    store.check_clock(NOON - timedelta(days=1))
    assert store.verify()[1] == ()


def test_a_token_that_has_ended_stays_so_when_the_clock_is_set_back(store):
    store._clock = at(NOON)
    token = store.create_token("n", Role.ARTIST, expires=NOON + timedelta(hours=1), by="admin")
    store._clock = at(NOON + timedelta(hours=2))
    store.note("somebody", "refused", {})
    assert store.token_holder(token) is None
    store._clock = at(NOON)
    assert store.token_holder(token) is None
    # The twin: by the clock alone it would be valid again.
    with store._engine.connect() as connection:
        from clearcut.store import tokens
        from clearcut.store.times import sortable

        assert tokens.holder(connection, token, sortable(NOON)) is not None


def test_an_idempotency_key_does_not_depend_on_the_clock(store):
    from clearcut.store.once import Done, Once

    once = Once("holder", "key", "digest")
    done = []

    def work(connection, now):
        done.append(now)
        return Done(201, "{}")

    for moment in (NOON, NOON - timedelta(days=400), NOON + timedelta(days=400)):
        store._clock = at(moment)
        assert store.change(work, once) == Done(201, "{}")
    assert done == [NOON]
