"""A registry file never takes back a decision against a replica unless somebody says that they have seen it."""

from __future__ import annotations

import json
from datetime import datetime, timezone

import pytest

from clearcut.core.registry_json import parse_registry
from clearcut.core.verdict import Outcome
from clearcut.errors import ConflictError
from clearcut.store import changes
from clearcut.store.taking_back import taken_back
from fakes.worlds import NOW, approval, ask, exemption, licence, suspension, use, waiver, world

NOON = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)


def registry(document):
    return parse_registry(json.dumps(document))


def rejected(**more):
    return approval(decision="rejected", **more)


REFUSED = {
    "a lower revision": (world(licences=[licence(revision=3)]), world(licences=[licence(revision=2)])),
    "revoked to active": (world(licences=[licence(status="revoked")]), world()),
    "revoked to suspended": (
        world(licences=[licence(status="revoked")]), world(licences=[licence(status="suspended")])),
    "suspended to active": (world(licences=[licence(status="suspended")]), world()),
    "superseded to active": (world(licences=[licence(status="superseded")]), world()),
    "a revoked licence left out": (world(licences=[licence(status="revoked"), licence(2, performer="perf-p1", replicas=["*"], authority="auth-p1")]),
                                   world(licences=[licence(2, performer="perf-p1", replicas=["*"], authority="auth-p1")])),
    "a depiction not forbidden any more": (world(licences=[licence(forbidden_depictions=["nudity"])]), world()),
    "a suspension left out": (world(suspensions=[suspension("global", "")]), world()),
    "a suspension that ends": (world(suspensions=[suspension("performer", "perf-p1")]),
                               world(suspensions=[suspension("performer", "perf-p1", until="2026-11-10T00:00:00Z")])),
    "a suspension that ends sooner": (
        world(suspensions=[suspension("performer", "perf-p1", until="2027-11-10T00:00:00Z")]),
        world(suspensions=[suspension("performer", "perf-p1", until="2026-12-10T00:00:00Z")])),
    "a suspension that begins later": (world(suspensions=[suspension("performer", "perf-p1")]),
                                       world(suspensions=[suspension("performer", "perf-p1", **{"from": "2026-12-01T00:00:00Z"})])),
    "a suspension of something else": (world(suspensions=[suspension("performer", "perf-p1")]),
                                       world(suspensions=[suspension("production", "HELIOS")])),
    "a rejection left out": (world(approvals=[rejected()]), world()),
    "a rejection turned": (world(approvals=[rejected()]), world(approvals=[approval()])),
}  # fmt: skip

ACCEPTED = {
    "a higher revision": (world(licences=[licence(status="revoked")]), world(licences=[licence(revision=2)])),
    "a revocation": (world(), world(licences=[licence(status="revoked")])),
    "a change under the same revision": (world(), world(licences=[licence(max_shots=9)])),
    "signed at last": (world(licences=[licence(status="draft")]), world()),
    "a suspension that is over": (world(suspensions=[suspension("global", "", until="2026-11-19T00:00:00Z")]), world()),
    "a suspension of everything": (world(suspensions=[suspension("performer", "perf-p1")]), world(suspensions=[suspension("global", "")])),
    "a rejection, and an approval after it": (world(approvals=[rejected()]),
                                              world(approvals=[rejected(), approval(at="2026-11-02T00:00:00Z")])),
    "a rejection with another note": (world(approvals=[rejected()]), world(approvals=[rejected(note="the hands")])),
    "an active licence left out": (world(), world(licences=[])),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_takes_back_a_decision_is_refused_and_changes_nothing(store, name):
    stored, offered = map(registry, REFUSED[name])
    store.import_registry(stored, by="officer", why="decided")
    with pytest.raises(ConflictError) as raised:
        store.import_registry(offered, by="other", why="an old file")
    assert "by officer" in raised.value.conflicts[0]
    assert "--base 1" in raised.value.remedy
    assert (store.revision(), store.registry()) == (1, stored)
    assert store.import_registry(offered, by="other", why="seen and meant", base=1).revision == 2
    assert store.registry() == offered


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_file_that_takes_nothing_back_needs_no_base(store, name):
    stored, offered = map(registry, ACCEPTED[name])
    store.import_registry(stored, by="officer", why="w")
    assert store.import_registry(offered, by="officer", why="w").revision == 2


@pytest.mark.parametrize(
    "granting",
    [
        {"waivers": [waiver("no-licence")]},
        {"exemptions": [exemption()]},
        {"approvals": [approval()]},
        {"licences": [licence()]},
    ],
    ids=str,
)
def test_what_was_taken_out_does_not_come_back_unseen(store, granting):
    """A waiver that was withdrawn is nowhere in the registry: only its history says that it must not come back."""
    with_it, without = registry(world(**granting)), registry(world(**{key: [] for key in granting}))
    if "licences" in granting:
        with_it, without = registry(world()), registry(world(licences=[]))
    store.import_registry(with_it, by="officer", why="w")
    store.import_registry(without, by="officer", why="withdrawn")
    with pytest.raises(ConflictError, match="brings it back"):
        store.import_registry(with_it, by="other", why="an old file")
    assert store.import_registry(with_it, by="other", why="meant", base=2).revision == 3


def test_the_twin_without_the_guard_an_old_file_clears_a_revoked_use(store, monkeypatch):
    """Why it is there: the use is blocked, somebody imports yesterday's file, and it is cleared."""
    yesterday, today = world(), world(licences=[licence(status="revoked")])
    store.import_registry(registry(yesterday), by="officer", why="w")
    store.import_registry(registry(today), by="officer", why="P1 revoked")
    assert ask(today, [use()]).decisions[0].outcome is Outcome.BLOCKED
    monkeypatch.setattr(changes, "taken_back", lambda *_: [])
    store.import_registry(registry(yesterday), by="other", why="an old file")
    assert store.registry() == registry(yesterday)
    assert ask(yesterday, [use()]).decisions[0].outcome is Outcome.CLEARED


def test_nothing_is_taken_back_from_an_empty_registry():
    assert taken_back({}, {("licences", "L-1"): json.dumps(licence())}, NOW) == []
