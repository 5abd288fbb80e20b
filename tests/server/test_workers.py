"""Several workers on one socket: they answer as one, none is missed for long, and none is left behind."""

from __future__ import annotations

import dataclasses
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import requests

from clearcut.backend import HttpBackend
from clearcut.core.wire import request_to_json
from clearcut.server.worker import Worker
from clearcut.store import open_store
from clearcut.store.sqlite_file import StoreError
from clearcut.store.tokens import Role
from fakes.questions import NOON, a_request, a_use
from fakes.serving import TESTS, eventually, serving
from fakes.worlds import performer
from server.conftest import set_up

TWO = ("--workers", "2", "--log-format", "json")


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def pair(request, tmp_path_factory, new_show):
    """A server of two workers, for tests that leave a registry of the same performers and replicas."""
    database = None if request.param == "sqlite" else request.getfixturevalue("postgres").empty_database()
    with new_show(tmp_path_factory.mktemp("pair"), *TWO, database=database) as made:
        yield made


def ask_both(server, ask, times=200):
    """Asks until both workers have answered, and gives what was answered."""
    answers = []
    for _ in range(times):
        answers.append(ask())
        if len(answers) >= 4 and len(server.workers()) > 1:
            return answers
    raise AssertionError("one worker answered everything")


def counted(show, name):
    """The sum of a metric's samples."""
    text = show.ask("GET", "/metrics", Role.FARM).text
    return sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith(name))


def told_of(show, route):
    """How many lines of the log tell of a route."""
    return sum(line["route"] == route for line in show.server.told())


def in_time(show, path):
    """Its status; None where the connection broke, as it may while a worker is killed."""
    try:
        return show.ask("GET", path, Role.FARM).status_code
    except requests.RequestException:
        return None


def test_a_worker_that_dies_is_replaced_and_nothing_that_was_counted_is_lost(tmp_path, new_show):
    with new_show(tmp_path, *TWO) as show:
        statuses = ask_both(show.server, lambda: show.ask("GET", "/v1/recognition").status_code)
        assert set(statuses) == {200}
        assert counted(show, "clearcut_workers") == 2
        asked = 'clearcut_requests_total{method="GET",route="/v1/recognition"'
        # A worker counts and tells what it answered a moment after the answer: a kill in between would lose it.
        assert eventually(lambda: counted(show, asked) == len(statuses) == told_of(show, "/v1/recognition"))
        first = show.server.workers()
        os.kill(min(first), signal.SIGKILL)
        assert eventually(lambda: in_time(show, "/v1/health") == 200 and show.server.workers() - first)
        assert eventually(lambda: in_time(show, "/metrics") == 200 and counted(show, "clearcut_workers") == 2)
        assert counted(show, asked) == len(statuses) == told_of(show, "/v1/recognition")
        assert show.server.stop(signal.SIGINT) == 0
        assert eventually(lambda: show.server.processes() == set())
        assert "Traceback" not in show.server.said()


def stale_answers(server, tokens, database, registry):
    """How many answers rest on a registry that was changed before they were asked for."""
    licence = next(one for one in registry.licences.values() if "rpl-p1-body" in one.replicas)
    path = f"/v1/records/licences/{licence.id}"
    question = a_request(
        a_use(0, replica="rpl-p1-body"), recognition=registry.recognition().revision, now=NOON
    )

    def is_revoked():
        answer = HttpBackend(server.url, tokens[Role.FARM]).decide(question)
        return "licence-revoked" in {reason.code for reason in answer.decisions[0].reasons}

    ask_both(server, is_revoked)
    stale = 0
    for status in ("revoked", "active") * 3:
        known = server.ask("GET", path, tokens[Role.OFFICER]).json()
        record = {**known["record"], "status": status, "revision": known["record"]["revision"] + 1}
        body = {"why": "w", "record": record, "revision": known["revision"]}
        assert server.ask("PUT", path, tokens[Role.OFFICER], json=body).status_code == 200
        stale += sum(is_revoked() is not (status == "revoked") for _ in range(6))
    return stale


def test_a_revocation_that_one_worker_acknowledged_holds_at_the_next_question_to_any(pair, registry):
    assert stale_answers(pair.server, pair.tokens, pair.database, registry) == 0


