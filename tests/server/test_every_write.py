"""Every write of the app's own examples: once per key, one effect of many at once, one of two officers."""

from __future__ import annotations

import json
import threading

import pytest

from clearcut.errors import NotAllowedError
from clearcut.server.examples import REGISTRY, examples
from clearcut.store import open_store, tokens
from clearcut.store.amending import READERS
from clearcut.store.once import Done
from clearcut.store.tokens import Role
from fakes.serving import eventually

AT_ONCE = 4
WRITES = [route for route in examples() if route[0] != "GET" and route != ("POST", "/v1/check")]


def role_for(route):
    """A waiver needs a second person, and an import with waivers an admin."""
    return Role.ADMIN if "approve" in route[1] or route == ("PUT", "/v1/registry") else Role.OFFICER


def send(own, route, key, body=None):
    method, path = route
    example = examples()[route]
    for name, value in example.path.items():
        path = path.replace(f"{{{name}}}", value)
    if body is None:
        body = b"" if example.body is None else json.dumps(example.body).encode()
    headers = {name: value for name, value in example.headers.items() if name != "Idempotency-Key"}
    headers |= {} if key is None else {"Idempotency-Key": key}
    return own.ask(method, path, role_for(route), data=body, headers=headers)


def at_once(number, work):
    """What `number` threads that start together get."""
    start, answers = threading.Barrier(number), []

    def run(turn):
        start.wait()
        answers.append(work(turn))

    threads = [threading.Thread(target=run, args=(turn,)) for turn in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_every_write_is_made_once_per_key_and_never_for_another_body(both):
    """Each example in turn: sent by four at once, again after its answer was lost, and with something else in it."""
    for number, route in enumerate(WRITES):
        example = examples()[route]
        if example.after is not None:
            send(both, example.after, None)
        before = both.actions()
        answers = at_once(AT_ONCE, lambda _, route=route, key=f"k-{number}": send(both, route, key))
        assert {one.status_code for one in answers} == {example.status}, (route, answers[0].text)
        assert len({one.content for one in answers}) == 1, route
        done = both.actions()[len(before) :]
        assert done, route
        assert send(both, route, f"k-{number}").content == answers[0].content
        other = b"{}" if example.body is None else json.dumps(example.body).encode() + b" "
        refused = send(both, route, f"k-{number}", other)
        assert (refused.status_code, refused.json()["code"]) == (409, "conflict"), route
        assert both.actions() == [*before, *done], route
        # One act of a person is one row, however many asked for it.
        assert len(set(done)) == len(done), (route, done)
    with open_store(str(both.database)) as store:
        assert store.verify()[1] == ()


def test_twin_without_a_key_four_at_once_are_not_one(show):
    body = json.dumps({**examples()["POST", "/v1/waiver-proposals"].body, "why": "twice"}).encode()
    answers = at_once(AT_ONCE, lambda _: send(show, ("POST", "/v1/waiver-proposals"), None, body))
    assert len({one.json()["id"] for one in answers}) == AT_ONCE


CHANGED = {"performers": {"name": "N"}, "authorities": {"party": "N"}, "replicas": {"technique": "N"}, "assets": {"kind": "model"},
           "not_replicas": {"reason": "N"}, "productions": {"title": "N"}, "licences": {"revision": 2}, "approvals": {"note": "N"},
           "exemptions": {"claimant": "N"}, "suspensions": {"reason": "court"}}  # fmt: skip


def test_of_two_officers_who_change_one_record_one_is_told_of_the_other(both):
    """Every kind of record, but for waivers, which nobody changes alone."""
    assert set(CHANGED) == set(READERS) - {"waivers"}
    for kind in ("performers", "authorities", "replicas", "productions", "licences", "assets", "not_replicas",
                 "approvals", "exemptions", "suspensions"):  # fmt: skip
        record = dict(REGISTRY[kind][0])
        if kind == "productions":
            record["id"] = "OTHER"
        path = f"/v1/records/{kind}"
        made = both.ask("POST", path, Role.OFFICER, json={"why": "w", "record": record})
        assert made.status_code == 201, made.text
        looked = both.ask("GET", f"{path}/{made.json()['key']}", Role.OFFICER)
        match = {"If-Match": looked.headers["ETag"]}
        words = [{"why": f"w{turn}", "record": {**record, **CHANGED[kind]}} for turn in range(2)]
        answers = at_once(
            2,
            lambda turn, place=looked.url, match=match, words=words: both.ask(
                "PUT",
                place.removeprefix(both.url),
                (Role.OFFICER, Role.ADMIN)[turn],
                json=words[turn],
                headers=match,
            ),
        )
        # Where the key is of what it says, the second finds that it is gone.
        assert sorted(one.status_code for one in answers) in ([200, 409], [200, 404]), (
            kind,
            [a.text for a in answers],
        )
        stale = both.ask(
            "POST", f"{path}/{made.json()['key']}/revoke", Role.OFFICER, json={"why": "w"}, headers=match
        )
        assert stale.status_code in (409, 404), kind
    with open_store(str(both.database)) as store:
        assert store.verify()[1] == ()


def test_a_token_that_is_revoked_while_its_body_comes_in_writes_nothing(both):
    """The head of a request is looked at when it comes; its body may come hours later."""
    with open_store(str(both.database)) as store:
        identity = store.token_holder(both.tokens[Role.OFFICER]).id
    before = both.actions()
    body = json.dumps({"why": "w", "record": {**REGISTRY["performers"][0], "id": "perf-late"}}).encode()

    def slowly():
        yield body[:10]
        eventually(lambda: "token-revoked" in both.actions())
        yield body[10:]

    def revoke():
        with open_store(str(both.database)) as store:
            store.revoke_token(identity, by="admin")

    timer = threading.Timer(0.5, revoke)
    timer.start()
    answer = both.ask("POST", "/v1/records/performers", Role.OFFICER, data=slowly())
    timer.join()
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert both.actions()[len(before) :] == ["token-revoked", "refused"]


def test_twin_unasked_a_token_that_was_revoked_meanwhile_still_writes(tmp_path, monkeypatch):
    with open_store(str(tmp_path / "r.sqlite")) as store:
        holder = store.token_holder(store.create_token("o", Role.OFFICER, by="admin"))
        store.revoke_token(holder.id, by="admin")
        with pytest.raises(NotAllowedError):
            store.change(lambda *_: Done(200, "written"), None, holder)
        monkeypatch.setattr(tokens, "stands", lambda *_: True)
        assert store.change(lambda *_: Done(200, "written"), None, holder).body == "written"
