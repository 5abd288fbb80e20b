"""Disks that are full, databases that stop or are held, clocks that are set back: an error, and never a decision."""

from __future__ import annotations

import json
import random
import resource
import threading
import time
from datetime import timedelta

import psycopg
import pytest
import requests

from clearcut.backend import HttpBackend
from clearcut.core.wire import request_to_json
from clearcut.errors import BackendError
from clearcut.server.desk import Desk
from clearcut.server.questions import read_question
from clearcut.settings import load_packs
from clearcut.store import connecting, open_store
from clearcut.store.sqlite_file import StoreError
from clearcut.store.store import Store
from clearcut.store.tokens import Holder, Role
from fakes.questions import a_request, a_use
from fakes.serving import eventually
from fakes.worlds import performer

FARM = Holder("t", "farm", Role.FARM)


def body(registry, **changes):
    request = a_request(
        a_use(0, replica="rpl-p1-body"), recognition=registry.recognition().revision, **changes
    )
    return json.dumps(request_to_json(request, question="q")).encode()


def outcome(answer):
    return json.loads(answer)["decisions"][0]["outcome"]


# The clock


def test_a_clock_that_was_set_back_brings_no_licence_back(tmp_path, registry, monkeypatch):
    ends = registry.licences["L-1"].valid_until
    clock = [ends - timedelta(days=1)]
    with open_store(str(tmp_path / "r.sqlite")) as store:
        store._clock = lambda: clock[0]
        store.import_registry(registry, by="a", why="b")
        desk = Desk(store, load_packs(), clock=lambda: clock[0])
        assert outcome(desk.check(body(registry), FARM)) != "blocked"
        clock[0] = ends + timedelta(days=1)
        assert outcome(desk.check(body(registry), FARM)) == "blocked"
        desk.check_ready()
        clock[0] = ends - timedelta(days=1)
        with pytest.raises(StoreError, match="clock"):
            desk.check(body(registry), FARM)
        with pytest.raises(StoreError, match="clock"):
            desk.check_ready()
        # The twin: without the guard the licence that has ended grants again.
        monkeypatch.setattr("clearcut.store.store._check_clock", lambda connection, now: None)
        assert outcome(desk.check(body(registry), FARM)) != "blocked"


def test_the_moment_of_an_answer_is_the_servers_whatever_the_clients_clock_says(show, registry, monkeypatch):
    def ask():
        request = a_request(a_use(0, replica="rpl-p1-body"), recognition=registry.recognition().revision)
        return HttpBackend(show.url, show.tokens[Role.FARM]).decide(request)

    before = ask()
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert timedelta(0) <= ask().as_of - before.as_of < timedelta(minutes=1)


# The disk


def test_the_twins_a_decision_that_is_not_recorded_is_given_on_a_full_disk_and_a_held_database(
    tmp_path, registry, monkeypatch
):
    """What `test_decision_record` shows to be an error, were the record left out."""
    monkeypatch.setattr(connecting, "_BUSY_TIMEOUT_MS", 100)
    with open_store(str(tmp_path / "r.sqlite")) as store:
        store.import_registry(registry, by="a", why="b")
        desk = Desk(store, load_packs())
        with connecting.writing(store._engine):
            with pytest.raises(StoreError, match="locked"):
                desk.check(body(registry), FARM)
            monkeypatch.setattr(Store, "note_decision", lambda *_: None)
            assert desk.check(body(registry), FARM)


def limit_files(process, size):
    """No file of the process grows beyond so many bytes; None: as far as it may."""
    _, hard = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (hard if size is None else size, hard))


def test_on_a_full_disk_nothing_acknowledged_is_lost_and_it_goes_on_when_there_is_room(
    tmp_path, new_show, registry
):
    """The system refuses to let the server's files grow, as a full disk does."""

    def create(show, number):
        record = {"why": "new", "record": performer(1000 + number)}
        return show.ask("POST", "/v1/records/performers", json=record).status_code

    acknowledged = set()
    with new_show(tmp_path) as show:
        assert create(show, 0) == 201
        room = max(path.stat().st_size for path in tmp_path.glob("registry.sqlite*")) + 60_000
        limit_files(show.server.process.pid, room)
        statuses = []
        for number in range(1, 200):
            statuses.append(create(show, number))
            if statuses[-1] != 201:
                break
            acknowledged.add(number)
        assert acknowledged
        assert statuses[-1] == 503
        # What little room may be left is no room for a check either.
        limit_files(show.server.process.pid, 4096)
        backend = HttpBackend(show.url, show.tokens[Role.FARM], sleep=lambda _: None)
        with pytest.raises(BackendError) as raised:
            backend.decide(read_question(body(registry))[1])
        assert raised.value.code == "backend-unavailable"
        limit_files(show.server.process.pid, None)
        assert create(show, 500) == 201
        assert backend.decide(read_question(body(registry))[1]).decisions
    with open_store(str(tmp_path / "registry.sqlite")) as store:
        assert store.verify()[1] == ()
        held = {int(one[6:]) - 1000 for one in store.registry().performers if len(one) > 9}
    assert acknowledged | {0, 500} == held


