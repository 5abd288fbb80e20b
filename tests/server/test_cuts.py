"""Registered cuts on SQLite and PostgreSQL: what governs, what a revocation touches, what is published."""

from __future__ import annotations

import json

import pytest

from clearcut.backend import HttpBackend, RemoteRegistry
from clearcut.core.registry_json import registry_from_json, registry_to_json
from clearcut.core.verdict import Severity
from clearcut.core.wire import request_to_json
from clearcut.store import open_store
from clearcut.store.tokens import Role
from fakes.questions import NOON, a_request, a_use
from fakes.worlds import suspension


def question(registry, version="v041", **changes):
    uses = (
        a_use(0, replica="rpl-p1-body"),
        a_use(1, replica="rpl-p3-body"),
        a_use(2, replica="rpl-p1-body", shot="SH_0001"),
        a_use(3, replica="rpl-nobody"),
    )
    return a_request(*uses, cut_version=version, recognition=registry.recognition().revision, **changes)


def register(own, request, role=Role.TD, **more):
    return own.ask("POST", "/v1/cuts", role, json=request_to_json(request, question="q"), **more)


def govern(own, cut, role=Role.TD):
    return own.ask("POST", f"/v1/cuts/{cut}/govern", role, json={"why": "locked"})


def impact(own, **query):
    return own.ask("GET", "/v1/impact", Role.OFFICER, params=query).json()["touched"]


def stale(own, request):
    answer = HttpBackend(own.url, own.tokens[Role.FARM]).decide(request)
    return [reason for reason in answer.reasons if reason.code == "cut-stale"]


def test_a_cut_is_registered_with_its_screen_time_and_what_it_rests_on(both, registry):
    made = register(both, question(registry))
    assert made.status_code == 201
    plain = made.json()
    assert (plain["id"], plain["production"], plain["version"], plain["governs"]) == (
        "C-1",
        "HELIOS",
        "v041",
        False,
    )
    assert plain["decision"]["registry"] == 1
    charged = {one["licence"]: one["frames"] for one in plain["totals"]}
    assert charged["L-1"] == 96
    assert both.ask("GET", "/v1/cuts/C-1", Role.ARTIST).json() == plain
    assert both.ask("GET", "/v1/cuts?production=HELIOS", Role.ARTIST).json() == {
        "cuts": [plain],
        "next": None,
    }
    with open_store(str(both.database)) as store:
        assert store.verify()[1] == ()


def test_a_version_is_one_cut_and_registering_it_again_counts_nothing_twice(both, registry):
    register(both, question(registry))
    again = register(both, question(registry))
    assert (again.status_code, again.json()["id"]) == (200, "C-1")
    other = question(registry)
    other = a_request(*other.uses[:1], recognition=other.recognition)
    conflict = register(both, other)
    assert (conflict.status_code, conflict.json()["code"]) == (409, "conflict")
    assert len(impact(both, licence="L-1")) == 2


def test_only_the_governing_cut_is_not_stale(both, registry):
    """A farm and an editor alike: neither an old nor a newer version passes for the one to publish for."""
    for version in ("v041", "v042"):
        register(both, question(registry, version))
    for version in ("v041", "v042", "v043", None):
        assert stale(both, question(registry, version)) == []
    assert govern(both, "C-1").json()["governs"] is True
    for version, old in (("v041", False), ("v042", True), ("v043", True), (None, True)):
        assert bool(stale(both, question(registry, version))) is old
    govern(both, "C-2", Role.OFFICER)
    (reason,) = stale(both, question(registry, "v041"))
    assert reason.severity is Severity.UNKNOWN
    assert "v042" in reason.message
    assert stale(both, question(registry, "v042")) == []
    assert stale(both, question(registry, "v041", production="OTHER")) == []
    assert both.ask("GET", "/v1/cuts/C-1", Role.ARTIST).json()["governs"] is False


