"""The real server in a process of its own, over real HTTP."""

from __future__ import annotations

import dataclasses
import json
import re
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import requests

from clearcut.backend import HttpBackend, RegistryBackend, RemoteRegistry, open_registry
from clearcut.core.licence import LicenceStatus
from clearcut.core.registry_json import registry_to_json
from clearcut.core.verdict import Outcome
from clearcut.core.wire import request_to_json
from clearcut.errors import BackendError, ConflictError, RecognitionChanged
from clearcut.server.permissions import ALLOWED, Permission
from clearcut.settings import load_packs
from clearcut.store import open_store
from clearcut.store.tokens import Role
from fakes.questions import NOON, a_request, a_use

pytestmark = pytest.mark.usefixtures("show")


@pytest.fixture
def request_(registry):
    """A question about two uses that the show's registry knows, at a fixed moment."""
    recognition = registry.recognition()
    uses = (a_use(0, replica="rpl-p1-body"), a_use(1, replica="rpl-p3-body"), a_use(2, replica="rpl-nobody"))
    return a_request(*uses, recognition=recognition.revision, now=NOON)


def test_server_and_client_decide_alike(show, registry, request_):
    """Artist over HTTP and farm in its own process: one and the same evaluate."""
    over_http = HttpBackend(show.url, show.tokens[Role.ARTIST]).decide(request_)
    here = RegistryBackend(registry, load_packs(), clock=lambda: NOON, name="here").decide(request_)
    assert over_http == here
    assert over_http.decisions[2].outcome is Outcome.UNKNOWN


def test_the_recognition_is_the_registrys(show, registry):
    assert HttpBackend(show.url, show.tokens[Role.FARM]).recognition() == registry.recognition()


def test_the_registry_comes_out_as_it_went_in(show, registry):
    assert RemoteRegistry(show.url, show.tokens[Role.AUDITOR]).export_registry() == registry
    assert open_registry(show.database) == registry


@pytest.mark.parametrize("place", ["query", "cookie", "basic"])
def test_a_token_anywhere_but_in_its_header_is_no_token(show, place):
    token = show.tokens[Role.ADMIN]
    options = {
        "query": {"params": {"token": token, "access_token": token}},
        "cookie": {"cookies": {"token": token}},
        "basic": {"auth": ("token", token)},
    }[place]
    assert show.server.ask("GET", "/v1/recognition", **options).status_code == 401


def test_an_ended_and_a_revoked_token_are_refused_at_once(show):
    with open_store(str(show.database)) as store:
        soon = datetime.now(timezone.utc) + timedelta(seconds=0.7)
        ending = store.create_token("ending", Role.ARTIST, expires=soon, by="admin")
        revoked = store.create_token("revoked", Role.ARTIST, by="admin")
        identity = next(entry.id for entry in store.token_entries() if entry.name == "revoked")
        assert show.server.ask("GET", "/v1/recognition", revoked).status_code == 200
        assert show.server.ask("GET", "/v1/recognition", ending).status_code == 200
        store.revoke_token(identity, by="admin")
    assert show.server.ask("GET", "/v1/recognition", revoked).status_code == 401
    time.sleep(0.8)
    assert show.server.ask("GET", "/v1/recognition", ending).status_code == 401


def test_the_wrong_token_is_unauthorised_for_the_client(show):
    with pytest.raises(BackendError) as raised:
        HttpBackend(show.url, "ccl_wrong").recognition()
    assert raised.value.code == "backend-unauthorised"


# Questions that are none

BAD_BODIES = [b"", b"{", b"null", b"[]", b"\xff", b'{"schema": NaN}', b"[" * 50_000, b"<html>"]


@pytest.mark.parametrize("body", BAD_BODIES, ids=lambda body: repr(body[:12]))
@pytest.mark.parametrize("method, path", [("POST", "/v1/check"), ("PUT", "/v1/registry")])
def test_a_body_that_is_no_question_is_a_bad_request(show, method, path, body):
    answer = show.ask(method, path, data=body)
    assert answer.status_code == 400
    assert answer.json()["code"] == "bad-request"


def test_a_faulty_registry_is_refused_with_every_fault_and_changes_nothing(show, registry):
    document = registry_to_json(registry)
    document["licences"][0]["status"] = "fine"
    document["licences"][1]["max_screen_time_s"] = -1
    before = show.ask("GET", "/v1/registry").content
    answer = show.ask("PUT", "/v1/registry", json={"why": "w", "registry": document})
    assert answer.status_code == 400
    paths = {fault["path"] for fault in answer.json()["faults"]}
    assert {"licences[0].status", "licences[1].max_screen_time_s"} <= paths
    assert show.ask("GET", "/v1/registry").content == before


