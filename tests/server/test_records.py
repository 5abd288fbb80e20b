"""Single records over HTTP, on SQLite and on PostgreSQL: created, revised, revoked, looked at, and nothing by halves."""

from __future__ import annotations

import os
import threading

import pytest
import requests

from clearcut.backend import HttpBackend, RemoteRegistry
from clearcut.core.registry_json import registry_from_json, registry_to_json
from clearcut.errors import ConflictError
from clearcut.store import open_store
from clearcut.store.documents import KINDS, canonical
from clearcut.store.tokens import Role
from fakes.questions import a_request, a_use
from fakes.worlds import approval, performer

OFFICER = Role.OFFICER


def get(own, kind, key):
    return own.ask("GET", f"/v1/records/{kind}/{key}", OFFICER).json()


def create(own, kind, record, role=OFFICER, **more):
    return own.ask("POST", f"/v1/records/{kind}", role, json={"why": "new", "record": record}, **more)


def revise(own, kind, key, record, revision, role=OFFICER):
    body = {"why": "changed", "record": record, "revision": revision}
    return own.ask("PUT", f"/v1/records/{kind}/{key}", role, json=body)


def revoke(own, kind, key, revision, role=OFFICER):
    body = {"why": "ended", "revision": revision}
    return own.ask("POST", f"/v1/records/{kind}/{key}/revoke", role, json=body)


def holds(own):
    with open_store(str(own.database)) as store:
        return store.verify()[1] == ()


def test_a_record_is_created_revised_and_revoked_and_its_history_stays(both):
    made = create(both, "performers", performer(9))
    assert made.status_code == 201
    assert made.json() == {"key": "perf-p9", "revision": 2, "record": performer(9)}
    changed = revise(both, "performers", "perf-p9", performer(9, pseudonym="Q9"), 2)
    assert (changed.status_code, changed.json()["revision"]) == (200, 3)
    assert revoke(both, "performers", "perf-p9", 3).json() == {
        "key": "perf-p9",
        "revision": 4,
        "record": None,
    }
    seen = get(both, "performers", "perf-p9")
    assert (seen["revision"], seen["record"]) == (4, None)
    told = [
        (one["revision"], one["by"], one["why"], (one["record"] or {}).get("pseudonym"))
        for one in seen["history"]
    ]
    assert told == [
        (2, "a officer", "new", "P9"),
        (3, "a officer", "changed", "Q9"),
        (4, "a officer", "ended", None),
    ]
    assert both.actions()[-3:] == ["record-created", "record-revised", "record-revoked"]
    assert holds(both)


def test_a_revoked_licence_stands_as_revoked_and_blocks_from_the_next_question_on(both, registry):
    request = a_request(a_use(0, replica="rpl-p1-body"), recognition=registry.recognition().revision)

    def codes():
        decision = HttpBackend(both.url, both.tokens[Role.ARTIST]).decide(request).decisions[0]
        return {reason.code for reason in decision.reasons}

    assert "licence-revoked" not in codes()
    left = revoke(both, "licences", "L-1", 1).json()["record"]
    assert (left["status"], left["revision"]) == ("revoked", registry.licences["L-1"].revision + 1)
    assert "licence-revoked" in codes()
    # And no file that does not know of it takes it back: not even with a higher revision in it.
    document = registry_to_json(registry)
    document["licences"][0]["revision"] += 5
    remote = RemoteRegistry(both.url, both.tokens[Role.OFFICER])
    with pytest.raises(ConflictError, match="changed by itself"):
        remote.import_registry(registry_from_json(document), why="an old file")
    assert "licence-revoked" in codes()
    assert remote.import_registry(registry_from_json(document), why="meant", base=2) == 3
    assert "licence-revoked" not in codes()


def test_an_asset_that_was_registered_singly_is_not_lost_to_an_older_file(both, registry):
    """Without it its files are recognised no more, and what nobody recognises is cleared."""
    asset = {"replica": "rpl-p1-body", "kind": "asset", "match": {"path": "*/new/p1/*"}}
    assert create(both, "assets", asset).status_code == 201
    with pytest.raises(ConflictError, match="undoes"):
        RemoteRegistry(both.url, both.tokens[Role.ADMIN]).import_registry(registry, why="an old file")
    kinds = RemoteRegistry(both.url, both.tokens[Role.ADMIN]).export_registry().assets
    assert len(kinds) == len(registry.assets) + 1


def test_records_without_an_id_are_changed_too(both, registry):
    made = create(both, "approvals", approval(licence="L-1", by="Agent")).json()
    again = create(both, "approvals", approval(licence="L-1", by="Agent"))
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    turned = revise(
        both, "approvals", made["key"], approval(licence="L-1", decision="rejected", note="hands"), 2
    ).json()
    assert turned["key"] != made["key"]
    assert get(both, "approvals", made["key"])["record"] is None
    exported = RemoteRegistry(both.url, both.tokens[Role.AUDITOR]).export_registry()
    assert [one.note for one in exported.approvals][-1] == "hands"
    assert len(exported.approvals) == len(registry.approvals) + 1
    assert revoke(both, "approvals", turned["key"], 3).status_code == 200
    assert RemoteRegistry(both.url, both.tokens[Role.AUDITOR]).export_registry() == registry
    assert holds(both)