def test_a_stale_cut_changes_no_decision_and_can_be_waived(both, registry):
    register(both, question(registry))
    before = HttpBackend(both.url, both.tokens[Role.FARM]).decide(question(registry, "v042", now=NOON))
    govern(both, "C-1")
    after = HttpBackend(both.url, both.tokens[Role.FARM]).decide(question(registry, "v042", now=NOON))
    assert after.decisions == before.decisions
    document = registry_to_json(registry)
    document["waivers"].append(
        {"id": "W-9", "codes": ["cut-stale"], "production": "HELIOS", "shots": ["*"], "by": "A", "role": "producer",
         "approved_by": "B", "reason": "a trailer", "until": "2099-01-01T00:00:00Z"}
    )  # fmt: skip
    remote = RemoteRegistry(both.url, both.tokens[Role.ADMIN])
    remote.import_registry(registry_from_json(document), why="w", base=1)
    (reason,) = stale(both, question(registry, "v042"))
    assert (reason.severity, reason.detail["waiver"]) == (Severity.WARN, "W-9")
    document["waivers"][-1]["shots"] = ["SH_0001"]
    remote.import_registry(registry_from_json(document), why="w", base=2)
    assert stale(both, question(registry, "v042"))[0].severity is Severity.UNKNOWN


def test_the_impact_of_a_licence_a_performer_and_a_suspension(both, registry):
    register(both, question(registry))
    register(both, question(registry, "v042"))
    govern(both, "C-2")
    said = {"production": "HELIOS", "shot": "SH_0001", "version": "v007", "cut": "v041", "uses": []}
    for status in (201, 200):
        assert both.ask("POST", "/v1/publishes", Role.ARTIST, json=said).status_code == status
    touched = impact(both, licence="L-1")
    assert [(one["cut"], one["shot"], one["frames"]) for one in touched] == [
        ("C-1", "SH_0000", 48), ("C-1", "SH_0001", 48), ("C-2", "SH_0000", 48), ("C-2", "SH_0001", 48)]  # fmt: skip
    assert [one["governs"] for one in touched] == [False, False, True, True]
    (out,) = touched[1]["published"]
    assert (out["publish"], out["version"], out["cut"]) == ("B-1", "v007", "v041")
    assert touched[0]["published"] == []
    assert touched[1]["screen"] == [[96, 144]]
    assert impact(both, performer="perf-p1") == touched
    assert [one["shot"] for one in impact(both, performer="perf-p3")] == ["SH_0001"] * 2
    assert impact(both, licence="L-none") == []
    document = registry_to_json(registry)
    document["suspensions"] = [
        suspension("performer", "perf-p1", id="S-1"),
        suspension("production", "HELIOS", id="S-2"),
        suspension("licence", "L-1", id="S-3"),
        suspension("agreement", "sag-aftra", id="S-4"),
        suspension("global", "", id="S-5"),
    ]
    RemoteRegistry(both.url, both.tokens[Role.ADMIN]).import_registry(
        registry_from_json(document), why="w", base=1
    )
    assert impact(both, suspension="S-1") == impact(both, suspension="S-3") == touched
    everything = impact(both, suspension="S-5")
    assert impact(both, suspension="S-2") == impact(both, suspension="S-4") == everything
    assert {one["shot"] for one in everything} == {"SH_0000", "SH_0001", "SH_0003"}
    assert both.ask("GET", "/v1/impact?suspension=S-9", Role.OFFICER).status_code == 404


def test_the_impact_goes_page_by_page(both, registry):
    register(both, question(registry))
    register(both, question(registry, "v042"))
    seen, after = [], None
    for _ in range(10):
        query = {"licence": "L-1", "limit": 1, **({"after": after} if after else {})}
        page = both.ask("GET", "/v1/impact", Role.AUDITOR, params=query).json()
        seen += page["touched"]
        after = page["next"]
        if after is None:
            break
    assert seen == impact(both, licence="L-1")


