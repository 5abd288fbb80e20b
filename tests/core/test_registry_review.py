"""What `registry validate` finds suspicious, and that it leaves good registries alone."""

import json

import pytest

from clearcut.core.registry_json import parse_registry
from clearcut.core.registry_review import review_registry
from clearcut.settings import load_packs
from fakes.worlds import (
    NOW,
    authority,
    exemption,
    licence,
    performer,
    production,
    replica,
    waiver,
    world,
)

ASSET = {"replica": "rpl-p1", "kind": "asset", "match": {"path": "*/char/p1_digidouble/*"}}


def asset(path, replica="rpl-p1"):
    return {"replica": replica, "kind": "asset", "match": {"path": path}}


def declared(path):
    return {"match": {"path": path}, "reason": "a statue", "by": "TD", "at": "2026-01-01T00:00:00Z"}


def remarks(**sections):
    sections.setdefault("assets", [ASSET])
    registry = parse_registry(json.dumps(world(**sections)))
    return [(r.path, r.code) for r in review_registry(registry, load_packs(environ={}), NOW)]


def codes(**sections):
    return {code for _, code in remarks(**sections)}


def test_a_good_registry_has_nothing_suspicious():
    assert remarks() == []


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("scope.productions", {"scope": {"productions": []}}),
        ("scope.episodes", {"scope": {"episodes": []}}),
        ("scope.sequences", {"scope": {"sequences": []}}),
        ("scope.shots", {"scope": {"shots": []}}),
        ("scope.characters", {"scope": {"characters": []}}),
        ("scope.uses", {"scope": {"uses": []}}),
        ("scope.modalities", {"scope": {"modalities": []}}),
        ("scope.media", {"scope": {"media": []}}),
        ("scope.territories", {"scope": {"territories": []}}),
        ("scope.languages", {"scope": {"languages": []}}),
        ("scope.modalities", {"scope": {"modalities": ["voice"]}}),
        ("licensees", {"licensees": []}),
        ("replicas", {"replicas": []}),
        ("max_screen_time_s", {"max_screen_time_s": 0}),
        ("max_shots", {"max_shots": 0}),
        ("authority", {"authority": None}),
    ],
)
def test_a_licence_that_can_never_grant_anything_is_told(path, changes):
    assert (f"licences[L-1].{path}", "never-grants") in remarks(licences=[licence(**changes)])


def test_a_licence_without_alterations_is_no_such_licence():
    assert remarks(licences=[licence(scope={"alterations": []})]) == []


def test_a_revoked_licence_need_not_grant_anything():
    assert remarks(licences=[licence(status="revoked", scope={"uses": []})]) == []


def test_an_authority_that_cannot_carry_the_licence_is_told():
    told = ("licences[L-1].authority", "never-grants")
    assert told in remarks(authorities=[authority(verified=False)])
    assert told in remarks(authorities=[authority(valid_until="2025-12-31")])
    assert told in remarks(authorities=[authority(valid_from="2029-06-01")])
    assert told not in remarks(authorities=[authority(valid_until="2026-01-15")])
    two = {"performers": [performer(), performer(2)], "replicas": [replica(), replica(2)]}
    other = [authority(), authority(2)]
    assert told in remarks(**two, authorities=other, licences=[licence(authority="auth-p2")])


def test_a_licence_for_another_performers_replica_is_told():
    two = {"performers": [performer(), performer(2)], "replicas": [replica(), replica(2)]}
    assert ("licences[L-1].replicas", "never-grants") in remarks(
        **two, licences=[licence(replicas=["rpl-p2"])]
    )


def second(**changes):
    return licence(id="L-2", **changes)


@pytest.mark.parametrize(
    "changes",
    [{"forbidden_depictions": ["nudity"]}, {"training": "general"}, {"approval": "per_shot"}],
)
def test_overlapping_licences_that_disagree_are_told(changes):
    assert ("licences[L-2]", "contradicts") in remarks(licences=[licence(), second(**changes)])