def test_who_looked_at_an_older_revision_changes_nothing(both):
    create(both, "performers", performer(9))
    revise(both, "performers", "perf-p9", performer(9, pseudonym="Q9"), 2)
    for late in (
        revise(both, "performers", "perf-p9", performer(9, pseudonym="R9"), 2),
        revoke(both, "performers", "perf-p9", 2),
    ):
        assert (late.status_code, late.json()["code"]) == (409, "conflict")
    assert get(both, "performers", "perf-p9")["record"]["pseudonym"] == "Q9"


def test_the_etag_is_what_if_match_takes(both):
    path = "/v1/records/licences/L-1"
    etag = both.ask("GET", path, OFFICER).headers["ETag"]
    record = {**both.ask("GET", path, OFFICER).json()["record"], "revision": 99, "max_shots": 7}
    body = {"why": "w", "record": record}
    for wrong in ('"7"', "x", "*"):
        assert both.ask("PUT", path, OFFICER, json=body, headers={"If-Match": wrong}).status_code in {
            400,
            409,
        }
    assert both.ask("PUT", path, OFFICER, json=body).status_code == 400
    done = both.ask("PUT", path, OFFICER, json=body, headers={"If-Match": etag})
    assert (done.status_code, done.json()["record"]["max_shots"]) == (200, 7)


def test_of_two_who_revise_at_once_one_is_told_of_the_other(both):
    create(both, "performers", performer(9))
    answers, start = [], threading.Barrier(4)

    def work(name):
        start.wait()
        answers.append(revise(both, "performers", "perf-p9", performer(9, pseudonym=name), 2).status_code)

    threads = [threading.Thread(target=work, args=(name,)) for name in "ABCD"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 409, 409, 409]
    assert len(get(both, "performers", "perf-p9")["history"]) == 2
    assert holds(both)


def test_a_key_makes_a_change_once(both):
    key = {"Idempotency-Key": "abc"}
    first = create(both, "performers", performer(9), headers=key)
    again = create(both, "performers", performer(9), headers=key)
    assert (again.status_code, again.content) == (201, first.content)
    assert create(both, "performers", performer(8), headers=key).status_code == 409
    # The twin: without a key the second is refused, for the record is there.
    assert create(both, "performers", performer(9)).status_code == 409


def test_faults_are_told_by_their_paths_and_nothing_is_changed(both):
    licence = get(both, "licences", "L-1")["record"]
    bent = {**licence, "id": "L-new", "performer": "perf-none", "replicas": ["rpl-none"], "authority": "none"}
    answer = create(both, "licences", bent)
    assert answer.status_code == 400
    assert {fault["path"] for fault in answer.json()["faults"]} == {
        "record.performer",
        "record.replicas[0]",
        "record.authority",
    }
    bent = {**licence, "status": "fine", "max_shots": -1}
    paths = {fault["path"] for fault in revise(both, "licences", "L-1", bent, 1).json()["faults"]}
    assert paths == {"record.status", "record.max_shots"}
    answer = revise(both, "licences", "L-1", licence, 1)
    assert answer.json()["faults"][0]["path"] == "record.revision"
    assert (
        revise(both, "licences", "L-1", {**licence, "id": "L-2"}, 1).json()["faults"][0]["path"]
        == "record.id"
    )
    with open_store(str(both.database)) as store:
        assert store.revision() == 1


def test_what_others_rest_on_is_not_taken_out(both):
    answer = revoke(both, "performers", "perf-p1", 1)
    assert answer.status_code == 400
    paths = {fault["path"] for fault in answer.json()["faults"]}
    assert "licences[L-1].performer" in paths
    assert "replicas[rpl-p1-body].performer" in paths


@pytest.mark.parametrize("kind", KINDS)
def test_lists_go_page_by_page_and_hold_all(show, registry, kind):
    seen, after = [], ""
    while after is not None:
        page = show.ask("GET", f"/v1/records/{kind}", OFFICER, params={"limit": 2, "after": after}).json()
        assert page["revision"] == 1
        seen += [one["record"] for one in page["records"]]
        after = page["next"]
    wanted = registry_to_json(registry)[kind]
    assert sorted(map(canonical, seen)) == sorted(map(canonical, wanted))


@pytest.mark.parametrize("path", ["licences/none", "nothing/x", "licences/%00", "licences/" + "x" * 400])
def test_a_record_that_is_not_there_is_not_found(show, path):
    assert show.ask("GET", f"/v1/records/{path}", OFFICER).status_code in {400, 404}


