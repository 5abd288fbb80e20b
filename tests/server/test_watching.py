"""What the log and the metrics tell of a request, and who may read it; one real server that logs JSON."""

from __future__ import annotations

import json
import re
import sqlite3

import pytest

from clearcut.core.wire import request_to_json
from clearcut.store.tokens import Role
from fakes.questions import NOON, a_request, a_use
from fakes.serving import eventually


@pytest.fixture(scope="module")
def logged(tmp_path_factory, new_show):
    with new_show(tmp_path_factory.mktemp("logged"), "--log-format", "json", "--log-level", "debug") as made:
        yield made


def told_of(show, answer):
    """The line about the request of that answer."""

    def lines():
        return [one for one in show.server.told() if one["request_id"] == answer.headers["X-Request-Id"]]

    # It is written once the answer has been sent.
    assert eventually(lambda: len(lines()) == 1)
    return lines()[0]


def test_a_request_is_one_line_that_names_the_token_and_not_what_it_is(logged):
    answer = logged.ask("GET", "/v1/records/licences/L-1?note=ccl_in-a-query", Role.AUDITOR)
    line = told_of(logged, answer)
    assert (line["method"], line["route"], line["status"]) == ("GET", "/v1/records/{kind}/{key}", 200)
    assert line["name"] == "a auditor"
    assert re.fullmatch(r"[0-9a-f]{12}", line["token"])
    assert line["ms"] > 0
    assert "L-1" not in json.dumps(line)
    assert "in-a-query" not in logged.server.said()


def test_who_has_no_token_has_no_name_and_what_is_no_route_has_none(logged):
    refused = told_of(logged, logged.ask("GET", "/v1/registry", None))
    assert (refused["status"], refused["route"]) == (401, "/v1/registry")
    assert "name" not in refused
    nowhere = told_of(logged, logged.ask("GET", "/secret/path", None))
    assert (nowhere["status"], nowhere["route"]) == (404, "")
    assert "secret" not in logged.server.said()


@pytest.mark.parametrize("given", ["a", "A-b_c.9", "x" * 64])
def test_a_request_keeps_the_id_that_it_came_with(logged, given):
    answer = logged.ask("GET", "/v1/health", None, headers={"X-Request-Id": given})
    assert answer.headers["X-Request-Id"] == given
    assert told_of(logged, answer)["route"] == "/v1/health"


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", 'a"b', "a/b", "ümlaut".encode(), "ccl_" + "A" * 43])
def test_an_id_that_is_none_or_a_token_is_replaced(logged, given):
    answer = logged.ask("GET", "/v1/health", None, headers={"X-Request-Id": given})
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-Id"])


def test_a_failure_in_the_log_bears_the_id_of_its_request(tmp_path, new_show):
    with new_show(tmp_path, "--log-format", "json") as show:
        with sqlite3.connect(show.database) as connection:
            connection.execute("ALTER TABLE revisions RENAME TO gone")
        connection.close()
        answer = show.ask("GET", "/v1/health/ready", None)
        assert answer.status_code == 503
        (line,) = show.server.told("clearcut.server")
        assert line["request_id"] == answer.headers["X-Request-Id"]
        show.ask("GET", "/v1/registry")
        with sqlite3.connect(show.database) as connection:
            connection.execute("ALTER TABLE gone RENAME TO revisions")
        connection.close()
        text = show.ask("GET", "/metrics").text
        assert "clearcut_database_errors_total 2.0" in text


def test_a_database_without_a_migration_is_not_ready(tmp_path, new_show):
    with new_show(tmp_path) as show:

        def migration(version):
            with sqlite3.connect(show.database) as connection:
                before = connection.execute("SELECT version_num FROM alembic_version").fetchall()
                connection.execute("DELETE FROM alembic_version")
                connection.executemany("INSERT INTO alembic_version VALUES (?)", version)
            connection.close()
            return before

        newest = migration([("0001",)])
        for version, status in (([("9999",)], 503), ([], 503), (newest, 503), (newest, 200)):
            assert show.ask("GET", "/v1/health/ready", None).status_code == status
            assert show.ask("GET", "/v1/health", None).status_code == 200
            migration(version)


# Metrics


def samples(show, role=Role.FARM):
    text = show.ask("GET", "/metrics", role).text
    return {
        name: float(value)
        for name, _, value in (line.rpartition(" ") for line in text.splitlines() if line[:1] != "#")
    }


@pytest.mark.parametrize("role", list(Role))
def test_everybody_with_a_token_may_read_the_metrics(logged, role):
    answer = logged.ask("GET", "/metrics", role)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")


def test_nobody_else_may(logged):
    assert logged.ask("GET", "/metrics", None).status_code == 401


def test_requests_decisions_and_the_revision_are_counted(logged, registry):
    uses = (a_use(0, replica="rpl-p1-body"), a_use(1, replica="rpl-nobody"), a_use(2, replica="rpl-nobody"))
    question = a_request(*uses, recognition=registry.recognition().revision, now=NOON)
    before = samples(logged)
    body = json.dumps(request_to_json(question, question="q")).encode()
    assert logged.ask("POST", "/v1/check", Role.FARM, data=body).status_code == 200
    assert logged.ask("POST", "/v1/check", Role.FARM, data=b"{").status_code == 400
    logged.ask("GET", "/v1/registry", Role.ARTIST)
    after = samples(logged)

    def grew(name):
        return after.get(name, 0) - before.get(name, 0)

    assert grew('clearcut_decisions_total{outcome="cleared"}') == 1
    assert grew('clearcut_decisions_total{outcome="unknown"}') == 2
    assert grew('clearcut_requests_total{method="POST",route="/v1/check",status="200"}') == 1
    assert grew('clearcut_requests_total{method="POST",route="/v1/check",status="400"}') == 1
    assert grew('clearcut_requests_total{method="GET",route="/v1/registry",status="403"}') == 1
    assert grew('clearcut_request_seconds_count{method="POST",route="/v1/check"}') == 2
    assert after["clearcut_registry_revision"] == 1
    assert after["clearcut_workers"] == 1


def test_nothing_that_a_caller_chooses_becomes_a_label(logged):
    for path in ("/v1/records/licences/L-1", "/v1/records/licences/perf-p9", "/nothing/here", "/v1/cuts/C-9"):
        logged.server.ask("BREW", path, logged.tokens[Role.ADMIN])
        logged.ask("GET", path)
    names = "\n".join(samples(logged))
    for chosen in ("L-1", "perf-p9", "nothing", "C-9", "BREW", "a admin"):
        assert chosen not in names