def test_a_registry_with_a_duplicate_key_is_refused(show, registry):
    text = json.dumps({"why": "w", "registry": registry_to_json(registry)})
    text = text.replace('"status": "active"', '"status": "revoked", "status": "active"', 1)
    assert show.ask("PUT", "/v1/registry", data=text.encode()).status_code == 400


def test_a_body_beyond_the_limit_is_refused(show):
    def endless():
        for _ in range(70):
            yield b" " * (1 << 20)

    try:
        status = show.ask("POST", "/v1/check", data=endless()).status_code
    except requests.ConnectionError:
        status = 413  # it closed the connection before we had sent everything
    assert status == 413


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v1/", "/v1/nothing", "/v1/check/", "//v1/check", "/v1/../v1/check"]
)
def test_a_path_that_is_none_is_not_found(show, path):
    status = show.ask("GET", path).status_code
    assert status in {404, 405}


def test_whatever_is_sent_is_no_defect(show):
    """Raw bytes that are no HTTP, half of a request, and silence: the server goes on."""
    port = int(show.url.rpartition(":")[2])
    for raw in (
        b"\x00\xff\r\n\r\n",
        b"GET",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /v1/check HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(raw)
    assert show.ask("GET", "/v1/health", None).status_code == 200


# Changes


def revoked(registry, licence):
    changed = dataclasses.replace(registry.licences[licence], status=LicenceStatus.REVOKED)
    return dataclasses.replace(registry, licences={**registry.licences, licence: changed})


def with_cap(registry, licence):
    changed = dataclasses.replace(registry.licences[licence], max_shots=7)
    return dataclasses.replace(registry, licences={**registry.licences, licence: changed})


@pytest.fixture
def own(tmp_path, registry, new_show):
    """A server whose registry a test may change."""
    with new_show(tmp_path) as made:
        yield made


def test_a_revocation_holds_from_the_next_question_on(own, registry):
    """Also one that came in beside the server, by the command line: nothing is remembered too long."""
    licence = next(one for one in registry.licences.values() if one.status is LicenceStatus.ACTIVE and
                   "rpl-p1-body" in one.replicas)  # fmt: skip
    request = a_request(
        a_use(0, replica="rpl-p1-body"), recognition=registry.recognition().revision, now=NOON
    )

    def codes():
        answer = HttpBackend(own.url, own.tokens[Role.ARTIST]).decide(request)
        return {reason.code for reason in answer.decisions[0].reasons}

    assert "licence-revoked" not in codes()
    RemoteRegistry(own.url, own.tokens[Role.OFFICER]).import_registry(revoked(registry, licence.id), why="r")
    assert "licence-revoked" in codes()
    with open_store(str(own.database)) as store:
        store.import_registry(registry, by="cli", why="w", base=store.revision())
    assert "licence-revoked" not in codes()


def test_a_question_that_rests_on_older_assets_is_sent_back(own, registry):
    """An asset registered after the client looked might be in the cut: no answer is given on what it did not know."""
    backend = HttpBackend(own.url, own.tokens[Role.ARTIST])
    request = a_request(a_use(0, replica="rpl-p1-body"), recognition=backend.recognition().revision)
    backend.decide(request)
    fewer = dataclasses.replace(registry, assets=registry.assets[1:])
    RemoteRegistry(own.url, own.tokens[Role.ADMIN]).import_registry(fewer, why="w")
    with pytest.raises(RecognitionChanged):
        backend.decide(request)
    again = dataclasses.replace(request, recognition=backend.recognition().revision)
    assert backend.decide(again).decisions


def test_a_change_of_an_older_revision_is_a_conflict(own, registry):
    exported = own.ask("GET", "/v1/registry")
    base = int(exported.headers["Clearcut-Revision"])
    licence = next(iter(registry.licences))
    remote = RemoteRegistry(own.url, own.tokens[Role.OFFICER])
    assert remote.import_registry(revoked(registry, licence), why="r", base=base) == base + 1
    answer = own.ask("PUT", "/v1/registry", json={"why": "w", "base": base, "registry": exported.json()})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert remote.export_revision() == (base + 1, revoked(registry, licence))


def test_an_import_whose_answer_was_lost_is_not_a_conflict_with_itself(own, registry):
    body = {
        "why": "r",
        "base": 1,
        "registry": registry_to_json(revoked(registry, next(iter(registry.licences)))),
    }
    key = {"Idempotency-Key": "one"}
    first = own.ask("PUT", "/v1/registry", json=body, headers=key)
    assert (first.status_code, first.json()["revision"]) == (200, 2)
    assert own.ask("PUT", "/v1/registry", json=body, headers=key).content == first.content
    # The twin: without the key its own change stands against it.
    assert own.ask("PUT", "/v1/registry", json=body).status_code == 409


def test_an_older_file_does_not_take_back_a_revocation_and_says_what_who_and_how(own, registry):
    licence = next(iter(registry.licences))
    remote = RemoteRegistry(own.url, own.tokens[Role.OFFICER])
    remote.import_registry(revoked(registry, licence), why="P1 asked")
    with pytest.raises(ConflictError) as raised:
        remote.import_registry(registry, why="an old file")
    (conflict,) = raised.value.conflicts
    for said in (f"licences[{licence}]", "revoked", "by a officer", "P1 asked"):
        assert said in conflict
    assert "--base 2" in raised.value.remedy
    assert remote.export_revision() == (2, revoked(registry, licence))
    assert remote.import_registry(registry, why="it was a mistake", base=2) == 3


@pytest.mark.parametrize("why", ["", "a\x00b", "a\nb", "x" * 1001, None, 3])
def test_a_change_says_why(show, registry, why):
    body = {"why": why, "registry": registry_to_json(registry)}
    assert show.ask("PUT", "/v1/registry", json=body).status_code == 400


def test_who_changed_what_and_why_is_in_the_record(own, registry):
    licence = next(iter(registry.licences))
    RemoteRegistry(own.url, own.tokens[Role.OFFICER]).import_registry(
        revoked(registry, licence), why="P1 asked"
    )
    with sqlite3.connect(own.database) as connection:
        row = connection.execute('SELECT "by", why FROM revisions WHERE number = 2').fetchone()
    connection.close()
    assert row == ("a officer", "P1 asked")
    with open_store(str(own.database)) as store:
        assert store.verify()[1] == ()


def test_tokens_are_in_no_log_no_answer_and_no_address(own):
    said = []
    for token in (*own.tokens.values(), "ccl_wrong-token"):
        for method, path in (
            ("GET", "/v1/registry"),
            ("POST", "/v1/check"),
            ("GET", f"/v1/nothing?x={token[:0]}"),
        ):
            answer = own.server.ask(method, path, token, data=b"{")
            said.append(answer.text + repr(answer.headers) + answer.url)
    own.server.stop()
    everything = "".join(said) + own.server.said()
    for token in (*own.tokens.values(), "ccl_wrong-token"):
        assert token not in everything
        assert token.removeprefix("ccl_") not in everything


# Running


def test_the_first_line_is_the_address_and_it_answers_at_once(own):
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", own.url)
    assert own.ask("GET", "/v1/health", None).json()["status"] == "ok"
    assert own.ask("GET", "/v1/health/ready", None).json() == {"status": "ready"}


@pytest.mark.parametrize("number", [15, 2])
def test_it_stops_when_told_to_and_finishes_what_is_under_way(own, registry, number):
    answers = []
    uses = tuple(a_use(n, replica="rpl-p1-body", shot=f"S{n}") for n in range(4000))
    body = json.dumps(request_to_json(a_request(*uses, recognition=registry.recognition().revision))).encode()
    thread = threading.Thread(
        target=lambda: answers.append(own.ask("POST", "/v1/check", Role.FARM, data=body).status_code)
    )
    thread.start()
    time.sleep(0.1)
    own.server.process.send_signal(number)
    assert own.server.process.wait(20) == 0
    thread.join(20)
    assert answers == [200]
    assert "Traceback" not in own.server.said()


def test_a_port_that_is_taken_is_wrong_usage(own, tmp_path):
    port = own.url.rpartition(":")[2]
    command = [sys.executable, "-m", "clearcut", "serve", "--database", str(own.database), "--port", port]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=30)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_a_database_that_cannot_be_read_makes_the_answer_an_error_and_never_a_decision(own, registry):
    own.ask("GET", "/v1/health/ready", None)
    with sqlite3.connect(own.database) as connection:
        connection.execute("ALTER TABLE revisions RENAME TO gone")
    connection.close()
    assert own.ask("GET", "/v1/health/ready", None).status_code == 503
    backend = HttpBackend(own.url, own.tokens[Role.ARTIST], sleep=lambda _: None)
    with pytest.raises(BackendError) as raised:
        backend.decide(a_request(a_use(0), recognition=registry.recognition().revision))
    assert raised.value.code == "backend-unavailable"
    assert str(own.database) not in str(raised.value)


