"""Clearance requests over HTTP: asked, answered, told along with later checks; on SQLite and on PostgreSQL."""

from __future__ import annotations

import dataclasses
import threading

import pytest

from clearcut.backend import HttpBackend
from clearcut.backend.clearance_requests import RemoteRequests
from clearcut.core.clearance_request import RequestState, with_requests
from clearcut.core.verdict import Severity
from clearcut.errors import BackendError
from clearcut.store import open_store
from clearcut.store.tokens import Role
from fakes.questions import NOON, a_request, a_use

ASKED = {
    "production": "HELIOS",
    "shot": "SH_0000",
    "replica": "rpl-p1-body",
    "codes": ["use-not-permitted"],
    "message": "we need the dub\nby Friday",
}


def a_question(registry):
    """Its only use is refused, because L-1 grants no dubbing."""
    declared = dataclasses.replace(a_use(0).declared, uses=("dub",))
    use = a_use(0, replica="rpl-p1-body", declared=declared)
    return a_request(use, recognition=registry.recognition().revision, now=NOON)


def ask(both, role=Role.ARTIST, **changes):
    return both.ask("POST", "/v1/requests", role, json={**ASKED, **changes})


def listed(both, **wanted):
    return list(RemoteRequests(both.url, both.tokens[Role.FARM]).listed(**wanted))


def test_an_artist_asks_an_officer_answers_and_later_checks_tell(both, registry):
    artist = HttpBackend(both.url, both.tokens[Role.ARTIST])
    question = a_question(registry)
    before = artist.decide(question)
    codes = [r.code for r in before.decisions[0].reasons if r.severity is Severity.BLOCK]
    asked = artist.request_clearance(**{**ASKED, "codes": codes})
    assert (asked.id, asked.state, asked.asked_by) == ("R-1", RequestState.OPEN, "a artist")
    assert listed(both, state="open") == [asked]

    told = artist.decide(question).decisions[0]
    assert told.outcome is before.decisions[0].outcome
    for reason, old in zip(told.reasons, before.decisions[0].reasons, strict=True):
        assert (reason.code, reason.severity, reason.licence) == (old.code, old.severity, old.licence)
        if reason.severity is Severity.BLOCK:
            assert reason.message.startswith(old.message)
            assert "R-1: asked by a artist" in reason.message
            assert reason.detail["request"]["state"] == "open"

    answer = {"revision": 1, "refusal": "P1 does not dub"}
    assert both.ask("POST", "/v1/requests/R-1/answer", Role.OFFICER, json=answer).status_code == 200
    reason = artist.decide(question).decisions[0].reasons[0]
    assert "R-1: refused by a officer" in reason.message
    assert "P1 does not dub" in reason.message
    assert listed(both, state="open") == []


def test_a_grant_names_a_licence_that_is_for_the_replica_and_clears_nothing_by_itself(both, registry):
    artist, question = HttpBackend(both.url, both.tokens[Role.ARTIST]), a_question(registry)
    before = artist.decide(question).decisions[0]
    ask(both)
    for wrong in ("L-none", next(one for one in registry.licences if one != "L-1")):
        answer = both.ask(
            "POST", "/v1/requests/R-1/answer", Role.OFFICER, json={"revision": 1, "licence": wrong}
        )
        assert (answer.status_code, answer.json()["code"]) == (400, "bad-request")
    granted = both.ask("POST", "/v1/requests/R-1/answer", Role.ADMIN, json={"revision": 1, "licence": "L-1"})
    assert granted.json()["state"] == "granted"
    after = artist.decide(question).decisions[0]
    assert (after.outcome, after.licences) == (before.outcome, before.licences)
    assert any("granted by a admin" in reason.message for reason in after.reasons)


def test_what_is_asked_for_already_is_not_asked_again(both):
    assert ask(both).status_code == 201
    again = ask(both, role=Role.TD, message="me too")
    assert (again.status_code, again.json()["id"]) == (200, "R-1")
    assert ask(both, codes=["use-not-permitted", "no-licence"]).json()["id"] == "R-2"
    assert ask(both, shot="SH_0001").json()["id"] == "R-3"