@pytest.mark.parametrize(
    "apart",
    [
        {"valid_from": "2028-12-31T23:59:59Z", "valid_until": "2029-12-31T00:00:00Z"},
        {"scope": {"uses": ["promo"]}},
        {"scope": {"productions": ["OTHER"]}},
        {"status": "superseded"},
    ],
)
def test_licences_that_never_meet_may_disagree(apart):
    both = [licence(), second(forbidden_depictions=["nudity"], **apart)]
    assert "contradicts" not in codes(licences=both, productions=[production(), production("OTHER")])


def test_licences_that_agree_are_no_contradiction():
    assert "contradicts" not in codes(licences=[licence(), second()])


@pytest.mark.parametrize(
    "path", ["*", "**", "*/*", "/*", "C:/*", "*.exr", "*/*.exr", "*.*", "?*", "*/*/*.mov", "*.[e]xr"]
)
def test_a_glob_that_matches_everything_is_told(path):
    assert ("assets[0].match.path", "matches-everything") in remarks(assets=[asset(path)])
    told = remarks(not_replicas=[declared(path)])
    assert ("not_replicas[0].match.path", "matches-everything") in told


@pytest.mark.parametrize("path", ["*/char/p1*/*", "*p1_digidouble*", "/jobs/helios/*", "*/p1.exr", "/xkq2/*"])
def test_a_glob_that_means_something_is_not(path):
    assert remarks(assets=[asset(path)]) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("*/char/double/*", "*/char/double/*"),
        ("*/char/double/*", "*/CHAR/Double/*"),
        ("*/char/*", "*/char/double/*"),
        ("*/char/double/v1/*", "*/double/*"),
    ],
)
def test_one_file_for_two_performers_is_told(one, other):
    two = {
        "performers": [performer(), performer(2)],
        "authorities": [authority(), authority(2)],
        "licences": [licence(), licence(2)],
    }
    both = [asset(one), asset(other, "rpl-p2")]
    found = remarks(**two, replicas=[replica(), replica(2)], assets=both)
    assert found == [("assets[1].match", "asset-of-two-performers")]
    # Two replicas of one performer share files freely, and so do the tiles of a crowd.
    same = [replica(), replica(2, performer="perf-p1")]
    assert "asset-of-two-performers" not in codes(**two, replicas=same, assets=both)
    crowd = [replica(category="background"), replica(2, category="background")]
    assert "asset-of-two-performers" not in codes(**two, replicas=crowd, assets=both)


def test_a_replica_that_nothing_recognises_is_told():
    assert ("replicas[rpl-p1]", "replica-without-assets") in remarks(assets=[])


def test_a_replica_of_nobody_is_told():
    lone = replica(2, performer=None)
    found = remarks(replicas=[replica(), lone], assets=[ASSET, asset("*/x2/*", "rpl-p2")])
    assert found == [("replicas[rpl-p2].performer", "unknown-performer")]


def test_what_is_declared_no_replica_and_registered_as_one_is_told():
    found = remarks(not_replicas=[declared("*/CHAR/p1_digidouble/*")])
    assert found == [("not_replicas[0].match", "declared-both")]


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("consent", {"consent": {"description": " "}}),
        ("valid_until", {"valid_until": None}),
        ("valid_until", {"valid_until": "2036-01-16T00:00:00Z"}),
    ],
)
def test_a_term_that_a_pack_calls_unlawful_is_told_with_pack_and_clause(path, changes):
    registry = parse_registry(json.dumps(world(licences=[licence(**changes)], assets=[ASSET])))
    told = [r for r in review_registry(registry, load_packs(environ={}), NOW) if r.code == "unlawful-term"]
    assert {r.path for r in told} == {f"licences[L-1].{path}"}
    assert any("clearcut-baseline: " in r.message for r in told)


def test_a_term_is_told_once_however_many_productions_it_is_for():
    both = [licence(scope={"productions": ["HELIOS", "OTHER"]}, valid_until=None)]
    found = remarks(licences=both, productions=[production(), production("OTHER")])
    assert found == [("licences[L-1].valid_until", "unlawful-term")]


def test_a_term_within_ten_years_is_lawful():
    assert remarks(licences=[licence(valid_until="2036-01-15T00:00:00Z")]) == []