def test_https_with_a_certificate_of_the_studios(tmp_path, registry, new_show):
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    with new_show(tmp_path, "--tls-cert", str(cert), "--tls-key", str(key)) as made:
        assert made.url.startswith("https://")
        backend = HttpBackend(made.url, made.tokens[Role.TD], ca_file=cert)
        assert backend.recognition() == registry.recognition()
        with pytest.raises(BackendError):
            HttpBackend(made.url, made.tokens[Role.TD]).recognition()


def test_what_was_acknowledged_is_there_after_kill_9(tmp_path, registry, new_show):
    """Imports one after the other, killed in the middle of them, several times; no half of a change is ever seen."""
    licences = list(registry.licences)
    acknowledged = 0
    states = [with_cap(registry, licence) for licence in licences]
    for life in range(4):
        with new_show(tmp_path, fresh=life == 0) as made:
            seen = RemoteRegistry(made.url, made.tokens[Role.ADMIN]).export_registry()
            with open_store(str(made.database)) as store:
                assert store.revision() >= acknowledged
                assert store.registry() == seen
                assert store.verify()[1] == ()
            stop = threading.Timer(0.25 + life * 0.13, made.server.process.kill)
            stop.start()
            try:
                for turn in range(1000):
                    state = states[turn % len(states)]
                    body = {"why": f"{life}.{turn}", "registry": registry_to_json(state)}
                    acknowledged = made.ask("PUT", "/v1/registry", json=body).json()["revision"]
            except (requests.RequestException, ValueError):
                pass
            stop.join()
    with open_store(str(made.database)) as store:
        assert store.revision() >= acknowledged > 1
        assert store.registry() in [registry, *states]
        assert store.verify()[1] == ()