def test_a_cut_that_was_recognised_with_other_assets_is_not_registered(show, registry):
    """It would lack the uses of an asset that was registered meanwhile, for ever."""
    request = a_request(a_use(0, replica="rpl-p1-body"), recognition="0" * 64)
    answer = register(show, request)
    assert (answer.status_code, answer.json()["code"]) == (409, "recognition-changed")


def a_publish(shot, *uses, **changes):
    plain = [{"replica": replica, "frames": 48, "licences": list(licences)} for replica, licences in uses]
    return {"production": "HELIOS", "shot": shot, "version": "v001", "cut": "v041", "uses": plain, **changes}


def published(own, **query):
    return own.ask("GET", "/v1/publishes", Role.AUDITOR, params=query).json()["publishes"]


def test_publishes_are_found_by_what_they_rest_on_without_any_registered_cut(both):
    """What a comp brought in stands in no cut, and a revocation touches it all the same."""
    note = lambda plain: both.ask("POST", "/v1/publishes", Role.FARM, json=plain)  # noqa: E731
    first = note(a_publish("SH_1", ("rpl-p1-body", ["L-1"]), ("rpl-p3-body", ["L-3", "L-1"])))
    assert first.status_code == 201
    assert note(a_publish("SH_2", ("rpl-p3-body", ["L-3"]), version=None, cut=None)).json()["version"] is None
    assert note(a_publish("SH_3")).json()["performers"] == []
    assert published(both)[0] == first.json()
    assert first.json()["performers"] == ["perf-p1", "perf-p3"]
    shots = lambda **query: [one["shot"] for one in published(both, **query)]  # noqa: E731
    assert shots() == ["SH_1", "SH_2", "SH_3"]
    assert shots(licence="L-1") == ["SH_1"]
    assert shots(licence="L-3") == shots(performer="perf-p3") == ["SH_1", "SH_2"]
    assert shots(licence="L-none") == []
    assert shots(shot="SH_2", production="HELIOS") == ["SH_2"]
    page = both.ask("GET", "/v1/publishes?limit=2", Role.OFFICER).json()
    assert (len(page["publishes"]), page["next"]) == (2, 2)
    assert [one["shot"] for one in published(both, after=2)] == ["SH_3"]
    assert both.ask("GET", "/v1/publishes?licence=a&performer=b", Role.OFFICER).status_code == 400
    # Published again with something else in it is another publish; the same again is none.
    assert note(a_publish("SH_3")).status_code == 200
    assert note(a_publish("SH_3", ("rpl-p1-body", ["L-1"]))).status_code == 201
    with open_store(str(both.database)) as store:
        assert store.verify()[1] == ()


BAD = [{"production": None}, {"cut_version": None}, {"whole_cut": False}, {"now": NOON}, {"cut_version": "a\nb"},
       {"cut_version": "v" * 301}]  # fmt: skip


@pytest.mark.parametrize("changes", BAD, ids=repr)
def test_what_is_no_whole_named_cut_is_not_registered(show, registry, changes):
    version = changes.get("cut_version", "v041")
    others = {name: value for name, value in changes.items() if name != "cut_version"}
    answer = register(show, question(registry, version, **others))
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-request")


@pytest.mark.parametrize("query", ["", "licence=a&performer=b", "licence=a&after=x", "licence=a&limit=0"])
def test_an_impact_of_nothing_or_of_two_things_is_a_bad_request(show, query):
    assert show.ask("GET", f"/v1/impact?{query}", Role.OFFICER).status_code == 400


@pytest.mark.parametrize("identity", ["C-99", "x", "C-", "C-99999999999"])
def test_a_cut_that_is_not_there_is_not_found(show, identity):
    assert show.ask("GET", f"/v1/cuts/{identity}", Role.ARTIST).status_code == 404
    assert govern(show, identity).status_code == 404


def test_one_key_registers_one_cut(both, registry):
    key = {"Idempotency-Key": "k"}
    first = register(both, question(registry), headers=key)
    assert register(both, question(registry), headers=key).content == first.content
    assert register(both, question(registry, "v042"), headers=key).status_code == 409
    assert json.loads(first.content)["id"] == "C-1"