# PostgreSQL


@pytest.fixture
def crash(postgres):
    """Stops PostgreSQL as a power cut would, and starts it again."""

    def stop_and_start():
        postgres.stop("immediate")
        postgres.start()

    return stop_and_start


def lazy(url, on):
    """A database that acknowledges before it has written, and writes when it likes."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"ALTER ROLE clearcut SET synchronous_commit = {'off' if on else 'on'}")
        connection.execute(f"ALTER SYSTEM SET wal_writer_delay = '{'10s' if on else '200ms'}'")
        connection.execute("SELECT pg_reload_conf()")


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "twin"])
def test_what_was_acknowledged_is_on_the_disk_even_if_the_database_is_lazy(
    empty_postgres, crash, monkeypatch, guarded
):
    if not guarded:
        plain = connecting.text("SELECT pg_advisory_xact_lock(:lock), CAST(:wait AS text)")
        monkeypatch.setattr(connecting, "_ALONE", plain)
    lazy(empty_postgres, on=True)
    try:
        time.sleep(0.3)
        with open_store(empty_postgres) as store:
            for _ in range(5):
                token = store.create_token("n", Role.ARTIST, by="admin")
        crash()
        with open_store(empty_postgres) as store:
            assert (store.token_holder(token) is not None) is guarded
            assert store.verify()[1] == ()
    finally:
        lazy(empty_postgres, on=False)


def test_a_writer_that_holds_postgresql_is_not_waited_for_without_end(empty_postgres, registry, monkeypatch):
    monkeypatch.setattr(connecting, "_BUSY_TIMEOUT_MS", 200)
    with open_store(empty_postgres) as store:
        store.import_registry(registry, by="a", why="b")
        desk, question = Desk(store, load_packs()), body(registry)
        with psycopg.connect(empty_postgres) as other:
            other.execute("SELECT pg_advisory_xact_lock(%s)", (connecting._WRITERS_LOCK,))
            with pytest.raises(StoreError, match="lock timeout"):
                desk.check(question, FARM)
            # The twin: without an end to the waiting nothing comes back while the other one holds it.
            plain = connecting.text("SELECT pg_advisory_xact_lock(:lock), CAST(:wait AS text)")
            monkeypatch.setattr(connecting, "_ALONE", plain)
            answers = []
            waiting = threading.Thread(target=lambda: answers.append(desk.check(question, FARM)))
            waiting.start()
            waiting.join(1)
            assert answers == []
        waiting.join(20)
        assert len(answers) == 1


def test_postgresql_stopped_and_started_under_load_loses_nothing_that_was_acknowledged(
    empty_postgres, postgres, tmp_path, new_show, registry
):
    """Two workers, writers with keys, and a client that asks all the time: unknown in between, and then it goes on."""
    question = a_request(a_use(0, replica="rpl-p1-body"), recognition=registry.recognition().revision)
    acknowledged, checks, done = set(), [], threading.Event()
    with new_show(tmp_path, "--workers", "2", database=empty_postgres) as show:

        def write(thread):
            number = 0
            while not done.is_set():
                name = 1000 + thread * 100_000 + number
                record = {"why": "new", "record": performer(name)}
                try:
                    key = {"Idempotency-Key": f"k{name}"}
                    answer = show.ask("POST", "/v1/records/performers", json=record, headers=key)
                except requests.RequestException:
                    continue
                if answer.status_code == 201:
                    acknowledged.add(name)
                    number += 1
                else:
                    assert answer.status_code == 503, answer.text
                    time.sleep(0.02)

        def check():
            while not done.is_set():
                backend = HttpBackend(show.url, show.tokens[Role.FARM], sleep=lambda _: None)
                began = time.monotonic()
                try:
                    backend.decide(question)
                    checks.append((began, time.monotonic(), "answered"))
                except BackendError as error:
                    checks.append((began, time.monotonic(), error.code))

        threads = [threading.Thread(target=write, args=(n,)) for n in range(2)]
        threads.append(threading.Thread(target=check))
        for thread in threads:
            thread.start()
        dice = random.Random(3)
        for _ in range(2):
            before = len(acknowledged)
            assert eventually(lambda before=before: len(acknowledged) > before + 2)
            time.sleep(dice.uniform(0, 0.2))
            postgres.stop("immediate")
            stopped = time.monotonic()
            time.sleep(0.3)
            starting = time.monotonic()
            postgres.start()
            within = [said for began, ended, said in checks if stopped < began and ended < starting]
            assert within
            assert set(within) == {"backend-unavailable"}
            asked = len(checks)
            assert eventually(lambda asked=asked: "answered" in {said for _, _, said in checks[asked:]})
        done.set()
        for thread in threads:
            thread.join(30)
    with open_store(empty_postgres) as store:
        assert store.verify()[1] == ()
        held = {int(one[6:]) for one in store.registry().performers if len(one) > 9}
        # One change for each, and the show's own: a retry after a lost answer made no second one.
        assert store.revision() == 1 + len(held)
    assert acknowledged <= held
    assert len(held - acknowledged) <= 2