def test_one_key_is_one_request_and_with_another_body_a_conflict(both):
    key = {"Idempotency-Key": "k-1"}
    first = both.ask("POST", "/v1/requests", Role.ARTIST, json=ASKED, headers=key)
    answer = {"revision": 1, "refusal": "no"}
    both.ask("POST", "/v1/requests/R-1/answer", Role.OFFICER, json=answer)
    again = both.ask("POST", "/v1/requests", Role.ARTIST, json=ASKED, headers=key)
    assert (again.status_code, again.content) == (201, first.content)
    other = both.ask("POST", "/v1/requests", Role.ARTIST, json={**ASKED, "shot": "S2"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "conflict")
    # The same key of somebody else is another key; and the twin: without a key it is done again.
    assert both.ask("POST", "/v1/requests", Role.TD, json=ASKED, headers=key).json()["id"] == "R-2"
    both.ask("POST", "/v1/requests/R-2/answer", Role.OFFICER, json=answer)
    assert ask(both).json()["id"] == "R-3"


@pytest.mark.parametrize("key", ["", "a b", "x" * 201, "é"])
def test_a_key_that_is_none_is_a_bad_request(show, key):
    headers = {"Idempotency-Key": key.encode("latin-1")}
    assert show.ask("POST", "/v1/requests", Role.ARTIST, json=ASKED, headers=headers).status_code == 400


def test_of_two_officers_who_answer_at_once_one_is_told_of_the_other(both):
    ask(both)
    answers, start = [], threading.Barrier(2)

    def work(role):
        start.wait()
        body = {"revision": 1, "refusal": role.value}
        answers.append(both.ask("POST", "/v1/requests/R-1/answer", role, json=body))

    threads = [threading.Thread(target=work, args=(role,)) for role in (Role.OFFICER, Role.ADMIN)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    (won,) = [answer.json() for answer in answers if answer.status_code == 200]
    assert both.ask("GET", "/v1/requests/R-1", Role.FARM).json() == won


def test_who_asked_may_take_it_back_and_nobody_elses_artist(both):
    ask(both)
    body = {"revision": 1}
    assert both.ask("POST", "/v1/requests/R-1/withdraw", Role.TD, json=body).status_code == 403
    assert (
        both.ask("POST", "/v1/requests/R-1/withdraw", Role.ARTIST, json=body).json()["state"] == "withdrawn"
    )
    assert both.ask("POST", "/v1/requests/R-1/withdraw", Role.ARTIST, json=body).status_code == 409
    with open_store(both.database) as store:
        assert store.verify()[1] == ()
        actions = both.actions()
    assert actions[-3:] == ["request-asked", "refused", "request-withdrawn"]


def test_lists_go_page_by_page(both):
    for number in range(5):
        ask(both, shot=f"S{number}")
    seen, after = [], 0
    while after is not None:
        page = both.ask("GET", f"/v1/requests?limit=2&after={after}", Role.FARM).json()
        seen += [one["shot"] for one in page["requests"]]
        assert len(page["requests"]) <= 2
        after = page["next"]
    assert seen == [f"S{number}" for number in range(5)]
    assert [one.shot for one in listed(both, production="HELIOS", shot="S3")] == ["S3"]
    assert listed(both, production="OTHER") == []


BAD = [{"codes": []}, {"codes": ["no-such-code"]}, {"codes": "no-licence"}, {"shot": ""}, {"shot": "a\nb"}, {"shot": 3},
       {"another": 1}, {"message": "a\x00b"}, {"message": "x" * 4001}, {"replica": "\ud800"}]  # fmt: skip


@pytest.mark.parametrize("bent", BAD, ids=repr)
def test_a_request_that_is_none_is_a_bad_request(show, bent):
    answer = show.ask("POST", "/v1/requests", Role.ARTIST, json={**ASKED, **bent})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-request")


@pytest.mark.parametrize(
    "query", ["state=fine", "limit=0", "limit=9999", "after=-1", "after=x", "after=99999999999"]
)
def test_a_query_that_is_none_is_a_bad_request(show, query):
    assert show.ask("GET", f"/v1/requests?{query}", Role.ARTIST).status_code == 400


@pytest.mark.parametrize("identity", ["R-9", "R-", "R-x", "nothing", "R--1", "R-99999999999999"])
def test_a_request_that_is_not_there_is_not_found(show, identity):
    assert show.ask("GET", f"/v1/requests/{identity}", Role.ARTIST).status_code == 404


def test_a_withdrawn_request_is_not_told(registry):
    from clearcut.backend import RegistryBackend
    from clearcut.core.clearance_request import ClearanceRequest
    from clearcut.settings import load_packs

    question = a_question(registry)
    answer = RegistryBackend(registry, load_packs(), clock=lambda: NOON, name="here").decide(question)
    codes = tuple(reason.code for reason in answer.decisions[0].reasons)
    asked = ClearanceRequest("R-1", 1, RequestState.OPEN, "HELIOS", "SH_0000", "rpl-p1-body", codes, "", "a", NOON)  # fmt: skip
    assert with_requests(answer, question, [asked]) != answer
    for changes in ({"state": RequestState.WITHDRAWN}, {"shot": "SH_0001"}, {"codes": ("no-licence",)}):
        assert with_requests(answer, question, [dataclasses.replace(asked, **changes)]) == answer


def test_a_server_that_gives_no_requests_is_a_backend_error(show):
    with pytest.raises(BackendError):
        list(RemoteRequests("http://127.0.0.1:9", "ccl_x").listed())
    with pytest.raises(BackendError):
        HttpBackend(show.url, show.tokens[Role.AUDITOR]).request_clearance(**ASKED)