def test_a_minors_terms_are_held_against_a_minors_limits():
    minor = [performer(born="2010-03-04")]
    found = remarks(performers=minor, licences=[licence(valid_until="2031-12-31T00:00:00Z")])
    assert found == [
        ("licences[L-1].valid_until", "unlawful-term"),
        ("licences[L-1].valid_until", "unlawful-term"),
        ("licences[L-1].authority", "unlawful-term"),
    ]
    guardian = [authority(kind="guardian")]
    good = [licence(valid_until="2028-03-04T00:00:00Z")]
    assert remarks(performers=minor, authorities=guardian, licences=good) == []


def test_consent_of_the_dead_that_does_not_say_it_survives_is_told():
    dead = [performer(died="2026-06-01")]
    assert ("licences[L-1].consent.survives_death", "unlawful-term") in remarks(performers=dead)
    assert remarks(performers=dead, licences=[licence(consent={"survives_death": True})]) == []


def test_without_packs_no_term_is_called_unlawful():
    """The twin: the terms come from the packs, not from code."""
    registry = parse_registry(json.dumps(world(licences=[licence(valid_until=None)], assets=[ASSET])))
    assert review_registry(registry, (), NOW) == ()


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("approved_by", {"approved_by": " a. PRODUCER "}),
        ("codes", {"codes": ["licence-revoked"]}),
        ("role", {"role": "producer"}),
        ("until", {"until": "2026-11-20T12:00:00Z"}),
    ],
)
def test_a_waiver_that_counts_for_nothing_is_told(path, changes):
    assert f"waivers[W-1].{path}" in [p for p, _ in remarks(waivers=[waiver("no-licence", **changes)])]


def test_a_good_waiver_is_not():
    assert remarks(waivers=[waiver("no-licence")]) == []
    assert remarks(waivers=[waiver("compensation-outstanding", role="producer")]) == []


def test_an_exemption_without_evidence_is_told():
    assert remarks(exemptions=[exemption()]) == []
    assert ("exemptions[X-1].evidence", "exemption-unsupported") in remarks(
        exemptions=[exemption(evidence=[])]
    )


def test_a_production_under_an_agreement_that_has_been_followed_by_another_is_told():
    late = [production(principal_photography_start="2026-07-01")]
    assert remarks(productions=late) == [("productions[HELIOS].agreement", "agreement-superseded")]
    assert remarks(productions=[production(principal_photography_start="2026-06-30")]) == []


def test_a_production_without_delivery_is_told():
    bare = {**production(), "delivery": None}
    assert remarks(productions=[bare]) == [("productions[HELIOS].delivery", "delivery-profile-missing")]


@pytest.mark.parametrize(
    ("status", "due", "told"),
    [("not_due", "2026-11-20", True), ("not_due", "2026-11-21", False), ("not_due", None, False),
     ("paid", "2026-11-01", False), ("due", "2026-11-01", False)],
)  # fmt: skip
def test_pay_that_is_not_due_although_its_day_has_come_is_suspicious(status, due, told):
    found = remarks(licences=[licence(compensation={"status": status, "due": due})])
    assert (("licences[L-1].compensation.status", "pay-overdue") in found) is told


@pytest.mark.parametrize(
    ("kind", "until", "person", "told"),
    [
        ("estate", None, {}, "kind"),
        ("estate", None, {"died": "2020-01-01"}, None),
        ("guardian", None, {"born": "2008-11-21"}, None),
        ("guardian", None, {"born": "2008-11-20"}, "kind"),
        ("guardian", "2026-11-20", {"born": "2008-11-20"}, "kind"),
        ("guardian", "2026-11-19", {"born": "2008-11-20"}, None),
        ("guardian", None, {"born": None}, None),
        ("self", None, {}, None),
    ],
)
def test_who_acts_for_somebody_who_does_not_need_them_is_suspicious(kind, until, person, told):
    found = remarks(
        performers=[performer(**person)],
        authorities=[authority(kind=kind, party="x", valid_until=until)],
    )
    said = [path for path, code in found if code == "authority-kind"]
    assert said == ([f"authorities[auth-p1].{told}"] if told else [])