def changes_while_killed(tmp_path, new_show, lives):
    """Creates performers, the server killed in the middle of each life; what got no answer is sent again in the next.

    Gives the numbers that were acknowledged, those that the registry holds, and how often a change was made.
    """
    acknowledged, number = set(), 0
    for life in range(lives):
        with new_show(tmp_path, fresh=life == 0) as made:
            stop = threading.Timer(0.05 + (life * 37 % 60) / 100, made.server.process.kill)
            stop.start()
            try:
                while True:
                    headers = {"Idempotency-Key": f"k{number}"}
                    answer = create(made, "performers", performer(1000 + number), headers=headers)
                    if answer.status_code != 201:
                        raise AssertionError(answer.text)
                    acknowledged.add(number)
                    number += 1
            except requests.RequestException:
                pass
            finally:
                stop.join()
    with open_store(str(tmp_path / "registry.sqlite")) as store:
        assert store.verify()[1] == ()
        held = {int(name[6:]) - 1000 for name in store.registry().performers if len(name) > 9}
        return acknowledged, held, store.revision() - 1


def test_after_kill_9_nothing_acknowledged_is_lost_and_a_retry_makes_nothing_twice(tmp_path, new_show):
    acknowledged, held, changes = changes_while_killed(tmp_path, new_show, 4)
    assert acknowledged
    assert acknowledged <= held
    assert len(held - acknowledged) <= 1
    assert changes == len(held)


@pytest.mark.fuzz
@pytest.mark.skipif(not os.environ.get("CLEARCUT_FUZZ"), reason="long: run by make fuzz")
def test_after_a_hundred_kills_nothing_is_lost_or_made_twice(tmp_path, new_show):
    acknowledged, held, changes = changes_while_killed(tmp_path, new_show, 100)
    assert len(acknowledged) > 100
    assert acknowledged <= held
    assert len(held - acknowledged) <= 1
    assert changes == len(held)


# Waivers

WAIVER = {
    "id": "W-new",
    "codes": ["use-not-permitted"],
    "production": "HELIOS",
    "shots": ["*"],
    "role": "legal",
    "reason": "agreed",
    "until": "2027-01-01T00:00:00Z",
}


def propose(own, role=OFFICER, **changes):
    body = {"why": "one shot", "waiver": {**WAIVER, **changes}}
    return own.ask("POST", "/v1/waiver-proposals", role, json=body)


def test_a_waiver_needs_two_persons(both, registry):
    assert propose(both).json()["id"] == "P-1"
    assert "W-new" not in RemoteRegistry(both.url, both.tokens[OFFICER]).export_registry().waivers
    alone = both.ask("POST", "/v1/waiver-proposals/P-1/approve", OFFICER)
    assert (alone.status_code, alone.json()["code"]) == (403, "forbidden")
    with open_store(str(both.database)) as store:
        second_tokens = [
            store.create_token(name, OFFICER, by="admin") for name in ("a officer", "A  Officer")
        ]
    for token in second_tokens:
        assert both.server.ask("POST", "/v1/waiver-proposals/P-1/approve", token).status_code == 403
    approved = both.ask("POST", "/v1/waiver-proposals/P-1/approve", Role.ADMIN)
    assert approved.status_code == 200
    waiver = RemoteRegistry(both.url, both.tokens[OFFICER]).export_registry().waivers["W-new"]
    assert (waiver.by, waiver.approved_by) == ("a officer", "a admin")
    assert both.ask("POST", "/v1/waiver-proposals/P-1/approve", Role.ADMIN).status_code == 409
    assert both.actions().count("refused") == 3
    assert holds(both)


def test_no_other_way_makes_a_waiver(both, registry):
    record = {**WAIVER, "by": "A", "approved_by": "B"}
    assert create(both, "waivers", record).status_code == 403
    document = registry_to_json(registry)
    document["waivers"] = [*document["waivers"], record]
    body = {"why": "w", "registry": document, "base": 1}
    assert both.ask("PUT", "/v1/registry", OFFICER, json=body).status_code == 403
    assert both.ask("PUT", "/v1/registry", Role.ADMIN, json=body).status_code == 200
    assert revise(both, "waivers", "W-new", {**record, "shots": ["a"]}, 2).status_code == 403
    assert revoke(both, "waivers", "W-new", 2).status_code == 200


def test_a_proposal_that_is_refused_or_faulty_makes_no_waiver(both):
    propose(both)
    assert both.ask("POST", "/v1/waiver-proposals/P-1/refuse", OFFICER).json()["state"] == "refused"
    assert both.ask("POST", "/v1/waiver-proposals/P-1/approve", Role.ADMIN).status_code == 409
    propose(both, production="NONE")
    answer = both.ask("POST", "/v1/waiver-proposals/P-2/approve", Role.ADMIN)
    assert (answer.status_code, answer.json()["faults"][0]["path"]) == (400, "record.production")
    (still,) = both.ask("GET", "/v1/waiver-proposals?state=open", Role.AUDITOR).json()["proposals"]
    assert still["id"] == "P-2"