def test_the_page_about_running_the_server_tells_the_roles_as_they_are():
    page = (Path(__file__).parents[2] / "docs" / "running-the-server.md").read_text()
    rows = re.findall(r"^\| ([a-z, ]+) ((?:\| (?:yes|no) ){6})\|$", page, re.MULTILINE)
    told = {role: re.findall("yes|no", answers) for names, answers in rows for role in names.split(", ")}
    shown = (
        (Permission.CHECK, Permission.RECOGNISE),
        (Permission.READ_REGISTRY,),
        (Permission.CHANGE_REGISTRY,),
        (Permission.ASK,),
        (Permission.ANSWER, Permission.APPROVE_WAIVER),
        (Permission.REGISTER_CUT,),
    )
    for role in Role:
        for answer, permissions in zip(told[role.value], shown, strict=True):
            assert {role in ALLOWED[one] for one in permissions} == {answer == "yes"}
    everybody = {Permission.READ_REQUESTS, Permission.READ_CUTS, Permission.READ_METRICS}
    assert everybody | {one for permissions in shown for one in permissions} == set(Permission)
    assert all(ALLOWED[one] == set(Role) for one in everybody)


def test_a_record_that_became_faulty_in_the_database_is_nobodys_decision(own, registry):
    """Neither while the server runs nor when it starts; and the asker is not told what stands in a contract."""
    request = a_request(a_use(0, replica="rpl-p1-body"), recognition=registry.recognition().revision)
    licence = next(iter(registry.licences))
    with open_store(str(own.database)) as store:
        store.import_registry(revoked(registry, licence), by="cli", why="w")
    with sqlite3.connect(own.database) as connection:
        connection.execute(
            "UPDATE records SET body = ? WHERE revision = 2", (json.dumps({"id": licence, "secret-term": 1}),)
        )
    connection.close()
    backend = HttpBackend(own.url, own.tokens[Role.ARTIST], sleep=lambda _: None)
    with pytest.raises(BackendError) as raised:
        backend.decide(request)
    assert raised.value.code == "backend-unavailable"
    assert "secret-term" not in own.ask("GET", "/v1/recognition", Role.ARTIST).text
    own.server.stop()
    command = [sys.executable, "-m", "clearcut", "serve", "--database", str(own.database), "--port", "0"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout) == (3, "")
    assert "Traceback" not in done.stderr