def test_of_two_who_change_one_licence_at_once_one_is_told_of_the_other(pair):
    """Whichever workers they reach: the revision that was looked at is held against the one that stands."""
    ask_both(pair.server, lambda: pair.ask("GET", "/v1/health"))
    path = "/v1/records/licences/L-1"
    for turn in range(8):
        known = pair.ask("GET", path).json()
        start, statuses = threading.Barrier(3), []

        def change(cap, known=known, start=start, statuses=statuses):
            record = {**known["record"], "max_shots": cap, "revision": known["record"]["revision"] + 1}
            body = {"why": "w", "record": record}
            start.wait()
            answer = pair.ask("PUT", path, json={**body, "revision": known["revision"]})
            statuses.append(answer.status_code)

        threads = [threading.Thread(target=change, args=(1000 + 10 * turn + n,)) for n in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(statuses) == [200, 409, 409]
    assert len(pair.ask("GET", path).json()["history"]) >= 9


def test_hung_up_on_all_workers_are_replaced_and_when_the_parent_is_killed_they_end_too(tmp_path, new_show):
    with new_show(tmp_path, *TWO) as show:
        ask_both(show.server, lambda: show.ask("GET", "/v1/health").status_code)
        first = show.server.workers()
        show.server.process.send_signal(signal.SIGHUP)
        assert eventually(lambda: not first & show.server.processes())
        assert eventually(lambda: in_time(show, "/metrics") == 200 and counted(show, "clearcut_workers") == 2)
        assert len(show.server.processes()) >= 3
        show.server.process.kill()
        show.server.process.wait()
        assert eventually(lambda: show.server.processes() == set())


def test_the_twin_without_the_guards_answers_are_stale_and_orphans_serve_on(tmp_path, registry):
    database = str(tmp_path / "r.sqlite")
    tokens = set_up(database, registry)
    program = [str(TESTS / "fakes" / "unguarded.py"), database]
    with serving(database, tmp_path / "log.txt", program=program) as server:
        assert stale_answers(server, tokens, database, registry) > 0
        server.process.kill()
        server.process.wait()
        time.sleep(1)
        assert len(server.processes()) >= 2
        assert server.ask("GET", "/v1/health").status_code == 200


def kill_workers(tmp_path, new_show, kills):
    """Creates performers while workers are killed; what got no answer is sent again. Gives (acknowledged, held)."""
    acknowledged, dice = set(), random.Random(7)
    with new_show(tmp_path, *TWO) as show:
        done = threading.Event()

        def write(thread):
            number = 0
            while not done.is_set():
                name = 1000 + thread * 100_000 + number
                body = {"why": "new", "record": performer(name)}
                try:
                    key = {"Idempotency-Key": f"k{name}"}
                    answer = show.ask("POST", "/v1/records/performers", json=body, headers=key)
                except requests.RequestException:
                    continue
                assert answer.status_code == 201, answer.text
                acknowledged.add(name)
                number += 1

        threads = [threading.Thread(target=write, args=(n,)) for n in range(3)]
        for thread in threads:
            thread.start()
        for _ in range(kills):
            time.sleep(dice.uniform(0.02, 0.4))
            living = show.server.workers() & show.server.processes()
            if living:
                os.kill(dice.choice(sorted(living)), signal.SIGKILL)
            before = len(acknowledged)
            assert eventually(lambda before=before: len(acknowledged) > before, 60)
        done.set()
        for thread in threads:
            thread.join()
        assert show.server.stop() == 0
    with open_store(str(tmp_path / "registry.sqlite")) as store:
        assert store.verify()[1] == ()
        held = {int(one[6:]) for one in store.registry().performers if len(one) > 9}
        # Each was made by one revision, and the show itself by the first.
        assert store.revision() == 1 + len(held)
    return acknowledged, held


def test_after_kill_9_of_workers_nothing_acknowledged_is_lost_or_made_twice(tmp_path, new_show):
    acknowledged, held = kill_workers(tmp_path, new_show, 4)
    assert acknowledged == held


@pytest.mark.fuzz
@pytest.mark.skipif(not os.environ.get("CLEARCUT_FUZZ"), reason="long: run by make fuzz")
def test_after_a_hundred_kills_of_workers_nothing_is_lost_or_made_twice(tmp_path, new_show):
    acknowledged, held = kill_workers(tmp_path, new_show, 100)
    assert acknowledged == held
    assert len(held) > 100


# Starting


@pytest.fixture
def faulty(tmp_path, registry):
    """A database in which a record became faulty."""
    database = tmp_path / "r.sqlite"
    set_up(str(database), registry)
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE records SET body = '{}' WHERE kind = 'licences'")
    connection.close()
    return str(database)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_registry_that_cannot_be_read_is_said_at_the_start(faulty, workers):
    command = [sys.executable, "-m", "clearcut", "serve", "--database", faulty, "--port", "0"]
    done = subprocess.run(
        [*command, "--workers", workers], check=False, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert "Traceback" not in done.stderr


def test_a_worker_that_takes_anothers_place_waits_for_the_database(faulty, monkeypatch):
    """It must not fail to start again and again; until then it answers 503, and is not ready."""
    monkeypatch.setattr("clearcut.server.worker.set_up_logging", lambda settings: None)
    monkeypatch.setattr("clearcut.server.worker.gc.set_threshold", lambda *_: None)
    monkeypatch.setattr("clearcut.server.create_app", lambda desk, folder: desk)
    worker = Worker(faulty, None)
    with pytest.raises(StoreError):
        worker()
    assert dataclasses.replace(worker, first=False)() is not None


def test_a_certificate_that_is_none_is_wrong_usage(tmp_path):
    bad = tmp_path / "bad.pem"
    bad.write_text("no certificate")
    command = [
        sys.executable,
        "-m",
        "clearcut",
        "serve",
        "--database",
        str(tmp_path / "r.sqlite"),
        "--port",
        "0",
    ]
    done = subprocess.run(
        [*command, "--tls-cert", bad, "--tls-key", bad, "--workers", "2"],
        check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_told_to_stop_all_workers_finish_what_is_under_way_over_https(tmp_path, new_show, registry):
    cert, key = Path(tmp_path, "cert.pem"), Path(tmp_path, "key.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    uses = tuple(a_use(n, replica="rpl-p1-body", shot=f"S{n}") for n in range(4000))
    body = json.dumps(request_to_json(a_request(*uses, recognition=registry.recognition().revision))).encode()
    statuses = []
    with new_show(tmp_path, *TWO, "--tls-cert", str(cert), "--tls-key", str(key)) as show:
        assert show.url.startswith("https://")

        def ask():
            answer = show.ask("POST", "/v1/check", Role.FARM, data=body, verify=str(cert))
            statuses.append(answer.status_code)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(0.25)
        assert show.server.stop() == 0
        for thread in threads:
            thread.join(20)
        assert eventually(lambda: show.server.processes() == set())
    assert statuses == [200] * 4
