"""Whatever happens to answers on their way, a client ends in the true one or in none: never in another clearance."""

from __future__ import annotations

import pytest

from clearcut.backend import HttpBackend
from clearcut.backend.clearance_requests import RemoteRequests
from clearcut.errors import BackendError
from clearcut.store.tokens import Role
from fakes.crooked_proxy import SPOILS, crooked_proxy
from fakes.questions import NOON, a_request, a_use

ROUNDS = {"late": 1}


@pytest.fixture
def question(registry):
    uses = (a_use(0, replica="rpl-p1-body"), a_use(1, replica="rpl-p3-body"), a_use(2, replica="rpl-nobody"))
    return a_request(*uses, recognition=registry.recognition().revision, now=NOON)


def asked(url, show, request, **options):
    """What the client makes of it: an answer, or None where it could not be asked."""
    backend = HttpBackend(url, show.tokens[Role.FARM], sleep=lambda _: None, timeout_s=0.8, **options)
    try:
        return backend.decide(request)
    except BackendError:
        return None


def set_status(show, status):
    path = "/v1/records/licences/L-1"
    known = show.ask("GET", path).json()
    record = {**known["record"], "status": status, "revision": known["record"]["revision"] + 1}
    body = {"why": "w", "record": record, "revision": known["revision"]}
    assert show.ask("PUT", path, json=body).status_code == 200


@pytest.fixture(scope="module")
def changing(tmp_path_factory, new_show):
    with new_show(tmp_path_factory.mktemp("changing")) as made:
        yield made


@pytest.mark.parametrize("how", SPOILS)
def test_through_a_crooked_proxy_the_answer_is_the_true_one_or_none(changing, question, how):
    """Before and after a revocation: what was true earlier is not true now."""
    got = []
    with crooked_proxy(changing.url, SPOILS[how], seed=len(how)) as proxy:
        for turn in range(4):
            set_status(changing, "revoked" if turn % 2 else "active")
            truth = asked(changing.url, changing, question)
            assert (truth.decisions[0].outcome.value == "blocked") is bool(turn % 2)
            for _ in range(ROUNDS.get(how, 10) if turn else 2):
                answer = asked(proxy.url, changing, question)
                assert answer in (None, truth)
                got.append(answer)
    assert how not in {"cut", "swapped", "earlier", "late"} or None in got
    assert how != "halting" or None not in got


def test_the_twin_a_question_that_bears_no_name_of_its_own_is_cleared_after_the_revocation(
    changing, question, monkeypatch
):
    monkeypatch.setattr("clearcut.backend.http.secrets.token_hex", lambda _: "0" * 32)
    with crooked_proxy(changing.url, SPOILS["earlier"], seed=1) as proxy:
        set_status(changing, "active")
        assert asked(proxy.url, changing, question).decisions[0].outcome.may_publish
        set_status(changing, "revoked")
        assert asked(proxy.url, changing, question).decisions[0].outcome.may_publish


def test_a_request_whose_answers_are_cut_is_made_once_and_what_is_acknowledged_is_there(changing):
    acknowledged = set()
    with crooked_proxy(changing.url, SPOILS["cut"], seed=3) as proxy:
        for number in range(12):
            backend = HttpBackend(proxy.url, changing.tokens[Role.ARTIST], sleep=lambda _: None, timeout_s=5)
            try:
                made = backend.request_clearance(
                    production="HELIOS", shot=f"CUT_{number}", replica="rpl-p1-body", codes=("no-licence",)
                )
            except BackendError:
                continue
            acknowledged.add(made.shot)
    kept = RemoteRequests(changing.url, changing.tokens[Role.ARTIST]).listed(production="HELIOS")
    shots = [one.shot for one in kept if one.shot.startswith("CUT_")]
    assert len(shots) == len(set(shots))
    assert acknowledged <= set(shots)
